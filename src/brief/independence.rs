//! Which articles go back to one origin.

use super::source::Dossier;

/// Where an article of a dossier comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// Articles of one number go back to one origin.
    pub group: usize,
    /// The article that it is a copy or another text of, by its place in the dossier.
    pub echo_of: Option<usize>,
    /// Whether it counts as an origin: not what only relays others.
    pub is_independent: bool,
    /// Papers and agencies that it cites second-hand, in order.
    pub relays: Vec<String>,
}

/// One for each article.
pub fn lineage(dossier: &Dossier) -> Vec<Lineage> {
    let alone = |group| Lineage { group, echo_of: None, is_independent: true, relays: Vec::new() };
    (0..dossier.sources.len()).map(alone).collect()
}
