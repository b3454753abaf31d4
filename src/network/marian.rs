//! Marian (Junczys-Dowmunt et al. 2018, <https://arxiv.org/abs/1804.00344>), as the models of OPUS-MT
//! are published: norms behind the parts, sinusoids for positions.

use std::sync::Arc;

use candle_core::{Device, Result, Tensor};
use serde_json::Value;

use super::bart::{Bart, EMBEDDINGS};
use super::checkpoint::Checkpoint;
use super::seq2seq::{LmHead, Order, Positions, Seq2Seq};

/// Loads the network that `config.json` describes.
///
/// # Errors
/// When a weight or a key is missing, or the sizes do not fit each other.
pub fn load(checkpoint: &Checkpoint, config: &Value) -> Result<Seq2Seq> {
    let bart = Bart { checkpoint, config, order: Order::Behind };
    let positions = || {
        let table = sinusoids(bart.n_positions()?, bart.width()?);
        table?.to_device(checkpoint.device()).map(Positions::Table)
    };
    let is_shared = config["share_encoder_decoder_embeddings"].as_bool().unwrap_or(true);
    let embed_tokens = |name: &'static str| match is_shared {
        true => checkpoint.first_of(&EMBEDDINGS),
        false => Ok(name),
    };
    let encoder = embed_tokens("model.encoder.embed_tokens.weight")?;
    let decoder = embed_tokens("model.decoder.embed_tokens.weight")?;
    let is_tied = config["tie_word_embeddings"].as_bool().unwrap_or(true);
    let head = if is_tied { decoder } else { "lm_head.weight" };
    let of_encoder = Arc::new(checkpoint.embedding(encoder)?);
    let of_decoder = match encoder == decoder {
        true => of_encoder.clone(),
        false => Arc::new(checkpoint.embedding(decoder)?),
    };
    Ok(Seq2Seq {
        encoder: bart.stack("encoder", &of_encoder, positions()?)?,
        decoder: bart.stack("decoder", &of_decoder, positions()?)?,
        lm_head: LmHead::load(checkpoint, head, Some("final_logits_bias"), 1.0)?,
        device: checkpoint.device().clone(),
        precision: checkpoint.precision(),
    })
}

/// `[n, width]`: sines in the first half, cosines in the second, of position / 10000^(2 i / width).
fn sinusoids(n: usize, width: usize) -> Result<Tensor> {
    let angle =
        |position: usize, i: usize| position as f64 / 10_000f64.powf(2.0 * i as f64 / width as f64);
    let n_sines = width.div_ceil(2);
    let number = |position: usize, i: usize| match i < n_sines {
        true => angle(position, i).sin(),
        false => angle(position, i - n_sines).cos(),
    };
    let all = (0..n).flat_map(|position| (0..width).map(move |i| number(position, i) as f32));
    Tensor::from_iter(all, &Device::Cpu)?.reshape((n, width))
}
