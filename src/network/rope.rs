//! Rotary position embedding (Su et al. 2021, <https://arxiv.org/abs/2104.09864>).

use candle_core::{Device, Result, Tensor, bail};
use candle_nn::rotary_emb;

use super::{Batch, KvCache};

/// Which two numbers of a head turn together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairs {
    /// `i` and `i + head_dim / 2`.
    Halves,
    /// `2 i` and `2 i + 1`, as in the paper.
    Neighbours,
}

/// How fast the pairs of a head turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Rope {
    pairs: Pairs,
    /// Radians a position, `[head_dim / 2]`.
    frequencies: Vec<f32>,
}

impl Rope {
    /// The paper's frequencies: base^(-2 i / head_dim).
    pub fn new(pairs: Pairs, head_dim: usize, base: f64) -> Self {
        let frequency = |i: usize| (1.0 / base.powf(2.0 * i as f64 / head_dim as f64)) as f32;
        Self { pairs, frequencies: (0..head_dim / 2).map(frequency).collect() }
    }

    /// The frequencies divided, each by a factor of its own: how networks are taught texts longer
    /// than those they began with.
    ///
    /// # Errors
    /// When there is not one factor a frequency.
    pub fn divided(mut self, factors: &[f32]) -> Result<Self> {
        let n = self.frequencies.len();
        if factors.len() != n {
            bail!("{} factors cannot divide {n} rotary frequencies", factors.len())
        }
        self.frequencies.iter_mut().zip(factors).for_each(|(frequency, by)| *frequency /= by);
        Ok(self)
    }

    /// All frequencies divided by one factor (Chen et al. 2023, <https://arxiv.org/abs/2306.15595>).
    pub fn slowed(mut self, factor: f64) -> Self {
        self.frequencies.iter_mut().for_each(|frequency| *frequency /= factor as f32);
        self
    }

    /// The rotation of rows at these positions.
    pub fn at(&self, positions: &[usize], device: &Device) -> Result<Rotation> {
        let angles_at = |&p: &usize| self.frequencies.iter().map(move |f| p as f32 * f);
        let angles = Tensor::from_iter(positions.iter().flat_map(angles_at), device)?;
        let angles = angles.reshape((positions.len(), self.frequencies.len()))?;
        Ok(Rotation { pairs: self.pairs, cos: angles.cos()?, sin: angles.sin()? })
    }
}

/// The angles of the packed rows, `[n_rows, head_dim / 2]`.
pub struct Rotation {
    pairs: Pairs,
    cos: Tensor,
    sin: Tensor,
}

impl Rotation {
    /// Rotates `[n_rows, n_heads, head_dim]`.
    pub fn apply(&self, x: &Tensor) -> Result<Tensor> {
        match self.pairs {
            Pairs::Halves => {
                rotary_emb::rope_thd(&x.unsqueeze(0)?, &self.cos, &self.sin)?.squeeze(0)
            }
            // Every row is a sequence of its own to candle, one position long.
            Pairs::Neighbours => {
                let (cos, sin) = (self.cos.unsqueeze(1)?, self.sin.unsqueeze(1)?);
                rotary_emb::rope_i(&x.unsqueeze(2)?, &cos, &sin)?.squeeze(2)
            }
        }
    }
}

/// Positions of the packed rows, each within its own sequence.
pub fn positions(batch: &Batch, caches: &[&mut KvCache]) -> Vec<usize> {
    let slices = batch.slices.iter().zip(caches);
    slices.flat_map(|(slice, cache)| (0..slice.n_tokens).map(|i| cache.n_tokens() + i)).collect()
}
