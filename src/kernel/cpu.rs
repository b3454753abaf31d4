//! Which kernels this CPU runs, found out when the program starts: one build is fast on all.

use std::sync::OnceLock;

/// A set of kernels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// Plain Rust.
    Portable,
    /// AVX2, FMA and F16C.
    Avx2,
    /// AVX-512 with the instruction that multiplies bytes and sums them (VNNI).
    Avx512,
    /// NEON with the instruction that multiplies bytes and sums them (the dot products of ARMv8.2).
    Neon,
}

/// Forces a kernel: for tests, and to find out what one is worth.
pub const VARIABLE: &str = "DEPECHE_KERNEL";

impl Kernel {
    /// From the simplest to the fastest.
    pub const ALL: [Self; 4] = [Self::Portable, Self::Avx2, Self::Avx512, Self::Neon];

    /// The kernel that the user forces, or the fastest of this CPU. It is the same in the whole run.
    ///
    /// # Errors
    /// When the variable names no kernel, or one that this CPU cannot run.
    pub fn chosen() -> Result<Self, &'static str> {
        static CHOSEN: OnceLock<Result<Kernel, String>> = OnceLock::new();
        let chosen = CHOSEN.get_or_init(|| match std::env::var(VARIABLE) {
            Ok(name) => Self::named(&name),
            Err(_) => Ok(Self::best()),
        });
        chosen.as_ref().map(|kernel| *kernel).map_err(String::as_str)
    }

    /// Whether its products are faster than candle's on this CPU, or wanted nevertheless. candle has
    /// kernels of its own for an ARM without dot products, and none for an x86 that the build was
    /// not made for.
    pub fn is_for_products(self) -> bool {
        self != Self::Portable || cfg!(target_arch = "x86_64") || std::env::var(VARIABLE).is_ok()
    }

    /// Rows of a pass that take little longer than one: while the weights come, the products of so many
    /// are made.
    pub fn n_cheap_rows(self) -> usize {
        match self {
            Self::Portable => 1,
            Self::Avx2 | Self::Neon => 8,
            Self::Avx512 => 16,
        }
    }

    /// The fastest that this CPU can run.
    pub fn best() -> Self {
        let best = Self::ALL.into_iter().rfind(|kernel| kernel.is_available());
        best.unwrap_or(Self::Portable)
    }

    fn named(name: &str) -> Result<Self, String> {
        let Some(kernel) = Self::ALL.into_iter().find(|kernel| kernel.name() == name) else {
            return Err(format!("{VARIABLE} is `{name}`, not portable, avx2, avx512 or neon"));
        };
        if !kernel.is_available() {
            return Err(format!("{VARIABLE} is `{name}`, which this CPU cannot run"));
        }
        Ok(kernel)
    }

    /// `portable`, `avx2`, `avx512` or `neon`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Neon => "neon",
        }
    }

    /// What it asks of a CPU.
    pub fn instructions(self) -> &'static str {
        match self {
            Self::Portable => "no vector instructions needed",
            Self::Avx2 => "AVX2, FMA and F16C",
            Self::Avx512 => "AVX-512 F, BW and VNNI",
            Self::Neon => "NEON with dot products",
        }
    }

    /// Whether this CPU has its instructions.
    #[cfg(target_arch = "x86_64")]
    pub fn is_available(self) -> bool {
        use std::arch::is_x86_feature_detected as has;
        match self {
            Self::Portable => true,
            Self::Avx2 => has!("avx2") && has!("fma") && has!("f16c"),
            Self::Avx512 => {
                Self::Avx2.is_available()
                    && has!("avx512f")
                    && has!("avx512bw")
                    && has!("avx512vnni")
            }
            Self::Neon => false,
        }
    }

    /// Whether this CPU has its instructions.
    #[cfg(target_arch = "aarch64")]
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            Self::Neon => std::arch::is_aarch64_feature_detected!("dotprod"),
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// Whether this CPU has its instructions.
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    pub fn is_available(self) -> bool {
        self == Self::Portable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_can_be_named_and_others_not() {
        assert_eq!(Kernel::named(Kernel::best().name()), Ok(Kernel::best()));
        assert_eq!(Kernel::named("portable"), Ok(Kernel::Portable));
        assert!(Kernel::named("avx1024").unwrap_err().contains("avx1024"));
        for kernel in Kernel::ALL {
            assert_eq!(Kernel::named(kernel.name()).is_ok(), kernel.is_available());
        }
    }
}
