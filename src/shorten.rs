//! A sentence in fewer words, all of them its own.
//!
//! A small model that is to say something in fewer words says something else. So it only proposes: what
//! its answer leaves out of a sentence is left out where rules find that the rest says nothing that the
//! sentence does not say, and words of its own are not taken. What comes out is the sentence with parts
//! missing; every word stands in the source, in this order. (Sentence compression by deletion: Knight
//! and Marcu 2002, Filippova et al. 2015; there the model's word is final.)

mod align;
mod omission;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::Result;
use crate::check::lists::lines;
use crate::check::{self, Lists, Relation, Side, form};
use crate::engine::{Answer, Answerer, Message, Question, Sampling};
use crate::pipeline::{Key, Task};
use omission::Omission;

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("shorten/words.txt")));

/// A sentence that is to be shortened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Long {
    pub text: String,
    /// ISO 639-1; there are rules for `fr`.
    pub language: &'static str,
    /// The day that it was written on, where it is known.
    pub date: Option<Date>,
}

/// Shorter sentences need not be shortened.
const MIN_WORDS: usize = 24;

impl Long {
    /// Whether there is something to gain, and rules for it.
    pub fn is_worth_it(&self) -> bool {
        !LISTS.get(self.language, "function").is_empty()
            && self.text.split_whitespace().count() >= MIN_WORDS
    }

    /// The sentence without what the proposal leaves out and rules let go; nothing where that is
    /// nothing.
    pub fn without(&self, proposal: &str) -> Option<String> {
        let source = Side::read(&self.text, self.language, self.date);
        let words = &source.names.words;
        let told = Side::read(proposal, self.language, self.date);
        let matched = align::align(words, &told.names.words);
        if share(&matched, &told) < MIN_MATCHED {
            return None;
        }
        let omissions = omissions(&source, &matched);
        let n_omitted: usize = omissions.iter().map(|omission| omission.range.len()).sum();
        if n_omitted < MIN_OMITTED || words.len() - n_omitted < MIN_KEPT {
            return None;
        }
        let text = join(&source, &omissions);
        let findings = check::against(&source, &text, self.language, Relation::Summary);
        (form::is_finished(&text) && !check::has_error(&findings)).then_some(text)
    }
}

impl Long {
    /// The sentence for one that tells it with little of its own: whole, or where the other has next to nothing
    /// of its own, without what it leaves out and rules let go. Nothing where the other says much else or is much shorter, or where the
    /// sentence hangs on one before it.
    pub fn retold(&self, telling: &str) -> Option<String> {
        if LISTS.get(self.language, "function").is_empty() {
            return None;
        }
        let source = Side::read(&self.text, self.language, self.date);
        let told = Side::read(telling, self.language, self.date);
        let matched = align::align(&source.names.words, &told.names.words);
        let share = share(&matched, &told);
        if share < MIN_RETOLD {
            return None;
        }
        // Where the telling has words of its own, what it lacks is not what it leaves out.
        let left_out = self.without(telling).filter(|_| share >= MIN_LEFT_OUT);
        let text = left_out.unwrap_or_else(|| self.text.trim().to_owned());
        let retold = Side::read(&text, self.language, self.date);
        let words = &retold.names.words;
        let hangs = words.first().is_none_or(|first| self.has("hanging", &first.folded));
        let is_long = words.len() as f64 > MAX_LONGER * told.names.words.len() as f64;
        (!hangs && !is_long && form::is_finished(&text)).then_some(text)
    }

    fn has(&self, list: &str, folded: &str) -> bool {
        LISTS.get(self.language, list).contains(&folded)
    }
}

/// The share of the words of a telling that are a sentence's own, in its order.
fn share(matched: &[Option<usize>], told: &Side) -> f64 {
    matched.iter().flatten().count() as f64 / told.names.words.len().max(1) as f64
}

