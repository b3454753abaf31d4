//! The ends of a span of time that changed places.

use std::sync::LazyLock;

use super::Reading;
use super::toward::is_same;
use crate::check::{Finding, Lists, Side};

/// Words around the two ends of a span of time, by language.
static SPANS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("spans.txt")));

/// `de lundi à vendredi`, `from Friday to Monday`.
pub fn swapped(said: &Reading, told: &Reading) -> Vec<Finding> {
    let (ours, theirs) = (spans(said.side), spans(told.side));
    let find = |first: &usize| {
        let (one, other) = (&said.times[*first], &said.times[*first + 1]);
        let turned = theirs.iter().find(|idx| {
            let (next, last) = (&told.times[**idx], &told.times[**idx + 1]);
            is_same(one, last) && is_same(other, next)
        })?;
        // `de 2010 à 2010`, and what is told in this order elsewhere.
        let is_told = ours.iter().any(|idx| {
            let (next, last) = (&told.times[*turned], &told.times[*turned + 1]);
            is_same(&said.times[*idx], next) && is_same(&said.times[*idx + 1], last)
        });
        let (from, to) = (one.whole.of(said.side.text), other.whole.of(said.side.text));
        let finding = Finding::error("date", format!("`{from}` and `{to}` changed places"));
        let finding = finding.in_source(one.whole).in_target(told.times[*turned].whole);
        (!is_told).then_some(finding)
    };
    ours.iter().filter_map(find).collect()
}

/// The first times of all spans such as `de lundi à vendredi`, by their indices.
fn spans(side: &Side) -> Vec<usize> {
    let n_pairs = side.times.len().saturating_sub(1);
    (0..n_pairs).filter(|idx| is_span(side, *idx)).collect()
}

fn is_span(side: &Side, first: usize) -> bool {
    let (one, other) = (&side.times[first], &side.times[first + 1]);
    let between = side.text.get(one.whole.end..other.whole.start).unwrap_or_default();
    let before = side.text.get(..one.whole.start).unwrap_or_default();
    let words: Vec<&str> = before.split_whitespace().rev().take(2).collect();
    let is = |list, word: &str| SPANS.has(side.lang, list, word);
    let is_between = words.iter().any(|word| is("between", word));
    let between = between.trim();
    is("to", between) || is_between && is("and", between)
}
