//! From logits to the next token.

use candle_core::{Device, Result, Tensor};
use candle_transformers::generation::{LogitsProcessor, Sampling as Draw};
use candle_transformers::utils::apply_repeat_penalty;

use super::request::Sampling;

/// Chooses the tokens of one sequence.
pub struct Sampler {
    repeat_penalty: f32,
    top_k: usize,
    draw: Option<LogitsProcessor>,
}

impl Sampler {
    pub fn new(sampling: &Sampling) -> Self {
        let Sampling { temperature, top_p, top_k, seed, repeat_penalty } = *sampling;
        let draw = match (temperature > 0.0, top_p < 1.0) {
            (false, _) => None,
            (true, false) => Some(Draw::All { temperature }),
            (true, true) => Some(Draw::TopP { p: top_p, temperature }),
        };
        let draw = draw.map(|draw| LogitsProcessor::from_sampling(seed, draw));
        Self { repeat_penalty, top_k, draw }
    }

    /// The next token after `so_far` (the tokens of this completion).
    ///
    /// # Errors
    /// When the logits admit no draw, e.g. because they are not numbers.
    pub fn next(&mut self, logits: &[f32], so_far: &[u32]) -> Result<u32> {
        if self.repeat_penalty == 1.0 {
            return self.choose(logits);
        }
        let logits = Tensor::new(logits, &Device::Cpu)?;
        let logits = apply_repeat_penalty(&logits, self.repeat_penalty, so_far)?;
        self.choose(&logits.to_vec1()?)
    }

    fn choose(&mut self, logits: &[f32]) -> Result<u32> {
        let Some(draw) = &mut self.draw else { return Ok(argmax(logits)) };
        if self.top_k == 0 || self.top_k >= logits.len() {
            return draw.sample(&Tensor::new(logits, &Device::Cpu)?);
        }
        let likeliest = likeliest(logits, self.top_k);
        let logits: Vec<f32> = likeliest.iter().map(|&idx| logits[idx as usize]).collect();
        let chosen = draw.sample(&Tensor::new(logits, &Device::Cpu)?)?;
        Ok(likeliest[chosen as usize])
    }
}

/// The indices of the `k` greatest values, in their own order; of equals the first ones. Needs
/// `k < logits.len()`.
fn likeliest(logits: &[f32], k: usize) -> Vec<u32> {
    let mut indices: Vec<u32> = (0..logits.len() as u32).collect();
    let by_logit =
        |&a: &u32, &b: &u32| logits[b as usize].total_cmp(&logits[a as usize]).then(a.cmp(&b));
    indices.select_nth_unstable_by(k, by_logit);
    indices.truncate(k);
    indices.sort_unstable();
    indices
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_are_the_greatest_and_of_equals_the_first() {
        let logits = [0.5, 2.0, -1.0, 2.0, 0.5, 3.0];
        assert_eq!(likeliest(&logits, 1), [5]);
        assert_eq!(likeliest(&logits, 2), [1, 5]);
        assert_eq!(likeliest(&logits, 4), [0, 1, 3, 5]);
    }
}
