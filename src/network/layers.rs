//! What the networks are made of.

use candle_core::quantized::{GgmlDType, QMatMul, QTensor};
use candle_core::{CpuStorage, DType, Device, Module, Result, Storage, Tensor, bail};
use candle_nn::ops;

use super::checkpoint::Precision;
use super::gguf::GgufFile;
use crate::kernel::cpu::Kernel;
use crate::kernel::elementwise;
use crate::kernel::quantized::{PackedMatrix, Work};

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

    /// Of a matrix and what is added to each row of its products.
    pub fn new(weight: Matrix, bias: Option<Tensor>) -> Self {
        Self { weight, bias }
    }

    /// `[n_rows, n_in]` to `[n_rows, n_out]`.
    pub fn forward(&self, x: &Tensor, work: Work) -> Result<Tensor> {
        let y = self.weight.product(x, work)?;
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

    /// Of the floats of a matrix, `[n_out, n_in]`.
    pub fn of(weight: &Tensor, precision: Precision) -> Result<Self> {
        if weight.elem_count() == 0 {
            bail!("a matrix without numbers")
        }
        let is_whole = weight.dim(1)?.is_multiple_of(GgmlDType::Q8_0.block_size());
        if precision == Precision::Int8 && is_whole {
            let kernel = Kernel::chosen().map_err(candle_core::Error::msg)?;
            if weight.device().is_cpu() {
                let (n_out, n_in) = weight.dims2()?;
                let of_bytes = |w: &[f32]| PackedMatrix::of_bytes(kernel, w, n_out, n_in);
                if let Some(packed) = with_floats(&weight.to_dtype(DType::F32)?, of_bytes)? {
                    return Ok(Self::Packed(packed));
                }
            }
            let blocks = QTensor::quantize(weight, GgmlDType::Q8_0)?;
            if weight.device().is_cpu()
                && let Some(packed) = packed(kernel, &blocks)?
            {
                return Ok(Self::Packed(packed));
            }
            return Ok(Self::Plain(QMatMul::from_qtensor(blocks)?));
        }
        Ok(Self::Plain(QMatMul::Tensor(weight.clone())))
    }

    /// x W^T, the same for a row alone as for that row among others, but of a matrix of 32-bit floats:
    /// there the last bits may differ.
    pub fn product(&self, x: &Tensor, work: Work) -> Result<Tensor> {
        match self {
            Self::Packed(packed) => {
                if x.dim(1)? != packed.n_in() {
                    bail!("rows of {} cannot meet a matrix {} wide", x.dim(1)?, packed.n_in())
                }
                let y = with_floats(x, |x| packed.product(x, work))?;
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

    /// Of its weight, `[width]`.
    pub fn new(weight: Tensor, eps: f64) -> Self {
        Self { weight, eps: eps as f32 }
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        ops::rms_norm(x, &self.weight, self.eps)
    }
}

/// (x - mean(x)) / std(x) * weight + bias (Ba et al. 2016, <https://arxiv.org/abs/1607.06450>).
pub struct LayerNorm {
    weight: Tensor,
    bias: Tensor,
    eps: f32,
}

impl LayerNorm {
    /// Of its weight and bias, each `[width]`.
    pub fn new(weight: Tensor, bias: Tensor, eps: f64) -> Self {
        Self { weight, bias, eps: eps as f32 }
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        if !x.device().is_cpu() {
            return ops::layer_norm(x, &self.weight, &self.bias, self.eps);
        }
        let width = self.weight.dims1()?;
        if x.dims().last() != Some(&width) || self.bias.dims1()? != width {
            bail!("a norm of {:?} numbers for rows of {:?}", self.weight.dims(), x.dims())
        }
        let out = with_floats(x, |x| {
            with_floats(&self.weight, |weight| {
                let norms = |bias: &[f32]| elementwise::layer_norms(x, weight, bias, self.eps);
                with_floats(&self.bias, norms)
            })
        })???;
        Tensor::from_vec(out, x.shape(), &Device::Cpu)
    }
}

/// What the gate of a feed-forward layer goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    Silu,
    /// By its approximation with the hyperbolic tangent.
    Gelu,
    Relu,
}

impl Activation {
    /// activation(x).
    pub fn of(self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Silu if x.device().is_cpu() => {
                Tensor::from_vec(with_floats(x, elementwise::silu)?, x.shape(), &Device::Cpu)
            }
            Self::Silu => ops::silu(x),
            Self::Gelu => x.gelu(),
            Self::Relu => x.relu(),
        }
    }

    /// activation(gate) * up.
    pub fn times(self, gate: &Tensor, up: &Tensor) -> Result<Tensor> {
        if gate.dims() != up.dims() {
            bail!("a gate of {:?} for {:?}", gate.dims(), up.dims())
        }
        let kernel = match self {
            Self::Silu => elementwise::silu_times,
            Self::Gelu => elementwise::gelu_times,
            Self::Relu => return self.of(gate)? * up,
        };
        if !gate.device().is_cpu() {
            return self.of(gate)? * up;
        }
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
pub fn with_floats<R>(x: &Tensor, f: impl FnOnce(&[f32]) -> R) -> Result<R> {
    let x = x.contiguous()?;
    let (storage, layout) = x.storage_and_layout();
    match (&*storage, layout.contiguous_offsets()) {
        (Storage::Cpu(CpuStorage::F32(data)), Some((start, end))) => Ok(f(&data[start..end])),
        _ => bail!("expected contiguous 32-bit floats in main memory"),
    }
}
