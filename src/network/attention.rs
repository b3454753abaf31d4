//! Attention of packed rows over the caches of their sequences.

use candle_core::{Device, Result, Tensor};
use candle_nn::ops;

use super::layers::with_floats;
use super::{Batch, KvCache};
use crate::kernel::attention::{self, AttentionConfig, DistanceBias, Sight};

/// Attention of every packed row over its own sequence.
///
/// `q` is `[n_rows, n_heads, head_dim]`, `k` and `v` `[n_rows, n_kv_heads, head_dim]`; the result
/// is `[n_rows, n_heads * head_dim]`.
pub fn attend(
    config: AttentionConfig,
    qkv: [&Tensor; 3],
    batch: &Batch,
    layer_idx: usize,
    caches: &mut [&mut KvCache],
) -> Result<Tensor> {
    attend_biased(config, None, qkv, batch, layer_idx, caches)
}

/// The same, with what is added to the scores.
pub fn attend_biased(
    config: AttentionConfig,
    bias: Option<&DistanceBias>,
    [q, k, v]: [&Tensor; 3],
    batch: &Batch,
    layer_idx: usize,
    caches: &mut [&mut KvCache],
) -> Result<Tensor> {
    let mut first_row = 0;
    let mut looks = Vec::with_capacity(batch.slices.len());
    for (slice, cache) in batch.slices.iter().zip(caches.iter_mut()) {
        let rows = |x: &Tensor| x.narrow(0, first_row, slice.n_tokens);
        cache.append(layer_idx, &rows(k)?, &rows(v)?)?;
        let n_keys = cache.n_tokens() + slice.n_tokens;
        looks.push(Look { n_rows: slice.n_tokens, n_keys, cache });
        first_row += slice.n_tokens;
    }
    look(config, bias, q, layer_idx, &looks)
}

/// Some rows of a pass that look into one cache.
pub struct Look<'a> {
    pub n_rows: usize,
    /// Tokens of the cache that there are to see. The last rows stand at its end.
    pub n_keys: usize,
    pub cache: &'a KvCache,
}

/// Attention of packed rows over what is in the caches, `q` as in [`attend`]; looks in the order of
/// the rows.
pub fn look(
    config: AttentionConfig,
    bias: Option<&DistanceBias>,
    q: &Tensor,
    layer_idx: usize,
    looks: &[Look],
) -> Result<Tensor> {
    let mut sights = Vec::with_capacity(looks.len());
    let mut first_row = 0;
    for look in looks {
        let Some(key_values) = look.cache.host(layer_idx) else {
            return look_at_tensors(config, bias, q, layer_idx, looks);
        };
        let first_position = look.n_keys.saturating_sub(look.n_rows);
        let n_rows = look.n_rows;
        sights.push(Sight { first_row, n_rows, first_position, key_values, bias });
        first_row += n_rows;
    }
    let out = with_floats(q, |q| attention::attend(config, q, &sights))?;
    Tensor::from_vec(out, (q.dim(0)?, config.heads.q_width()), &Device::Cpu)
}

/// The same with candle's own tensors, keys and values in 32 bits, one sequence at a time: for devices
/// other than the CPU, and the reference that the tests hold the kernel against.
fn look_at_tensors(
    config: AttentionConfig,
    bias: Option<&DistanceBias>,
    q: &Tensor,
    layer_idx: usize,
    looks: &[Look],
) -> Result<Tensor> {
    let mut first_row = 0;
    let mut outs = Vec::with_capacity(looks.len());
    for look in looks {
        let [keys, values] = look.cache.tensors(layer_idx, look.n_keys)?;
        let q = q.narrow(0, first_row, look.n_rows)?;
        outs.push(attend_one(config, bias, &q, &keys, &values)?);
        first_row += look.n_rows;
    }
    Tensor::cat(&outs, 0)
}

/// `q` `[n_rows, n_heads, d]`, keys and values `[n_kv_heads, n_keys, d]`. The query heads that
/// share a key head are stacked below each other, so no key is copied.
fn attend_one(
    config: AttentionConfig,
    bias: Option<&DistanceBias>,
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
        .broadcast_add(&mask(config, bias, n_rows, n_keys, q.device())?)?
        .reshape((heads.n_kv_heads, group * n_rows, n_keys))?;
    let out = ops::softmax_last_dim(&scores)?.matmul(&values.contiguous()?)?;
    out.reshape((heads.n_kv_heads, group, n_rows, d))?
        .permute((2, 0, 1, 3))?
        .reshape((n_rows, heads.q_width()))
}

/// `[1 or n_heads, n_rows, n_keys]`: the bias, or 0, where a row sees a key, else minus infinity. The
/// rows are the last of the keys.
fn mask(
    config: AttentionConfig,
    bias: Option<&DistanceBias>,
    n_rows: usize,
    n_keys: usize,
    device: &Device,
) -> Result<Tensor> {
    let n_before = n_keys.saturating_sub(n_rows);
    let n_heads = if bias.is_some() { config.heads.n_heads } else { 1 };
    let mut scores = Vec::with_capacity(n_heads * n_rows * n_keys);
    for head in 0..n_heads {
        for position in n_before..n_before + n_rows {
            let visible = config.visible(position, n_keys);
            let score = |key: usize| match visible.contains(&key) {
                true => bias.map_or(0.0, |bias| bias.at(head, position, key)),
                false => f32::NEG_INFINITY,
            };
            scores.extend((0..n_keys).map(score));
        }
    }
    Tensor::from_vec(scores, (n_heads, n_rows, n_keys), device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::attention::{Heads, View};
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
        let sight =
            Sight { first_row: 0, n_rows, first_position: 40, key_values: &key_values, bias: None };
        let tensor = |x: &[f32], n_heads| {
            Tensor::from_slice(x, (x.len() / n_heads / 8, n_heads, 8), &Device::Cpu).unwrap()
        };
        let by_head = |x| tensor(x, 2).transpose(0, 1).unwrap().contiguous().unwrap();
        let bias = DistanceBias::new(4, 7, |head, distance| (head as f32 + distance as f32).sin());
        let windows = [1, 3, 20, 99].map(View::Window);
        for view in windows.into_iter().chain([View::Past, View::All]) {
            for bias in [None, Some(&bias)] {
                let config = AttentionConfig { view, ..AttentionConfig::causal(heads) };
                let found =
                    attend_one(config, bias, &tensor(&q, 4), &by_head(&k), &by_head(&v)).unwrap();
                let found: Vec<f32> = found.flatten_all().unwrap().to_vec1().unwrap();
                let expected = attention::attend(config, &q, &[Sight { bias, ..sight }]);
                let far = found.iter().zip(&expected).any(|(f, e)| (f - e).abs() > 1e-5);
                assert!(found.len() == expected.len() && !far, "{view:?}");
            }
        }
    }
}
