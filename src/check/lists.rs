//! Word lists in data files, that a linguist can edit.

use std::collections::HashMap;

/// The lists of a file: lines of `LANGUAGE NAME: entry, entry`, and comments behind `#`.
#[derive(Debug)]
pub struct Lists(HashMap<&'static str, HashMap<&'static str, Vec<&'static str>>>);

impl Lists {
    pub fn read(file: &'static str) -> Self {
        let mut lists: HashMap<_, HashMap<_, Vec<_>>> = HashMap::new();
        for (head, entries) in lines(file).filter_map(|line| line.split_once(':')) {
            let Some((lang, name)) = head.trim().split_once(' ') else { continue };
            let entries = entries.split(',').map(str::trim).filter(|entry| !entry.is_empty());
            lists.entry(lang).or_default().entry(name).or_default().extend(entries);
        }
        Self(lists)
    }

    /// The entries in the order of the file; none of a list that is not there.
    pub fn get(&self, lang: &str, name: &str) -> &[&'static str] {
        self.0.get(lang).and_then(|lists| lists.get(name)).map_or(&[], Vec::as_slice)
    }

    /// Whether a word is an entry.
    pub fn has(&self, lang: &str, name: &str, word: &str) -> bool {
        self.get(lang, name).contains(&word)
    }

    /// Whether a word ends as an entry does.
    pub fn has_ending(&self, lang: &str, name: &str, word: &str) -> bool {
        self.get(lang, name).iter().any(|end| word.ends_with(end))
    }
}

/// The lines of a data file that say something.
pub fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_by_language_and_name() {
        let lists = Lists::read("# a list\nfr ends: ment, tion\n\nen ends: ing\nfr ends: ique\n");
        assert_eq!(lists.get("fr", "ends"), ["ment", "tion", "ique"]);
        assert!(lists.has("en", "ends", "ing") && lists.get("en", "other").is_empty());
        assert!(lists.has_ending("fr", "ends", "publique"));
    }
}
