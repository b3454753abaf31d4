//! The layers that Marian and M2M-100 share with BART (Lewis et al. 2019,
//! <https://arxiv.org/abs/1910.13461>), under the names of its weights.

use std::sync::Arc;

use candle_core::quantized::QTensor;
use candle_core::{Result, bail};
use serde_json::Value;

use super::checkpoint::Checkpoint;
use super::layers::Activation;
use super::seq2seq::{Attention, Block, FeedForward, Norm, Order, Positions, Stack};
use crate::kernel::attention::{AttentionConfig, Heads, View};

/// What `config.json` says of the two stacks.
pub struct Bart<'c> {
    pub checkpoint: &'c Checkpoint,
    pub config: &'c Value,
    pub order: Order,
}

/// The names of the table that both stacks share, and the output where it is theirs, too.
pub const EMBEDDINGS: [&str; 4] = [
    "model.shared.weight",
    "model.encoder.embed_tokens.weight",
    "model.decoder.embed_tokens.weight",
    "lm_head.weight",
];

pub const MAX_POSITIONS: usize = 1 << 16;
const LAYER_NORM_EPS: f64 = 1e-5;

impl Bart<'_> {
    pub fn usize(&self, key: &str) -> Result<usize> {
        match self.config[key].as_u64() {
            Some(n) => Ok(n as usize),
            None => bail!("config.json lacks {key}"),
        }
    }

    /// The positions that there are; a table of more than `MAX_POSITIONS` is nobody's.
    pub fn n_positions(&self) -> Result<usize> {
        match self.usize("max_position_embeddings")? {
            n if n <= MAX_POSITIONS => Ok(n),
            n => bail!("{n} positions are more than {MAX_POSITIONS}"),
        }
    }

    pub fn width(&self) -> Result<usize> {
        let width = self.usize("d_model")?;
        let table = self.checkpoint.first_of(&EMBEDDINGS)?;
        match self.checkpoint.shape(table).as_slice() {
            [_, n] if *n == width && width > 0 => Ok(width),
            shape => bail!("the embeddings are {shape:?}, not {width} wide"),
        }
    }

    pub fn embed_scale(&self) -> Result<f64> {
        let scales = self.config["scale_embedding"].as_bool().unwrap_or(false);
        Ok(if scales { (self.width()? as f64).sqrt() } else { 1.0 })
    }

    /// The stack `name`, `encoder` or `decoder`, over a table of embeddings.
    pub fn stack(
        &self,
        name: &str,
        embed_tokens: &Arc<QTensor>,
        positions: Positions,
    ) -> Result<Stack> {
        let n_layers = self.usize(&format!("{name}_layers"))?;
        let block = |idx| self.block(name, &format!("model.{name}.layers.{idx}"));
        let layers = (0..n_layers).map(block).collect::<Result<_>>()?;
        let layer_norm = match self.order {
            Order::Before => Some(self.norm(&format!("model.{name}.layer_norm"))?),
            Order::Behind => None,
        };
        Ok(Stack {
            embed_tokens: embed_tokens.clone(),
            embed_scale: self.embed_scale()?,
            positions,
            layers,
            layer_norm,
        })
    }

    fn block(&self, stack: &str, name: &str) -> Result<Block> {
        let heads = self.heads(stack)?;
        let is_encoder = stack == "encoder";
        let view = if is_encoder { View::All } else { View::Past };
        let encoder_attn = match is_encoder {
            true => None,
            false => Some((
                self.attention(&format!("{name}.encoder_attn"), heads, View::All)?,
                self.norm(&format!("{name}.encoder_attn_layer_norm"))?,
            )),
        };
        Ok(Block {
            self_attn: self.attention(&format!("{name}.self_attn"), heads, view)?,
            self_attn_layer_norm: self.norm(&format!("{name}.self_attn_layer_norm"))?,
            encoder_attn,
            feed_forward: FeedForward {
                fc1: self.checkpoint.linear(&format!("{name}.fc1"))?,
                up: None,
                fc2: self.checkpoint.linear(&format!("{name}.fc2"))?,
                activation: self.activation()?,
            },
            final_layer_norm: self.norm(&format!("{name}.final_layer_norm"))?,
            order: self.order,
        })
    }

    fn heads(&self, stack: &str) -> Result<Heads> {
        let (n_heads, width) = (self.usize(&format!("{stack}_attention_heads"))?, self.width()?);
        if n_heads == 0 || !width.is_multiple_of(n_heads) {
            bail!("{n_heads} heads do not divide {width} numbers")
        }
        Ok(Heads { n_heads, n_kv_heads: n_heads, head_dim: width / n_heads })
    }

    fn attention(&self, name: &str, heads: Heads, view: View) -> Result<Attention> {
        let parts = ["q", "k", "v", "out"].map(|part| format!("{name}.{part}_proj"));
        let config = AttentionConfig { view, ..AttentionConfig::causal(heads) };
        Attention::load(self.checkpoint, parts, !name.ends_with("encoder_attn"), config)
    }

    fn norm(&self, name: &str) -> Result<Norm> {
        Ok(Norm::Layer(self.checkpoint.layer_norm(name, LAYER_NORM_EPS)?))
    }

    fn activation(&self) -> Result<Activation> {
        match self.config["activation_function"].as_str() {
            Some("swish" | "silu") => Ok(Activation::Silu),
            Some("relu") => Ok(Activation::Relu),
            other => bail!("the activation {other:?} is not supported"),
        }
    }
}
