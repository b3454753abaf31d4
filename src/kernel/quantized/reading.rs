//! The inner loops for many rows, as prompts have: the values of a block are rounded once more, to a byte
//! each with one scale for a row of the matrix, and what is left to do for 256 of them is to multiply
//! and add bytes.
//!
//! A value is then off by half of a 127th of the largest one of its 256 at most, and, since factors have
//! 16 bits, by a tenth of that 127th more; four bits have put it off by half of a 15th of the range of
//! its 32.
//!
//! Safety as in avx512.rs.

use super::*;
use crate::kernel::quantized::tiles::{BLOCK, BytePanel, ByteTile};

/// For values up to `largest`: writes down their scale, and returns what makes 256ths of bytes of them.
#[inline(always)]
unsafe fn fit(tile: &mut ByteTile, largest: __m512) -> __m512 {
    unsafe {
        let scale = _mm512_mul_ps(largest, _mm512_set1_ps(1.0 / 127.0));
        _mm512_storeu_ps(tile.scale.as_mut_ptr(), scale);
        _mm512_div_ps(_mm512_set1_ps(256.0 * 127.0), largest)
    }
}

/// Writes the two rows at `k / 8`.
#[inline(always)]
unsafe fn write(tile: &mut ByteTile, at: usize, rows: [__m512i; 2], line: &Line) {
    for (out, row) in tile.values[2 * at..].iter_mut().zip(rows) {
        unsafe { _mm512_store_si512(out.as_mut_ptr().cast(), line.bytes(row)) };
    }
}

/// What makes bytes of the values of a sub-block, for each row of the matrix twice: the upper half of the
/// 16 bits of `value * factor + addend`.
struct Line {
    factor: __m512i,
    addend: __m512i,
}

impl Line {
    /// 128 and a half, for the rounding, in 256ths.
    const MIDDLE: f32 = 256.0 * 128.5;

    /// Of a factor and an addend in floats.
    #[inline(always)]
    unsafe fn new(factor: __m512, addend: __m512) -> Self {
        unsafe { Self { factor: twice(factor), addend: twice(addend) } }
    }

    /// Of sixteen rows' values, a byte each.
    #[inline(always)]
    unsafe fn bytes(&self, values: __m512i) -> __m512i {
        unsafe {
            let even = _mm512_and_si512(values, _mm512_set1_epi16(255));
            let odd = _mm512_srli_epi16::<8>(values);
            let [even, odd] = [even, odd].map(|values| {
                _mm512_add_epi16(_mm512_mullo_epi16(values, self.factor), self.addend)
            });
            let odd = _mm512_and_si512(odd, _mm512_set1_epi16(255 << 8));
            _mm512_or_si512(_mm512_srli_epi16::<8>(even), odd)
        }
    }
}

/// Floats as integers of 16 bits, each in both halves of its lane.
#[inline(always)]
unsafe fn twice(x: __m512) -> __m512i {
    unsafe {
        let x = _mm512_cvtps_epi32(x);
        let low = _mm512_and_si512(x, _mm512_set1_epi32(0xffff));
        _mm512_or_si512(low, _mm512_slli_epi32::<16>(x))
    }
}

/// A format whose blocks can be rounded.
pub trait Round: Copy {
    unsafe fn round(&self, out: &mut ByteTile);
}

impl Round for Q4Tile {
    /// A value is `step * v - offset` with `v` up to 15.
    #[inline(always)]
    unsafe fn round(&self, out: &mut ByteTile) {
        unsafe {
            let (scale, min) = (halves(&self.scale), halves(&self.min));
            let zero = _mm512_setzero_ps();
            let (mut steps, mut offsets) = ([zero; 8], [zero; 8]);
            let mut largest = zero;
            for pair in 0..4 {
                let (scales, mins) = (q4_pair(&self.scales[pair]), q4_pair(&self.mins[pair]));
                for half in 0..2 {
                    let (step, offset) =
                        (_mm512_mul_ps(scale, scales[half]), _mm512_mul_ps(min, mins[half]));
                    let last = _mm512_fnmadd_ps(step, _mm512_set1_ps(15.0), offset);
                    let ends = _mm512_max_ps(_mm512_abs_ps(offset), _mm512_abs_ps(last));
                    largest = _mm512_max_ps(largest, ends);
                    (steps[2 * pair + half], offsets[2 * pair + half]) = (step, offset);
                }
            }
            let by = fit(out, largest);
            for sub in 0..8 {
                let middle = _mm512_set1_ps(Line::MIDDLE);
                let addend = _mm512_fnmadd_ps(by, offsets[sub], middle);
                let line = Line::new(_mm512_mul_ps(by, steps[sub]), addend);
                prefetch::ahead(self, sub, 8);
                for at in 4 * sub..4 * sub + 4 {
                    write(out, at, four_bits(&self.values[at]), &line);
                }
            }
        }
    }
}

impl Round for Q6Tile {
    /// A value is `step * (v - 32)` with `v` up to 63.
    #[inline(always)]
    unsafe fn round(&self, out: &mut ByteTile) {
        unsafe {
            let scale = _mm512_load_ps(self.scale.as_ptr());
            let mut steps = [_mm512_setzero_ps(); 16];
            let mut largest = _mm512_setzero_ps();
            for pair in 0..8 {
                let packed = _mm256_load_si256(self.scales[pair].as_ptr().cast());
                let scales = split(_mm512_cvtepi8_epi16(packed));
                for half in 0..2 {
                    let step = _mm512_mul_ps(scale, _mm512_cvtepi32_ps(scales[half]));
                    largest = _mm512_max_ps(largest, _mm512_abs_ps(step));
                    steps[2 * pair + half] = step;
                }
            }
            let by = fit(out, _mm512_mul_ps(largest, _mm512_set1_ps(32.0)));
            for sub in 0..16 {
                let factor = _mm512_mul_ps(by, steps[sub]);
                let middle = _mm512_set1_ps(Line::MIDDLE);
                let addend = _mm512_fnmadd_ps(factor, _mm512_set1_ps(32.0), middle);
                let line = Line::new(factor, addend);
                prefetch::ahead(self, sub, 16);
                for at in 2 * sub..2 * sub + 2 {
                    write(out, at, six_bits(self, at), &line);
                }
            }
        }
    }
}

