//! The decoder that the architectures share: blocks of attention and feed-forward, each behind a
//! norm and added to what was there (Touvron et al. 2023, <https://arxiv.org/abs/2302.13971>).
//!
//! Structs and fields carry the names of the weights in a GGUF file. What an architecture does
//! otherwise stands in its [`Config`].

use candle_core::quantized::QTensor;
use candle_core::{Device, Result, Tensor, bail};

use super::attention::attend;
use super::config::{Config, LayerConfig};
use super::gguf::GgufFile;
use super::layers::{Activation, Linear, Matrix, RmsNorm, sum};
use super::rope::{Rotation, positions};
use super::{Batch, KvCache, Network, Work};
use crate::kernel::attention::{AttentionConfig, Heads};

/// The whole network.
pub struct Decoder {
    config: Config,
    device: Device,
    token_embd: QTensor,
    blk: Vec<Block>,
    output_norm: RmsNorm,
    output: Matrix,
    n_vocab: usize,
}

impl Decoder {
    /// Loads the weights; on the CPU they stay in the mapped file.
    ///
    /// # Errors
    /// When a weight is missing or of another size, or the device is out of memory.
    pub fn load(file: &GgufFile, config: Config, device: &Device) -> Result<Self> {
        let token_embd = file.tensor("token_embd.weight", device)?;
        let (n_vocab, width) = token_embd.shape().dims2()?;
        if width != config.embedding_length {
            bail!("the embeddings are {width} wide, not {}", config.embedding_length)
        }
        let load = Loader { file, config: &config, device };
        let blocks = config.layers.iter().enumerate();
        // Small models use the embedding table for the output too.
        let tied = file.shape("output.weight").is_none();
        let output = if tied { "token_embd.weight" } else { "output.weight" };
        Ok(Self {
            blk: blocks.map(|(i, layer)| load.block(i, *layer)).collect::<Result<_>>()?,
            output_norm: load.norm("output_norm")?,
            output: Matrix::load(file, output, device)?,
            device: device.clone(),
            token_embd,
            n_vocab,
            config,
        })
    }
}

impl Network for Decoder {
    fn n_vocab(&self) -> usize {
        self.n_vocab
    }

    fn context_length(&self) -> usize {
        self.config.context_length
    }

    fn new_cache(&self, capacity: usize) -> Result<KvCache> {
        KvCache::new(self.blk.len(), self.config.heads, capacity, &self.device)
    }

    fn forward(&self, batch: &Batch, caches: &mut [&mut KvCache]) -> Result<Option<Tensor>> {
        for (slice, cache) in batch.slices.iter().zip(caches.iter()) {
            cache.check_room(slice.n_tokens)?;
        }
        let positions = positions(batch, caches);
        let ropes = self.config.ropes.iter();
        let rotations: Vec<Rotation> =
            ropes.map(|rope| rope.at(&positions, &self.device)).collect::<Result<_>>()?;
        let mut x = self.embedded(&batch.tokens)?;
        for (layer_idx, block) in self.blk.iter().enumerate() {
            let rotation = block.layer.rope.and_then(|idx| rotations.get(idx));
            x = block.forward(&x, rotation, batch, layer_idx, caches)?;
        }
        for (slice, cache) in batch.slices.iter().zip(caches.iter_mut()) {
            cache.advance(slice.n_tokens);
        }
        self.logits(&x, &batch.logit_rows())
    }
}

impl Decoder {
    fn embedded(&self, tokens: &[u32]) -> Result<Tensor> {
        let x = self.token_embd.embedding(&Tensor::new(tokens, &self.device)?)?;
        match self.config.embedding_scale {
            1.0 => Ok(x),
            scale => x * scale,
        }
    }

    fn logits(&self, x: &Tensor, rows: &[u32]) -> Result<Option<Tensor>> {
        if rows.is_empty() {
            return Ok(None);
        }
        let x = x.index_select(&Tensor::new(rows, &self.device)?, 0)?;
        let x = self.output_norm.forward(&x)?;
        Ok(Some(self.output.product(&x, Work::Writing)?))
    }
}

struct Block {
    attn_norm: RmsNorm,
    attn: Attention,
    post_attention_norm: Option<RmsNorm>,
    ffn_norm: RmsNorm,
    ffn: FeedForward,
    post_ffw_norm: Option<RmsNorm>,
    layer: LayerConfig,
}

impl Block {
    fn forward(
        &self,
        x: &Tensor,
        rotation: Option<&Rotation>,
        batch: &Batch,
        layer_idx: usize,
        caches: &mut [&mut KvCache],
    ) -> Result<Tensor> {
        let attended =
            self.attn.forward(&self.attn_norm.forward(x)?, rotation, batch, layer_idx, caches)?;
        let x = sum(x, &normed(&self.post_attention_norm, attended)?)?;
        let fed = self.ffn.forward(&self.ffn_norm.forward(&x)?, batch.work)?;
        sum(&x, &normed(&self.post_ffw_norm, fed)?)
    }
}

