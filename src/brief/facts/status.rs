//! Whether someone still is what he was.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Answer, fact};
use super::data::say;
use super::person::persons;
use crate::brief::fact::{Fact, Kind, Value};
use crate::brief::source::{Dossier, Place};
use crate::check::Side;
use crate::check::names::{Office, Word, fold};
use crate::digest::Language;

/// An office that a sentence gives to someone.
struct Held<'d> {
    office: &'d Office,
    place: Place,
    /// As the sentence has it: `maire`.
    noun: &'d str,
}

/// One question for each person whom one article calls former and another does not; persons of
/// whom the same articles say the same share one.
pub fn find(dossier: &Dossier, language: Language) -> Vec<Fact> {
    let names = full_names(dossier);
    let mut shared: Vec<(Vec<String>, Fact)> = Vec::new();
    for (key, held) in offices(dossier) {
        let name = names.get(&key).cloned().unwrap_or_default();
        let Some(fact) = ask(dossier, &key, &held, language).filter(|_| !name.is_empty()) else {
            continue;
        };
        match shared.iter_mut().find(|(_, other)| are_alike(other, &fact)) {
            Some((names, other)) => {
                names.push(name);
                join(other, fact);
            }
            None => shared.push((vec![name], fact)),
        }
    }
    let named =
        |(names, fact): (Vec<String>, Fact)| Fact { question: question(&names, language), ..fact };
    shared.into_iter().map(named).collect()
}

/// The same answers, and one of them in the same sentences.
fn are_alike(a: &Fact, b: &Fact) -> bool {
    let answers = |fact: &Fact| -> BTreeSet<String> {
        fact.values.iter().map(|value| value.value.clone()).collect()
    };
    let places = |value: &Value| b.values.iter().any(|other| other.places == value.places);
    answers(a) == answers(b) && a.values.iter().any(places)
}

/// Adds the sentences of the other person's question: one an article.
fn join(fact: &mut Fact, other: Fact) {
    for value in &mut fact.values {
        let has =
            |place: &Place, own: &[Place]| own.iter().any(|p| p.source_idx == place.source_idx);
        let same = other.values.iter().filter(|other| other.value == value.value);
        for place in same.flat_map(|other| &other.places) {
            if !has(place, &value.places) {
                value.places.push(*place);
            }
        }
        value.places.sort_unstable();
    }
    fact.values.sort_by_key(|value| std::cmp::Reverse(value.places.len()));
}

fn question(names: &[String], language: Language) -> String {
    let french = format!("Quelle est la fonction de {} ?", names.join(" et de "));
    let verb = if names.len() == 1 { "Is" } else { "Are" };
    say(language, french, format!("{verb} {} still in office?", names.join(" and ")))
}

/// The offices of each person, by last name.
fn offices<'d>(dossier: &'d Dossier) -> BTreeMap<String, Vec<Held<'d>>> {
    let mut all: BTreeMap<String, Vec<Held>> = BTreeMap::new();
    for place in dossier.places() {
        let side = dossier.side(place);
        let offices = side.names.offices.iter().filter(|office| !office.is_kinship());
        for office in offices {
            let noun = office.span().of(side.text);
            for holder in holders(side, office, noun) {
                let key = side.names.words[holder].folded.clone();
                all.entry(key).or_default().push(Held { office, place, noun });
            }
        }
    }
    all
}

/// The last names of who holds an office: in `Jean Lebrun et Paul Arnaud, anciens conseillers` two.
fn holders(side: &Side, office: &Office, noun: &str) -> Vec<usize> {
    let words = &side.names.words;
    let last = office.holder();
    let is_behind = words[last].span.start < office.span().start;
    if !is_behind || !noun.ends_with('s') {
        return vec![last];
    }
    let persons = persons(side);
    let own = persons.iter().position(|person| (person.first..person.end).contains(&last));
    let joined = own.and_then(|own| {
        let before = &persons[own.checked_sub(1)?];
        let is_and = words.get(before.end).is_some_and(|word| word.folded == "et");
        (is_and && before.end + 1 == persons[own].first).then_some(before.end - 1)
    });
    joined.into_iter().chain([last]).collect()
}

/// The longest name of each person in the dossier.
fn full_names(dossier: &Dossier) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for person in dossier.places().flat_map(|place| persons(dossier.side(place))) {
        names.entry(person.key).or_insert(person.name);
    }
    names
}

fn ask(dossier: &Dossier, key: &str, held: &[Held], language: Language) -> Option<Fact> {
    let former = held.iter().find(|held| held.office.is_former())?;
    let sources_of = |is_former: bool| -> BTreeSet<usize> {
        let some = held.iter().filter(|held| held.office.is_former() == is_former);
        some.map(|held| held.place.source_idx).collect()
    };
    let say_former = sources_of(true);
    let is_told = |held: &&Held| {
        let other = !say_former.contains(&held.place.source_idx);
        held.office.is_former() || other && held.office.is_like(former.office)
    };
    let mut answers: Vec<Answer> =
        held.iter().filter(is_told).map(|held| answer(held, language)).collect();
    answers.extend(unnamed(dossier, key, former, &answers, language));
    answers.extend(apposed(dossier, key, held, &answers, language));
    fact(Kind::Status, String::new(), &answers).filter(Fact::is_disagreement)
}

