//! The inner loops. All arithmetic up to the block's scale is exact in integers.
//!
//! Safety of all of them: the caller has made sure of AVX2, FMA and F16C; every load is of an array
//! inside a tile or panel, at an index below its length.

use std::arch::x86_64::*;

use half::f16;

use super::prefetch;
use super::tiles::{PANEL, Q4Tile, Q5Tile, Q6Tile, Q8Panel, Q8Tile, ShortPanel, Sums, TILE};

/// Columns in one register.
const LANES: usize = TILE / 2;

/// Four neighbouring activations in every lane.
#[inline(always)]
unsafe fn four(values: &[i8; 4]) -> __m256i {
    unsafe { _mm256_set1_epi32(values.as_ptr().cast::<i32>().read_unaligned()) }
}

/// Two neighbouring sums in every lane.
#[inline(always)]
unsafe fn two(sums: &[i16; 2]) -> __m256i {
    unsafe { _mm256_set1_epi32(sums.as_ptr().cast::<i32>().read_unaligned()) }
}

/// The halves of a row of weights.
#[inline(always)]
unsafe fn bytes(values: &[u8; 64]) -> [__m256i; 2] {
    let at = values.as_ptr().cast::<__m256i>();
    unsafe { [_mm256_load_si256(at), _mm256_load_si256(at.add(1))] }
}

/// Two rows of four bits.
#[inline(always)]
unsafe fn four_bits(values: &[u8; 64]) -> [[__m256i; 2]; 2] {
    unsafe {
        let mask = _mm256_set1_epi8(15);
        let packed = bytes(values);
        [
            packed.map(|p| _mm256_and_si256(p, mask)),
            packed.map(|p| _mm256_and_si256(_mm256_srli_epi16::<4>(p), mask)),
        ]
    }
}

/// Two rows of six bits, those at `k / 8`.
#[inline(always)]
unsafe fn six_bits(tile: &Q6Tile, at: usize) -> [[__m256i; 2]; 2] {
    unsafe {
        let high = bytes(&tile.high[at / 2]);
        let high = match at % 2 {
            0 => [high.map(|h| _mm256_slli_epi16::<4>(h)), high.map(|h| _mm256_slli_epi16::<2>(h))],
            _ => [high, high.map(|h| _mm256_srli_epi16::<2>(h))],
        };
        let mask = _mm256_set1_epi8(48);
        let mut values = four_bits(&tile.low[at]);
        for (value, high) in values.as_flattened_mut().iter_mut().zip(high.as_flattened()) {
            *value = _mm256_or_si256(*value, _mm256_and_si256(*high, mask));
        }
        values
    }
}

/// The halves of a row of 8-bit scales.
#[inline(always)]
unsafe fn halves<T>(scales: &[T; 32]) -> [__m128i; 2] {
    let at = scales.as_ptr().cast::<__m128i>();
    unsafe { [_mm_load_si128(at), _mm_load_si128(at.add(1))] }
}

/// The halves of sixteen floats.
#[inline(always)]
unsafe fn floats(values: &[f32; TILE]) -> [__m256; 2] {
    unsafe { [_mm256_load_ps(values.as_ptr()), _mm256_load_ps(values.as_ptr().add(LANES))] }
}

