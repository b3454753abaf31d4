//! Who received the others.

use super::answer::{Answer, fact};
use super::data::{has, phrase_at, say};
use super::date::{self, Told};
use super::person::{Person, persons};
use crate::brief::fact::{Fact, Kind};
use crate::brief::source::{Dossier, Place};
use crate::check::names::Word;
use crate::digest::Language;

/// Between `sous l'égide` and the name stands the office: `du Premier ministre`.
const MAX_OFFICE: usize = 6;

/// The question of the host.
pub fn find(dossier: &Dossier, days: &[Option<Told>], language: Language) -> Option<Fact> {
    let answers: Vec<Answer> =
        dossier.places().flat_map(|place| answers(dossier, place, days)).collect();
    fact(Kind::Host, say(language, "Qui recevait ?", "Who was the host?"), &answers)
}

fn answers(dossier: &Dossier, place: Place, days: &[Option<Told>]) -> Vec<Answer> {
    let side = dossier.side(place);
    let day = days[place.source_idx].map(|told| told.day);
    if side.lang != "fr" || date::is_of_other_day(dossier, place, 0..side.text.len(), day) {
        return Vec::new();
    }
    let words = &side.names.words;
    let hosts = persons(side).into_iter().filter(|person| is_host(words, person));
    hosts.map(|person| Answer { key: person.key, value: person.name, place, rank: 0 }).collect()
}

fn is_host(words: &[Word], person: &Person) -> bool {
    let behind = &words[person.end..];
    let n_between = behind.iter().take(2).take_while(|word| has("pronoun", word)).count();
    let receives = behind.get(n_between).is_some_and(|word| has("receives", word));
    receives || phrase_at("as-host", behind).is_some() || is_under(words, person.first)
}

/// `sous l'égide du Premier ministre` before the name.
fn is_under(words: &[Word], first: usize) -> bool {
    let from = first.saturating_sub(MAX_OFFICE + 4);
    (from..first).any(|at| {
        let n = phrase_at("under", &words[at..first]);
        n.is_some_and(|n| words[at + n..first].len() <= MAX_OFFICE)
            && words[at + 1..first].iter().all(|word| word.is_linked)
    })
}
