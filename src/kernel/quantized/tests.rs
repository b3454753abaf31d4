//! The products against those of the same matrices as floats, and the kernels against each other.

use candle_core::quantized::{QMatMul, QStorage, QTensor};
use candle_core::{Device, Module, Tensor};
use proptest::prelude::*;

use super::*;

const DTYPES: [GgmlDType; 4] = [GgmlDType::Q4K, GgmlDType::Q6K, GgmlDType::Q5_0, GgmlDType::Q8_0];

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

/// Blocks that no quantizer writes but a file may hold: any bytes, of which -128 and the largest
/// and smallest of five bits are many. Integer scales keep the expected sums exact.
fn blocks_of_any_bytes(dtype: GgmlDType, n: usize, seed: u32) -> Vec<u8> {
    let mut blocks = vec![0u8; n * dtype.type_size()];
    for (byte, x) in blocks.iter_mut().zip(noise(n * dtype.type_size(), seed)) {
        *byte = if x < 0.0 { (x * -256.0) as u8 } else { [0, 127, 128, 255][(x * 4.0) as usize] };
    }
    for (idx, block) in blocks.chunks_exact_mut(dtype.type_size()).enumerate() {
        block[..2].copy_from_slice(&half::f16::from_f32((idx % 5) as f32).to_le_bytes());
    }
    blocks
}

/// Activations of whole numbers up to 127, which lose nothing when they are quantized.
fn whole_numbers(n: usize, seed: u32) -> Vec<f32> {
    let mut x: Vec<f32> =
        noise(n, seed).iter().map(|x| (x * 254.0).clamp(-127.0, 127.0).round()).collect();
    x.iter_mut().step_by(32).for_each(|x| *x = 127.0);
    x
}

/// The loops of AVX-512 by a model of its instructions, for the eight rows of a panel.
fn emulated(packed: &PackedMatrix, x: &[f32]) -> Vec<f32> {
    match &packed.tiles {
        Tiles::Q4(tiles) => in_model(packed, tiles, x),
        Tiles::Q6(tiles) => in_model(packed, tiles, x),
        Tiles::Q5_0(tiles) => in_model(packed, tiles, x),
        Tiles::Q8_0(tiles) => in_model(packed, tiles, x),
    }
}

fn in_model<P: Panel, T: emulated::loops::Format<Panel = P>>(
    packed: &PackedMatrix,
    tiles: &[T],
    x: &[f32],
) -> Vec<f32> {
    let n_blocks = packed.n_in / P::BLOCK;
    let mut panels = vec![P::ZERO; n_blocks];
    for (idx, x) in x.chunks_exact(P::BLOCK).enumerate() {
        panels[idx % n_blocks].quantize(idx / n_blocks, x);
    }
    let mut out = vec![0f32; PANEL * packed.n_out];
    let all: Vec<&[T]> = tiles.chunks_exact(n_blocks).collect();
    for (tile, tiles) in all.iter().enumerate() {
        let beside = all[(tile + 1) % all.len()];
        let mut many = [ZEROS; 1];
        // SAFETY: the model needs no instructions.
        let (eight, two) = unsafe {
            T::many([tiles, beside], &panels, &mut many);
            (T::few::<PANEL>(tiles, &panels), T::few::<2>(tiles, &panels))
        };
        assert_eq!(eight[..2], two, "two rows are the same among eight");
        assert_eq!(eight, many[0][0], "a tile is the same beside another");
        for (row, sums) in eight.iter().enumerate() {
            out[row * packed.n_out + tile * TILE..][..TILE].copy_from_slice(sums);
        }
    }
    out
}

/// The product of a matrix `[n_out, n_in]` as floats.
fn in_floats(dtype: GgmlDType, blocks: &[u8], n_in: usize, x: &[f32]) -> Vec<f32> {
    let n_out = blocks.len() / dtype.type_size() * dtype.block_size() / n_in;
    let storage = QStorage::from_data(blocks.into(), &Device::Cpu, dtype).unwrap();
    let weights = QTensor::new(storage, (n_out, n_in)).unwrap().dequantize(&Device::Cpu).unwrap();
    let weights = weights.to_vec2::<f32>().unwrap();
    let dot = |w: &Vec<f32>, x: &[f32]| w.iter().zip(x).map(|(w, x)| w * x).sum();
    x.chunks_exact(n_in).flat_map(|x| weights.iter().map(move |w| dot(w, x))).collect()
}

/// A scale for floats this small would not be finite.
#[test]
fn the_smallest_activations_count_as_zeros() {
    for (dtype, kernel) in DTYPES.into_iter().flat_map(|d| kernels().map(move |k| (d, k))) {
        let packed = pack(kernel, &matrix(dtype, 16, 256, 1));
        assert_eq!(packed.product(&[-1e-38; 256]), [0.0; 16], "{dtype:?} {kernel:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the shape, all kernels give the same floats, and a row alone is that row among
    /// others.
    #[test]
    fn kernels_agree_to_the_bit(
        format in 0..DTYPES.len(),
        n_rows in 1usize..44, n_tiles in 1usize..4, n_blocks in 1usize..4, seed: u32,
    ) {
        let dtype = DTYPES[format];
        let n_in = n_blocks * dtype.block_size();
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
        format in 0..DTYPES.len(), n_tiles in 1usize..3, n_blocks in 1usize..4, seed: u32,
    ) {
        let dtype = DTYPES[format];
        let n_in = n_blocks * dtype.block_size();
        let weights = matrix(dtype, n_tiles * TILE, n_in, seed);
        let x = noise(8 * n_in, seed ^ 1);
        let packed = pack(Kernel::Portable, &weights);
        prop_assert_eq!(emulated(&packed, &x), packed.product(&x));
    }

    /// Whatever a file holds, -128 too, the products are exact in all kernels.
    #[test]
    fn any_bytes_multiply_exactly(
        is_q5: bool, n_rows in 1usize..9, n_blocks in 1usize..8, seed: u32,
    ) {
        let dtype = if is_q5 { GgmlDType::Q5_0 } else { GgmlDType::Q8_0 };
        let n_in = 32 * n_blocks;
        let blocks = blocks_of_any_bytes(dtype, 2 * TILE * n_blocks, seed);
        let x = whole_numbers(8 * n_in, seed ^ 1);
        let expected = in_floats(dtype, &blocks, n_in, &x);
        for kernel in kernels() {
            let packed = PackedMatrix::pack(kernel, dtype, &blocks, 2 * TILE, n_in).unwrap();
            let found = packed.product(&x[..n_rows * n_in]);
            prop_assert_eq!(&found[..], &expected[..n_rows * 2 * TILE], "{:?}", kernel);
            prop_assert_eq!(&emulated(&packed, &x), &expected);
        }
    }
}