/// The halves of sixteen floats of 16 bits.
#[inline(always)]
unsafe fn widened(values: &[f16; TILE]) -> [__m256; 2] {
    let at = values.as_ptr().cast::<__m128i>();
    unsafe { [_mm256_cvtph_ps(_mm_load_si128(at)), _mm256_cvtph_ps(_mm_load_si128(at.add(1)))] }
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

/// A sum and the dot products of one more block, by the scales of its row and its columns.
#[inline(always)]
unsafe fn add_scaled(sum: __m256, by: __m256, scale: __m256, dot: __m256i) -> __m256 {
    unsafe { _mm256_fmadd_ps(by, _mm256_mul_ps(scale, _mm256_cvtepi32_ps(dot)), sum) }
}

#[inline(always)]
unsafe fn store<const M: usize>(sums: [[__m256; 2]; M]) -> [[f32; TILE]; M] {
    let mut out = [[0f32; TILE]; M];
    for (out, sums) in out.iter_mut().zip(sums) {
        unsafe {
            _mm256_storeu_ps(out.as_mut_ptr(), sums[0]);
            _mm256_storeu_ps(out.as_mut_ptr().add(LANES), sums[1]);
        }
    }
    out
}

/// Keeps sums in their registers. Left alone, the compiler adds several steps up before it adds them
/// to a sum, and has no registers left for what that takes.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn pin<const M: usize>(sums: &mut [[__m256i; 2]; M]) {
    for [a, b] in sums {
        // SAFETY: there is no instruction; the registers stay what they are.
        unsafe {
            std::arch::asm!(
                "/* {0} {1} */",
                inout(ymm_reg) * a,
                inout(ymm_reg) * b,
                options(pure, nomem, nostack, preserves_flags)
            );
        }
    }
}

/// A function that calls the loop of a format for one row, for two, or for four at a time.
macro_rules! by_rows {
    ($name:ident, $rows:ident, $Tile:ty, $Panel:ty) => {
        /// Sixteen columns of a matrix of this format for the first `n` rows of the panels.
        ///
        /// # Safety
        /// The CPU has AVX2, FMA and F16C.
        #[target_feature(enable = "avx2,fma,f16c")]
        pub unsafe fn $name(tiles: &[$Tile], panels: &[$Panel], n: usize) -> Sums {
            let mut sums = [[0f32; TILE]; PANEL];
            // SAFETY: the caller's.
            unsafe {
                match n {
                    1 => sums[..1].copy_from_slice(&$rows::<1, 0>(tiles, panels)),
                    2 => sums[..2].copy_from_slice(&$rows::<2, 0>(tiles, panels)),
                    _ => sums[..4].copy_from_slice(&$rows::<4, 0>(tiles, panels)),
                }
                match n {
                    ..=4 => {}
                    5 => sums[4..5].copy_from_slice(&$rows::<1, 4>(tiles, panels)),
                    6 => sums[4..6].copy_from_slice(&$rows::<2, 4>(tiles, panels)),
                    _ => sums[4..].copy_from_slice(&$rows::<4, 4>(tiles, panels)),
                }
            }
            sums
        }
    };
}

by_rows!(q4, q4_loop, Q4Tile, Q8Panel);
by_rows!(q6, q6_loop, Q6Tile, Q8Panel);
by_rows!(q5_0, q5_0_loop, Q5Tile, ShortPanel);
by_rows!(q8_0, q8_0_loop, Q8Tile, ShortPanel);

