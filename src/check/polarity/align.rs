//! Which part of a source a part of the target is held against.

use super::super::{Relation, Side};
use super::words::{self, Word};
use crate::article::Span;

/// Parts of both texts that should say the same.
#[derive(Debug)]
pub struct Bead {
    pub source: Vec<Word>,
    pub target: Vec<Word>,
    pub source_span: Span,
    pub target_span: Span,
}

/// A sentence of a summary is compared where so much of its content is in one of the source.
const MIN_SHARE: f64 = 0.6;
/// Fewer content words are too few to find the sentence by.
const MIN_CONTENT_WORDS: usize = 4;
/// Content words are held together by so many letters: French bends their ends.
const STEM_LETTERS: usize = 6;
const MIN_CONTENT_LETTERS: usize = 4;
/// A sentence has between so much and its inverse of the letters of its counterpart.
const MIN_RATIO: f64 = 0.4;

/// The parts to compare, in the order of the target.
pub fn beads(source: &Side, target: &Side, relation: Relation) -> Vec<Bead> {
    match relation {
        Relation::Translation => {
            translated(source, target).map(|(s, t)| bead(source, s, target, t)).collect()
        }
        Relation::Summary if source.lang == target.lang => summarized(source, target),
        Relation::Summary => Vec::new(),
    }
}

fn bead(source: &Side, s: Span, target: &Side, t: Span) -> Bead {
    let source_words = words::split(s.of(source.text), source.lang, s.start);
    let target_words = words::split(t.of(target.text), target.lang, t.start);
    Bead { source: source_words, target: target_words, source_span: s, target_span: t }
}

/// Sentence by sentence where there are as many of both and each is about as long as the other,
/// else all against all.
fn translated(source: &Side, target: &Side) -> impl Iterator<Item = (Span, Span)> {
    let pairs = source.sentences.iter().copied().zip(target.sentences.iter().copied());
    let even = source.sentences.len() == target.sentences.len()
        && pairs.clone().all(|(s, t)| is_near(s.len(), t.len()));
    let all = (Span::new(0, source.text.len()), Span::new(0, target.text.len()));
    let taken = if even { source.sentences.len() } else { 0 };
    pairs.take(taken).chain((!even).then_some(all))
}

fn is_near(a: usize, b: usize) -> bool {
    let ratio = a as f64 / b.max(1) as f64;
    (MIN_RATIO..=1.0 / MIN_RATIO).contains(&ratio)
}

fn summarized(source: &Side, target: &Side) -> Vec<Bead> {
    let contents: Vec<(Span, Vec<String>)> = source
        .sentences
        .iter()
        .map(|&span| (span, content(span.of(source.text), source.lang)))
        .collect();
    let of = |&t: &Span| {
        let wanted = content(t.of(target.text), target.lang);
        let s = best(&wanted, &contents)?;
        Some(bead(source, s, target, t))
    };
    target.sentences.iter().filter_map(of).collect()
}

fn best(wanted: &[String], contents: &[(Span, Vec<String>)]) -> Option<Span> {
    if wanted.len() < MIN_CONTENT_WORDS {
        return None;
    }
    let shared = |own: &[String]| wanted.iter().filter(|w| own.binary_search(w).is_ok()).count();
    let (n, span) = contents.iter().map(|(span, own)| (shared(own), *span)).max_by_key(|b| b.0)?;
    (n as f64 >= MIN_SHARE * wanted.len() as f64).then_some(span)
}

/// The beginnings of the content words, sorted, each once.
fn content(text: &str, lang: &str) -> Vec<String> {
    let long = words::split(text, lang, 0)
        .into_iter()
        .filter(|word| word.is_word() && word.text.chars().count() >= MIN_CONTENT_LETTERS);
    let mut stems: Vec<String> =
        long.map(|word| word.text.chars().take(STEM_LETTERS).collect()).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}
