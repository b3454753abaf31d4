//! Who is for it, and who against.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Answer, fact};
use super::data::{say, term_at};
use super::judge;
use super::person::persons;
use super::place::{hyphenated, segment};
use crate::brief::fact::{Fact, Kind, Value};
use crate::brief::source::{Dossier, Place};
use crate::check::Side;
use crate::digest::Language;

/// So many words before the verb may stand who does it.
const REACH: usize = 9;

/// A question for each name; where the articles differ, they must speak of one thing.
pub fn find(dossier: &Dossier, language: Language) -> Vec<Fact> {
    let mut by_name: BTreeMap<String, (String, Vec<Answer>)> = BTreeMap::new();
    let places = dossier.places().filter(|place| dossier.sentence(*place).is_prose());
    for place in places {
        for (name, answer) in answers(dossier, place, language) {
            let key = name.to_lowercase();
            by_name.entry(key).or_insert((name, Vec::new())).1.push(answer);
        }
    }
    let ask = |(name, answers): (String, Vec<Answer>)| {
        let question =
            say(language, format!("{name} : pour ou contre ?"), format!("{name}: for or against?"));
        let fact = fact(Kind::Stand, question, &answers)?;
        (!fact.is_disagreement() || are_of_one_thing(dossier, &fact)).then_some(fact)
    };
    by_name.into_values().filter_map(ask).collect()
}

fn answers(dossier: &Dossier, place: Place, language: Language) -> Vec<(String, Answer)> {
    let side = dossier.side(place);
    let words = &side.names.words;
    let denied = |at: usize| at > 0 && matches!(words[at - 1].folded.as_str(), "ne" | "n");
    if side.lang != "fr" {
        return Vec::new();
    }
    // `soutient que` claims something.
    let claims = |at: usize| words.get(at).is_some_and(|word| word.folded.starts_with("qu"));
    let stands = (0..words.len()).filter(|at| !denied(*at));
    let told = stands.filter_map(|at| {
        let (stand, n) = term_at("stand", &words[at..])?;
        (!claims(at + n)).then_some((at, stand))
    });
    let each = told.flat_map(|(at, stand)| {
        let value = stand.label(language).to_owned();
        let answer = Answer { key: stand.key.to_owned(), value, place, rank: side.text.len() };
        subjects(side, at).into_iter().map(move |name| (name, answer.clone()))
    });
    each.collect()
}

/// The names before a verb, in its part of the sentence: persons by their last names.
fn subjects(side: &Side, verb: usize) -> Vec<String> {
    let words = &side.names.words;
    let part = segment(side.text, words[verb].span.start);
    let people = persons(side);
    let mut names = Vec::new();
    let mut at = verb.saturating_sub(REACH);
    while at < verb {
        let word = &words[at];
        if let Some(person) = people.iter().find(|person| person.first == at) {
            names.push(words[person.end - 1].span.of(side.text).to_owned());
            at = person.end;
            continue;
        }
        let end = hyphenated(words, at, side.text);
        if part.contains(&word.span.start) && word.is_capital() && !word.opens {
            names.push(side.text[word.span.start..words[end].span.end].to_owned());
        }
        at = end + 1;
    }
    names
}

/// Whether the answers are about things that share a word.
fn are_of_one_thing(dossier: &Dossier, fact: &Fact) -> bool {
    let objects = |value: &Value| -> BTreeSet<String> {
        value.places.iter().flat_map(|place| object(dossier.side(*place))).collect()
    };
    let all: Vec<BTreeSet<String>> = fact.values.iter().map(objects).collect();
    all.windows(2).all(|pair| !pair[0].is_disjoint(&pair[1]))
}

/// What stands behind the verb.
fn object(side: &Side) -> BTreeSet<String> {
    let words = &side.names.words;
    let verb = (0..words.len()).find_map(|at| Some(at + term_at("stand", &words[at..])?.1 - 1));
    let start = verb.map_or(side.text.len(), |last| words[last].span.end);
    judge::stems(&Side::read(&side.text[start..], side.lang, None))
}
