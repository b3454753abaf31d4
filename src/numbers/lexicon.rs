//! The words of the data files, looked up in folded form.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Bound;
use super::unit::{self, Units};

/// What a word means for a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Word {
    pub role: Role,
    pub value: f64,
    /// `deuxième`, `second`.
    pub ordinal: bool,
}

/// The part that a word plays in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `deux`, `twelve`.
    Unit,
    /// `vingt`, `forty`.
    Ten,
    Hundred,
    /// `mille`, `million`: multiplies what stands before.
    Scale,
    /// `milliers`, `hundreds`: a scale after a number, a magnitude alone.
    Plural,
    /// `trentaine`, `dozen`.
    Collective,
    /// `dizaines`, `dozens`.
    Collectives,
    /// `demi`, `quart`, `half`; the value is the denominator.
    Fraction,
    Multiple,
    /// `eighties`.
    Decade,
    /// `et`, `and`.
    And,
    /// `de`, `of`.
    Of,
    /// `plusieurs`, `several`.
    Some,
}

/// All that is known of one language's numbers.
pub struct Lexicon {
    pub is_french: bool,
    words: HashMap<String, Word>,
    lists: HashMap<&'static str, Vec<String>>,
    pub units: Units,
    before: HashMap<String, Bound>,
    after: HashMap<String, Bound>,
}

static FRENCH: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::new(true, include_str!("fr.txt"), include_str!("bounds_fr.txt")));
static ENGLISH: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::new(false, include_str!("en.txt"), include_str!("bounds_en.txt")));

/// The lexicon of a language (ISO 639-1), where there is one.
pub fn of(language: &str) -> Option<&'static Lexicon> {
    match language {
        "fr" => Some(&FRENCH),
        "en" => Some(&ENGLISH),
        _ => None,
    }
}

impl Lexicon {
    fn new(is_french: bool, words: &'static str, bounds: &'static str) -> Self {
        let units = unit::read(include_str!("units.txt"), is_french);
        let (before, after) = (HashMap::new(), HashMap::new());
        let (tables, lists) = (HashMap::new(), HashMap::new());
        let mut lexicon = Self { is_french, words: tables, lists, units, before, after };
        entries(words).for_each(|(head, forms)| lexicon.add_words(head, forms));
        entries(bounds).for_each(|(head, phrases)| lexicon.add_bounds(head, phrases));
        lexicon
    }

    fn add_words(&mut self, head: &'static str, forms: &'static str) {
        let (kind, value) = head.split_once(' ').unwrap_or((head, "0"));
        let ordinal = kind.ends_with("-ordinal");
        let value = value.parse().unwrap_or_default();
        let forms = forms.split_whitespace().map(fold);
        match role(kind.trim_end_matches("-ordinal")) {
            Some(role) => {
                self.words.extend(forms.map(|form| (form, Word { role, value, ordinal })));
            }
            None => self.lists.entry(kind).or_default().extend(forms),
        }
    }

    fn add_bounds(&mut self, head: &str, phrases: &str) {
        let (kind, place) = head.split_once(' ').unwrap_or((head, ""));
        let bound = match kind {
            "about" => Bound::About,
            "nearly" => Bound::Nearly,
            "at-least" => Bound::AtLeast,
            "at-most" => Bound::AtMost,
            _ => Bound::Exact,
        };
        let table = if place == "before" { &mut self.before } else { &mut self.after };
        table.extend(phrases.split('|').map(|phrase| (key(phrase), bound)));
    }

    pub fn word(&self, folded: &str) -> Option<Word> {
        // A single letter keeps its case, but a sentence may begin with the article.
        let folded = if folded == "A" { "a" } else { folded };
        self.words.get(folded).copied()
    }

    /// Whether a list of the data file, e.g. `adjective`, holds a word.
    pub fn lists(&self, list: &str, folded: &str) -> bool {
        self.lists.get(list).is_some_and(|words| words.iter().any(|word| word == folded))
    }

    pub fn bound_before(&self, phrase: &str) -> Option<Bound> {
        self.before.get(phrase).copied()
    }

    pub fn bound_after(&self, phrase: &str) -> Option<Bound> {
        self.after.get(phrase).copied()
    }
}

/// The lines `HEAD: REST` of a data file.
pub fn entries(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(": "))
}

fn role(kind: &str) -> Option<Role> {
    Some(match kind {
        "unit" => Role::Unit,
        "ten" => Role::Ten,
        "hundred" => Role::Hundred,
        "scale" => Role::Scale,
        "plural" => Role::Plural,
        "collective" => Role::Collective,
        "collectives" => Role::Collectives,
        "fraction" => Role::Fraction,
        "multiple" => Role::Multiple,
        "decade" => Role::Decade,
        "and" => Role::And,
        "of" => Role::Of,
        "some" => Role::Some,
        _ => return None,
    })
}

/// The folded words and signs of a phrase, between spaces.
pub fn key(phrase: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in phrase.trim().chars() {
        let is_turn = c.is_ascii_digit() != word.ends_with(|c: char| c.is_ascii_digit());
        if is_turn && !word.is_empty() {
            parts.push(fold(&std::mem::take(&mut word)));
        }
        if c.is_alphanumeric() && !matches!(c, '²' | '³') || is_combining_mark(c) {
            word.push(c);
            continue;
        }
        parts.extend((!word.is_empty()).then(|| fold(&std::mem::take(&mut word))));
        let is_sign = !c.is_whitespace() && !matches!(c, '\'' | '’' | '-' | '.');
        parts.extend(is_sign.then(|| c.to_string()));
    }
    parts.extend((!word.is_empty()).then(|| fold(&word)));
    parts.join(" ")
}

/// Lower case without accents and ligatures. A single letter keeps its case: `M` is no `m`.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return if word.len() == 1 { word.to_string() } else { word.to_ascii_lowercase() };
    }
    let is_single = word.chars().count() == 1;
    let plain = word.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>();
    let plain = plain.replace(['œ', 'Œ'], "oe");
    if is_single { plain } else { plain.to_lowercase() }
}
