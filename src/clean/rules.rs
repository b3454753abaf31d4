//! The patterns of `patterns.txt`, compiled.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use regex::{Captures, Regex, RegexSet, RegexSetBuilder};

use crate::article::{BlockKind, RuleId};

/// Where in a line, or on which line, a pattern stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The whole of any line.
    Line,
    /// The whole of a line above the first paragraph or below the last.
    Edge,
    /// As [`Place::Edge`], once the headline is known: what might be one.
    Margin,
    /// The whole of any line but the headline.
    Inner,
    /// The head of any line.
    Prefix,
    /// The head of a line of running text.
    LeadIn,
    /// The end of any line.
    Tail,
    /// The end of a line that is thereby a caption.
    Caption,
    /// The whole of a line that is an embedded post.
    Post,
}

impl Place {
    /// How many there are.
    pub const N: usize = Self::Post as usize + 1;

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "line" => Self::Line,
            "edge" => Self::Edge,
            "margin" => Self::Margin,
            "inner" => Self::Inner,
            "prefix" => Self::Prefix,
            "lead-in" => Self::LeadIn,
            "tail" => Self::Tail,
            "caption" => Self::Caption,
            "post" => Self::Post,
            _ => return None,
        })
    }

    /// The anchors that keep a pattern out of running text.
    fn anchored(self, pattern: &str) -> String {
        match self {
            Self::Line | Self::Edge | Self::Margin | Self::Inner | Self::Post => {
                format!("^(?:{pattern})$")
            }
            Self::Prefix | Self::LeadIn => format!("^(?:{pattern})"),
            Self::Tail | Self::Caption => format!("(?:{pattern})$"),
        }
    }

    /// Whether it takes a whole line of page furniture.
    fn is_form(self) -> bool {
        matches!(self, Self::Line | Self::Edge | Self::Margin | Self::Inner)
    }

    /// How sure a match is: a whole line can hardly be anything else, a head or a tail of one may
    /// be a sentence's own, and at the edges of a page the place is half of the evidence.
    fn confidence(self) -> f64 {
        match self {
            Self::Line | Self::Post => 0.95,
            Self::Prefix | Self::Tail => 0.9,
            Self::Edge | Self::Inner | Self::LeadIn | Self::Caption => 0.85,
            Self::Margin => 0.75,
        }
    }
}

/// One expression with what it decides.
#[derive(Debug)]
pub struct Rule {
    /// Its name in records.
    pub id: RuleId,
    /// What its match is.
    pub kind: BlockKind,
    /// How sure a match is, from 0 to 1.
    pub confidence: f64,
    pattern: String,
    /// Compiled when the rule first matches: most rules never do in a run.
    regex: OnceLock<Regex>,
}

impl Rule {
    /// The groups of the match.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        let compile = || Regex::new(&self.pattern).expect("patterns.txt compiles");
        self.regex.get_or_init(compile).captures(text)
    }
}

/// The rules of one place, and one automaton that asks all of them at once.
#[derive(Debug, Default)]
struct Shelf {
    rules: Vec<Rule>,
    /// So many of the first rules begin with words of their own.
    n_rooted: usize,
    rooted: RegexSet,
    /// The others begin with any character, so they are followed to the end of each line.
    floating: RegexSet,
}

/// A longer line is a paragraph; no furniture is asked about it.
const MAX_FORM_BYTES: usize = 400;

/// The first rule of `place` that matches `text`.
pub fn find(place: Place, text: &str) -> Option<&'static Rule> {
    if place.is_form() && text.len() > MAX_FORM_BYTES {
        return None;
    }
    find_rooted(place, text).or_else(|| {
        let shelf = SHELVES.get(&place)?;
        let idx = shelf.floating.matches(text).into_iter().next()?;
        shelf.rules.get(shelf.n_rooted + idx)
    })
}

/// As [`find`], among the rules that begin with words of their own.
pub fn find_rooted(place: Place, text: &str) -> Option<&'static Rule> {
    if place.is_form() && text.len() > MAX_FORM_BYTES {
        return None;
    }
    let shelf = SHELVES.get(&place)?;
    let idx = shelf.rooted.matches(text).into_iter().next()?;
    shelf.rules.get(idx)
}

