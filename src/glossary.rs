//! Terms that have a fixed translation: `coalition des volontaires` is the Coalition of the
//! Willing.
//!
//! A glossary is read from files in the formats of DeepL, with one addition: several accepted
//! translations are separated by `|`, and the first is the preferred one. [`Glossary::matches`]
//! finds the terms in a text, and [`Glossary::verify`] those that a translation disregards; the model
//! is told of them then.
//!
//! A term in small letters is also found with a capital at the head of a sentence; a term with
//! capitals is found as it is written. Number, gender and contracted articles do not matter
//! (`forms.rs`), nor do the kinds of apostrophes, hyphens and blanks.

mod forms;
mod parse;
mod term;
pub(crate) mod words;

pub use parse::Error;

use std::collections::{HashMap, HashSet};

use crate::article::Span;
use crate::check::{Finding, Severity};
use term::{Reading, Spelling, Term};

/// The terms that are known without any file, French to English.
const SHIPPED: &str = include_str!("glossary/fr-en.tsv");

/// Terms with their translations, for one pair of languages.
#[derive(Clone)]
pub struct Glossary {
    from: String,
    to: String,
    entries: Vec<Entry>,
    /// Numbers of entries by a word of their term.
    by_word: HashMap<String, Vec<usize>>,
}

/// A term and what it is to be called.
#[derive(Debug, Clone)]
pub struct Entry {
    pub source: String,
    /// One or more, the preferred one first.
    pub targets: Vec<String>,
    /// From a file of the user, not from the list that is shipped.
    pub is_users: bool,
    term: Term,
    target_terms: Vec<Term>,
}

/// A term in a text.
#[derive(Debug, Clone, Copy)]
pub struct Match<'g> {
    pub span: Span,
    pub entry: &'g Entry,
}

/// A term that stands twice in one file; the later line counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    pub name: String,
    /// Counted from 1.
    pub line: usize,
    pub first_line: usize,
    pub term: String,
}

impl std::fmt::Display for Repeated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, line, first_line, term } = self;
        write!(f, "line {line} of {name} has `{term}` again, after line {first_line}")
    }
}

/// The entries; the index follows from them.
impl std::fmt::Debug for Glossary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let entry = |entry: &Entry| (entry.source.clone(), entry.targets.clone(), entry.is_users);
        let entries: Vec<_> = self.entries.iter().map(entry).collect();
        f.debug_tuple("Glossary").field(&(&self.from, &self.to)).field(&entries).finish()
    }
}

impl Glossary {
    /// An empty glossary; languages as ISO 639-1 codes.
    pub fn new(from: &str, to: &str) -> Self {
        Self { from: from.into(), to: to.into(), entries: Vec::new(), by_word: HashMap::new() }
    }

    /// The list that is shipped: of news terms from French to English, of other pairs nothing.
    pub fn shipped(from: &str, to: &str) -> Self {
        let mut glossary = Self::new(from, to);
        if (from, to) == ("fr", "en") {
            let rows = parse::rows("fr-en.tsv", SHIPPED, from, to).unwrap_or_default();
            rows.iter().for_each(|row| glossary.put(row, false));
        }
        glossary.index();
        glossary
    }

    /// Adds a user's file. Its terms replace those that are there already.
    ///
    /// # Errors
    ///
    /// A line that is no entry: nothing of the file is added.
    pub fn add(&mut self, name: &str, text: &str) -> Result<Vec<Repeated>, Error> {
        let rows = parse::rows(name, text, &self.from, &self.to)?;
        rows.iter().for_each(|row| self.put(row, true));
        self.index();
        Ok(repeated(name, &rows))
    }

    /// Whether it leads from that language into that one; ISO 639-1 codes.
    pub fn is_for(&self, from: &str, to: &str) -> bool {
        self.from == from && self.to == to
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn put(&mut self, row: &parse::Row, is_users: bool) {
        let Some(term) = Term::new(&row.term, &self.from) else { return };
        let target_terms = row.targets.iter().filter_map(|t| Term::new(t, &self.to)).collect();
        let (source, targets) = (row.term.clone(), row.targets.clone());
        self.entries.push(Entry { source, targets, is_users, term, target_terms });
    }

    /// Of entries with the same term the last one is kept.
    fn index(&mut self) {
        let mut seen = HashSet::new();
        self.entries.reverse();
        self.entries.retain(|entry| seen.insert(key(&entry.source)));
        self.entries.reverse();
        self.by_word.clear();
        for (idx, entry) in self.entries.iter().enumerate() {
            self.by_word.entry(entry.term.key()).or_default().push(idx);
        }
    }

    /// The terms in a text, in order. Of terms that overlap the one of more words is found; a
    /// user's before a shipped one.
    pub fn matches(&self, text: &str) -> Vec<Match<'_>> {
        let reading = Reading::of(text, &self.from);
        let mut found = Vec::new();
        for at in 0..reading.words.len() {
            found.extend(self.around(&reading, at).filter(|m| !term::in_compound(text, m.span)));
        }
        without_overlap(found)
    }

