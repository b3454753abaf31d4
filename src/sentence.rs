//! Sentences, as byte ranges of a text.
//!
//! `sentencex` finds the boundaries. What French news needs beyond it is mended here: titles and
//! initials before a name (`M. Soyer`, `J.-P. Roy`, `av. J.-C.`) end no sentence, and quotation
//! marks stay with the sentence they close or open. `sentence/abbreviations.txt` has the words.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::article::Span;
use crate::clean::is_blank;

/// The sentences of `text`, in order, without the blanks around them. Every character that shows
/// is in exactly one. An unknown language is split as French.
pub fn split(text: &str, language: &str) -> Vec<Span> {
    let code = if language == "unknown" { "fr" } else { language };
    let found = sentencex::get_sentence_boundaries(code, text);
    let mended = found.iter().map(|boundary| with_quotes(text, boundary.end_byte));
    let mut cuts: Vec<usize> = mended.filter(|&cut| is_boundary(text, cut)).collect();
    cuts.sort_unstable();
    cuts.dedup();
    pieces(text, &cuts)
}

/// Moves a cut behind a closing mark, or before an opening one.
fn with_quotes(text: &str, cut: usize) -> usize {
    let Some((before, after)) = text.split_at_checked(cut) else { return cut };
    let opening = before.trim_end();
    if opening.ends_with(['«', '“']) {
        return opening.len() - if opening.ends_with('«') { 2 } else { 3 };
    }
    let mark = after.trim_start();
    let at = text.len() - mark.len();
    let lone =
        |c: char| mark.strip_prefix(c).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let odd = before.matches('"').count() % 2 == 1;
    match () {
        () if lone('»') || lone('”') => at + mark.chars().next().map_or(0, char::len_utf8),
        () if lone('"') && odd => at + 1,
        () => cut,
    }
}

fn is_boundary(text: &str, cut: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(cut) else { return false };
    let (head, next) = (before.trim_end_matches(is_blank), after.trim_start_matches(is_blank));
    // `J.-P.` and `J.-C.` are cut at their hyphen.
    let joined = next.starts_with('-') && head.len() == cut && next.len() == after.len();
    !joined && !head.is_empty() && !next.is_empty() && !ends_in_abbreviation(head, next)
}

fn ends_in_abbreviation(head: &str, next: &str) -> bool {
    let Some(head) = head.strip_suffix('.') else { return false };
    let last =
        head.rsplit(|c: char| is_blank(c) || matches!(c, '(' | '«' | '"' | '\'' | '’' | '/'));
    let last = last.into_iter().next().unwrap_or_default();
    let lower = next.starts_with(char::is_lowercase);
    // `J.-C.` may end a sentence: only a small letter behind it says that it does not.
    let era = last == "J.-C" && lower;
    era || is_initials(last) || (ABBREVIATIONS.contains(last) && (lower || is_title(last, next)))
}

/// Before a name, or before a number.
fn is_title(word: &str, next: &str) -> bool {
    let begins = |test: fn(char) -> bool| next.starts_with(test);
    begins(|c| c.is_ascii_digit())
        || (word.starts_with(char::is_uppercase) && begins(char::is_uppercase))
}

/// `J`, `J.-P`, `C.L`: never the end of a sentence of news, save in eras and signatures.
fn is_initials(word: &str) -> bool {
    let mut letters = word.split(['.', '-']).filter(|piece| !piece.is_empty());
    word != "J.-C"
        && !word.is_empty()
        && letters.all(|piece| {
            let mut chars = piece.chars();
            chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
        })
}

static ABBREVIATIONS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("sentence/abbreviations.txt").lines();
    lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

fn pieces(text: &str, cuts: &[usize]) -> Vec<Span> {
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain(std::iter::once(text.len()));
    let spans = starts.zip(ends).map(|(start, end)| trimmed(text, start, end));
    spans.filter(|span| !span.is_empty()).collect()
}

fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let piece = text.get(start..end).unwrap_or_default();
    let head = piece.len() - piece.trim_start_matches(is_blank).len();
    Span::new(start + head, start + piece.trim_end_matches(is_blank).len())
}
