//! Qwen2 (Yang et al. 2024, <https://arxiv.org/abs/2407.10671>): pre-norm decoder, grouped-query
//! attention with biases on q, k and v, rotary positions, SwiGLU.
//!
//! Structs and fields carry the names of the weights in a GGUF file.

use candle_core::quantized::QTensor;
use candle_core::{Device, Result, Tensor, bail};

use super::gguf::GgufFile;
use super::layers::{Linear, Matrix, RmsNorm, Rotation, attend, positions, silu_times};
use super::{Batch, KvCache, Network};
use crate::kernel::attention::Heads;

/// The network's hyper-parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub context_length: usize,
    pub embedding_length: usize,
    pub block_count: usize,
    pub heads: Heads,
    pub rms_epsilon: f64,
    pub rope_freq_base: f64,
}

impl Config {
    /// Reads the `qwen2.*` metadata.
    ///
    /// # Errors
    /// When a key is missing or the heads do not divide the width.
    pub fn from_gguf(file: &GgufFile) -> Result<Self> {
        let usize = |key: &str| file.usize(&format!("qwen2.{key}"));
        let f64 = |key: &str| file.f64(&format!("qwen2.{key}"));
        let embedding_length = usize("embedding_length")?;
        let (n_heads, n_kv_heads) =
            (usize("attention.head_count")?, usize("attention.head_count_kv")?);
        let divides = |part: usize, whole: usize| part > 0 && whole.is_multiple_of(part);
        if !(divides(n_kv_heads, n_heads) && divides(n_heads, embedding_length)) {
            bail!("{n_heads} heads, {n_kv_heads} key heads and width {embedding_length} do not fit")
        }
        Ok(Self {
            context_length: usize("context_length")?,
            embedding_length,
            block_count: usize("block_count")?,
            heads: Heads { n_heads, n_kv_heads, head_dim: embedding_length / n_heads },
            rms_epsilon: f64("attention.layer_norm_rms_epsilon").unwrap_or(1e-6),
            rope_freq_base: f64("rope.freq_base").unwrap_or(10_000.0),
        })
    }
}

/// The whole network.
pub struct Qwen2 {
    config: Config,
    device: Device,
    token_embd: QTensor,
    blk: Vec<Block>,
    output_norm: RmsNorm,
    output: Matrix,
    n_vocab: usize,
}

impl Qwen2 {
    /// Loads the weights; on the CPU they stay in the mapped file.
    ///
    /// # Errors
    /// When a weight or a metadata key is missing, or the device is out of memory.
    pub fn load(file: &GgufFile, device: &Device) -> Result<Self> {
        let config = Config::from_gguf(file)?;
        let token_embd = file.tensor("token_embd.weight", device)?;
        let (n_vocab, width) = token_embd.shape().dims2()?;
        if width != config.embedding_length {
            bail!("the embeddings are {width} wide, not {}", config.embedding_length)
        }
        let block = |i| Block::load(file, &format!("blk.{i}"), &config, device);
        // Small Qwen2 models use the embedding table for the output too.
        let tied = file.shape("output.weight").is_none();
        let output = if tied { "token_embd.weight" } else { "output.weight" };
        Ok(Self {
            blk: (0..config.block_count).map(block).collect::<Result<_>>()?,
            output_norm: RmsNorm::load(file, "output_norm", config.rms_epsilon, device)?,
            output: Matrix::load(file, output, device)?,
            device: device.clone(),
            token_embd,
            n_vocab,
            config,
        })
    }
}

impl Network for Qwen2 {
    fn n_vocab(&self) -> usize {
        self.n_vocab
    }

    fn context_length(&self) -> usize {
        self.config.context_length
    }

    fn new_cache(&self, capacity: usize) -> Result<KvCache> {
        KvCache::new(self.blk.len(), self.config.heads, capacity, &self.device)
    }

    fn cache_bytes_per_token(&self) -> usize {
        2 * self.blk.len() * self.config.heads.kv_width() * size_of::<f32>()
    }

