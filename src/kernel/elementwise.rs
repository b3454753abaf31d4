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
    assert_eq!(gate.len(), up.len(), "gate and up have one shape");
    let mut out = vec![0f32; gate.len()];
    in_chunks(barrier_pool(), &mut out, CHUNK, |idx, out| {
        let at = idx * CHUNK;
        let pairs = gate[at..].iter().zip(&up[at..]);
        for (out, (gate, up)) in out.iter_mut().zip(pairs) {
            *out = gate / (1.0 + exp(-gate)) * up;
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_definition() {
        let gate: Vec<f32> = (-5000..5001).map(|i| i as f32 / 50.0).collect();
        let up: Vec<f32> = gate.iter().map(|x| 2.0 - x).collect();
        for ((gate, up), found) in gate.iter().zip(&up).zip(silu_times(&gate, &up)) {
            let exact = f64::from(*gate) / (1.0 + (-f64::from(*gate)).exp()) * f64::from(*up);
            let bound = 1e-5 * exact.abs() + 1e-6;
            assert!((f64::from(found) - exact).abs() < bound, "{gate}: {found}, not {exact}");
        }
    }
}
