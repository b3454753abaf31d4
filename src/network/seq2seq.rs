//! Networks that read a whole source before they write: an encoder, and a decoder that looks at what
//! it made (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>).
//!
//! Rows are packed as those of the decoder-only networks: no padding, so no mask of it. The keys
//! and values that the decoder has of a source are computed once, in its [`KvCache`], the memory;
//! what it has written is in another one, a hypothesis each. What an architecture does otherwise
//! stands in a file of its own, which puts these parts together under the names of its weights.

use std::sync::Arc;

use candle_core::quantized::QTensor;
use candle_core::{Device, Result, Tensor, bail};

use super::attention::{Look, attend_biased, look};
use super::checkpoint::{Checkpoint, Precision};
use super::layers::{Activation, LayerNorm, Linear, Matrix, RmsNorm, sum};
use super::{Batch, KvCache, Work};
use crate::kernel::attention::{AttentionConfig, DistanceBias, View};

/// The formats of these networks have only one way to be multiplied.
const WORK: Work = Work::Writing;

/// An encoder and a decoder.
pub struct Seq2Seq {
    pub(super) encoder: Stack,
    pub(super) decoder: Stack,
    pub(super) lm_head: LmHead,
    pub(super) device: Device,
    pub(super) precision: Precision,
}

/// Blocks one upon the other.
pub(super) struct Stack {
    /// Often the other stack's, too.
    pub embed_tokens: Arc<QTensor>,
    /// What embeddings are multiplied by.
    pub embed_scale: f64,
    pub positions: Positions,
    pub layers: Vec<Block>,
    pub layer_norm: Option<Norm>,
}

/// How a stack knows where a token stands.
pub(super) enum Positions {
    /// `[n_positions, width]`, added to the embeddings.
    Table(Tensor),
    /// Added to the scores of attention to the stack's own tokens.
    Bias(DistanceBias),
}

/// Attention, attention to the source (of a decoder), feed-forward.
pub(super) struct Block {
    pub self_attn: Attention,
    pub self_attn_layer_norm: Norm,
    pub encoder_attn: Option<(Attention, Norm)>,
    pub feed_forward: FeedForward,
    pub final_layer_norm: Norm,
    pub order: Order,
}

/// Where the norm of a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// x + part(norm(x))
    Before,
    /// norm(x + part(x))
    Behind,
}

pub(super) enum Norm {
    Layer(LayerNorm),
    Rms(RmsNorm),
}

pub(super) struct Attention {
    /// q, k and v one below the other, to a stack's own rows; of rows that look at a source, q alone.
    pub q_proj: Linear,
    /// k and v of a source, one below the other.
    pub kv_proj: Option<Linear>,
    pub out_proj: Linear,
    pub config: AttentionConfig,
}

pub(super) struct FeedForward {
    pub fc1: Linear,
    /// What the activation is multiplied by, in networks that have a gate (Shazeer 2020).
    pub up: Option<Linear>,
    pub fc2: Linear,
    pub activation: Activation,
}

/// From the decoder's rows to the vocabulary.
pub(super) struct LmHead {
    /// Filled up with zeros to what the kernels divide by.
    weight: Matrix,
    /// Where it is not zero.
    bias: Option<Tensor>,
    scale: f64,
    n_vocab: usize,
}

impl Seq2Seq {
    /// Words of the vocabulary.
    pub fn n_vocab(&self) -> usize {
        self.lm_head.n_vocab
    }

    /// The most tokens of a source, and of a translation; `None` where any number will do.
    pub fn max_tokens(&self) -> Option<usize> {
        let of = |stack: &Stack| match &stack.positions {
            Positions::Table(table) => table.dim(0).ok(),
            Positions::Bias(_) => None,
        };
        of(&self.encoder).into_iter().chain(of(&self.decoder)).min()
    }

    /// An empty cache for what is written of one hypothesis, at most `capacity` tokens.
    ///
    /// # Errors
    /// When the device is out of memory.
    pub fn new_cache(&self, capacity: usize) -> Result<KvCache> {
        self.cache(&self.decoder, Block::to_itself, capacity)
    }

