//! The keys and values of one sequence, layer by layer, kept between passes.

use candle_core::{Device, Result, Tensor, bail};

use super::fallback::History;
use crate::kernel::attention::Heads;
use crate::kernel::key_values::KeyValues;

/// Keys and values of the tokens that a sequence has been through.
#[derive(Debug)]
pub struct KvCache {
    layers: Vec<Layer>,
    heads: Heads,
    n_tokens: usize,
    capacity: usize,
    /// In the place of layers, for a network that keeps its keys and values itself.
    history: Option<Box<History>>,
}

#[derive(Debug)]
enum Layer {
    /// In main memory, 16 bits a number, room reserved once.
    Host(KeyValues),
    /// On another device, 32 bits a number: `[n_kv_heads, capacity, head_dim]`.
    Device { keys: Tensor, values: Tensor },
}

impl KvCache {
    /// An empty cache.
    ///
    /// # Errors
    /// When the device is out of memory.
    pub fn new(n_layers: usize, heads: Heads, capacity: usize, device: &Device) -> Result<Self> {
        let layer = |_| Layer::new(heads, capacity, device);
        let layers = (0..n_layers).map(layer).collect::<Result<_>>()?;
        Ok(Self { layers, heads, n_tokens: 0, capacity, history: None })
    }

    /// An empty cache of a network that keeps its keys and values itself.
    pub(super) fn of_history(capacity: usize) -> Self {
        let heads = Heads { n_heads: 0, n_kv_heads: 0, head_dim: 0 };
        Self { layers: Vec::new(), heads, n_tokens: 0, capacity, history: Some(Box::default()) }
    }

    /// What such a network keeps here.
    pub(super) fn history(&mut self) -> Result<&mut History> {
        match &mut self.history {
            Some(history) => Ok(history),
            None => bail!("the cache belongs to another network"),
        }
    }

    /// Tokens whose keys and values are here.
    pub fn n_tokens(&self) -> usize {
        self.n_tokens
    }

    /// A cache that begins with the first `n_tokens` of this one, with room for `capacity`: how
    /// requests share the work on a common beginning.
    ///
    /// # Errors
    /// When there are not so many or `capacity` is too small, or the device is out of memory.
    pub fn fork(&self, n_tokens: usize, capacity: usize) -> Result<Self> {
        if n_tokens > self.n_tokens.min(capacity) {
            bail!("{n_tokens} of {} tokens cannot begin a cache of {capacity}", self.n_tokens)
        }
        let fork = |layer: &Layer| layer.fork(self.heads, n_tokens, capacity);
        let layers = self.layers.iter().map(fork).collect::<Result<_>>()?;
        let history = self.history.as_ref().map(|history| Box::new(history.fork(n_tokens)));
        Ok(Self { layers, heads: self.heads, n_tokens, capacity, history })
    }

    /// Says that `n_tokens` more have been appended to every layer.
    pub(super) fn advance(&mut self, n_tokens: usize) {
        self.n_tokens += n_tokens;
    }

    /// Fails unless `n_tokens` more have room.
    pub(super) fn check_room(&self, n_tokens: usize) -> Result<()> {
        if self.n_tokens + n_tokens > self.capacity {
            bail!("the cache is full: {} + {n_tokens} of {} tokens", self.n_tokens, self.capacity)
        }
        Ok(())
    }

    /// Appends rows `[n_rows, n_kv_heads, head_dim]` to a layer in main memory and returns all of
    /// it; `None` when the layer is on another device.
    pub(super) fn append_host(
        &mut self,
        layer_idx: usize,
        new_keys: &[f32],
        new_values: &[f32],
    ) -> Option<&KeyValues> {
        match &mut self.layers[layer_idx] {
            Layer::Host(key_values) => {
                key_values.append(new_keys, new_values);
                Some(key_values)
            }
            Layer::Device { .. } => None,
        }
    }

    /// Appends rows `[n_rows, n_kv_heads, head_dim]` and returns all keys and values of the layer,
    /// each `[n_kv_heads, n_tokens, head_dim]`.
    pub(super) fn append_device(
        &mut self,
        layer_idx: usize,
        new_keys: &Tensor,
        new_values: &Tensor,
    ) -> Result<(Tensor, Tensor)> {
        let n_tokens = self.n_tokens + new_keys.dim(0)?;
        let (new_keys, new_values) = (by_head(new_keys)?, by_head(new_values)?);
        match &mut self.layers[layer_idx] {
            Layer::Host(_) => bail!("the cache is in main memory"),
            Layer::Device { keys, values } => {
                keys.slice_set(&new_keys, 1, self.n_tokens)?;
                values.slice_set(&new_values, 1, self.n_tokens)?;
                Ok((keys.narrow(1, 0, n_tokens)?, values.narrow(1, 0, n_tokens)?))
            }
        }
    }
}

fn by_head(rows: &Tensor) -> Result<Tensor> {
    rows.transpose(0, 1)?.contiguous()
}

impl Layer {
    fn new(heads: Heads, capacity: usize, device: &Device) -> Result<Self> {
        if device.is_cpu() {
            let room = KeyValues::with_capacity(heads, capacity);
            return room.map(Self::Host).map_err(candle_core::Error::wrap);
        }
        let shape = (heads.n_kv_heads, capacity, heads.head_dim);
        let zeros = || Tensor::zeros(shape, candle_core::DType::F32, device);
        Ok(Self::Device { keys: zeros()?, values: zeros()? })
    }

    fn fork(&self, heads: Heads, n_tokens: usize, capacity: usize) -> Result<Self> {
        match self {
            Self::Host(key_values) => {
                let copy = key_values.beginning(n_tokens, capacity);
                copy.map(Self::Host).map_err(candle_core::Error::wrap)
            }
            Self::Device { keys, values } => {
                let copy = |from: &Tensor| {
                    let shape = (heads.n_kv_heads, capacity, heads.head_dim);
                    let to = Tensor::zeros(shape, from.dtype(), from.device())?;
                    to.slice_set(&from.narrow(1, 0, n_tokens)?.contiguous()?, 1, 0)?;
                    Ok::<_, candle_core::Error>(to)
                };
                Ok(Self::Device { keys: copy(keys)?, values: copy(values)? })
            }
        }
    }
}
