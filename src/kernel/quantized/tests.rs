//! The products against those of the same matrices as floats, and the kernels against each other.

use candle_core::quantized::{QMatMul, QTensor};
use candle_core::{Device, Module, Tensor};
use proptest::prelude::*;

use super::*;

const DTYPES: [GgmlDType; 2] = [GgmlDType::Q4K, GgmlDType::Q6K];

/// Those that this CPU can run.
fn kernels() -> impl Iterator<Item = Kernel> {
    Kernel::ALL.into_iter().filter(|kernel| kernel.is_available())
}

/// Floats between -1 and 1 that look random and are the same every time.
fn noise(n: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..n).map(|_| next()).collect()
}

fn matrix(dtype: GgmlDType, n_out: usize, n_in: usize, seed: u32) -> QTensor {
    let weights = Tensor::from_vec(noise(n_out * n_in, seed), (n_out, n_in), &Device::Cpu);
    QTensor::quantize(&weights.unwrap(), dtype).unwrap()
}

fn pack(kernel: Kernel, weights: &QTensor) -> PackedMatrix {
    let (n_out, n_in) = weights.shape().dims2().unwrap();
    let blocks = weights.data().unwrap();
    PackedMatrix::pack(kernel, weights.dtype(), &blocks, n_out, n_in).unwrap()
}

/// Against the simple version: the weights as floats, multiplied in floats.
#[test]
fn products_equal_those_of_the_dequantized_matrix() {
    for (dtype, kernel) in DTYPES.into_iter().flat_map(|d| kernels().map(move |k| (d, k))) {
        for (n_rows, n_out, n_in) in [(1, 16, 256), (2, 32, 512), (3, 48, 256), (9, 64, 1536)] {
            let weights = matrix(dtype, n_out, n_in, 1);
            let x = noise(n_rows * n_in, 7);
            let ours = pack(kernel, &weights).product(&x);
            let x = Tensor::from_vec(x, (n_rows, n_in), &Device::Cpu).unwrap();
            let plain = QMatMul::Tensor(weights.dequantize(&Device::Cpu).unwrap());
            let theirs = plain.forward(&x).unwrap().flatten_all().unwrap();
            let bound = 0.02 * (n_in as f32).sqrt();
            for (a, b) in ours.iter().zip(theirs.to_vec1::<f32>().unwrap()) {
                assert!((a - b).abs() < bound, "{dtype:?} {kernel:?} {n_rows}: {a} {b}");
            }
        }
    }
}

/// The largest values that the 16-bit sums must hold.
#[test]
fn extreme_values_do_not_overflow() {
    for (dtype, kernel) in DTYPES.into_iter().flat_map(|d| kernels().map(move |k| (d, k))) {
        let alternating: Vec<f32> =
            (0..16 * 256).map(|i| if i % 32 == 0 { -1.0 } else { 1.0 }).collect();
        let weights = Tensor::from_vec(alternating, (16, 256), &Device::Cpu).unwrap();
        let weights = QTensor::quantize(&weights, dtype).unwrap();
        let packed = pack(kernel, &weights);
        let dequantized = weights.dequantize(&Device::Cpu).unwrap().to_vec2::<f32>().unwrap();
        for x in [1.0, -1.0] {
            let expected: f32 = dequantized[0].iter().sum::<f32>() * x;
            let found = packed.product(&[x; 256])[0];
            assert!((found - expected).abs() < 0.5, "{dtype:?} {kernel:?}: {found} {expected}");
        }
    }
}

/// The loops of AVX-512 by a model of its instructions, for the eight rows of a panel.
fn emulated(packed: &PackedMatrix, x: &[f32]) -> Vec<f32> {
    let n_blocks = packed.n_in / BLOCK;
    let mut panels = vec![Q8Panel::ZERO; n_blocks];
    for (idx, x) in x.as_chunks::<BLOCK>().0.iter().enumerate() {
        panels[idx % n_blocks].quantize(idx / n_blocks, x);
    }
    let mut out = vec![0f32; PANEL * packed.n_out];
    for tile in 0..packed.n_out / TILE {
        let at = tile * n_blocks..(tile + 1) * n_blocks;
        // SAFETY: the model needs no instructions.
        let (eight, two) = unsafe {
            match &packed.tiles {
                Tiles::Q4(tiles) => (
                    emulated::loops::q4::<PANEL>(&tiles[at.clone()], &panels),
                    emulated::loops::q4::<2>(&tiles[at], &panels),
                ),
                Tiles::Q6(tiles) => (
                    emulated::loops::q6::<PANEL>(&tiles[at.clone()], &panels),
                    emulated::loops::q6::<2>(&tiles[at], &panels),
                ),
            }
        };
        assert_eq!(eight[..2], two, "two rows are the same among eight");
        for (row, sums) in eight.iter().enumerate() {
            out[row * packed.n_out + tile * TILE..][..TILE].copy_from_slice(sums);
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the shape, all kernels give the same floats, and a row alone is that row among
    /// others.
    #[test]
    fn kernels_agree_to_the_bit(
        is_q4: bool, n_rows in 1usize..20, n_tiles in 1usize..4, n_blocks in 1usize..4, seed: u32,
    ) {
        let (dtype, n_in) = (DTYPES[usize::from(is_q4)], n_blocks * BLOCK);
        let weights = matrix(dtype, n_tiles * TILE, n_in, seed);
        let x = noise(n_rows * n_in, seed ^ 1);
        let reference = pack(Kernel::Portable, &weights).product(&x);
        for kernel in kernels() {
            let packed = pack(kernel, &weights);
            prop_assert_eq!(&packed.product(&x), &reference, "{:?}", kernel);
            let last = packed.product(&x[(n_rows - 1) * n_in..]);
            prop_assert_eq!(&last[..], &reference[(n_rows - 1) * n_tiles * TILE..]);
        }
    }

    #[test]
    fn the_loops_of_avx_512_agree_to_the_bit(
        is_q4: bool, n_tiles in 1usize..3, n_blocks in 1usize..4, seed: u32,
    ) {
        let (dtype, n_in) = (DTYPES[usize::from(is_q4)], n_blocks * BLOCK);
        let weights = matrix(dtype, n_tiles * TILE, n_in, seed);
        let x = noise(8 * n_in, seed ^ 1);
        let packed = pack(Kernel::Portable, &weights);
        prop_assert_eq!(emulated(&packed, &x), packed.product(&x));
    }
}
