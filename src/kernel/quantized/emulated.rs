//! The loops of avx512.rs with a model of their instructions in plain Rust, so that they are tested
//! on every machine. The names are those of the intrinsics; what each does is told in Intel's
//! Intrinsics Guide.

// Twice on purpose: with other instructions.
#[allow(clippy::duplicate_mod)]
#[path = "avx512.rs"]
pub mod loops;

mod arch {
    #![allow(non_camel_case_types, clippy::missing_safety_doc)]

    #[derive(Clone, Copy)]
    pub struct __m512i([u8; 64]);
    #[derive(Clone, Copy)]
    pub struct __m256i([u8; 32]);
    #[derive(Clone, Copy)]
    pub struct __m512([f32; 16]);

    impl __m512i {
        fn words(self) -> [i32; 16] {
            std::array::from_fn(|i| {
                i32::from_le_bytes(std::array::from_fn(|byte| self.0[4 * i + byte]))
            })
        }

        fn halves(self) -> [i16; 32] {
            std::array::from_fn(|i| i16::from_le_bytes([self.0[2 * i], self.0[2 * i + 1]]))
        }

        fn of_words(words: [i32; 16]) -> Self {
            Self(std::array::from_fn(|i| words[i / 4].to_le_bytes()[i % 4]))
        }

        fn of_halves(halves: [i16; 32]) -> Self {
            Self(std::array::from_fn(|i| halves[i / 2].to_le_bytes()[i % 2]))
        }

        fn map(self, f: impl Fn(i32) -> i32) -> Self {
            Self::of_words(self.words().map(f))
        }

        fn with(self, other: Self, f: impl Fn(i32, i32) -> i32) -> Self {
            let (a, b) = (self.words(), other.words());
            Self::of_words(std::array::from_fn(|i| f(a[i], b[i])))
        }
    }

    impl __m512 {
        fn with(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
            Self(std::array::from_fn(|i| f(self.0[i], other.0[i])))
        }
    }

    pub unsafe fn _mm512_setzero_si512() -> __m512i {
        __m512i([0; 64])
    }

    pub unsafe fn _mm512_setzero_ps() -> __m512 {
        __m512([0.0; 16])
    }

    pub unsafe fn _mm512_set1_epi8(value: i8) -> __m512i {
        __m512i([value as u8; 64])
    }

    pub unsafe fn _mm512_set1_epi16(value: i16) -> __m512i {
        __m512i::of_halves([value; 32])
    }

    pub unsafe fn _mm512_set1_epi32(value: i32) -> __m512i {
        __m512i::of_words([value; 16])
    }

    pub unsafe fn _mm512_set1_ps(value: f32) -> __m512 {
        __m512([value; 16])
    }

    pub unsafe fn _mm512_load_si512(at: *const __m512i) -> __m512i {
        assert!(at.addr().is_multiple_of(64));
        unsafe { __m512i(at.cast::<[u8; 64]>().read()) }
    }

    pub unsafe fn _mm512_store_si512(at: *mut __m512i, value: __m512i) {
        assert!(at.addr().is_multiple_of(64));
        unsafe { at.cast::<[u8; 64]>().write(value.0) }
    }

    pub unsafe fn _mm512_loadu_ps(at: *const f32) -> __m512 {
        unsafe { __m512(at.cast::<[f32; 16]>().read_unaligned()) }
    }

    pub unsafe fn _mm256_load_si256(at: *const __m256i) -> __m256i {
        assert!(at.addr().is_multiple_of(32));
        unsafe { __m256i(at.cast::<[u8; 32]>().read()) }
    }

    pub unsafe fn _mm512_load_ps(at: *const f32) -> __m512 {
        assert!(at.addr().is_multiple_of(64));
        unsafe { __m512(at.cast::<[f32; 16]>().read()) }
    }

    pub unsafe fn _mm512_storeu_ps(at: *mut f32, values: __m512) {
        unsafe { at.cast::<[f32; 16]>().write_unaligned(values.0) }
    }

    pub unsafe fn _mm512_cvtepu8_epi16(bytes: __m256i) -> __m512i {
        __m512i::of_halves(bytes.0.map(i16::from))
    }

    pub unsafe fn _mm512_cvtepi8_epi16(bytes: __m256i) -> __m512i {
        __m512i::of_halves(bytes.0.map(|byte| i16::from(byte as i8)))
    }

    pub unsafe fn _mm512_cvtph_ps(halves: __m256i) -> __m512 {
        let half = |i: usize| half::f16::from_le_bytes([halves.0[2 * i], halves.0[2 * i + 1]]);
        __m512(std::array::from_fn(|i| half(i).to_f32()))
    }

    pub unsafe fn _mm512_cvtepi32_ps(a: __m512i) -> __m512 {
        __m512(a.words().map(|word| word as f32))
    }

    pub unsafe fn _mm512_and_si512(a: __m512i, b: __m512i) -> __m512i {
        __m512i(std::array::from_fn(|i| a.0[i] & b.0[i]))
    }

