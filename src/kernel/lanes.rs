//! Eight floats at once, or thirty-two, by the instructions of the CPU at hand or by those that the build
//! may use.

use half::f16;
use wide::f32x8;

/// Eight floats.
pub trait Lanes: Copy {
    /// Whether a product and a sum are one instruction, rounded once.
    const IS_FUSED: bool;

    fn load(floats: &[f32; 8]) -> Self;
    /// Of 16-bit floats.
    fn widen(halves: &[f16; 8]) -> Self;
    fn splat(x: f32) -> Self;
    /// self * b + c.
    fn mul_add(self, b: Self, c: Self) -> Self;
    fn floats(self) -> [f32; 8];
}

/// a * b + c. Fused only where there is an instruction for it: elsewhere it would be a slow call.
#[inline(always)]
pub fn fused<L: Lanes>(a: f32, b: f32, c: f32) -> f32 {
    if L::IS_FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// By whatever the build may use.
pub type Plain = f32x8;

impl Lanes for f32x8 {
    const IS_FUSED: bool = cfg!(any(target_feature = "fma", target_arch = "aarch64"));

    #[inline(always)]
    fn load(floats: &[f32; 8]) -> Self {
        Self::new(*floats)
    }

    #[inline(always)]
    fn widen(halves: &[f16; 8]) -> Self {
        Self::new(halves.map(widened))
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self::splat(x)
    }

    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        Self::mul_add(self, b, c)
    }

    #[inline(always)]
    fn floats(self) -> [f32; 8] {
        self.to_array()
    }
}

/// A 16-bit float, in a form that vectorises: its exponent counts from 112 less, which a product sets
/// right, also for those that have none. Only the largest exponent is no number, and stays so.
#[inline(always)]
fn widened(half: f16) -> f32 {
    const TWO_TO_112: f32 = f32::from_bits((127 + 112) << 23);
    let bits = u32::from(half.to_bits());
    let size = f32::from_bits((bits & 0x7FFF) << 13) * TWO_TO_112;
    let no_number = if bits & 0x7C00 == 0x7C00 { 0x7F80_0000 } else { 0 };
    f32::from_bits(size.to_bits() | no_number | (bits & 0x8000) << 16)
}

/// By AVX2, FMA and F16C. To be used only in functions that have these features.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub struct Avx2(std::arch::x86_64::__m256);

/// SAFETY of all: callers run on a CPU with AVX2, FMA and F16C, as the type says; every pointer is
/// that of eight floats, of 32 or 16 bits.
#[cfg(target_arch = "x86_64")]
impl Lanes for Avx2 {
    const IS_FUSED: bool = true;

    #[inline(always)]
    fn load(floats: &[f32; 8]) -> Self {
        unsafe { Self(std::arch::x86_64::_mm256_loadu_ps(floats.as_ptr())) }
    }

    #[inline(always)]
    fn widen(halves: &[f16; 8]) -> Self {
        let at = halves.as_ptr().cast();
        unsafe { Self(std::arch::x86_64::_mm256_cvtph_ps(std::arch::x86_64::_mm_loadu_si128(at))) }
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        unsafe { Self(std::arch::x86_64::_mm256_set1_ps(x)) }
    }

    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        unsafe { Self(std::arch::x86_64::_mm256_fmadd_ps(self.0, b.0, c.0)) }
    }

    #[inline(always)]
    fn floats(self) -> [f32; 8] {
        let mut floats = [0f32; 8];
        unsafe { std::arch::x86_64::_mm256_storeu_ps(floats.as_mut_ptr(), self.0) };
        floats
    }
}

/// By NEON, which every 64-bit ARM has.
#[cfg(target_arch = "aarch64")]
#[derive(Clone, Copy)]
pub struct Neon([std::arch::aarch64::float32x4_t; 2]);

/// SAFETY of all: every pointer is that of four floats out of eight, or of eight of 16 bits.
#[cfg(target_arch = "aarch64")]
impl Lanes for Neon {
    const IS_FUSED: bool = true;

    #[inline(always)]
    fn load(floats: &[f32; 8]) -> Self {
        let at = floats.as_ptr();
        unsafe {
            Self([std::arch::aarch64::vld1q_f32(at), std::arch::aarch64::vld1q_f32(at.add(4))])
        }
    }

    /// The intrinsics of these instructions are younger than the oldest compiler that will do.
    #[inline(always)]
    fn widen(halves: &[f16; 8]) -> Self {
        let (low, high);
        unsafe {
            std::arch::asm!(
                "ldr {halves:q}, [{at}]",
                "fcvtl {low:v}.4s, {halves:v}.4h",
                "fcvtl2 {high:v}.4s, {halves:v}.8h",
                at = in(reg) halves.as_ptr(),
                halves = out(vreg) _,
                low = out(vreg) low,
                high = lateout(vreg) high,
                options(pure, readonly, nostack, preserves_flags)
            );
        }
        Self([low, high])
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        unsafe { Self([std::arch::aarch64::vdupq_n_f32(x); 2]) }
    }

    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        let half = |i: usize| unsafe { std::arch::aarch64::vfmaq_f32(c.0[i], self.0[i], b.0[i]) };
        Self([half(0), half(1)])
    }

    #[inline(always)]
    fn floats(self) -> [f32; 8] {
        let mut floats = [0f32; 8];
        let at = floats.as_mut_ptr();
        unsafe {
            std::arch::aarch64::vst1q_f32(at, self.0[0]);
            std::arch::aarch64::vst1q_f32(at.add(4), self.0[1]);
        }
        floats
    }
}

