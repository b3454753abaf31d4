//! Sentences that are like another one: most of their words are the same, in the same order.
//!
//! An index says which sentences have a word. For a sentence that may differ in `k` words, one of
//! any `k + 1` of its words must be found in what is like it, so only the sentences with its rarest
//! words are compared. A thousand questions to a hundred thousand sentences take less than a
//! second.

use std::collections::HashMap;

/// The words of sentences, and the sentences of words.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    numbers: HashMap<String, u32>,
    /// The words of each sentence, by their numbers.
    sentences: Vec<Vec<u32>>,
    /// For each word the sentences that have it, in their order.
    having: Vec<Vec<u32>>,
}

/// The number of words that no sentence has.
const UNKNOWN: u32 = u32::MAX;

impl Index {
    /// Adds a sentence; it has the next number.
    pub(super) fn add(&mut self, sentence: &str) {
        let number = self.sentences.len() as u32;
        let words: Vec<u32> = words(sentence).into_iter().map(|word| self.number(word)).collect();
        for &word in &words {
            let having = &mut self.having[word as usize];
            if having.last() != Some(&number) {
                having.push(number);
            }
        }
        self.sentences.push(words);
    }

    /// The number of a word, a new one if need be.
    fn number(&mut self, word: &str) -> u32 {
        if let Some(&known) = self.numbers.get(word) {
            return known;
        }
        let new = self.having.len() as u32;
        self.numbers.insert(word.to_owned(), new);
        self.having.push(Vec::new());
        new
    }

    /// The sentences that are at least so like this one, and how like, in no order.
    pub(super) fn like(&self, sentence: &str, at_least: f64) -> Vec<(usize, f64)> {
        let number = |word| self.numbers.get(word).copied().unwrap_or(UNKNOWN);
        let asked: Vec<u32> = words(sentence).into_iter().map(number).collect();
        let likeness = |idx: u32| {
            let idx = idx as usize;
            Some((idx, likeness(&asked, &self.sentences[idx], at_least)?))
        };
        self.candidates(&asked, at_least).into_iter().filter_map(likeness).collect()
    }

    /// The sentences that may be as like, each once.
    fn candidates(&self, asked: &[u32], at_least: f64) -> Vec<u32> {
        let having = |word: u32| self.having.get(word as usize).map_or(&[][..], Vec::as_slice);
        let mut rarest: Vec<u32> = asked.to_vec();
        rarest.sort_by_key(|&word| (having(word).len(), word));
        rarest.truncate(n_different(asked.len(), at_least) + 1);
        rarest.dedup();
        let mut found: Vec<u32> =
            rarest.into_iter().flat_map(|word| having(word).iter().copied()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// How many of `n` words may differ.
fn n_different(n: usize, at_least: f64) -> usize {
    // A little more, so that no rounding takes one away.
    ((1.0 - at_least) * n as f64 + 1e-9) as usize
}

/// The share of words that stay, if it is large enough.
fn likeness(a: &[u32], b: &[u32], at_least: f64) -> Option<f64> {
    let longer = a.len().max(b.len());
    let most = n_different(longer, at_least);
    if a.len().abs_diff(b.len()) > most || n_shared(a, b) + most < longer {
        return None;
    }
    let distance = strsim::generic_levenshtein(&a.to_vec(), &b.to_vec());
    let likeness = 1.0 - distance as f64 / longer.max(1) as f64;
    (distance <= most).then_some(likeness)
}

/// How many words two sentences share, in any order.
fn n_shared(a: &[u32], b: &[u32]) -> usize {
    let mut left = b.to_vec();
    let is_left = |word: &&u32| {
        let found = left.iter().position(|other| other == *word);
        found.map(|at| left.swap_remove(at)).is_some()
    };
    a.iter().filter(is_left).count()
}

/// Words and marks.
fn words(sentence: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut is_in_word = false;
    for (at, c) in sentence.char_indices() {
        let is_word = c.is_alphanumeric();
        if !(is_word && is_in_word) {
            words.push(&sentence[start..at]);
            start = at;
        }
        is_in_word = is_word;
    }
    words.push(&sentence[start..]);
    words.retain(|word| !word.trim().is_empty());
    words
}