fn answer(held: &Held, language: Language) -> Answer {
    let is_former = held.office.is_former();
    Answer {
        key: if is_former { "former".into() } else { "in office".into() },
        value: title(held, is_former, language),
        place: held.place,
        rank: 0,
    }
}

/// `former adviser`, `ancien conseiller`
fn title(held: &Held, is_former: bool, language: Language) -> String {
    let noun = match language {
        Language::French => held.noun.strip_suffix('s').unwrap_or(held.noun),
        Language::English => held.office.english().unwrap_or(held.noun),
    };
    let former = say(language, "ancien ", "former ");
    if is_former { format!("{former}{noun}") } else { noun.to_owned() }
}

/// Articles that name the person and say the office, with its country, without `ancien` and without
/// a name: `le président américain`.
fn unnamed(
    dossier: &Dossier,
    key: &str,
    former: &Held,
    told: &[Answer],
    language: Language,
) -> Vec<Answer> {
    let Some(office) = words_of_office(dossier, key, former) else { return Vec::new() };
    let has_answer = |source: usize| told.iter().any(|a| a.place.source_idx == source);
    let is_named = |source: usize| {
        let places = dossier.places().filter(|place| place.source_idx == source);
        places.into_iter().any(|place| dossier.side(place).names.has_word(key))
    };
    let says = |place: &Place| {
        let words = &dossier.side(*place).names.words;
        says(words, &office) || says_in_brackets(words, &office, key)
    };
    let others = (0..dossier.sources.len()).filter(|source| !has_answer(*source));
    let first =
        |source: usize| dossier.places().filter(|place| place.source_idx == source).find(says);
    let places = others.filter(|source| is_named(*source)).filter_map(first);
    let value = title(former, false, language);
    places
        .map(|place| Answer { key: "in office".into(), value: value.clone(), place, rank: 1 })
        .collect()
}

/// So many words may stand between an office and a name in apposition.
const MAX_APPOSED: usize = 12;

/// Articles where an office that others give to the person stands farther off: `les émissaires du
/// président Paul Arnaud, Jean Lebrun et ..`.
fn apposed(
    dossier: &Dossier,
    key: &str,
    held: &[Held],
    told: &[Answer],
    language: Language,
) -> Vec<Answer> {
    let singular = |noun: &str| fold(noun).trim_end_matches('s').to_owned();
    let mut offices = held.iter().filter(|held| !held.office.is_former());
    let Some(office) = offices.find(|held| !held.noun.contains(' ')) else { return Vec::new() };
    let is_noun = |word: &Word| singular(&word.folded) == singular(office.noun);
    let has_answer = |place: &Place| told.iter().any(|a| a.place.source_idx == place.source_idx);
    let says = |place: &Place| {
        let words = &dossier.side(*place).names.words;
        let names = (0..words.len()).filter(|at| words[*at].folded == key);
        names.into_iter().any(|at| {
            let first = at.saturating_sub(MAX_APPOSED);
            let noun = (first..at).find(|idx| is_noun(&words[*idx]));
            noun.is_some_and(|idx| idx == 0 || !words[idx - 1].folded.starts_with("ancien"))
        })
    };
    let places = dossier.places().filter(|place| !has_answer(place) && says(place));
    let value = title(office, false, language);
    places
        .map(|place| Answer { key: "in office".into(), value: value.clone(), place, rank: 1 })
        .collect()
}

/// `président américain` before the name, where it has a country.
fn words_of_office(dossier: &Dossier, key: &str, former: &Held) -> Option<Vec<String>> {
    let side = dossier.side(former.place);
    let from = former.office.span().start;
    let words = side.names.words.iter().filter(|word| word.span.start >= from);
    let small = words.take_while(|word| !word.is_capital() && word.folded != key).take(4);
    let office: Vec<String> = small.map(|word| word.folded.clone()).collect();
    let n = former.noun.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
    let last = office.last()?;
    let is_people = side
        .names
        .mentions
        .iter()
        .any(|mention| mention.is_people && fold(mention.span.of(side.text)) == *last);
    (office.len() == n + 1 && is_people).then_some(office)
}

/// `Le président (Arnaud)`
fn says_in_brackets(words: &[Word], office: &[String], key: &str) -> bool {
    let Some(noun) = office.first() else { return false };
    words
        .windows(2)
        .any(|pair| pair[0].folded == *noun && pair[1].folded == key && !pair[1].is_linked)
}

/// Whether the words stand there without `ancien` before and without another's name behind.
fn says(words: &[Word], office: &[String]) -> bool {
    (0..words.len().saturating_sub(office.len())).any(|at| {
        let is_there = office.iter().zip(&words[at..]).all(|(part, word)| *part == word.folded);
        let is_former = at > 0 && words[at - 1].folded.starts_with("ancien");
        let named = words.get(at + office.len()).is_some_and(|w| w.is_linked && w.is_capital());
        is_there && !is_former && !named
    })
}
