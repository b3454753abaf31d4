//! Attention of packed rows over the caches of their sequences.

use candle_core::{Device, Result, Tensor, bail};
use candle_nn::ops;

use super::layers::with_floats;
use super::{Batch, KvCache};
use crate::kernel::attention::{self, AttentionConfig, Sight};

/// Causal attention of every packed row over its own sequence.
///
/// `q` is `[n_rows, n_heads, head_dim]`, `k` and `v` `[n_rows, n_kv_heads, head_dim]`; the result
/// is `[n_rows, n_heads * head_dim]`.
pub fn attend(
    config: AttentionConfig,
    [q, k, v]: [&Tensor; 3],
    batch: &Batch,
    layer_idx: usize,
    caches: &mut [&mut KvCache],
) -> Result<Tensor> {
    if q.device().is_cpu() {
        attend_host(config, [q, k, v], batch, layer_idx, caches)
    } else {
        attend_device(config, [q, k, v], batch, layer_idx, caches)
    }
}

fn attend_host(
    config: AttentionConfig,
    [q, k, v]: [&Tensor; 3],
    batch: &Batch,
    layer_idx: usize,
    caches: &mut [&mut KvCache],
) -> Result<Tensor> {
    let (n_rows, heads) = (q.dim(0)?, config.heads);
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
    let out = with_floats(q, |q| attention::attend(config, q, &sights))?;
    Tensor::from_vec(out, (n_rows, heads.q_width()), &Device::Cpu)
}

/// The same with candle's own tensors, keys and values in 32 bits, one sequence at a time: for devices
/// other than the CPU, and the reference that the tests hold the kernel against.
pub fn attend_device(
    config: AttentionConfig,
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
        outs.push(attend_one(config, &rows(q)?, &keys, &values)?);
        first_row += slice.n_tokens;
    }
    Tensor::cat(&outs, 0)
}

/// `q` `[n_rows, n_heads, d]`, keys and values `[n_kv_heads, n_keys, d]`. The query heads that
/// share a key head are stacked below each other, so no key is copied.
fn attend_one(
    config: AttentionConfig,
    q: &Tensor,
    keys: &Tensor,
    values: &Tensor,
) -> Result<Tensor> {
    let heads = config.heads;
    let (n_rows, n_keys, d) = (q.dim(0)?, keys.dim(1)?, heads.head_dim);
    let group = heads.n_heads / heads.n_kv_heads;
    let q = q
        .reshape((n_rows, heads.n_kv_heads, group, d))?
        .permute((1, 2, 0, 3))?
        .reshape((heads.n_kv_heads, group * n_rows, d))?
        .contiguous()?;
    let scores = (q.matmul(&keys.transpose(1, 2)?)? * f64::from(config.scale))?;
    let scores = scores
        .reshape((heads.n_kv_heads * group, n_rows, n_keys))?
        .broadcast_add(&mask(config, n_rows, n_keys, q.device())?)?
        .reshape((heads.n_kv_heads, group * n_rows, n_keys))?;
    let out = ops::softmax_last_dim(&scores)?.matmul(&values.contiguous()?)?;
    out.reshape((heads.n_kv_heads, group, n_rows, d))?
        .permute((2, 0, 1, 3))?
        .reshape((n_rows, heads.q_width()))
}

/// `[1, n_rows, n_keys]`: 0 where a row sees a key, else minus infinity. The rows are the last of
/// the keys.
fn mask(config: AttentionConfig, n_rows: usize, n_keys: usize, device: &Device) -> Result<Tensor> {
    let n_before = n_keys - n_rows;
    let score = |visible: bool| if visible { 0.0 } else { f32::NEG_INFINITY };
    let row = |row: usize| {
        let visible = config.visible(n_before + row);
        (0..n_keys).map(move |key| score(visible.contains(&key)))
    };
    Tensor::from_iter((0..n_rows).flat_map(row), device)?.reshape((1, n_rows, n_keys))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::attention::Heads;
    use crate::kernel::key_values::KeyValues;

    fn floats(n: usize, step: f32) -> Vec<f32> {
        (0..n).map(|i| (i as f32 * step).sin()).collect()
    }

    /// Five rows behind forty positions, with windows shorter and longer than that.
    #[test]
    fn candles_tensors_see_what_the_kernel_sees() {
        let (heads, n_rows, n_keys) = (Heads { n_heads: 4, n_kv_heads: 2, head_dim: 8 }, 5, 45);
        // The kernel keeps keys and values in 16 bits.
        let kept = |x: Vec<f32>| -> Vec<f32> {
            x.into_iter().map(|x| half::f16::from_f32(x).to_f32()).collect()
        };
        let q = floats(n_rows * heads.q_width(), 0.7);
        let k = kept(floats(n_keys * heads.kv_width(), 0.3));
        let v = kept(floats(n_keys * heads.kv_width(), 1.1));
        let mut key_values = KeyValues::with_capacity(heads, n_keys).unwrap();
        key_values.append(&k, &v);
        let sight = Sight { first_row: 0, n_rows, first_position: 40, key_values: &key_values };
        let tensor = |x: &[f32], n_heads| {
            Tensor::from_slice(x, (x.len() / n_heads / 8, n_heads, 8), &Device::Cpu).unwrap()
        };
        let by_head = |x| tensor(x, 2).transpose(0, 1).unwrap().contiguous().unwrap();
        for window in [None, Some(1), Some(3), Some(20), Some(99)] {
            let config = AttentionConfig { window, ..AttentionConfig::causal(heads) };
            let found = attend_one(config, &tensor(&q, 4), &by_head(&k), &by_head(&v)).unwrap();
            let found: Vec<f32> = found.flatten_all().unwrap().to_vec1().unwrap();
            let expected = attention::attend(config, &q, &[sight]);
            let far = found.iter().zip(&expected).any(|(f, e)| (f - e).abs() > 1e-5);
            assert!(found.len() == expected.len() && !far, "{window:?}");
        }
    }
}
