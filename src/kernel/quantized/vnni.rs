//! The loops of avx512.rs with the instructions of the CPU.

mod arch {
    pub use std::arch::x86_64::*;

    /// Keeps sums in their registers, and what is added to them in its order.
    #[inline(always)]
    pub fn pin<const M: usize>(sums: &mut [__m512i; M]) {
        for sum in sums {
            // SAFETY: there is no instruction; the register stays what it is.
            unsafe {
                std::arch::asm!(
                    "/* {0} */",
                    inout(zmm_reg) * sum,
                    options(pure, nomem, nostack, preserves_flags)
                );
            }
        }
    }
}

#[allow(clippy::duplicate_mod)]
#[path = "avx512.rs"]
mod loops;

use super::tiles::{BytePanel, PANEL, Sums};
pub use loops::Format;
use loops::reading;
pub use loops::reading::Round;

/// The columns of one tile or two for `n_rows` rows, eight a panel.
///
/// # Safety
/// The CPU has AVX-512 F, BW and VNNI.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub unsafe fn columns<F: Format>(
    tiles: &[F],
    n_blocks: usize,
    panels: &[F::Panel],
    n_rows: usize,
    out: &mut [[Sums; 2]],
) {
    let (one, other) = tiles.split_at(n_blocks);
    let panels = (0..n_rows).step_by(PANEL).zip(panels.chunks_exact(n_blocks));
    for ((first, panel), out) in panels.zip(out) {
        let n = n_rows - first;
        // SAFETY: the caller's.
        unsafe {
            if other.is_empty() || n < PANEL {
                for (tiles, out) in tiles.chunks_exact(n_blocks).zip(out) {
                    few(tiles, panel, n, out);
                }
            } else {
                *out = F::beside([one, other], panel);
            }
        }
    }
}

/// The columns of a tile for the first `n` rows of a panel, or a few more.
///
/// # Safety
/// As [`columns`].
#[inline(always)]
unsafe fn few<F: Format>(tiles: &[F], panel: &[F::Panel], n: usize, out: &mut Sums) {
    // SAFETY: the caller's.
    unsafe {
        match n {
            1 => out[..1].copy_from_slice(&F::few::<1>(tiles, panel)),
            2 => out[..2].copy_from_slice(&F::few::<2>(tiles, panel)),
            3 | 4 => out[..4].copy_from_slice(&F::few::<4>(tiles, panel)),
            _ => *out = F::few::<PANEL>(tiles, panel),
        }
    }
}

/// The columns of one tile or two for all rows of the panels, with rounded weights.
///
/// # Safety
/// As [`columns`].
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub unsafe fn read<F: Round>(
    tiles: &[F],
    n_blocks: usize,
    panels: &[BytePanel],
    n_rows: usize,
    out: &mut [[Sums; 2]],
) {
    let (one, other) = tiles.split_at(n_blocks);
    // SAFETY: the caller's.
    unsafe {
        match other.is_empty() {
            true => reading::columns([one], panels, n_rows, out),
            false => reading::columns([one, other], panels, n_rows, out),
        }
    }
}