    pub unsafe fn _mm512_or_si512(a: __m512i, b: __m512i) -> __m512i {
        __m512i(std::array::from_fn(|i| a.0[i] | b.0[i]))
    }

    pub unsafe fn _mm512_slli_epi16<const BITS: u32>(a: __m512i) -> __m512i {
        __m512i::of_halves(a.halves().map(|half| half << BITS))
    }

    pub unsafe fn _mm512_srli_epi16<const BITS: u32>(a: __m512i) -> __m512i {
        __m512i::of_halves(a.halves().map(|half| (half as u16 >> BITS) as i16))
    }

    pub unsafe fn _mm512_slli_epi32<const BITS: u32>(a: __m512i) -> __m512i {
        a.map(|word| word << BITS)
    }

    pub unsafe fn _mm512_srai_epi32<const BITS: u32>(a: __m512i) -> __m512i {
        a.map(|word| word >> BITS)
    }

    pub unsafe fn _mm512_add_epi32(a: __m512i, b: __m512i) -> __m512i {
        a.with(b, i32::wrapping_add)
    }

    pub unsafe fn _mm512_sub_epi32(a: __m512i, b: __m512i) -> __m512i {
        a.with(b, i32::wrapping_sub)
    }

    pub unsafe fn _mm512_mullo_epi32(a: __m512i, b: __m512i) -> __m512i {
        a.with(b, i32::wrapping_mul)
    }

    pub unsafe fn _mm512_add_epi16(a: __m512i, b: __m512i) -> __m512i {
        let (a, b) = (a.halves(), b.halves());
        __m512i::of_halves(std::array::from_fn(|i| a[i].wrapping_add(b[i])))
    }

    pub unsafe fn _mm512_mullo_epi16(a: __m512i, b: __m512i) -> __m512i {
        let (a, b) = (a.halves(), b.halves());
        __m512i::of_halves(std::array::from_fn(|i| a[i].wrapping_mul(b[i])))
    }

    /// To the nearest, of two as near the even one; what is no such integer is the smallest.
    pub unsafe fn _mm512_cvtps_epi32(a: __m512) -> __m512i {
        let rounded = |x: f32| match x.round_ties_even() {
            x if x.abs() < 2f32.powi(31) => x as i32,
            _ => i32::MIN,
        };
        __m512i::of_words(a.0.map(rounded))
    }

    pub unsafe fn _mm512_madd_epi16(a: __m512i, b: __m512i) -> __m512i {
        let (a, b) = (a.halves(), b.halves());
        let product = |i: usize| i32::from(a[i]) * i32::from(b[i]);
        __m512i::of_words(std::array::from_fn(|i| product(2 * i).wrapping_add(product(2 * i + 1))))
    }

    pub unsafe fn _mm512_dpwssd_epi32(sum: __m512i, a: __m512i, b: __m512i) -> __m512i {
        unsafe { _mm512_add_epi32(sum, _mm512_madd_epi16(a, b)) }
    }

    /// Nothing that changes a value.
    pub fn pin<const M: usize>(_sums: &mut [__m512i; M]) {}

    /// Bytes of `a` without a sign times bytes of `b` with one.
    pub unsafe fn _mm512_dpbusd_epi32(sum: __m512i, a: __m512i, b: __m512i) -> __m512i {
        let product = |i: usize| i32::from(a.0[i]) * i32::from(b.0[i] as i8);
        let sums = sum.words();
        __m512i::of_words(std::array::from_fn(|i| {
            (4 * i..4 * i + 4).fold(sums[i], |sum, byte| sum.wrapping_add(product(byte)))
        }))
    }

    pub unsafe fn _mm512_add_ps(a: __m512, b: __m512) -> __m512 {
        a.with(b, |a, b| a + b)
    }

    pub unsafe fn _mm512_mul_ps(a: __m512, b: __m512) -> __m512 {
        a.with(b, |a, b| a * b)
    }

    pub unsafe fn _mm512_div_ps(a: __m512, b: __m512) -> __m512 {
        a.with(b, |a, b| a / b)
    }

    /// The second where one is no number.
    pub unsafe fn _mm512_max_ps(a: __m512, b: __m512) -> __m512 {
        a.with(b, |a, b| if a > b { a } else { b })
    }

    pub unsafe fn _mm512_abs_ps(a: __m512) -> __m512 {
        __m512(a.0.map(f32::abs))
    }

    pub unsafe fn _mm512_fmadd_ps(a: __m512, b: __m512, c: __m512) -> __m512 {
        __m512(std::array::from_fn(|i| a.0[i].mul_add(b.0[i], c.0[i])))
    }

    pub unsafe fn _mm512_fnmadd_ps(a: __m512, b: __m512, c: __m512) -> __m512 {
        __m512(std::array::from_fn(|i| (-a.0[i]).mul_add(b.0[i], c.0[i])))
    }
}
