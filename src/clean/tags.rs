//! Runs of keywords: `Diplomatie France Climat Paix`.
//!
//! No list of words tells a tag line from an intertitle. The article does: keywords that it uses
//! apart stand side by side in a tag line, while the words of a name are side by side everywhere.

use std::collections::HashSet;

use super::judge::{Draft, Verdict};
use super::lines::Line;
use crate::article::{BlockKind, RuleId};

const TAG_LINE: RuleId = RuleId("tag-line");
const MAX_WORDS: usize = 10;
/// An intertitle begins with one of these, a keyword never.
const OPENERS: [&str; 25] = [
    "le", "la", "les", "un", "une", "des", "ce", "cet", "cette", "ces", "son", "sa", "ses", "du",
    "au", "aux", "l", "d", "à", "a", "en", "quand", "vers", "pour", "sans",
];

/// Marks tag lines.
pub fn mark(draft: &mut Draft) {
    let candidates: Vec<usize> =
        draft.open().into_iter().filter(|&idx| may_be_tags(&draft.lines[idx])).collect();
    if candidates.is_empty() {
        return;
    }
    let usage = Usage::of(draft.lines.iter().filter(|line| line.is_prose()));
    for idx in candidates {
        if usage.uses_apart(draft.lines[idx].text()) {
            draft.set(idx, Verdict::remove(BlockKind::Tags, TAG_LINE, 0.8));
        }
    }
}

fn may_be_tags(line: &Line) -> bool {
    let plain =
        line.text().chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '’'));
    let first = line.folded();
    let first = first.split(' ').next().unwrap_or_default();
    plain && (2..=MAX_WORDS).contains(&line.n_words()) && !OPENERS.contains(&first)
}

/// Which capitalised words the running text uses, and which it uses side by side.
struct Usage {
    words: HashSet<String>,
    pairs: HashSet<(String, String)>,
}

impl Usage {
    fn of<'a>(lines: impl Iterator<Item = &'a Line>) -> Self {
        let mut usage = Self { words: HashSet::new(), pairs: HashSet::new() };
        for line in lines {
            let words: Vec<&str> = pieces(line.text()).collect();
            usage.words.extend(words.iter().map(|&word| bare(word).to_owned()));
            // A comma between two names parts them.
            let pairs = words.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)));
            let joined = pairs.filter(|(a, _)| a.ends_with(char::is_alphanumeric));
            usage.pairs.extend(joined.map(|(a, b)| (bare(a).to_owned(), bare(b).to_owned())));
        }
        usage
    }

    fn uses_apart(&self, text: &str) -> bool {
        let words: Vec<&str> = pieces(text).collect();
        words.windows(2).any(|pair| match pair {
            [a, b] => self.knows(a) && self.knows(b) && !self.joins(a, b),
            _ => false,
        })
    }

    fn knows(&self, word: &str) -> bool {
        word.starts_with(char::is_uppercase) && self.words.contains(word)
    }

    fn joins(&self, a: &str, b: &str) -> bool {
        self.pairs.contains(&(a.to_owned(), b.to_owned()))
    }
}

/// Words without their elided article.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\'', '’']).filter(|word| !bare(word).is_empty())
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}
