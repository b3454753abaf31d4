//! Fixed words in texts.

use std::collections::HashMap;

/// Words to look for, each with its token.
#[derive(Debug, Default)]
pub struct Words {
    /// By first character; the longest first.
    by_first: HashMap<char, Vec<(String, u32)>>,
}

/// A word that was found: bytes `start..end` of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub start: usize,
    pub end: usize,
    pub id: u32,
}

impl Words {
    pub fn new(words: impl Iterator<Item = (String, u32)>) -> Self {
        let mut by_first: HashMap<char, Vec<(String, u32)>> = HashMap::new();
        for (word, id) in words {
            if let Some(first) = word.chars().next() {
                by_first.entry(first).or_default().push((word, id));
            }
        }
        by_first.values_mut().for_each(|words| words.sort_by_key(|(w, _)| usize::MAX - w.len()));
        Self { by_first }
    }

    /// All words and their tokens, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &(String, u32)> {
        self.by_first.values().flatten()
    }

    /// The first word in `text`, and of those that begin there the longest.
    pub fn find(&self, text: &str) -> Option<Found> {
        text.char_indices().find_map(|(start, first)| {
            let words = self.by_first.get(&first)?;
            let (word, id) = words.iter().find(|(word, _)| text[start..].starts_with(word))?;
            Some(Found { start, end: start + word.len(), id: *id })
        })
    }
}
