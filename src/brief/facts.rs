//! What the articles of a dossier answer to the same questions: where they agree, and where they
//! are in conflict.
//!
//! Each kind of question has its rules in a file of its own: they give, sentence by sentence, what is
//! answered there; `answer` makes values of that. Nobody is said to be right. The words that the
//! rules know are data: `words.txt` and `terms.txt`.

mod answer;
mod cause;
mod claim;
mod data;
mod date;
mod fate;
mod host;
mod judge;
mod number;
mod person;
mod place;
mod stand;
mod status;

#[cfg(test)]
mod tests;

use super::fact::Fact;
use super::source::Dossier;
use crate::digest::Language;

pub use judge::{Verdict, judge};

/// Questions that at least two articles answer, disagreements first; words in `language` where a
/// rule can say them there.
pub fn find(dossier: &Dossier, language: Language) -> Vec<Fact> {
    let days = date::days(dossier);
    let mut facts: Vec<Fact> = Vec::new();
    facts.extend(date::find(&days, language));
    facts.extend(place::find(dossier, &days, language));
    facts.extend(host::find(dossier, &days, language));
    facts.extend(status::find(dossier, language));
    facts.extend(number::find(dossier, language));
    facts.extend(fate::find(dossier, language));
    facts.extend(cause::find(dossier, language));
    facts.extend(stand::find(dossier, language));
    facts.extend(claim::find(dossier, language));
    facts.sort_by_key(|fact| (!fact.is_disagreement(), fact.kind));
    facts
}
