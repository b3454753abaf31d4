//! Sentences that were translated before, by people or by programs, as TMX files hold them.
//!
//! A sentence that stands in the memory needs no model. One that is like it is a hint.

mod file;
mod like;
mod tmx;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use self::like::Index;

/// Pairs of sentences in two languages.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    entries: Vec<Entry>,
    /// The entry of a source, by [`key`].
    by_source: HashMap<String, usize>,
    index: Index,
}

/// A sentence and its translation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    source: String,
    target: String,
}

/// A sentence that is like the one that was looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Fuzzy {
    pub source: String,
    pub target: String,
    /// How much of the words is the same, from 0 to 1.
    pub likeness: f64,
}

impl Memory {
    /// The pairs of two languages (ISO 639-1) in a TMX text of any version.
    ///
    /// # Errors
    /// With the reason, when the text is no TMX, or has pairs of other languages only.
    pub fn parse(text: &str, from: &str, to: &str) -> Result<Self, String> {
        let mut memory = Self::default();
        for (source, target) in tmx::pairs(text, from, to)? {
            memory.insert(source, target);
        }
        Ok(memory)
    }

    /// How many sentences there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds what another memory knows; where both know a sentence, the other one counts.
    pub fn extend(&mut self, other: Self) {
        for entry in other.entries {
            self.insert(entry.source, entry.target);
        }
    }

    /// Adds a pair. The last translation of a sentence counts.
    fn insert(&mut self, source: String, target: String) {
        let key = key(&source);
        if let Some(&known) = self.by_source.get(&key) {
            self.entries[known] = Entry { source, target };
            return;
        }
        self.index.add(&key);
        self.by_source.insert(key, self.entries.len());
        self.entries.push(Entry { source, target });
    }

    /// The translation of this very sentence. Blanks may differ.
    pub fn exact(&self, source: &str) -> Option<&str> {
        let found = self.by_source.get(&key(source))?;
        Some(&self.entries[*found].target)
    }

    /// The `n` sentences that are most like this one, the best first; none that is less than
    /// [`MIN_LIKENESS`].
    pub fn fuzzy(&self, source: &str, n: usize) -> Vec<Fuzzy> {
        let mut found = self.index.like(&key(source), MIN_LIKENESS);
        // Of two that are as like, the later one was written with more experience.
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
        let hit = |(idx, likeness): (usize, f64)| {
            let Entry { source, target } = self.entries[idx].clone();
            Fuzzy { source, target, likeness }
        };
        found.into_iter().take(n).map(hit).collect()
    }
}

/// What is less like a sentence helps nobody: editors begin at 70 of 100 as well.
pub const MIN_LIKENESS: f64 = 0.7;

/// A sentence with one blank between its words, whatever stood there.
fn key(sentence: &str) -> String {
    sentence.split_whitespace().collect::<Vec<_>>().join(" ")
}
