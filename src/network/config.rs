//! What the metadata of a GGUF file says of a network.
//!
//! The keys are those of <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

use candle_core::quantized::gguf_file::Value;
use candle_core::{Result, bail};

use super::gguf::GgufFile;
use super::layers::Activation;
use super::rope::{Pairs, Rope};
use crate::kernel::attention::{AttentionConfig, Heads, View};

/// The hyper-parameters of a decoder.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub context_length: usize,
    pub embedding_length: usize,
    pub heads: Heads,
    pub rms_epsilon: f64,
    /// What the embeddings are multiplied by.
    pub embedding_scale: f64,
    /// What the queries are multiplied by.
    pub attention_scale: f32,
    pub activation: Activation,
    /// Whether queries and keys are normed, head by head (`attn_q_norm`, `attn_k_norm`).
    pub qk_norm: bool,
    /// Whether what attention and feed-forward say is normed, too (`post_attention_norm`,
    /// `post_ffw_norm`).
    pub post_norm: bool,
    pub ropes: Vec<Rope>,
    /// One a block.
    pub layers: Vec<LayerConfig>,
}

/// In what the layers of one network differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerConfig {
    /// Index in [`Config::ropes`]; `None`: positions are not told.
    pub rope: Option<usize>,
    /// The most positions that a row sees.
    pub window: Option<usize>,
}

impl Config {
    /// The plainest network with the file's sizes: every layer turns by the one rope and sees all
    /// that is before it.
    ///
    /// # Errors
    /// When a key is missing, or the sizes do not fit each other.
    pub fn from_gguf(file: &GgufFile, pairs: Pairs) -> Result<Self> {
        let keys = Keys::of(file)?;
        keys.refuse_experts()?;
        let embedding_length = keys.usize("embedding_length")?;
        let heads = keys.heads(embedding_length)?;
        let layer = LayerConfig { rope: Some(0), window: None };
        Ok(Self {
            context_length: keys.usize("context_length")?,
            embedding_length,
            heads,
            rms_epsilon: keys.f64("attention.layer_norm_rms_epsilon").unwrap_or(1e-6),
            embedding_scale: 1.0,
            attention_scale: AttentionConfig::causal(heads).scale,
            activation: Activation::Silu,
            qk_norm: false,
            post_norm: false,
            ropes: vec![keys.rope(pairs, heads.head_dim)?],
            layers: vec![layer; keys.block_count()?],
        })
    }

    /// How a layer attends.
    pub fn attention(&self, layer: LayerConfig) -> AttentionConfig {
        let view = layer.window.map_or(View::Past, View::Window);
        AttentionConfig { heads: self.heads, scale: self.attention_scale, view }
    }
}

/// The metadata under the name of the architecture.
pub struct Keys<'a> {
    file: &'a GgufFile,
    architecture: &'a str,
}

impl<'a> Keys<'a> {
    /// # Errors
    /// When the file does not name its architecture.
    pub fn of(file: &'a GgufFile) -> Result<Self> {
        match file.string("general.architecture") {
            Some(architecture) => Ok(Self { file, architecture }),
            None => bail!("the file does not name its architecture"),
        }
    }

    fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.architecture)
    }

    /// A number that must be there.
    pub fn usize(&self, key: &str) -> Result<usize> {
        self.file.usize(&self.key(key))
    }

    /// A number that may be absent.
    pub fn optional_usize(&self, key: &str) -> Result<Option<usize>> {
        self.file.value(&self.key(key)).map(|_| self.usize(key)).transpose()
    }

    /// A number with a fraction, or `None` when absent.
    pub fn f64(&self, key: &str) -> Option<f64> {
        self.file.f64(&self.key(key))
    }

    /// No file of a known network has as many blocks; each takes memory before its weights are
    /// looked for.
    fn block_count(&self) -> Result<usize> {
        const MOST: usize = 1024;
        match self.usize("block_count")? {
            n if n <= MOST => Ok(n),
            n => bail!("{n} blocks are more than the {MOST} that are supported"),
        }
    }

    fn refuse_experts(&self) -> Result<()> {
        match self.optional_usize("expert_count")? {
            None | Some(0) => Ok(()),
            Some(n) => bail!("a mixture of {n} experts is not supported"),
        }
    }

    fn heads(&self, embedding_length: usize) -> Result<Heads> {
        let n_heads = self.usize("attention.head_count")?;
        let n_kv_heads = self.optional_usize("attention.head_count_kv")?.unwrap_or(n_heads);
        let divides = |part: usize, whole: usize| part > 0 && whole.is_multiple_of(part);
        let head_dim = match self.optional_usize("attention.key_length")? {
            Some(head_dim) => head_dim,
            None if divides(n_heads, embedding_length) => embedding_length / n_heads,
            None => 0,
        };
        if !divides(n_kv_heads, n_heads) || head_dim == 0 || head_dim % 2 == 1 {
            bail!("{n_heads} heads, {n_kv_heads} key heads and width {embedding_length} do not fit")
        }
        for key in ["attention.value_length", "rope.dimension_count"] {
            if self.optional_usize(key)?.is_some_and(|n| n != head_dim) {
                bail!("{} is not the head's {head_dim}: not supported", self.key(key))
            }
        }
        Ok(Heads { n_heads, n_kv_heads, head_dim })
    }

    /// The rope of `rope.freq_base`, as `rope.scaling.*` stretches it.
    fn rope(&self, pairs: Pairs, head_dim: usize) -> Result<Rope> {
        let rope = Rope::new(pairs, head_dim, self.f64("rope.freq_base").unwrap_or(10_000.0));
        let kind = self.file.value(&self.key("rope.scaling.type")).map(Value::to_string);
        let factor = self.f64("rope.scaling.factor").filter(|factor| *factor > 0.0);
        match (kind.transpose()?.map(String::as_str), factor) {
            (None | Some("none"), _) | (Some("linear"), None) => Ok(rope),
            (Some("linear"), Some(factor)) => Ok(rope.slowed(factor)),
            (Some(other), _) => bail!("rotary positions scaled by {other} are not supported"),
        }
    }
}
