//! M2M-100 and NLLB-200 (Fan et al. 2020, <https://arxiv.org/abs/2010.11125>; NLLB Team 2022,
//! <https://arxiv.org/abs/2207.04672>): norms before the parts, and sinusoids whose first position is
//! that behind the padding's.

use std::sync::Arc;

use candle_core::{Device, Result, Tensor, bail};
use serde_json::Value;

use super::bart::{Bart, EMBEDDINGS, MAX_POSITIONS};
use super::checkpoint::Checkpoint;
use super::seq2seq::{LmHead, Order, Positions, Seq2Seq};

/// Loads the network that `config.json` describes.
///
/// # Errors
/// When a weight or a key is missing, or the sizes do not fit each other.
pub fn load(checkpoint: &Checkpoint, config: &Value) -> Result<Seq2Seq> {
    let bart = Bart { checkpoint, config, order: Order::Before };
    let first = match config["pad_token_id"].as_u64().unwrap_or(1) {
        pad if pad < MAX_POSITIONS as u64 => pad as usize + 1,
        pad => bail!("the padding {pad} is no position"),
    };
    let positions = || {
        let table = sinusoids(first, bart.n_positions()?, bart.width()?);
        table?.to_device(checkpoint.device()).map(Positions::Table)
    };
    let shared = checkpoint.first_of(&EMBEDDINGS)?;
    let is_tied = config["tie_word_embeddings"].as_bool().unwrap_or(true);
    let head = if is_tied { shared } else { "lm_head.weight" };
    let embed_tokens = Arc::new(checkpoint.embedding(shared)?);
    Ok(Seq2Seq {
        encoder: bart.stack("encoder", &embed_tokens, positions()?)?,
        decoder: bart.stack("decoder", &embed_tokens, positions()?)?,
        lm_head: LmHead::load(checkpoint, head, None, 1.0)?,
        device: checkpoint.device().clone(),
        precision: checkpoint.precision(),
    })
}

/// `[n, width]`, from position `first` on: sines in the first half, cosines in the second, of
/// position / 10000^(i / (width / 2 - 1)).
fn sinusoids(first: usize, n: usize, width: usize) -> Result<Tensor> {
    let n_sines = width / 2;
    let step = 10_000f64.ln() / (n_sines.max(2) - 1) as f64;
    let number = |position: usize, i: usize| match i {
        i if i < n_sines => (position as f64 * (-step * i as f64).exp()).sin(),
        i if i < 2 * n_sines => (position as f64 * (-step * (i - n_sines) as f64).exp()).cos(),
        _ => 0.0,
    };
    let positions = first..first + n;
    let all = positions.flat_map(|position| (0..width).map(move |i| number(position, i) as f32));
    Tensor::from_iter(all, &Device::Cpu)?.reshape((n, width))
}
