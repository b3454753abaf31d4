//! ROUGE (Lin, 2004): the words, pairs of words and longest common sequence that a summary shares
//! with a reference. Equal to rouge-score, Google's program.
//!
//! That program knows the letters a to z and digits; all else parts words, so that `été` is the
//! word `t`. Published figures of French are counted so. [`Tokens::Unicode`] keeps whole words.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::{Segment, VERSION, ngrams, porter};

/// What is counted, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    pub tokens: Tokens,
    /// English endings count for nothing.
    pub has_stemmer: bool,
}

impl Options {
    /// How these figures were counted.
    pub fn signature(&self, segments: &[Segment]) -> String {
        let (nrefs, tokens) = (super::nrefs(segments), self.tokens.name());
        let stem = if self.has_stemmer { "porter" } else { "no" };
        format!("{nrefs}|case:lc|tok:{tokens}|stem:{stem}|{VERSION}")
    }
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tokens {
    /// A run of the letters a to z and digits, as in rouge-score.
    #[default]
    Ascii,
    /// A run of letters and digits of any script.
    Unicode,
}

impl Tokens {
    fn name(self) -> &'static str {
        match self {
            Self::Ascii => "rouge-score",
            Self::Unicode => "unicode",
        }
    }
}

/// From 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Score {
    /// The share of the hypothesis that is in the reference.
    pub precision: f64,
    /// The share of the reference that is in the hypothesis.
    pub recall: f64,
    /// Their harmonic mean.
    pub f: f64,
}

impl Score {
    fn new(n_common: usize, n_hypothesis: usize, n_reference: usize) -> Self {
        let precision = n_common as f64 / n_hypothesis.max(1) as f64;
        let recall = n_common as f64 / n_reference.max(1) as f64;
        let sum = precision + recall;
        let f = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
        Self { precision, recall, f }
    }
}

/// The four figures of a summary.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rouge {
    /// Words.
    pub rouge1: Score,
    /// Pairs of words.
    pub rouge2: Score,
    /// The longest common sequence of words, with gaps.
    pub rouge_l: Score,
    /// The same line by line, where each line is a sentence.
    pub rouge_lsum: Score,
}

/// The figures against the references, each against the one with the highest F.
pub fn score(segment: &Segment, options: &Options) -> Rouge {
    let hypothesis = Text::of(segment.hypothesis, options);
    let references = segment.references.iter().map(|text| Text::of(text, options));
    let scores = references.map(|reference| against(&hypothesis, &reference));
    scores.reduce(Rouge::best).unwrap_or_default()
}

impl Rouge {
    fn best(self, other: Self) -> Self {
        let best = |ours: Score, theirs: Score| if theirs.f > ours.f { theirs } else { ours };
        Self {
            rouge1: best(self.rouge1, other.rouge1),
            rouge2: best(self.rouge2, other.rouge2),
            rouge_l: best(self.rouge_l, other.rouge_l),
            rouge_lsum: best(self.rouge_lsum, other.rouge_lsum),
        }
    }
}

/// The words of each line.
struct Text {
    lines: Vec<Vec<String>>,
}

impl Text {
    fn of(text: &str, options: &Options) -> Self {
        let lines = text.split('\n').filter(|line| !line.is_empty());
        Self { lines: lines.map(|line| words(line, options)).collect() }
    }

    fn words(&self) -> Vec<&str> {
        self.lines.iter().flatten().map(String::as_str).collect()
    }
}

fn words(line: &str, options: &Options) -> Vec<String> {
    let words: Vec<String> = match options.tokens {
        Tokens::Ascii => parted(&line.to_lowercase(), |c| c.is_ascii_alphanumeric()),
        Tokens::Unicode => {
            parted(&line.nfc().collect::<String>().to_lowercase(), |c| c.is_alphanumeric())
        }
    };
    let stemmed = |word: String| if word.len() > 3 { porter::stem(&word) } else { word };
    if options.has_stemmer { words.into_iter().map(stemmed).collect() } else { words }
}

