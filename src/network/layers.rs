//! What the networks are made of.

use candle_core::quantized::{GgmlDType, QMatMul, QTensor};
use candle_core::{CpuStorage, Device, Module, Result, Storage, Tensor, bail};
use candle_nn::{ops, rotary_emb};

use super::gguf::GgufFile;
use super::{Batch, KvCache};
use crate::kernel::attention::{self, Heads, Sight};
use crate::kernel::cpu::Kernel;
use crate::kernel::elementwise;
use crate::kernel::quantized::PackedMatrix;

/// y = x W^T + b.
pub struct Linear {
    weight: Matrix,
    bias: Option<Tensor>,
}

impl Linear {
    /// Reads `{name}.weight` and, when the file has it, `{name}.bias`.
    pub fn load(file: &GgufFile, name: &str, device: &Device) -> Result<Self> {
        let bias = format!("{name}.bias");
        let bias = match file.shape(&bias) {
            Some(_) => Some(file.dequantized(&bias, device)?),
            None => None,
        };
        Ok(Self { weight: Matrix::load(file, &format!("{name}.weight"), device)?, bias })
    }

    /// `[n_rows, n_in]` to `[n_rows, n_out]`.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let y = self.weight.product(x)?;
        match &self.bias {
            Some(bias) => y.broadcast_add(bias),
            None => Ok(y),
        }
    }
}

/// The weights of a linear layer, `[n_out, n_in]`, in the form that multiplies fastest here.
pub enum Matrix {
    /// For this project's own kernels.
    Packed(PackedMatrix),
    /// For candle's.
    Plain(QMatMul),
}

impl Matrix {
    pub fn load(file: &GgufFile, name: &str, device: &Device) -> Result<Self> {
        let weights = file.tensor(name, device)?;
        if device.is_cpu() {
            let kernel = Kernel::chosen().map_err(candle_core::Error::msg)?;
            if let Some(packed) = packed(kernel, &weights)? {
                return Ok(Self::Packed(packed));
            }
        }
        Ok(Self::Plain(QMatMul::from_qtensor(weights)?))
    }

    /// x W^T, the same for a row alone as for that row among others.
    pub fn product(&self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Packed(packed) => {
                let y = with_floats(x, |x| packed.product(x))?;
                Tensor::from_vec(y, (x.dim(0)?, packed.n_out()), &Device::Cpu)
            }
            // candle multiplies a single row by Q6_K with another kernel than several rows, and
            // the two sum in another order; so a single row goes through twice.
            Self::Plain(QMatMul::QTensor(w))
                if x.dim(0)? == 1 && w.dtype() == GgmlDType::Q6K && x.device().is_cpu() =>
            {
                let twice = Tensor::cat(&[x, x], 0)?;
                QMatMul::QTensor(w.clone()).forward(&twice)?.narrow(0, 0, 1)
            }
            Self::Plain(w) => w.forward(x),
        }
    }
}

/// A matrix in the form of this project's own kernels, where they are for it.
fn packed(kernel: Kernel, weights: &QTensor) -> Result<Option<PackedMatrix>> {
    if !kernel.is_for_products() {
        return Ok(None);
    }
    let (n_out, n_in) = weights.shape().dims2()?;
    Ok(PackedMatrix::pack(kernel, weights.dtype(), &weights.data()?, n_out, n_in))
}

/// x / rms(x) * weight (Zhang & Sennrich 2019, <https://arxiv.org/abs/1910.07467>).
pub struct RmsNorm {
    weight: Tensor,
    eps: f32,
}

impl RmsNorm {
    pub fn load(file: &GgufFile, name: &str, eps: f64, device: &Device) -> Result<Self> {
        let weight = file.dequantized(&format!("{name}.weight"), device)?;
        Ok(Self { weight, eps: eps as f32 })
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        ops::rms_norm(x, &self.weight, self.eps)
    }
}

/// Rotary position embedding over halves of a head (Su et al. 2021, <https://arxiv.org/abs/2104.09864>).
pub struct Rotation {
    cos: Tensor,
    sin: Tensor,
}

impl Rotation {
    /// The angles of the packed rows, `[n_rows, head_dim / 2]` each.
    pub fn at(positions: &[usize], head_dim: usize, base: f64, device: &Device) -> Result<Self> {
        let half = head_dim / 2;
        let frequency = |i: usize| (1.0 / base.powf(2.0 * i as f64 / head_dim as f64)) as f32;
        let frequencies: Vec<f32> = (0..half).map(frequency).collect();
        let angles = positions.iter().flat_map(|&p| frequencies.iter().map(move |f| p as f32 * f));
        let angles = Tensor::from_iter(angles, device)?.reshape((positions.len(), half))?;
        Ok(Self { cos: angles.cos()?, sin: angles.sin()? })
    }

    /// Rotates `[n_rows, n_heads, head_dim]`.
    pub fn apply(&self, x: &Tensor) -> Result<Tensor> {
        rotary_emb::rope_thd(&x.unsqueeze(0)?, &self.cos, &self.sin)?.squeeze(0)
    }
}

/// Positions of the packed rows, each within its own sequence.
pub fn positions(batch: &Batch, caches: &[&mut KvCache]) -> Vec<usize> {
    let slices = batch.slices.iter().zip(caches);
    slices.flat_map(|(slice, cache)| (0..slice.n_tokens).map(|i| cache.n_tokens() + i)).collect()
}