/// Numbers that lie beside each other, sixteen or twice sixteen, in two registers.
pub trait Registers: Copy {
    /// How many sixteens.
    const N_SIXTEENS: usize;
    /// For what is computed number by number beside them.
    type Lanes: Lanes;

    fn zeros() -> Self;
    /// Of whole sixteens, at most as many as there is room for; zeros behind them.
    fn load(floats: &[f32]) -> Self;
    /// As many as there is room for, in whole sixteens.
    fn store(self, to: &mut [f32]);
    /// Of 16-bit floats. Where there is room for one sixteen it is the first.
    fn widen(sixteens: [&[f16; 16]; 2]) -> Self;
    /// self + x * by.
    fn add_product(self, x: f32, by: Self) -> Self;
}

impl<L: Lanes> Registers for [L; 2] {
    const N_SIXTEENS: usize = 1;
    type Lanes = L;

    #[inline(always)]
    fn zeros() -> Self {
        [L::splat(0.0); 2]
    }

    #[inline(always)]
    fn load(floats: &[f32]) -> Self {
        match floats.as_chunks::<8>().0 {
            [low, high, ..] => [L::load(low), L::load(high)],
            _ => Self::zeros(),
        }
    }

    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        for (to, lanes) in to.as_chunks_mut::<8>().0.iter_mut().zip(self) {
            *to = lanes.floats();
        }
    }

    #[inline(always)]
    fn widen([halves, _]: [&[f16; 16]; 2]) -> Self {
        let eights = halves.as_chunks::<8>().0;
        [L::widen(&eights[0]), L::widen(&eights[1])]
    }

    #[inline(always)]
    fn add_product(self, x: f32, by: Self) -> Self {
        let x = L::splat(x);
        [x.mul_add(by[0], self[0]), x.mul_add(by[1], self[1])]
    }
}

/// By AVX-512. To be used only in functions that have F of it, and what [`Avx2`] wants.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub struct Avx512([std::arch::x86_64::__m512; 2]);

/// SAFETY of all: callers run on a CPU with AVX-512 F, as the type says; every pointer is that of
/// sixteen floats, of 32 or 16 bits.
#[cfg(target_arch = "x86_64")]
impl Registers for Avx512 {
    const N_SIXTEENS: usize = 2;
    type Lanes = Avx2;

    #[inline(always)]
    fn zeros() -> Self {
        unsafe { Self([std::arch::x86_64::_mm512_setzero_ps(); 2]) }
    }

    #[inline(always)]
    fn load(floats: &[f32]) -> Self {
        use std::arch::x86_64::_mm512_loadu_ps;
        let Self([zeros, _]) = Self::zeros();
        match floats.as_chunks::<16>().0 {
            [low, high, ..] => unsafe {
                Self([_mm512_loadu_ps(low.as_ptr()), _mm512_loadu_ps(high.as_ptr())])
            },
            [low] => unsafe { Self([_mm512_loadu_ps(low.as_ptr()), zeros]) },
            [] => Self::zeros(),
        }
    }

    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        use std::arch::x86_64::_mm512_storeu_ps;
        match to.as_chunks_mut::<16>().0 {
            [low, high, ..] => unsafe {
                _mm512_storeu_ps(low.as_mut_ptr(), self.0[0]);
                _mm512_storeu_ps(high.as_mut_ptr(), self.0[1]);
            },
            [low] => unsafe { _mm512_storeu_ps(low.as_mut_ptr(), self.0[0]) },
            [] => {}
        }
    }

    #[inline(always)]
    fn widen(sixteens: [&[f16; 16]; 2]) -> Self {
        use std::arch::x86_64::{_mm256_loadu_si256, _mm512_cvtph_ps};
        Self(
            sixteens.map(|halves| unsafe {
                _mm512_cvtph_ps(_mm256_loadu_si256(halves.as_ptr().cast()))
            }),
        )
    }

    #[inline(always)]
    fn add_product(self, x: f32, by: Self) -> Self {
        use std::arch::x86_64::{_mm512_fmadd_ps, _mm512_set1_ps};
        let Self([low, high]) = self;
        unsafe {
            let x = _mm512_set1_ps(x);
            Self([_mm512_fmadd_ps(x, by.0[0], low), _mm512_fmadd_ps(x, by.0[1], high)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_every_half_is_widened(widen: impl Fn(&[f16; 8]) -> [f32; 8]) {
        let halves: Vec<f16> = (0..=u16::MAX).map(f16::from_bits).collect();
        for halves in halves.as_chunks::<8>().0 {
            for (found, half) in widen(halves).into_iter().zip(halves) {
                let expected = half.to_f32();
                let is_equal = found.to_bits() == expected.to_bits();
                assert!(is_equal || found.is_nan() && expected.is_nan(), "{half:?}: {found}");
            }
        }
    }

    #[test]
    fn every_half_is_widened() {
        assert_every_half_is_widened(|halves| Plain::widen(halves).floats());
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn every_half_is_widened_by_avx2() {
        #[target_feature(enable = "avx2,fma,f16c")]
        fn widen(halves: &[f16; 8]) -> [f32; 8] {
            Avx2::widen(halves).floats()
        }
        if crate::kernel::cpu::Kernel::Avx2.is_available() {
            // SAFETY: the CPU has the instructions.
            assert_every_half_is_widened(|halves| unsafe { widen(halves) });
        }
    }

    #[cfg(target_arch = "aarch64")]
    #[test]
    fn every_half_is_widened_by_neon() {
        assert_every_half_is_widened(|halves| Neon::widen(halves).floats());
    }
}
