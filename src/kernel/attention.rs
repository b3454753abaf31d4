//! Grouped-query attention of packed rows over per-sequence caches, summed in 32-bit floats.
//!
//! Each query row is computed by itself, in one fixed order of sums, so its result depends neither
//! on the rows beside it nor on the number of threads nor on how a prompt was cut into passes.
//! Key and value heads are read in place, never copied for the query heads that share them
//! (Ainslie et al. 2023, <https://arxiv.org/abs/2305.13245>).

use std::ops::Range;
use std::sync::OnceLock;

use half::f16;

use super::cpu::Kernel;
use super::key_values::{KeyValues, PANEL};
use super::lanes::{Lanes, Plain, Registers, fused};
use super::parallel::for_each_index;

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

/// How one layer attends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttentionConfig {
    pub heads: Heads,
    /// What queries are multiplied by.
    pub scale: f32,
    pub view: View,
}

/// Which positions a row sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// All up to its own.
    Past,
    /// At most so many up to its own, its own among them (Beltagy et al. 2020,
    /// <https://arxiv.org/abs/2004.05150>).
    Window(usize),
    /// All that are there: what the rows of an encoder see, and those of a decoder of its source.
    All,
}

impl AttentionConfig {
    /// All positions up to the row's own, and 1 / sqrt(head_dim).
    pub fn causal(heads: Heads) -> Self {
        Self { heads, scale: 1.0 / (heads.head_dim as f32).sqrt(), view: View::Past }
    }

    /// The positions that the row at `position` sees, of `n_keys` that are there.
    pub fn visible(&self, position: usize, n_keys: usize) -> Range<usize> {
        let end = position + 1;
        match self.view {
            View::Past => 0..end,
            View::Window(n) => end.saturating_sub(n)..end,
            View::All => 0..n_keys,
        }
    }
}

/// What is added to a score by the distance of the key from its row, head by head (Raffel et al. 2020,
/// <https://arxiv.org/abs/1910.10683>).
#[derive(Debug, Clone, PartialEq)]
pub struct DistanceBias {
    reach: usize,
    /// `[n_heads, 2 * reach + 1]`, from the farthest key before the row to the farthest behind it.
    by_head: Vec<f32>,
}

impl DistanceBias {
    /// `of(head, distance)` for distances up to `reach` on both sides; beyond it the outermost holds.
    pub fn new(n_heads: usize, reach: usize, of: impl Fn(usize, isize) -> f32) -> Self {
        let side = reach as isize;
        let by_head =
            (0..n_heads).flat_map(|head| (-side..=side).map(move |distance| (head, distance)));
        Self { reach, by_head: by_head.map(|(head, distance)| of(head, distance)).collect() }
    }

    /// What a key at `key` gets from the row at `position`.
    pub fn at(&self, head: usize, position: usize, key: usize) -> f32 {
        let side = self.reach as isize;
        let distance = (key as isize - position as isize).clamp(-side, side);
        self.by_head[head * (2 * self.reach + 1) + (distance + side) as usize]
    }
}

/// The query rows of one sequence in this pass, and what they may look at.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// Index of the sequence's first row among the packed rows.
    pub first_row: usize,
    /// Rows of this sequence in the pass.
    pub n_rows: usize,
    /// Position of the first row; row `i` stands at `first_position + i`.
    pub first_position: usize,
    /// Of all positions up to the last row's, this pass's own included; of [`View::All`], all.
    pub key_values: &'a KeyValues,
    pub bias: Option<&'a DistanceBias>,
}

/// Query rows that one unit of work takes together, so that a key is read once for all of them.
const ROWS_PER_UNIT: usize = 8;
/// Queries that meet a panel together, if they are so many: their sums and a row of the panel fill the
/// registers.
const MANY: usize = 6;
/// And otherwise.
const FEW: usize = 4;

/// Panels that stay in a near cache while all queries of a unit meet them.
const NEAR: usize = 8;

