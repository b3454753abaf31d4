//! A role for every line, from its own form first and then from its neighbours.

use super::about::About;
use super::lines::{Line, fold};
use super::rules::{self, Place};
use super::{posts, repeats, roles, tags, titles};
use crate::article::{BlockKind, RuleId};

const ORNAMENT: RuleId = RuleId("ornament");
const TREND_TOPIC: RuleId = RuleId("trend-topic");
const RELATED: RuleId = RuleId("related");
/// A shorter line below `À lire aussi` may be the article's next intertitle.
const MIN_HEADLINE_WORDS: usize = 5;
const PLACE_LINE: RuleId = RuleId("place-line");
/// The dash before a lead is the page's, not the writer's.
pub const LEAD_DASH: RuleId = RuleId("lead-dash");

/// What is decided about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Its role.
    pub kind: BlockKind,
    /// Whether it is of the article.
    pub kept: bool,
    /// The rule that decided, if it needed one.
    pub rule: Option<RuleId>,
    /// So many bytes at its head are set aside as [`LEAD_DASH`].
    pub head: usize,
}

impl Verdict {
    /// The line is of the article.
    pub fn keep(kind: BlockKind) -> Self {
        Self { kind, kept: true, rule: None, head: 0 }
    }

    /// The line is not of the article.
    pub fn remove(kind: BlockKind, rule: RuleId) -> Self {
        Self { kind, kept: false, rule: Some(rule), head: 0 }
    }
}

/// The lines of a page and what is decided so far.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The lines still standing.
    pub lines: &'a [Line],
    /// `[lines.len()]`; nothing where undecided.
    pub verdicts: Vec<Option<Verdict>>,
}

impl Draft<'_> {
    /// The lines not decided yet, in order.
    pub fn open(&self) -> Vec<usize> {
        (0..self.lines.len()).filter(|&idx| self.verdicts[idx].is_none()).collect()
    }

    /// Decides, unless it is decided already.
    pub fn set(&mut self, idx: usize, verdict: Verdict) {
        self.verdicts[idx].get_or_insert(verdict);
    }
}

/// Decides on every line; `[lines.len()]`.
pub fn judge(lines: &[Line], about: &mut About) -> Vec<Verdict> {
    let mut draft = Draft { lines, verdicts: vec![None; lines.len()] };
    known_forms(&mut draft, about);
    posts::mark(&mut draft);
    titles::mark(&mut draft);
    repeats::mark(&mut draft);
    tags::mark(&mut draft);
    roles::mark(&mut draft);
    let paragraph = Verdict::keep(BlockKind::Paragraph);
    draft.verdicts.into_iter().map(|verdict| verdict.unwrap_or(paragraph)).collect()
}

/// Lines that a pattern knows, or that repeat what one said.
fn known_forms(draft: &mut Draft, about: &mut About) {
    ornaments(draft);
    matching(draft, about, Place::Line, |_| true);
    let prose: Vec<usize> =
        draft.open().into_iter().filter(|&i| draft.lines[i].is_prose()).collect();
    let (first, last) = (prose.first().copied(), prose.last().copied());
    matching(draft, about, Place::Edge, |idx| {
        first.is_none_or(|first| idx < first) || last.is_none_or(|last| idx > last)
    });
    below_related(draft);
    echoes(draft, about.topic.as_deref(), Verdict::remove(BlockKind::Widget, TREND_TOPIC));
    echoes(draft, about.place.as_deref(), Verdict::remove(BlockKind::Dateline, PLACE_LINE));
}

fn ornaments(draft: &mut Draft) {
    for idx in draft.open() {
        if !draft.lines[idx].text().chars().any(char::is_alphanumeric) {
            draft.set(idx, Verdict::remove(BlockKind::Widget, ORNAMENT));
        }
    }
}

fn matching(draft: &mut Draft, about: &mut About, place: Place, applies: impl Fn(usize) -> bool) {
    for idx in draft.open().into_iter().filter(|&idx| applies(idx)) {
        let line = &draft.lines[idx];
        let Some(rule) = rules::find(place, line.text()) else { continue };
        if let Some(groups) = rule.captures(line.text()) {
            about.learn(rule.kind, line, &groups);
        }
        draft.set(idx, Verdict::remove(rule.kind, rule.id));
    }
}

/// The headlines under a bare `À lire aussi`, up to the next paragraph or intertitle.
fn below_related(draft: &mut Draft) {
    let mut listing = false;
    for idx in 0..draft.lines.len() {
        let line = &draft.lines[idx];
        match draft.verdicts[idx] {
            Some(verdict) => listing = verdict.rule == Some(RELATED) && line.n_words() <= 5,
            None => listing &= !line.is_closed() && line.n_words() >= MIN_HEADLINE_WORDS,
        }
        if listing && draft.verdicts[idx].is_none() {
            draft.set(idx, Verdict::remove(BlockKind::Teaser, RELATED));
        }
    }
}

/// A line that only says again the topic or the place.
fn echoes(draft: &mut Draft, said: Option<&str>, verdict: Verdict) {
    let Some(said) = said.map(fold) else { return };
    for idx in draft.open() {
        if draft.lines[idx].folded() == said {
            draft.set(idx, verdict);
        }
    }
}
