//! HTML.

use super::Extracted;
use super::traced::Traced;
use crate::article::Span;

/// What a reader of the page sees.
pub fn read(page: &str) -> Extracted {
    let mut seen = Traced::new();
    let mut at = 0;
    for piece in page.split_inclusive('>') {
        let words = piece.split('<').next().unwrap_or_default();
        seen.push(words, Span::new(at, at + words.len()));
        at += piece.len();
    }
    Extracted { text: seen.text, map: seen.map, ..Extracted::default() }
}
