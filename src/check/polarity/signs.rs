//! Signs of a meaning in the words of a text, and holding two texts' signs together.
//!
//! A sign is firm where the other text must answer it (`never`), and loose where it may answer one
//! (`refuse`).

use super::words::Word;
use crate::article::Span;

/// Words that carry a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign {
    pub span: Span,
    pub firm: bool,
}

impl Sign {
    /// The sign that stands from word to word.
    pub fn over(words: &[Word], first: usize, end: usize, firm: bool) -> Self {
        let last = words[end.max(first + 1) - 1].span.end;
        Self { span: Span::new(words[first].span.start, last), firm }
    }
}

/// How many signs are firm, and how many are loose.
pub fn count(signs: &[Sign]) -> (usize, usize) {
    let firm = signs.iter().filter(|sign| sign.firm).count();
    (firm, signs.len() - firm)
}

/// The firm sign of `signs` that stands farthest from all firm ones of `others`, both texts taken
/// to be as long as each other.
pub fn loneliest(signs: &[Sign], around: Span, others: &[Sign], beside: Span) -> Option<Span> {
    let places: Vec<f64> =
        others.iter().filter(|sign| sign.firm).map(|sign| place(sign, beside)).collect();
    let alone = |sign: &Sign| {
        let own = place(sign, around);
        places.iter().map(|other| (own - other).abs()).fold(f64::INFINITY, f64::min)
    };
    let firm = signs.iter().filter(|sign| sign.firm);
    firm.max_by(|a, b| alone(a).total_cmp(&alone(b)).then(b.span.start.cmp(&a.span.start)))
        .map(|sign| sign.span)
}

fn place(sign: &Sign, around: Span) -> f64 {
    sign.span.start.saturating_sub(around.start) as f64 / around.len().max(1) as f64
}