/// Attention: softmax(scale q k^T) v over what every packed row sees.
///
/// `queries` is `[n_rows, n_heads, head_dim]`, and so is the result.
pub fn attend(config: AttentionConfig, queries: &[f32], sights: &[Sight]) -> Vec<f32> {
    attend_with(Kernel::chosen().unwrap_or(Kernel::Portable), config, queries, sights)
}

fn attend_with(
    kernel: Kernel,
    config: AttentionConfig,
    queries: &[f32],
    sights: &[Sight],
) -> Vec<f32> {
    let units: Vec<Unit> = sights.iter().flat_map(|sight| units_of(config, sight)).collect();
    let results: Vec<OnceLock<Vec<f32>>> = units.iter().map(|_| OnceLock::new()).collect();
    for_each_index(units.len(), |idx| {
        let _ = results[idx].set(units[idx].attend(kernel, queries));
    });
    let mut out = vec![0f32; queries.len()];
    for (unit, result) in units.iter().zip(results) {
        unit.scatter(&result.into_inner().unwrap_or_default(), &mut out);
    }
    out
}

/// A few neighbouring rows of one sequence, seen by one key head.
struct Unit<'a> {
    config: AttentionConfig,
    sight: &'a Sight<'a>,
    kv_head: usize,
    /// Rows before this unit's first, within the sequence.
    row_offset: usize,
    n_rows: usize,
}

fn units_of<'a>(config: AttentionConfig, sight: &'a Sight<'a>) -> impl Iterator<Item = Unit<'a>> {
    (0..sight.n_rows).step_by(ROWS_PER_UNIT).flat_map(move |row_offset| {
        let n_rows = ROWS_PER_UNIT.min(sight.n_rows - row_offset);
        let unit = move |kv_head| Unit { config, sight, kv_head, row_offset, n_rows };
        (0..config.heads.n_kv_heads).map(unit)
    })
}

/// A row of floats for each of the queries that go together.
type Rows<const N: usize> = [Vec<f32>; N];

/// Queries that meet a panel together.
struct Together<const N: usize> {
    /// Among the unit's queries; there may be fewer than `N`.
    idxs: Range<usize>,
    /// Multiplied by the scale, `[head_dim, N]`.
    scaled: Vec<[f32; N]>,
    /// Those that some of them may look into.
    panels: Range<usize>,
    /// Scores of the keys in these panels, then weights.
    weights: Rows<N>,
    /// The weighted values, `padded_dim` floats a row.
    mixed: Rows<N>,
}

impl<const N: usize> Together<N> {
    /// Those of some panels that they look into.
    fn common(&self, panels: Range<usize>) -> Range<usize> {
        let start = panels.start.max(self.panels.start);
        start..panels.end.min(self.panels.end).max(start)
    }
}

