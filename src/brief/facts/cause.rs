//! What it came from.

use super::answer::{Answer, fact};
use super::data::{has, phrase_at, say, term_at};
use crate::brief::fact::{Fact, Kind};
use crate::brief::source::{Dossier, Place};
use crate::check::Side;
use crate::digest::Language;

/// The question of the cause.
pub fn find(dossier: &Dossier, language: Language) -> Option<Fact> {
    let places = dossier.places().filter(|place| tells_cause(dossier.side(*place)));
    let answers: Vec<Answer> = places.flat_map(|place| answers(dossier, place, language)).collect();
    fact(Kind::Cause, say(language, "Quelle en est la cause ?", "What caused it?"), &answers)
}

/// `serait à l'origine de l'accident`: words of a cause, of what happened or who looks into it, and no
/// denial.
fn tells_cause(side: &Side) -> bool {
    let words = &side.names.words;
    let is_denied = words.iter().any(|word| matches!(word.folded.as_str(), "ne" | "n"));
    side.lang == "fr"
        && !is_denied
        && words.iter().any(|word| has("inquiry", word))
        && (0..words.len()).any(|at| phrase_at("causal", &words[at..]).is_some())
}

/// All causes that a sentence names; the first is the nearest one.
fn answers(dossier: &Dossier, place: Place, language: Language) -> Vec<Answer> {
    let words = &dossier.side(place).names.words;
    let answer = |at: usize| {
        let (cause, _) = term_at("cause", &words[at..])?;
        let value = cause.label(language).to_owned();
        Some(Answer { key: cause.key.to_owned(), value, place, rank: at })
    };
    (0..words.len()).filter_map(answer).collect()
}
