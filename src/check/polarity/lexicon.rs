//! Word lists whose entries have classes, and finding them in a text.

use std::collections::HashMap;

use super::words::Word;
use crate::check::lists;

/// Shorter beginnings of words are not looked up.
const MIN_STEM_LETTERS: usize = 2;

/// An entry of one or more words. A word that ends in `*` is the beginning of one.
#[derive(Debug)]
struct Entry {
    rest: Vec<String>,
    class: usize,
}

/// The entries of one language, by their first words.
#[derive(Debug, Default)]
pub struct Lexicon {
    whole: HashMap<String, Vec<Entry>>,
    stems: HashMap<String, Vec<Entry>>,
}

/// An entry that stands in a text, from word to word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub first: usize,
    /// The word behind the last.
    pub end: usize,
    pub class: usize,
}

impl Lexicon {
    /// Adds entries that are separated by commas.
    pub fn add(&mut self, entries: &str, class: usize) {
        for entry in entries.split(',') {
            let mut parts = entry.split_whitespace();
            let Some(first) = parts.next() else { continue };
            let rest = parts.map(str::to_owned).collect();
            let (map, key) = match first.strip_suffix('*') {
                Some(stem) => (&mut self.stems, stem),
                None => (&mut self.whole, first),
            };
            map.entry(key.to_owned()).or_default().push(Entry { rest, class });
        }
    }

    /// The entries in a text, in order. Of entries that begin at a word only the longest count, and
    /// the words of an entry are in no other.
    pub fn find(&self, words: &[Word]) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let here = self.at(words, at);
            at = here.first().map_or(at + 1, |hit| hit.end);
            hits.extend(here);
        }
        hits
    }

    fn at(&self, words: &[Word], first: usize) -> Vec<Hit> {
        let word = words[first].text.as_str();
        let stems = stems(word).filter_map(|stem| self.stems.get(stem));
        let entries = self.whole.get(word).into_iter().chain(stems).flatten();
        let mut hits: Vec<Hit> = entries
            .filter(|entry| begins(&words[first + 1..], &entry.rest))
            .map(|entry| Hit { first, end: first + 1 + entry.rest.len(), class: entry.class })
            .collect();
        let longest = hits.iter().map(|hit| hit.end).max().unwrap_or(0);
        hits.retain(|hit| hit.end == longest);
        hits.sort_by_key(|hit| hit.class);
        hits.dedup();
        hits
    }
}

fn stems(word: &str) -> impl Iterator<Item = &str> {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.skip(MIN_STEM_LETTERS - 1).map(|end| &word[..end])
}

fn begins(words: &[Word], parts: &[String]) -> bool {
    words.len() >= parts.len() && parts.iter().zip(words).all(|(part, word)| fits(part, &word.text))
}

/// Whether a word is an entry, or begins as one that ends in `*`.
pub fn fits(part: &str, word: &str) -> bool {
    part.strip_suffix('*').map_or(word == part, |stem| word.starts_with(stem))
}

/// The lines of a data file that say something: `(language, class, entries)` of `fr class: a, b`.
pub fn lines(
    file: &'static str,
) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    lists::lines(file).filter_map(|line| {
        let (head, entries) = line.split_once(':')?;
        let (lang, class) = head.split_once(' ')?;
        Some((lang, class, entries))
    })
}

#[cfg(test)]
mod tests {
    use super::super::words::split;
    use super::*;

    #[test]
    fn the_longest_entry_counts() {
        let mut lexicon = Lexicon::default();
        lexicon.add("sans, refus*", 0);
        lexicon.add("sans doute", 1);
        let words = split("Sans doute refusera-t-il, sans appel", "fr", 0);
        let found: Vec<_> = lexicon.find(&words).iter().map(|h| (h.first, h.class)).collect();
        assert_eq!(found, [(0, 1), (2, 0), (5, 0)]);
    }
}
