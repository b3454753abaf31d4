//! Products with Q4_K, Q6_K, Q5_0 and Q8_0 matrices.
//!
//! Weights are repacked at load so that sixteen rows of the matrix lie side by side, and multiplied
//! by the instructions of the CPU at hand ([`Kernel`]). Where it has one that multiplies bytes and
//! sums them (VNNI), that is all; elsewhere most of the time would go into widening, so the
//! products of a whole sub-block are summed in 16 bits, where they just fit, and widened once.
//!
//! A row of activations is quantized and multiplied by itself in a fixed order of sums, so its
//! result does not depend on the rows beside it, nor on the kernel, save that prompts may be read
//! with weights rounded once more ([`Work`]). Formats: the k-quants of ggml
//! (<https://github.com/ggml-org/llama.cpp/pull/1684>), and those of its formats with blocks of 32
//! values that it falls back to where a matrix is no multiple of 256 wide.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
mod prefetch;
mod tiles;
#[cfg(target_arch = "x86_64")]
mod vnni;

use std::mem::MaybeUninit;
use std::ops::Range;

use candle_core::quantized::GgmlDType;

use super::cpu::Kernel;
use super::parallel::{Parts, for_each_index, made_in_chunks};
use tiles::{
    BytePanel, ByteTile, PANEL, Panel, Q4Tile, Q5Tile, Q6Tile, Q8Panel, Q8Tile, ShortPanel, Sums,
    TILE,
};

