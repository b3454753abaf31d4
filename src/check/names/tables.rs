//! The lists: names that French and English write differently, and words that are no names.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::words::{Case, Word, fold};
use crate::check::lists::lines;

/// Which entry of the lists a name is.
pub type Id = u16;

/// A form of one or several entries.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub ids: Vec<Id>,
    /// `français`, `French`: a people, not a place.
    pub is_people: bool,
    /// A given name that the two languages write differently.
    pub is_given: bool,
    case: Pattern,
}

/// What capitals a form needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Pattern {
    #[default]
    Any,
    Capital,
    Upper,
}

/// The forms of one language.
#[derive(Debug, Default)]
pub struct Forms {
    by_text: HashMap<String, Form>,
    /// The most words that a form beginning with this word has.
    longest: HashMap<String, usize>,
}

/// All entries.
pub struct Tables {
    pub french: Forms,
    pub english: Forms,
    /// The country that an entry lies in.
    parents: Vec<Option<Id>>,
}

pub static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);

static FRENCH_WORDS: LazyLock<HashSet<String>> =
    LazyLock::new(|| words(include_str!("fr_common.txt")));
static ENGLISH_WORDS: LazyLock<HashSet<String>> =
    LazyLock::new(|| words(include_str!("en_common.txt")));

/// Whether a capital on this folded word proves nothing.
pub fn is_common(folded: &str, lang: &str) -> bool {
    let words = if lang == "fr" { &*FRENCH_WORDS } else { &*ENGLISH_WORDS };
    words.contains(folded) || folded.strip_suffix('s').is_some_and(|word| words.contains(word))
}

fn words(list: &'static str) -> HashSet<String> {
    lines(list)
        .flat_map(|line| line.split([' ', '-', '\'']))
        .filter(|w| !w.is_empty())
        .map(fold)
        .collect()
}

impl Forms {
    /// The longest form that begins at `words[0]`, and how many words it has.
    pub fn longest_at(&self, words: &[Word]) -> Option<(&Form, usize)> {
        let first = words.first()?;
        let most = self.longest.get(&first.folded).copied().unwrap_or(1);
        let n_linked = 1 + words[1..].iter().take(most).take_while(|w| w.is_linked).count();
        (1..=most.min(n_linked)).rev().find_map(|n| Some((self.get(&words[..n])?, n)))
    }

    fn get(&self, words: &[Word]) -> Option<&Form> {
        let text = join(words.iter().map(|w| w.folded.as_str()));
        let form = self.by_text.get(&text).or_else(|| self.by_text.get(singular(&text)?))?;
        let fits = match form.case {
            Pattern::Any => true,
            Pattern::Capital if words.len() > 1 => words.iter().any(Word::is_capital),
            Pattern::Capital => words[0].is_capital(),
            Pattern::Upper => words
                .iter()
                .all(|w| w.is_capital() && (w.case == Case::Upper || w.folded.len() == 1)),
        };
        fits.then_some(form)
    }

    fn add(&mut self, text: &str, id: Id, is_people: bool, is_given: bool) {
        let words: Vec<String> = pieces(text).map(fold).collect();
        let Some(first) = words.first() else { return };
        let longest = self.longest.entry(first.clone()).or_default();
        *longest = words.len().max(*longest);
        let form = self.by_text.entry(join(words.iter().map(String::as_str))).or_default();
        let needs = pattern(text, words.len());
        if form.ids.is_empty() {
            (form.is_people, form.is_given, form.case) = (is_people, is_given, needs);
        }
        form.case = form.case.min(needs);
        form.is_people &= is_people;
        form.ids.push(id);
    }
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|piece| !piece.is_empty())
}

fn join<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

fn singular(text: &str) -> Option<&str> {
    text.strip_suffix('s').or_else(|| text.strip_suffix('x')).filter(|word| word.len() >= 3)
}

fn pattern(text: &str, n_words: usize) -> Pattern {
    let mut letters = text.chars().filter(|c| c.is_alphabetic());
    if letters.clone().count() >= 2 && letters.clone().all(char::is_uppercase) {
        Pattern::Upper
    } else if n_words == 1 && letters.any(char::is_uppercase) {
        Pattern::Capital
    } else {
        Pattern::Any
    }
}

impl Tables {
    fn read() -> Self {
        let mut tables =
            Self { french: Forms::default(), english: Forms::default(), parents: Vec::new() };
        let mut codes = HashMap::new();
        for (code, rest) in entries(include_str!("countries.txt")) {
            let id = tables.new_id(None);
            codes.insert(code, id);
            let (names, people) = rest.split_once(';').unwrap_or((rest, ""));
            tables.add(names, id, false, false);
            tables.add(people, id, true, false);
        }
        let places = [include_str!("places.txt"), include_str!("institutions.txt")];
        for (code, rest) in places.into_iter().flat_map(entries) {
            tables.add_all(rest, codes.get(code).copied(), false);
        }
        lines(include_str!("given.txt")).for_each(|line| tables.add_all(line, None, true));
        tables
    }

    fn new_id(&mut self, parent: Option<Id>) -> Id {
        self.parents.push(parent);
        (self.parents.len() - 1) as Id
    }

    fn add_all(&mut self, entries: &str, parent: Option<Id>, is_given: bool) {
        for entry in entries.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let id = self.new_id(parent);
            self.add(entry, id, false, is_given);
        }
    }

    fn add(&mut self, entry: &str, id: Id, is_people: bool, is_given: bool) {
        let (french, english) = entry.split_once('=').unwrap_or((entry, entry));
        for form in french.split('/').map(str::trim).filter(|form| !form.is_empty()) {
            self.french.add(form, id, is_people || is_lower(form), is_given);
            if is_lower(form) {
                self.french.add(&feminine(form), id, true, is_given);
            }
        }
        for form in english.split('/').map(str::trim).filter(|form| !form.is_empty()) {
            self.english.add(form, id, is_people, is_given);
        }
    }

    /// The forms of a language; French for one that has none.
    pub fn forms(&self, lang: &str) -> &Forms {
        if lang == "en" { &self.english } else { &self.french }
    }

    /// The country that an entry lies in.
    pub fn parent(&self, id: Id) -> Option<Id> {
        self.parents.get(id as usize).copied().flatten()
    }
}

/// `code: rest` of each line.
fn entries(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    lines(list).filter_map(|line| line.split_once(':')).map(|(code, rest)| (code.trim(), rest))
}

fn is_lower(form: &str) -> bool {
    !form.contains(char::is_uppercase) && !form.contains(' ')
}

fn feminine(masculine: &str) -> String {
    let doubles = ["ien", "éen"].iter().any(|end| masculine.ends_with(end));
    match masculine {
        _ if masculine.ends_with('e') => masculine.to_owned(),
        _ if doubles => format!("{masculine}ne"),
        _ => format!("{masculine}e"),
    }
}
