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
            let ours = pack(kernel, &weights).product(&x, Work::Writing);
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

/// Matrices of bytes, by the model of AVX-512 and where it is by the CPU: against floats rounded to a 127th
/// of the largest of 256.
#[test]
fn matrices_of_bytes_multiply_as_their_floats() {
    for (n_rows, n_tiles, n_blocks) in [(1, 1, 1), (2, 3, 2), (5, 2, 1), (8, 1, 3), (27, 3, 2)] {
        let (n_in, n_out) = (256 * n_blocks, TILE * n_tiles);
        let weights = whole_numbers(n_out * n_in, 3);
        let x = whole_numbers(n_rows.max(PANEL) * n_in, 4);
        let tiles = in_tiles(&weights, n_in, n_blocks, ByteTile::pack);
        let expected: Vec<f32> = x
            .chunks_exact(n_in)
            .flat_map(|x| {
                weights.chunks_exact(n_in).map(move |w| w.iter().zip(x).map(|(w, x)| w * x).sum())
            })
            .collect();
        let shape =
            PackedMatrix { kernel: Kernel::Portable, n_out, n_in, tiles: Tiles::Q4(Vec::new()) };
        assert_eq!(in_model(&shape, &tiles, &x[..PANEL * n_in]), expected[..PANEL * n_out]);
        for kernel in kernels() {
            let Some(packed) = PackedMatrix::of_bytes(kernel, &weights, n_out, n_in) else {
                continue;
            };
            let found = packed.product(&x[..n_rows * n_in], Work::Writing);
            assert_eq!(found, expected[..n_rows * n_out], "{n_rows} {n_tiles} {n_blocks}");
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
            let found = packed.product(&[x; 256], Work::Writing)[0];
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
        #[cfg(target_arch = "x86_64")]
        Tiles::Bytes(tiles) => in_model(packed, tiles, x),
    }
}

fn in_model<P: Panel, T: emulated::loops::Format<Panel = P>>(
    packed: &PackedMatrix,
    tiles: &[T],
    x: &[f32],
) -> Vec<f32> {
    let n_blocks = packed.n_in / P::BLOCK;
    let panels = panel::<P>(packed, x);
    let mut out = vec![0f32; PANEL * packed.n_out];
    let all: Vec<&[T]> = tiles.chunks_exact(n_blocks).collect();
    for (tile, tiles) in all.iter().enumerate() {
        let beside = all[(tile + 1) % all.len()];
        // SAFETY: the model needs no instructions.
        let (eight, two, both) = unsafe {
            let (eight, two) = (T::few::<PANEL>(tiles, &panels), T::few::<2>(tiles, &panels));
            (eight, two, T::beside([tiles, beside], &panels))
        };
        assert_eq!(eight[..2], two, "two rows are the same among eight");
        assert_eq!(eight, both[0], "a tile is the same beside another");
        for (row, sums) in eight.iter().enumerate() {
            out[row * packed.n_out + tile * TILE..][..TILE].copy_from_slice(sums);
        }
    }
    out
}

/// Eight rows of activations.
fn panel<P: Panel>(packed: &PackedMatrix, x: &[f32]) -> Vec<P> {
    let n_blocks = packed.n_in / P::BLOCK;
    let mut panels = vec![P::ZERO; n_blocks];
    for (idx, x) in x.chunks_exact(P::BLOCK).enumerate() {
        panels[idx % n_blocks].quantize(idx / n_blocks, x);
    }
    panels
}

/// The loops with rounded weights, by the model, for eight rows.
fn emulated_reading(packed: &PackedMatrix, x: &[f32]) -> Vec<f32> {
    match &packed.tiles {
        Tiles::Q4(tiles) => read_in_model(packed, tiles, x),
        Tiles::Q6(tiles) => read_in_model(packed, tiles, x),
        _ => panic!("no weights to round"),
    }
}

fn read_in_model<T: emulated::loops::reading::Round>(
    packed: &PackedMatrix,
    tiles: &[T],
    x: &[f32],
) -> Vec<f32> {
    let panels = panel::<BytePanel>(packed, x);
    let mut out = vec![0f32; PANEL * packed.n_out];
    for (tile, tiles) in tiles.chunks_exact(panels.len()).enumerate() {
        let (mut alone, mut beside) = ([ZEROS], [ZEROS]);
        // SAFETY: the model needs no instructions.
        unsafe {
            emulated::loops::reading::columns([tiles], &panels, PANEL, &mut alone);
            emulated::loops::reading::columns([tiles, tiles], &panels, PANEL, &mut beside);
        }
        assert_eq!([alone[0][0]; 2], beside[0], "a tile is the same beside another");
        for (row, sums) in alone[0][0].iter().enumerate() {
            out[row * packed.n_out + tile * TILE..][..TILE].copy_from_slice(sums);
        }
    }
    out
}

/// The simple version: the weights as floats, rounded to a 127th of the largest of 256.
fn rounded(weights: &QTensor) -> Vec<Vec<f32>> {
    let weights = weights.dequantize(&Device::Cpu).unwrap().to_vec2::<f32>().unwrap();
    let row = |row: Vec<f32>| {
        let block = |block: &[f32]| {
            let largest = block.iter().fold(0f32, |most, w| most.max(w.abs()));
            block
                .iter()
                .map(|w| (w / largest * 127.0).round() * largest / 127.0)
                .collect::<Vec<_>>()
        };
        row.chunks(256).flat_map(block).collect()
    };
    weights.into_iter().map(row).collect()
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
        for work in [Work::Writing, Work::Reading] {
            assert_eq!(packed.product(&[-1e-38; 256], work), [0.0; 16], "{dtype:?} {kernel:?}");
        }
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
        let reference = pack(Kernel::Portable, &weights).product(&x, Work::Writing);
        for kernel in kernels() {
            let packed = pack(kernel, &weights);
            prop_assert_eq!(&packed.product(&x, Work::Writing), &reference, "{:?}", kernel);
            let last = packed.product(&x[(n_rows - 1) * n_in..], Work::Writing);
            prop_assert_eq!(&last[..], &reference[(n_rows - 1) * n_tiles * TILE..]);
        }
    }

    /// With rounded weights a row is the same wherever it stands, and what the CPU computes is what the
    /// model computes.
    #[test]
    fn rounded_products_do_not_depend_on_the_rows_beside(
        is_q4: bool, n_rows in 1usize..44, n_tiles in 1usize..4, n_blocks in 1usize..6, seed: u32,
    ) {
        let n_in = n_blocks * 256;
        let dtype = if is_q4 { GgmlDType::Q4K } else { GgmlDType::Q6K };
        let weights = matrix(dtype, n_tiles * TILE, n_in, seed);
        let x = noise(n_rows.max(PANEL) * n_in, seed ^ 1);
        for kernel in kernels() {
            let packed = pack(kernel, &weights);
            let all = packed.product(&x[..n_rows * n_in], Work::Reading);
            let last = packed.product(&x[(n_rows - 1) * n_in..n_rows * n_in], Work::Reading);
            prop_assert_eq!(&last[..], &all[(n_rows - 1) * n_tiles * TILE..]);
            if kernel == Kernel::Avx512 {
                let model = emulated_reading(&packed, &x[..PANEL * n_in]);
                let n = PANEL.min(n_rows) * n_tiles * TILE;
                prop_assert_eq!(&all[..n], &model[..n]);
            } else {
                prop_assert_eq!(&all, &packed.product(&x[..n_rows * n_in], Work::Writing));
            }
        }
    }

    /// And it is near the product with the weights that the simple version rounds, next to which
    /// activations are rounded as ever.
    #[test]
    fn rounded_products_are_near_the_simple_ones(
        is_q4: bool, n_blocks in 1usize..4, seed: u32,
    ) {
        let n_in = n_blocks * 256;
        let dtype = if is_q4 { GgmlDType::Q4K } else { GgmlDType::Q6K };
        let weights = matrix(dtype, 2 * TILE, n_in, seed);
        let x: Vec<f32> = whole_numbers(PANEL * n_in, seed ^ 1);
        let found = emulated_reading(&pack(Kernel::Portable, &weights), &x);
        let simple = rounded(&weights);
        for (row, found) in found.chunks_exact(2 * TILE).enumerate() {
            let x = &x[row * n_in..][..n_in];
            for (w, found) in simple.iter().zip(found) {
                let expected: f32 = w.iter().zip(x).map(|(w, x)| w * x).sum();
                // The step of a byte may be a little wider than here, so that both round by themselves.
                let length = x.iter().map(|x| x * x).sum::<f32>().sqrt();
                prop_assert!((expected - found).abs() < 0.02 * length, "{} {}", expected, found);
            }
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
        prop_assert_eq!(emulated(&packed, &x), packed.product(&x, Work::Writing));
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
            let found = packed.product(&x[..n_rows * n_in], Work::Writing);
            prop_assert_eq!(&found[..], &expected[..n_rows * 2 * TILE], "{:?}", kernel);
            prop_assert_eq!(&emulated(&packed, &x), &expected);
        }
    }
}