/// `x` itself where the network has no such norm.
fn normed(norm: &Option<RmsNorm>, x: Tensor) -> Result<Tensor> {
    match norm {
        Some(norm) => norm.forward(&x),
        None => Ok(x),
    }
}

struct Attention {
    attn_q: Linear,
    attn_k: Linear,
    attn_v: Linear,
    attn_q_norm: Option<RmsNorm>,
    attn_k_norm: Option<RmsNorm>,
    attn_output: Linear,
    config: AttentionConfig,
}

impl Attention {
    fn forward(
        &self,
        x: &Tensor,
        rotation: Option<&Rotation>,
        batch: &Batch,
        layer_idx: usize,
        caches: &mut [&mut KvCache],
    ) -> Result<Tensor> {
        let n_rows = x.dim(0)?;
        let Heads { n_heads, n_kv_heads, head_dim } = self.config.heads;
        let q = self.attn_q.forward(x, batch.work)?.reshape((n_rows, n_heads, head_dim))?;
        let k = self.attn_k.forward(x, batch.work)?.reshape((n_rows, n_kv_heads, head_dim))?;
        let v = self.attn_v.forward(x, batch.work)?.reshape((n_rows, n_kv_heads, head_dim))?;
        let (q, k) = (normed(&self.attn_q_norm, q)?, normed(&self.attn_k_norm, k)?);
        let (q, k) = match rotation {
            Some(rotation) => (rotation.apply(&q)?, rotation.apply(&k)?),
            None => (q, k),
        };
        let y = attend(self.config, [&q, &k, &v], batch, layer_idx, caches)?;
        self.attn_output.forward(&y, batch.work)
    }
}

struct FeedForward {
    ffn_gate: Linear,
    ffn_up: Linear,
    ffn_down: Linear,
    activation: Activation,
}

/// Rows of a long prompt that go through a feed-forward layer together: what stands between its
/// matrices is the largest thing of a pass.
const FEED_ROWS: usize = 256;

impl FeedForward {
    fn forward(&self, x: &Tensor, work: Work) -> Result<Tensor> {
        let n_rows = x.dim(0)?;
        if n_rows <= FEED_ROWS {
            return self.feed(x, work);
        }
        let part = |at: usize| self.feed(&x.narrow(0, at, FEED_ROWS.min(n_rows - at))?, work);
        let parts = (0..n_rows).step_by(FEED_ROWS).map(part).collect::<Result<Vec<_>>>()?;
        Tensor::cat(&parts, 0)
    }

    fn feed(&self, x: &Tensor, work: Work) -> Result<Tensor> {
        let (gate, up) = (self.ffn_gate.forward(x, work)?, self.ffn_up.forward(x, work)?);
        self.ffn_down.forward(&self.activation.times(&gate, &up)?, work)
    }
}

/// Where the weights come from.
struct Loader<'a> {
    file: &'a GgufFile,
    config: &'a Config,
    device: &'a Device,
}

impl Loader<'_> {
    fn linear(&self, name: &str) -> Result<Linear> {
        Linear::load(self.file, name, self.device)
    }

    fn norm(&self, name: &str) -> Result<RmsNorm> {
        RmsNorm::load(self.file, name, self.config.rms_epsilon, self.device)
    }

    fn norm_if(&self, wanted: bool, name: &str) -> Result<Option<RmsNorm>> {
        if wanted { self.norm(name).map(Some) } else { Ok(None) }
    }

    fn block(&self, idx: usize, layer: LayerConfig) -> Result<Block> {
        let name = |part: &str| format!("blk.{idx}.{part}");
        let Config { qk_norm, post_norm, activation, .. } = *self.config;
        Ok(Block {
            attn_norm: self.norm(&name("attn_norm"))?,
            attn: Attention {
                attn_q: self.linear(&name("attn_q"))?,
                attn_k: self.linear(&name("attn_k"))?,
                attn_v: self.linear(&name("attn_v"))?,
                attn_q_norm: self.norm_if(qk_norm, &name("attn_q_norm"))?,
                attn_k_norm: self.norm_if(qk_norm, &name("attn_k_norm"))?,
                attn_output: self.linear(&name("attn_output"))?,
                config: self.config.attention(layer),
            },
            post_attention_norm: self.norm_if(post_norm, &name("post_attention_norm"))?,
            ffn_norm: self.norm(&name("ffn_norm"))?,
            ffn: FeedForward {
                ffn_gate: self.linear(&name("ffn_gate"))?,
                ffn_up: self.linear(&name("ffn_up"))?,
                ffn_down: self.linear(&name("ffn_down"))?,
                activation,
            },
            post_ffw_norm: self.norm_if(post_norm, &name("post_ffw_norm"))?,
            layer,
        })
    }
}
