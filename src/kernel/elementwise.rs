//! What is done to every number by itself.

use candle_core::utils::barrier_pool;

use super::attention::exp;
use super::parallel::in_chunks;

/// Numbers that one thread takes at a time.
const CHUNK: usize = 4096;

/// silu(gate) * up, where silu(x) = x / (1 + e^-x) (Shazeer 2020, <https://arxiv.org/abs/2002.05202>).
///
/// # Panics
/// When the two are not of one length.
pub fn silu_times(gate: &[f32], up: &[f32]) -> Vec<f32> {
    gated(gate, up, |x| x / (1.0 + exp(-x)))
}

/// gelu(gate) * up, where gelu(x) = x (1 + tanh y) / 2 with y = sqrt(2 / pi) (x + 0.044715 x^3)
/// (Hendrycks & Gimpel 2016, <https://arxiv.org/abs/1606.08415>). (1 + tanh y) / 2 is
/// 1 / (1 + e^-2y).
///
/// # Panics
/// When the two are not of one length.
pub fn gelu_times(gate: &[f32], up: &[f32]) -> Vec<f32> {
    const TWICE: f32 = 2.0 * 0.797_884_6;
    gated(gate, up, |x| x / (1.0 + exp(-TWICE * (x + 0.044_715 * x * x * x))))
}

fn gated(gate: &[f32], up: &[f32], activation: impl Fn(f32) -> f32 + Sync) -> Vec<f32> {
    assert_eq!(gate.len(), up.len(), "gate and up have one shape");
    let mut out = vec![0f32; gate.len()];
    in_chunks(barrier_pool(), &mut out, CHUNK, |idx, out| {
        let at = idx * CHUNK;
        let pairs = gate[at..].iter().zip(&up[at..]);
        for (out, (gate, up)) in out.iter_mut().zip(pairs) {
            *out = activation(*gate) * up;
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_equal(found: impl Fn(&[f32], &[f32]) -> Vec<f32>, activation: impl Fn(f64) -> f64) {
        let gate: Vec<f32> = (-5000..5001).map(|i| i as f32 / 50.0).collect();
        let up: Vec<f32> = gate.iter().map(|x| 2.0 - x).collect();
        for ((gate, up), found) in gate.iter().zip(&up).zip(found(&gate, &up)) {
            let exact = activation(f64::from(*gate)) * f64::from(*up);
            let bound = 1e-5 * exact.abs() + 1e-6;
            assert!((f64::from(found) - exact).abs() < bound, "{gate}: {found}, not {exact}");
        }
    }

    #[test]
    fn silu_equals_the_definition() {
        assert_equal(silu_times, |x| x / (1.0 + (-x).exp()));
    }

    #[test]
    fn gelu_equals_the_definition() {
        let root = (2.0 / std::f64::consts::PI).sqrt();
        let tanh = |x: f64| (root * (x + 0.044_715 * x.powi(3))).tanh();
        assert_equal(gelu_times, |x| 0.5 * x * (1.0 + tanh(x)));
    }
}
