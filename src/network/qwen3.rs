//! Qwen3 (Yang et al. 2025, <https://arxiv.org/abs/2505.09388>): no biases, queries and keys are
//! normed head by head, and heads have a width of their own.

use candle_core::Result;

use super::config::Config;
use super::gguf::GgufFile;
use super::rope::Pairs;

/// Reads the `qwen3.*` metadata.
///
/// # Errors
/// When a key is missing or the sizes do not fit each other.
pub fn config(file: &GgufFile) -> Result<Config> {
    Ok(Config { qk_norm: true, ..Config::from_gguf(file, Pairs::Halves)? })
}
