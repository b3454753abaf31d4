//! The inner loops with VNNI: one instruction multiplies four bytes by four and adds the products
//! to a 32-bit lane. All arithmetic up to the block's scale is exact in integers.
//!
//! The instructions come from `super::arch`: those of the CPU, or in tests a model of them in plain
//! Rust, so that the loops are tested where no such CPU is.
//!
//! Safety of all of them: the caller has made sure of AVX-512 F, BW and VNNI; every load is of an
//! array inside a tile or panel, at an index below its length. Without a feature of their own these
//! functions are inlined into those that have it.

use super::arch::*;
use crate::kernel::quantized::prefetch;
use crate::kernel::quantized::tiles::{
    Q4Tile, Q5Tile, Q6Tile, Q8Panel, Q8Tile, ShortPanel, ShortTile, TILE,
};

/// Four neighbouring activations in every lane.
#[inline(always)]
unsafe fn four(values: &[i8; 4]) -> __m512i {
    unsafe { _mm512_set1_epi32(values.as_ptr().cast::<i32>().read_unaligned()) }
}

/// Two neighbouring sums in every lane.
#[inline(always)]
unsafe fn two(sums: &[i16; 2]) -> __m512i {
    unsafe { _mm512_set1_epi32(sums.as_ptr().cast::<i32>().read_unaligned()) }
}

#[inline(always)]
unsafe fn bytes(values: &[u8; 64]) -> __m512i {
    unsafe { _mm512_load_si512(values.as_ptr().cast()) }
}

/// Two rows of four bits.
#[inline(always)]
unsafe fn four_bits(values: &[u8; 64]) -> [__m512i; 2] {
    unsafe {
        let mask = _mm512_set1_epi8(15);
        let packed = bytes(values);
        let high = _mm512_and_si512(_mm512_srli_epi16::<4>(packed), mask);
        [_mm512_and_si512(packed, mask), high]
    }
}

/// Two rows of six bits, those at `k / 8`.
#[inline(always)]
unsafe fn six_bits(tile: &Q6Tile, at: usize) -> [__m512i; 2] {
    unsafe {
        let high = bytes(&tile.high[at / 2]);
        let high = match at % 2 {
            0 => [_mm512_slli_epi16::<4>(high), _mm512_slli_epi16::<2>(high)],
            _ => [high, _mm512_srli_epi16::<2>(high)],
        };
        let mask = _mm512_set1_epi8(48);
        let mut values = four_bits(&tile.low[at]);
        for (value, high) in values.iter_mut().zip(high) {
            *value = _mm512_or_si512(*value, _mm512_and_si512(high, mask));
        }
        values
    }
}

/// Adds the products of two rows of values, those at `k / 8`, to those of `M` rows of activations.
#[inline(always)]
unsafe fn add_rows<const M: usize>(
    dots: &mut [__m512i; M],
    rows: [__m512i; 2],
    panel: &Q8Panel,
    at: usize,
) {
    for (group, values) in panel.values[2 * at..].iter().zip(rows) {
        for m in 0..M {
            dots[m] = unsafe { _mm512_dpbusd_epi32(dots[m], values, four(&group[m])) };
        }
        // Left alone, the compiler adds up all of one row before it begins the next, and each sum
        // waits for the one before it.
        pin(dots);
    }
}

/// The lower 16 bits of each lane, widened; the upper 16 bits.
#[inline(always)]
unsafe fn split(pairs: __m512i) -> [__m512i; 2] {
    unsafe {
        let low = _mm512_srai_epi32::<16>(_mm512_slli_epi32::<16>(pairs));
        [low, _mm512_srai_epi32::<16>(pairs)]
    }
}

#[inline(always)]
unsafe fn store<const M: usize>(sums: [__m512; M]) -> [[f32; TILE]; M] {
    let mut out = [[0f32; TILE]; M];
    for m in 0..M {
        unsafe { _mm512_storeu_ps(out[m].as_mut_ptr(), sums[m]) };
    }
    out
}

/// The products of half a block of Q4_K, by the scales of their sub-blocks: two pairs of them from
/// `first` on.
#[inline(always)]
unsafe fn q4_half<const M: usize>(tile: &Q4Tile, panel: &Q8Panel, first: usize) -> [__m512; M] {
    unsafe {
        let mut products = [_mm512_setzero_ps(); M];
        for pair in first..first + 2 {
            prefetch::ahead(tile, pair, 4);
            let scales = _mm256_load_si256(tile.scales[pair].as_ptr().cast());
            let scales = split(_mm512_cvtepu8_epi16(scales));
            for half in 0..2 {
                let sub = 2 * pair + half;
                let scale = _mm512_cvtepi32_ps(scales[half]);
                let mut dots = [_mm512_setzero_si512(); M];
                for at in 4 * sub..4 * sub + 4 {
                    add_rows(&mut dots, four_bits(&tile.values[at]), panel, at);
                }
                for m in 0..M {
                    let dot = _mm512_cvtepi32_ps(dots[m]);
                    products[m] = _mm512_fmadd_ps(dot, scale, products[m]);
                }
            }
        }
        products
    }
}

