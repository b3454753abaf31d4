//! Networks that have no code of their own here run through candle's, one sequence at a time.
//!
//! Those keep their keys and values inside. So each sequence has a copy of the model (the weights
//! are shared), and its tokens are kept: a copy with nothing in it can be brought to where another
//! stands.

use std::io::Cursor;
use std::ops::RangeInclusive;

use candle_core::quantized::gguf_file::{Content, Value};
use candle_core::{DType, Device, Result, Tensor, bail};
use candle_transformers::models::{quantized_glm4, quantized_phi, quantized_phi3};

use super::config::Keys;
use super::gguf::GgufFile;
use super::{Batch, KvCache, Network};

/// The architectures that run this way.
pub const ARCHITECTURES: [&str; 3] = ["phi2", "phi3", "glm4"];

/// candle's networks reserve memory for the whole context; its Phi-2 has a table of positions that
/// ends.
fn max_context(architecture: &str) -> usize {
    if architecture == "phi2" { quantized_phi::MAX_SEQ_LEN } else { 8192 }
}

/// No file of a known network has as many.
const MAX_BLOCKS: usize = 1024;

/// A network of candle's.
pub struct Fallback {
    /// Has seen nothing.
    model: Model,
    device: Device,
    n_vocab: usize,
    context_length: usize,
}

#[derive(Debug, Clone)]
enum Model {
    Phi2(quantized_phi::ModelWeights),
    Phi3(quantized_phi3::ModelWeights),
    Glm4(quantized_glm4::ModelWeights),
}

impl Model {
    fn load(architecture: &str, file: &GgufFile, device: &Device) -> Result<Self> {
        let mut content = file.content_again()?;
        shorten(&mut content, architecture);
        let reader = &mut Cursor::new(file.bytes());
        match architecture {
            "phi2" => {
                quantized_phi::ModelWeights::from_gguf(content, reader, device).map(Self::Phi2)
            }
            "phi3" => quantized_phi3::ModelWeights::from_gguf(false, content, reader, device)
                .map(Self::Phi3),
            "glm4" => quantized_glm4::ModelWeights::from_gguf(content, reader, device, DType::F32)
                .map(Self::Glm4),
            other => bail!("candle has no network for {other} here"),
        }
    }

    /// The logits behind the last of `tokens`, `[1, n_vocab]`.
    fn forward(&mut self, tokens: &[u32], position: usize, device: &Device) -> Result<Tensor> {
        let tokens = Tensor::new(tokens, device)?.unsqueeze(0)?;
        match self {
            Self::Phi2(model) => model.forward(&tokens, position),
            Self::Phi3(model) => model.forward(&tokens, position),
            Self::Glm4(model) => model.forward(&tokens, position),
        }
    }
}

fn shorten(content: &mut Content, architecture: &str) {
    let limit = max_context(architecture);
    let context_length = content.metadata.get_mut(&format!("{architecture}.context_length"));
    if let Some(value) = context_length
        && value.to_u64().is_ok_and(|n| n > limit as u64)
    {
        *value = Value::U32(limit as u32);
    }
}

/// candle believes the sizes that the file gives: it divides by them, and reserves memory for them
/// before a weight could belie them.
fn check_sizes(keys: &Keys, file: &GgufFile, architecture: &str) -> Result<()> {
    for key in ["attention.head_count", "attention.head_count_kv", "context_length"] {
        if keys.usize(key)? == 0 {
            bail!("{architecture}.{key} is zero")
        }
    }
    if keys.usize("block_count")? > MAX_BLOCKS {
        bail!("{architecture}.block_count is more than {MAX_BLOCKS}")
    }
    let rotated = match architecture {
        "glm4" => glm4_rotated(keys, file)?,
        _ => 2..=matrix(file, "token_embd.weight")?[1] / keys.usize("attention.head_count")?,
    };
    match keys.optional_usize("rope.dimension_count")? {
        Some(n) if !rotated.contains(&n) || !n.is_multiple_of(2) => {
            bail!("{architecture}.rope.dimension_count is {n}, which does not fit the heads")
        }
        _ => Ok(()),
    }
}

