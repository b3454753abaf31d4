//! Weights as the hub publishes them: safetensors, or a PyTorch pickle.

use std::path::{Path, PathBuf};

use candle_core::pickle::PthTensors;
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::safetensors::MmapedSafetensors;
use candle_core::{DType, Device, Result, Tensor, bail};

use super::layers::{LayerNorm, Linear, Matrix, RmsNorm};

/// In what numbers the weights are multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// 32-bit floats, keys and values too.
    Full,
    /// 8 bits in blocks of 32 with a scale each, by this project's kernels; keys and values in 16.
    #[default]
    Int8,
}

/// The weights of one network.
pub struct Checkpoint {
    weights: Weights,
    precision: Precision,
    device: Device,
}

enum Weights {
    Safetensors(MmapedSafetensors),
    Pickle(PthTensors),
}

/// The names under which the hub has weights, the better first.
pub const FILES: [&str; 3] =
    ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"];

impl Checkpoint {
    /// Opens the weights of a folder as the hub lays it out.
    ///
    /// # Errors
    /// When there are none, or they cannot be read.
    pub fn open(folder: &Path, precision: Precision, device: &Device) -> Result<Self> {
        let file = FILES.iter().map(|name| folder.join(name)).find(|path| path.exists());
        let Some(file) = file else { bail!("the folder has none of {}", FILES.join(", ")) };
        let weights = match file.extension().and_then(|end| end.to_str()) {
            Some("safetensors") => Weights::mapped(&[file])?,
            Some("json") => Weights::mapped(&shards(&file)?)?,
            _ => Weights::Pickle(PthTensors::new(&file, None)?),
        };
        Ok(Self { weights, precision, device: device.clone() })
    }

    /// In what numbers its matrices are multiplied.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// What the network runs on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Whether there is such a weight.
    pub fn has(&self, name: &str) -> bool {
        match &self.weights {
            Weights::Safetensors(map) => map.get(name).is_ok(),
            Weights::Pickle(file) => file.tensor_infos().contains_key(name),
        }
    }

    /// The shape of a weight, outermost dimension first; none of one that is not there.
    pub fn shape(&self, name: &str) -> Vec<usize> {
        match &self.weights {
            Weights::Safetensors(map) => map.get(name).map_or(Vec::new(), |w| w.shape().to_vec()),
            Weights::Pickle(file) => {
                let info = file.tensor_infos().get(name);
                info.map_or(Vec::new(), |info| info.layout.shape().dims().to_vec())
            }
        }
    }

    /// The first of these names that the file has a weight under: what two parts share is stored once,
    /// under the name that it has in one of them.
    ///
    /// # Errors
    /// When it has none of them.
    pub fn first_of<'n>(&self, names: &[&'n str]) -> Result<&'n str> {
        match names.iter().find(|name| self.has(name)) {
            Some(name) => Ok(name),
            None => bail!("the file lacks the weight {}", names.join(" or ")),
        }
    }

    /// A weight in 32-bit floats.
    ///
    /// # Errors
    /// When the file has no weight of that name.
    pub fn tensor(&self, name: &str) -> Result<Tensor> {
        let tensor = match &self.weights {
            Weights::Safetensors(map) => map.load(name, &self.device)?,
            Weights::Pickle(file) => match file.get(name)? {
                Some(tensor) => tensor.to_device(&self.device)?,
                None => bail!("the file lacks the weight {name}"),
            },
        };
        tensor.to_dtype(DType::F32)
    }

    /// A table of embeddings, `[n_rows, width]`.
    ///
    /// # Errors
    /// As [`Checkpoint::tensor`].
    pub fn embedding(&self, name: &str) -> Result<QTensor> {
        let table = self.tensor(name)?;
        let is_whole = table.dim(1)?.is_multiple_of(GgmlDType::Q8_0.block_size());
        let dtype = match self.precision {
            Precision::Int8 if is_whole => GgmlDType::Q8_0,
            _ => GgmlDType::F32,
        };
        QTensor::quantize(&table, dtype)
    }

    /// A matrix `[n_out, n_in]` in the form that multiplies fastest.
    ///
    /// # Errors
    /// As [`Checkpoint::tensor`].
    pub fn matrix(&self, name: &str) -> Result<Matrix> {
        Matrix::of(&self.tensor(name)?, self.precision)
    }

    /// `{name}.weight` and, when the file has it, `{name}.bias`.
    ///
    /// # Errors
    /// As [`Checkpoint::tensor`].
    pub fn linear(&self, name: &str) -> Result<Linear> {
        let bias = format!("{name}.bias");
        let bias = if self.has(&bias) { Some(self.tensor(&bias)?) } else { None };
        Ok(Linear::new(self.matrix(&format!("{name}.weight"))?, bias))
    }

    /// Several of one width, one below the other.
    ///
    /// # Errors
    /// As [`Checkpoint::tensor`], or when some have a bias and others not.
    pub fn linears(&self, names: &[String]) -> Result<Linear> {
        let parts = |part: &str| {
            names
                .iter()
                .map(|name| self.tensor(&format!("{name}.{part}")))
                .collect::<Result<Vec<_>>>()
        };
        let has_bias = names.iter().any(|name| self.has(&format!("{name}.bias")));
        let bias = if has_bias { Some(Tensor::cat(&parts("bias")?, 0)?) } else { None };
        let weight = Matrix::of(&Tensor::cat(&parts("weight")?, 0)?, self.precision)?;
        Ok(Linear::new(weight, bias))
    }

    /// `{name}.weight` and `{name}.bias`.
    ///
    /// # Errors
    /// As [`Checkpoint::tensor`].
    pub fn layer_norm(&self, name: &str, eps: f64) -> Result<LayerNorm> {
        let part = |part: &str| self.tensor(&format!("{name}.{part}"));
        Ok(LayerNorm::new(part("weight")?, part("bias")?, eps))
    }

    /// `{name}.weight`.
    ///
    /// # Errors
    /// As [`Checkpoint::tensor`].
    pub fn rms_norm(&self, name: &str, eps: f64) -> Result<RmsNorm> {
        Ok(RmsNorm::new(self.tensor(&format!("{name}.weight"))?, eps))
    }
}

impl Weights {
    fn mapped(files: &[PathBuf]) -> Result<Self> {
        // SAFETY: the maps are only read, and live only while a network is loaded. Whoever keeps the
        // files must not rewrite them in place meanwhile; the tools of the hub rename.
        Ok(Self::Safetensors(unsafe { MmapedSafetensors::multi(files)? }))
    }
}

/// The files that an index divides the weights among.
fn shards(index: &Path) -> Result<Vec<PathBuf>> {
    let index_text = std::fs::read_to_string(index)?;
    let json: serde_json::Value =
        serde_json::from_str(&index_text).map_err(candle_core::Error::wrap)?;
    let Some(map) = json["weight_map"].as_object() else {
        bail!("{} has no weight_map", index.display())
    };
    let mut names: Vec<&str> = map.values().filter_map(|name| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let in_folder = |name: &&str| Path::new(name).components().count() == 1;
    if !names.iter().all(in_folder) {
        bail!("{} names files outside of its folder", index.display())
    }
    Ok(names.into_iter().map(|name| index.with_file_name(name)).collect())
}