/// Sixteen columns of a Q4_K matrix for `M` rows of the panels, from the row `FIRST` on.
///
/// A product of a 4-bit and an 8-bit value is at most 15 * 127; a lane of 16 bits takes the
/// sum of two in each of the eight steps of a sub-block: 16 * 15 * 127 = 30,480 fits.
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn q4_loop<const M: usize, const FIRST: usize>(
    tiles: &[Q4Tile],
    panels: &[Q8Panel],
) -> [[f32; TILE]; M] {
    unsafe {
        let mut sums = [[_mm256_setzero_ps(); 2]; M];
        for (tile, panel) in tiles.iter().zip(panels) {
            let mut products = [[_mm256_setzero_si256(); 2]; M];
            for pair in 0..4 {
                if FIRST == 0 {
                    prefetch::ahead(tile, pair, 4);
                }
                let scales = halves(&tile.scales[pair]);
                let scales = scales.map(|half| split(_mm256_cvtepu8_epi16(half)));
                for half in 0..2 {
                    let sub = 2 * pair + half;
                    let mut narrow = [[_mm256_setzero_si256(); 2]; M];
                    for at in 4 * sub..4 * sub + 4 {
                        let rows = four_bits(&tile.values[at]);
                        for (group, values) in panel.values[2 * at..].iter().zip(rows) {
                            for m in 0..M {
                                let a = four(&group[FIRST + m]);
                                for t in 0..2 {
                                    let p = _mm256_maddubs_epi16(values[t], a);
                                    narrow[m][t] = _mm256_add_epi16(narrow[m][t], p);
                                }
                            }
                            pin(&mut narrow);
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
            let (scale, min) = (widened(&tile.scale), widened(&tile.min));
            for t in 0..2 {
                let mut offsets = [_mm256_setzero_si256(); M];
                for pair in 0..4 {
                    let mins = _mm256_cvtepu8_epi16(halves(&tile.mins[pair])[t]);
                    for m in 0..M {
                        let s = two(&panel.sums_32[pair][FIRST + m]);
                        offsets[m] = _mm256_add_epi32(offsets[m], _mm256_madd_epi16(mins, s));
                    }
                }
                for m in 0..M {
                    let product = _mm256_mul_ps(scale[t], _mm256_cvtepi32_ps(products[m][t]));
                    let value = _mm256_fnmadd_ps(min[t], _mm256_cvtepi32_ps(offsets[m]), product);
                    let by = _mm256_set1_ps(panel.scale[FIRST + m]);
                    sums[m][t] = _mm256_fmadd_ps(by, value, sums[m][t]);
                }
            }
        }
        store(sums)
    }
}

/// Sixteen columns of a Q6_K matrix for `M` rows, from the row `FIRST` on.
///
/// A product of a 6-bit and an 8-bit value is at most 63 * 127; two steps of two fit 16 bits:
/// 4 * 63 * 127 = 32,004. The 32 that each value has too much is taken off with the sums of
/// the activations.
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn q6_loop<const M: usize, const FIRST: usize>(
    tiles: &[Q6Tile],
    panels: &[Q8Panel],
) -> [[f32; TILE]; M] {
    unsafe {
        let mut sums = [[_mm256_setzero_ps(); 2]; M];
        for (tile, panel) in tiles.iter().zip(panels) {
            let mut products = [[_mm256_setzero_si256(); 2]; M];
            let mut offsets = [[_mm256_setzero_si256(); 2]; M];
            for pair in 0..8 {
                if FIRST == 0 {
                    prefetch::ahead(tile, pair, 8);
                }
                let pairs = halves(&tile.scales[pair]);
                let pairs = pairs.map(|half| _mm256_cvtepi8_epi16(half));
                let scales = pairs.map(|half| split(half));
                for m in 0..M {
                    let s = two(&panel.sums_16[pair][FIRST + m]);
                    for t in 0..2 {
                        let offset = _mm256_madd_epi16(pairs[t], s);
                        offsets[m][t] = _mm256_add_epi32(offsets[m][t], offset);
                    }
                }
                // The first sixteen values have one scale, the rest the other.
                for eight in 0..4 {
                    let at = 4 * pair + eight;
                    let [first, second] = six_bits(tile, at);
                    for m in 0..M {
                        let a = four(&panel.values[2 * at][FIRST + m]);
                        let b = four(&panel.values[2 * at + 1][FIRST + m]);
                        for t in 0..2 {
                            let narrow = _mm256_add_epi16(
                                _mm256_maddubs_epi16(first[t], a),
                                _mm256_maddubs_epi16(second[t], b),
                            );
                            let wide = _mm256_madd_epi16(narrow, scales[t][eight / 2]);
                            products[m][t] = _mm256_add_epi32(products[m][t], wide);
                        }
                    }
                }
            }
            let scale = floats(&tile.scale);
            for t in 0..2 {
                for m in 0..M {
                    let offset = _mm256_slli_epi32::<5>(offsets[m][t]);
                    let exact = _mm256_sub_epi32(products[m][t], offset);
                    let value = _mm256_mul_ps(scale[t], _mm256_cvtepi32_ps(exact));
                    let by = _mm256_set1_ps(panel.scale[FIRST + m]);
                    sums[m][t] = _mm256_fmadd_ps(by, value, sums[m][t]);
                }
            }
        }
        store(sums)
    }
}

/// Sixteen columns of a Q5_0 matrix for `M` rows, from the row `FIRST` on.
///
/// A lane of 16 bits takes two products in each of the eight steps of a block. Its sum fits,
/// 16 * 16 * 127 = 32,512, once the 16 that each value has too much is taken off; the sum begins
/// with that, and may wrap on its way. A single step is at most 2 * 31 * 127 = 7,874.
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn q5_0_loop<const M: usize, const FIRST: usize>(
    tiles: &[Q5Tile],
    panels: &[ShortPanel],
) -> [[f32; TILE]; M] {
    unsafe {
        let (bias, one) = (_mm256_set1_epi16(-16), _mm256_set1_epi16(1));
        let mut sums = [[_mm256_setzero_ps(); 2]; M];
        for (tile, panel) in tiles.iter().zip(panels) {
            if FIRST == 0 {
                prefetch::ahead(tile, 0, 1);
            }
            let mut narrow = [[_mm256_setzero_si256(); 2]; M];
            for m in 0..M {
                narrow[m] = [_mm256_mullo_epi16(two(&panel.sums[FIRST + m]), bias); 2];
            }
            for group in 0..8 {
                let values = bytes(&tile.values[group]);
                for m in 0..M {
                    let a = four(&panel.values[group][FIRST + m]);
                    for t in 0..2 {
                        let p = _mm256_maddubs_epi16(values[t], a);
                        narrow[m][t] = _mm256_add_epi16(narrow[m][t], p);
                    }
                }
            }
            let scale = floats(&tile.scale);
            for m in 0..M {
                let by = _mm256_set1_ps(panel.scale[FIRST + m]);
                for t in 0..2 {
                    let dot = _mm256_madd_epi16(narrow[m][t], one);
                    sums[m][t] = add_scaled(sums[m][t], by, scale[t], dot);
                }
            }
        }
        store(sums)
    }
}

/// Sixteen columns of a Q8_0 matrix for `M` rows, from the row `FIRST` on.
///
/// The signs of the weights go over to the activations, which are never -128; two products are then
/// at most 2 * 128 * 127 = 32,512 and fit 16 bits.
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn q8_0_loop<const M: usize, const FIRST: usize>(
    tiles: &[Q8Tile],
    panels: &[ShortPanel],
) -> [[f32; TILE]; M] {
    unsafe {
        let (bias, one) = (_mm256_set1_epi8(-128), _mm256_set1_epi16(1));
        let mut sums = [[_mm256_setzero_ps(); 2]; M];
        for (tile, panel) in tiles.iter().zip(panels) {
            if FIRST == 0 {
                prefetch::ahead(tile, 0, 1);
            }
            let mut dots = [[_mm256_setzero_si256(); 2]; M];
            for group in 0..8 {
                let [v, w] = bytes(&tile.values[group]);
                let values = [_mm256_xor_si256(v, bias), _mm256_xor_si256(w, bias)];
                let sizes = [_mm256_abs_epi8(values[0]), _mm256_abs_epi8(values[1])];
                for m in 0..M {
                    let a = four(&panel.values[group][FIRST + m]);
                    for t in 0..2 {
                        let p = _mm256_maddubs_epi16(sizes[t], _mm256_sign_epi8(a, values[t]));
                        dots[m][t] = _mm256_add_epi32(dots[m][t], _mm256_madd_epi16(p, one));
                    }
                }
            }
            let scale = floats(&tile.scale);
            for m in 0..M {
                let by = _mm256_set1_ps(panel.scale[FIRST + m]);
                for t in 0..2 {
                    sums[m][t] = add_scaled(sums[m][t], by, scale[t], dots[m][t]);
                }
            }
        }
        store(sums)
    }
}