/// A sentence that has this share of its words from one other tells that one.
const MIN_RETOLD: f64 = 0.7;
/// One that has this share does nothing but leave out.
const MIN_LEFT_OUT: f64 = 0.95;
/// So many times as long its own form may be.
const MAX_LONGER: f64 = 1.6;

/// An answer of which less is the sentence's own is not about leaving out.
const MIN_MATCHED: f64 = 0.6;
/// With fewer words less nothing is gained.
const MIN_OMITTED: usize = 3;
/// Fewer words are no sentence.
const MIN_KEPT: usize = 5;

/// The longest part of each run of unmatched words that may go.
fn omissions<'s>(source: &'s Side<'s>, matched: &[Option<usize>]) -> Vec<Omission<'s>> {
    let mut all = Vec::new();
    let mut start = 0;
    while start < matched.len() {
        let n = matched[start..].iter().take_while(|place| place.is_none()).count();
        all.extend(longest(source, start, start + n));
        start += n + 1;
    }
    all
}

fn longest<'s>(source: &'s Side<'s>, start: usize, end: usize) -> Option<Omission<'s>> {
    let lengths = (1..=end - start).rev();
    let mut ranges = lengths.flat_map(|n| (start..=end - n).map(move |from| from..from + n));
    ranges.find_map(|range| Some(Omission::new(source, range)).filter(Omission::may_go))
}

/// What is left of the text.
fn join(source: &Side, omissions: &[Omission]) -> String {
    let mut text = String::new();
    let mut kept = 0;
    for omission in omissions {
        let region = omission.region();
        text.push_str(&source.text[kept..region.start]);
        text.push_str(omission.joint());
        kept = region.end;
    }
    text.push_str(&source.text[kept..]);
    capitalised(text.trim())
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// Sentences on their way to fewer words.
#[derive(Debug)]
pub struct Shortening {
    sentences: Vec<Long>,
    sampling: Sampling,
    shortened: Vec<Option<String>>,
    is_asked: bool,
}

impl Shortening {
    pub fn new(sentences: Vec<Long>, sampling: &Sampling) -> Self {
        let shortened = vec![None; sentences.len()];
        Self { sentences, sampling: sampling.clone(), shortened, is_asked: false }
    }

    /// For each sentence its shorter form, where there is one, once no question is open.
    pub fn into_shortened(self) -> Vec<Option<String>> {
        self.shortened
    }

    fn question(&self, sentence: &Long) -> Question {
        let mut messages = vec![Message::system(SYSTEM)];
        for (long, short) in examples() {
            messages.extend([Message::user(long), Message::assistant(short)]);
        }
        messages.push(Message::user(&sentence.text));
        Question {
            messages,
            max_new_tokens: MAX_NEW_TOKENS,
            one_line: true,
            sampling: self.sampling.clone(),
            ..Question::default()
        }
    }
}

impl Task for Shortening {
    fn questions(&mut self, _model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        if std::mem::replace(&mut self.is_asked, true) {
            return Ok(Vec::new());
        }
        let worth = self.sentences.iter().enumerate().filter(|(_, long)| long.is_worth_it());
        Ok(worth.map(|(key, long)| (key, self.question(long))).collect())
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        self.shortened[key] = self.sentences[key].without(&answer.text);
    }
}

/// The model's limit on one sentence.
const MAX_NEW_TOKENS: usize = 120;

const SYSTEM: &str = "Tu es secrétaire de rédaction. Tu raccourcis des phrases de dépêches : tu \
    supprimes les détails secondaires (incises, précisions, circonstances) et tu gardes les autres \
    mots tels quels, dans le même ordre. Tu n'ajoutes, ne remplaces et ne déplaces aucun mot. Tu \
    gardes qui parle (« selon ... »), les négations et les chiffres essentiels.";

/// Pairs of lines: a sentence, and what is left of it.
fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut lines = lines(include_str!("shorten/examples.txt"));
    std::iter::from_fn(move || Some((lines.next()?, lines.next()?)))
}
