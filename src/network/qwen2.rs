//! Qwen2 (Yang et al. 2024, <https://arxiv.org/abs/2407.10671>): the shared decoder with biases on
//! q, k and v, which are added where the file has them.

use candle_core::Result;

use super::config::Config;
use super::gguf::GgufFile;
use super::rope::Pairs;

/// Reads the `qwen2.*` metadata.
///
/// # Errors
/// When a key is missing or the sizes do not fit each other.
pub fn config(file: &GgufFile) -> Result<Config> {
    Config::from_gguf(file, Pairs::Halves)
}
