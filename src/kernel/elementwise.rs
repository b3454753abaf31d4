//! What is done to every number by itself.

use super::attention::exp;
use super::cpu::Kernel;
use super::lanes::{Lanes, Plain};
use super::parallel::made_in_chunks;

/// Numbers that one thread takes at a time.
const CHUNK: usize = 4096;

/// silu(gate) * up, where silu(x) = x / (1 + e^-x) (Shazeer 2020, <https://arxiv.org/abs/2002.05202>).
///
/// # Panics
/// When the two are not of one length.
pub fn silu_times(gate: &[f32], up: &[f32]) -> Vec<f32> {
    gated(gate, up, Gate::Silu)
}

/// gelu(gate) * up, where gelu(x) = x (1 + tanh y) / 2 with y = sqrt(2 / pi) (x + 0.044715 x^3)
/// (Hendrycks & Gimpel 2016, <https://arxiv.org/abs/1606.08415>). (1 + tanh y) / 2 is
/// 1 / (1 + e^-2y).
///
/// # Panics
/// When the two are not of one length.
pub fn gelu_times(gate: &[f32], up: &[f32]) -> Vec<f32> {
    gated(gate, up, Gate::Gelu)
}

/// x + y, where `y` is as long as `x` or as each of its rows.
///
/// # Panics
/// When `y` is empty, or `x` is no whole number of rows.
pub fn sums(x: &[f32], y: &[f32]) -> Vec<f32> {
    assert!(!y.is_empty() && x.len().is_multiple_of(y.len()), "rows of {} numbers", y.len());
    let is_row = y.len() < x.len();
    // Some whole rows, or a part of the only one.
    let n = if is_row { CHUNK.div_ceil(y.len()) * y.len() } else { CHUNK };
    made_in_chunks(x.len(), n, 0.0, |idx, out| {
        let at = idx * n..idx * n + out.len();
        let y = if is_row { y } else { &y[at.clone()] };
        for (out, x) in out.chunks_mut(y.len()).zip(x[at].chunks(y.len())) {
            out.iter_mut().zip(x.iter().zip(y)).for_each(|(out, (x, y))| *out = x + y);
        }
    })
}

/// silu(x).
pub fn silu(x: &[f32]) -> Vec<f32> {
    let kernel = Kernel::chosen().unwrap_or(Kernel::Portable);
    static ONES: [f32; CHUNK] = [1.0; CHUNK];
    made_in_chunks(x.len(), CHUNK, 0.0, |idx, out| {
        let x = &x[idx * CHUNK..idx * CHUNK + out.len()];
        gate_chunk(kernel, Gate::Silu, x, &ONES[..x.len()], out);
    })
}

/// (x - mean(x)) / std(x) * weight + bias, row by row, with `eps` under the root (Ba et al. 2016,
/// <https://arxiv.org/abs/1607.06450>).
///
/// # Panics
/// When the weight is empty, the bias not as long, or `x` no whole number of rows of that length.
pub fn layer_norms(x: &[f32], weight: &[f32], bias: &[f32], eps: f32) -> Vec<f32> {
    let width = weight.len();
    assert!(width > 0 && bias.len() == width && x.len().is_multiple_of(width), "rows of {width}");
    let n = CHUNK.div_ceil(width) * width;
    made_in_chunks(x.len(), n, 0.0, |idx, out| {
        let x = &x[idx * n..idx * n + out.len()];
        for (out, x) in out.chunks_mut(width).zip(x.chunks(width)) {
            let mean = lane_sum(x, |x| x) / width as f32;
            let variance = lane_sum(x, |x| (x - mean) * (x - mean)) / width as f32;
            let scale = 1.0 / (variance + eps).sqrt();
            let affine = weight.iter().zip(bias);
            for ((out, x), (weight, bias)) in out.iter_mut().zip(x).zip(affine) {
                *out = (x - mean) * scale * weight + bias;
            }
        }
    })
}

/// Sums kept apart, so that they vectorise.
const LANES: usize = 16;

#[inline(always)]
fn lane_sum(x: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut sums = [0f32; LANES];
    for chunk in x.chunks(LANES) {
        chunk.iter().zip(&mut sums).for_each(|(x, sum)| *sum += of(*x));
    }
    sums.iter().sum()
}