/// candle rotates half of each head, whatever the file says.
fn glm4_rotated(keys: &Keys, file: &GgufFile) -> Result<RangeInclusive<usize>> {
    let [q_width, _] = matrix(file, "blk.0.attn_q.weight")?;
    let head_dim = keys.usize("attention.key_length")?;
    let is_known = keys.usize("attention.head_count")?.checked_mul(head_dim) == Some(q_width);
    if !is_known || !head_dim.is_multiple_of(4) {
        bail!("glm4.attention.key_length is {head_dim}, which does not fit the weights")
    }
    Ok(head_dim / 2..=head_dim / 2)
}

fn matrix(file: &GgufFile, name: &str) -> Result<[usize; 2]> {
    match file.shape(name) {
        Some(&[n_out, n_in]) => Ok([n_out, n_in]),
        _ => bail!("the file lacks the weight {name}"),
    }
}

impl Fallback {
    /// Loads the weights into memory.
    ///
    /// # Errors
    /// When candle has no such network, or a weight or a metadata key is missing.
    pub fn load(architecture: &str, file: &GgufFile, device: &Device) -> Result<Self> {
        let [n_vocab, _] = matrix(file, "token_embd.weight")?;
        let keys = Keys::of(file)?;
        check_sizes(&keys, file, architecture)?;
        Ok(Self {
            model: Model::load(architecture, file, device)?,
            device: device.clone(),
            n_vocab,
            context_length: keys.usize("context_length")?.min(max_context(architecture)),
        })
    }

    /// The tokens wait until logits are wanted: then a prompt goes through in one piece, however
    /// it was cut, and what comes behind it token by token.
    fn logits(&self, history: &mut History) -> Result<Option<Tensor>> {
        let History { tokens, n_seen, model } = history;
        let model = model.get_or_insert_with(|| self.model.clone());
        if *n_seen == 0 {
            *n_seen = tokens.len();
            return model.forward(tokens, 0, &self.device).map(Some);
        }
        let mut logits = None;
        for (position, token) in tokens.iter().enumerate().skip(*n_seen) {
            logits = Some(model.forward(&[*token], position, &self.device)?);
        }
        *n_seen = tokens.len();
        Ok(logits)
    }
}

impl Network for Fallback {
    fn n_vocab(&self) -> usize {
        self.n_vocab
    }

    fn context_length(&self) -> usize {
        self.context_length
    }

    fn new_cache(&self, capacity: usize) -> Result<KvCache> {
        Ok(KvCache::of_history(capacity))
    }

    fn batches(&self) -> bool {
        false
    }

    fn forward(&self, batch: &Batch, caches: &mut [&mut KvCache]) -> Result<Option<Tensor>> {
        for (slice, cache) in batch.slices.iter().zip(caches.iter()) {
            cache.check_room(slice.n_tokens)?;
        }
        if batch.slices.iter().any(|slice| slice.n_logits > 1) {
            bail!("this network says what comes after the last token alone")
        }
        if let Some(token) = batch.tokens.iter().find(|&&token| token as usize >= self.n_vocab) {
            bail!("token {token} is outside the vocabulary of {}", self.n_vocab)
        }
        let mut rows = Vec::new();
        let mut rest = batch.tokens.as_slice();
        for (slice, cache) in batch.slices.iter().zip(caches.iter_mut()) {
            let tokens = rest.split_off(..slice.n_tokens).unwrap_or_default();
            let history = cache.history()?;
            history.tokens.extend_from_slice(tokens);
            if slice.n_logits > 0 {
                rows.extend(self.logits(history)?);
            }
            cache.advance(slice.n_tokens);
        }
        if rows.is_empty() { Ok(None) } else { Tensor::cat(&rows, 0).map(Some) }
    }
}

/// What is known of a sequence: its tokens, and the copy of the model that is reading them.
#[derive(Debug, Default)]
pub struct History {
    tokens: Vec<u32>,
    /// Tokens that the model has seen.
    n_seen: usize,
    model: Option<Model>,
}

impl History {
    /// The first tokens, which a model of their own has still to read: copies of a model that has
    /// read some would write into one memory.
    pub fn fork(&self, n_tokens: usize) -> Self {
        Self { tokens: self.tokens[..n_tokens].to_vec(), n_seen: 0, model: None }
    }
}
