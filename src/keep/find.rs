//! Finds what must not change.

use std::sync::LazyLock;

use regex::Regex;

use crate::article::Span;
use crate::glossary::words::is_apostrophe;

/// A thing that must not change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub kind: Kind,
    /// As it stands in the text.
    pub text: String,
    pub span: Span,
}

/// What a kept thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Of the user.
    Term,
    /// With or without `https://`.
    Url,
    Email,
    /// `@redaction`
    Handle,
    /// `#Municipales2026`
    Hashtag,
    /// One or several in a row.
    Emoji,
    /// Name or path of a file.
    File,
    /// A word of a program: `max_value`, `run()`.
    Code,
}

/// All kept things of a text, in order and without overlap. Where two overlap, the one that begins
/// first counts, then the longer one; but a term of the user stands above all.
pub fn find(text: &str, terms: &[String]) -> Vec<Item> {
    let mut found = terms_in(text, terms);
    found.sort_by_key(|item| (item.span.start, std::cmp::Reverse(item.span.end)));
    let mut kept = in_order(found);
    let mut others: Vec<Item> =
        patterns_in(text).filter(|item| !kept.iter().any(|k| overlap(k, item))).collect();
    others.sort_by_key(|item| (item.span.start, std::cmp::Reverse(item.span.end)));
    kept.extend(in_order(others));
    kept.sort_by_key(|item| item.span);
    kept
}

fn overlap(a: &Item, b: &Item) -> bool {
    a.span.start < b.span.end && b.span.start < a.span.end
}

fn in_order(items: Vec<Item>) -> Vec<Item> {
    let mut end = 0;
    let mut is_free = |item: &Item| {
        let is_free = item.span.start >= end;
        end = if is_free { item.span.end } else { end };
        is_free
    };
    items.into_iter().filter(|item| is_free(item)).collect()
}

/// Endings of names of files.
const FILES: &str = "pdf|docx?|xlsx?|pptx?|odt|ods|txt|csv|tsv|json|jsonl|xml|html?|zip|gz|tar|\
    png|jpe?g|gif|svg|webp|mp3|mp4|avi|mov|epub|exe|dll|iso|apk|py|rs|js|ts|sh|sql|log|md|ya?ml|toml";
/// Endings of names of computers that no French word begins with after a stop.
const DOMAINS: &str = "com|fr|org|net|eu|info|gov|edu|uk|be|ch|ca|io|tv|paris|bzh";

/// Each pattern has its thing in the group `it`; what stands before it is looked at, not taken.
static PATTERNS: LazyLock<Vec<(Kind, Regex)>> = LazyLock::new(|| {
    let before = r#"(?:^|[\s(\[{<"'’«“„/,;:])"#;
    let emoji = emoji_pattern();
    let patterns = [
        (Kind::Url, r"\b(?P<it>(?i:https?://|ftp://|www\.)[^\s<>«»“”]+)".to_owned()),
        (Kind::Email, r"\b(?P<it>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)".to_owned()),
        (
            Kind::Url,
            format!(
                r"(?:^|[^\w@./-])(?P<it>[A-Za-z0-9](?:[\w-]*\.)+(?:{DOMAINS})\b(?:/[^\s<>«»“”]*)?)"
            ),
        ),
        (Kind::Handle, format!(r"{before}(?P<it>@\w{{2,}})")),
        (Kind::Hashtag, format!(r"(?:{before}|[.!?…])(?P<it>#\w*\p{{L}}\w*)")),
        (Kind::Emoji, format!(r"(?P<it>{emoji}(?:[ \u{{a0}}]?{emoji})*)")),
        (Kind::File, format!(r"(?:^|[^\w./@-])(?P<it>[\w][\w./\\-]*\.(?:{FILES}))\b")),
        (Kind::File, format!(r"{before}(?P<it>(?:~|\.{{1,2}})?(?:/[\w.-]+){{2,}}/?)")),
        (Kind::File, r"\b(?P<it>[A-Za-z]:\\[^\s<>«»“”]+)".to_owned()),
        (Kind::Code, r"(?P<it>`[^`\n]+`)".to_owned()),
        (Kind::Code, r"\b(?P<it>[A-Za-z]\w*(?:(?:::|_|->)\w+)+(?:\(\))?)".to_owned()),
        (Kind::Code, r"\b(?P<it>[A-Za-z_]\w*(?:\.\w+)*\(\))".to_owned()),
        (
            Kind::Code,
            format!(r"{before}(?P<it>--?[a-z][a-z0-9]*(?:-[a-z0-9]+)+=\S+|--[a-z][a-z-]+)"),
        ),
        (Kind::Code, r"\b(?P<it>v\d+(?:\.\d+)+|CVE-\d{4}-\d{4,})\b".to_owned()),
        (Kind::Code, r"\b(?P<it>\d{1,3}(?:\.\d{1,3}){3})\b".to_owned()),
    ];
    let compiled = |pattern: &str| Regex::new(pattern).expect("the pattern is fixed");
    patterns.iter().map(|(kind, pattern)| (*kind, compiled(pattern))).collect()
});