/// Causal attention of every packed row over its own sequence.
///
/// `q` is `[n_rows, n_heads, head_dim]`, `k` and `v` `[n_rows, n_kv_heads, head_dim]`; the result
/// is `[n_rows, n_heads * head_dim]`.
pub fn attend(
    heads: Heads,
    [q, k, v]: [&Tensor; 3],
    batch: &Batch,
    layer_idx: usize,
    caches: &mut [&mut KvCache],
) -> Result<Tensor> {
    if q.device().is_cpu() {
        attend_host(heads, [q, k, v], batch, layer_idx, caches)
    } else {
        attend_device(heads, [q, k, v], batch, layer_idx, caches)
    }
}

fn attend_host(
    heads: Heads,
    [q, k, v]: [&Tensor; 3],
    batch: &Batch,
    layer_idx: usize,
    caches: &mut [&mut KvCache],
) -> Result<Tensor> {
    let n_rows = q.dim(0)?;
    let (k, v) = (with_floats(k, <[f32]>::to_vec)?, with_floats(v, <[f32]>::to_vec)?);
    let mut sights = Vec::with_capacity(batch.slices.len());
    let mut first_row = 0;
    for (slice, cache) in batch.slices.iter().zip(caches.iter_mut()) {
        let rows = first_row * heads.kv_width()..(first_row + slice.n_tokens) * heads.kv_width();
        let first_position = cache.n_tokens();
        let Some(key_values) = cache.append_host(layer_idx, &k[rows.clone()], &v[rows]) else {
            bail!("the cache is on another device than the queries")
        };
        sights.push(Sight { first_row, n_rows: slice.n_tokens, first_position, key_values });
        first_row += slice.n_tokens;
    }
    let out = with_floats(q, |q| attention::attend(heads, q, &sights))?;
    Tensor::from_vec(out, (n_rows, heads.q_width()), &Device::Cpu)
}

/// The same with candle's own tensors, one sequence at a time: for devices other than the CPU, and
/// the reference that the tests hold the kernel against.
pub fn attend_device(
    heads: Heads,
    [q, k, v]: [&Tensor; 3],
    batch: &Batch,
    layer_idx: usize,
    caches: &mut [&mut KvCache],
) -> Result<Tensor> {
    let mut first_row = 0;
    let mut outs = Vec::with_capacity(batch.slices.len());
    for (slice, cache) in batch.slices.iter().zip(caches.iter_mut()) {
        let rows = |x: &Tensor| x.narrow(0, first_row, slice.n_tokens);
        let (keys, values) = cache.append_device(layer_idx, &rows(k)?, &rows(v)?)?;
        outs.push(attend_one(heads, &rows(q)?, &keys, &values)?);
        first_row += slice.n_tokens;
    }
    Tensor::cat(&outs, 0)
}

/// `q` `[n_rows, n_heads, d]`, keys and values `[n_kv_heads, n_keys, d]`. The query heads that
/// share a key head are stacked below each other, so no key is copied.
fn attend_one(heads: Heads, q: &Tensor, keys: &Tensor, values: &Tensor) -> Result<Tensor> {
    let (n_rows, n_keys, d) = (q.dim(0)?, keys.dim(1)?, heads.head_dim);
    let group = heads.n_heads / heads.n_kv_heads;
    let q = q
        .reshape((n_rows, heads.n_kv_heads, group, d))?
        .permute((1, 2, 0, 3))?
        .reshape((heads.n_kv_heads, group * n_rows, d))?
        .contiguous()?;
    let scores = (q.matmul(&keys.transpose(1, 2)?)? * (1.0 / (d as f64).sqrt()))?;
    let scores = scores
        .reshape((heads.n_kv_heads * group, n_rows, n_keys))?
        .broadcast_add(&causal_mask(n_rows, n_keys, q.device())?)?
        .reshape((heads.n_kv_heads, group * n_rows, n_keys))?;
    let out = ops::softmax_last_dim(&scores)?.matmul(&values.contiguous()?)?;
    out.reshape((heads.n_kv_heads, group, n_rows, d))?
        .permute((2, 0, 1, 3))?
        .reshape((n_rows, heads.q_width()))
}

fn causal_mask(n_rows: usize, n_keys: usize, device: &Device) -> Result<Tensor> {
    let n_before = n_keys - n_rows;
    let visible =
        |row: usize, key: usize| if key <= n_before + row { 0.0 } else { f32::NEG_INFINITY };
    let mask = (0..n_rows).flat_map(|row| (0..n_keys).map(move |key| visible(row, key)));
    Tensor::from_iter(mask, device)?.reshape((1, n_rows, n_keys))
}

/// silu(gate) * up.
pub fn silu_times(gate: &Tensor, up: &Tensor) -> Result<Tensor> {
    if !gate.device().is_cpu() {
        return ops::silu(gate)? * up;
    }
    let out = with_floats(gate, |gate| with_floats(up, |up| elementwise::silu_times(gate, up)))??;
    Tensor::from_vec(out, gate.shape(), &Device::Cpu)
}

/// Calls `f` with the floats of a tensor in main memory, row by row.
fn with_floats<R>(x: &Tensor, f: impl FnOnce(&[f32]) -> R) -> Result<R> {
    let x = x.contiguous()?;
    let (storage, layout) = x.storage_and_layout();
    match (&*storage, layout.contiguous_offsets()) {
        (Storage::Cpu(CpuStorage::F32(data)), Some((start, end))) => Ok(f(&data[start..end])),
        _ => bail!("expected contiguous 32-bit floats in main memory"),
    }
}