static SHELVES: LazyLock<HashMap<Place, Shelf>> = LazyLock::new(|| {
    let words = words(include_str!("words.txt"));
    let mut sources: HashMap<Place, Vec<Source>> = HashMap::new();
    sources_of(include_str!("patterns.txt"), &words)
        .into_iter()
        .for_each(|source| sources.entry(source.place).or_default().push(source));
    sources.into_iter().map(|(place, sources)| (place, Shelf::new(sources))).collect()
});

/// Of the compiled expressions of a place.
const MAX_SET_BYTES: usize = 64 * 1024 * 1024;

impl Shelf {
    /// The files are part of the program, so a wrong expression is our own error and stops here;
    /// the test `every_pattern_compiles` finds it first.
    fn new(sources: Vec<Source>) -> Self {
        let (rooted, floating): (Vec<Source>, Vec<Source>) =
            sources.into_iter().partition(Source::is_rooted);
        let n_rooted = rooted.len();
        let sets = (set(&rooted), set(&floating));
        let rules = rooted.into_iter().chain(floating).map(Source::into_rule).collect();
        Self { rules, n_rooted, rooted: sets.0, floating: sets.1 }
    }
}

fn set(sources: &[Source]) -> RegexSet {
    let mut builder = RegexSetBuilder::new(sources.iter().map(|source| &source.pattern));
    // The lists of words and names are in many of them.
    let builder = builder.size_limit(MAX_SET_BYTES).dfa_size_limit(MAX_SET_BYTES);
    builder.build().expect("patterns.txt compiles")
}

struct Source {
    id: RuleId,
    kind: BlockKind,
    place: Place,
    pattern: String,
}

impl Source {
    /// Whether it cannot begin with just any character.
    fn is_rooted(&self) -> bool {
        let start = self.pattern.trim_start_matches(['^', '(', '?', ':', 'i']);
        !start.starts_with('.') && !start.starts_with("[^")
    }

    fn into_rule(self) -> Rule {
        let confidence = self.place.confidence();
        let (id, kind, pattern) = (self.id, self.kind, self.pattern);
        Rule { id, kind, confidence, pattern, regex: OnceLock::new() }
    }
}

fn sources_of(file: &'static str, words: &[(String, String)]) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut head = None;
    for line in content(file) {
        if let Some(found) = header(line) {
            head = Some(found);
        } else if let Some((id, kind, place)) = head {
            sources.push(Source {
                id,
                kind,
                place,
                pattern: place.anchored(&spelt_out(line, words)),
            });
        }
    }
    sources
}

fn content(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

/// `[rule] kind where`
fn header(line: &'static str) -> Option<(RuleId, BlockKind, Place)> {
    let (id, rest) = line.strip_prefix('[')?.split_once("] ")?;
    let (kind, place) = rest.split_once(' ')?;
    Some((RuleId(id), BlockKind::named(kind)?, Place::named(place)?))
}

/// Each list with the lists above it already spelt out in it.
fn words(file: &'static str) -> Vec<(String, String)> {
    let mut words: Vec<(String, String)> = Vec::new();
    for (name, pattern) in content(file).filter_map(|line| line.split_once(": ")) {
        words.push((format!("%{name}%"), spelt_out(pattern, &words)));
    }
    words
}

fn spelt_out(pattern: &str, words: &[(String, String)]) -> String {
    let full = words.iter().fold(pattern.to_owned(), |text, (name, list)| text.replace(name, list));
    // Lists are spelt out first, so the apostrophes of a list are already doubled.
    full.replace("['’]", "'").replace('\'', "['’]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        let n_rules: usize = SHELVES.values().map(|shelf| shelf.rules.len()).sum();
        assert!(n_rules > 60, "{n_rules} rules");
        let unnamed = Regex::new("%[A-Z]+%").unwrap();
        for rule in SHELVES.values().flat_map(|shelf| &shelf.rules) {
            assert!(!unnamed.is_match(&rule.pattern), "a word list is missing in {}", rule.id);
            assert!(rule.captures("").is_none(), "{} matches an empty line", rule.id);
        }
    }
}