/// What rows of activations are for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Answers: few rows, which wait for the weights. All kernels give the same floats.
    #[default]
    Writing,
    /// Prompts: many rows, which wait for the products. With AVX-512 the weights of Q4_K and Q6_K are rounded
    /// once more, to a byte with one scale for 256 of them, and the floats are near those of the other
    /// kernels, not the same.
    Reading,
}

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
    Q5_0(Vec<Q5Tile>),
    Q8_0(Vec<Q8Tile>),
    #[cfg(target_arch = "x86_64")]
    Bytes(Vec<ByteTile>),
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
        let n_blocks = n_in / dtype.block_size();
        let fits = n_out.is_multiple_of(TILE)
            && n_in.is_multiple_of(dtype.block_size())
            && blocks.len() == n_out * n_blocks * dtype.type_size();
        if !fits {
            return None;
        }
        let row_bytes = n_blocks * dtype.type_size();
        let tiles = match dtype {
            GgmlDType::Q4K => Tiles::Q4(in_tiles(blocks, row_bytes, n_blocks, Q4Tile::pack)),
            GgmlDType::Q6K => Tiles::Q6(in_tiles(blocks, row_bytes, n_blocks, Q6Tile::pack)),
            GgmlDType::Q5_0 => Tiles::Q5_0(in_tiles(blocks, row_bytes, n_blocks, Q5Tile::pack)),
            GgmlDType::Q8_0 => Tiles::Q8_0(in_tiles(blocks, row_bytes, n_blocks, Q8Tile::pack)),
            _ => return None,
        };
        Some(Self { kernel, n_out, n_in, tiles })
    }

    /// Rounds a matrix `[n_out, n_in]` to bytes with one scale for 256 values of a row, the form that AVX-512
    /// multiplies fastest; `None` where the kernel or the shape is another.
    ///
    /// # Panics
    /// When the CPU lacks the kernel's instructions.
    pub fn of_bytes(kernel: Kernel, floats: &[f32], n_out: usize, n_in: usize) -> Option<Self> {
        assert!(kernel.is_available(), "this CPU has no {}", kernel.name());
        let is_whole = n_out.is_multiple_of(TILE) && n_in.is_multiple_of(BytePanel::BLOCK);
        if !is_whole || floats.len() != n_out * n_in {
            return None;
        }
        #[cfg(target_arch = "x86_64")]
        if kernel == Kernel::Avx512 {
            let tiles = in_tiles(floats, n_in, n_in / BytePanel::BLOCK, ByteTile::pack);
            return Some(Self { kernel, n_out, n_in, tiles: Tiles::Bytes(tiles) });
        }
        None
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
    pub fn product(&self, x: &[f32], work: Work) -> Vec<f32> {
        assert!(x.len().is_multiple_of(self.n_in), "rows of {} floats", self.n_in);
        match &self.tiles {
            #[cfg(target_arch = "x86_64")]
            Tiles::Q4(tiles) if self.rounds(work) => self.product_of(tiles, x, read),
            #[cfg(target_arch = "x86_64")]
            Tiles::Q6(tiles) if self.rounds(work) => self.product_of(tiles, x, read),
            Tiles::Q4(tiles) => self.product_of(tiles, x, q4),
            Tiles::Q6(tiles) => self.product_of(tiles, x, q6),
            Tiles::Q5_0(tiles) => self.product_of(tiles, x, q5_0),
            Tiles::Q8_0(tiles) => self.product_of(tiles, x, q8_0),
            #[cfg(target_arch = "x86_64")]
            Tiles::Bytes(tiles) => self.product_of(tiles, x, bytes),
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn rounds(&self, work: Work) -> bool {
        work == Work::Reading && self.kernel == Kernel::Avx512
    }

    fn product_of<T: Sync, P: Panel>(
        &self,
        tiles: &[T],
        x: &[f32],
        loops: Loops<T, P>,
    ) -> Vec<f32> {
        let n_rows = x.len() / self.n_in;
        let n_blocks = self.n_in / P::BLOCK;
        let n_panels = n_rows.div_ceil(PANEL) * n_blocks;
        let activations = made_in_chunks(n_panels, n_blocks, P::ZERO, |idx, panels| {
            let rows = x.chunks_exact(self.n_in).skip(idx * PANEL).take(PANEL);
            for (row, x) in rows.enumerate() {
                let blocks = panels.iter_mut().zip(x.chunks_exact(P::BLOCK));
                blocks.for_each(|(panel, x)| panel.quantize(row, x));
            }
        });
        let len = n_rows * self.n_out;
        let mut out = Vec::with_capacity(len);
        let parts = Parts::of(&mut out.spare_capacity_mut()[..len]);
        let n_near = (NEAR / size_of::<P>() / n_blocks).max(1);
        for (idx, activations) in activations.chunks(n_near * n_blocks).enumerate() {
            let first = idx * n_near * PANEL;
            let columns =
                Columns { matrix: self, loops, tiles, activations, n_rows, n_blocks, first };
            let n_tiles = self.n_out / TILE;
            for_each_index(n_tiles.div_ceil(TOGETHER), |idx| {
                let tiles = idx * TOGETHER..n_tiles.min((idx + 1) * TOGETHER);
                // SAFETY: each tile comes once with these rows, and nobody else writes.
                unsafe { columns.compute(tiles, &parts) }
            });
        }
        // SAFETY: the columns of all tiles have been written, and there are no others.
        unsafe { out.set_len(len) };
        out
    }
}

/// Tiles beside each other that go through the loops together.
const TOGETHER: usize = 2;

/// Bytes of activations that stay in the cache of a core while a matrix goes by: each tile reads
/// all of them.
const NEAR: usize = 1 << 20;

/// Packs the blocks of sixteen rows at a time, each row so long.
fn in_tiles<B: Sync, T: Default + Copy + Send + Sync>(
    blocks: &[B],
    row_len: usize,
    n_blocks: usize,
    pack: impl Fn([&[B]; TILE]) -> T + Sync,
) -> Vec<T> {
    let n_tiles = blocks.len() / row_len / TILE * n_blocks;
    made_in_chunks(n_tiles, n_blocks, T::default(), |idx, tiles| {
        let block_len = row_len / n_blocks;
        for (block, tile) in tiles.iter_mut().enumerate() {
            *tile = pack(std::array::from_fn(|row| {
                let at = (idx * TILE + row) * row_len + block * block_len;
                &blocks[at..at + block_len]
            }));
        }
    })
}

/// The columns of one tile or two of a format's matrix, for so many rows, eight a panel.
type Loops<T, P> =
    fn(Kernel, tiles: &[T], n_blocks: usize, panels: &[P], n_rows: usize, &mut [[Sums; TOGETHER]]);

const ZEROS: [Sums; TOGETHER] = [[[0.0; TILE]; PANEL]; TOGETHER];

/// The work of one product, divided by columns.
struct Columns<'a, T, P> {
    matrix: &'a PackedMatrix,
    loops: Loops<T, P>,
    tiles: &'a [T],
    activations: &'a [P],
    n_rows: usize,
    n_blocks: usize,
    /// The row that the activations begin with.
    first: usize,
}

impl<T, P> Columns<'_, T, P> {
    /// Writes the columns of some tiles, at most [`TOGETHER`], for the rows of the activations.
    ///
    /// # Safety
    /// Nobody else uses these columns of `out`, which is `[n_rows, n_out]`.
    unsafe fn compute(&self, tiles: Range<usize>, out: &Parts<MaybeUninit<f32>>) {
        let PackedMatrix { kernel, n_out, .. } = *self.matrix;
        let blocks = &self.tiles[tiles.start * self.n_blocks..tiles.end * self.n_blocks];
        let n_rows = (self.n_rows - self.first).min(self.activations.len() / self.n_blocks * PANEL);
        // A vector would be felt beside the work on one panel.
        let (mut one, mut more) = ([ZEROS], Vec::new());
        let sums = if n_rows > PANEL {
            more.resize(n_rows.div_ceil(PANEL), ZEROS);
            &mut more[..]
        } else {
            &mut one
        };
        (self.loops)(kernel, blocks, self.n_blocks, self.activations, n_rows, sums);
        for row in 0..n_rows {
            for (tile, sums) in tiles.clone().zip(&sums[row / PANEL]) {
                let at = (self.first + row) * n_out + tile * TILE;
                // SAFETY: these are columns of the tile, and used in this loop alone.
                let columns = unsafe { out.part(at..at + TILE) }.as_chunks_mut::<TILE>().0;
                columns[0] = sums[row % PANEL].map(MaybeUninit::new);
            }
        }
    }
}

