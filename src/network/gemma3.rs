//! Gemma 3 (Gemma Team 2025, <https://arxiv.org/abs/2503.19786>): scaled embeddings, norms before
//! and behind attention and feed-forward, normed queries and keys, GeGLU, and five layers that look
//! back a little way for each that sees everything.

use candle_core::{Result, bail};

use super::config::{Config, Keys, LayerConfig};
use super::gguf::GgufFile;
use super::layers::Activation;
use super::rope::{Pairs, Rope};

/// Layers from one that sees everything to the next.
const PERIOD: usize = 6;
/// The rotary base of the layers with a window.
const LOCAL_FREQ_BASE: f64 = 10_000.0;
/// Blocks of the 27B model. Its queries are scaled by the width over the heads, and no key says so.
const BLOCKS_OF_27B: usize = 62;

/// Reads the `gemma3.*` metadata.
///
/// # Errors
/// When a key is missing or the sizes do not fit each other.
pub fn config(file: &GgufFile) -> Result<Config> {
    let keys = Keys::of(file)?;
    let mut config = Config::from_gguf(file, Pairs::Halves)?;
    config.embedding_scale = (config.embedding_length as f64).sqrt();
    config.activation = Activation::Gelu;
    (config.qk_norm, config.post_norm) = (true, true);
    if config.layers.len() == BLOCKS_OF_27B {
        let query_dim = config.embedding_length / config.heads.n_heads;
        config.attention_scale = 1.0 / (query_dim as f32).sqrt();
    }
    let local_freq_base = keys.f64("rope.freq_base_swa").unwrap_or(LOCAL_FREQ_BASE);
    config.ropes.push(Rope::new(Pairs::Halves, config.heads.head_dim, local_freq_base));
    let local = LayerConfig { rope: Some(1), window: Some(window(&keys)?) };
    for (layer_idx, layer) in config.layers.iter_mut().enumerate() {
        if (layer_idx + 1) % PERIOD != 0 {
            *layer = local;
        }
    }
    Ok(config)
}

fn window(keys: &Keys) -> Result<usize> {
    match keys.usize("attention.sliding_window")? {
        0 => bail!("a sliding window of no positions"),
        window => Ok(window),
    }
}
