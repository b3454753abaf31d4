//! How a text begins and ends, and how its marks and capitals are set.

use std::sync::LazyLock;

use regex::Regex;

use super::super::Finding;
use super::super::polarity::words::Word;
use super::n_letters;
use crate::article::Span;

/// Nothing ends on these: what follows them was cut off.
const OPEN_EN: &[&str] = &[
    "the", "a", "an", "of", "and", "or", "nor", "than", "from", "whose", "because", "if", "our",
    "their", "its", "your", "my", "into", "onto", "upon", "during", "between", "among", "per",
    "via", "every", "with", "at", "to", "is", "are", "was", "were", "has", "have", "had", "will",
    "would", "could", "should", "by", "for", "which", "as",
];
const OPEN_FR: &[&str] = &[
    "le", "la", "les", "un", "une", "des", "du", "de", "d'", "l'", "et", "ou", "à", "au", "aux",
    "dans", "pour", "par", "sur", "avec", "que", "qu'", "qui", "dont", "son", "sa", "ses", "leur",
    "leurs", "ce", "cette", "ces", "est", "sont", "a", "ont", "ne", "n'", "en", "chez", "entre",
    "sous", "vers", "si",
];
/// Even a full stop behind these ends nothing.
const NEVER_LAST_EN: &[&str] = &[
    "the", "a", "an", "and", "or", "nor", "than", "whose", "because", "our", "their", "your", "my",
    "every", "its", "during",
];
const NEVER_LAST_FR: &[&str] = &[
    "le", "la", "les", "un", "une", "des", "du", "de", "d'", "l'", "et", "ou", "aux", "dans",
    "dont", "ses", "leurs", "cette", "ces", "ne",
];
/// Without its stop, a text with fewer of the letters of its source was cut off.
const SHORT_RATIO: f64 = 0.75;

/// What is wrong at the end of the target.
pub fn end(source: &str, target: &str, words: &[Word], lang: &str) -> Option<Finding> {
    let last = words.iter().rposition(Word::is_word)?;
    // Of other languages there are no lists: the `an` of `er kam an` ends a sentence well.
    let open: (&[&str], &[&str]) = match lang {
        "fr" => (OPEN_FR, NEVER_LAST_FR),
        "en" => (OPEN_EN, NEVER_LAST_EN),
        _ => (&[], &[]),
    };
    let word = words[last].text.as_str();
    let stops = has_stop(target);
    if has_stop(source) && !stops {
        let message = format!("stops behind `{}` before its end", words[last].span.of(target));
        let ratio = n_letters(target) as f64 / n_letters(source).max(1) as f64;
        let cut = open.0.contains(&word) || ratio < SHORT_RATIO;
        let finding = if cut { Finding::error("cut-off", message) } else { missing_stop() };
        return Some(finding.in_target(words[last].span));
    }
    let small = !words[last].span.of(target).starts_with(char::is_uppercase);
    (stops && small && open.1.contains(&word)).then(|| {
        let message = format!("ends on `{word}`");
        Finding::warning("cut-off", message).in_target(words[last].span)
    })
}

fn missing_stop() -> Finding {
    Finding::note("form", "the last stop is missing".into())
}

const CLOSING: [char; 12] =
    ['"', '»', '”', '’', '\'', ')', ']', ' ', '\u{a0}', '\u{202f}', '*', '“'];

/// Whether the last mark ends a sentence, be it by dots.
fn has_stop(text: &str) -> bool {
    let end = text.trim_end().trim_end_matches(CLOSING);
    end.ends_with(['.', '!', '?', '…', ':', ';'])
}

/// A question that became a statement, or the reverse.
pub fn question(source: &str, target: &str) -> Option<Finding> {
    let asks = |text: &str| text.trim_end().trim_end_matches(CLOSING).ends_with('?');
    let any = |text: &str| text.contains('?');
    let message = if asks(source) && !any(target) {
        "the source asks, this does not"
    } else if asks(target) && !any(source) {
        "asks, the source does not"
    } else {
        return None;
    };
    Some(Finding::warning("form", message.into()))
}

/// Capitals that were lost.
pub fn capitals(source: &str, target: &str) -> Option<Finding> {
    let n_upper = |text: &str| text.chars().filter(|c| c.is_uppercase()).count();
    let first = |text: &str| text.chars().find(|c| c.is_alphanumeric());
    let first_upper = |text: &str| first(text).is_some_and(char::is_uppercase);
    // A capital at the beginning may be gone with good reason, e.g. for a figure.
    if n_upper(source) > 1 && n_upper(target) == 0 && n_letters(target) >= 10 {
        return Some(Finding::warning("form", "has no capital letters".into()));
    }
    let lost = first_upper(source) && first(target).is_some_and(char::is_lowercase);
    lost.then(|| Finding::note("form", "begins with a small letter".into()))
}

/// Marks that are doubled, mid-sentence, or apart from their word.
static MARKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[,;:]\s?[,;:.!?]|[.!?][,;:]|[^.]\.\.(?:$|[^.])|[!?]\s+\p{Ll}|\p{Ll}{3,}\. \p{Ll}{2,}|\p{L}[~@^_|]|[~@^]\p{L}|\b(?:a|an|the|of)[.;:!?] \p{L}")
        .expect("the pattern is fixed")
});
static APART: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\w [.,;:!?](?:\s|$)").expect("the pattern is fixed"));
/// French sets a space before the high marks.
static APART_FR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\w [.,](?:\s|$)").expect("the pattern is fixed"));

/// Marks of the target that are set as no one sets them.
pub fn marks(source: &str, target: &str, lang: &str) -> Vec<Finding> {
    let apart = if lang == "fr" { &APART_FR } else { &APART };
    let mut findings = Vec::new();
    if let Some(found) = apart.find(target).filter(|_| !APART_FR.is_match(source)) {
        let at = Span::new(found.start(), found.end());
        findings.push(Finding::note("form", "a space before a mark".into()).in_target(at));
    }
    let wrong = MARKS.find_iter(target).count() > MARKS.find_iter(source).count();
    if let Some(found) = MARKS.find(target).filter(|_| wrong) {
        let message = format!("the marks in `{}`", found.as_str().trim());
        let at = Span::new(found.start(), found.end());
        findings.push(Finding::note("form", message).in_target(at));
    }
    findings
}
