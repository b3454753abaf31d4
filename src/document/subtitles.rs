//! Subtitles, SRT and WebVTT: text under times.
//!
//! A sentence often runs over several subtitles. They are translated as one, and what stands
//! between them, with the times, is a break that the translation is cut at again.

use std::sync::LazyLock;

use regex::Regex;
use unicode_width::UnicodeWidthStr;

use super::{Escape, Inline, Layout, Side, Unit};
use crate::article::Span;

/// Columns of a line, as subtitlers have them; wider where the file is.
const WIDTH: usize = 42;
/// A sentence over more subtitles than these is none: the text has no stops.
const MAX_CUES: usize = 6;

/// The sentences of a file of subtitles, over one or several of them. `is_vtt` says whether
/// characters are escaped.
pub(super) fn find(text: &str, is_vtt: bool) -> Vec<Unit> {
    let lines = cues(text);
    let widths = lines.iter().flatten().map(|line| line.of(text).width());
    let width = widths.max().unwrap_or_default().max(WIDTH);
    let mut units = Vec::new();
    let mut group: Vec<Span> = Vec::new();
    for cue in lines.iter().filter_map(|cue| Cue::new(text, cue)) {
        match cue {
            Cue::Dialogue(lines) => {
                units.extend(unit(text, &std::mem::take(&mut group), width, is_vtt));
                units.extend(lines.iter().filter_map(|&line| unit(text, &[line], width, is_vtt)));
            }
            Cue::Text(place) => {
                group.push(place);
                if ends_sentence(place.of(text)) || group.len() == MAX_CUES {
                    units.extend(unit(text, &std::mem::take(&mut group), width, is_vtt));
                }
            }
        }
    }
    units.extend(unit(text, &group, width, is_vtt));
    units
}

/// What is on the screen at once.
enum Cue {
    /// One text.
    Text(Span),
    /// What several people say, a line each, without their dashes.
    Dialogue(Vec<Span>),
}

impl Cue {
    fn new(text: &str, lines: &[Span]) -> Option<Self> {
        let place = Span::new(lines.first()?.start, lines.last()?.end);
        let said: Vec<Span> = lines.iter().filter_map(|line| behind_dash(text, *line)).collect();
        let is_dialogue = said.len() == lines.len();
        Some(if is_dialogue { Self::Dialogue(said) } else { Self::Text(place) })
    }
}

fn behind_dash(text: &str, line: Span) -> Option<Span> {
    let found = line.of(text);
    let said = found.trim_start().strip_prefix(['-', '–', '—'])?.trim_start();
    Some(Span::new(line.start + found.len() - said.len(), line.end))
}

/// The lines of text under each line of times.
fn cues(text: &str) -> Vec<Vec<Span>> {
    let mut cues: Vec<Vec<Span>> = Vec::new();
    let (mut at, mut is_in) = (0, false);
    for line in text.split_inclusive('\n') {
        let shown = line.trim();
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        if shown.contains("-->") {
            cues.push(Vec::new());
            is_in = true;
        } else if shown.is_empty() {
            is_in = false;
        } else if let Some(cue) = cues.last_mut().filter(|_| is_in) {
            cue.push(Span::new(start, start + shown.len()));
        }
    }
    cues
}

fn ends_sentence(text: &str) -> bool {
    static TAIL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"[.!?…:][\s»”")\]]*(</[^>]*>)*$"#).expect("the pattern is fixed")
    });
    TAIL.is_match(text.trim_end())
}

fn unit(text: &str, cues: &[Span], width: usize, is_vtt: bool) -> Option<Unit> {
    let place = Span::new(cues.first()?.start, cues.last()?.end);
    let mut inline = Inline::default();
    let mut at = None;
    for cue in cues {
        if let Some(at) = at {
            inline.push_words(" ");
            inline.push_tag(Side::Break, Span::new(at, cue.start).of(text));
        }
        read(cue.of(text), is_vtt, &mut inline);
        at = Some(cue.end);
    }
    let escape = if is_vtt { Escape::Xml } else { Escape::Plain };
    let unit = Unit { layout: Layout::Cues { width }, ..Unit::new(inline, place, escape) };
    unit.inline.has_words().then_some(unit)
}

/// Adds the text of a subtitle and its tags: `<i>`, `<v Anna>`, `{\an8}`.
fn read(cue: &str, is_vtt: bool, to: &mut Inline) {
    static TAG: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"</?[A-Za-z][^<>]*>|<\d[\d:.]*>|\{\\[^}]*\}").expect("the pattern is fixed")
    });
    let mut at = 0;
    for tag in TAG.find_iter(cue) {
        to.push_words(&plain(&cue[at..tag.start()], is_vtt));
        let side = match tag.as_str().as_bytes() {
            [b'<', b'/', ..] => Side::Close,
            [b'<', first, ..] if first.is_ascii_alphabetic() => Side::Open,
            _ => Side::Alone,
        };
        to.push_tag(side, tag.as_str());
        at = tag.end();
    }
    to.push_words(&plain(&cue[at..], is_vtt));
}

fn plain(text: &str, is_vtt: bool) -> String {
    const NAMED: [(&str, &str); 5] =
        [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{a0}"), ("&lrm;", "\u{200e}"), ("&amp;", "&")];
    let text = text.to_owned();
    let decode = |text: String, (name, sign): &(&str, &str)| text.replace(name, sign);
    if is_vtt { NAMED.iter().fold(text, decode) } else { text }
}
