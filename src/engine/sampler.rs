//! From logits to the next token.

use candle_core::{Device, Result, Tensor};
use candle_transformers::generation::{LogitsProcessor, Sampling as Draw};
use candle_transformers::utils::apply_repeat_penalty;

use super::request::Sampling;

/// Chooses the tokens of one sequence.
pub struct Sampler {
    repeat_penalty: f32,
    draw: Option<LogitsProcessor>,
}

impl Sampler {
    pub fn new(sampling: &Sampling) -> Self {
        let Sampling { temperature, top_p, seed, repeat_penalty } = *sampling;
        let draw = match (temperature > 0.0, top_p < 1.0) {
            (false, _) => None,
            (true, false) => Some(Draw::All { temperature }),
            (true, true) => Some(Draw::TopP { p: top_p, temperature }),
        };
        let draw = draw.map(|draw| LogitsProcessor::from_sampling(seed, draw));
        Self { repeat_penalty, draw }
    }

    /// The next token after `so_far` (the tokens of this completion).
    ///
    /// # Errors
    /// When the logits admit no draw, e.g. because they are not numbers.
    pub fn next(&mut self, logits: &[f32], so_far: &[u32]) -> Result<u32> {
        if self.repeat_penalty == 1.0 && self.draw.is_none() {
            return Ok(argmax(logits));
        }
        let mut logits = Tensor::new(logits, &Device::Cpu)?;
        if self.repeat_penalty != 1.0 {
            logits = apply_repeat_penalty(&logits, self.repeat_penalty, so_far)?;
        }
        match &mut self.draw {
            Some(draw) => draw.sample(&logits),
            None => Ok(argmax(&logits.to_vec1()?)),
        }
    }
}

/// The index of the greatest value, the first of equals.
fn argmax(logits: &[f32]) -> u32 {
    let mut best = (0, f32::NEG_INFINITY);
    for (idx, &logit) in logits.iter().enumerate() {
        if logit > best.1 {
            best = (idx, logit);
        }
    }
    best.0 as u32
}
