//! Signs of a meaning in the words of a text, and holding two texts' signs together.
//!
//! A firm sign must be answered by the other text (`never`), a loose one may answer it (`refuse`).

use super::words::Word;
use crate::article::Span;

/// How much a sign asks for an answer, and is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Must be answered.
    Firm,
    /// Asks for an answer with less weight.
    Asking,
    /// Answers.
    Loose,
    /// May answer.
    Remote,
}

/// Words that carry a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sign {
    pub first: usize,
    pub end: usize,
    pub weight: Weight,
    pub span: Span,
}

impl Sign {
    /// The sign that stands from word to word.
    pub fn over(words: &[Word], first: usize, end: usize, weight: Weight) -> Self {
        let last = words[end.max(first + 1) - 1].span.end;
        Self { first, end, weight, span: Span::new(words[first].span.start, last) }
    }

    /// Whether it asks for an answer.
    pub fn asks(&self) -> bool {
        self.weight <= Weight::Asking
    }
}

/// How many signs have that weight.
pub fn count(signs: &[Sign], weight: Weight) -> usize {
    signs.iter().filter(|sign| sign.weight == weight).count()
}

/// The asking sign of `signs` that stands farthest from all asking ones of `others`, both texts taken
/// to be as long as each other.
pub fn loneliest(signs: &[Sign], around: Span, others: &[Sign], beside: Span) -> Option<Span> {
    let places: Vec<f64> =
        others.iter().filter(|sign| sign.asks()).map(|sign| place(sign, beside)).collect();
    let alone = |sign: &Sign| {
        let own = place(sign, around);
        places.iter().map(|other| (own - other).abs()).fold(f64::INFINITY, f64::min)
    };
    let asking = signs.iter().filter(|sign| sign.asks());
    asking
        .max_by(|a, b| alone(a).total_cmp(&alone(b)).then(b.span.start.cmp(&a.span.start)))
        .map(|sign| sign.span)
}

fn place(sign: &Sign, around: Span) -> f64 {
    sign.span.start.saturating_sub(around.start) as f64 / around.len().max(1) as f64
}
