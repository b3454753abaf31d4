//! Where the network runs. The only place that knows the device features of the build.

use candle_core::Device as CandleDevice;

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
        match kind {
            "cpu" => Ok(Self::cpu()),
            "auto" => Ok(Self::auto()),
            "cuda" => Self::cuda(name, ordinal),
            "metal" => Self::metal(name, ordinal),
            _ => Err(Error::device(name, "the devices are auto, cpu, cuda[:N] and metal")),
        }
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
        CandleDevice::new_cuda(ordinal).map(Self).map_err(|e| Error::device(name, &e.to_string()))
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

    /// Whether the CPU has vector instructions that this build does not use: the arithmetic is
    /// then several times slower than it need be.
    pub fn lacks_vector_build() -> bool {
        #[cfg(target_arch = "x86_64")]
        {
            !cfg!(target_feature = "avx2") && std::arch::is_x86_feature_detected!("avx2")
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            false
        }
    }

    /// Makes this the thread that engines run on. candle divides the great products among a pool
    /// of its own and small things among rayon's; the second pool's threads would only take turns
    /// with the first's, so rayon gets this thread and no other. For programs that run one engine,
    /// and call rayon from no other thread.
    pub fn claim_thread() {
        let builder = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
        // Whoever has set up the pool before has decided.
        let _ = builder.build_global();
    }

    /// Threads that the CPU arithmetic uses.
    pub fn n_threads() -> usize {
        candle_core::utils::get_num_threads()
    }

    pub(crate) fn candle(&self) -> &CandleDevice {
        &self.0
    }
}
