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

use super::tiles::{PANEL, Q4Tile, Q5Tile, Q6Tile, Q8Panel, Q8Tile, ShortPanel, Sums, TILE};

/// A function that calls the loop of a format for as many rows as there are, or a few more.
macro_rules! by_rows {
    ($name:ident, $Tile:ty, $Panel:ty) => {
        /// Sixteen columns of a matrix of this format for the first `n` rows of the panels.
        ///
        /// # Safety
        /// The CPU has AVX-512 F, BW and VNNI.
        #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
        pub unsafe fn $name(tiles: &[$Tile], panels: &[$Panel], n: usize) -> Sums {
            let mut sums = [[0f32; TILE]; PANEL];
            // SAFETY: the caller's.
            unsafe {
                match n {
                    1 => sums[..1].copy_from_slice(&loops::$name::<1>(tiles, panels)),
                    2 => sums[..2].copy_from_slice(&loops::$name::<2>(tiles, panels)),
                    3 | 4 => sums[..4].copy_from_slice(&loops::$name::<4>(tiles, panels)),
                    _ => sums = loops::$name::<PANEL>(tiles, panels),
                }
            }
            sums
        }
    };
}

by_rows!(q4, Q4Tile, Q8Panel);
by_rows!(q6, Q6Tile, Q8Panel);
by_rows!(q5_0, Q5Tile, ShortPanel);
by_rows!(q8_0, Q8Tile, ShortPanel);
