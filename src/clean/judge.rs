//! A role for every line, from its own form first and then from its neighbours.

use super::about::About;
use super::lines::{Line, fold};
use super::rules::{Place, Rule};
use super::{common, frame, posts, repeats, roles, tables, tags, titles};
use crate::article::{BlockKind, RuleId};

/// What the words do not say, the markup of the format says.
const MARKUP: RuleId = RuleId("markup");
const ORNAMENT: RuleId = RuleId("ornament");
const TREND_TOPIC: RuleId = RuleId("trend-topic");
const RELATED: RuleId = RuleId("related");
/// A shorter line below `À lire aussi` may be the article's next intertitle.
const MIN_HEADLINE_WORDS: usize = 5;
const PLACE_LINE: RuleId = RuleId("place-line");
/// The dash before a lead is the page's, not the writer's.
pub const LEAD_DASH: RuleId = RuleId("lead-dash");

/// What is decided about a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// Its role.
    pub kind: BlockKind,
    /// Whether it is of the article.
    pub kept: bool,
    /// The rule that decided, if it needed one.
    pub rule: Option<RuleId>,
    /// How sure that is, from 0 to 1.
    pub confidence: f64,
    /// So many bytes at its head are set aside as [`LEAD_DASH`].
    pub head: usize,
}

impl Verdict {
    /// The line is of the article.
    pub fn keep(kind: BlockKind, confidence: f64) -> Self {
        Self { kind, kept: true, rule: None, confidence, head: 0 }
    }

    /// The line is not of the article.
    pub fn remove(kind: BlockKind, rule: RuleId, confidence: f64) -> Self {
        Self { kind, kept: false, rule: Some(rule), confidence, head: 0 }
    }

    /// What a pattern decides.
    pub fn of(rule: &Rule) -> Self {
        Self::remove(rule.kind, rule.id, rule.confidence)
    }
}

/// The lines of a page and what is decided so far.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The lines still standing.
    pub lines: &'a [Line],
    /// `[lines.len()]`; nothing where undecided.
    pub verdicts: Vec<Option<Verdict>>,
    /// Whether the file names its headline in a field of its own, so that no line need be it.
    pub is_titled: bool,
}

impl Draft<'_> {
    /// The lines not decided yet, in order.
    pub fn open(&self) -> Vec<usize> {
        (0..self.lines.len()).filter(|&idx| self.verdicts[idx].is_none()).collect()
    }

    /// Decides as a rule says, where there is one, and keeps what its match says of the article.
    fn apply(&mut self, idx: usize, rule: Option<&Rule>, about: &mut About) {
        let Some(rule) = rule else { return };
        let line = &self.lines[idx];
        if let Some(groups) = rule.captures(line.text()) {
            about.learn(rule.kind, line, &groups);
        }
        self.set(idx, Verdict::of(rule));
    }

    /// Decides, unless it is decided already.
    pub fn set(&mut self, idx: usize, verdict: Verdict) {
        self.verdicts[idx].get_or_insert(verdict);
    }
}

/// Decides on every line; `[lines.len()]`.
pub fn judge(lines: &[Line], is_titled: bool, about: &mut About) -> Vec<Verdict> {
    let mut draft = Draft { lines, verdicts: vec![None; lines.len()], is_titled };
    known_forms(&mut draft, about);
    posts::mark(&mut draft);
    markup(&mut draft);
    tables::mark(&mut draft);
    titles::mark(&mut draft);
    tags::mark(&mut draft);
    around_the_title(&mut draft, about);
    repeats::mark(&mut draft);
    frame::mark(&mut draft);
    roles::mark(&mut draft);
    let paragraph = Verdict::keep(BlockKind::Paragraph, 0.5);
    draft.verdicts.into_iter().map(|verdict| verdict.unwrap_or(paragraph)).collect()
}

/// Lines that a pattern knows, or that repeat what one said.
fn known_forms(draft: &mut Draft, about: &mut About) {
    ornaments(draft);
    for idx in draft.open() {
        let form = draft.lines[idx].form();
        draft.apply(idx, form, about);
    }
    common::mark(draft);
    edges(draft, about, &[Place::Edge], 0);
    below_related(draft);
    echoes(draft, about.topic.as_deref(), Verdict::remove(BlockKind::Widget, TREND_TOPIC, 0.9));
    echoes(draft, about.place.as_deref(), Verdict::remove(BlockKind::Dateline, PLACE_LINE, 0.9));
}

/// Forms that a headline may have too: names, keywords, sentences that address the reader.
fn around_the_title(draft: &mut Draft, about: &mut About) {
    for idx in draft.open() {
        let inner = draft.lines[idx].find(Place::Inner);
        draft.apply(idx, inner, about);
    }
    let has_title = draft.verdicts.iter().flatten().any(|v| v.kept && v.kind == BlockKind::Title);
    edges(draft, about, &[Place::Edge, Place::Margin], usize::from(has_title));
}

/// Sets aside what a rule of `places` knows above the text and below it. Walks inwards up to the
/// first paragraph that no rule knows, over `n_short` short ones: a lead, or a caption.
fn edges(draft: &mut Draft, about: &mut About, places: &[Place], n_short: usize) {
    let n_lines = draft.lines.len();
    walk(draft, about, places, n_short, 0..n_lines);
    walk(draft, about, places, n_short, (0..n_lines).rev());
}

/// A lead or a caption has no more.
const MAX_SHORT_WORDS: usize = 60;

fn walk(
    draft: &mut Draft,
    about: &mut About,
    places: &[Place],
    mut n_short: usize,
    order: impl Iterator<Item = usize>,
) {
    for idx in order {
        let line = &draft.lines[idx];
        match draft.verdicts[idx] {
            Some(verdict) if verdict.kept && verdict.kind != BlockKind::Title => return,
            Some(_) => continue,
            None => {}
        }
        let rule = places.iter().find_map(|&place| line.find(place));
        draft.apply(idx, rule, about);
        if rule.is_none() && line.is_prose() {
            let Some(left) = n_short.checked_sub(1) else { return };
            if line.n_words() > MAX_SHORT_WORDS {
                return;
            }
            n_short = left;
        }
    }
}

fn ornaments(draft: &mut Draft) {
    for idx in draft.open() {
        if !draft.lines[idx].text().chars().any(char::is_alphanumeric) {
            draft.set(idx, Verdict::remove(BlockKind::Widget, ORNAMENT, 1.0));
        }
    }
}

/// What the format's markup says, where no words said otherwise. The headline is found among all
/// that are marked as one by [`titles`], and a paragraph's mark only speaks against a headline.
fn markup(draft: &mut Draft) {
    for idx in draft.open() {
        let Some(kind) = draft.lines[idx].hint else { continue };
        let marked = Verdict { rule: Some(MARKUP), ..Verdict::keep(kind, 0.9) };
        let verdict = match kind {
            BlockKind::Title | BlockKind::Paragraph => continue,
            BlockKind::Intertitle if draft.lines[idx].is_prose() => continue,
            BlockKind::Table => tables::demoted(),
            BlockKind::SocialPost => marked,
            BlockKind::Lead | BlockKind::Quote | BlockKind::List | BlockKind::Intertitle => marked,
            _ => Verdict::remove(kind, MARKUP, 0.8),
        };
        draft.set(idx, verdict);
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
            draft.set(idx, Verdict::remove(BlockKind::Teaser, RELATED, 0.85));
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
