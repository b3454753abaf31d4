//! The attention kernel against the formula written out.

use depeche::kernel::attention::{AttentionConfig, Heads, Sight, View, attend};
use depeche::kernel::key_values::KeyValues;
use proptest::prelude::*;

use crate::tiny::Random;

/// One sequence of a case: rows in the pass, and positions before them.
type Rows = (usize, usize);

/// The number of 16 bits that a key or value becomes.
fn as_kept(x: f32) -> f32 {
    half::f16::from_f32(x).to_f32()
}

struct Case {
    heads: Heads,
    window: Option<usize>,
    sequences: Vec<Rows>,
    queries: Vec<f32>,
    keys: Vec<Vec<f32>>,
    values: Vec<Vec<f32>>,
}

impl Case {
    fn draw(heads: Heads, sequences: &[Rows], spread: f32, seed: u64) -> Self {
        let mut random = Random(seed);
        let mut floats = |n: usize| (0..n).map(|_| spread * random.normal()).collect::<Vec<f32>>();
        let kept = |floats: Vec<f32>| floats.into_iter().map(as_kept).collect();
        let n_rows: usize = sequences.iter().map(|(n_rows, _)| n_rows).sum();
        let widths: Vec<usize> =
            sequences.iter().map(|(n_rows, before)| (n_rows + before) * heads.kv_width()).collect();
        Self {
            heads,
            window: None,
            sequences: sequences.to_vec(),
            queries: floats(n_rows * heads.q_width()),
            keys: widths.iter().map(|&n| kept(floats(n))).collect(),
            values: widths.iter().map(|&n| kept(floats(n))).collect(),
        }
    }

    fn attend(&self) -> Vec<f32> {
        let of = |i: usize| {
            let mut key_values = KeyValues::with_capacity(self.heads, 1).unwrap();
            key_values.append(&self.keys[i], &self.values[i]);
            key_values
        };
        let all: Vec<KeyValues> = (0..self.sequences.len()).map(of).collect();
        let mut first_row = 0;
        let mut sights = Vec::new();
        for (key_values, &(n_rows, first_position)) in all.iter().zip(&self.sequences) {
            sights.push(Sight { first_row, n_rows, first_position, key_values, bias: None });
            first_row += n_rows;
        }
        let view = self.window.map_or(View::Past, View::Window);
        let config = AttentionConfig { view, ..AttentionConfig::causal(self.heads) };
        attend(config, &self.queries, &sights)
    }

    fn visible(&self, position: usize) -> Vec<usize> {
        let is_near = |key: &usize| self.window.is_none_or(|window| position - key < window);
        (0..=position).filter(is_near).collect()
    }

    /// softmax(q k^T / sqrt(d)) v in 64-bit floats, row by row and head by head.
    fn expected(&self) -> Vec<f32> {
        let Heads { n_heads, n_kv_heads, head_dim } = self.heads;
        let mut out = Vec::new();
        let mut packed_row = 0;
        for (i, &(n_rows, before)) in self.sequences.iter().enumerate() {
            for row in 0..n_rows {
                for head in 0..n_heads {
                    let query = at(&self.queries, packed_row * n_heads + head, head_dim);
                    let kv_head = head / (n_heads / n_kv_heads);
                    let row_of = |position: usize| position * n_kv_heads + kv_head;
                    let key = |p: usize| at(&self.keys[i], row_of(p), head_dim);
                    let value = |p: usize| at(&self.values[i], row_of(p), head_dim);
                    out.extend(formula(query, self.visible(before + row), key, value));
                }
                packed_row += 1;
            }
        }
        out
    }
}

fn at(rows: &[f32], idx: usize, width: usize) -> &[f32] {
    &rows[idx * width..(idx + 1) * width]
}

fn formula<'a>(
    query: &[f32],
    visible: Vec<usize>,
    key: impl Fn(usize) -> &'a [f32],
    value: impl Fn(usize) -> &'a [f32],
) -> Vec<f32> {
    let dot = |k: &[f32]| -> f64 {
        query.iter().zip(k).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    let scale = (query.len() as f64).sqrt();
    let scores: Vec<f64> = visible.iter().map(|&p| dot(key(p)) / scale).collect();
    let max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = scores.iter().map(|s| (s - max).exp()).collect();
    let sum: f64 = weights.iter().sum();
    let mix = |d: usize| -> f64 {
        visible.iter().zip(&weights).map(|(&p, w)| w / sum * f64::from(value(p)[d])).sum()
    };
    (0..query.len()).map(|d| mix(d) as f32).collect()
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= 1e-4 * e.abs().max(1.0), "at {i}: {f} instead of {e}");
    }
}