    fn cache<'s>(
        &'s self,
        stack: &'s Stack,
        attention: impl Fn(&'s Block) -> Option<&'s Attention>,
        capacity: usize,
    ) -> Result<KvCache> {
        let Some(attention) = stack.layers.first().and_then(attention) else {
            bail!("the network has no layers")
        };
        let (n_layers, heads) = (stack.layers.len(), attention.config.heads);
        match self.precision {
            Precision::Full => KvCache::exact(n_layers, heads, capacity, &self.device),
            Precision::Int8 => KvCache::new(n_layers, heads, capacity, &self.device),
        }
    }

    /// The rows of the encoder, `[n_rows, width]`, for packed sources.
    ///
    /// # Errors
    /// When a source is too long or the device fails.
    pub fn encoded(&self, sources: &Batch) -> Result<Tensor> {
        let room =
            |slice: &super::Slice| self.cache(&self.encoder, Block::to_itself, slice.n_tokens);
        let mut caches = sources.slices.iter().map(room).collect::<Result<Vec<_>>>()?;
        let mut caches: Vec<&mut KvCache> = caches.iter_mut().collect();
        self.encoder.forward(sources, &mut caches, &[])
    }

    /// What the decoder sees of each source.
    ///
    /// # Errors
    /// As [`Seq2Seq::encoded`].
    pub fn encode(&self, sources: &Batch) -> Result<Vec<KvCache>> {
        let rows = self.encoded(sources)?;
        let mut memories = Vec::with_capacity(sources.slices.len());
        for slice in &sources.slices {
            memories.push(self.cache(&self.decoder, Block::to_source, slice.n_tokens)?);
        }
        for (layer_idx, block) in self.decoder.layers.iter().enumerate() {
            let Some((attention, _)) = &block.encoder_attn else { continue };
            let [k, v] = attention.keys_and_values(&rows)?;
            let mut first_row = 0;
            for (slice, memory) in sources.slices.iter().zip(&mut memories) {
                let own = |x: &Tensor| x.narrow(0, first_row, slice.n_tokens);
                memory.append(layer_idx, &own(&k)?, &own(&v)?)?;
                first_row += slice.n_tokens;
            }
        }
        for (slice, memory) in sources.slices.iter().zip(&mut memories) {
            memory.advance(slice.n_tokens);
        }
        Ok(memories)
    }

    /// Appends tokens to hypotheses and returns the wanted rows, `[n_wanted, width]`. `memories` are of
    /// the sources, one a slice.
    ///
    /// # Errors
    /// When a hypothesis is too long or the device fails.
    pub fn decode(
        &self,
        batch: &Batch,
        caches: &mut [&mut KvCache],
        memories: &[&KvCache],
    ) -> Result<Tensor> {
        let x = self.decoder.forward(batch, caches, memories)?;
        let wanted = batch.logit_rows();
        match wanted.len() == x.dim(0)? {
            true => Ok(x),
            false => x.index_select(&Tensor::new(wanted.as_slice(), &self.device)?, 0),
        }
    }

    /// What comes behind rows of the decoder, `[n_rows, n_columns]`: as many columns as the vocabulary
    /// has words, and a few behind them that mean nothing.
    ///
    /// # Errors
    /// When the device fails.
    pub fn logits(&self, rows: &Tensor) -> Result<Tensor> {
        self.lm_head.forward(rows)
    }
}

impl Stack {
    fn forward(
        &self,
        batch: &Batch,
        caches: &mut [&mut KvCache],
        memories: &[&KvCache],
    ) -> Result<Tensor> {
        for (slice, cache) in batch.slices.iter().zip(caches.iter()) {
            cache.check_room(slice.n_tokens)?;
        }
        let mut x = self.embedded(batch, caches)?;
        for (layer_idx, block) in self.layers.iter().enumerate() {
            let pass = Pass { batch, memories, bias: self.bias(), layer_idx };
            x = block.forward(&x, &pass, caches)?;
        }
        for (slice, cache) in batch.slices.iter().zip(caches.iter_mut()) {
            cache.advance(slice.n_tokens);
        }
        match &self.layer_norm {
            Some(norm) => norm.forward(&x),
            None => Ok(x),
        }
    }

