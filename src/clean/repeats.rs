//! What a page prints twice.

use std::collections::{HashMap, HashSet};

use super::judge::{Draft, Verdict};
use crate::article::{BlockKind, RuleId};

const REPEATED: RuleId = RuleId("repeated-paragraph");
const DOUBLED_CAPTION: RuleId = RuleId("doubled-caption");
/// Shorter lines repeat by nature: answers, refrains, labels.
const MIN_WORDS: usize = 4;
const MIN_WORDS_NEARLY: usize = 10;
/// Words that two lines share, as a share of the words of both.
const MIN_OVERLAP: f64 = 0.85;

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
            Some(_) => draft.set(idx, repeated(0.97)),
            None => {}
        }
    }
    mark_near_copies(draft);
}

fn repeated(confidence: f64) -> Verdict {
    Verdict::remove(BlockKind::Paragraph, REPEATED, confidence)
}

/// A video's title is printed twice, as its label and as its caption: neither is of the text.
fn mark_caption(draft: &mut Draft, second: usize) {
    let folded = draft.lines[second].folded();
    for idx in draft.open() {
        if idx <= second && draft.lines[idx].folded() == folded {
            draft.set(idx, Verdict::remove(BlockKind::Caption, DOUBLED_CAPTION, 0.85));
        }
    }
}

fn mark_near_copies(draft: &mut Draft) {
    let long = |idx: &usize| draft.lines[*idx].n_words() >= MIN_WORDS_NEARLY;
    let open: Vec<usize> = draft.open().into_iter().filter(long).collect();
    let texts: Vec<String> = open.iter().map(|&idx| draft.lines[idx].folded()).collect();
    let shapes = Shape::of_all(&texts);
    let mut by_rare_word: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, shape) in shapes.iter().enumerate() {
        let rare = shape.rare_words();
        let mut earlier = rare.iter().filter_map(|word| by_rare_word.get(word)).flatten();
        if earlier.any(|&other| shapes[other].nearly_equals(shape)) {
            draft.set(open[place], repeated(0.85));
        }
        rare.iter().for_each(|word| by_rare_word.entry(word).or_default().push(place));
    }
}

/// The different words of a line, the rarest of the article first.
///
/// Two lines that share so much must share one of the rarest words of each: it is enough to compare
/// the lines that do (prefix filtering, Chaudhuri et al. 2006), so long files stay cheap.
struct Shape<'a> {
    words: Vec<&'a str>,
    set: HashSet<&'a str>,
}

impl<'a> Shape<'a> {
    fn of_all(folded: &'a [String]) -> Vec<Self> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let words = |text: &'a String| text.split(' ').collect::<HashSet<&str>>();
        let sets: Vec<HashSet<&str>> = folded.iter().map(words).collect();
        sets.iter().flatten().for_each(|word| *counts.entry(word).or_default() += 1);
        let shape = |set: HashSet<&'a str>| {
            let mut words: Vec<&str> = set.iter().copied().collect();
            words.sort_unstable_by_key(|word| (counts.get(word), *word));
            Self { words, set }
        };
        sets.into_iter().map(shape).collect()
    }

    fn rare_words(&self) -> &[&'a str] {
        let n_words = self.words.len();
        let n_shared = (MIN_OVERLAP * n_words as f64).ceil() as usize;
        self.words.get(..=n_words.saturating_sub(n_shared)).unwrap_or(&self.words)
    }

    fn nearly_equals(&self, other: &Self) -> bool {
        let shared = self.set.intersection(&other.set).count();
        let all = self.set.len() + other.set.len() - shared;
        let mut differing = self.set.symmetric_difference(&other.set);
        shared as f64 >= MIN_OVERLAP * all as f64 && !differing.any(|word| changes_the_sense(word))
    }
}

/// Two reports that differ in a number or in a negation are two reports.
fn changes_the_sense(word: &str) -> bool {
    let negations = ["ne", "n", "pas", "plus", "jamais", "rien", "aucun", "aucune", "sans", "non"];
    word.starts_with(|c: char| c.is_ascii_digit()) || negations.contains(&word)
}
