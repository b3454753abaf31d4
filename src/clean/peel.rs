//! Heads and tails of lines that are not of the line: datelines, stamps, notes, credits.

use super::lines::{Line, unglued};
use super::rules::{self, Place, Rule};
use super::{Page, roles};
use crate::article::{BlockKind, RuleId};

/// A caption is one or two sentences; a longer text with a credit is an article.
const MAX_CAPTION_WORDS: usize = 60;
/// A credit is short, and a search of the whole line for its end would cost too much.
const MAX_TAIL_BYTES: usize = 160;
const CREDITED_CAPTION: RuleId = RuleId("caption-with-credit");

/// Sets aside every head and tail that a pattern knows; what is left of each line stays a line.
pub fn peel(page: &mut Page) {
    let lines = std::mem::take(&mut page.lines);
    let lines: Vec<Line> = lines.into_iter().flat_map(unglued).filter(|l| !l.is_empty()).collect();
    let last = lines.len().saturating_sub(1);
    for (idx, line) in lines.into_iter().enumerate() {
        let line = peel_head(page, line);
        let line = peel_tail(page, line, idx == last);
        if !line.is_empty() {
            page.lines.push(line);
        }
    }
}

fn peel_head(page: &mut Page, mut line: Line) -> Line {
    while let Some((rule, at)) = head(&line) {
        let (head, rest) = line.split_at(at);
        page.set_aside_by(rule, &line, &head);
        line = rest;
    }
    line
}

fn head(line: &Line) -> Option<(&'static Rule, usize)> {
    if rules::find(Place::Line, line.text()).is_some() {
        return None;
    }
    let anywhere = rules::find(Place::Prefix, line.text());
    let rule = anywhere
        .or_else(|| line.is_prose().then(|| rules::find(Place::LeadIn, line.text())).flatten())?;
    let groups = rule.captures(line.text())?;
    let end = groups.name("rest").map_or(groups.get(0)?.end(), |rest| rest.start());
    (end > 0).then_some((rule, end))
}

fn peel_tail(page: &mut Page, mut line: Line, is_last: bool) -> Line {
    while let Some((rule, place, at)) = tail(&line) {
        let (rest, tail) = line.split_at(at);
        page.set_aside_by(rule, &line, &tail);
        if place == Place::Caption && !is_last && rest.n_words() <= MAX_CAPTION_WORDS {
            page.set_aside(BlockKind::Caption, CREDITED_CAPTION, &rest);
            return line.split_at(0).0;
        }
        line = rest;
    }
    line
}

fn tail(line: &Line) -> Option<(&'static Rule, Place, usize)> {
    let text = line.text();
    if roles::is_dashed_heading(text) || rules::find(Place::Line, text).is_some() {
        return None;
    }
    let from = text.floor_char_boundary(text.len().saturating_sub(MAX_TAIL_BYTES));
    let found = |place| rules::find(place, &text[from..]).map(|rule| (rule, place));
    let (rule, place) = found(Place::Caption).or_else(|| found(Place::Tail))?;
    let at = from + rule.captures(&text[from..])?.get(0)?.start();
    // A stop that an expression may begin with is of the text before it.
    let at = at + usize::from(text[at..].starts_with(['.', '!', '?']));
    (at < text.len()).then_some((rule, place, at))
}
