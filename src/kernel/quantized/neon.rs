//! The inner loops with NEON and its dot products: one instruction multiplies sixteen bytes by the
//! four activations of a row and adds the products to four 32-bit lanes. All arithmetic up to the
//! block's scale is exact in integers.
//!
//! The dots run through the whole block, from sub-block to sub-block, and are not set to zero
//! between them: with D the dot up to the end of a sub-block and s its scale, the sum of
//! s_i (D_i - D_(i-1)) is that of (s_i - s_(i+1)) D_i, with zero behind the last scale. That saves
//! an instruction a dot and sub-block, and whatever wraps on the way comes out right at the end.
//!
//! Safety of all of them: the caller has made sure of the dot products; every load is of an array
//! inside a tile or panel, at an index below its length.

use std::arch::aarch64::*;
use std::arch::asm;

use half::f16;

use super::prefetch;
use super::tiles::{PANEL, Q4Tile, Q6Tile, Q8Panel, ShortPanel, ShortTile, Sums, TILE};

/// Columns in one register.
const LANES: usize = 4;

/// Adds to each of four columns its four weights times the four activations of a row, which is
/// one of four rows. The intrinsic of this instruction is not stable yet
/// (<https://github.com/rust-lang/rust/issues/117224>).
#[inline]
#[target_feature(enable = "dotprod")]
fn dot<const ROW: i32>(sums: int32x4_t, weights: int8x16_t, rows: int8x16_t) -> int32x4_t {
    let mut sums = sums;
    // SAFETY: the instruction is there, as the feature says; it reads these registers and writes
    // one of them, and touches neither memory nor flags.
    unsafe {
        asm!(
            "sdot {sums:v}.4s, {weights:v}.16b, {rows:v}.4b[{row}]",
            sums = inout(vreg) sums,
            weights = in(vreg) weights,
            rows = in(vreg) rows,
            row = const ROW,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sums
}

/// The block once for each row below `$n_rows`. The instructions take a row as a constant, its place
/// among four.
macro_rules! for_each_row {
    ($n_rows:ident, |$row:ident, $PLACE:ident| $block:block) => {
        for_each_row!($n_rows, |$row, $PLACE| $block, 0 1 2 3 4 5 6 7)
    };
    ($n_rows:ident, |$row:ident, $PLACE:ident| $block:block, $($number:literal)*) => {$(
        if $number < $n_rows {
            const $PLACE: i32 = $number % 4;
            let $row = $number;
            $block
        }
    )*};
}

/// Four bytes of each of the rows from `FIRST` on, as [`dots`] takes them.
#[inline(always)]
unsafe fn rows<const M: usize, const FIRST: usize>(values: &[[i8; 4]; PANEL]) -> [int8x16_t; 2] {
    let four = |first: usize| unsafe { vld1q_s8(values.as_ptr().add(first).cast()) };
    [four(FIRST), if M > 4 { four(4) } else { four(FIRST) }]
}

/// As [`dot`], of `C` registers of columns with `M` rows, four in a register.
#[inline]
#[target_feature(enable = "dotprod")]
fn dots<const M: usize, const C: usize>(
    sums: &mut [[int32x4_t; C]; M],
    weights: [int8x16_t; C],
    rows: [int8x16_t; 2],
) {
    for_each_row!(M, |m, PLACE| {
        for c in 0..C {
            sums[m][c] = dot::<PLACE>(sums[m][c], weights[c], rows[m / 4]);
        }
    });
}

/// Four floats of 16 bits, from the one `at` on. The intrinsic of this instruction is younger than the
/// oldest compiler that will do.
#[inline(always)]
unsafe fn widened(halves: &[f16; TILE], at: usize) -> float32x4_t {
    let wide: float32x4_t;
    unsafe {
        let halves = vld1_u16(halves.as_ptr().add(at).cast());
        asm!(
            "fcvtl {wide:v}.4s, {halves:v}.4h",
            wide = lateout(vreg) wide,
            halves = in(vreg) halves,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    wide
}

/// As [`dots`], of two rows of values, those at `k / 8`.
#[inline]
#[target_feature(enable = "dotprod")]
unsafe fn add_rows<const M: usize, const FIRST: usize, const C: usize>(
    sums: &mut [[int32x4_t; C]; M],
    values: [[int8x16_t; C]; 2],
    panel: &Q8Panel,
    at: usize,
) {
    for (group, values) in panel.values[2 * at..].iter().zip(values) {
        dots(sums, values, unsafe { rows::<M, FIRST>(group) });
    }
}

/// The weights of `C` registers of columns.
#[inline(always)]
unsafe fn bytes<const C: usize>(values: &[u8; 64], columns: usize) -> [uint8x16_t; C] {
    std::array::from_fn(|c| unsafe { vld1q_u8(values.as_ptr().add(16 * (columns + c))) })
}

/// Two rows of four bits.
#[inline(always)]
unsafe fn four_bits<const C: usize>(values: &[u8; 64], columns: usize) -> [[uint8x16_t; C]; 2] {
    unsafe {
        let packed = bytes::<C>(values, columns);
        let low = packed.map(|p| vandq_u8(p, vdupq_n_u8(15)));
        [low, packed.map(|p| vshrq_n_u8::<4>(p))]
    }
}

/// Two rows of six bits, those at `k / 8`, without the 32 that they have too much.
#[inline(always)]
unsafe fn six_bits<const C: usize>(
    tile: &Q6Tile,
    at: usize,
    columns: usize,
) -> [[int8x16_t; C]; 2] {
    unsafe {
        let high = bytes::<C>(&tile.high[at / 2], columns);
        let high = match at % 2 {
            0 => [high.map(|h| vshlq_n_u8::<4>(h)), high.map(|h| vshlq_n_u8::<2>(h))],
            _ => [high, high.map(|h| vshrq_n_u8::<2>(h))],
        };
        let low = four_bits::<C>(&tile.low[at], columns);
        let value = |row: usize, c: usize| {
            let value = vorrq_u8(low[row][c], vandq_u8(high[row][c], vdupq_n_u8(48)));
            vreinterpretq_s8_u8(vsubq_u8(value, vdupq_n_u8(32)))
        };
        [std::array::from_fn(|c| value(0, c)), std::array::from_fn(|c| value(1, c))]
    }
}

/// The 8-bit numbers of `C` registers of columns for both sub-blocks of a pair.
#[inline(always)]
unsafe fn unsigned<const C: usize>(pairs: &[u8; 32], columns: usize) -> [[int32x4_t; C]; 2] {
    split(std::array::from_fn(|c| unsafe {
        vmovl_u8(vld1_u8(pairs.as_ptr().add(2 * LANES * (columns + c))))
    }))
}

/// As [`unsigned`], of numbers with a sign.
#[inline(always)]
unsafe fn signed<const C: usize>(pairs: &[i8; 32], columns: usize) -> [[int32x4_t; C]; 2] {
    split(std::array::from_fn(|c| unsafe {
        let pairs = vld1_s8(pairs.as_ptr().add(2 * LANES * (columns + c)));
        vreinterpretq_u16_s16(vmovl_s8(pairs))
    }))
}

/// The lower 16 bits of every 32, widened with their sign; the upper 16.
#[inline(always)]
fn split<const N: usize>(pairs: [uint16x8_t; N]) -> [[int32x4_t; N]; 2] {
    unsafe {
        let pairs = pairs.map(|pairs| vreinterpretq_s32_u16(pairs));
        let even = pairs.map(|pairs| vshrq_n_s32::<16>(vshlq_n_s32::<16>(pairs)));
        [even, pairs.map(|pairs| vshrq_n_s32::<16>(pairs))]
    }
}

/// a - b.
#[inline(always)]
fn minus<const C: usize>(a: [int32x4_t; C], b: [int32x4_t; C]) -> [int32x4_t; C] {
    std::array::from_fn(|c| unsafe { vsubq_s32(a[c], b[c]) })
}

/// sums + a * b.
#[inline(always)]
fn add_products<const C: usize>(sums: &mut [int32x4_t; C], a: [int32x4_t; C], b: [int32x4_t; C]) {
    for c in 0..C {
        sums[c] = unsafe { vmlaq_s32(sums[c], a[c], b[c]) };
    }
}

/// One block of sixteen rows of a matrix.
pub trait Block {
    /// The block of activations that it meets.
    type Panel;

    /// Adds its products to `C` registers of columns, from the register `columns` on, of `M` rows,
    /// from the row `FIRST` on.
    ///
    /// # Safety
    /// The CPU has the dot products.
    unsafe fn add<const M: usize, const FIRST: usize, const C: usize>(
        &self,
        panel: &Self::Panel,
        columns: usize,
        sums: &mut Sums,
    );
}

/// Sixteen columns of a matrix for the first `n` rows of the panels.
///
/// # Safety
/// The CPU has the dot products.
#[target_feature(enable = "dotprod")]
pub unsafe fn columns<B: Block>(blocks: &[B], panels: &[B::Panel], n: usize) -> Sums {
    let mut sums = [[0f32; TILE]; PANEL];
    for (block, panel) in blocks.iter().zip(panels) {
        prefetch::ahead(block, 0, 1);
        // SAFETY: the caller's.
        unsafe {
            match n {
                1 => block.add::<1, 0, 4>(panel, 0, &mut sums),
                2 => block.add::<2, 0, 4>(panel, 0, &mut sums),
                3..=6 => block.add::<4, 0, 4>(panel, 0, &mut sums),
                _ => {
                    block.add::<8, 0, 2>(panel, 0, &mut sums);
                    block.add::<8, 0, 2>(panel, 2, &mut sums);
                }
            }
            match n {
                5 => block.add::<1, 4, 4>(panel, 0, &mut sums),
                6 => block.add::<2, 4, 4>(panel, 0, &mut sums),
                _ => {}
            }
        }
    }
    sums
}

impl Block for Q4Tile {
    type Panel = Q8Panel;

    #[target_feature(enable = "dotprod")]
    unsafe fn add<const M: usize, const FIRST: usize, const C: usize>(
        &self,
        panel: &Q8Panel,
        columns: usize,
        sums: &mut Sums,
    ) {
        unsafe {
            let zero = [vdupq_n_s32(0); C];
            let (mut so_far, mut products) = ([zero; M], [zero; M]);
            for pair in 0..4 {
                let [even, odd] = unsigned::<C>(&self.scales[pair], columns);
                let next =
                    self.scales.get(pair + 1).map_or(zero, |next| unsigned(next, columns)[0]);
                let steps = [minus(even, odd), minus(odd, next)];
                for half in 0..2 {
                    for group in 0..4 {
                        let at = 8 * pair + 4 * half + group;
                        let values = four_bits::<C>(&self.values[at], columns)
                            .map(|row| row.map(|v| vreinterpretq_s8_u8(v)));
                        add_rows::<M, FIRST, C>(&mut so_far, values, panel, at);
                    }
                    for m in 0..M {
                        add_products(&mut products[m], so_far[m], steps[half]);
                    }
                }
            }
            let offsets = q4_offsets::<M, FIRST, C>(self, panel, columns);
            for c in 0..C {
                let at = LANES * (columns + c);
                let (scale, min) = (widened(&self.scale, at), widened(&self.min, at));
                for m in 0..M {
                    let product = vmulq_f32(scale, vcvtq_f32_s32(products[m][c]));
                    let value = vfmsq_f32(product, min, vcvtq_f32_s32(offsets[m][c]));
                    add(&mut sums[FIRST + m], at, value, panel.scale[FIRST + m]);
                }
            }
        }
    }
}

/// The minima of a block times the sums of the activations, as dot products of bytes: a sum is at
/// most 32 * 127 = 4064, so its upper part in units of 64 and the rest, 0 to 63, are bytes each.
#[inline]
#[target_feature(enable = "dotprod")]
unsafe fn q4_offsets<const M: usize, const FIRST: usize, const C: usize>(
    tile: &Q4Tile,
    panel: &Q8Panel,
    columns: usize,
) -> [[int32x4_t; C]; M] {
    unsafe {
        let mins = [0, 2].map(|pair| minima::<C>(&tile.mins, pair, columns));
        let sums = [0, 2].map(|pair| {
            let first = upper_and_rest(&panel.sums_32, pair, FIRST);
            [first, if M > 4 { upper_and_rest(&panel.sums_32, pair, 4) } else { first }]
        });
        let mut offsets = [[vdupq_n_s32(0); C]; M];
        for part in 0..2 {
            for half in 0..2 {
                let [first, second] = sums[half];
                dots(&mut offsets, mins[half], [first[part], second[part]]);
            }
            if part == 0 {
                offsets = offsets.map(|row| row.map(|offsets| vshlq_n_s32::<6>(offsets)));
            }
        }
        offsets
    }
}

/// The minima of four sub-blocks, from the pair `pair` on, side by side for each column.
#[inline(always)]
unsafe fn minima<const C: usize>(
    mins: &[[u8; 32]; 4],
    pair: usize,
    columns: usize,
) -> [int8x16_t; C] {
    std::array::from_fn(|c| unsafe {
        let at = 2 * LANES * (columns + c);
        let first = vreinterpret_u16_u8(vld1_u8(mins[pair].as_ptr().add(at)));
        let second = vreinterpret_u16_u8(vld1_u8(mins[pair + 1].as_ptr().add(at)));
        let zipped = vcombine_u16(vzip1_u16(first, second), vzip2_u16(first, second));
        vreinterpretq_s8_u16(zipped)
    })
}

/// The sums of four sub-blocks, from the pair `pair` on, side by side for each of four rows, from
/// the row `first` on: their upper parts, in units of 64, and the rest.
#[inline(always)]
unsafe fn upper_and_rest(
    sums: &[[[i16; 2]; PANEL]; 4],
    pair: usize,
    first: usize,
) -> [int8x16_t; 2] {
    let pairs = |pair: usize| unsafe { vld1q_s32(sums[pair].as_ptr().add(first).cast()) };
    unsafe {
        let (a, b) = (pairs(pair), pairs(pair + 1));
        let a_and_b = [vzip1q_s32(a, b), vzip2q_s32(a, b)].map(|s| vreinterpretq_s16_s32(s));
        let upper = a_and_b.map(|sums| vshrn_n_s16::<6>(sums));
        let lower = a_and_b.map(|sums| vmovn_s16(sums));
        let rest = vandq_s8(vcombine_s8(lower[0], lower[1]), vdupq_n_s8(63));
        [vcombine_s8(upper[0], upper[1]), rest]
    }
}

impl Block for Q6Tile {
    type Panel = Q8Panel;

    #[target_feature(enable = "dotprod")]
    unsafe fn add<const M: usize, const FIRST: usize, const C: usize>(
        &self,
        panel: &Q8Panel,
        columns: usize,
        sums: &mut Sums,
    ) {
        unsafe {
            let zero = [vdupq_n_s32(0); C];
            let (mut so_far, mut products) = ([zero; M], [zero; M]);
            for pair in 0..8 {
                let [even, odd] = signed::<C>(&self.scales[pair], columns);
                let next = self.scales.get(pair + 1).map_or(zero, |next| signed(next, columns)[0]);
                let steps = [minus(even, odd), minus(odd, next)];
                for half in 0..2 {
                    for at in 4 * pair + 2 * half..4 * pair + 2 * half + 2 {
                        let values = six_bits::<C>(self, at, columns);
                        add_rows::<M, FIRST, C>(&mut so_far, values, panel, at);
                    }
                    for m in 0..M {
                        add_products(&mut products[m], so_far[m], steps[half]);
                    }
                }
            }
            for c in 0..C {
                let at = LANES * (columns + c);
                let scale = vld1q_f32(self.scale.as_ptr().add(at));
                for m in 0..M {
                    let value = vmulq_f32(scale, vcvtq_f32_s32(products[m][c]));
                    add(&mut sums[FIRST + m], at, value, panel.scale[FIRST + m]);
                }
            }
        }
    }
}

/// Of a Q5_0 or Q8_0 matrix. Without their bias its values are bytes with a sign.
impl<const BIAS: u8> Block for ShortTile<BIAS> {
    type Panel = ShortPanel;

    #[target_feature(enable = "dotprod")]
    unsafe fn add<const M: usize, const FIRST: usize, const C: usize>(
        &self,
        panel: &ShortPanel,
        columns: usize,
        sums: &mut Sums,
    ) {
        unsafe {
            let mut products = [[vdupq_n_s32(0); C]; M];
            for (values, activations) in self.values.iter().zip(&panel.values) {
                let values = bytes::<C>(values, columns);
                let values = values.map(|v| vreinterpretq_s8_u8(vsubq_u8(v, vdupq_n_u8(BIAS))));
                dots(&mut products, values, rows::<M, FIRST>(activations));
            }
            for c in 0..C {
                let at = LANES * (columns + c);
                let scale = vld1q_f32(self.scale.as_ptr().add(at));
                for m in 0..M {
                    let value = vmulq_f32(scale, vcvtq_f32_s32(products[m][c]));
                    add(&mut sums[FIRST + m], at, value, panel.scale[FIRST + m]);
                }
            }
        }
    }
}

/// Adds four columns of a block, times the scale of a row.
#[inline(always)]
unsafe fn add(sums: &mut [f32; TILE], at: usize, value: float32x4_t, scale: f32) {
    unsafe {
        let to = sums.as_mut_ptr().add(at);
        vst1q_f32(to, vfmaq_n_f32(vld1q_f32(to), value, scale));
    }
}