/// Sixteen columns of a Q4_K matrix for the first `M` rows of the panels.
///
/// A product of a sub-block and its scale is at most 32 * 15 * 127 * 63 < 2^22, so floats hold the
/// sum of four exactly, and the sum of the two sums of a block is rounded once, as an integer would
/// be that is made a float. They take an instruction less than integers.
#[inline(always)]
pub unsafe fn q4<const M: usize>(tiles: &[Q4Tile], panels: &[Q8Panel]) -> [[f32; TILE]; M] {
    unsafe {
        let mut sums = [_mm512_setzero_ps(); M];
        for (tile, panel) in tiles.iter().zip(panels) {
            let first = q4_half::<M>(tile, panel, 0);
            let second = q4_half::<M>(tile, panel, 2);
            let mut mins = [_mm512_setzero_si512(); 4];
            for pair in 0..4 {
                let packed = _mm256_load_si256(tile.mins[pair].as_ptr().cast());
                mins[pair] = _mm512_cvtepu8_epi16(packed);
            }
            let [scale, min] = [&tile.scale, &tile.min]
                .map(|halves| _mm512_cvtph_ps(_mm256_load_si256(halves.as_ptr().cast())));
            for m in 0..M {
                let mut offset = _mm512_setzero_si512();
                for pair in 0..4 {
                    let sums = two(&panel.sums_32[pair][m]);
                    offset = _mm512_dpwssd_epi32(offset, mins[pair], sums);
                }
                let product = _mm512_add_ps(first[m], second[m]);
                let value = _mm512_mul_ps(scale, product);
                let value = _mm512_fnmadd_ps(min, _mm512_cvtepi32_ps(offset), value);
                let by = _mm512_set1_ps(panel.scale[m]);
                sums[m] = _mm512_fmadd_ps(by, value, sums[m]);
            }
        }
        store(sums)
    }
}

/// Sixteen columns of a Q6_K matrix for the first `M` rows. The 32 that each value has too much is
/// taken off with the sums of the activations.
#[inline(always)]
pub unsafe fn q6<const M: usize>(tiles: &[Q6Tile], panels: &[Q8Panel]) -> [[f32; TILE]; M] {
    unsafe {
        let mut sums = [_mm512_setzero_ps(); M];
        for (tile, panel) in tiles.iter().zip(panels) {
            let mut products = [_mm512_setzero_si512(); M];
            let mut pairs = [_mm512_setzero_si512(); 8];
            for pair in 0..8 {
                prefetch::ahead(tile, pair, 8);
                let packed = _mm256_load_si256(tile.scales[pair].as_ptr().cast());
                pairs[pair] = _mm512_cvtepi8_epi16(packed);
                let scales = split(pairs[pair]);
                for half in 0..2 {
                    let mut dots = [_mm512_setzero_si512(); M];
                    for at in 4 * pair + 2 * half..4 * pair + 2 * half + 2 {
                        add_rows(&mut dots, six_bits(tile, at), panel, at);
                    }
                    for m in 0..M {
                        let scaled = _mm512_mullo_epi32(dots[m], scales[half]);
                        products[m] = _mm512_add_epi32(products[m], scaled);
                    }
                }
            }
            let scale = _mm512_load_ps(tile.scale.as_ptr());
            for m in 0..M {
                let mut offset = _mm512_setzero_si512();
                for pair in 0..8 {
                    let sums = two(&panel.sums_16[pair][m]);
                    offset = _mm512_dpwssd_epi32(offset, pairs[pair], sums);
                }
                let exact = _mm512_sub_epi32(products[m], _mm512_slli_epi32::<5>(offset));
                let value = _mm512_mul_ps(scale, _mm512_cvtepi32_ps(exact));
                let by = _mm512_set1_ps(panel.scale[m]);
                sums[m] = _mm512_fmadd_ps(by, value, sums[m]);
            }
        }
        store(sums)
    }
}

/// Sixteen columns of a Q5_0 matrix for the first `M` rows.
#[inline(always)]
pub unsafe fn q5_0<const M: usize>(tiles: &[Q5Tile], panels: &[ShortPanel]) -> [[f32; TILE]; M] {
    unsafe { short(tiles, panels) }
}

/// Sixteen columns of a Q8_0 matrix for the first `M` rows.
#[inline(always)]
pub unsafe fn q8_0<const M: usize>(tiles: &[Q8Tile], panels: &[ShortPanel]) -> [[f32; TILE]; M] {
    unsafe { short(tiles, panels) }
}

/// Of a format with short blocks. What each value has too much is taken off with the sums of the
/// activations.
#[inline(always)]
unsafe fn short<const M: usize, const BIAS: u8>(
    tiles: &[ShortTile<BIAS>],
    panels: &[ShortPanel],
) -> [[f32; TILE]; M] {
    unsafe {
        let bias = _mm512_set1_epi16(-i16::from(BIAS));
        let mut sums = [_mm512_setzero_ps(); M];
        for (tile, panel) in tiles.iter().zip(panels) {
            prefetch::ahead(tile, 0, 1);
            let mut dots = [_mm512_setzero_si512(); M];
            for m in 0..M {
                dots[m] = _mm512_madd_epi16(two(&panel.sums[m]), bias);
            }
            for group in 0..8 {
                let values = bytes(&tile.values[group]);
                for m in 0..M {
                    let a = four(&panel.values[group][m]);
                    dots[m] = _mm512_dpbusd_epi32(dots[m], values, a);
                }
                pin(&mut dots);
            }
            let scale = _mm512_load_ps(tile.scale.as_ptr());
            for m in 0..M {
                let value = _mm512_mul_ps(scale, _mm512_cvtepi32_ps(dots[m]));
                let by = _mm512_set1_ps(panel.scale[m]);
                sums[m] = _mm512_fmadd_ps(by, value, sums[m]);
            }
        }
        store(sums)
    }
}
