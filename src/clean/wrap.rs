//! Lines that were broken at a fixed width, put together again.
//!
//! Mail, wire copy and the text of PDF files come so. Where a writer broke a line the next word
//! would have fitted; where a program did it would not. The pairs of lines of which the second goes
//! on in lower case show how far the lines of this text reach, and that is then asked of the other
//! pairs: titles, bylines, list items, verses and the last lines of paragraphs end short of it.

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::normalise::is_blank;
use crate::article::{Hint, Span};

/// Narrower text is a list or a verse; wider is not broken at all.
const WIDTHS: RangeInclusive<usize> = 40..=112;
/// Share of the pairs of lines that go on in lower case: two of three do in prose.
const MIN_SHARE: f64 = 0.3;
/// How far the lines of wrapped text reach at least, as a share of the longest: proportional type
/// and words of many letters leave gaps.
const MIN_REACH: f64 = 0.75;
/// So many of the pairs that go on may reach less far: last lines before a title in lower case.
const STRAYS: usize = 12;

/// A paragraph: one line or several, and the breaks inside words that are no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// From the first line to the last.
    pub span: Span,
    /// Line breaks inside words, with their hyphen where it is not of the word.
    pub broken: Vec<Span>,
}

impl From<Span> for Paragraph {
    fn from(span: Span) -> Self {
        Self { span, broken: Vec::new() }
    }
}

/// A physical line.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    span: Span,
    /// Without the blanks around it.
    text: &'t str,
    /// Where `text` begins.
    start: usize,
    /// In letters, with the blanks before it.
    width: usize,
    indent: usize,
}

impl<'t> Line<'t> {
    fn new(source: &'t str, span: Span) -> Self {
        let found = span.of(source).trim_end_matches(is_blank);
        let text = found.trim_start_matches(is_blank);
        let (indent, _) = found.split_at(found.len() - text.len());
        let start = span.start + indent.len();
        Self { span, text, start, width: width(found), indent: width(indent) }
    }

    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn first_word(&self) -> &'t str {
        self.text.split(is_blank).next().unwrap_or_default()
    }

    fn goes_on_as(&self, next: &Self) -> bool {
        let open =
            self.text.ends_with(|c: char| c.is_alphanumeric() || HYPHENS.contains(&c) || c == ',');
        open && self.text.contains(' ') && next.text.starts_with(char::is_lowercase)
    }

    /// How wide it would be with the next word.
    fn reach(&self, next: &Self) -> usize {
        self.width + 1 + width(next.first_word())
    }

    /// A line with tabs or bars inside, which two rows of a table have, however long.
    fn is_row(&self) -> bool {
        self.text.contains(['|', '\t'])
    }

    fn is_closed(&self) -> bool {
        self.text.ends_with(['.', '!', '?', '…', ':', ';', '»', '"', '”', ')'])
    }

    /// `- Un point`, `• un point`, `2. Un point`; not `– élu en 2020 –`.
    fn is_item(&self) -> bool {
        let Some((mark, rest)) = self.text.split_once(' ') else { return false };
        let number = mark
            .strip_suffix(['.', ')'])
            .is_some_and(|n| (1..=2).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
        match mark {
            "•" | "*" | "▪" | "●" | "■" | "·" | "o" => true,
            "-" | "–" | "—" => !rest.starts_with(char::is_lowercase),
            _ => number && rest.starts_with(char::is_uppercase),
        }
    }

    /// A small word with a capital: between names it has none.
    fn opens_sentence(&self) -> bool {
        let word = self.text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        OPENERS.contains(&word)
    }
}

/// Letters as they show, so that a text with its accents apart is as wide as one without.
fn width(text: &str) -> usize {
    let shows = |c: char| (c.is_whitespace() || !is_blank(c)) && canonical_combining_class(c) == 0;
    text.chars().filter(|&c| matches!(c, ' '..='~') || shows(c)).count()
}

