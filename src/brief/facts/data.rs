//! The words that the rules know: `words.txt` and `terms.txt` beside this file.

use std::sync::LazyLock;

use crate::check::lists::{Lists, lines};
use crate::check::names::{Word, fold};
use crate::digest::Language;

/// Words without accents, by list.
pub static WORDS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("words.txt")));

static TERMS: LazyLock<Vec<Term>> =
    LazyLock::new(|| lines(include_str!("terms.txt")).filter_map(Term::read).collect());

/// Something that has a name in both languages.
#[derive(Debug)]
pub struct Term {
    pub class: &'static str,
    pub key: &'static str,
    /// The first form, as it is written.
    pub french: &'static str,
    pub english: &'static str,
    /// The French forms, word by word and without accents, the longest first.
    forms: Vec<Vec<String>>,
}

impl Term {
    fn read(line: &'static str) -> Option<Self> {
        let (head, terms) = line.split_once(':')?;
        let (class, key) = head.split_once(' ')?;
        let (french, english) = terms.split_once('=')?;
        // The slash of `km/h` parts no forms.
        let all: Vec<&str> =
            if class == "unit" { vec![french] } else { french.split('/').collect() };
        let mut forms: Vec<Vec<String>> = all.iter().map(|form| parts(form)).collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        let french = all.first().copied().unwrap_or_default().trim();
        Some(Self { class, key, french, english: english.trim(), forms })
    }

    pub fn label(&self, language: Language) -> &'static str {
        match language {
            Language::French => self.french,
            Language::English => self.english,
        }
    }

    /// How many words at the head of `words` are this term.
    pub fn length_at(&self, words: &[Word]) -> Option<usize> {
        let is_there = |form: &&Vec<String>| {
            form.len() <= words.len()
                && form.iter().zip(words).all(|(part, word)| *part == word.folded)
                && words[1..form.len().max(1)].iter().all(|word| word.is_linked)
        };
        self.forms.iter().find(is_there).map(Vec::len)
    }
}

fn parts(form: &str) -> Vec<String> {
    let pieces = form.split(|c: char| !c.is_alphanumeric()).filter(|piece| !piece.is_empty());
    pieces.map(fold).collect()
}

/// The terms of a class, in the order of the file.
pub fn terms(class: &str) -> impl Iterator<Item = &'static Term> {
    TERMS.iter().filter(move |term| term.class == class)
}

/// The term of a class that is longest at the head of `words`, and its number of words.
pub fn term_at(class: &str, words: &[Word]) -> Option<(&'static Term, usize)> {
    let found = terms(class).filter_map(|term| Some((term, term.length_at(words)?)));
    // Of equals the first.
    found.fold(None, |best: Option<(&Term, usize)>, one| match best {
        Some(best) if best.1 >= one.1 => Some(best),
        _ => Some(one),
    })
}

/// Whether a word is an entry of a list, or begins as one that ends in `*`.
pub fn has(list: &str, word: &Word) -> bool {
    WORDS.get("fr", list).iter().any(|entry| match entry.strip_suffix('*') {
        Some(start) => word.folded.starts_with(start),
        None => word.folded == *entry,
    })
}

/// Whether a phrase of a list begins at the head of `words`; its number of words.
pub fn phrase_at(list: &str, words: &[Word]) -> Option<usize> {
    WORDS.get("fr", list).iter().find_map(|phrase| {
        let n = phrase.split(' ').count();
        let is_there = n <= words.len()
            && phrase.split(' ').zip(words).all(|(part, word)| part == word.folded);
        is_there.then_some(n)
    })
}

/// French or English, by the language of the note.
pub fn say(language: Language, french: impl Into<String>, english: impl Into<String>) -> String {
    match language {
        Language::French => french.into(),
        Language::English => english.into(),
    }
}
