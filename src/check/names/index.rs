//! The names of one text, so that they can be found from those of another.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::roles::{self, Office};
use super::spelling;
use super::tables::{self, Id, TABLES};
use super::words::{self, Case, Word};
use crate::article::Span;
use crate::check::lists::Lists;

/// How sure it is that words are a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// Only good as a counterpart: a common word with a capital.
    Weak,
    /// An unknown word where a capital proves little: in a heading, at the beginning.
    Likely,
    Sure,
}

/// A name, or a word of one.
#[derive(Debug, Clone)]
pub struct Mention {
    pub span: Span,
    /// Its words.
    pub first: usize,
    pub end: usize,
    /// What it is in the lists; empty of an unlisted name.
    pub ids: &'static [Id],
    /// `français`, `French`.
    pub is_people: bool,
    pub is_given: bool,
    pub trust: Trust,
}

/// The words and names of a text.
#[derive(Debug, Clone, Default)]
pub struct Index {
    pub words: Vec<Word>,
    pub mentions: Vec<Mention>,
    /// Offices beside names.
    pub offices: Vec<Office>,
    /// How often each folded word stands in the text.
    counts: HashMap<String, u32>,
    ids: HashMap<Id, u32>,
    /// Words with a capital, by their consonants.
    by_sound: HashMap<String, Vec<usize>>,
    /// Words by their first letters.
    by_root: HashMap<String, Vec<usize>>,
    /// The first letters of runs of words, in the order of the alphabet: of an acronym, or of what it
    /// stands for.
    initials: HashSet<String>,
    acronyms: HashSet<String>,
    /// Which words a run covers whose initials may make an acronym.
    runs: Vec<(String, usize, usize)>,
}

/// Words and endings that names are told by.
pub static WORDS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("words.txt")));

/// Letters that words are first found by.
const ROOT_LETTERS: usize = 3;
/// An acronym has so many letters.
const ACRONYM: std::ops::RangeInclusive<usize> = 2..=6;

impl Index {
    pub fn read(text: &str, lang: &str, sentences: &[Span]) -> Self {
        let words = words::read(text, sentences);
        let mut index = Self { words, ..Self::default() };
        index.count(lang);
        index.find_runs(lang);
        index.find_mentions(lang);
        index.offices = roles::find(&index.words, text, lang);
        index
    }

    fn count(&mut self, lang: &str) {
        let mut before: Option<&Word> = None;
        for (idx, word) in self.words.iter().enumerate() {
            *self.counts.entry(word.folded.clone()).or_default() += 1;
            if let Some(before) = before.filter(|_| word.is_linked && word.is_capital()) {
                *self.counts.entry(format!("{}{}", before.folded, word.folded)).or_default() += 1;
            }
            if let Some(root) = root(&word.folded) {
                self.by_root.entry(root.to_owned()).or_default().push(idx);
            }
            if word.is_capital() {
                let sound = spelling::skeleton(&word.folded, lang);
                self.by_sound.entry(sound).or_default().push(idx);
            }
            if word.case == Case::Upper && ACRONYM.contains(&word.folded.len()) {
                self.acronyms.insert(sorted(word.folded.chars()));
            }
            before = Some(word);
        }
    }

    /// Runs of words that may be what an acronym stands for: from a capital on, without the small
    /// words between.
    fn find_runs(&mut self, lang: &str) {
        for first in (0..self.words.len()).filter(|at| self.words[*at].is_capital()) {
            let mut letters = String::new();
            for (idx, word) in self.words.iter().enumerate().skip(first).take(12) {
                if idx > first && !word.is_linked || letters.len() >= *ACRONYM.end() {
                    break;
                }
                if is_small(&word.folded, lang) {
                    continue;
                }
                letters.extend(word.folded.chars().next().filter(char::is_ascii));
                if letters.len() >= 2 {
                    let run = sorted(letters.chars());
                    self.initials.insert(run.clone());
                    self.runs.push((run, first, idx + 1));
                }
            }
        }
    }

    fn find_mentions(&mut self, lang: &str) {
        let forms = TABLES.forms(lang);
        let mut at = 0;
        while at < self.words.len() {
            if let Some((form, n)) = forms.longest_at(&self.words[at..]) {
                let trust = self.trust_of_listed(at, at + n, lang);
                let mention = Mention {
                    span: self.span(at, at + n),
                    first: at,
                    end: at + n,
                    ids: &form.ids,
                    is_people: form.is_people,
                    is_given: form.is_given,
                    trust,
                };
                for id in mention.ids {
                    *self.ids.entry(*id).or_default() += 1;
                }
                self.mentions.push(mention);
                at += n;
                continue;
            }
            self.mentions.extend(self.unlisted(at, lang));
            at += 1;
        }
    }