    fn forward(&self, batch: &Batch, caches: &mut [&mut KvCache]) -> Result<Option<Tensor>> {
        for (slice, cache) in batch.slices.iter().zip(caches.iter()) {
            cache.check_room(slice.n_tokens)?;
        }
        let Config { heads, rope_freq_base, .. } = self.config;
        let positions = positions(batch, caches);
        let rotation = Rotation::at(&positions, heads.head_dim, rope_freq_base, &self.device)?;
        let ids = Tensor::new(batch.tokens.as_slice(), &self.device)?;
        let mut x = self.token_embd.embedding(&ids)?;
        for (layer_idx, block) in self.blk.iter().enumerate() {
            x = block.forward(&x, &rotation, batch, layer_idx, caches)?;
        }
        for (slice, cache) in batch.slices.iter().zip(caches.iter_mut()) {
            cache.advance(slice.n_tokens);
        }
        self.logits(&x, &batch.logit_rows())
    }
}

impl Qwen2 {
    fn logits(&self, x: &Tensor, rows: &[u32]) -> Result<Option<Tensor>> {
        if rows.is_empty() {
            return Ok(None);
        }
        let x = x.index_select(&Tensor::new(rows, &self.device)?, 0)?;
        let x = self.output_norm.forward(&x)?;
        Ok(Some(self.output.product(&x)?))
    }
}

struct Block {
    attn_norm: RmsNorm,
    attn: Attention,
    ffn_norm: RmsNorm,
    ffn: FeedForward,
}

impl Block {
    fn load(file: &GgufFile, name: &str, config: &Config, device: &Device) -> Result<Self> {
        let norm =
            |part| RmsNorm::load(file, &format!("{name}.{part}"), config.rms_epsilon, device);
        Ok(Self {
            attn_norm: norm("attn_norm")?,
            attn: Attention::load(file, name, config.heads, device)?,
            ffn_norm: norm("ffn_norm")?,
            ffn: FeedForward::load(file, name, device)?,
        })
    }

    fn forward(
        &self,
        x: &Tensor,
        rotation: &Rotation,
        batch: &Batch,
        layer_idx: usize,
        caches: &mut [&mut KvCache],
    ) -> Result<Tensor> {
        let attended =
            self.attn.forward(&self.attn_norm.forward(x)?, rotation, batch, layer_idx, caches)?;
        let x = (x + attended)?;
        let fed = self.ffn.forward(&self.ffn_norm.forward(&x)?)?;
        x + fed
    }
}

struct Attention {
    attn_q: Linear,
    attn_k: Linear,
    attn_v: Linear,
    attn_output: Linear,
    heads: Heads,
}

impl Attention {
    fn load(file: &GgufFile, name: &str, heads: Heads, device: &Device) -> Result<Self> {
        let linear = |part| Linear::load(file, &format!("{name}.{part}"), device);
        Ok(Self {
            attn_q: linear("attn_q")?,
            attn_k: linear("attn_k")?,
            attn_v: linear("attn_v")?,
            attn_output: linear("attn_output")?,
            heads,
        })
    }

    fn forward(
        &self,
        x: &Tensor,
        rotation: &Rotation,
        batch: &Batch,
        layer_idx: usize,
        caches: &mut [&mut KvCache],
    ) -> Result<Tensor> {
        let n_rows = x.dim(0)?;
        let Heads { n_heads, n_kv_heads, head_dim } = self.heads;
        let q = self.attn_q.forward(x)?.reshape((n_rows, n_heads, head_dim))?;
        let k = self.attn_k.forward(x)?.reshape((n_rows, n_kv_heads, head_dim))?;
        let v = self.attn_v.forward(x)?.reshape((n_rows, n_kv_heads, head_dim))?;
        let (q, k) = (rotation.apply(&q)?, rotation.apply(&k)?);
        let y = attend(self.heads, [&q, &k, &v], batch, layer_idx, caches)?;
        self.attn_output.forward(&y)
    }
}

struct FeedForward {
    ffn_gate: Linear,
    ffn_up: Linear,
    ffn_down: Linear,
}

impl FeedForward {
    fn load(file: &GgufFile, name: &str, device: &Device) -> Result<Self> {
        let linear = |part| Linear::load(file, &format!("{name}.{part}"), device);
        Ok(Self {
            ffn_gate: linear("ffn_gate")?,
            ffn_up: linear("ffn_up")?,
            ffn_down: linear("ffn_down")?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let hidden = silu_times(&self.ffn_gate.forward(x)?, &self.ffn_up.forward(x)?)?;
        self.ffn_down.forward(&hidden)
    }
}
