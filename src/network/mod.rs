//! The transformers: one decoder, in the order of the paper and with the names of the weights, and
//! a small file an architecture that says what it does otherwise. Weights are immutable; a
//! [`KvCache`] belongs to the sequence that it describes.

mod attention;
mod bart;
pub mod checkpoint;
mod config;
mod decoder;
mod fallback;
mod gemma3;
pub mod gguf;
mod kv_cache;
mod layers;
mod llama;
mod m2m100;
mod marian;
mod qwen2;
mod qwen3;
mod rope;
pub mod seq2seq;
mod t5;

use std::path::Path;

use candle_core::{Device, Result, Tensor, bail};

pub use crate::kernel::quantized::Work;
use checkpoint::{Checkpoint, Precision};
use decoder::Decoder;
use fallback::Fallback;
use gguf::GgufFile;
pub use kv_cache::KvCache;
pub(crate) use layers::with_floats;
use seq2seq::Seq2Seq;

/// The rows of one forward pass, packed: no padding between sequences of different lengths.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The tokens of all slices, one after the other.
    pub tokens: Vec<u32>,
    /// One a sequence, in the order of the caches given to [`Network::forward`].
    pub slices: Vec<Slice>,
    pub work: Work,
}

/// The part of a sequence that one pass computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// Tokens of this sequence in the pass.
    pub n_tokens: usize,
    /// The pass must say what comes after each of so many of them, the last ones.
    pub n_logits: usize,
}

impl Batch {
    /// Adds the next tokens of a sequence, and asks for what comes after each of the last `n_logits`.
    pub fn push(&mut self, tokens: &[u32], n_logits: usize) {
        self.tokens.extend_from_slice(tokens);
        self.slices.push(Slice { n_tokens: tokens.len(), n_logits });
    }

    /// Packed indices of the rows whose logits are wanted.
    fn logit_rows(&self) -> Vec<u32> {
        let mut end = 0;
        let mut rows: Vec<u32> = Vec::new();
        for slice in &self.slices {
            end += slice.n_tokens as u32;
            rows.extend(end - slice.n_logits as u32..end);
        }
        rows
    }
}

/// A causal language model with its weights.
pub trait Network: Send + Sync {
    /// Rows of the vocabulary.
    fn n_vocab(&self) -> usize;

    /// The most tokens that a sequence may have.
    fn context_length(&self) -> usize;

    /// An empty cache with room for `capacity` tokens.
    ///
    /// # Errors
    /// When the device is out of memory.
    fn new_cache(&self, capacity: usize) -> Result<KvCache>;

    /// Whether the slices of a pass are computed together, not one after the other.
    fn batches(&self) -> bool {
        true
    }

    /// Runs the slices of `batch`, appends their keys and values to `caches` (one a slice), and
    /// returns the logits of the wanted rows, `[n_wanted, n_vocab]`, or `None` when none is wanted.
    ///
    /// # Errors
    /// When a cache is full or the device fails.
    fn forward(&self, batch: &Batch, caches: &mut [&mut KvCache]) -> Result<Option<Tensor>>;
}

/// The architectures with code of their own here.
const ARCHITECTURES: [&str; 5] = ["llama", "smollm3", "qwen2", "qwen3", "gemma3"];

/// Loads the network of a GGUF file, whatever its architecture.
///
/// # Errors
/// When the architecture is not supported, or a weight is missing or cut off.
pub fn load(file: &GgufFile, device: &Device) -> Result<Box<dyn Network>> {
    let config = match file.string("general.architecture") {
        Some("llama") => llama::config(file)?,
        Some("smollm3") => llama::smollm3(file)?,
        Some("qwen2") => qwen2::config(file)?,
        Some("qwen3") => qwen3::config(file)?,
        Some("gemma3") => gemma3::config(file)?,
        Some(other) if fallback::ARCHITECTURES.contains(&other) => {
            return Ok(Box::new(Fallback::load(other, file, device)?));
        }
        Some(other) => bail!(
            "the architecture {other} is not supported (supported: {}; one answer at a time: {})",
            ARCHITECTURES.join(", "),
            fallback::ARCHITECTURES.join(", ")
        ),
        None => bail!("the file does not name its architecture"),
    };
    Ok(Box::new(Decoder::load(file, config, device)?))
}

/// Loads the encoder-decoder in a folder as the hub lays it out: `config.json` and the weights.
///
/// # Errors
/// When the kind is not supported, or a weight is missing.
pub fn load_seq2seq(folder: &Path, precision: Precision, device: &Device) -> Result<Seq2Seq> {
    let text = std::fs::read_to_string(folder.join("config.json"))?;
    let config: serde_json::Value =
        serde_json::from_str(&text).map_err(candle_core::Error::wrap)?;
    let checkpoint = Checkpoint::open(folder, precision, device)?;
    match config["model_type"].as_str() {
        Some("marian") => marian::load(&checkpoint, &config),
        Some("m2m_100") => m2m100::load(&checkpoint, &config),
        Some("t5" | "mt5") => t5::load(&checkpoint, &config),
        Some(other) => bail!(
            "networks of the kind {other} are not supported (supported: marian, m2m_100, t5, mt5)"
        ),
        None => bail!("config.json does not name the kind of network"),
    }
}
