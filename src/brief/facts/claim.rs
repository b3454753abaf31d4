//! Sentences of which one denies what the other says.

use super::answer::{Answer, fact};
use super::data::say;
use super::judge::{self, Verdict};
use crate::brief::fact::{Fact, Kind};
use crate::brief::source::{Dossier, Place};
use crate::digest::Language;

/// Questions of the running text of two articles.
pub fn find(dossier: &Dossier, language: Language) -> Vec<Fact> {
    let places: Vec<Place> =
        dossier.places().filter(|place| dossier.sentence(*place).is_prose()).collect();
    let stems: Vec<_> = places.iter().map(|place| judge::stems(dossier.side(*place))).collect();
    let mut facts = Vec::new();
    for first in 0..places.len() {
        for second in first + 1..places.len() {
            let is_other = places[first].source_idx != places[second].source_idx;
            if is_other && judge::are_aligned(&stems[first], &stems[second]) {
                facts.extend(ask(dossier, places[first], places[second], language));
            }
        }
    }
    facts
}

fn ask(dossier: &Dossier, a: Place, b: Place, language: Language) -> Option<Fact> {
    let denied = judge::polarity(dossier.side(a), dossier.side(b)) == Some(Verdict::Contradiction);
    let answer = |place: Place| Answer {
        key: format!("{}", place.source_idx),
        value: format!("« {} »", dossier.text(place)),
        place,
        rank: 0,
    };
    let question = say(language, "Est-ce le cas ?", "Is it so?");
    denied.then(|| fact(Kind::Claim, question, &[answer(a), answer(b)])).flatten()
}
