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

/// Marks signed posts and the lines before them that belong to them.
pub fn mark(draft: &mut Draft) {
    let open = draft.open();
    for (place, &idx) in open.iter().enumerate() {
        if rules::find(Place::Post, draft.lines[idx].text()).is_some() {
            draft.set(idx, post());
            mark_parts(draft, &open[place.saturating_sub(MAX_PARTS)..place], idx);
        }
    }
}

fn post() -> Verdict {
    Verdict { rule: Some(SOCIAL_POST), ..Verdict::keep(BlockKind::SocialPost, 0.95) }
}

fn mark_parts(draft: &mut Draft, before: &[usize], signed: usize) {
    let whole = draft.lines[signed].folded();
    for &idx in before.iter().rev() {
        let line = &draft.lines[idx];
        let part = line.folded();
        if !part.is_empty() && whole.starts_with(&part) {
            draft.set(idx, Verdict::remove(BlockKind::SocialPost, HALF_POST, 0.95));
        } else if is_post_like(line) {
            draft.set(idx, post());
        } else {
            return;
        }
    }
}

/// Journalists use no emoji, hashtags or handles in running text.
fn is_post_like(line: &Line) -> bool {
    let tagged = |word: &str| word.len() > 2 && word.starts_with(['#', '@']);
    line.text().chars().any(is_pictograph) || line.words().any(tagged)
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}')
}