    fn bias(&self) -> Option<&DistanceBias> {
        match &self.positions {
            Positions::Bias(bias) => Some(bias),
            Positions::Table(_) => None,
        }
    }

    fn embedded(&self, batch: &Batch, caches: &[&mut KvCache]) -> Result<Tensor> {
        let device = self.embed_tokens.device();
        let x = self.embed_tokens.embedding(&Tensor::new(batch.tokens.as_slice(), &device)?)?;
        let x = (x * self.embed_scale)?;
        let Positions::Table(table) = &self.positions else { return Ok(x) };
        let of = |(slice, cache): (&super::Slice, &&mut KvCache)| {
            let first = cache.n_tokens() as u32;
            first..first + slice.n_tokens as u32
        };
        let positions: Vec<u32> = batch.slices.iter().zip(caches).flat_map(of).collect();
        if positions.iter().any(|position| *position as usize >= table.dims()[0]) {
            bail!("more than {} tokens", table.dims()[0])
        }
        sum(&x, &table.index_select(&Tensor::new(positions.as_slice(), &device)?, 0)?)
    }
}

/// What the blocks of a stack see of a pass.
struct Pass<'p> {
    batch: &'p Batch,
    /// Of the sources, one a slice; of an encoder, none.
    memories: &'p [&'p KvCache],
    bias: Option<&'p DistanceBias>,
    layer_idx: usize,
}

impl Block {
    fn to_itself(&self) -> Option<&Attention> {
        Some(&self.self_attn)
    }

    fn to_source(&self) -> Option<&Attention> {
        self.encoder_attn.as_ref().map(|(attention, _)| attention)
    }

    fn forward(&self, x: &Tensor, pass: &Pass, caches: &mut [&mut KvCache]) -> Result<Tensor> {
        let x = self.part(x, &self.self_attn_layer_norm, |x| {
            self.self_attn.attend_itself(x, pass, caches)
        })?;
        let x = match &self.encoder_attn {
            Some((attention, norm)) => self.part(&x, norm, |x| attention.attend_source(x, pass))?,
            None => x,
        };
        self.part(&x, &self.final_layer_norm, |x| self.feed_forward.forward(x))
    }

    fn part(
        &self,
        x: &Tensor,
        norm: &Norm,
        part: impl FnOnce(&Tensor) -> Result<Tensor>,
    ) -> Result<Tensor> {
        match self.order {
            Order::Before => sum(x, &part(&norm.forward(x)?)?),
            Order::Behind => norm.forward(&sum(x, &part(x)?)?),
        }
    }
}

impl Norm {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Layer(norm) => norm.forward(x),
            Self::Rms(norm) => norm.forward(x),
        }
    }
}

impl Attention {
    /// Reads `q`, `k`, `v` and `out`; `is_own` for attention of rows to each other.
    pub fn load(
        checkpoint: &Checkpoint,
        [q, k, v, out]: [String; 4],
        is_own: bool,
        config: AttentionConfig,
    ) -> Result<Self> {
        let (q_proj, kv_proj) = match is_own {
            true => (checkpoint.linears(&[q, k, v])?, None),
            false => (checkpoint.linear(&q)?, Some(checkpoint.linears(&[k, v])?)),
        };
        Ok(Self { q_proj, kv_proj, out_proj: checkpoint.linear(&out)?, config })
    }

    /// Columns as heads, `[n_rows, n_heads, head_dim]`: those of the part `idx`.
    fn heads(&self, y: &Tensor, idx: usize) -> Result<Tensor> {
        let heads = self.config.heads;
        let part = y.narrow(1, idx * heads.q_width(), heads.q_width())?;
        part.contiguous()?.reshape((y.dim(0)?, heads.n_heads, heads.head_dim))
    }

