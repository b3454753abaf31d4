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

#[cfg(target_arch = "x86_64")]
mod avx2 {
    //! The inner loops. All arithmetic up to the block's scale is exact in integers.
    //!
    //! Safety of all of them: the caller has made sure of AVX2 and FMA; every load is of an array
    //! inside a tile or block, at an index below its length; every row has as many blocks as there
    //! are tiles.

    use std::arch::x86_64::*;

    use super::{Q4Tile, Q6Tile, Q8Block, TILE};

    type Sums<const M: usize> = [[f32; 2 * TILE]; M];

    /// Four neighbouring activations in every lane.
    #[inline(always)]
    unsafe fn four(block: &Q8Block, k: usize) -> __m256i {
        unsafe { _mm256_set1_epi32(block.values.as_ptr().add(k).cast::<i32>().read_unaligned()) }
    }

    /// Two neighbouring sums in every lane.
    #[inline(always)]
    unsafe fn two(sums: *const i16, idx: usize) -> __m256i {
        unsafe { _mm256_set1_epi32(sums.add(idx).cast::<i32>().read_unaligned()) }
    }

    #[inline(always)]
    unsafe fn bytes(values: &[u8; 32]) -> __m256i {
        unsafe { _mm256_load_si256(values.as_ptr().cast()) }
    }

    /// The lower 16 bits of each lane, twice; the upper 16 bits, twice.
    #[inline(always)]
    unsafe fn split(pairs: __m256i) -> [__m256i; 2] {
        unsafe {
            let low = _mm256_and_si256(pairs, _mm256_set1_epi32(0xFFFF));
            let high = _mm256_srli_epi32::<16>(pairs);
            [
                _mm256_or_si256(low, _mm256_slli_epi32::<16>(low)),
                _mm256_or_si256(high, _mm256_slli_epi32::<16>(high)),
            ]
        }
    }

    #[inline(always)]
    unsafe fn store<const M: usize>(sums: [[__m256; 2]; M]) -> Sums<M> {
        let mut out = [[0f32; 2 * TILE]; M];
        for (out, sums) in out.iter_mut().zip(sums) {
            unsafe {
                _mm256_storeu_ps(out.as_mut_ptr(), sums[0]);
                _mm256_storeu_ps(out.as_mut_ptr().add(TILE), sums[1]);
            }
        }
        out
    }

    /// Sixteen columns of a Q4_K matrix for `M` rows.
    ///
    /// A product of a 4-bit and an 8-bit value is at most 15 * 127; a lane of 16 bits takes the
    /// sum of two in each of the eight steps of a sub-block: 16 * 15 * 127 = 30,480 fits.
    #[target_feature(enable = "avx2,fma")]
    pub unsafe fn q4<const M: usize>(
        left: &[Q4Tile],
        right: &[Q4Tile],
        rows: [&[Q8Block]; M],
    ) -> Sums<M> {
        unsafe {
            let mask = _mm256_set1_epi8(15);
            let mut sums = [[_mm256_setzero_ps(); 2]; M];
            for (block, tiles) in left.iter().zip(right).enumerate() {
                let tiles: [&Q4Tile; 2] = tiles.into();
                let blocks: [&Q8Block; M] = rows.map(|row| row.get_unchecked(block));
                let mut products = [[_mm256_setzero_si256(); 2]; M];
                for pair in 0..4 {
                    let scales = tiles.map(|tile| {
                        split(_mm256_cvtepu8_epi16(_mm_load_si128(
                            tile.scales[pair].as_ptr().cast(),
                        )))
                    });
                    for half in 0..2 {
                        let sub = 2 * pair + half;
                        let mut narrow = [[_mm256_setzero_si256(); 2]; M];
                        for group in 0..4 {
                            let packed = tiles.map(|tile| bytes(&tile.values[4 * sub + group]));
                            let low = packed.map(|p| _mm256_and_si256(p, mask));
                            for m in 0..M {
                                let a = four(blocks[m], 32 * sub + 8 * group);
                                for t in 0..2 {
                                    let p = _mm256_maddubs_epi16(low[t], a);
                                    narrow[m][t] = _mm256_add_epi16(narrow[m][t], p);
                                }
                            }
                            let high =
                                packed.map(|p| _mm256_and_si256(_mm256_srli_epi16::<4>(p), mask));
                            for m in 0..M {
                                let a = four(blocks[m], 32 * sub + 8 * group + 4);
                                for t in 0..2 {
                                    let p = _mm256_maddubs_epi16(high[t], a);
                                    narrow[m][t] = _mm256_add_epi16(narrow[m][t], p);
                                }
                            }
                        }
                        for m in 0..M {
                            for t in 0..2 {
                                let wide = _mm256_madd_epi16(narrow[m][t], scales[t][half]);
                                products[m][t] = _mm256_add_epi32(products[m][t], wide);
                            }
                        }
                    }
                }
                for t in 0..2 {
                    let mut offsets = [_mm256_setzero_si256(); M];
                    for pair in 0..4 {
                        let mins = _mm_load_si128(tiles[t].mins[pair].as_ptr().cast());
                        let mins = _mm256_cvtepu8_epi16(mins);
                        for m in 0..M {
                            let s = two(blocks[m].sums_32.as_ptr(), 2 * pair);
                            offsets[m] = _mm256_add_epi32(offsets[m], _mm256_madd_epi16(mins, s));
                        }
                    }
                    let scale = _mm256_load_ps(tiles[t].scale.as_ptr());
                    let min = _mm256_load_ps(tiles[t].min.as_ptr());
                    for m in 0..M {
                        let product = _mm256_mul_ps(scale, _mm256_cvtepi32_ps(products[m][t]));
                        let value = _mm256_fnmadd_ps(min, _mm256_cvtepi32_ps(offsets[m]), product);
                        let by = _mm256_set1_ps(blocks[m].scale);
                        sums[m][t] = _mm256_fmadd_ps(by, value, sums[m][t]);
                    }
                }
            }
            store(sums)
        }
    }