/// A flag, a keycap, or a picture with colour of skin, sign of colour, tags, and others that are
/// joined to it.
fn emoji_pattern() -> String {
    let picture = r"(?:[\p{Extended_Pictographic}--[©®™‼⁉ℹ↔]]\x{FE0F}?|[©®™‼⁉ℹ↔]\x{FE0F})";
    let one = format!(r"{picture}[\p{{EMod}}\x{{FE0F}}\x{{E0020}}-\x{{E007F}}]*");
    format!(r"(?:\p{{RI}}{{2}}|[0-9#*]\x{{FE0F}}?\x{{20E3}}|{one}(?:\x{{200D}}{one})*)")
}

fn patterns_in(text: &str) -> impl Iterator<Item = Item> {
    // Most sentences have none of the signs that each pattern needs.
    let is_plain = |c: char| c.is_alphanumeric() || c.is_whitespace() || ",;?!'’«»\"()".contains(c);
    let bare = text.chars().all(is_plain);
    let patterns = if bare { &[][..] } else { &PATTERNS[..] };
    patterns.iter().flat_map(move |(kind, pattern)| {
        let found = pattern.captures_iter(text).filter_map(|groups| groups.name("it"));
        found.filter_map(|it| item(text, *kind, trimmed(*kind, it.as_str()), it.start()))
    })
}

fn item(text: &str, kind: Kind, found: &str, start: usize) -> Option<Item> {
    let span = Span::new(start, start + found.len());
    // `et/ou.fr` inside a word is none.
    let goes_on = kind != Kind::Emoji && text[span.end..].starts_with(char::is_alphanumeric);
    (!found.is_empty() && !goes_on).then(|| Item { kind, text: found.to_owned(), span })
}

/// Without the stop of the sentence, and without a bracket that was opened before.
fn trimmed(kind: Kind, mut found: &str) -> &str {
    if !matches!(kind, Kind::Url | Kind::File | Kind::Email) {
        return found;
    }
    loop {
        let open = found.matches('(').count() >= found.matches(')').count();
        let end = |c: char| ".,;:!?…'’\"*]}".contains(c) || (c == ')' && !open);
        match found.strip_suffix(end) {
            Some(shorter) => found = shorter,
            None => return found,
        }
    }
}

fn terms_in(text: &str, terms: &[String]) -> Vec<Item> {
    terms
        .iter()
        .filter(|term| !term.trim().is_empty())
        .flat_map(|t| term_in(text, t.trim()))
        .collect()
}

/// Where a term stands as a word of its own, whatever kinds of apostrophes and blanks it has.
fn term_in(text: &str, term: &str) -> Vec<Item> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        match prefix_len(rest, term).filter(|len| is_word(text, at, at + len)) {
            Some(len) => {
                let span = Span::new(at, at + len);
                found.push(Item { kind: Kind::Term, text: span.of(text).to_owned(), span });
                at += len;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// How many bytes of the text are the term.
fn prefix_len(text: &str, term: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    for wanted in term.chars() {
        let (_, found) = chars.next()?;
        let same = found == wanted
            || (is_apostrophe(found) && is_apostrophe(wanted))
            || (found.is_whitespace() && wanted.is_whitespace());
        if !same {
            return None;
        }
    }
    Some(chars.offset())
}

fn is_word(text: &str, start: usize, end: usize) -> bool {
    let joins = |a: Option<char>, b: Option<char>| {
        a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
    };
    let (before, inside, after) = (&text[..start], &text[start..end], &text[end..]);
    !joins(before.chars().next_back(), inside.chars().next())
        && !joins(inside.chars().next_back(), after.chars().next())
}
