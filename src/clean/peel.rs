//! Heads and tails of lines that are not of the line: datelines, stamps, notes, credits.

use super::lines::Line;
use super::rules::{self, Place, Rule};
use super::{Page, roles};
use crate::article::{BlockKind, RuleId};

/// A caption is one or two sentences; a longer text with a credit is an article.
const MAX_CAPTION_WORDS: usize = 60;
const CREDITED_CAPTION: RuleId = RuleId("caption-with-credit");

/// Sets aside every head and tail that a pattern knows; what is left of each line stays a line.
pub fn peel(page: &mut Page) {
    let lines = std::mem::take(&mut page.lines);
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

fn peel_tail(page: &mut Page, line: Line, is_last: bool) -> Line {
    if roles::is_dashed_heading(line.text()) || rules::find(Place::Line, line.text()).is_some() {
        return line;
    }
    let caption = rules::find(Place::Caption, line.text());
    let Some(rule) = caption.or_else(|| rules::find(Place::Tail, line.text())) else { return line };
    let Some(at) = rule.captures(line.text()).and_then(|groups| Some(groups.get(0)?.start()))
    else {
        return line;
    };
    // A stop that an expression may begin with is of the text before it.
    let at = at + usize::from(line.text()[at..].starts_with(['.', '!', '?']));
    let (rest, tail) = line.split_at(at);
    page.set_aside_by(rule, &line, &tail);
    if caption.is_some() && !is_last && rest.n_words() <= MAX_CAPTION_WORDS {
        page.set_aside(BlockKind::Caption, CREDITED_CAPTION, &rest);
        return line.split_at(0).0;
    }
    rest
}
