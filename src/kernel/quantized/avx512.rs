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
    PANEL, Q4Tile, Q6Tile, Q8Panel, ShortPanel, ShortTile, Sums, TILE,
};
use half::f16;

#[path = "reading.rs"]
pub mod reading;

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

/// A number for each row of activations in each column of tiles.
type Grid<V, const M: usize, const T: usize> = [[V; M]; T];

/// Adds the products of a row of values of each tile to those of `M` rows of activations, each of
/// which is laid into a register once for all tiles.
#[inline(always)]
unsafe fn add_row<const M: usize, const T: usize>(
    dots: &mut Grid<__m512i, M, T>,
    values: [__m512i; T],
    activations: &[[i8; 4]; PANEL],
) {
    for m in 0..M {
        let four = unsafe { four(&activations[m]) };
        for t in 0..T {
            dots[t][m] = unsafe { _mm512_dpbusd_epi32(dots[t][m], values[t], four) };
        }
    }
    // Left alone, the compiler adds up all of one row before it begins the next, and each sum waits
    // for the one before it.
    dots.iter_mut().for_each(pin);
}

/// Adds the products of two rows of values, those at `k / 8`.
#[inline(always)]
unsafe fn add_rows<const M: usize>(
    dots: &mut Grid<__m512i, M, 1>,
    rows: [__m512i; 2],
    panel: &Q8Panel,
    at: usize,
) {
    for (second, values) in rows.into_iter().enumerate() {
        unsafe { add_row(dots, [values], &panel.values[2 * at + second]) };
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
unsafe fn store<const M: usize, const T: usize>(
    sums: Grid<__m512, M, T>,
) -> Grid<[f32; TILE], M, T> {
    let mut out = [[[0f32; TILE]; M]; T];
    for t in 0..T {
        for m in 0..M {
            unsafe { _mm512_storeu_ps(out[t][m].as_mut_ptr(), sums[t][m]) };
        }
    }
    out
}

/// A format of a matrix.
pub trait Format: Copy {
    type Panel;

    /// The columns of a tile for the first `M` rows of a panel.
    unsafe fn few<const M: usize>(tiles: &[Self], panel: &[Self::Panel]) -> [[f32; TILE]; M];

    /// The columns of two tiles for the rows of a panel.
    #[inline(always)]
    unsafe fn beside(tiles: [&[Self]; 2], panel: &[Self::Panel]) -> [Sums; 2] {
        unsafe { tiles.map(|tiles| Self::few::<PANEL>(tiles, panel)) }
    }
}

/// A format with blocks of 256.
trait Long: Copy {
    /// The products of a block of a tile with `M` rows of activations, but for the scales of these.
    unsafe fn products<const M: usize>(&self, panel: &Q8Panel) -> [__m512; M];
}

/// Pairs of sub-blocks' numbers, as floats.
#[inline(always)]
unsafe fn q4_pair(numbers: &[u8; 32]) -> [__m512; 2] {
    unsafe {
        let packed = _mm256_load_si256(numbers.as_ptr().cast());
        split(_mm512_cvtepu8_epi16(packed)).map(|numbers| _mm512_cvtepi32_ps(numbers))
    }
}

#[inline(always)]
unsafe fn halves(numbers: &[f16; TILE]) -> __m512 {
    unsafe { _mm512_cvtph_ps(_mm256_load_si256(numbers.as_ptr().cast())) }
}

/// Adds the products of a sub-block of Q4_K, by its scales.
#[inline(always)]
unsafe fn add_q4_sub<const M: usize>(
    products: &mut [__m512; M],
    tile: &Q4Tile,
    scales: __m512,
    panel: &Q8Panel,
    sub: usize,
) {
    unsafe {
        let mut dots = [[_mm512_setzero_si512(); M]];
        for at in 4 * sub..4 * sub + 4 {
            add_rows(&mut dots, four_bits(&tile.values[at]), panel, at);
        }
        for m in 0..M {
            let dot = _mm512_cvtepi32_ps(dots[0][m]);
            products[m] = _mm512_fmadd_ps(dot, scales, products[m]);
        }
    }
}

/// The products of half a block of Q4_K: two pairs of sub-blocks from `first` on.
#[inline(always)]
unsafe fn q4_half<const M: usize>(tile: &Q4Tile, panel: &Q8Panel, first: usize) -> [__m512; M] {
    unsafe {
        let mut products = [_mm512_setzero_ps(); M];
        for pair in first..first + 2 {
            prefetch::ahead(tile, pair, 4);
            let [even, odd] = q4_pair(&tile.scales[pair]);
            add_q4_sub(&mut products, tile, even, panel, 2 * pair);
            add_q4_sub(&mut products, tile, odd, panel, 2 * pair + 1);
        }
        products
    }
}

/// What the minima of a block take off, for one row of activations.
#[inline(always)]
unsafe fn q4_offset(mins: &[__m512i; 4], panel: &Q8Panel, m: usize) -> __m512 {
    unsafe {
        let mut offset = _mm512_setzero_si512();
        for pair in 0..4 {
            offset = _mm512_dpwssd_epi32(offset, mins[pair], two(&panel.sums_32[pair][m]));
        }
        _mm512_cvtepi32_ps(offset)
    }
}

impl Long for Q4Tile {
    /// A product of a sub-block and its scale is at most 32 * 15 * 127 * 63 < 2^22, so floats hold the
    /// sum of four exactly, and the sum of the two sums of a block is rounded once, as an integer would
    /// be that is made a float. They take an instruction less than integers.
    #[inline(always)]
    unsafe fn products<const M: usize>(&self, panel: &Q8Panel) -> [__m512; M] {
        unsafe {
            let first = q4_half::<M>(self, panel, 0);
            let mut products = q4_half::<M>(self, panel, 2);
            let mut mins = [_mm512_setzero_si512(); 4];
            for pair in 0..4 {
                let packed = _mm256_load_si256(self.mins[pair].as_ptr().cast());
                mins[pair] = _mm512_cvtepu8_epi16(packed);
            }
            let (scale, min) = (halves(&self.scale), halves(&self.min));
            for m in 0..M {
                let value = _mm512_mul_ps(scale, _mm512_add_ps(first[m], products[m]));
                products[m] = _mm512_fnmadd_ps(min, q4_offset(&mins, panel, m), value);
            }
            products
        }
    }
}

/// Adds the products of a sub-block of Q6_K, by its scales.
#[inline(always)]
unsafe fn add_q6_sub<const M: usize>(
    sums: &mut [__m512i; M],
    tile: &Q6Tile,
    scales: __m512i,
    panel: &Q8Panel,
    sub: usize,
) {
    unsafe {
        let mut dots = [[_mm512_setzero_si512(); M]];
        for at in 2 * sub..2 * sub + 2 {
            add_rows(&mut dots, six_bits(tile, at), panel, at);
        }
        for m in 0..M {
            sums[m] = _mm512_add_epi32(sums[m], _mm512_mullo_epi32(dots[0][m], scales));
        }
    }
}

impl Long for Q6Tile {
    /// The 32 that each value has too much is taken off with the sums of the activations.
    #[inline(always)]
    unsafe fn products<const M: usize>(&self, panel: &Q8Panel) -> [__m512; M] {
        unsafe {
            let mut sums = [_mm512_setzero_si512(); M];
            let mut scales = [_mm512_setzero_si512(); 8];
            for pair in 0..8 {
                prefetch::ahead(self, pair, 8);
                let packed = _mm256_load_si256(self.scales[pair].as_ptr().cast());
                scales[pair] = _mm512_cvtepi8_epi16(packed);
                let [even, odd] = split(scales[pair]);
                add_q6_sub(&mut sums, self, even, panel, 2 * pair);
                add_q6_sub(&mut sums, self, odd, panel, 2 * pair + 1);
            }
            let scale = _mm512_load_ps(self.scale.as_ptr());
            let mut products = [_mm512_setzero_ps(); M];
            for m in 0..M {
                let mut offset = _mm512_setzero_si512();
                for pair in 0..8 {
                    let own = two(&panel.sums_16[pair][m]);
                    offset = _mm512_dpwssd_epi32(offset, scales[pair], own);
                }
                let exact = _mm512_sub_epi32(sums[m], _mm512_slli_epi32::<5>(offset));
                products[m] = _mm512_mul_ps(scale, _mm512_cvtepi32_ps(exact));
            }
            products
        }
    }
}

/// [`Format::few`] of a format with long blocks.
#[inline(always)]
unsafe fn few<F: Long, const M: usize>(tiles: &[F], panel: &[Q8Panel]) -> [[f32; TILE]; M] {
    unsafe {
        let mut sums = [[_mm512_setzero_ps(); M]];
        for (tile, panel) in tiles.iter().zip(panel) {
            let products = tile.products::<M>(panel);
            for m in 0..M {
                let scale = _mm512_set1_ps(panel.scale[m]);
                sums[0][m] = _mm512_fmadd_ps(scale, products[m], sums[0][m]);
            }
        }
        let [sums] = store(sums);
        sums
    }
}

impl Format for Q4Tile {
    type Panel = Q8Panel;

    #[inline(always)]
    unsafe fn few<const M: usize>(tiles: &[Self], panel: &[Q8Panel]) -> [[f32; TILE]; M] {
        unsafe { few(tiles, panel) }
    }
}

impl Format for Q6Tile {
    type Panel = Q8Panel;

    #[inline(always)]
    unsafe fn few<const M: usize>(tiles: &[Self], panel: &[Q8Panel]) -> [[f32; TILE]; M] {
        unsafe { few(tiles, panel) }
    }
}

impl<const BIAS: u8> Format for ShortTile<BIAS> {
    type Panel = ShortPanel;

    #[inline(always)]
    unsafe fn few<const M: usize>(tiles: &[Self], panel: &[ShortPanel]) -> [[f32; TILE]; M] {
        let [sums] = unsafe { short([tiles], panel) };
        sums
    }

    #[inline(always)]
    unsafe fn beside(tiles: [&[Self]; 2], panel: &[ShortPanel]) -> [Sums; 2] {
        unsafe { short(tiles, panel) }
    }
}

/// Sixteen times `T` columns of a matrix in a format with short blocks, for the first `M` rows of a
/// panel. What each value has too much is taken off with the sums of the activations.
#[inline(always)]
unsafe fn short<const M: usize, const T: usize, const BIAS: u8>(
    columns: [&[ShortTile<BIAS>]; T],
    panels: &[ShortPanel],
) -> Grid<[f32; TILE], M, T> {
    unsafe {
        let bias = _mm512_set1_epi16(-i16::from(BIAS));
        let mut sums = [[_mm512_setzero_ps(); M]; T];
        for (idx, panel) in panels.iter().enumerate() {
            let tiles = columns.map(|tiles| &tiles[idx]);
            tiles.iter().for_each(|tile| prefetch::ahead(*tile, 0, 1));
            let mut dots = [[_mm512_setzero_si512(); M]; T];
            for m in 0..M {
                let too_much = _mm512_madd_epi16(two(&panel.sums[m]), bias);
                dots.iter_mut().for_each(|dots| dots[m] = too_much);
            }
            for group in 0..8 {
                let values = tiles.map(|tile| bytes(&tile.values[group]));
                add_row(&mut dots, values, &panel.values[group]);
            }
            for t in 0..T {
                let scale = _mm512_load_ps(tiles[t].scale.as_ptr());
                for m in 0..M {
                    let value = _mm512_mul_ps(scale, _mm512_cvtepi32_ps(dots[t][m]));
                    let by = _mm512_set1_ps(panel.scale[m]);
                    sums[t][m] = _mm512_fmadd_ps(by, value, sums[t][m]);
                }
            }
        }
        store(sums)
    }
}
