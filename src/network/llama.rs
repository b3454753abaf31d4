//! Llama (Touvron et al. 2023, <https://arxiv.org/abs/2302.13971>) and those built like it: Llama 2
//! and 3, Mistral 7B (Jiang et al. 2023, <https://arxiv.org/abs/2310.06825>), SmolLM2. GGUF files of
//! them keep the pairs of rotary positions side by side.

use candle_core::{Device, Result};

use super::config::Config;
use super::gguf::GgufFile;
use super::rope::Pairs;

/// Llama 3.1 and later: what the rotary frequencies are divided by (Grattafiori et al. 2024,
/// <https://arxiv.org/abs/2407.21783>).
const ROPE_FREQS: &str = "rope_freqs.weight";

/// Reads the `llama.*` metadata.
///
/// # Errors
/// When a key is missing or the sizes do not fit each other.
pub fn config(file: &GgufFile) -> Result<Config> {
    let mut config = Config::from_gguf(file, Pairs::Neighbours)?;
    if file.shape(ROPE_FREQS).is_some() {
        let factors = file.dequantized(ROPE_FREQS, &Device::Cpu)?.flatten_all()?.to_vec1()?;
        let ropes = config.ropes.into_iter().map(|rope| rope.divided(&factors));
        config.ropes = ropes.collect::<Result<_>>()?;
    }
    Ok(config)
}

/// SmolLM3 (<https://huggingface.co/blog/smollm3>): Llama whose every fourth layer is not told
/// positions (Yang et al. 2025, <https://arxiv.org/abs/2501.18795>).
///
/// # Errors
/// As [`config`].
pub fn smollm3(file: &GgufFile) -> Result<Config> {
    let mut config = config(file)?;
    config.layers.iter_mut().skip(3).step_by(4).for_each(|layer| layer.rope = None);
    Ok(config)
}
