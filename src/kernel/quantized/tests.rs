//! The products against those of the same matrices as floats.

use candle_core::quantized::{QMatMul, QTensor};
use candle_core::{Device, Module, Tensor};

use super::*;

/// Floats between -1 and 1 that look random and are the same every time.
fn noise(n: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..n).map(|_| next()).collect()
}

fn matrix(dtype: GgmlDType, n_out: usize, n_in: usize) -> QTensor {
    let weights = Tensor::from_vec(noise(n_out * n_in, 1), (n_out, n_in), &Device::Cpu).unwrap();
    QTensor::quantize(&weights, dtype).unwrap()
}

/// Against the simple version: the weights as floats, multiplied in floats.
#[test]
fn products_equal_those_of_the_dequantized_matrix() {
    for dtype in [GgmlDType::Q4K, GgmlDType::Q6K] {
        for (n_rows, n_out, n_in) in [(1, 16, 256), (2, 32, 512), (3, 48, 256), (9, 64, 1536)] {
            let weights = matrix(dtype, n_out, n_in);
            let packed = PackedMatrix::pack(dtype, &weights.data().unwrap(), n_out, n_in);
            let Some(packed) = packed else { return };
            let x = noise(n_rows * n_in, 7);
            let ours = packed.product(&x);
            let x = Tensor::from_vec(x, (n_rows, n_in), &Device::Cpu).unwrap();
            let plain = QMatMul::Tensor(weights.dequantize(&Device::Cpu).unwrap());
            let theirs = plain.forward(&x).unwrap().flatten_all().unwrap();
            let bound = 0.02 * (n_in as f32).sqrt();
            for (a, b) in ours.iter().zip(theirs.to_vec1::<f32>().unwrap()) {
                assert!((a - b).abs() < bound, "{dtype:?} {n_rows}x{n_out}x{n_in}: {a} {b}");
            }
        }
    }
}

/// The largest values that the 16-bit sums must hold.
#[test]
fn extreme_values_do_not_overflow() {
    for dtype in [GgmlDType::Q4K, GgmlDType::Q6K] {
        let alternating: Vec<f32> =
            (0..16 * 256).map(|i| if i % 32 == 0 { -1.0 } else { 1.0 }).collect();
        let weights = Tensor::from_vec(alternating, (16, 256), &Device::Cpu).unwrap();
        let weights = QTensor::quantize(&weights, dtype).unwrap();
        let Some(packed) = PackedMatrix::pack(dtype, &weights.data().unwrap(), 16, 256) else {
            return;
        };
        let dequantized = weights.dequantize(&Device::Cpu).unwrap().to_vec2::<f32>().unwrap();
        for x in [1.0, -1.0] {
            let expected: f32 = dequantized[0].iter().sum::<f32>() * x;
            let found = packed.product(&[x; 256])[0];
            assert!((found - expected).abs() < 0.5, "{dtype:?}: {found}, not {expected}");
        }
    }
}

#[test]
fn a_row_alone_is_that_row_among_others() {
    for dtype in [GgmlDType::Q4K, GgmlDType::Q6K] {
        let weights = matrix(dtype, 32, 512);
        let Some(packed) = PackedMatrix::pack(dtype, &weights.data().unwrap(), 32, 512) else {
            return;
        };
        let x = noise(7 * 512, 3);
        let together = packed.product(&x);
        for (row, alone) in x.chunks_exact(512).map(|x| packed.product(x)).enumerate() {
            assert_eq!(together[row * 32..(row + 1) * 32], alone, "{dtype:?} row {row}");
        }
    }
}