fn parted(line: &str, is_of_word: fn(char) -> bool) -> Vec<String> {
    let words = line.split(|c| !is_of_word(c)).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn against(hypothesis: &Text, reference: &Text) -> Rouge {
    let (ours, theirs) = (hypothesis.words(), reference.words());
    Rouge {
        rouge1: of_runs(&ours, &theirs, 1),
        rouge2: of_runs(&ours, &theirs, 2),
        rouge_l: Score::new(common_len(&ours, &theirs), ours.len(), theirs.len()),
        rouge_lsum: of_lines(&hypothesis.lines, &reference.lines),
    }
}

fn of_runs(hypothesis: &[&str], reference: &[&str], n: usize) -> Score {
    let (ours, theirs) = (ngrams::counts(hypothesis, n), ngrams::counts(reference, n));
    Score::new(ngrams::common(&ours, &theirs), ngrams::total(&ours), ngrams::total(&theirs))
}

/// The length of the longest common sequence. Two rows of the table are enough for it.
fn common_len(left: &[&str], right: &[&str]) -> usize {
    let mut above = vec![0; right.len() + 1];
    let mut row = above.clone();
    for word in left {
        for (idx, other) in right.iter().enumerate() {
            let longest = if word == other { above[idx] + 1 } else { row[idx].max(above[idx + 1]) };
            row[idx + 1] = longest;
        }
        std::mem::swap(&mut above, &mut row);
    }
    above[right.len()]
}

/// Section 3.2 of the paper: the words of each line of the reference that are in a common sequence
/// with any line of the hypothesis. No word is counted more often than it stands in either text.
fn of_lines(hypothesis: &[Vec<String>], reference: &[Vec<String>]) -> Score {
    let (mut ours, mut theirs) = (word_counts(hypothesis), word_counts(reference));
    let (n_hypothesis, n_reference) = (ours.values().sum(), theirs.values().sum());
    let mut n_common = 0;
    for line in reference {
        for word in union(line, hypothesis) {
            let lefts = (ours.get_mut(word), theirs.get_mut(word));
            if let (Some(ours @ 1..), Some(theirs @ 1..)) = lefts {
                *ours -= 1;
                *theirs -= 1;
                n_common += 1;
            }
        }
    }
    Score::new(n_common, n_hypothesis, n_reference)
}

fn word_counts(lines: &[Vec<String>]) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    lines.iter().flatten().for_each(|word| *counts.entry(word.as_str()).or_default() += 1);
    counts
}

/// The words of a line that are in its longest common sequence with some other line.
fn union<'t>(line: &'t [String], others: &[Vec<String>]) -> impl Iterator<Item = &'t str> {
    let mut is_common = vec![false; line.len()];
    others.iter().for_each(|other| mark_common(line, other, &mut is_common));
    let words = line.iter().zip(is_common).filter(|(_, is_common)| *is_common);
    words.map(|(word, _)| word.as_str())
}

/// Marks the words of one longest common sequence. Of the table only the way back is kept, a bit a
/// cell, so that two texts without line breaks do not fill the memory.
fn mark_common(line: &[String], other: &[String], is_common: &mut [bool]) {
    let goes_left = ways_back(line, other);
    let (mut i, mut j) = (line.len(), other.len());
    while i > 0 && j > 0 {
        if line[i - 1] == other[j - 1] {
            is_common[i - 1] = true;
            (i, j) = (i - 1, j - 1);
        } else if goes_left.get(i - 1, j - 1) {
            j -= 1;
        } else {
            i -= 1;
        }
    }
}

/// Where the longer sequence lies to the left, for each pair of words.
fn ways_back(line: &[String], other: &[String]) -> Bits {
    let mut bits = Bits::new(line.len(), other.len());
    let mut above = vec![0_usize; other.len() + 1];
    let mut row = above.clone();
    for (i, word) in line.iter().enumerate() {
        for (j, theirs) in other.iter().enumerate() {
            let (left, up) = (row[j], above[j + 1]);
            row[j + 1] = if word == theirs { above[j] + 1 } else { left.max(up) };
            if left > up {
                bits.set(i, j);
            }
        }
        std::mem::swap(&mut above, &mut row);
    }
    bits
}

/// A table of flags.
struct Bits {
    n_cols: usize,
    words: Vec<u64>,
}

impl Bits {
    fn new(n_rows: usize, n_cols: usize) -> Self {
        Self { n_cols, words: vec![0; (n_rows * n_cols).div_ceil(64)] }
    }

    fn set(&mut self, row: usize, col: usize) {
        let at = row * self.n_cols + col;
        self.words[at / 64] |= 1 << (at % 64);
    }

    fn get(&self, row: usize, col: usize) -> bool {
        let at = row * self.n_cols + col;
        self.words[at / 64] & (1 << (at % 64)) != 0
    }
}
