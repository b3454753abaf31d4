//! Heads and tails of lines that are not of the line: datelines, stamps, notes, credits.

use super::judge::Verdict;
use super::lines::{Line, unglued};
use super::rules::{self, Place, Rule};
use super::{Page, lists, roles};
use crate::article::{BlockKind, RuleId};

/// A caption is one or two sentences; a longer text with a credit is an article.
const MAX_CAPTION_WORDS: usize = 45;
/// The last line may be the article's last paragraph, with the credit of its picture.
const MAX_LAST_CAPTION_WORDS: usize = 16;
/// A credit is short, and a search of the whole line for its end would cost too much.
const MAX_TAIL_BYTES: usize = 160;
const CREDITED_CAPTION: RuleId = RuleId("caption-with-credit");

/// Sets aside every head and tail that a pattern knows; what is left of each line stays a line.
pub fn peel(page: &mut Page) {
    let lines = std::mem::take(&mut page.lines).into_iter();
    let lines: Vec<Line> = lines.flat_map(pieces).filter(|line| !line.is_empty()).collect();
    let last = lines.len().saturating_sub(1);
    for (idx, line) in lines.into_iter().enumerate() {
        if line.is_peeled {
            page.lines.push(line);
            continue;
        }
        let line = peel_head(page, line);
        let line = peel_tail(page, line, idx == last);
        let is_datelined = line.is_datelined;
        // Without its tail a line may end as one that lost a line break.
        let [mut line, mut heading] = unglued(line);
        line.is_datelined = is_datelined;
        (line.is_peeled, heading.is_peeled) = (true, true);
        page.lines.extend([line, heading].into_iter().filter(|line| !line.is_empty()));
    }
}

/// The lines in one that lost its line breaks.
fn pieces(line: Line) -> Vec<Line> {
    if line.is_peeled {
        return vec![line];
    }
    unglued(line).into_iter().flat_map(lists::split).collect()
}

fn peel_head(page: &mut Page, mut line: Line) -> Line {
    while let Some((rule, at)) = head(&line) {
        let whole = line.clone();
        let (head, rest) = line.split_at(at);
        page.set_aside_by(rule, &whole, &head);
        line = rest;
        line.is_datelined |= whole.is_datelined || rule.kind == BlockKind::Dateline;
    }
    line
}

fn head(line: &Line) -> Option<(&'static Rule, usize)> {
    if line.form().is_some() {
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
        let whole = line.clone();
        let (rest, tail) = line.split_at(at);
        page.set_aside_by(rule, &whole, &tail);
        let max_words = if is_last { MAX_LAST_CAPTION_WORDS } else { MAX_CAPTION_WORDS };
        if place == Place::Caption && rest.n_words() <= max_words {
            page.set_aside(Verdict::remove(BlockKind::Caption, CREDITED_CAPTION, 0.85), &rest);
            return Line::default();
        }
        line = rest;
    }
    line
}

fn tail(line: &Line) -> Option<(&'static Rule, Place, usize)> {
    let text = line.text();
    // What ends in a plain stop has nothing behind its last sentence.
    if text.ends_with(['.', '!', '…', ':', ';', ',', '»', '"', '”']) {
        return None;
    }
    if roles::is_dashed_heading(text) || line.form().is_some() {
        return None;
    }
    let from = text.floor_char_boundary(text.len().saturating_sub(MAX_TAIL_BYTES));
    let found = |place| rules::find(place, &text[from..]).map(|rule| (rule, place));
    let (rule, place) = found(Place::Caption).or_else(|| found(Place::Tail))?;
    let at = from + rule.captures(&text[from..])?.get(0)?.start();
    // A stop that an expression may begin with is of the text before it.
    let stop = text[at..].chars().next().filter(|c| matches!(c, '.' | '!' | '?' | '»'));
    let at = at + stop.map_or(0, char::len_utf8);
    (at < text.len()).then_some((rule, place, at))
}