const HYPHENS: [char; 2] = ['-', '\u{2010}'];
const SOFT_HYPHEN: char = '\u{AD}';
const OPENERS: [&str; 24] = [
    "Le", "La", "Les", "L", "Un", "Une", "Des", "Du", "Ce", "Cet", "Cette", "Ces", "Il", "Elle",
    "Ils", "Elles", "On", "En", "Au", "Dans", "Selon", "Après", "Pour", "C",
];

/// The paragraphs of groups of lines, and whether the text was wrapped.
pub fn unwrap(text: &str, groups: &[Vec<Span>], hints: &[Hint]) -> (Vec<Paragraph>, bool) {
    if groups.iter().all(|group| group.len() < 2) {
        return (groups.iter().flatten().map(|&span| span.into()).collect(), false);
    }
    let groups: Vec<Vec<Line>> = groups
        .iter()
        .map(|group| group.iter().map(|&span| Line::new(text, span)).collect())
        .collect();
    let Some(profile) = Profile::of(&groups) else {
        return (groups.iter().flatten().map(|line| line.span.into()).collect(), false);
    };
    let breaks = Breaks { text, words: OnceWords::default() };
    let joined = |group: &Vec<Line>| profile.paragraphs(group, &breaks, hints);
    let paragraphs: Vec<Paragraph> = groups.iter().flat_map(joined).collect();
    let wrapped = paragraphs.len() < groups.iter().map(Vec::len).sum();
    (paragraphs, wrapped)
}

/// How the lines of a text are filled.
#[derive(Debug, Clone, Copy)]
struct Profile {
    /// The longest line that goes on.
    width: usize,
    /// How wide a line that goes on would be at least with the next word.
    reach: usize,
}

impl Profile {
    /// The profile of a text that is wrapped.
    fn of(groups: &[Vec<Line>]) -> Option<Self> {
        let pairs = || groups.iter().flat_map(|group| group.windows(2)).filter_map(pair);
        let going_on = || pairs().filter(|(line, next)| line.goes_on_as(next));
        let mut reaches: Vec<usize> = going_on().map(|(line, next)| line.reach(next)).collect();
        reaches.sort_unstable();
        let (n_pairs, n_on) = (pairs().count(), reaches.len());
        let profile = Self {
            width: going_on().map(|(line, _)| line.width).max()?,
            reach: *reaches.get(n_on / STRAYS)?,
        };
        // One pair alone may be a title and its byline.
        let enough = n_on >= 2 || (n_pairs == 2 && pairs().all(|(l, n)| profile.is_full(l, n)));
        let wrapped = enough
            && n_on as f64 >= MIN_SHARE * n_pairs as f64
            && WIDTHS.contains(&profile.width)
            && profile.reach as f64 >= MIN_REACH * profile.width as f64;
        wrapped.then_some(profile)
    }

    /// Whether the next word would not have fitted; a line much longer than the others was not
    /// broken at all.
    fn is_full(&self, line: &Line, next: &Line) -> bool {
        line.reach(next) >= self.reach && line.width <= self.width + self.width / 10
    }

    fn paragraphs(&self, group: &[Line], breaks: &Breaks, hints: &[Hint]) -> Vec<Paragraph> {
        let mut paragraphs: Vec<Paragraph> = Vec::new();
        for (idx, line) in group.iter().enumerate() {
            let before = idx.checked_sub(1).and_then(|before| group.get(before));
            match (before, paragraphs.last_mut()) {
                (Some(before), Some(paragraph))
                    if !is_parted(before, line, hints) && self.joins(group, idx - 1) =>
                {
                    paragraph.span.end = line.span.end;
                    paragraph.broken.extend(breaks.inside_word(before, line));
                }
                _ => paragraphs.push(line.span.into()),
            }
        }
        paragraphs
    }

