//! Where the network runs. The only place that knows the device features of the build.

use candle_core::Device as CandleDevice;

use crate::kernel::cpu::{Kernel, VARIABLE};
use crate::{Error, Result};

/// A processor that networks run on.
#[derive(Debug, Clone)]
pub struct Device(CandleDevice);

impl Device {
    /// Finds the device that the user named: `auto`, `cpu`, `cuda`, `cuda:1`, `metal`.
    ///
    /// # Errors
    /// When the name means nothing, the build lacks the device, or the machine does.
    pub fn named(name: &str) -> Result<Self> {
        let (kind, ordinal) = match name.split_once(':') {
            Some((kind, n)) => {
                (kind, n.parse().map_err(|_| Error::device(name, "no such number"))?)
            }
            None => (name, 0),
        };
        // A wrong wish is told before a model is fetched.
        Self::kernel()?;
        match kind {
            "cpu" => Ok(Self::cpu()),
            "auto" => Ok(Self::auto()),
            "cuda" => Self::cuda(name, ordinal),
            "metal" => Self::metal(name, ordinal),
            _ => Err(Error::device(name, "the devices are auto, cpu, cuda[:N] and metal")),
        }
    }

    /// The kernels that run on the CPU.
    ///
    /// # Errors
    /// When the user forces one that does not exist or that the CPU cannot run.
    pub fn kernel() -> Result<Kernel> {
        Kernel::chosen().map_err(|reason| Error::Usage {
            message: reason.into(),
            hint: format!("unset {VARIABLE}, and the best one runs"),
        })
    }

    /// The CPU.
    pub fn cpu() -> Self {
        Self(CandleDevice::Cpu)
    }

    fn auto() -> Self {
        Self::cuda("cuda", 0).or_else(|_| Self::metal("metal", 0)).unwrap_or_else(|_| Self::cpu())
    }

    fn cuda(name: &str, ordinal: usize) -> Result<Self> {
        if !cfg!(feature = "cuda") {
            return Err(Error::device(name, "this build has no CUDA; build with --features cuda"));
        }
        let reason = |e: candle_core::Error| cuda_reason(&e.to_string());
        CandleDevice::new_cuda(ordinal).map(Self).map_err(|e| Error::device(name, &reason(e)))
    }

    fn metal(name: &str, ordinal: usize) -> Result<Self> {
        if !cfg!(feature = "metal") {
            return Err(Error::device(
                name,
                "this build has no Metal; build with --features metal",
            ));
        }
        CandleDevice::new_metal(ordinal).map(Self).map_err(|e| Error::device(name, &e.to_string()))
    }

    /// `cpu`, `cuda` or `metal`.
    pub fn kind(&self) -> &'static str {
        match self.0 {
            CandleDevice::Cpu => "cpu",
            CandleDevice::Cuda(_) => "cuda",
            CandleDevice::Metal(_) => "metal",
        }
    }

    /// Whether this build was made for a CPU with the vector instructions of this one. Where not,
    /// matrices in forms other than Q4_K, Q6_K, Q5_0 and Q8_0 are multiplied several times slower.
    pub fn has_own_build() -> bool {
        #[cfg(target_arch = "x86_64")]
        {
            cfg!(target_feature = "avx2") || !std::arch::is_x86_feature_detected!("avx2")
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            true
        }
    }

    /// Makes this the thread that engines run on. The great products are divided among the threads
    /// of `kernel::parallel`, or candle's where the product is candle's, and small things among
    /// rayon's; rayon's threads would only take turns with the others, so rayon gets this thread
    /// and no other. For programs that run one engine, and call rayon from no other thread.
    pub fn claim_thread() {
        let builder = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
        // Whoever has set up the pool before has decided.
        let _ = builder.build_global();
    }

    /// Sets how many threads all arithmetic uses, the kernels' and candle's. To be called first of
    /// all, while the program has one thread and no arithmetic was done.
    pub fn limit_threads(n: usize) {
        for name in ["CANDLE_NUM_THREADS", "RAYON_NUM_THREADS"] {
            // SAFETY: there is no other thread yet that could read the environment meanwhile.
            unsafe { std::env::set_var(name, n.to_string()) };
        }
    }

    /// Threads that the CPU arithmetic uses.
    pub fn n_threads() -> usize {
        candle_core::utils::get_num_threads()
    }

    pub(crate) fn candle(&self) -> &CandleDevice {
        &self.0
    }
}

/// What the driver's names for errors mean. It says so itself only where it is installed.
const CUDA_ERRORS: [(&str, &str); 4] = [
    ("CUDA_ERROR_STUB_LIBRARY", "NVIDIA's driver is not installed on this machine"),
    ("CUDA_ERROR_NO_DEVICE", "this machine has no GPU that CUDA can use"),
    ("CUDA_ERROR_INVALID_DEVICE", "this machine has no GPU of that number"),
    ("CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "the parts of NVIDIA's driver do not fit each other"),
];

fn cuda_reason(error: &str) -> String {
    let known = CUDA_ERRORS.iter().find(|(name, _)| error.contains(name));
    known.map_or_else(|| error.to_owned(), |(name, meaning)| format!("{meaning} ({name})"))
}

/// The most memory that this process has had, in bytes, where the system tells.
pub fn peak_memory() -> Option<u64> {
    kilobytes("/proc/self/status", "VmHWM:")
}

/// The memory of this machine that is free for programs, in bytes, where the system tells.
pub fn free_memory() -> Option<u64> {
    kilobytes("/proc/meminfo", "MemAvailable:")
}

fn kilobytes(file: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::cuda_reason;

    #[test]
    fn errors_of_the_driver_are_told_in_words() {
        let told = cuda_reason("DriverError(CUDA_ERROR_NO_DEVICE, \"no CUDA-capable device\")");
        assert_eq!(told, "this machine has no GPU that CUDA can use (CUDA_ERROR_NO_DEVICE)");
        assert_eq!(cuda_reason("out of memory"), "out of memory");
    }
}