    /// Sixteen columns of a Q6_K matrix for `M` rows.
    ///
    /// A product of a 6-bit and an 8-bit value is at most 63 * 127; two steps of two fit 16 bits:
    /// 4 * 63 * 127 = 32,004. The 32 that each value has too much is taken off with the sums of
    /// the activations.
    #[target_feature(enable = "avx2,fma")]
    pub unsafe fn q6<const M: usize>(
        left: &[Q6Tile],
        right: &[Q6Tile],
        rows: [&[Q8Block]; M],
    ) -> Sums<M> {
        unsafe {
            let mut sums = [[_mm256_setzero_ps(); 2]; M];
            for (block, tiles) in left.iter().zip(right).enumerate() {
                let tiles: [&Q6Tile; 2] = tiles.into();
                let blocks: [&Q8Block; M] = rows.map(|row| row.get_unchecked(block));
                let mut products = [[_mm256_setzero_si256(); 2]; M];
                let mut offsets = [[_mm256_setzero_si256(); 2]; M];
                for pair in 0..8 {
                    let pairs = tiles.map(|tile| {
                        _mm256_cvtepi8_epi16(_mm_load_si128(tile.scales[pair].as_ptr().cast()))
                    });
                    let scales = [split(pairs[0]), split(pairs[1])];
                    for m in 0..M {
                        let s = two(blocks[m].sums_16.as_ptr(), 2 * pair);
                        for t in 0..2 {
                            let offset = _mm256_madd_epi16(pairs[t], s);
                            offsets[m][t] = _mm256_add_epi32(offsets[m][t], offset);
                        }
                    }
                    // Eight groups of four values: the first four have one scale, the rest the other.
                    for group in (0..8).step_by(2) {
                        let at = 8 * pair + group;
                        let first = tiles.map(|tile| bytes(&tile.values[at]));
                        let second = tiles.map(|tile| bytes(&tile.values[at + 1]));
                        for m in 0..M {
                            let a = four(blocks[m], 4 * at);
                            let b = four(blocks[m], 4 * at + 4);
                            for t in 0..2 {
                                let narrow = _mm256_add_epi16(
                                    _mm256_maddubs_epi16(first[t], a),
                                    _mm256_maddubs_epi16(second[t], b),
                                );
                                let wide = _mm256_madd_epi16(narrow, scales[t][group / 4]);
                                products[m][t] = _mm256_add_epi32(products[m][t], wide);
                            }
                        }
                    }
                }
                for t in 0..2 {
                    let scale = _mm256_load_ps(tiles[t].scale.as_ptr());
                    for m in 0..M {
                        let offset = _mm256_slli_epi32::<5>(offsets[m][t]);
                        let exact = _mm256_sub_epi32(products[m][t], offset);
                        let value = _mm256_mul_ps(scale, _mm256_cvtepi32_ps(exact));
                        let by = _mm256_set1_ps(blocks[m].scale);
                        sums[m][t] = _mm256_fmadd_ps(by, value, sums[m][t]);
                    }
                }
            }
            store(sums)
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod avx2 {
    //! Never reached: nothing is packed where [`super::is_best_here`] says no.

    use super::{Q4Tile, Q6Tile, Q8Block, TILE};

    pub unsafe fn q4<const M: usize>(
        _: &[Q4Tile],
        _: &[Q4Tile],
        _: [&[Q8Block]; M],
    ) -> [[f32; 2 * TILE]; M] {
        unreachable!("no matrix is packed on this CPU")
    }

    pub unsafe fn q6<const M: usize>(
        _: &[Q6Tile],
        _: &[Q6Tile],
        _: [&[Q8Block]; M],
    ) -> [[f32; 2 * TILE]; M] {
        unreachable!("no matrix is packed on this CPU")
    }
}

#[cfg(test)]
mod tests {
    use candle_core::quantized::{QMatMul, QTensor};
    use candle_core::{Device, Module, Tensor};

    use super::*;

    /// Floats between -1 and 1 that look random and are the same every time.
    fn noise(n: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..n).map(|_| next()).collect()
    }

    fn matrix(dtype: GgmlDType, n_out: usize, n_in: usize) -> QTensor {
        let weights =
            Tensor::from_vec(noise(n_out * n_in, 1), (n_out, n_in), &Device::Cpu).unwrap();
        QTensor::quantize(&weights, dtype).unwrap()
    }

    /// Against the simple version: the weights as floats, multiplied in floats.
    #[test]
    fn products_equal_those_of_the_dequantized_matrix() {
        for dtype in [GgmlDType::Q4K, GgmlDType::Q6K] {
            for (n_rows, n_out, n_in) in [(1, 16, 256), (2, 32, 512), (3, 48, 256), (9, 64, 1536)] {
                let weights = matrix(dtype, n_out, n_in);
                let packed = PackedMatrix::pack(dtype, &weights.data().unwrap(), n_out, n_in);
                let Some(packed) = packed else { return };
                let x = noise(n_rows * n_in, 7);
                let ours = packed.product(&x);
                let x = Tensor::from_vec(x, (n_rows, n_in), &Device::Cpu).unwrap();
                let plain = QMatMul::Tensor(weights.dequantize(&Device::Cpu).unwrap());
                let theirs = plain.forward(&x).unwrap().flatten_all().unwrap();
                let bound = 0.02 * (n_in as f32).sqrt();
                for (a, b) in ours.iter().zip(theirs.to_vec1::<f32>().unwrap()) {
                    assert!((a - b).abs() < bound, "{dtype:?} {n_rows}x{n_out}x{n_in}: {a} {b}");
                }
            }
        }
    }

    /// The largest values that the 16-bit sums must hold.
    #[test]
    fn extreme_values_do_not_overflow() {
        for dtype in [GgmlDType::Q4K, GgmlDType::Q6K] {
            let alternating: Vec<f32> =
                (0..16 * 256).map(|i| if i % 32 == 0 { -1.0 } else { 1.0 }).collect();
            let weights = Tensor::from_vec(alternating, (16, 256), &Device::Cpu).unwrap();
            let weights = QTensor::quantize(&weights, dtype).unwrap();
            let Some(packed) = PackedMatrix::pack(dtype, &weights.data().unwrap(), 16, 256) else {
                return;
            };
            let dequantized = weights.dequantize(&Device::Cpu).unwrap().to_vec2::<f32>().unwrap();
            for x in [1.0, -1.0] {
                let expected: f32 = dequantized[0].iter().sum::<f32>() * x;
                let found = packed.product(&[x; 256])[0];
                assert!((found - expected).abs() < 0.5, "{dtype:?}: {found}, not {expected}");
            }
        }
    }

    #[test]
    fn a_row_alone_is_that_row_among_others() {
        for dtype in [GgmlDType::Q4K, GgmlDType::Q6K] {
            let weights = matrix(dtype, 32, 512);
            let Some(packed) = PackedMatrix::pack(dtype, &weights.data().unwrap(), 32, 512) else {
                return;
            };
            let x = noise(7 * 512, 3);
            let together = packed.product(&x);
            for (row, alone) in x.chunks_exact(512).map(|x| packed.product(x)).enumerate() {
                assert_eq!(together[row * 32..(row + 1) * 32], alone, "{dtype:?} row {row}");
            }
        }
    }
}
