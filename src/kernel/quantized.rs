//! Products with Q4_K and Q6_K matrices for CPUs with AVX2 and no VNNI.
//!
//! candle's kernels are good where the CPU multiplies bytes in one instruction (VNNI). Elsewhere
//! most of their time goes into widening: here the products of a whole sub-block are summed in 16
//! bits, where they just fit, and widened once. Weights are repacked at load so that eight rows of
//! the matrix lie side by side.
//!
//! A row of activations is quantized and multiplied by itself in a fixed order of sums, so its
//! result does not depend on the rows beside it. Formats: the k-quants of ggml
//! (<https://github.com/ggml-org/llama.cpp/pull/1684>).

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(not(target_arch = "x86_64"))]
#[path = "quantized/no_avx2.rs"]
mod avx2;

use candle_core::quantized::GgmlDType;
use candle_core::utils::barrier_pool;

use super::parallel::in_chunks;

/// Values in a block of the k-quants.
const BLOCK: usize = 256;
/// Rows of the matrix in a tile: one register of eight 32-bit lanes.
const TILE: usize = 8;
/// Rows of activations that share an unpacked weight.
const ROWS: usize = 4;

/// A matrix, repacked.
pub struct PackedMatrix {
    n_out: usize,
    n_in: usize,
    tiles: Tiles,
}

enum Tiles {
    Q4(Vec<Q4Tile>),
    Q6(Vec<Q6Tile>),
}

/// One block of eight rows of a Q4_K matrix.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
struct Q4Tile {
    /// `[k / 8][row][k % 4]`: the low half of a byte is the value at `k % 8 < 4`, the high half
    /// the one four further.
    values: [[u8; 32]; 32],
    /// `[sub-block / 2][row][sub-block % 2]`, 6 bits.
    scales: [[u8; 16]; 4],
    /// As `scales`.
    mins: [[u8; 16]; 4],
    scale: [f32; TILE],
    min: [f32; TILE],
}

/// One block of eight rows of a Q6_K matrix.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
struct Q6Tile {
    /// `[k / 4][row][k % 4]`: 6 bits, 32 too much.
    values: [[u8; 32]; 64],
    /// `[sub-block / 2][row][sub-block % 2]`.
    scales: [[i8; 16]; 8],
    scale: [f32; TILE],
}

/// A block of one row of activations.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
struct Q8Block {
    values: [i8; BLOCK],
    /// Sums of 32 values.
    sums_32: [i16; 8],
    /// Sums of 16 values.
    sums_16: [i16; 16],
    scale: f32,
}

/// Whether these kernels are the best that this CPU can run.
pub fn is_best_here() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        let has_vnni = (has!("avx512f") && has!("avx512vnni")) || has!("avxvnni");
        has!("avx2") && has!("fma") && !has_vnni
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

impl PackedMatrix {
    /// Repacks the blocks of a matrix `[n_out, n_in]`; `None` when the format or the shape is not
    /// for these kernels.
    pub fn pack(dtype: GgmlDType, blocks: &[u8], n_out: usize, n_in: usize) -> Option<Self> {
        let n_blocks = n_in / BLOCK;
        let fits = is_best_here()
            && n_out.is_multiple_of(2 * TILE)
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
        Some(Self { n_out, n_in, tiles })
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
        let mut activations = vec![Q8Block::ZERO; n_rows * n_blocks];
        in_chunks(barrier_pool(), &mut activations, n_blocks, |row, blocks| {
            let x = &x[row * self.n_in..(row + 1) * self.n_in];
            blocks.iter_mut().zip(x.chunks_exact(BLOCK)).for_each(|(block, x)| block.quantize(x));
        });
        let mut out = vec![0f32; n_rows * self.n_out];
        let columns = Columns { matrix: self, activations: &activations, n_rows, n_blocks };
        let out_address = out.as_mut_ptr() as usize;
        barrier_pool().execute_chunked(self.n_out / (2 * TILE), |range| {
            for pair in range {
                // SAFETY: `out` outlives the call and has `n_rows * n_out` floats; each pair of
                // tiles writes its own 16 columns of it, and no two units have the same pair.
                unsafe { columns.compute(pair, out_address as *mut f32) };
            }
        });
        out
    }
}

/// Packs the blocks of eight rows at a time.
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
    activations: &'a [Q8Block],
    n_rows: usize,
    n_blocks: usize,
}

impl Columns<'_> {
    /// Computes the 16 columns of a pair of tiles for all rows.
    ///
    /// # Safety
    /// `out` points to `n_rows * n_out` floats, and nobody else writes these columns.
    unsafe fn compute(&self, pair: usize, out: *mut f32) {
        for first in (0..self.n_rows).step_by(ROWS) {
            let n = ROWS.min(self.n_rows - first);
            let sums = match n {
                4 => self.rows::<4>(pair, first).to_vec(),
                3 => self.rows::<3>(pair, first).to_vec(),
                2 => self.rows::<2>(pair, first).to_vec(),
                _ => self.rows::<1>(pair, first).to_vec(),
            };
            for (row, sums) in sums.iter().enumerate() {
                let at = (first + row) * self.matrix.n_out + pair * 2 * TILE;
                // SAFETY: the row and the columns lie inside `out`, see above.
                unsafe { std::ptr::copy_nonoverlapping(sums.as_ptr(), out.add(at), 2 * TILE) };
            }
        }
    }

    fn rows<const M: usize>(&self, pair: usize, first: usize) -> [[f32; 2 * TILE]; M] {
        let n = self.n_blocks;
        let rows = std::array::from_fn(|row| {
            let at = (first + row) * n;
            &self.activations[at..at + n]
        });
        let (left, right) = (2 * pair * n, (2 * pair + 1) * n);
        // SAFETY: a matrix is packed only where `is_best_here` found AVX2 and FMA.
        unsafe {
            match &self.matrix.tiles {
                Tiles::Q4(tiles) => {
                    avx2::q4(&tiles[left..left + n], &tiles[right..right + n], rows)
                }
                Tiles::Q6(tiles) => {
                    avx2::q6(&tiles[left..left + n], &tiles[right..right + n], rows)
                }
            }
        }
    }
}

