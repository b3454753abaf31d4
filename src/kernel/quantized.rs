//! Products with Q4_K and Q6_K matrices.
//!
//! Weights are repacked at load so that sixteen rows of the matrix lie side by side, and multiplied
//! by the instructions of the CPU at hand ([`Kernel`]). Where it has one that multiplies bytes and
//! sums them (VNNI), that is all; elsewhere most of the time would go into widening, so the
//! products of a whole sub-block are summed in 16 bits, where they just fit, and widened once.
//!
//! A row of activations is quantized and multiplied by itself in a fixed order of sums, so its
//! result does not depend on the rows beside it, nor on the kernel. Formats: the k-quants of ggml
//! (<https://github.com/ggml-org/llama.cpp/pull/1684>).

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;
mod tiles;
#[cfg(target_arch = "x86_64")]
mod vnni;

use candle_core::quantized::GgmlDType;
use candle_core::utils::barrier_pool;

use super::cpu::Kernel;
use super::parallel::in_chunks;
use tiles::{BLOCK, PANEL, Q4Tile, Q6Tile, Q8Panel, Sums, TILE};

/// A matrix, repacked.
pub struct PackedMatrix {
    kernel: Kernel,
    n_out: usize,
    n_in: usize,
    tiles: Tiles,
}

enum Tiles {
    Q4(Vec<Q4Tile>),
    Q6(Vec<Q6Tile>),
}

impl PackedMatrix {
    /// Repacks the blocks of a matrix `[n_out, n_in]`, for a kernel that this CPU can run; `None`
    /// when the format or the shape is not for these kernels.
    ///
    /// # Panics
    /// When the CPU lacks the kernel's instructions.
    pub fn pack(
        kernel: Kernel,
        dtype: GgmlDType,
        blocks: &[u8],
        n_out: usize,
        n_in: usize,
    ) -> Option<Self> {
        assert!(kernel.is_available(), "this CPU has no {}", kernel.name());
        let n_blocks = n_in / BLOCK;
        let fits = n_out.is_multiple_of(TILE)
            && n_in.is_multiple_of(BLOCK)
            && matches!(dtype, GgmlDType::Q4K | GgmlDType::Q6K)
            && blocks.len() == n_out * n_blocks * dtype.type_size();
        if !fits {
            return None;
        }
        let row_bytes = n_blocks * dtype.type_size();
        let tiles = match dtype {
            GgmlDType::Q4K => Tiles::Q4(in_tiles(blocks, row_bytes, n_blocks, Q4Tile::pack)),
            _ => Tiles::Q6(in_tiles(blocks, row_bytes, n_blocks, Q6Tile::pack)),
        };
        Some(Self { kernel, n_out, n_in, tiles })
    }

    /// Columns of the matrix.
    pub fn n_in(&self) -> usize {
        self.n_in
    }

    /// Rows of the matrix.
    pub fn n_out(&self) -> usize {
        self.n_out
    }

    /// x W^T: `[n_rows, n_in]` to `[n_rows, n_out]`.
    ///
    /// # Panics
    /// When `x` is not a whole number of rows.
    pub fn product(&self, x: &[f32]) -> Vec<f32> {
        assert!(x.len().is_multiple_of(self.n_in), "rows of {} floats", self.n_in);
        let n_rows = x.len() / self.n_in;
        let n_blocks = self.n_in / BLOCK;
        let mut activations = vec![Q8Panel::ZERO; n_rows.div_ceil(PANEL) * n_blocks];
        in_chunks(barrier_pool(), &mut activations, n_blocks, |idx, panels| {
            let rows = x.chunks_exact(self.n_in).skip(idx * PANEL).take(PANEL);
            for (row, x) in rows.enumerate() {
                let blocks = panels.iter_mut().zip(x.chunks_exact(BLOCK));
                blocks.for_each(|(panel, x)| panel.quantize(row, x));
            }
        });
        let mut out = vec![0f32; n_rows * self.n_out];
        let columns = Columns { matrix: self, activations: &activations, n_rows, n_blocks };
        let out_address = out.as_mut_ptr() as usize;
        barrier_pool().execute_chunked(self.n_out / TILE, |range| {
            for tile in range {
                // SAFETY: `out` outlives the call and has `n_rows * n_out` floats; each tile
                // writes its own 16 columns of it, and no two units have the same tile.
                unsafe { columns.compute(tile, out_address as *mut f32) };
            }
        });
        out
    }
}

/// Packs the blocks of sixteen rows at a time.
fn in_tiles<T: Default + Copy + Send>(
    blocks: &[u8],
    row_bytes: usize,
    n_blocks: usize,
    pack: impl Fn([&[u8]; TILE]) -> T + Sync,
) -> Vec<T> {
    let mut tiles = vec![T::default(); blocks.len() / row_bytes / TILE * n_blocks];
    in_chunks(barrier_pool(), &mut tiles, n_blocks, |idx, tiles| {
        let block_bytes = row_bytes / n_blocks;
        for (block, tile) in tiles.iter_mut().enumerate() {
            *tile = pack(std::array::from_fn(|row| {
                let at = (idx * TILE + row) * row_bytes + block * block_bytes;
                &blocks[at..at + block_bytes]
            }));
        }
    });
    tiles
}

/// The work of one product, divided by columns.
struct Columns<'a> {
    matrix: &'a PackedMatrix,
    activations: &'a [Q8Panel],
    n_rows: usize,
    n_blocks: usize,
}

impl Columns<'_> {
    /// Computes the 16 columns of a tile for all rows.
    ///
    /// # Safety
    /// `out` points to `n_rows * n_out` floats, and nobody else writes these columns.
    unsafe fn compute(&self, tile: usize, out: *mut f32) {
        let PackedMatrix { kernel, n_out, tiles, .. } = self.matrix;
        let blocks = tile * self.n_blocks..(tile + 1) * self.n_blocks;
        for (idx, panels) in self.activations.chunks_exact(self.n_blocks).enumerate() {
            let first = idx * PANEL;
            let n = PANEL.min(self.n_rows - first);
            let sums = match tiles {
                Tiles::Q4(tiles) => q4(*kernel, &tiles[blocks.clone()], panels, n),
                Tiles::Q6(tiles) => q6(*kernel, &tiles[blocks.clone()], panels, n),
            };
            for (row, sums) in sums[..n].iter().enumerate() {
                let at = (first + row) * n_out + tile * TILE;
                // SAFETY: the row and the columns lie inside `out`, see above.
                unsafe { std::ptr::copy_nonoverlapping(sums.as_ptr(), out.add(at), TILE) };
            }
        }
    }
}

fn q4(kernel: Kernel, tiles: &[Q4Tile], panels: &[Q8Panel], n: usize) -> Sums {
    match kernel {
        // SAFETY: a matrix is packed only for a kernel whose instructions the CPU has.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx512 => unsafe { vnni::q4(tiles, panels, n) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 => unsafe { avx2::q4(tiles, panels, n) },
        _ => portable::of_rows(n, |row| portable::q4(tiles, panels, row)),
    }
}

fn q6(kernel: Kernel, tiles: &[Q6Tile], panels: &[Q8Panel], n: usize) -> Sums {
    match kernel {
        // SAFETY: a matrix is packed only for a kernel whose instructions the CPU has.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx512 => unsafe { vnni::q6(tiles, panels, n) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 => unsafe { avx2::q6(tiles, panels, n) },
        _ => portable::of_rows(n, |row| portable::q6(tiles, panels, row)),
    }
}

#[cfg(test)]
mod emulated;
#[cfg(test)]
mod tests;
