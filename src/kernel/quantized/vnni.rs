//! The loops of avx512.rs with the instructions of the CPU.

mod arch {
    pub use std::arch::x86_64::*;
}

#[allow(clippy::duplicate_mod)]
#[path = "avx512.rs"]
mod loops;

use super::tiles::{PANEL, Q4Tile, Q6Tile, Q8Panel, Sums, TILE};

/// Sixteen columns of a Q4_K matrix for the first `n` rows of the panels.
///
/// # Safety
/// The CPU has AVX-512 F, BW and VNNI.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub unsafe fn q4(tiles: &[Q4Tile], panels: &[Q8Panel], n: usize) -> Sums {
    let mut sums = [[0f32; TILE]; PANEL];
    // SAFETY: the caller's.
    unsafe {
        match n {
            1 => sums[..1].copy_from_slice(&loops::q4::<1>(tiles, panels)),
            2 => sums[..2].copy_from_slice(&loops::q4::<2>(tiles, panels)),
            3 | 4 => sums[..4].copy_from_slice(&loops::q4::<4>(tiles, panels)),
            _ => sums = loops::q4::<PANEL>(tiles, panels),
        }
    }
    sums
}

/// Sixteen columns of a Q6_K matrix for the first `n` rows of the panels.
///
/// # Safety
/// As [`q4`].
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub unsafe fn q6(tiles: &[Q6Tile], panels: &[Q8Panel], n: usize) -> Sums {
    let mut sums = [[0f32; TILE]; PANEL];
    // SAFETY: the caller's.
    unsafe {
        match n {
            1 => sums[..1].copy_from_slice(&loops::q6::<1>(tiles, panels)),
            2 => sums[..2].copy_from_slice(&loops::q6::<2>(tiles, panels)),
            3 | 4 => sums[..4].copy_from_slice(&loops::q6::<4>(tiles, panels)),
            _ => sums = loops::q6::<PANEL>(tiles, panels),
        }
    }
    sums
}
