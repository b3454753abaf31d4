//! Eight floats at once, by the instructions of the CPU at hand or by those that the build may use.

use wide::f32x8;

/// Eight floats.
pub trait Lanes: Copy {
    /// Whether a product and a sum are one instruction, rounded once.
    const IS_FUSED: bool;

    fn load(floats: &[f32; 8]) -> Self;
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

/// By AVX2 and FMA. To be used only in functions that have these features.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub struct Avx2(std::arch::x86_64::__m256);

/// SAFETY of all: callers run on a CPU with AVX2 and FMA, as the type says; every pointer is that of
/// eight floats.
#[cfg(target_arch = "x86_64")]
impl Lanes for Avx2 {
    const IS_FUSED: bool = true;

    #[inline(always)]
    fn load(floats: &[f32; 8]) -> Self {
        unsafe { Self(std::arch::x86_64::_mm256_loadu_ps(floats.as_ptr())) }
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

/// SAFETY of all: every pointer is that of four floats out of eight.
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
