//! chrF (Popović, 2015) and chrF++ (2017): how many runs of one to six characters the hypothesis
//! and the reference share, recall counting twice as much as precision; chrF++ adds runs of one and
//! two words. Equal to sacrebleu.

use super::ngrams::{self, Counts};
use super::tokens::{is_blank, words};
use super::{Segment, VERSION, case, cased, nrefs, yes_no};

/// What is counted, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Capitals count for nothing.
    pub lowercase: bool,
    /// The longest run of characters.
    pub char_order: usize,
    /// The longest run of words; 0 in chrF, 2 in chrF++.
    pub word_order: usize,
    /// How much more recall counts than precision.
    pub beta: f64,
    /// Blanks are characters too.
    pub has_blanks: bool,
    /// A length of which there is no run lowers the score, as in the first program of that name;
    /// else it is left out.
    pub is_smoothed: bool,
}

impl Options {
    /// chrF: characters alone.
    pub fn chrf() -> Self {
        Self {
            lowercase: false,
            char_order: 6,
            word_order: 0,
            beta: 2.0,
            has_blanks: false,
            is_smoothed: false,
        }
    }

    /// chrF++: words too.
    pub fn chrf_pp() -> Self {
        Self { word_order: 2, ..Self::chrf() }
    }

    /// How these figures were counted, in the fields of sacrebleu.
    pub fn signature(&self, segments: &[Segment]) -> String {
        format!(
            "{}|{}|eff:{}|nc:{}|nw:{}|space:{}|{VERSION}",
            nrefs(segments),
            case(self.lowercase),
            yes_no(!self.is_smoothed),
            self.char_order,
            self.word_order,
            yes_no(self.has_blanks),
        )
    }
}

/// The score of all segments together, 0 to 100. It is no mean: the runs of all of them are
/// counted first.
pub fn corpus(segments: &[Segment], options: &Options) -> f64 {
    let mut sums = vec![Order::default(); options.char_order + options.word_order];
    for segment in segments {
        sums.iter_mut().zip(best(segment, options)).for_each(|(sum, order)| sum.add(order));
    }
    score(&sums, options)
}

/// The score of one segment, 0 to 100.
pub fn sentence(segment: &Segment, options: &Options) -> f64 {
    corpus(std::slice::from_ref(segment), options)
}

/// Runs of one length.
#[derive(Debug, Clone, Copy, Default)]
struct Order {
    n_hypothesis: usize,
    n_reference: usize,
    n_common: usize,
}

impl Order {
    fn of<T: std::hash::Hash + Eq>(hypothesis: &Counts<T>, reference: &Counts<T>) -> Self {
        Self {
            // A length that the reference lacks counts for nothing.
            n_hypothesis: if reference.is_empty() { 0 } else { ngrams::total(hypothesis) },
            n_reference: ngrams::total(reference),
            n_common: ngrams::common(hypothesis, reference),
        }
    }

    fn add(&mut self, other: Self) {
        self.n_hypothesis += other.n_hypothesis;
        self.n_reference += other.n_reference;
        self.n_common += other.n_common;
    }

    fn precision_and_recall(self) -> (f64, f64) {
        let share = |of: usize| if of > 0 { self.n_common as f64 / of as f64 } else { EPSILON };
        (share(self.n_hypothesis), share(self.n_reference))
    }
}

const EPSILON: f64 = 1e-16;

/// A text, cut for counting.
struct Runs {
    chars: Vec<char>,
    words: Vec<String>,
}

impl Runs {
    fn of(text: &str, options: &Options) -> Self {
        let text = cased(text, options.lowercase);
        let chars = text.chars().filter(|&c| options.has_blanks || !is_blank(c)).collect();
        let words = if options.word_order > 0 { bare_words(&text) } else { Vec::new() };
        Self { chars, words }
    }

    fn counts(&self, options: &Options) -> (Vec<Counts<'_, char>>, Vec<Counts<'_, String>>) {
        let chars = (1..=options.char_order).map(|n| ngrams::counts(&self.chars, n));
        let words = (1..=options.word_order).map(|n| ngrams::counts(&self.words, n));
        (chars.collect(), words.collect())
    }
}

/// The words, with one mark parted from the end of each, or else from its beginning.
fn bare_words(text: &str) -> Vec<String> {
    let parted = |word: &str| -> Vec<String> {
        let mut chars = word.chars();
        let (first, last) = (chars.next(), chars.next_back());
        let is_mark = |c: Option<char>| c.is_some_and(|c| c.is_ascii_punctuation());
        match last {
            None => vec![word.into()],
            Some(last) if is_mark(Some(last)) => {
                vec![word[..word.len() - last.len_utf8()].into(), last.into()]
            }
            Some(_) if is_mark(first) => vec![word[..1].into(), word[1..].into()],
            Some(_) => vec![word.into()],
        }
    };
    words(text).into_iter().flat_map(parted).collect()
}

/// The counts against the reference with the highest score, the first of equals.
fn best(segment: &Segment, options: &Options) -> Vec<Order> {
    let hypothesis = Runs::of(segment.hypothesis, options);
    let (chars, words) = hypothesis.counts(options);
    let mut best = (-1.0, Vec::new());
    for reference in &segment.references {
        let reference = Runs::of(reference, options);
        let (their_chars, their_words) = reference.counts(options);
        let chars = chars.iter().zip(&their_chars).map(|(ours, theirs)| Order::of(ours, theirs));
        let words = words.iter().zip(&their_words).map(|(ours, theirs)| Order::of(ours, theirs));
        let orders: Vec<Order> = chars.chain(words).collect();
        let score = score(&orders, options);
        if score > best.0 {
            best = (score, orders);
        }
    }
    best.1
}

fn score(orders: &[Order], options: &Options) -> f64 {
    let weight = options.beta * options.beta;
    100.0 * if options.is_smoothed { smoothed(orders, weight) } else { effective(orders, weight) }
}

fn f_score(precision: f64, recall: f64, weight: f64) -> f64 {
    (1.0 + weight) * precision * recall / (weight * precision + recall)
}

/// The mean of the scores of all lengths.
fn smoothed(orders: &[Order], weight: f64) -> f64 {
    let of_order = |order: &Order| {
        let (precision, recall) = order.precision_and_recall();
        if precision + recall > 0.0 { f_score(precision, recall, weight) } else { EPSILON }
    };
    orders.iter().map(of_order).sum::<f64>() / orders.len().max(1) as f64
}

/// The score of the mean precision and recall, over the lengths that both sides have.
fn effective(orders: &[Order], weight: f64) -> f64 {
    let shared = orders.iter().filter(|order| order.n_hypothesis > 0 && order.n_reference > 0);
    let (mut n, mut precision, mut recall) = (0.0, 0.0, 0.0);
    for (p, r) in shared.map(|order| order.precision_and_recall()) {
        n += 1.0;
        precision += p;
        recall += r;
    }
    if precision + recall > 0.0 { f_score(precision / n, recall / n, weight) } else { 0.0 }
}
