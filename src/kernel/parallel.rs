//! Work shared among threads.

mod pool;

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::sync::OnceLock;

use pool::Pool;

/// Calls `f` with every index below `n`, by all threads in any order. Called from inside such a
/// call, or while another thread's is under way, this thread does it alone.
///
/// # Panics
/// When `f` does, on whichever thread; not before all threads are done.
pub fn for_each_index(n: usize, f: impl Fn(usize) + Sync) {
    static POOL: OnceLock<&Pool> = OnceLock::new();
    let pool = POOL.get_or_init(|| Pool::new(candle_core::utils::get_num_threads()));
    pool.for_each_index(n, &f);
}

/// Calls `f` with every chunk of `n` items (the last may have fewer) and its index, by all threads.
///
/// # Panics
/// When `n` is 0.
pub fn in_chunks<T: Send>(items: &mut [T], n: usize, f: impl Fn(usize, &mut [T]) + Sync) {
    assert!(n > 0, "chunks of some items");
    let n_items = items.len();
    let parts = Parts::of(items);
    for_each_index(n_items.div_ceil(n), |idx| {
        // SAFETY: chunks do not overlap, and each index comes once.
        let chunk = unsafe { parts.part(idx * n..n_items.min((idx + 1) * n)) };
        f(idx, chunk);
    });
}

/// `len` items, by all threads: every chunk of `n` (the last may have fewer) is filled with `item`
/// and then given to `f` with its index, by the thread that is the first to touch it.
///
/// # Panics
/// When `n` is 0.
pub fn made_in_chunks<T: Copy + Send + Sync>(
    len: usize,
    n: usize,
    item: T,
    f: impl Fn(usize, &mut [T]) + Sync,
) -> Vec<T> {
    let mut items = Vec::with_capacity(len);
    in_chunks(&mut items.spare_capacity_mut()[..len], n, |idx, chunk| {
        chunk.fill(MaybeUninit::new(item));
        // SAFETY: it has just been filled.
        f(idx, unsafe { chunk.assume_init_mut() });
    });
    // SAFETY: they lie within the capacity, and every chunk has been filled.
    unsafe { items.set_len(len) };
    items
}

/// A slice of which several threads write, each its own items.
pub struct Parts<'a, T> {
    start: *mut T,
    len: usize,
    slice: PhantomData<&'a mut [T]>,
}

// SAFETY: to share it is to hand out mutable slices of it, so their items must be such as may go
// to other threads; that no two slices overlap is asked of those who take them.
unsafe impl<T: Send> Sync for Parts<'_, T> {}

impl<'a, T> Parts<'a, T> {
    pub fn of(slice: &'a mut [T]) -> Self {
        Self { start: slice.as_mut_ptr(), len: slice.len(), slice: PhantomData }
    }

    /// The items at `range`.
    ///
    /// # Panics
    /// When the range does not lie inside the slice.
    ///
    /// # Safety
    /// No part that is still in use has one of these items.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn part(&self, range: Range<usize>) -> &mut [T] {
        assert!(range.start <= range.end && range.end <= self.len, "part of the slice");
        // SAFETY: the range lies inside a slice that is mutably borrowed for `'a`, which outlives
        // `self`, and the caller answers for it that nobody else uses these items.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(range.start), range.len()) }
    }
}

#[cfg(test)]
mod tests;
