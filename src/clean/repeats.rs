//! What a page prints twice.

use std::collections::{HashMap, HashSet};

use super::judge::{Draft, Verdict};
use super::lines::Line;
use crate::article::{BlockKind, RuleId};

const REPEATED: RuleId = RuleId("repeated-paragraph");
const DOUBLED_CAPTION: RuleId = RuleId("doubled-caption");
/// Shorter lines repeat by nature: answers, refrains, labels.
const MIN_WORDS: usize = 4;
const MIN_WORDS_NEARLY: usize = 10;
/// Near copies stand close together; looking no further keeps long files cheap.
const LOOK_BACK: usize = 40;
const MIN_OVERLAP: f64 = 0.9;

/// Marks second copies, and both copies of a caption.
pub fn mark(draft: &mut Draft) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (place, idx) in draft.open().into_iter().enumerate() {
        let line = &draft.lines[idx];
        if line.n_words() < MIN_WORDS {
            continue;
        }
        match seen.insert(line.folded(), place) {
            Some(first) if first + 1 == place && !line.is_closed() => mark_caption(draft, idx),
            Some(_) => draft.set(idx, Verdict::remove(BlockKind::Paragraph, REPEATED)),
            None => {}
        }
    }
    mark_near_copies(draft);
}

/// A video's title is printed twice, as its label and as its caption: neither is of the text.
fn mark_caption(draft: &mut Draft, second: usize) {
    let folded = draft.lines[second].folded();
    for idx in draft.open() {
        if idx <= second && draft.lines[idx].folded() == folded {
            draft.set(idx, Verdict::remove(BlockKind::Caption, DOUBLED_CAPTION));
        }
    }
}

fn mark_near_copies(draft: &mut Draft) {
    let long = |idx: &usize| draft.lines[*idx].n_words() >= MIN_WORDS_NEARLY;
    let open: Vec<usize> = draft.open().into_iter().filter(long).collect();
    let shapes: Vec<Shape> = open.iter().map(|&idx| Shape::of(&draft.lines[idx])).collect();
    for (place, &idx) in open.iter().enumerate() {
        let earlier = &shapes[place.saturating_sub(LOOK_BACK)..place];
        if earlier.iter().any(|shape| shape.nearly_equals(&shapes[place])) {
            draft.set(idx, Verdict::remove(BlockKind::Paragraph, REPEATED));
        }
    }
}

/// The words of a line, and its numbers apart: two reports that differ in a number are two reports.
struct Shape {
    words: HashSet<String>,
    numbers: Vec<String>,
}

impl Shape {
    fn of(line: &Line) -> Self {
        let folded = line.folded();
        let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
        let words = folded.split(' ').map(str::to_owned).collect();
        Self { words, numbers: folded.split(' ').filter(is_number).map(str::to_owned).collect() }
    }

    fn nearly_equals(&self, other: &Self) -> bool {
        let (small, large) =
            (self.words.len().min(other.words.len()), self.words.len().max(other.words.len()));
        if self.numbers != other.numbers || (small as f64) < MIN_OVERLAP * large as f64 {
            return false;
        }
        let shared = self.words.intersection(&other.words).count();
        shared as f64 >= MIN_OVERLAP * (small + large - shared) as f64
    }
}
