//! Weights that are not in the cache yet.
//!
//! A pass reads every weight once, in order. With few rows, that is what it waits for: the processor
//! looks ahead by itself, but not far enough, and not at all from page to page.

/// How far, in bytes: the time that main memory takes is the work on some blocks.
const AHEAD: usize = 20 * 1024;
/// Bytes that come together.
const LINE: usize = 64;

/// Asks for what lies that far behind a part of a block. The requests are spread over the work on
/// the block, because the processor takes only so many at a time.
#[inline(always)]
pub fn ahead<T>(block: &T, part: usize, n_parts: usize) {
    let n_lines = size_of::<T>().div_ceil(LINE).div_ceil(n_parts);
    let first = std::ptr::from_ref(block).cast::<u8>().wrapping_add(AHEAD + part * n_lines * LINE);
    for line in 0..n_lines {
        fetch(first.wrapping_add(line * LINE));
    }
}

/// Asks for one line. There need not be anything at the address: then nothing happens.
#[inline(always)]
fn fetch(address: *const u8) {
    // SAFETY: a prefetch is a hint, which reads nothing and never faults.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address.cast());
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        std::arch::asm!(
            "prfm pldl1keep, [{0}]",
            in(reg) address,
            options(readonly, nostack, preserves_flags)
        );
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let _ = address;
}