impl Unit<'_> {
    /// `[n_rows, group, head_dim]`.
    fn attend(&self, kernel: Kernel, queries: &[f32]) -> Vec<f32> {
        match kernel {
            // SAFETY: the chosen kernel is one whose instructions the CPU has.
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => unsafe { self.attend_avx512(queries) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => unsafe { self.attend_avx2(queries) },
            #[cfg(target_arch = "aarch64")]
            Kernel::Neon => self.attend_by::<[super::lanes::Neon; 2]>(queries),
            _ => self.attend_by::<[Plain; 2]>(queries),
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma,f16c")]
    unsafe fn attend_avx2(&self, queries: &[f32]) -> Vec<f32> {
        self.attend_by::<[super::lanes::Avx2; 2]>(queries)
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma,f16c,avx512f")]
    unsafe fn attend_avx512(&self, queries: &[f32]) -> Vec<f32> {
        self.attend_by::<super::lanes::Avx512>(queries)
    }

    #[inline(always)]
    fn attend_by<R: Registers>(&self, queries: &[f32]) -> Vec<f32> {
        let n_queries = self.n_rows * self.config.heads.group();
        // What has no query is computed in vain.
        if n_queries.next_multiple_of(MANY) <= n_queries.next_multiple_of(FEW) {
            self.attend_together::<R, MANY>(queries, n_queries)
        } else {
            self.attend_together::<R, FEW>(queries, n_queries)
        }
    }

    #[inline(always)]
    fn attend_together<R: Registers, const N: usize>(
        &self,
        queries: &[f32],
        n_queries: usize,
    ) -> Vec<f32> {
        let head_dim = self.config.heads.head_dim;
        let mut together: Vec<Together<N>> = (0..n_queries)
            .step_by(N)
            .map(|first| self.gather(queries, first..n_queries.min(first + N)))
            .collect();
        for near in self.near(&together) {
            together.iter_mut().for_each(|some| self.score::<R, N>(some, near.clone()));
        }
        together.iter_mut().for_each(|some| self.weigh::<R::Lanes, N>(some));
        for near in self.near(&together) {
            together.iter_mut().for_each(|some| self.mix::<R, N>(some, near.clone()));
        }
        let mut out = Vec::with_capacity(n_queries * head_dim);
        for some in &together {
            some.mixed[..some.idxs.len()].iter().for_each(|row| out.extend(&row[..head_dim]));
        }
        out
    }

    /// The panels that any of these look into, a few at a time: they are read from far once for all of
    /// them.
    fn near<const N: usize>(&self, together: &[Together<N>]) -> Vec<Range<usize>> {
        let start = together.iter().map(|some| some.panels.start).min().unwrap_or(0);
        let end = together.iter().map(|some| some.panels.end).max().unwrap_or(0);
        let from = |at: usize| at..end.min(at + NEAR);
        (start..end).step_by(NEAR).map(from).collect()
    }

    /// Where the row of a query stands; queries go row by row.
    fn position(&self, query_idx: usize) -> usize {
        self.sight.first_position + self.row_offset + query_idx / self.config.heads.group()
    }

    /// Positions that a query of this unit may look at.
    fn visible(&self, query_idx: usize) -> Range<usize> {
        self.config.visible(self.position(query_idx), self.sight.key_values.n_tokens())
    }

    /// To the scores of the keys from `first_key` on.
    fn add_bias(&self, query_idx: usize, first_key: usize, scores: &mut [f32]) {
        let Some(bias) = self.sight.bias else { return };
        let group = self.config.heads.group();
        let head = self.kv_head * group + query_idx % group;
        for (idx, score) in scores.iter_mut().enumerate() {
            *score += bias.at(head, self.position(query_idx), first_key + idx);
        }
    }

    /// The panels that some queries may look into.
    fn panels(&self, queries: Range<usize>) -> Range<usize> {
        let (first, last) = (self.visible(queries.start), self.visible(queries.end - 1));
        first.start / PANEL..last.end.div_ceil(PANEL)
    }

    /// Some queries, at most `N`, with zeros behind the last.
    fn gather<const N: usize>(&self, queries: &[f32], idxs: Range<usize>) -> Together<N> {
        let (group, head_dim) = (self.config.heads.group(), self.config.heads.head_dim);
        let mut scaled = vec![[0f32; N]; head_dim];
        for (lane, query_idx) in idxs.clone().enumerate() {
            let row = self.sight.first_row + self.row_offset + query_idx / group;
            let head = self.kv_head * group + query_idx % group;
            let at = row * self.config.heads.q_width() + head * head_dim;
            for (to, from) in scaled.iter_mut().zip(&queries[at..at + head_dim]) {
                to[lane] = from * self.config.scale;
            }
        }
        let panels = self.panels(idxs.clone());
        let weights = rows(panels.len() * PANEL);
        let mixed = rows(self.config.heads.padded_dim());
        Together { idxs, scaled, panels, weights, mixed }
    }

    /// q k^T over whole panels: some are of positions that they may not see.
    #[inline(always)]
    fn score<R: Registers, const N: usize>(&self, some: &mut Together<N>, near: Range<usize>) {
        let near = some.common(near);
        let mut all = self.sight.key_values.key_panels(self.kv_head).skip(near.start);
        for panel_idx in near.clone().step_by(R::N_SIXTEENS) {
            let Some(first) = all.next() else { break };
            let is_last = panel_idx + 1 == near.end;
            let second = if R::N_SIXTEENS == 1 || is_last { None } else { all.next() };
            let sums = dots::<R, N>([first, second.unwrap_or(first)], &some.scaled);
            let at = (panel_idx - some.panels.start) * PANEL;
            let end = (near.end - some.panels.start) * PANEL;
            for (row, sums) in some.weights.iter_mut().zip(sums) {
                sums.store(&mut row[at..end]);
            }
        }
    }

    /// Scores to weights.
    #[inline(always)]
    fn weigh<L: Lanes, const N: usize>(&self, some: &mut Together<N>) {
        let first_key = some.panels.start * PANEL;
        for (query_idx, row) in some.idxs.clone().zip(&mut some.weights) {
            let Range { start, end } = self.visible(query_idx);
            self.add_bias(query_idx, first_key, row);
            weigh::<L>(row, start - first_key..end - first_key);
        }
    }

    /// The values, weighted and summed.
    #[inline(always)]
    fn mix<R: Registers, const N: usize>(&self, some: &mut Together<N>, near: Range<usize>) {
        let near = some.common(near);
        let all = self.sight.key_values.value_panels(self.kv_head);
        for (panel_idx, panel) in near.clone().zip(all.skip(near.start)) {
            let at = (panel_idx - some.panels.start) * PANEL;
            let weights = some.weights.each_ref().map(|row| *chunk(row, at));
            for at in (0..self.config.heads.padded_dim()).step_by(R::N_SIXTEENS * PANEL) {
                add_weighted::<R, N>(&mut some.mixed, at, panel, weights);
            }
        }
    }

    fn scatter(&self, result: &[f32], out: &mut [f32]) {
        let width = self.config.heads.group() * self.config.heads.head_dim;
        for (row_idx, row) in result.chunks_exact(width).enumerate() {
            let packed_row = self.sight.first_row + self.row_offset + row_idx;
            let at = packed_row * self.config.heads.q_width() + self.kv_head * width;
            out[at..at + width].copy_from_slice(row);
        }
    }
}

/// Scores to weights: those that are not seen weigh nothing, the others one together.
#[inline(always)]
fn weigh<L: Lanes>(row: &mut [f32], seen: Range<usize>) {
    row[..seen.start].fill(0.0);
    row[seen.end..].fill(0.0);
    softmax::<L>(&mut row[seen]);
}

fn rows<const N: usize>(len: usize) -> Rows<N> {
    std::array::from_fn(|_| vec![0f32; len])
}

/// The products of one or two panels of keys, `[head_dim, PANEL]` each, with some queries, `[head_dim,
/// N]`. Each is summed over the head in order, whatever stands beside it.
#[inline(always)]
fn dots<R: Registers, const N: usize>(
    [first, second]: [&[[f16; PANEL]]; 2],
    together: &[[f32; N]],
) -> [R; N] {
    let mut sums = [R::zeros(); N];
    for ((first, second), queries) in first.iter().zip(second).zip(together) {
        let keys = R::widen([first, second]);
        for lane in 0..N {
            sums[lane] = sums[lane].add_product(queries[lane], keys);
        }
    }
    sums
}

/// Adds sixteen positions' values, each as many numbers from `at` on as fill the registers, to some
/// rows.
#[inline(always)]
fn add_weighted<R: Registers, const N: usize>(
    out: &mut Rows<N>,
    at: usize,
    panel: &[f16],
    weights: [[f32; PANEL]; N],
) {
    let width = panel.len() / PANEL;
    let mut sums: [R; N] = std::array::from_fn(|lane| R::load(&out[lane][at..]));
    for position in 0..PANEL {
        let values = &panel[position * width..][..width];
        let first = chunk(values, at);
        let second = if at + PANEL < width { chunk(values, at + PANEL) } else { first };
        let values = R::widen([first, second]);
        for lane in 0..N {
            sums[lane] = sums[lane].add_product(weights[lane][position], values);
        }
    }
    for lane in 0..N {
        sums[lane].store(&mut out[lane][at..]);
    }
}

/// Sixteen numbers of a row, which has them.
#[inline(always)]
fn chunk<T>(row: &[T], at: usize) -> &[T; PANEL] {
    row[at..].first_chunk().expect("rows are whole panels wide")
}

/// Sums kept apart, enough to hide the latency of an addition.
const LANES: usize = 32;

#[inline(always)]
fn softmax<L: Lanes>(row: &mut [f32]) {
    let mut maxima = [f32::NEG_INFINITY; LANES];
    for chunk in row.chunks(LANES) {
        for (max, x) in maxima.iter_mut().zip(chunk) {
            *max = if *x > *max { *x } else { *max };
        }
    }
    let max = maxima.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let mut sums = [0f32; LANES];
    for chunk in row.chunks_mut(LANES) {
        for (x, sum) in chunk.iter_mut().zip(&mut sums) {
            *x = exp::<L>(*x - max);
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
pub(super) fn exp<L: Lanes>(x: f32) -> f32 {
    // Beside this number floats have no room for a fraction, and its last bits are the whole number. A
    // conversion would look at every number by itself.
    const NO_FRACTION: f32 = (3 << 22) as f32;
    let x = x.clamp(-87.0, 87.0);
    let rounded = x * std::f32::consts::LOG2_E + NO_FRACTION;
    let n = rounded - NO_FRACTION;
    let r = fused::<L>(n, -0.693_359_4, x);
    let r = fused::<L>(n, 2.121_944_4e-4, r);
    let mut p = 1.987_569_1e-4;
    for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_66, 0.5] {
        p = fused::<L>(p, r, c);
    }
    let p = fused::<L>(p, r * r, r + 1.0);
    p * f32::from_bits(rounded.to_bits().wrapping_add(127) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close() {
        for i in 0..8700 {
            let x = -(i as f32) / 100.0;
            let expected = x.exp();
            assert!((exp::<Plain>(x) - expected).abs() <= expected * 1e-6, "exp({x})");
        }
    }

    #[test]
    fn kernels_agree() {
        let heads = Heads { n_heads: 4, n_kv_heads: 2, head_dim: 24 };
        let noise = |n: usize| (0..n).map(|i| (i as f32 * 0.37).sin()).collect::<Vec<f32>>();
        let n = 37;
        let mut key_values = KeyValues::with_capacity(heads, n).unwrap();
        key_values.append(&noise(n * heads.kv_width()), &noise(n * heads.kv_width()));
        let sight = Sight {
            first_row: 0,
            n_rows: n,
            first_position: 0,
            key_values: &key_values,
            bias: None,
        };
        let (config, queries) = (AttentionConfig::causal(heads), noise(n * heads.q_width()));
        let plain = attend_with(Kernel::Portable, config, &queries, &[sight]);
        for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.is_available()) {
            let found = attend_with(kernel, config, &queries, &[sight]);
            let differs = found.iter().zip(&plain).any(|(a, b)| (a - b).abs() > 1e-5);
            assert!(!differs && found.len() == n * heads.q_width(), "{kernel:?}");
        }
    }

    #[test]
    fn softmax_sums_to_one() {
        let mut row: Vec<f32> = (0..37).map(|i| (i as f32 * 0.7).sin() * 9.0).collect();
        softmax::<Plain>(&mut row);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}
