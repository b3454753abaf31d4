//! Work on the parts of one slice by all threads of candle's pool.

use candle_core::utils::BarrierPool;

/// Calls `f` with every chunk of `n` items (the last may have fewer) and its index.
pub fn in_chunks<T: Send>(
    pool: &BarrierPool,
    items: &mut [T],
    n: usize,
    f: impl Fn(usize, &mut [T]) + Sync,
) {
    let n_items = items.len();
    let address = items.as_mut_ptr() as usize;
    pool.execute_chunked(n_items.div_ceil(n.max(1)), |range| {
        for idx in range {
            let start = idx * n;
            let len = n.min(n_items - start);
            // SAFETY: chunks do not overlap, each index is visited once, and the slice is
            // borrowed mutably until all threads are done.
            let chunk =
                unsafe { std::slice::from_raw_parts_mut((address as *mut T).add(start), len) };
            f(idx, chunk);
        }
    });
}