#[test]
fn a_row_that_sees_only_itself_gets_its_own_value() {
    let heads = Heads { n_heads: 2, n_kv_heads: 1, head_dim: 4 };
    let case = Case::draw(heads, &[(1, 0)], 1.0, 1);
    let value = &case.values[0];
    assert_close(&case.attend(), &[value.as_slice(), value.as_slice()].concat());
}

#[test]
fn nothing_to_do_gives_nothing() {
    let heads = Heads { n_heads: 2, n_kv_heads: 1, head_dim: 4 };
    assert!(attend(AttentionConfig::causal(heads), &[], &[]).is_empty());
}

#[test]
fn large_scores_do_not_overflow() {
    let heads = Heads { n_heads: 4, n_kv_heads: 2, head_dim: 64 };
    let case = Case::draw(heads, &[(5, 20)], 30.0, 2);
    assert!(case.attend().iter().all(|x| x.is_finite()));
    assert_close(&case.attend(), &case.expected());
}

#[test]
fn a_row_is_the_same_alone_and_in_company() {
    let heads = Heads { n_heads: 14, n_kv_heads: 2, head_dim: 64 };
    for window in [None, Some(1), Some(7), Some(16), Some(40)] {
        assert_alone_as_in_company(Case {
            window,
            ..Case::draw(heads, &[(9, 0), (1, 70), (20, 13)], 1.0, 3)
        });
    }
}

fn assert_alone_as_in_company(case: Case) {
    let (heads, window) = (case.heads, case.window);
    let together = case.attend();
    let mut first_row = 0;
    for (i, &(n_rows, before)) in case.sequences.iter().enumerate() {
        for row in 0..n_rows {
            let width = heads.q_width();
            let alone = Case {
                heads,
                window,
                sequences: vec![(1, before + row)],
                queries: at(&case.queries, first_row + row, width).to_vec(),
                keys: vec![case.keys[i].clone()],
                values: vec![case.values[i].clone()],
            };
            assert_eq!(alone.attend(), at(&together, first_row + row, width), "{i}, row {row}");
        }
        first_row += n_rows;
    }
}

#[test]
fn what_is_outside_the_window_does_not_matter() {
    let heads = Heads { n_heads: 4, n_kv_heads: 1, head_dim: 256 };
    let case = Case { window: Some(20), ..Case::draw(heads, &[(3, 60)], 1.0, 4) };
    let expected = case.attend();
    // The first row stands at 60 and sees 41 to 60.
    let changed = |position: usize| {
        let mut keys = case.keys.clone();
        let mut values = case.values.clone();
        let width = heads.kv_width();
        keys[0][position * width..][..width].fill(9.0);
        values[0][position * width..][..width].fill(-9.0);
        let (queries, sequences) = (case.queries.clone(), case.sequences.clone());
        Case { heads, window: case.window, sequences, queries, keys, values }.attend()
    };
    assert_eq!(changed(40), expected);
    assert_ne!(changed(41), expected);
    assert_eq!(changed(41)[heads.q_width()..], expected[heads.q_width()..]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_kernel_agrees_with_the_formula(
        n_kv_heads in 1usize..4,
        group in 1usize..8,
        head_dim in prop::sample::select(vec![1usize, 4, 31, 32, 33, 64, 80, 128, 256]),
        sequences in prop::collection::vec((1usize..12, 0usize..70), 1..4),
        spread in prop::sample::select(vec![0.1f32, 1.0, 3.0]),
        window in prop::option::of(1usize..90),
        seed in any::<u64>(),
    ) {
        let heads = Heads { n_heads: n_kv_heads * group, n_kv_heads, head_dim };
        let case = Case { window, ..Case::draw(heads, &sequences, spread, seed) };
        assert_close(&case.attend(), &case.expected());
    }
}
