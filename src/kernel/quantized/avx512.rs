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
    BLOCK, PANEL, Q4Tile, Q6Tile, Q8Panel, ShortPanel, ShortTile, Sums, TILE,
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

/// The values of a block, a byte each: `[k / 4][row][k % 4]`.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Spread([[u8; 64]; BLOCK / 4]);

/// Where the values of a block come from.
trait Values: Copy {
    /// Two rows of them, those at `k / 8`.
    unsafe fn two_rows(self, at: usize) -> [__m512i; 2];

    /// Writes them to a byte each.
    #[inline(always)]
    unsafe fn spread(self, out: &mut Spread) {
        for (at, rows) in out.0.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            for (to, values) in rows.iter_mut().zip(unsafe { self.two_rows(at) }) {
                unsafe { _mm512_store_si512(to.as_mut_ptr().cast(), values) };
            }
        }
    }
}

impl Values for &Q4Tile {
    #[inline(always)]
    unsafe fn two_rows(self, at: usize) -> [__m512i; 2] {
        if at.is_multiple_of(8) {
            prefetch::ahead(self, at / 8, 4);
        }
        unsafe { four_bits(&self.values[at]) }
    }
}

impl Values for &Q6Tile {
    #[inline(always)]
    unsafe fn two_rows(self, at: usize) -> [__m512i; 2] {
        if at.is_multiple_of(4) {
            prefetch::ahead(self, at / 4, 8);
        }
        unsafe { six_bits(self, at) }
    }
}

