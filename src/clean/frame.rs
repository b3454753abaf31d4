//! The frame of the text: leads and captions between headline and text, links and labels below.

use super::judge::{Draft, Verdict};
use super::lines::Line;
use super::lists::is_item;
use super::roles;
use crate::article::{BlockKind, RuleId};

const PHOTO_CREDIT: RuleId = RuleId("photo-credit");
const CREDITED_CAPTION: RuleId = RuleId("caption-with-credit");
const FOOT_TEASER: RuleId = RuleId("foot-teaser");
const FOOT_LABEL: RuleId = RuleId("foot-label");
const MAX_CAPTION_WORDS: usize = 35;
/// A caption that closes as a sentence does is a short one.
const MAX_SENTENCE_WORDS: usize = 22;
const MAX_LEAD_WORDS: usize = 80;
/// Below the text a line of fewer words is a label, not a headline.
const MIN_TEASER_WORDS: usize = 4;
const MAX_SHORT_WORDS: usize = 12;
/// A longer one directly below the text may be a paragraph that is cut off.
const MAX_LINK_WORDS: usize = 20;

/// Marks the frame. Lists and tables of the article are decided on before.
pub fn mark(draft: &mut Draft) {
    captions(draft);
    lead(draft);
    foot(draft);
}

fn is_removed(draft: &Draft, idx: usize) -> bool {
    draft.verdicts[idx].is_some_and(|verdict| !verdict.kept)
}

fn is_title(draft: &Draft, idx: usize) -> bool {
    draft.verdicts[idx].is_some_and(|verdict| verdict.kept && verdict.kind == BlockKind::Title)
}

/// The words beside a picture's credit: a line that does not close, or a sentence with furniture on
/// its other side too. Between paragraphs a sentence stays.
fn captions(draft: &mut Draft) {
    for idx in draft.open() {
        let line = &draft.lines[idx];
        if !(3..=MAX_CAPTION_WORDS).contains(&line.n_words()) || is_item(line.text()) {
            continue;
        }
        let credits = |at: Option<usize>| {
            at.and_then(|at| *draft.verdicts.get(at)?).is_some_and(|v| v.rule == Some(PHOTO_CREDIT))
        };
        let framed = |at: Option<usize>| {
            at.and_then(|at| draft.lines.get(at).map(|line| (at, line))).is_none_or(|(at, line)| {
                is_removed(draft, at) || is_title(draft, at) || !line.is_closed()
            })
        };
        let sentence = line.n_words() <= MAX_SENTENCE_WORDS && !roles::holds_sentences(line);
        let (before, after) = (idx.checked_sub(1), Some(idx + 1));
        let credited = credits(before) || credits(after);
        if credited && framed(before) && (!line.is_closed() || (sentence && framed(after))) {
            draft.set(idx, Verdict::remove(BlockKind::Caption, CREDITED_CAPTION, 0.75));
        }
    }
}

/// The paragraph under the headline is the lead when furniture parts it from the text, or when the
/// text below begins anew with a dateline.
fn lead(draft: &mut Draft) {
    let Some(title) = (0..draft.lines.len()).find(|&idx| is_title(draft, idx)) else { return };
    if draft.verdicts.iter().flatten().any(|verdict| verdict.kind == BlockKind::Lead) {
        return;
    }
    let prose = |idx: &usize| draft.verdicts[*idx].is_none() && draft.lines[*idx].is_prose();
    let mut below = (title + 1..draft.lines.len()).filter(prose);
    let (Some(first), Some(second)) = (below.next(), below.next()) else { return };
    let line = &draft.lines[first];
    let parted = (first + 1..second).any(|idx| is_removed(draft, idx));
    let headed = (title + 1..first).all(|idx| draft.verdicts[idx].is_some());
    let anew = draft.lines[second].is_datelined;
    let fits = line.n_words() <= MAX_LEAD_WORDS && !line.is_datelined;
    if fits && headed && (parted || anew) {
        draft.set(first, Verdict::keep(BlockKind::Lead, 0.8));
    }
}

/// Below the text stand the headlines of other articles, and labels of what the page offers. A line
/// directly below the text may be its last, so it must have the marks of a headline.
fn foot(draft: &mut Draft) {
    let n_lines = draft.lines.len();
    let is_text = |idx: &usize| match draft.verdicts[*idx] {
        Some(verdict) => verdict.kept,
        None => is_of_the_text(&draft.lines[*idx]),
    };
    let Some(last) = (0..n_lines).rev().find(is_text) else { return };
    if is_title(draft, last) {
        return;
    }
    let mut parted = false;
    for idx in last + 1..n_lines {
        let line = &draft.lines[idx];
        if draft.verdicts[idx].is_some() {
            parted = true;
        } else if parted || reads_as_link(line) || (idx + 1 < n_lines && is_short(line)) {
            draft.set(idx, below_the_text(line));
        }
    }
}

/// With something below it, what is no longer than an intertitle is none: no text follows.
fn is_short(line: &Line) -> bool {
    let is_verb = |word| matches!(word, "est" | "sont" | "était" | "étaient" | "sera" | "ont");
    (MIN_TEASER_WORDS..=MAX_SHORT_WORDS).contains(&line.n_words())
        && !line.folded().split(' ').any(is_verb)
}

fn reads_as_link(line: &Line) -> bool {
    line.n_words() <= MAX_LINK_WORDS && roles::has_headline_marks(line.text())
}

/// A sentence, or several; a lone question below the text is a headline.
fn is_of_the_text(line: &Line) -> bool {
    let sentences = roles::holds_sentences(line);
    let closed = line.is_closed() && !line.text().ends_with(['?', '!']);
    sentences || closed || is_item(line.text()) || roles::ends_open(line.text())
}

fn below_the_text(line: &Line) -> Verdict {
    if line.n_words() < MIN_TEASER_WORDS {
        Verdict::remove(BlockKind::Widget, FOOT_LABEL, 0.7)
    } else {
        Verdict::remove(BlockKind::Teaser, FOOT_TEASER, 0.7)
    }
}