    /// The terms whose anchor is the word `at`.
    fn around(&self, text: &Reading, at: usize) -> impl Iterator<Item = Match<'_>> {
        let keys = text.words[at].1.keys();
        let idxs = keys.filter_map(|key| self.by_word.get(&key)).flatten();
        idxs.filter_map(move |&idx| {
            let entry = &self.entries[idx];
            let first = at.checked_sub(entry.term.anchor_idx)?;
            let (span, spelling) = entry.term.stands_at(text, first)?;
            (spelling == Spelling::AsWritten).then_some(Match { span, entry })
        })
    }

    /// Terms of the source whose translation is none of the accepted ones: an error for a term of
    /// the user, a warning for a shipped one.
    pub fn verify(&self, source: &str, target: &str) -> Vec<Finding> {
        let matches = self.matches(source);
        if matches.is_empty() {
            return Vec::new();
        }
        let target = Target::read(target, &self.to);
        let mut seen = HashSet::new();
        let once = matches.iter().filter(|m| seen.insert(m.entry.source.as_str()));
        once.filter_map(|found| disregarded(found, &target)).collect()
    }
}

/// Under which two lines are about the same term.
fn key(term: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    term.nfc().map(|c| if words::is_apostrophe(c) { '\'' } else { c }).collect()
}

fn repeated(name: &str, rows: &[parse::Row]) -> Vec<Repeated> {
    let mut lines: HashMap<String, usize> = HashMap::new();
    let again = |row: &parse::Row| {
        let first_line = lines.insert(key(&row.term), row.line)?;
        let (name, term) = (name.to_owned(), row.term.clone());
        Some(Repeated { name, line: row.line, first_line, term })
    };
    rows.iter().filter_map(again).collect()
}

fn without_overlap(mut found: Vec<Match>) -> Vec<Match> {
    let rank = |m: &Match| (std::cmp::Reverse(m.entry.term.n_words()), !m.entry.is_users);
    found.sort_by_key(|m| (rank(m), m.span.start));
    let mut kept = std::collections::BTreeMap::<usize, Match>::new();
    for one in found {
        let before = kept.range(..one.span.end).next_back();
        if before.is_none_or(|(_, other)| other.span.end <= one.span.start) {
            kept.insert(one.span.start, one);
        }
    }
    kept.into_values().collect()
}

/// A translation, with the places of its words.
struct Target<'t> {
    reading: Reading<'t>,
    places: HashMap<String, Vec<usize>>,
}

impl<'t> Target<'t> {
    fn read(text: &'t str, lang: &str) -> Self {
        let reading = Reading::of(text, lang);
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (_, form)) in reading.words.iter().enumerate() {
            form.keys().for_each(|key| places.entry(key).or_default().push(at));
        }
        Self { reading, places }
    }

    /// The best spelling of a term in this text, with its place.
    fn find(&self, term: &Term) -> Option<(Spelling, Span)> {
        let anchors = self.places.get(&term.key())?;
        let firsts = anchors.iter().filter_map(|at| at.checked_sub(term.anchor_idx));
        let found = firsts.filter_map(|at| term.stands_at(&self.reading, at));
        // Titles have capitals everywhere, so only a term with capitals asks for them.
        let judged = |spelling| if term.has_capital() { spelling } else { Spelling::AsWritten };
        found.map(|(span, spelling)| (judged(spelling), span)).max()
    }
}

fn disregarded(found: &Match, target: &Target) -> Option<Finding> {
    let entry = found.entry;
    let best = entry.target_terms.iter().filter_map(|term| target.find(term)).max();
    let wanted = &entry.targets[0];
    let (severity, message, place) = match best {
        Some((Spelling::AsWritten, _)) => return None,
        Some((Spelling::OtherCase, span)) => {
            let written = span.of(target.reading.text());
            let severity = if entry.is_users { Severity::Warning } else { Severity::Note };
            (severity, format!("`{written}` should be written `{wanted}`"), Some(span))
        }
        None => {
            let severity = if entry.is_users { Severity::Error } else { Severity::Warning };
            (severity, format!("`{}` should be `{wanted}`", entry.source), None)
        }
    };
    Some(Finding { kind: "glossary", severity, message, source: Some(found.span), target: place })
}

#[cfg(test)]
mod tests;
