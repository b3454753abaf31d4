//! How much two sentences of a dossier say the same.

use std::collections::BTreeSet;

use super::source::{Dossier, Place};
use crate::sources;

/// The stems of all sentences.
#[derive(Debug)]
pub struct Likeness {
    /// `[source][sentence]`
    stems: Vec<Vec<BTreeSet<String>>>,
}

impl Likeness {
    pub fn new(dossier: &Dossier) -> Self {
        let of_source = |source: &&super::Source| {
            let stems =
                |sentence: &super::Sentence| sources::stems(&sentence.text, source.language);
            source.sentences.iter().map(stems).collect()
        };
        Self { stems: dossier.sources.iter().map(of_source).collect() }
    }

    /// The share of the shorter sentence's stems that the other has, too, 0 to 1.
    pub fn between(&self, a: Place, b: Place) -> f64 {
        share(self.stems(a), self.stems(b))
    }

    fn stems(&self, place: Place) -> &BTreeSet<String> {
        &self.stems[place.source_idx][place.sentence_idx]
    }
}

/// The share of the smaller set that the other holds, too, 0 to 1.
pub fn share(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let n_least = a.len().min(b.len());
    if n_least == 0 { 0.0 } else { a.intersection(b).count() as f64 / n_least as f64 }
}