    fn span(&self, first: usize, end: usize) -> Span {
        Span::new(self.words[first].span.start, self.words[end - 1].span.end)
    }

    fn trust_of_listed(&self, first: usize, end: usize, lang: &str) -> Trust {
        let words = &self.words[first..end];
        let has_capital = words.iter().any(Word::is_capital);
        let proper = words.iter().any(|w| w.is_capital() && !tables::is_common(&w.folded, lang));
        match () {
            () if proper => Trust::Sure,
            () if words.len() == 1 => Trust::Weak,
            () if has_capital => Trust::Likely,
            () => Trust::Weak,
        }
    }

    fn unlisted(&self, at: usize, lang: &str) -> Option<Mention> {
        let word = &self.words[at];
        let n_letters = word.folded.chars().filter(|c| c.is_alphabetic()).count();
        if !word.is_capital() || n_letters < 2 || is_roman(word) {
            return None;
        }
        let trust = if tables::is_common(&word.folded, lang) || word.in_heading {
            Trust::Weak
        } else if word.opens {
            self.trust_of_opening(at, lang)
        } else if word.case == Case::Capital && has_common_ending(&word.folded, lang) {
            Trust::Likely
        } else {
            Trust::Sure
        };
        let is_people = false;
        Some(Mention {
            span: word.span,
            first: at,
            end: at + 1,
            ids: &[],
            is_people,
            is_given: false,
            trust,
        })
    }

    /// The first word of a sentence is a name where it stands with a capital elsewhere too, or
    /// where the next one has one; otherwise it may be any word.
    fn trust_of_opening(&self, at: usize, lang: &str) -> Trust {
        let word = &self.words[at];
        let elsewhere = self.by_sound.get(&spelling::skeleton(&word.folded, lang));
        let is_seen = elsewhere.into_iter().flatten().any(|other| {
            let other = &self.words[*other];
            !other.opens && other.folded == word.folded
        });
        let next = self.words.get(at + 1).filter(|next| next.is_linked);
        if is_seen
            || word.case == Case::Upper
            || next.is_some_and(|next| is_verb(&next.folded, lang) && !are_many(word, next))
        {
            return Trust::Sure;
        }
        let next_is_name =
            next.is_some_and(|next| next.is_capital() && !tables::is_common(&next.folded, lang));
        if next_is_name && !has_common_ending(&word.folded, lang) {
            Trust::Likely
        } else {
            Trust::Weak
        }
    }

    /// The words that lie in a span.
    pub fn words_in(&self, span: Span) -> Range<usize> {
        let first = self.words.partition_point(|word| word.span.start < span.start);
        first..self.words.partition_point(|word| word.span.end <= span.end).max(first)
    }

    /// Whole names among the words, of people, places and bodies: mentions side by side that
    /// `is_name` takes.
    pub fn runs(&self, words: Range<usize>, is_name: impl Fn(&Mention) -> bool) -> Vec<&[Mention]> {
        let first = self.mentions.partition_point(|mention| mention.first < words.start);
        let end = self.mentions.partition_point(|mention| mention.end <= words.end).max(first);
        let joins = |a: &Mention, b: &Mention| {
            is_name(a) && is_name(b) && a.end == b.first && self.words[b.first].is_linked
        };
        let runs = self.mentions[first..end].chunk_by(joins);
        runs.filter(|run| run.first().is_some_and(&is_name)).collect()
    }

    /// Whether it is likely a name; in a heading the lists must do.
    pub fn is_name(&self, mention: &Mention, lang: &str) -> bool {
        let in_heading = self.words[mention.first].in_heading;
        !mention.is_people
            && (mention.trust != Trust::Weak || in_heading && self.may_be_name(mention, lang))
    }

    /// Whether it is no common word of the lists.
    pub fn may_be_name(&self, mention: &Mention, lang: &str) -> bool {
        let mut words = self.words[mention.first..mention.end].iter();
        let is_own = |w: &Word| w.is_capital() && !tables::is_common(&w.folded, lang);
        !mention.is_people && (mention.trust != Trust::Weak || words.all(is_own))
    }

    /// Whether this folded word is a name here.
    pub fn has_name(&self, folded: &str) -> bool {
        let is_it = |m: &Mention| m.trust == Trust::Sure && self.words[m.first].folded == folded;
        self.has_word(folded) && self.mentions.iter().any(is_it)
    }

