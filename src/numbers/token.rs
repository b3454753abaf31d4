//! Text cut into figures, words and signs.

use std::sync::LazyLock;

use regex::Regex;

use super::lexicon::{Lexicon, Word, fold};
use crate::article::Span;

/// A run of letters, of figures with their separators, or one sign such as `%`.
#[derive(Debug, Clone)]
pub struct Token<'t> {
    pub text: &'t str,
    /// Lower case without accents; a single letter keeps its case.
    pub folded: String,
    pub span: Span,
    pub gap: Gap,
    pub is_figures: bool,
    /// What the word means for a number.
    pub word: Option<Word>,
}

/// What stands between a token and the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    Nothing,
    Space,
    Hyphen,
    Apostrophe,
    /// A comma, a bracket, the end of a sentence, ...
    Break,
}

static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    // A word boundary of Unicode would keep the regex from its fast automaton.
    let address = r"(?:https?://|www\.)\S+";
    let grouped = r"[0-9]{1,3}(?:[ \u{a0}\u{202f}\u{2009}'’][0-9]{3})+(?:[.,][0-9]+)?(?-u:\b)";
    // Sloppy text writes `0, 5 %`.
    let spaced = r"(?-u:\b)0, [0-9]+";
    let figures = r"[.,]?[0-9]+(?:[.,][0-9]+)*";
    let word = r"\p{L}[\p{L}\p{M}]*";
    let sign = r"[%‰$€£¥°℃½⅓⅔¼¾⅛⅜⅝⅞⅙⅕²³/\[\]]";
    let pattern = format!("{address}|{grouped}|{spaced}|{figures}|{word}|{sign}");
    Regex::new(&pattern).expect("the pattern is fixed")
});

/// The tokens of a text in order. Web addresses are left out.
pub fn split<'t>(text: &'t str, lexicon: &Lexicon) -> Vec<Token<'t>> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 6);
    let mut end = 0;
    for found in TOKEN.find_iter(text) {
        if is_address(found.as_str()) {
            continue;
        }
        let mut token = token(found, lexicon);
        token.gap = match tokens.last() {
            None => Gap::Break,
            Some(last) => gap_behind(last, &text[end..token.span.start], lexicon),
        };
        end = token.span.end;
        tokens.push(token);
        if let Some(point) = ordinal_point(text, &tokens, lexicon) {
            end = point.span.end;
            tokens.push(point);
        }
    }
    tokens
}

fn is_address(text: &str) -> bool {
    text.starts_with("www.") || text.starts_with("http") && text.contains(':')
}

fn token<'t>(found: regex::Match<'t>, lexicon: &Lexicon) -> Token<'t> {
    let (mut text, mut start) = (found.as_str(), found.start());
    // `.08` is a number, but the point of `No.5` and the comma of `a,5` are not of it.
    let is_open = text.starts_with(['.', ',']) && (text.starts_with(',') || start == 0);
    if is_open && start > 0 {
        (text, start) = (&text[1..], start + 1);
    }
    let is_figures = text.contains(|c: char| c.is_ascii_digit());
    let folded = if is_figures { text.to_string() } else { fold(text) };
    let word = if is_figures { None } else { lexicon.word(&folded) };
    let span = Span::new(start, found.end());
    Token { text, folded, span, gap: Gap::Break, is_figures, word }
}

/// The gap behind a token; the point of `3 Mio. Euro` is no end of a sentence.
fn gap_behind(last: &Token, between: &str, lexicon: &Lexicon) -> Gap {
    let is_short = || between.trim_end() == "." && lexicon.lists("abbreviation", &last.folded);
    match gap(between) {
        Gap::Break if is_short() => Gap::Space,
        gap => gap,
    }
}

/// The point of `im 21. Jahrhundert`, as a suffix of the figures that stand last: only behind a
/// word such as `im`, for any number may end a sentence.
fn ordinal_point<'t>(text: &'t str, tokens: &[Token], lexicon: &Lexicon) -> Option<Token<'t>> {
    let [.., lead, number] = tokens else { return None };
    let start = number.span.end;
    let is_short = number.is_figures && number.text.len() <= 2 && number.gap == Gap::Space;
    let after = text.get(start..).filter(|_| is_short)?.strip_prefix('.')?;
    let is_open = after.strip_prefix([' ', '\u{a0}', '\u{202f}'])?.starts_with(char::is_alphabetic);
    let is_ordinal = is_open && lexicon.lists("ordinal-lead", &lead.folded);
    let span = Span::new(start, start + 1);
    let (text, folded, gap) = (&text[start..start + 1], ".".into(), Gap::Nothing);
    is_ordinal.then_some(Token { text, folded, span, gap, is_figures: false, word: None })
}

fn gap(between: &str) -> Gap {
    let is_hyphen = |c: char| matches!(c, '-' | '‐' | '‑' | '–' | '−');
    let mut inner = between.chars();
    match (inner.next(), inner.next()) {
        (None, _) => Gap::Nothing,
        (Some(c), None) if is_hyphen(c) => Gap::Hyphen,
        (Some('\'' | '’'), None) => Gap::Apostrophe,
        _ if between.contains("\n\n") => Gap::Break,
        _ if between.chars().all(char::is_whitespace) => Gap::Space,
        _ => Gap::Break,
    }
}
