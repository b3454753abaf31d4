//! Runs of neighbours, counted.

use std::collections::HashMap;
use std::hash::Hash;

/// How often each run of the same length stands in a text.
pub type Counts<'t, T> = HashMap<&'t [T], usize>;

/// The runs of `n` neighbours.
pub fn counts<T: Hash + Eq>(tokens: &[T], n: usize) -> Counts<'_, T> {
    let mut counts = Counts::with_capacity(tokens.len());
    tokens.windows(n.max(1)).for_each(|run| *counts.entry(run).or_default() += 1);
    counts
}

/// How many runs there are in all.
pub fn total<T>(counts: &Counts<T>) -> usize {
    counts.values().sum()
}

/// How many runs two texts share; one that stands twice in only one of them is shared once.
pub fn common<T: Hash + Eq>(left: &Counts<T>, right: &Counts<T>) -> usize {
    left.iter().map(|(run, &n)| right.get(run).map_or(0, |&m| n.min(m))).sum()
}
