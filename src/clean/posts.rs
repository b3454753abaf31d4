//! Embedded posts. Pages print a post as its text, then its first half again with an ellipsis,
//! then the half with the picture's address and the signature. Of these one copy is kept, apart
//! from the running text: its writer is not the journalist.

use super::judge::{Draft, Verdict};
use super::lines::Line;
use super::rules::{self, Place};
use crate::article::{BlockKind, RuleId};

const HALF_POST: RuleId = RuleId("half-post");
const SOCIAL_POST: RuleId = RuleId("social-post");
/// A post is short; its parts stand close to its signature.
const MAX_PARTS: usize = 5;

/// A line with a sign of the networks and fewer words is a button.
const MIN_WORDS: usize = 8;

/// Marks signed posts, the lines around them that belong to them, and posts without a signature.
pub fn mark(draft: &mut Draft) {
    let open = draft.open();
    for (place, &idx) in open.iter().enumerate() {
        if is_signed(&draft.lines[idx]) {
            draft.set(idx, post(0.95));
            mark_parts(draft, &open[place.saturating_sub(MAX_PARTS)..place], idx);
            mark_half(draft, open.get(place + 1).copied(), idx);
        }
    }
    // Above the first paragraph an emoji may adorn the headline.
    let text = draft.open().into_iter().skip_while(|&idx| !draft.lines[idx].is_prose()).skip(1);
    for idx in text.collect::<Vec<usize>>().into_iter().rev() {
        if is_unsigned(&draft.lines[idx]) {
            draft.set(idx, post(0.7));
            mark_half(draft, idx.checked_sub(1), idx);
        }
    }
}

/// The pattern looks at the whole of a long line, and few lines hold what a signature must.
fn is_signed(line: &Line) -> bool {
    line.text().contains("(@") && rules::find(Place::Post, line.text()).is_some()
}

/// An emoji in a sentence, or a hashtag at its end.
fn is_unsigned(line: &Line) -> bool {
    let emoji = line.text().contains(|c: char| matches!(c, '\u{1F1E6}'..='\u{1FAFF}'));
    let tagged = line.text().split(' ').next_back().is_some_and(|w| w.starts_with('#'));
    (emoji || tagged) && line.n_words() >= MIN_WORDS && line.form().is_none()
}

fn post(confidence: f64) -> Verdict {
    Verdict { rule: Some(SOCIAL_POST), ..Verdict::keep(BlockKind::SocialPost, confidence) }
}

fn mark_parts(draft: &mut Draft, before: &[usize], signed: usize) {
    for &idx in before.iter().rev() {
        if is_half(&draft.lines[idx], &draft.lines[signed]) {
            draft.set(idx, half());
        } else if is_post_like(&draft.lines[idx]) {
            draft.set(idx, post(0.85));
        } else {
            return;
        }
    }
}

fn mark_half(draft: &mut Draft, idx: Option<usize>, whole: usize) {
    if let Some(idx) = idx.filter(|&idx| is_half(&draft.lines[idx], &draft.lines[whole])) {
        draft.set(idx, half());
    }
}

fn half() -> Verdict {
    Verdict::remove(BlockKind::SocialPost, HALF_POST, 0.95)
}

fn is_half(part: &Line, whole: &Line) -> bool {
    let part = part.folded();
    !part.is_empty() && whole.folded().starts_with(part)
}

/// Journalists use no emoji, hashtags or handles in running text.
fn is_post_like(line: &Line) -> bool {
    let tagged = |word: &str| word.len() > 2 && word.starts_with(['#', '@']);
    line.text().chars().any(is_pictograph) || line.words().any(tagged)
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}')
}
