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
                    split(_mm256_cvtepu8_epi16(_mm_load_si128(tile.scales[pair].as_ptr().cast())))
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
