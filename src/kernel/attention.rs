//! Grouped-query attention of packed rows over per-sequence caches, in 32-bit floats.
//!
//! Each query row is computed by itself, in one fixed order of sums, so its result depends neither
//! on the rows beside it nor on the number of threads nor on how a prompt was cut into passes.
//! Key and value heads are read in place, never copied for the query heads that share them
//! (Ainslie et al. 2023, <https://arxiv.org/abs/2305.13245>).

use std::sync::OnceLock;

use candle_core::utils::barrier_pool;

/// How the rows of queries, keys and values are divided into heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heads {
    pub n_heads: usize,
    /// Divides `n_heads`: that many query heads share one key and value head.
    pub n_kv_heads: usize,
    /// Floats a head.
    pub head_dim: usize,
}

impl Heads {
    /// Floats in one token's keys (or values).
    pub fn kv_width(&self) -> usize {
        self.n_kv_heads * self.head_dim
    }

    /// Floats in one token's queries.
    pub fn q_width(&self) -> usize {
        self.n_heads * self.head_dim
    }

    fn group(&self) -> usize {
        self.n_heads / self.n_kv_heads
    }
}

/// The query rows of one sequence in this pass, and what they may look at.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// Index of the sequence's first row among the packed rows.
    pub first_row: usize,
    /// Rows of this sequence in the pass.
    pub n_rows: usize,
    /// Position of the first row; row `i` sees the keys `0 ..= first_position + i`.
    pub first_position: usize,
    /// `[n_tokens, n_kv_heads, head_dim]`, this pass's own tokens included.
    pub keys: &'a [f32],
    /// As `keys`.
    pub values: &'a [f32],
}

/// Query rows that one unit of work takes together, so that a key is read once for all of them.
const ROWS_PER_UNIT: usize = 8;
/// Keys (or values) that stay in the fastest cache while the queries of a unit pass over them.
const KEYS_PER_BLOCK: usize = 32;
/// Floats that are summed side by side, enough to hide the latency of an addition.
const LANES: usize = 32;

/// Causal attention: softmax(q k^T / sqrt(head_dim)) v for every packed row.
///
/// `queries` is `[n_rows, n_heads, head_dim]`, and so is the result.
pub fn attend(heads: Heads, queries: &[f32], sights: &[Sight]) -> Vec<f32> {
    let units: Vec<Unit> = sights.iter().flat_map(|sight| units_of(heads, sight)).collect();
    let results: Vec<OnceLock<Vec<f32>>> = units.iter().map(|_| OnceLock::new()).collect();
    barrier_pool().execute_chunked(units.len(), |range| {
        for unit_idx in range {
            let _ = results[unit_idx].set(units[unit_idx].attend(heads, queries));
        }
    });
    let mut out = vec![0f32; queries.len()];
    for (unit, result) in units.iter().zip(results) {
        unit.scatter(heads, &result.into_inner().unwrap_or_default(), &mut out);
    }
    out
}

/// A few neighbouring rows of one sequence, seen by one key head.
struct Unit<'a> {
    sight: &'a Sight<'a>,
    kv_head: usize,
    /// Rows before this unit's first, within the sequence.
    row_offset: usize,
    n_rows: usize,
}

fn units_of<'a>(heads: Heads, sight: &'a Sight<'a>) -> impl Iterator<Item = Unit<'a>> {
    (0..sight.n_rows).step_by(ROWS_PER_UNIT).flat_map(move |row_offset| {
        let n_rows = ROWS_PER_UNIT.min(sight.n_rows - row_offset);
        (0..heads.n_kv_heads).map(move |kv_head| Unit { sight, kv_head, row_offset, n_rows })
    })
}