impl Default for Q4Tile {
    fn default() -> Self {
        Self {
            values: [[0; 32]; 32],
            scales: [[0; 16]; 4],
            mins: [[0; 16]; 4],
            scale: [0.0; TILE],
            min: [0.0; TILE],
        }
    }
}

impl Q4Tile {
    fn pack(rows: [&[u8]; TILE]) -> Self {
        let mut tile = Self::default();
        for (row, block) in rows.into_iter().enumerate() {
            tile.scale[row] = half_at(block, 0);
            tile.min[row] = half_at(block, 2);
            for sub in 0..8 {
                let (scale, min) = scale_and_min(&block[4..16], sub);
                tile.scales[sub / 2][2 * row + sub % 2] = scale;
                tile.mins[sub / 2][2 * row + sub % 2] = min;
            }
            for sub in 0..8 {
                // 32 bytes hold one sub-block in their low halves, the next in their high ones.
                let bytes = &block[16 + sub / 2 * 32..][..32];
                let shift = sub % 2 * 4;
                for (group, bytes) in bytes.as_chunks::<8>().0.iter().enumerate() {
                    for k in 0..4 {
                        let (first, second) = (bytes[k] >> shift & 15, bytes[k + 4] >> shift & 15);
                        tile.values[4 * sub + group][4 * row + k] = first | second << 4;
                    }
                }
            }
        }
        tile
    }
}

/// The 6-bit scale and minimum of a sub-block of Q4_K.
fn scale_and_min(packed: &[u8], sub: usize) -> (u8, u8) {
    if sub < 4 {
        return (packed[sub] & 63, packed[sub + 4] & 63);
    }
    let low = packed[sub + 4];
    (low & 15 | (packed[sub - 4] >> 6) << 4, low >> 4 | (packed[sub] >> 6) << 4)
}

impl Default for Q6Tile {
    fn default() -> Self {
        Self { values: [[0; 32]; 64], scales: [[0; 16]; 8], scale: [0.0; TILE] }
    }
}

impl Q6Tile {
    fn pack(rows: [&[u8]; TILE]) -> Self {
        let mut tile = Self::default();
        for (row, block) in rows.into_iter().enumerate() {
            tile.scale[row] = half_at(block, 208);
            for sub in 0..16 {
                tile.scales[sub / 2][2 * row + sub % 2] = block[192 + sub] as i8;
            }
            for quarter in 0..8 {
                for (group, values) in
                    six_bits(block, quarter).as_chunks::<4>().0.iter().enumerate()
                {
                    let at = &mut tile.values[8 * quarter + group];
                    at[4 * row..4 * row + 4].copy_from_slice(values);
                }
            }
        }
        tile
    }
}

/// 32 values of Q6_K: their four low bits lie in the first 128 bytes, the two high ones in the next
/// 64.
fn six_bits(block: &[u8], quarter: usize) -> [u8; 32] {
    let (half, quarter) = (quarter / 4, quarter % 4);
    let low = &block[64 * half + 32 * (quarter % 2)..][..32];
    let high = &block[128 + 32 * half..][..32];
    let (low_shift, high_shift) = (quarter / 2 * 4, quarter * 2);
    std::array::from_fn(|j| low[j] >> low_shift & 15 | (high[j] >> high_shift & 3) << 4)
}

fn half_at(block: &[u8], at: usize) -> f32 {
    half::f16::from_le_bytes([block[at], block[at + 1]]).to_f32()
}

impl Q8Block {
    const ZERO: Self = Self { values: [0; BLOCK], sums_32: [0; 8], sums_16: [0; 16], scale: 0.0 };

    /// Quantizes 256 floats.
    fn quantize(&mut self, x: &[f32]) {
        let mut largest = [0f32; 16];
        for chunk in x.as_chunks::<16>().0 {
            for (largest, x) in largest.iter_mut().zip(chunk) {
                *largest = largest.max(x.abs());
            }
        }
        let largest = largest.iter().copied().fold(0.0, f32::max);
        self.scale = largest / 127.0;
        let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        for (value, x) in self.values.iter_mut().zip(x) {
            *value = (x * inverse).round_ties_even() as i8;
        }
        for (sum, values) in self.sums_16.iter_mut().zip(self.values.chunks_exact(16)) {
            *sum = values.iter().map(|&v| i16::from(v)).sum();
        }
        for (sum, halves) in self.sums_32.iter_mut().zip(self.sums_16.chunks_exact(2)) {
            *sum = halves[0] + halves[1];
        }
    }
}

#[cfg(test)]
mod tests;
