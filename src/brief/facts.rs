//! What the articles of a dossier answer to the same questions: where they agree, and where they
//! are in conflict.

use super::fact::Fact;
use super::source::Dossier;
use crate::digest::Language;

/// Questions that at least two articles answer, disagreements first; words in `language` where a
/// rule can say them there.
pub fn find(dossier: &Dossier, language: Language) -> Vec<Fact> {
    let _ = (dossier, language);
    Vec::new()
}
