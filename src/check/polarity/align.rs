//! Which part of a source a part of the target is held against.

use super::super::{Relation, Side};
use super::words::{self, WORDS, Word};
use crate::article::Span;

/// Parts of both texts that should say the same.
#[derive(Debug)]
pub struct Bead {
    pub source: Vec<Word>,
    pub target: Vec<Word>,
    pub source_span: Span,
    pub target_span: Span,
    /// Other sentences of a summary's source that say much of the same.
    pub elsewhere: Vec<Vec<Word>>,
    pub relation: Relation,
}

/// A sentence of a summary is compared where so much of its content is in one of the source.
const MIN_SHARE: f64 = 0.6;
/// Fewer content words in common are too few to find the sentence by.
const MIN_CONTENT_WORDS: usize = 3;
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
    Bead {
        source: words_of(source, s),
        target: words_of(target, t),
        source_span: s,
        target_span: t,
        elsewhere: Vec::new(),
        relation: Relation::Translation,
    }
}

fn words_of(side: &Side, span: Span) -> Vec<Word> {
    words::split(span.of(side.text), side.lang, span.start)
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
    let contents: Vec<(Span, Vec<String>)> =
        source.sentences.iter().map(|&span| (span, stems(&words_of(source, span)))).collect();
    let of = |part: &[Word]| {
        let mut found = like(&stems(part), &contents).into_iter();
        let span = Span::new(part.first()?.span.start, part.last()?.span.end);
        let bead = bead(source, found.next()?, target, span);
        let elsewhere = found.map(|span| words_of(source, span)).collect();
        Some(Bead { elsewhere, relation: Relation::Summary, ..bead })
    };
    let sentences = target.sentences.iter().map(|&span| words_of(target, span));
    // A sentence that is made of several is held against each of them.
    let beads = |words: Vec<Word>| match of(&words) {
        Some(bead) => vec![bead],
        None => clauses(&words).filter_map(of).collect(),
    };
    sentences.flat_map(beads).collect()
}

/// The clauses of a sentence that has several.
fn clauses(words: &[Word]) -> impl Iterator<Item = &[Word]> {
    let breaks = (0..words.len()).filter(|&at| is_break(words, at)).map(|at| at + 1);
    let starts: Vec<usize> = std::iter::once(0).chain(breaks).collect();
    let ends: Vec<usize> = starts[1..].iter().copied().chain([words.len()]).collect();
    let several = starts.len() > 1;
    let parts = starts.into_iter().zip(ends).filter(move |_| several);
    parts.map(|(start, end)| &words[start..end]).filter(|part| !part.is_empty())
}

/// Where another clause begins: a mark, or a comma with a word that opens one.
pub fn is_break(words: &[Word], at: usize) -> bool {
    let next = words.get(at + 1).map_or("", |word| &word.text);
    let opens = ["fr", "en"].iter().any(|lang| WORDS.has(lang, "clause", next));
    matches!(words[at].text.as_str(), ";" | ":" | "—" | "–" | "(" | ")")
        || words[at].text == "," && opens
}

/// The sentences that have most of these stems, the best first.
fn like(wanted: &[String], contents: &[(Span, Vec<String>)]) -> Vec<Span> {
    let shared = |own: &[String]| wanted.iter().filter(|w| own.binary_search(w).is_ok()).count();
    let found = contents.iter().map(|(span, own)| (shared(own), *span));
    let enough = |n: usize| n >= MIN_CONTENT_WORDS && n as f64 >= MIN_SHARE * wanted.len() as f64;
    let mut found: Vec<(usize, Span)> = found.filter(|(n, _)| enough(*n)).collect();
    // Of equals the later one: it tells more.
    found.reverse();
    found.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    found.into_iter().map(|(_, span)| span).collect()
}

/// The beginnings of the content words, sorted, each once.
pub fn stems(words: &[Word]) -> Vec<String> {
    let is_content =
        |word: &&Word| word.is_word() && word.text.chars().count() >= MIN_CONTENT_LETTERS;
    let long = words.iter().filter(is_content);
    let mut stems: Vec<String> =
        long.map(|word| word.text.chars().take(STEM_LETTERS).collect()).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}
