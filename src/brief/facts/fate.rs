//! What became of someone.

use std::collections::BTreeMap;

use super::answer::{Answer, fact};
use super::data::{Term, say, term_at};
use crate::brief::fact::{Fact, Kind};
use crate::brief::source::{Dossier, Place};
use crate::check::names::Word;
use crate::digest::Language;

/// So many words behind the person may stand what became of him.
const MAX_BETWEEN: usize = 7;

/// A question for each person.
pub fn find(dossier: &Dossier, language: Language) -> Vec<Fact> {
    let mut by_person: BTreeMap<&str, (&Term, Vec<Answer>)> = BTreeMap::new();
    for place in dossier.places() {
        for (person, answer) in answers(dossier, place, language) {
            by_person.entry(person.key).or_insert((person, Vec::new())).1.push(answer);
        }
    }
    let ask = |(person, answers): (&Term, Vec<Answer>)| {
        let who = person.label(language);
        let question =
            say(language, format!("Qu'est devenu : {who} ?"), format!("What became of the {who}?"));
        fact(Kind::Fate, question, &answers)
    };
    by_person.into_values().filter_map(ask).collect()
}

fn answers(dossier: &Dossier, place: Place, language: Language) -> Vec<(&'static Term, Answer)> {
    let side = dossier.side(place);
    let words = &side.names.words;
    // Of two sentences the short one is clearer.
    let title = usize::from(!dossier.sentence(place).is_prose());
    let rank = title * usize::from(u16::MAX) + side.text.len();
    let answer = |at: usize| {
        let (person, n) = term_at("person", &words[at..])?;
        let fate = fate_behind(&words[at + n..])?;
        let value = fate.label(language).to_owned();
        Some((person, Answer { key: fate.key.to_owned(), value, place, rank }))
    };
    let definite =
        |at: &usize| *at > 0 && matches!(words[*at - 1].folded.as_str(), "le" | "la" | "l");
    if side.lang != "fr" {
        return Vec::new();
    }
    (0..words.len()).filter(definite).filter_map(answer).collect()
}

/// The first fate within reach, unless another person or a denial comes first.
fn fate_behind(words: &[Word]) -> Option<&'static Term> {
    let near = &words[..words.len().min(MAX_BETWEEN)];
    for at in 0..near.len() {
        let denies = matches!(near[at].folded.as_str(), "ne" | "n" | "pas");
        if denies || near[at].opens || term_at("person", &near[at..]).is_some() {
            return None;
        }
        if let Some((fate, _)) = term_at("fate", &near[at..]) {
            return Some(fate);
        }
    }
    None
}
