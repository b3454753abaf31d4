//! The keys and values of one sequence, layer by layer, kept between passes.

use candle_core::{Device, Result, Tensor, bail};

use super::fallback::History;
use super::layers::with_floats;
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
    /// On another device, or where nothing is to be rounded, 32 bits a number: `[n_kv_heads, capacity, head_dim]`.
    Device { keys: Tensor, values: Tensor },
}

impl KvCache {
    /// An empty cache.
    ///
    /// # Errors
    /// When the device is out of memory.
    pub fn new(n_layers: usize, heads: Heads, capacity: usize, device: &Device) -> Result<Self> {
        let layer = |_| match device.is_cpu() {
            true => Layer::on_host(heads, capacity),
            false => Layer::of_tensors(heads, capacity, device),
        };
        Self::of(n_layers, heads, capacity, layer)
    }

    /// An empty cache with 32 bits a number, on the CPU too.
    ///
    /// # Errors
    /// When the device is out of memory.
    pub fn exact(n_layers: usize, heads: Heads, capacity: usize, device: &Device) -> Result<Self> {
        Self::of(n_layers, heads, capacity, |_| Layer::of_tensors(heads, capacity, device))
    }

    fn of(
        n_layers: usize,
        heads: Heads,
        capacity: usize,
        layer: impl Fn(usize) -> Result<Layer>,
    ) -> Result<Self> {
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

    /// Tokens that there is room for.
    pub fn capacity(&self) -> usize {
        self.capacity
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

    /// Forgets all tokens behind the first `n_tokens`.
    ///
    /// # Errors
    /// When there are not so many, or the network keeps its keys and values itself.
    pub fn truncate(&mut self, n_tokens: usize) -> Result<()> {
        if n_tokens > self.n_tokens || self.history.is_some() && n_tokens < self.n_tokens {
            bail!("{n_tokens} of {} tokens cannot be kept", self.n_tokens)
        }
        for layer in &mut self.layers {
            if let Layer::Host(key_values) = layer {
                key_values.truncate(n_tokens);
            }
        }
        self.n_tokens = n_tokens;
        Ok(())
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

    /// Appends the keys and values of the next tokens to a layer, each `[n_rows, n_kv_heads,
    /// head_dim]`.
    pub(super) fn append(
        &mut self,
        layer_idx: usize,
        keys: &Tensor,
        values: &Tensor,
    ) -> Result<()> {
        let at = self.n_tokens;
        match &mut self.layers[layer_idx] {
            Layer::Host(layer) => {
                with_floats(keys, |keys| with_floats(values, |values| layer.append(keys, values)))?
            }
            Layer::Device { keys: all_keys, values: all_values } => {
                all_keys.slice_set(&by_head(keys)?, 1, at)?;
                all_values.slice_set(&by_head(values)?, 1, at)
            }
        }
    }

    /// A layer in main memory.
    pub(super) fn host(&self, layer_idx: usize) -> Option<&KeyValues> {
        match &self.layers[layer_idx] {
            Layer::Host(key_values) => Some(key_values),
            Layer::Device { .. } => None,
        }
    }

    /// The first `n_tokens` keys and values of a layer on another device, each `[n_kv_heads,
    /// n_tokens, head_dim]`.
    pub(super) fn tensors(&self, layer_idx: usize, n_tokens: usize) -> Result<[Tensor; 2]> {
        match &self.layers[layer_idx] {
            Layer::Host(_) => bail!("the cache is in main memory"),
            Layer::Device { keys, values } => {
                Ok([keys.narrow(1, 0, n_tokens)?, values.narrow(1, 0, n_tokens)?])
            }
        }
    }
}

fn by_head(rows: &Tensor) -> Result<Tensor> {
    rows.transpose(0, 1)?.contiguous()
}

impl Layer {
    fn on_host(heads: Heads, capacity: usize) -> Result<Self> {
        let room = KeyValues::with_capacity(heads, capacity);
        room.map(Self::Host).map_err(candle_core::Error::wrap)
    }

    fn of_tensors(heads: Heads, capacity: usize, device: &Device) -> Result<Self> {
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