#[derive(Clone, Copy)]
enum Gate {
    Silu,
    Gelu,
}

fn gated(gate: &[f32], up: &[f32], function: Gate) -> Vec<f32> {
    assert_eq!(gate.len(), up.len(), "gate and up have one shape");
    let kernel = Kernel::chosen().unwrap_or(Kernel::Portable);
    made_in_chunks(gate.len(), CHUNK, 0.0, |idx, out| {
        let at = idx * CHUNK..idx * CHUNK + out.len();
        gate_chunk(kernel, function, &gate[at.clone()], &up[at], out);
    })
}

fn gate_chunk(kernel: Kernel, function: Gate, gate: &[f32], up: &[f32], out: &mut [f32]) {
    match kernel {
        // SAFETY: the chosen kernel is one whose instructions the CPU has; both have AVX2, FMA
        // and F16C.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 | Kernel::Avx512 => unsafe { apply_avx2(function, gate, up, out) },
        #[cfg(target_arch = "aarch64")]
        Kernel::Neon => apply::<super::lanes::Neon>(function, gate, up, out),
        _ => apply::<Plain>(function, gate, up, out),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn apply_avx2(function: Gate, gate: &[f32], up: &[f32], out: &mut [f32]) {
    apply::<super::lanes::Avx2>(function, gate, up, out);
}

#[inline(always)]
fn apply<L: Lanes>(function: Gate, gate: &[f32], up: &[f32], out: &mut [f32]) {
    const TWICE: f32 = 2.0 * 0.797_884_6;
    let pairs = gate.iter().zip(up);
    match function {
        Gate::Silu => {
            for (out, (x, up)) in out.iter_mut().zip(pairs) {
                *out = x / (1.0 + exp::<L>(-x)) * up;
            }
        }
        Gate::Gelu => {
            for (out, (x, up)) in out.iter_mut().zip(pairs) {
                let y = -TWICE * (x + 0.044_715 * x * x * x);
                *out = x / (1.0 + exp::<L>(y)) * up;
            }
        }
    }
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
    fn sums_of_all_and_of_rows() {
        let x: Vec<f32> = (0..9000).map(|i| i as f32).collect();
        assert!(sums(&x, &x).iter().zip(&x).all(|(sum, x)| *sum == 2.0 * x));
        for width in [1, 9, 4500] {
            let found = sums(&x, &x[..width]);
            assert!((0..9000).all(|i| found[i] == (i + i % width) as f32), "{width}");
        }
    }

    #[test]
    fn silu_equals_the_definition() {
        assert_equal(silu_times, |x| x / (1.0 + (-x).exp()));
        let x: Vec<f32> = (-5000..5001).map(|i| i as f32 / 50.0).collect();
        assert_eq!(silu(&x), silu_times(&x, &vec![1.0; x.len()]));
    }

    #[test]
    fn layer_norms_equal_the_definition() {
        for width in [1, 16, 37, 512, 5000] {
            let floats = |n: usize, step: f32| -> Vec<f32> {
                (0..n).map(|i| (i as f32 * step).sin() + 0.3).collect()
            };
            let (x, weight, bias) =
                (floats(9 * width, 0.7), floats(width, 0.2), floats(width, 0.9));
            let found = layer_norms(&x, &weight, &bias, 1e-5);
            for (found, x) in found.chunks(width).zip(x.chunks(width)) {
                let wide = || x.iter().map(|x| f64::from(*x));
                let mean = wide().sum::<f64>() / width as f64;
                let variance = wide().map(|x| (x - mean).powi(2)).sum::<f64>() / width as f64;
                for (idx, (found, x)) in found.iter().zip(wide()).enumerate() {
                    let normed = (x - mean) / (variance + 1e-5).sqrt();
                    let exact = normed * f64::from(weight[idx]) + f64::from(bias[idx]);
                    assert!((f64::from(*found) - exact).abs() < 1e-4, "{width}: {exact}");
                }
            }
        }
    }

    #[test]
    fn gelu_equals_the_definition() {
        let root = (2.0 / std::f64::consts::PI).sqrt();
        let tanh = |x: f64| (root * (x + 0.044_715 * x.powi(3))).tanh();
        assert_equal(gelu_times, |x| 0.5 * x * (1.0 + tanh(x)));
    }
}
