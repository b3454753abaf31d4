//! Plain text: a paragraph is a line, or the lines that it was broken into.

use unicode_width::UnicodeWidthStr;

use super::{Escape, Inline, Layout, Options, Unit};
use crate::article::Span;
use crate::clean::wrap::{self, Paragraph};

/// The paragraphs of a text.
pub(super) fn find(text: &str, options: &Options) -> Vec<Unit> {
    let lines = lines(text);
    if options.by_line {
        return lines.iter().filter_map(|&line| unit(text, &line.into())).collect();
    }
    let groups = groups(text, &lines);
    let (paragraphs, is_wrapped) = wrap::unwrap(text, &groups, &[]);
    let paragraphs = if is_wrapped { paragraphs } else { joined(text, &groups) };
    paragraphs.iter().filter_map(|paragraph| unit(text, paragraph)).collect()
}

/// Each line, without its line break.
fn lines(text: &str) -> Vec<Span> {
    let mut at = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        lines.push(Span::new(at, at + line.trim_end_matches(['\n', '\r']).len()));
        at += line.len();
    }
    lines
}

/// Lines with no empty one between them.
fn groups(text: &str, lines: &[Span]) -> Vec<Vec<Span>> {
    let is_empty = |line: &Span| line.of(text).trim().is_empty();
    let groups = lines.split(is_empty).filter(|group| !group.is_empty());
    groups.map(<[Span]>::to_vec).collect()
}

/// Lines of a text that is not filled, those that were broken in the middle of a sentence put
/// together again.
fn joined(text: &str, groups: &[Vec<Span>]) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    for group in groups {
        for (idx, &line) in group.iter().enumerate() {
            let before = idx.checked_sub(1).map(|before| group[before]);
            match (before, paragraphs.last_mut()) {
                (Some(before), Some(last)) if goes_on(before.of(text), line.of(text)) => {
                    last.span.end = line.end;
                }
                _ => paragraphs.push(line.into()),
            }
        }
    }
    paragraphs
}

/// Whether a sentence runs from one line into the next: the first has no end, and the second
/// begins with a small letter.
pub(super) fn goes_on(line: &str, next: &str) -> bool {
    let is_open =
        line.trim_end().ends_with(|c: char| c.is_alphanumeric() || matches!(c, ',' | '-' | '\''));
    is_open && next.trim_start().starts_with(char::is_lowercase)
}

fn unit(text: &str, paragraph: &Paragraph) -> Option<Unit> {
    let found = paragraph.span.of(text);
    let start = paragraph.span.start + found.len() - found.trim_start().len();
    let place = Span::new(start, start + found.trim().len());
    let mut inline = Inline::default();
    let mut at = place.start;
    for gap in &paragraph.broken {
        inline.push_words(Span::new(at, gap.start).of(text));
        at = gap.end;
    }
    inline.push_words(Span::new(at, place.end).of(text));
    inline.trim_end();
    let mut unit = Unit::new(inline, place, Escape::Plain);
    let lines: Vec<&str> = place.of(text).lines().collect();
    if let [_, second, ..] = lines[..] {
        let width = lines.iter().map(|line| line.width()).max().unwrap_or_default();
        let blanks = &second[..second.len() - second.trim_start().len()];
        let newline = if place.of(text).contains("\r\n") { "\r\n" } else { "\n" };
        let gap = format!("{newline}{blanks}");
        let width = width.max(start - paragraph.span.start + lines[0].width());
        unit.layout = Layout::Wrapped { width, gap };
    }
    unit.inline.has_words().then_some(unit)
}