impl Values for &Spread {
    #[inline(always)]
    unsafe fn two_rows(self, at: usize) -> [__m512i; 2] {
        unsafe { [bytes(&self.0[2 * at]), bytes(&self.0[2 * at + 1])] }
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
unsafe fn add_rows<const M: usize, const T: usize>(
    dots: &mut Grid<__m512i, M, T>,
    values: [impl Values; T],
    panel: &Q8Panel,
    at: usize,
) {
    let rows = values.map(|values| unsafe { values.two_rows(at) });
    for second in 0..2 {
        unsafe { add_row(dots, rows.map(|rows| rows[second]), &panel.values[2 * at + second]) };
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
unsafe fn load<const M: usize, const T: usize>(
    sums: &Grid<[f32; TILE], M, T>,
) -> Grid<__m512, M, T> {
    let mut out = [[unsafe { _mm512_setzero_ps() }; M]; T];
    for t in 0..T {
        for m in 0..M {
            out[t][m] = unsafe { _mm512_loadu_ps(sums[t][m].as_ptr()) };
        }
    }
    out
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

    /// Adds the columns of two tiles for all rows of the panels to `sums`.
    unsafe fn many(tiles: [&[Self]; 2], panels: &[Self::Panel], sums: &mut [[Sums; 2]]);
}

/// A format with blocks of 256.
trait Long: Copy {
    /// The products of a block of some tiles with `M` rows of activations, but for the scales of
    /// these.
    unsafe fn products<const M: usize, const T: usize>(
        tiles: [&Self; T],
        values: [impl Values; T],
        panel: &Q8Panel,
    ) -> Grid<__m512, M, T>;
}

/// The scales of a pair of sub-blocks, as floats.
#[inline(always)]
unsafe fn q4_scales(tile: &Q4Tile, pair: usize) -> [__m512; 2] {
    unsafe {
        let packed = _mm256_load_si256(tile.scales[pair].as_ptr().cast());
        split(_mm512_cvtepu8_epi16(packed)).map(|scales| _mm512_cvtepi32_ps(scales))
    }
}

/// Adds the products of a sub-block of Q4_K, by its scales.
#[inline(always)]
unsafe fn add_q4_sub<const M: usize, const T: usize>(
    products: &mut Grid<__m512, M, T>,
    values: [impl Values; T],
    scales: [__m512; T],
    panel: &Q8Panel,
    sub: usize,
) {
    unsafe {
        let mut dots = [[_mm512_setzero_si512(); M]; T];
        for at in 4 * sub..4 * sub + 4 {
            add_rows(&mut dots, values, panel, at);
        }
        for t in 0..T {
            for m in 0..M {
                let dot = _mm512_cvtepi32_ps(dots[t][m]);
                products[t][m] = _mm512_fmadd_ps(dot, scales[t], products[t][m]);
            }
        }
    }
}

/// The products of half a block of Q4_K: two pairs of sub-blocks from `first` on.
#[inline(always)]
unsafe fn q4_half<const M: usize, const T: usize>(
    tiles: [&Q4Tile; T],
    values: [impl Values; T],
    panel: &Q8Panel,
    first: usize,
) -> Grid<__m512, M, T> {
    unsafe {
        let mut products = [[_mm512_setzero_ps(); M]; T];
        for pair in first..first + 2 {
            let scales = tiles.map(|tile| q4_scales(tile, pair));
            let [even, odd] = [scales.map(|[even, _]| even), scales.map(|[_, odd]| odd)];
            add_q4_sub(&mut products, values, even, panel, 2 * pair);
            add_q4_sub(&mut products, values, odd, panel, 2 * pair + 1);
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
    unsafe fn products<const M: usize, const T: usize>(
        tiles: [&Self; T],
        values: [impl Values; T],
        panel: &Q8Panel,
    ) -> Grid<__m512, M, T> {
        unsafe {
            let first = q4_half::<M, T>(tiles, values, panel, 0);
            let mut products = q4_half::<M, T>(tiles, values, panel, 2);
            for t in 0..T {
                let mut mins = [_mm512_setzero_si512(); 4];
                for pair in 0..4 {
                    let packed = _mm256_load_si256(tiles[t].mins[pair].as_ptr().cast());
                    mins[pair] = _mm512_cvtepu8_epi16(packed);
                }
                let [scale, min] = [&tiles[t].scale, &tiles[t].min]
                    .map(|halves| _mm512_cvtph_ps(_mm256_load_si256(halves.as_ptr().cast())));
                for m in 0..M {
                    let product = _mm512_add_ps(first[t][m], products[t][m]);
                    let value = _mm512_mul_ps(scale, product);
                    products[t][m] = _mm512_fnmadd_ps(min, q4_offset(&mins, panel, m), value);
                }
            }
            products
        }
    }
}

/// Adds the products of a sub-block of Q6_K, by its scales.
#[inline(always)]
unsafe fn add_q6_sub<const M: usize, const T: usize>(
    sums: &mut Grid<__m512i, M, T>,
    values: [impl Values; T],
    scales: [__m512i; T],
    panel: &Q8Panel,
    sub: usize,
) {
    unsafe {
        let mut dots = [[_mm512_setzero_si512(); M]; T];
        add_rows(&mut dots, values, panel, 2 * sub);
        add_rows(&mut dots, values, panel, 2 * sub + 1);
        for t in 0..T {
            for m in 0..M {
                let scaled = _mm512_mullo_epi32(dots[t][m], scales[t]);
                sums[t][m] = _mm512_add_epi32(sums[t][m], scaled);
            }
        }
    }
}

impl Long for Q6Tile {
    /// The 32 that each value has too much is taken off with the sums of the activations.
    #[inline(always)]
    unsafe fn products<const M: usize, const T: usize>(
        tiles: [&Self; T],
        values: [impl Values; T],
        panel: &Q8Panel,
    ) -> Grid<__m512, M, T> {
        unsafe {
            let mut sums = [[_mm512_setzero_si512(); M]; T];
            let mut scales = [[_mm512_setzero_si512(); 8]; T];
            for pair in 0..8 {
                for t in 0..T {
                    let packed = _mm256_load_si256(tiles[t].scales[pair].as_ptr().cast());
                    scales[t][pair] = _mm512_cvtepi8_epi16(packed);
                }
                let [even, odd] = [0, 1].map(|half| scales.map(|own| split(own[pair])[half]));
                add_q6_sub(&mut sums, values, even, panel, 2 * pair);
                add_q6_sub(&mut sums, values, odd, panel, 2 * pair + 1);
            }
            let mut products = [[_mm512_setzero_ps(); M]; T];
            for t in 0..T {
                let scale = _mm512_load_ps(tiles[t].scale.as_ptr());
                for m in 0..M {
                    let mut offset = _mm512_setzero_si512();
                    for pair in 0..8 {
                        let own = two(&panel.sums_16[pair][m]);
                        offset = _mm512_dpwssd_epi32(offset, scales[t][pair], own);
                    }
                    let exact = _mm512_sub_epi32(sums[t][m], _mm512_slli_epi32::<5>(offset));
                    products[t][m] = _mm512_mul_ps(scale, _mm512_cvtepi32_ps(exact));
                }
            }
            products
        }
    }
}

/// Adds what a block gives to the sums of some rows.
#[inline(always)]
unsafe fn add_block<F: Long, const M: usize, const T: usize>(
    sums: &mut Grid<__m512, M, T>,
    tiles: [&F; T],
    values: [impl Values; T],
    panel: &Q8Panel,
) {
    unsafe {
        let products = F::products::<M, T>(tiles, values, panel);
        for m in 0..M {
            let scale = _mm512_set1_ps(panel.scale[m]);
            for t in 0..T {
                sums[t][m] = _mm512_fmadd_ps(scale, products[t][m], sums[t][m]);
            }
        }
    }
}

/// [`Format::few`] of a format with long blocks.
#[inline(always)]
unsafe fn few<F: Long, const M: usize>(tiles: &[F], panel: &[Q8Panel]) -> [[f32; TILE]; M]
where
    for<'t> &'t F: Values,
{
    unsafe {
        let mut sums = [[_mm512_setzero_ps(); M]];
        for (tile, panel) in tiles.iter().zip(panel) {
            add_block(&mut sums, [tile], [tile], panel);
        }
        let [sums] = store(sums);
        sums
    }
}

/// Blocks whose values are spread at a time: those of two tiles leave room for activations in the
/// nearest cache.
const AT_ONCE: usize = 2;

/// The columns of `T` tiles for all rows of the panels, added to those of `sums` from `at` on. The
/// values are spread out once for all rows.
#[inline(always)]
unsafe fn many<F: Long, const T: usize>(
    tiles: [&[F]; T],
    panels: &[Q8Panel],
    sums: &mut [[Sums; 2]],
    at: usize,
) where
    for<'t> &'t F: Values,
{
    let n_blocks = tiles[0].len();
    let mut spread = [[Spread([[0; 64]; BLOCK / 4]); T]; AT_ONCE];
    for first in (0..n_blocks).step_by(AT_ONCE) {
        let blocks = first..n_blocks.min(first + AT_ONCE);
        for (values, block) in spread.iter_mut().zip(blocks.clone()) {
            for (tiles, values) in tiles.iter().zip(values) {
                unsafe { tiles[block].spread(values) };
            }
        }
        for (panel, sums) in panels.chunks_exact(n_blocks).zip(sums.iter_mut()) {
            let Some(sums) = sums[at..].first_chunk_mut::<T>() else { return };
            unsafe {
                let mut own = load(sums);
                for (values, block) in spread.iter().zip(blocks.clone()) {
                    let tiles = tiles.map(|tiles| &tiles[block]);
                    add_block(&mut own, tiles, values.each_ref(), &panel[block]);
                }
                *sums = store(own);
            }
        }
    }
}

impl Format for Q4Tile {
    type Panel = Q8Panel;

    #[inline(always)]
    unsafe fn few<const M: usize>(tiles: &[Self], panel: &[Q8Panel]) -> [[f32; TILE]; M] {
        unsafe { few(tiles, panel) }
    }

    #[inline(always)]
    unsafe fn many(tiles: [&[Self]; 2], panels: &[Q8Panel], sums: &mut [[Sums; 2]]) {
        unsafe { many(tiles, panels, sums, 0) }
    }
}

impl Format for Q6Tile {
    type Panel = Q8Panel;

    #[inline(always)]
    unsafe fn few<const M: usize>(tiles: &[Self], panel: &[Q8Panel]) -> [[f32; TILE]; M] {
        unsafe { few(tiles, panel) }
    }

    /// One after the other: the sums of both, which are two for every number, would not fit the
    /// registers.
    #[inline(always)]
    unsafe fn many(tiles: [&[Self]; 2], panels: &[Q8Panel], sums: &mut [[Sums; 2]]) {
        unsafe {
            many([tiles[0]], panels, sums, 0);
            many([tiles[1]], panels, sums, 1);
        }
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
    unsafe fn many(tiles: [&[Self]; 2], panels: &[ShortPanel], sums: &mut [[Sums; 2]]) {
        for (panel, sums) in panels.chunks_exact(tiles[0].len()).zip(sums) {
            *sums = unsafe { short(tiles, panel) };
        }
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