impl Unit<'_> {
    /// `[n_rows, group, head_dim]`.
    fn attend(&self, heads: Heads, queries: &[f32]) -> Vec<f32> {
        let n_keys = self.sight.first_position + self.row_offset + self.n_rows;
        let queries = self.gather(heads, queries);
        let mut weights = self.scores(heads, &queries, n_keys);
        for (query_idx, row) in weights.chunks_exact_mut(n_keys).enumerate() {
            softmax(&mut row[..self.n_visible(heads, query_idx)]);
        }
        self.mix(heads, n_keys, &weights)
    }

    /// Keys that a query of this unit may look at.
    fn n_visible(&self, heads: Heads, query_idx: usize) -> usize {
        self.sight.first_position + self.row_offset + query_idx / heads.group() + 1
    }

    /// This unit's queries side by side, `[n_rows, group, head_dim]`, scaled.
    fn gather(&self, heads: Heads, queries: &[f32]) -> Vec<f32> {
        let scale = 1.0 / (heads.head_dim as f32).sqrt();
        let width = heads.group() * heads.head_dim;
        let first_row = self.sight.first_row + self.row_offset;
        (first_row..first_row + self.n_rows)
            .map(|row| row * heads.q_width() + self.kv_head * width)
            .flat_map(|at| queries[at..at + width].iter().map(|q| q * scale))
            .collect()
    }

    /// The part of `rows` that belongs to this unit's key head at one position.
    fn kv<'a>(&self, heads: Heads, rows: &'a [f32], position: usize) -> &'a [f32] {
        let at = position * heads.kv_width() + self.kv_head * heads.head_dim;
        &rows[at..at + heads.head_dim]
    }

    /// `[n_rows, group, n_keys]`; what a query may not see stays 0 and is never read.
    fn scores(&self, heads: Heads, queries: &[f32], n_keys: usize) -> Vec<f32> {
        let mut scores = vec![0f32; self.n_rows * heads.group() * n_keys];
        for block in (0..n_keys).step_by(KEYS_PER_BLOCK) {
            let rows = scores.chunks_exact_mut(n_keys).zip(queries.chunks_exact(heads.head_dim));
            for (query_idx, (row, query)) in rows.enumerate() {
                let end = (block + KEYS_PER_BLOCK).min(self.n_visible(heads, query_idx));
                for position in block..end {
                    row[position] = dot(query, self.kv(heads, self.sight.keys, position));
                }
            }
        }
        scores
    }

    /// The values, weighted and summed: `[n_rows, group, head_dim]`.
    fn mix(&self, heads: Heads, n_keys: usize, weights: &[f32]) -> Vec<f32> {
        let mut out = vec![0f32; self.n_rows * heads.group() * heads.head_dim];
        for block in (0..n_keys).step_by(KEYS_PER_BLOCK) {
            let rows = out.chunks_exact_mut(heads.head_dim).zip(weights.chunks_exact(n_keys));
            for (query_idx, (row, weights)) in rows.enumerate() {
                let end = (block + KEYS_PER_BLOCK).min(self.n_visible(heads, query_idx));
                for position in block..end {
                    add_scaled(row, weights[position], self.kv(heads, self.sight.values, position));
                }
            }
        }
        out
    }

    fn scatter(&self, heads: Heads, result: &[f32], out: &mut [f32]) {
        let width = heads.group() * heads.head_dim;
        for (row_idx, row) in result.chunks_exact(width).enumerate() {
            let packed_row = self.sight.first_row + self.row_offset + row_idx;
            let at = packed_row * heads.q_width() + self.kv_head * width;
            out[at..at + width].copy_from_slice(row);
        }
    }
}

#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0f32; LANES];
    let ((a, a_tail), (b, b_tail)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (x, y) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] = multiply_add(x[lane], y[lane], sums[lane]);
        }
    }
    let tail: f32 = a_tail.iter().zip(b_tail).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + tail
}

#[inline(always)]
fn add_scaled(row: &mut [f32], scale: f32, value: &[f32]) {
    for (r, v) in row.iter_mut().zip(value) {
        *r = multiply_add(scale, *v, *r);
    }
}

/// Fused only where the target has the instruction: elsewhere `mul_add` would be a slow call.
#[inline(always)]
fn multiply_add(a: f32, b: f32, c: f32) -> f32 {
    if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
        a.mul_add(b, c)
    } else {
        a * b + c
    }
}

fn softmax(row: &mut [f32]) {
    let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sums = [0f32; LANES];
    for chunk in row.chunks_mut(LANES) {
        for (x, sum) in chunk.iter_mut().zip(&mut sums) {
            *x = exp(*x - max);
            *sum += *x;
        }
    }
    let scale = 1.0 / sums.iter().sum::<f32>();
    row.iter_mut().for_each(|x| *x *= scale);
}

/// e^x for x between -87 and 87, to about 2 units in the last place, in a form that vectorises.
///
/// 2^n times a polynomial for the remainder in [-ln2/2, ln2/2] (the Cephes coefficients).
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 87.0);
    let n = (x * std::f32::consts::LOG2_E).round_ties_even();
    let r = multiply_add(n, -0.693_359_4, x);
    let r = multiply_add(n, 2.121_944_4e-4, r);
    let mut p = 1.987_569_1e-4;
    for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_66, 0.5] {
        p = multiply_add(p, r, c);
    }
    let p = multiply_add(p, r * r, r + 1.0);
    p * f32::from_bits(((n as i32 + 127) as u32) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close() {
        for i in 0..8700 {
            let x = -(i as f32) / 100.0;
            let expected = x.exp();
            assert!((exp(x) - expected).abs() <= expected * 1e-6, "exp({x})");
        }
    }

    #[test]
    fn softmax_sums_to_one() {
        let mut row: Vec<f32> = (0..37).map(|i| (i as f32 * 0.7).sin() * 9.0).collect();
        softmax(&mut row);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}
