//! Sentences, as byte ranges of a text.
//!
//! `sentencex` finds the boundaries; what French news needs beyond it is mended here, with the
//! word lists in `sentence/`.

use crate::article::Span;
use crate::clean::is_blank;

/// The sentences of `text`, in order, without the blanks around them. Every character that shows
/// is in exactly one.
pub fn split(text: &str, language: &str) -> Vec<Span> {
    let code = if language == "unknown" { "fr" } else { language };
    let found = sentencex::get_sentence_boundaries(code, text);
    let mut cuts: Vec<usize> = found.iter().map(|b| b.end_byte).collect();
    cuts.retain(|&cut| cut > 0 && cut < text.len() && text.is_char_boundary(cut));
    cuts.sort_unstable();
    cuts.dedup();
    pieces(text, &cuts)
}

fn pieces(text: &str, cuts: &[usize]) -> Vec<Span> {
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain(std::iter::once(text.len()));
    starts
        .zip(ends)
        .map(|(start, end)| trimmed(text, start, end))
        .filter(|s| !s.is_empty())
        .collect()
}

fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let piece = &text[start..end];
    let head = piece.len() - piece.trim_start_matches(is_blank).len();
    let tail = piece.trim_end_matches(is_blank).len();
    Span::new(start + head, start + tail)
}