/// The loops with rounded weights, of AVX-512.
#[cfg(target_arch = "x86_64")]
fn read<T: vnni::Round>(
    _: Kernel,
    tiles: &[T],
    n_blocks: usize,
    panels: &[BytePanel],
    n_rows: usize,
    out: &mut [[Sums; TOGETHER]],
) {
    // SAFETY: a matrix is packed only for a kernel whose instructions the CPU has.
    unsafe { vnni::read(tiles, n_blocks, panels, n_rows, out) }
}

/// The loops of matrices of bytes, which only AVX-512 has.
#[cfg(target_arch = "x86_64")]
fn bytes(
    _: Kernel,
    tiles: &[ByteTile],
    n_blocks: usize,
    panels: &[BytePanel],
    n_rows: usize,
    out: &mut [[Sums; TOGETHER]],
) {
    // SAFETY: as above.
    unsafe { vnni::columns(tiles, n_blocks, panels, n_rows, out) }
}

/// A function that calls the loops of a format for the kernel at hand.
macro_rules! by_kernel {
    ($name:ident, $Tile:ty, $Panel:ty, $plain:path) => {
        fn $name(
            kernel: Kernel,
            tiles: &[$Tile],
            n_blocks: usize,
            panels: &[$Panel],
            n_rows: usize,
            out: &mut [[Sums; TOGETHER]],
        ) {
            #[cfg(target_arch = "x86_64")]
            if kernel == Kernel::Avx512 {
                // SAFETY: a matrix is packed only for a kernel whose instructions the CPU has.
                return unsafe { vnni::columns(tiles, n_blocks, panels, n_rows, out) };
            }
            for (idx, tiles) in tiles.chunks_exact(n_blocks).enumerate() {
                let rows = (0..n_rows).step_by(PANEL);
                for ((first, panel), out) in rows.zip(panels.chunks_exact(n_blocks)).zip(&mut *out)
                {
                    let n = PANEL.min(n_rows - first);
                    out[idx] = match kernel {
                        // SAFETY: as above.
                        #[cfg(target_arch = "x86_64")]
                        Kernel::Avx2 => unsafe { avx2::$name(tiles, panel, n) },
                        // SAFETY: as above.
                        #[cfg(target_arch = "aarch64")]
                        Kernel::Neon => unsafe { neon::columns(tiles, panel, n) },
                        _ => portable::of_rows(n, |row| $plain(tiles, panel, row)),
                    };
                }
            }
        }
    };
}

by_kernel!(q4, Q4Tile, Q8Panel, portable::q4);
by_kernel!(q6, Q6Tile, Q8Panel, portable::q6);
by_kernel!(q5_0, Q5Tile, ShortPanel, portable::short);
by_kernel!(q8_0, Q8Tile, ShortPanel, portable::short);

#[cfg(test)]
mod emulated;
#[cfg(test)]
mod tests;