    /// Whether a name of another text stands in this one, by its entry or its spelling.
    pub fn knows(&self, mention: &Mention, own: &Self) -> bool {
        let is_like = |word: &Word| {
            let mut like = self.like_root(&word.folded).filter(|other| other.is_capital());
            self.has_word(&word.folded)
                || like.any(|other| {
                    spelling::compare(&word.folded, &other.folded) == spelling::Likeness::Same
                })
        };
        mention.ids.iter().any(|id| self.n_mentions(*id) > 0)
            || own.words[mention.first..mention.end].iter().all(is_like)
    }

    pub fn has_word(&self, folded: &str) -> bool {
        self.counts.contains_key(folded)
    }

    pub fn n_times(&self, folded: &str) -> u32 {
        self.counts.get(folded).copied().unwrap_or(0)
    }

    pub fn n_mentions(&self, id: Id) -> u32 {
        self.ids.get(&id).copied().unwrap_or(0)
    }

    /// All listed names of the text.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        self.ids.keys().copied()
    }

    /// Words that may be the same name: those with the same consonants in `lang`'s spelling.
    pub fn like_sound(&self, skeleton: &str) -> impl Iterator<Item = &Word> {
        self.by_sound.get(skeleton).into_iter().flatten().map(|idx| &self.words[*idx])
    }

    /// Words that begin alike.
    pub fn like_root(&self, folded: &str) -> impl Iterator<Item = &Word> {
        let found = root(folded).and_then(|root| self.by_root.get(root));
        found.into_iter().flatten().map(|idx| &self.words[*idx])
    }

    /// Whether an acronym of these letters, or words that it may stand for, are in a text of another
    /// language. Two letters begin words by chance too often.
    pub fn has_acronym_of(&self, folded: &str) -> bool {
        let letters = sorted(folded.chars());
        self.acronyms.contains(&letters) || letters.len() > 2 && self.initials.contains(&letters)
    }

    /// Whether words stand in the text that the acronym stands for in the same language.
    pub fn spells_out(&self, folded: &str) -> bool {
        let letters = sorted(folded.chars());
        let begins = |word: &Word, letter: char| word.folded.starts_with(letter);
        let in_order = |(_, first, end): &&(String, usize, usize)| {
            let mut words = self.words[*first..*end].iter();
            folded.chars().all(|letter| words.any(|word| begins(word, letter)))
        };
        let runs = self.runs.iter().filter(|(run, ..)| *run == letters);
        letters.len() > 2 && runs.into_iter().any(|run| in_order(&run))
    }

    /// Whether the word is part of a run that one of the other text's acronyms stands for.
    pub fn is_spelled_out(&self, at: usize, other: &Self) -> bool {
        let covers = |(_, first, end): &&(String, usize, usize)| (*first..*end).contains(&at);
        self.runs.iter().filter(covers).any(|(letters, ..)| other.acronyms.contains(letters))
    }
}

fn root(folded: &str) -> Option<&str> {
    folded.char_indices().nth(ROOT_LETTERS).map(|(end, _)| &folded[..end])
}

fn sorted(letters: impl Iterator<Item = char>) -> String {
    let mut letters: Vec<char> = letters.collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

fn is_small(folded: &str, lang: &str) -> bool {
    WORDS.has(listed(lang), "small", folded)
}

/// Words are read in English or else as French.
fn listed(lang: &str) -> &str {
    if lang == "en" { lang } else { "fr" }
}

/// XIV in Louis XIV, XVe in XVe siècle.
pub fn is_roman(word: &Word) -> bool {
    let number = ["eme", "e", "th"].iter().find_map(|end| word.folded.strip_suffix(end));
    let number = number.unwrap_or(&word.folded);
    word.is_capital() && number.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l' | 'c'))
}

/// Verbs that a name without an article is the subject of: `Singapour est`, `Lebrun announced`.
fn is_verb(folded: &str, lang: &str) -> bool {
    WORDS.has(listed(lang), "verb", folded)
}

/// Endings of common words: one that is not in the lists and has one is seldom a name.
fn has_common_ending(folded: &str, lang: &str) -> bool {
    let ends = WORDS.get(listed(lang), "ending").iter();
    ends.into_iter().any(|end| folded.len() > end.len() + 2 && folded.ends_with(end))
}

/// Whether a verb that is the same for one and for many follows a plural: `Soldiers will`.
fn are_many(word: &Word, verb: &Word) -> bool {
    word.folded.ends_with('s') && WORDS.has("en", "verb-of-many", &verb.folded)
}
