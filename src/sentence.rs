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
    let mut cuts: Vec<usize> = windows(text)
        .flat_map(|window| {
            let inner =
                cuts_of(window.of(text), code).into_iter().map(move |cut| window.start + cut);
            inner.chain(std::iter::once(window.end))
        })
        .collect();
    cuts.dedup();
    pieces(text, &cuts)
}

/// `sentencex` takes time by the square of a paragraph's length. No sentence is longer than this,
/// so a longer text is read in parts.
const MAX_WINDOW_BYTES: usize = 16 * 1024;

fn windows(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let end = start + window_len(rest);
        let window = Span::new(start, end);
        start = end;
        Some(window)
    })
}

fn window_len(text: &str) -> usize {
    if text.len() <= MAX_WINDOW_BYTES {
        return text.len();
    }
    let most = text.floor_char_boundary(MAX_WINDOW_BYTES);
    let stop = text[..most].rfind(". ").map(|at| at + 1);
    stop.or_else(|| text[..most].rfind(' ')).filter(|&at| at > 0).unwrap_or(most)
}

/// Where sentences end in a text of moderate length, in order.
fn cuts_of(text: &str, code: &str) -> Vec<usize> {
    let found = sentencex::get_sentence_boundaries(code, text);
    let found = found.iter().map(|boundary| with_quotes(text, boundary.end_byte));
    let mut cuts: Vec<usize> = found.filter(|&cut| is_boundary(text, cut)).collect();
    cuts.extend(after_ellipses(text));
    cuts.sort_unstable();
    cuts.dedup();
    cuts
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
    let odd = || before.matches('"').count() % 2 == 1;
    match () {
        () if lone('»') || lone('”') => at + mark.chars().next().map_or(0, char::len_utf8),
        () if lone('"') && odd() => at + 1,
        () => cut,
    }
}

/// `sentencex` reads on after `…` and `etc.`; before a capital and outside quotations they end a
/// sentence.
fn after_ellipses(text: &str) -> impl Iterator<Item = usize> {
    let (mut depth, mut open) = (0_i32, false);
    text.char_indices().filter_map(move |(at, c)| {
        match c {
            '«' | '“' | '(' => depth += 1,
            '»' | '”' | ')' => depth -= 1,
            '"' => open = !open,
            _ => {}
        }
        let cut = at + c.len_utf8();
        let next = text.get(cut..)?.strip_prefix([' ', '\u{a0}'])?;
        let trails = c == '…' || (c == '.' && text[..cut].ends_with(" etc."));
        (trails && depth <= 0 && !open && next.starts_with(char::is_uppercase)).then_some(cut)
    })
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
    era || is_enumerator(head, last)
        || is_initials(last)
        || (ABBREVIATIONS.contains(last) && (lower || is_title(last, next)))
}

/// The number of an item in a run-on list: `: 1. Le calendrier. 2. Les quotas.`
fn is_enumerator(head: &str, word: &str) -> bool {
    let number = (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    let before = head[..head.len() - word.len()].trim_end();
    number && (before.is_empty() || before.ends_with([':', '.', ';', ',']))
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
