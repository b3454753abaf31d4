//! What the networks are made of.

use candle_core::quantized::{GgmlDType, QMatMul, QTensor};
use candle_core::{CpuStorage, Device, Module, Result, Storage, Tensor, bail};
use candle_nn::ops;

use super::gguf::GgufFile;
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
            Some(bias) => sum(&y, bias),
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
                file.release(name);
                return Ok(Self::Packed(packed));
            }
        }
        Ok(Self::Plain(QMatMul::from_qtensor(weights)?))
    }

    /// x W^T, the same for a row alone as for that row among others.
    pub fn product(&self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Packed(packed) => {
                if x.dim(1)? != packed.n_in() {
                    bail!("rows of {} cannot meet a matrix {} wide", x.dim(1)?, packed.n_in())
                }
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

/// What the gate of a feed-forward layer goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    Silu,
    /// By its approximation with the hyperbolic tangent.
    Gelu,
}

impl Activation {
    /// activation(gate) * up.
    pub fn times(self, gate: &Tensor, up: &Tensor) -> Result<Tensor> {
        if !gate.device().is_cpu() {
            return match self {
                Self::Silu => ops::silu(gate)? * up,
                Self::Gelu => gate.gelu()? * up,
            };
        }
        let kernel = match self {
            Self::Silu => elementwise::silu_times,
            Self::Gelu => elementwise::gelu_times,
        };
        let out = with_floats(gate, |gate| with_floats(up, |up| kernel(gate, up)))??;
        Tensor::from_vec(out, gate.shape(), &Device::Cpu)
    }
}

/// x + y, where `y` is as `x` or as its last dimension. On the CPU not by candle: it divides great
/// sums among a pool of its own, whose threads then take turns with ours.
pub fn sum(x: &Tensor, y: &Tensor) -> Result<Tensor> {
    if !x.device().is_cpu() {
        return x.broadcast_add(y);
    }
    if !x.dims().ends_with(y.dims()) || y.elem_count() == 0 {
        bail!("{:?} cannot be added to {:?}", y.dims(), x.dims())
    }
    let out = with_floats(x, |x| with_floats(y, |y| elementwise::sums(x, y)))??;
    Tensor::from_vec(out, x.shape(), &Device::Cpu)
}

/// Calls `f` with the floats of a tensor in main memory, row by row.
pub(super) fn with_floats<R>(x: &Tensor, f: impl FnOnce(&[f32]) -> R) -> Result<R> {
    let x = x.contiguous()?;
    let (storage, layout) = x.storage_and_layout();
    match (&*storage, layout.contiguous_offsets()) {
        (Storage::Cpu(CpuStorage::F32(data)), Some((start, end))) => Ok(f(&data[start..end])),
        _ => bail!("expected contiguous 32-bit floats in main memory"),
    }
}