    fn keys_and_values(&self, x: &Tensor) -> Result<[Tensor; 2]> {
        let Some(kv_proj) = &self.kv_proj else {
            bail!("attention to a source has keys of its own")
        };
        let y = kv_proj.forward(x, WORK)?;
        Ok([self.heads(&y, 0)?, self.heads(&y, 1)?])
    }

    fn attend_itself(
        &self,
        x: &Tensor,
        pass: &Pass,
        caches: &mut [&mut KvCache],
    ) -> Result<Tensor> {
        let y = self.q_proj.forward(x, WORK)?;
        let qkv = [&self.heads(&y, 0)?, &self.heads(&y, 1)?, &self.heads(&y, 2)?];
        let Pass { batch, bias, layer_idx, .. } = *pass;
        self.out_proj
            .forward(&attend_biased(self.config, bias, qkv, batch, layer_idx, caches)?, WORK)
    }

    /// Neighbouring rows that see one source look at it together.
    fn attend_source(&self, x: &Tensor, pass: &Pass) -> Result<Tensor> {
        let Pass { batch, memories, layer_idx, .. } = *pass;
        let mut looks: Vec<Look> = Vec::with_capacity(memories.len());
        for (slice, cache) in batch.slices.iter().zip(memories) {
            match looks.last_mut().filter(|look| std::ptr::eq(look.cache, *cache)) {
                Some(look) => look.n_rows += slice.n_tokens,
                None => {
                    looks.push(Look { n_rows: slice.n_tokens, n_keys: cache.n_tokens(), cache })
                }
            }
        }
        let config = AttentionConfig { view: View::All, ..self.config };
        let q = self.heads(&self.q_proj.forward(x, WORK)?, 0)?;
        self.out_proj.forward(&look(config, None, &q, layer_idx, &looks)?, WORK)
    }
}

impl FeedForward {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let y = self.fc1.forward(x, WORK)?;
        let y = match &self.up {
            Some(up) => self.activation.times(&y, &up.forward(x, WORK)?)?,
            None => self.activation.of(&y)?,
        };
        self.fc2.forward(&y, WORK)
    }
}

/// Matrices are divided by so many rows.
const COLUMNS: usize = 16;

impl LmHead {
    /// Reads a matrix `[n_vocab, width]`, with a bias of the vocabulary's length where there is one;
    /// rows are multiplied by `scale` before it.
    pub fn load(
        checkpoint: &Checkpoint,
        weight: &str,
        bias: Option<&str>,
        scale: f64,
    ) -> Result<Self> {
        let weight = checkpoint.tensor(weight)?;
        let (n_vocab, width) = weight.dims2()?;
        let n_more = n_vocab.next_multiple_of(COLUMNS) - n_vocab;
        let device = checkpoint.device();
        let bias = bias.map(|name| checkpoint.tensor(name)?.flatten_all()).transpose()?;
        let bias = bias.map(|bias| bias.pad_with_zeros(0, 0, n_more)).transpose()?;
        if bias.as_ref().is_some_and(|bias| bias.elem_count() != n_vocab + n_more) {
            bail!("a bias of another length than the {n_vocab} words")
        }
        let is_nothing = |bias: &Tensor| -> Result<bool> {
            Ok(bias.abs()?.max_all()?.to_scalar::<f32>()? == 0.0)
        };
        let bias = match bias {
            // The published networks have zeros.
            Some(bias) if is_nothing(&bias)? => None,
            bias => bias,
        };
        let zeros = Tensor::zeros((n_more, width), weight.dtype(), device)?;
        let weight = Tensor::cat(&[weight, zeros], 0)?;
        Ok(Self { weight: Matrix::of(&weight, checkpoint.precision())?, bias, scale, n_vocab })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = if self.scale == 1.0 { x.clone() } else { (x * self.scale)? };
        let y = self.weight.product(&x, WORK)?;
        match &self.bias {
            Some(bias) => sum(&y, bias),
            None => Ok(y),
        }
    }
}
