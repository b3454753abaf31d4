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
const MAX_LABEL_WORDS: usize = 25;
const MIN_WORDS_BEGINNING: usize = 8;
/// Words that two lines share, as a share of the words of both.
const MIN_OVERLAP: f64 = 0.85;

/// The last lines with a rare word that a line is compared with: a table of results in words has
/// thousands.
const MAX_COMPARED: usize = 64;

/// Marks second copies, and both copies of a caption.
pub fn mark(draft: &mut Draft) {
    let lines = draft.lines;
    // Of each text its first copy and its latest.
    let mut seen: HashMap<&str, (usize, usize)> = HashMap::new();
    for idx in draft.open() {
        let line = &lines[idx];
        if line.n_words() < MIN_WORDS {
            continue;
        }
        let Some((first, latest)) = seen.insert(line.folded(), (idx, idx)) else { continue };
        seen.insert(line.folded(), (first, idx));
        if latest + 1 == idx && is_label(line) && is_label(&lines[latest]) {
            mark_caption(draft, [first, latest, idx]);
        } else {
            draft.set(idx, repeated(0.97));
        }
    }
    mark_beginnings(draft);
    mark_near_copies(draft);
}

/// A lead or a paragraph that is printed again, longer: the part is of no use beside the whole.
fn mark_beginnings(draft: &mut Draft) {
    let long = |idx: &usize| draft.lines[*idx].n_words() >= MIN_WORDS_BEGINNING;
    let open = draft.open().into_iter().filter(long);
    let mut texts: Vec<(String, usize)> =
        open.map(|idx| (format!("{} ", draft.lines[idx].folded()), idx)).collect();
    texts.sort_unstable();
    for pair in texts.windows(2) {
        if let [(part, idx), (whole, _)] = pair
            && whole.len() > part.len()
            && whole.starts_with(part)
        {
            draft.set(*idx, repeated(0.9));
        }
    }
}

fn repeated(confidence: f64) -> Verdict {
    Verdict::remove(BlockKind::Paragraph, REPEATED, confidence)
}

/// A copy of a paragraph may have lost its stop; a label is short.
fn is_label(line: &Line) -> bool {
    !line.is_closed() && line.n_words() <= MAX_LABEL_WORDS
}

/// A video's title is printed twice, as its label and as its caption: neither is of the text.
fn mark_caption(draft: &mut Draft, copies: [usize; 3]) {
    for idx in copies {
        draft.set(idx, Verdict::remove(BlockKind::Caption, DOUBLED_CAPTION, 0.85));
    }
}

fn mark_near_copies(draft: &mut Draft) {
    let long = |idx: &usize| draft.lines[*idx].n_words() >= MIN_WORDS_NEARLY;
    let open: Vec<usize> = draft.open().into_iter().filter(long).collect();
    let texts: Vec<String> = open.iter().map(|&idx| spaced(draft.lines[idx].text())).collect();
    let shapes = Shape::of_all(&texts);
    let mut by_rare_word: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, shape) in shapes.iter().enumerate() {
        let rare = shape.rare_words();
        let known = rare.iter().filter_map(|word| by_rare_word.get(word));
        let mut earlier = known.flat_map(|places| places.iter().rev().take(MAX_COMPARED));
        if earlier.any(|&other| shapes[other].nearly_equals(shape)) {
            draft.set(open[place], repeated(0.85));
        }
        rare.iter().for_each(|word| by_rare_word.entry(word).or_default().push(place));
    }
}

/// Letters and digits apart, `13h30` as `13 h 30`, case as it is.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut last = ' ';
    for c in text.chars() {
        let c = if c.is_alphanumeric() { c } else { ' ' };
        let parted = last != ' ' && c != ' ' && last.is_ascii_digit() != c.is_ascii_digit();
        if parted || (c == ' ' && last != ' ') {
            spaced.push(' ');
        }
        if c != ' ' {
            spaced.push(c);
        }
        last = c;
    }
    spaced.truncate(spaced.trim_end().len());
    spaced
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

/// Two reports that differ in a number, in a name or in a negation are two reports.
fn changes_the_sense(word: &str) -> bool {
    let negations = ["ne", "n", "pas", "plus", "jamais", "rien", "aucun", "aucune", "sans", "non"];
    let begins = |c: char| c.is_ascii_digit() || c.is_uppercase();
    word.starts_with(begins) || negations.contains(&word)
}
