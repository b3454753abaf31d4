//! T5 (Raffel et al. 2020, <https://arxiv.org/abs/1910.10683>) and what came of it: mT5, flan-T5,
//! MADLAD-400. Norms before the parts and without a mean, no scale on the queries, and positions told
//! by what is added to the scores.

use std::sync::Arc;

use candle_core::quantized::QTensor;
use candle_core::{Result, Tensor, bail};
use serde_json::Value;

use super::checkpoint::Checkpoint;
use super::layers::Activation;
use super::seq2seq::{
    Attention, Block, FeedForward, LmHead, Norm, Order, Positions, Seq2Seq, Stack,
};
use crate::kernel::attention::{AttentionConfig, DistanceBias, Heads, View};

/// Loads the network that `config.json` describes.
///
/// # Errors
/// When a weight or a key is missing, or the sizes do not fit each other.
pub fn load(checkpoint: &Checkpoint, config: &Value) -> Result<Seq2Seq> {
    let t5 = T5 { checkpoint, config };
    let is_tied = config["tie_word_embeddings"].as_bool().unwrap_or(true);
    let width = t5.usize("d_model")? as f64;
    // Embeddings that are the output's, too, are made smaller for it.
    let (head, scale) = match is_tied {
        true => (checkpoint.first_of(&EMBEDDINGS)?, width.powf(-0.5)),
        false => ("lm_head.weight", 1.0),
    };
    let n_layers = t5.usize("num_layers")?;
    let n_decoder_layers = config["num_decoder_layers"].as_u64().map_or(n_layers, |n| n as usize);
    let embed_tokens = Arc::new(checkpoint.embedding(checkpoint.first_of(&EMBEDDINGS)?)?);
    Ok(Seq2Seq {
        encoder: t5.stack("encoder", &embed_tokens, n_layers)?,
        decoder: t5.stack("decoder", &embed_tokens, n_decoder_layers)?,
        lm_head: LmHead::load(checkpoint, head, None, scale)?,
        device: checkpoint.device().clone(),
        precision: checkpoint.precision(),
    })
}

/// The names of the table that both stacks share.
const EMBEDDINGS: [&str; 3] =
    ["shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight"];

/// Distances beyond this nobody tells apart.
const MAX_REACH: usize = 1 << 16;

struct T5<'c> {
    checkpoint: &'c Checkpoint,
    config: &'c Value,
}

