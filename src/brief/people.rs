//! The people of a dossier, and what the articles call them.

use std::collections::BTreeMap;

use super::source::{Dossier, Place};
use super::words;
use crate::article::Span;
use crate::check::Side;
use crate::check::names::{Mention, Word, fold};

/// A person with an office or a kinship.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The fullest form of the name.
    pub name: String,
    pub roles: Vec<Role>,
}

/// What someone is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// In the words of the articles.
    pub words: String,
    /// ISO 639-1, of these words.
    pub language: &'static str,
    /// The office in English, as the list of the checks has it: `former prime minister`.
    pub english: Option<String>,
    /// The sentences that say so.
    pub places: Vec<Place>,
}

impl Role {
    /// In the language of a note, with the articles' own words behind it where these are others.
    pub fn told(&self, lang: &str) -> String {
        match &self.english {
            _ if self.language == lang => self.words.clone(),
            Some(english) if lang == "en" => format!("{english} (“{}”)", self.words),
            _ => format!("« {} »", self.words),
        }
    }
}

/// A role has at most so many words.
const MAX_WORDS: usize = 9;

/// The people that most sentences name, at most `n`.
pub fn find(dossier: &Dossier, n: usize) -> Vec<Person> {
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    for place in dossier.places() {
        for (name, role) in roles(dossier.side(place), place, dossier.source(place).language) {
            let key = fold(name.split_whitespace().last().unwrap_or(&name));
            let person = people.entry(key);
            let person = person.or_insert_with(|| Person { name: name.clone(), roles: Vec::new() });
            if name.chars().count() > person.name.chars().count() {
                person.name = name;
            }
            add(&mut person.roles, role);
        }
    }
    let mut people: Vec<Person> = people.into_values().collect();
    let n_places =
        |person: &Person| person.roles.iter().map(|role| role.places.len()).sum::<usize>();
    let first = |person: &Person| person.roles.iter().flat_map(|role| &role.places).min().copied();
    people.sort_by_key(|person| (std::cmp::Reverse(n_places(person)), first(person)));
    people.truncate(n);
    people
}

fn add(roles: &mut Vec<Role>, role: Role) {
    let is_same = |own: &&mut Role| own.words.to_lowercase() == role.words.to_lowercase();
    match roles.iter_mut().find(is_same) {
        Some(own) if own.places.contains(&role.places[0]) => {}
        Some(own) => own.places.extend(role.places),
        None => roles.push(role),
    }
}

/// The names of a sentence that an office stands beside.
fn roles(side: &Side, place: Place, language: &'static str) -> Vec<(String, Role)> {
    let is_name = |mention: &Mention| side.names.is_name(mention, side.lang);
    let runs = side.names.runs(0..side.names.words.len(), is_name);
    let offices = side.names.offices.iter().filter_map(|office| {
        let last = side.names.words.get(office.holder())?.span;
        let run = runs.iter().find(|run| {
            run.first().zip(run.last()).is_some_and(|(first, end)| {
                first.span.start <= last.start && last.end <= end.span.end
            })
        })?;
        let name = Span::new(run.first()?.span.start, run.last()?.span.end);
        // Of several holders the role ends at the first.
        let starts = runs.iter().filter_map(|run| run.first()).map(|first| first.span.start);
        let next = starts.filter(|start| *start >= office.span().end).min();
        let end = next.filter(|next| *next <= name.start).unwrap_or(name.start);
        let role = words_of(side, office.span(), Span::new(end, name.end))?;
        let whole = Span::new(end, name.end).of(side.text);
        let name = if is_one_name(whole) { whole } else { name.of(side.text) };
        let start = name.as_ptr() as usize - side.text.as_ptr() as usize;
        let name = whole_name(side, Span::new(start, start + name.len()));
        let former = if office.is_former() { "former " } else { "" };
        let english = office.english().map(|noun| format!("{former}{noun}"));
        let role = Role { words: role, language, english, places: vec![place] };
        Some((name.of(side.text).to_owned(), role))
    });
    offices.collect()
}

/// `Ann B. Lebrun`: the grammar of names stops at the initial.
fn is_one_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.len() <= 4
        && words.iter().all(|word| word.starts_with(char::is_uppercase))
        && !text.contains(',')
}

/// A name with what a particle joins to it: `Ursula` and `von der Leyen`.
pub fn whole_name(side: &Side, name: Span) -> Span {
    let words = &side.names.words;
    let mut end = words.partition_point(|word| word.span.start < name.end);
    loop {
        let rest = &words[end..];
        let is_particle =
            |word: &&Word| word.is_linked && words::has(side.lang, "particle", &word.folded);
        let n_particles = rest.iter().take_while(is_particle).count();
        match rest.get(n_particles) {
            Some(next) if n_particles > 0 && next.is_linked && next.is_capital() => {
                end += n_particles + 1;
            }
            _ => break,
        }
    }
    Span::new(name.start, words[..end].last().map_or(name.end, |word| word.span.end.max(name.end)))
}

/// The fullest form in a dossier of a name that ends in this one: `Ann Lebrun` of `Lebrun`.
pub fn full_name(dossier: &Dossier, name: &str) -> String {
    let Some(last) = name.split_whitespace().last().map(fold) else { return name.to_owned() };
    let mut best = name.to_owned();
    for place in dossier.places() {
        let side = dossier.side(place);
        let is_name = |mention: &Mention| side.names.is_name(mention, side.lang);
        for run in side.names.runs(0..side.names.words.len(), is_name) {
            let Some((first, end)) = run.first().zip(run.last()) else { continue };
            let text = Span::new(first.span.start, end.span.end).of(side.text);
            let is_it = text.split_whitespace().last().is_some_and(|own| fold(own) == last);
            if is_it && text.split_whitespace().count() > best.split_whitespace().count() {
                text.clone_into(&mut best);
            }
        }
    }
    best
}

/// The words of an office: up to the name behind it, or behind the name up to a comma.
fn words_of(side: &Side, office: Span, name: Span) -> Option<String> {
    let words = &side.names.words;
    let mut first = words.partition_point(|word| word.span.start < office.start);
    let is_former = |at: usize| {
        matches!(
            words[at].folded.as_str(),
            "ancien" | "ancienne" | "anciens" | "anciennes" | "ex" | "former"
        )
    };
    while first > 0 && is_former(first - 1) {
        first -= 1;
    }
    let start = words.get(first)?.span.start;
    let end = if office.end <= name.start {
        name.start
    } else {
        let rest = words[first..].iter().skip(1).take(MAX_WORDS).take_while(|word| word.is_linked);
        rest.last().map_or(office.end, |word| word.span.end.max(office.end))
    };
    let text = Span::new(start, end).of(side.text);
    let text = text.trim_end_matches([' ', ',', '-', '–', '—', '\u{a0}']);
    (!text.is_empty() && text.split_whitespace().count() <= MAX_WORDS).then(|| text.to_owned())
}