/// Blocks that are rounded at a time: those of two tiles leave room for activations in the nearest
/// cache.
const AT_ONCE: usize = 2;

/// The columns of `T` tiles for `n_rows` rows, eight a panel, added to those of `sums`. The values are
/// rounded once for all rows.
#[inline(always)]
pub unsafe fn columns<F: Round, const T: usize>(
    tiles: [&[F]; T],
    panels: &[BytePanel],
    n_rows: usize,
    sums: &mut [[Sums; 2]],
) {
    let n_blocks = tiles[0].len();
    let mut rounded = [[ByteTile::default(); T]; AT_ONCE];
    for first in (0..n_blocks).step_by(AT_ONCE) {
        let blocks = first..n_blocks.min(first + AT_ONCE);
        for (rounded, block) in rounded.iter_mut().zip(blocks.clone()) {
            for (rounded, tiles) in rounded.iter_mut().zip(tiles) {
                unsafe { tiles[block].round(rounded) };
            }
        }
        let panels = (0..n_rows).step_by(PANEL).zip(panels.chunks_exact(n_blocks));
        for ((row, panel), sums) in panels.zip(sums.iter_mut()) {
            let Some(sums) = sums.first_chunk_mut::<T>() else { return };
            let (rounded, panel) = (&rounded[..blocks.len()], &panel[blocks.clone()]);
            unsafe {
                match n_rows - row {
                    1 => add_blocks::<1, T>(sums, rounded, panel),
                    2 => add_blocks::<2, T>(sums, rounded, panel),
                    3 | 4 => add_blocks::<4, T>(sums, rounded, panel),
                    _ => add_blocks::<PANEL, T>(sums, rounded, panel),
                }
            }
        }
    }
}

/// Adds what some blocks give to the sums of the first `M` rows of a panel.
#[inline(always)]
unsafe fn add_blocks<const M: usize, const T: usize>(
    sums: &mut [Sums; T],
    rounded: &[[ByteTile; T]],
    panel: &[BytePanel],
) {
    unsafe {
        let mut own = load::<M, T>(sums);
        for (rounded, panel) in rounded.iter().zip(panel) {
            add_block(&mut own, rounded.each_ref(), panel);
        }
        for (sums, own) in sums.iter_mut().zip(store(own)) {
            sums[..M].copy_from_slice(&own);
        }
    }
}

/// Adds what a block gives to the sums of the first `M` rows of a panel.
#[inline(always)]
unsafe fn add_block<const M: usize, const T: usize>(
    sums: &mut Grid<__m512, M, T>,
    tiles: [&ByteTile; T],
    panel: &BytePanel,
) {
    unsafe {
        let mut dots = [[_mm512_setzero_si512(); M]; T];
        for m in 0..M {
            let too_much = _mm512_set1_epi32(panel.too_much[m]);
            dots.iter_mut().for_each(|dots| dots[m] = too_much);
        }
        for group in 0..BLOCK / 4 {
            let values = tiles.map(|tile| bytes(&tile.values[group]));
            add_row(&mut dots, values, &panel.values[group]);
        }
        let scales = tiles.map(|tile| _mm512_loadu_ps(tile.scale.as_ptr()));
        for m in 0..M {
            let by = _mm512_set1_ps(panel.scale[m]);
            for t in 0..T {
                let value = _mm512_mul_ps(scales[t], _mm512_cvtepi32_ps(dots[t][m]));
                sums[t][m] = _mm512_fmadd_ps(by, value, sums[t][m]);
            }
        }
    }
}

#[inline(always)]
unsafe fn load<const M: usize, const T: usize>(sums: &[Sums; T]) -> Grid<__m512, M, T> {
    let mut out = [[unsafe { _mm512_setzero_ps() }; M]; T];
    for t in 0..T {
        for m in 0..M {
            out[t][m] = unsafe { _mm512_loadu_ps(sums[t][m].as_ptr()) };
        }
    }
    out
}

impl Format for ByteTile {
    type Panel = BytePanel;

    #[inline(always)]
    unsafe fn few<const M: usize>(tiles: &[Self], panel: &[BytePanel]) -> [[f32; TILE]; M] {
        let [sums] = unsafe { of_bytes([tiles], panel) };
        sums
    }

    #[inline(always)]
    unsafe fn beside(tiles: [&[Self]; 2], panel: &[BytePanel]) -> [Sums; 2] {
        unsafe { of_bytes(tiles, panel) }
    }
}

/// Sixteen times `T` columns of a matrix of bytes, for the first `M` rows of a panel.
#[inline(always)]
unsafe fn of_bytes<const M: usize, const T: usize>(
    columns: [&[ByteTile]; T],
    panels: &[BytePanel],
) -> Grid<[f32; TILE], M, T> {
    unsafe {
        let mut sums = [[_mm512_setzero_ps(); M]; T];
        for (idx, panel) in panels.iter().enumerate() {
            let tiles = columns.map(|tiles| &tiles[idx]);
            tiles.iter().for_each(|tile| prefetch::ahead(*tile, 0, 1));
            add_block(&mut sums, tiles, panel);
        }
        store(sums)
    }
}