    /// Whether the line at `idx` goes on in the one behind it.
    fn joins(&self, group: &[Line], idx: usize) -> bool {
        let Some((line, next)) = group.get(idx..idx + 2).and_then(pair) else { return false };
        let small = next.text.starts_with(char::is_lowercase);
        let indented = next.indent > line.indent + 1 && !small;
        // No line of a paragraph is short and unclosed with a new sentence behind it.
        let fragment = group.get(idx + 2).is_some_and(|after| {
            let new = !after.text.starts_with(char::is_lowercase);
            new && !next.is_closed() && !self.is_full(next, after)
        });
        // A headline above a sentence, or above a byline, without a blank line between.
        let headline = idx == 0 && !line.is_closed() && (fragment || next.opens_sentence());
        let intertitle = line.is_closed() && fragment;
        self.is_full(line, next) && !indented && !next.is_item() && !headline && !intertitle
    }
}

/// Two lines that may be of one paragraph; rows of a table are not.
fn pair<'l, 't>(pair: &'l [Line<'t>]) -> Option<(&'l Line<'t>, &'l Line<'t>)> {
    let [line, next] = pair else { return None };
    (!line.is_row() || !next.is_row()).then_some((line, next))
}

/// Whether the markup begins something new with the second line.
fn is_parted(line: &Line, next: &Line, hints: &[Hint]) -> bool {
    let first = hints.partition_point(|hint| hint.span.start <= line.span.start);
    hints.get(first).is_some_and(|hint| hint.span.start < next.span.end)
}

type OnceWords = std::cell::OnceCell<HashSet<String>>;

/// Which line breaks are inside words.
struct Breaks<'t> {
    text: &'t str,
    /// The words of the text in lower case, hyphens inside; read when first needed.
    words: OnceWords,
}

impl Breaks<'_> {
    /// The break between two lines, where it stands inside a word.
    fn inside_word(&self, line: &Line, next: &Line) -> Option<Span> {
        let soft = self.text.get(line.end()..)?.starts_with(SOFT_HYPHEN);
        let head = if soft { line.text } else { line.text.strip_suffix(HYPHENS)? };
        let inside = head.ends_with(is_letter) && next.text.starts_with(is_letter);
        let of_word = !soft && self.is_compound(head, next.text);
        let from = if of_word { line.end() } else { line.start + head.len() };
        inside.then(|| Span::new(from, next.start))
    }

    /// Whether the hyphen is of the word: `porte-parole`, `Saint-Denis`, `a-t-il`.
    fn is_compound(&self, head: &str, next: &str) -> bool {
        let tail = head.rsplit(|c: char| !is_letter(c)).next().unwrap_or_default();
        let first: String = tail.nfc().collect();
        let second: String = next.nfc().take_while(|&c| is_letter(c)).collect();
        let words = self.words.get_or_init(|| words_of(self.text));
        let has = |word: &str| words.contains(&word.to_lowercase());
        if has(&format!("{first}{second}")) {
            return false;
        }
        let before = head[..head.len() - tail.len()].chars().next_back();
        let lower = first.to_lowercase();
        before.is_some_and(|c| c == '-' || c.is_ascii_digit())
            || next.starts_with(char::is_uppercase)
            || COMPOUNDS.contains(&*format!("{lower}-"))
            || COMPOUNDS.contains(&*format!("-{second}"))
            || COMPOUNDS.contains(&*format!("{lower}-{second}"))
            || has(&format!("{first}-{second}"))
            || (has(&first) && has(&second))
    }
}

/// Accents that stand apart are of their letters.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || canonical_combining_class(c) != 0
}

fn words_of(text: &str) -> HashSet<String> {
    let words = text.split(|c: char| !is_letter(c) && c != '-');
    let whole = words.filter(|word| !word.is_empty() && !word.ends_with('-'));
    whole.map(|word| word.nfc().collect::<String>().to_lowercase()).collect()
}

static COMPOUNDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("compounds.txt").lines();
    lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});