impl T5<'_> {
    fn usize(&self, key: &str) -> Result<usize> {
        match self.config[key].as_u64() {
            Some(n) => Ok(n as usize),
            None => bail!("config.json lacks {key}"),
        }
    }

    fn stack(&self, name: &str, embed_tokens: &Arc<QTensor>, n_layers: usize) -> Result<Stack> {
        let block = |idx| self.block(name == "encoder", &format!("{name}.block.{idx}.layer"));
        Ok(Stack {
            embed_tokens: embed_tokens.clone(),
            embed_scale: 1.0,
            positions: Positions::Bias(self.bias(name)?),
            layers: (0..n_layers).map(block).collect::<Result<_>>()?,
            layer_norm: Some(self.norm(&format!("{name}.final_layer_norm"))?),
        })
    }

    fn block(&self, is_encoder: bool, name: &str) -> Result<Block> {
        let view = if is_encoder { View::All } else { View::Past };
        let encoder_attn = match is_encoder {
            true => None,
            false => Some((
                self.attention(&format!("{name}.1.EncDecAttention"), View::All)?,
                self.norm(&format!("{name}.1.layer_norm"))?,
            )),
        };
        let last = if is_encoder { 1 } else { 2 };
        Ok(Block {
            self_attn: self.attention(&format!("{name}.0.SelfAttention"), view)?,
            self_attn_layer_norm: self.norm(&format!("{name}.0.layer_norm"))?,
            encoder_attn,
            feed_forward: self.feed_forward(&format!("{name}.{last}.DenseReluDense"))?,
            final_layer_norm: self.norm(&format!("{name}.{last}.layer_norm"))?,
            order: Order::Before,
        })
    }

    fn attention(&self, name: &str, view: View) -> Result<Attention> {
        let (n_heads, head_dim) = (self.usize("num_heads")?, self.usize("d_kv")?);
        let shape = self.checkpoint.shape(&format!("{name}.q.weight"));
        let n_rows = shape.first().copied().unwrap_or(0);
        if n_rows == 0 || n_heads.checked_mul(head_dim) != Some(n_rows) {
            bail!("{n_heads} heads of {head_dim} numbers do not make {n_rows}")
        }
        let heads = Heads { n_heads, n_kv_heads: n_heads, head_dim };
        let parts = ["q", "k", "v", "o"].map(|part| format!("{name}.{part}"));
        let config = AttentionConfig { heads, scale: 1.0, view };
        Attention::load(self.checkpoint, parts, name.ends_with("SelfAttention"), config)
    }

    fn feed_forward(&self, name: &str) -> Result<FeedForward> {
        let linear = |part: &str| self.checkpoint.linear(&format!("{name}.{part}"));
        let kind = self.config["feed_forward_proj"].as_str().unwrap_or("relu");
        let (is_gated, activation) = match kind {
            "relu" => (false, Activation::Relu),
            "gated-relu" => (true, Activation::Relu),
            // The published networks were trained with the approximation.
            "gated-gelu" => (true, Activation::Gelu),
            "gated-silu" => (true, Activation::Silu),
            other => bail!("the feed-forward layer {other} is not supported"),
        };
        Ok(FeedForward {
            fc1: linear(if is_gated { "wi_0" } else { "wi" })?,
            up: if is_gated { Some(linear("wi_1")?) } else { None },
            fc2: linear("wo")?,
            activation,
        })
    }

    fn norm(&self, name: &str) -> Result<Norm> {
        let eps = self.config["layer_norm_epsilon"].as_f64().unwrap_or(1e-6);
        Ok(Norm::Rms(self.checkpoint.rms_norm(name, eps)?))
    }

    /// All layers of a stack have the table of its first.
    fn bias(&self, stack: &str) -> Result<DistanceBias> {
        let name = format!("{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight");
        let table: Tensor = self.checkpoint.tensor(&name)?;
        let (n_buckets, n_heads) = table.dims2()?;
        let table: Vec<Vec<f32>> = table.to_vec2()?;
        let reach = self.config["relative_attention_max_distance"].as_u64().unwrap_or(128) as usize;
        let sides = if stack == "encoder" { Sides::Both } else { Sides::Before };
        if n_buckets < 4 || reach <= n_buckets || reach > MAX_REACH {
            bail!("{n_buckets} buckets for distances up to {reach}")
        }
        if n_heads != self.usize("num_heads")? {
            bail!("distances are told to {n_heads} heads")
        }
        Ok(DistanceBias::new(n_heads, reach, |head, distance| {
            table[bucket(distance, sides, n_buckets, reach)][head]
        }))
    }
}

/// On which sides of a row its keys stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sides {
    Both,
    Before,
}

/// The bucket of a distance, key minus row: one each for the near ones, the others by the logarithm;
/// half of them for the keys behind the row, where there are such.
fn bucket(distance: isize, sides: Sides, n_buckets: usize, max_distance: usize) -> usize {
    let (first, n_buckets) = match sides {
        Sides::Both if distance > 0 => (n_buckets / 2, n_buckets / 2),
        Sides::Both => (0, n_buckets / 2),
        Sides::Before => (0, n_buckets),
    };
    let far = match sides {
        Sides::Both => distance.unsigned_abs(),
        Sides::Before => (-distance).max(0) as usize,
    };
    let n_exact = n_buckets / 2;
    if far < n_exact {
        return first + far;
    }
    // In 32 bits, as the reference counts: at the edges of buckets it matters.
    let share = (far as f32 / n_exact as f32).ln() / (max_distance as f32 / n_exact as f32).ln();
    let more = (share * (n_buckets - n_exact) as f32) as usize;
    first + (n_exact + more).min(n_buckets - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As transformers' `_relative_position_bucket` gives them, 32 buckets up to 128.
    #[test]
    fn buckets_are_those_of_the_reference() {
        let both = |distance| bucket(distance, Sides::Both, 32, 128);
        assert_eq!([0, -1, -7, -8, -12, -127, -500].map(both), [0, 1, 7, 8, 9, 15, 15]);
        assert_eq!([1, 7, 8, 12, 127, 500].map(both), [17, 23, 24, 25, 31, 31]);
        let before = |distance| bucket(distance, Sides::Before, 32, 128);
        assert_eq!(
            [3, 0, -1, -15, -16, -30, -127, -500].map(before),
            [0, 0, 1, 15, 16, 20, 31, 31]
        );
    }
}
