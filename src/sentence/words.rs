//! The words of `words.txt`, by language.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

type List = HashSet<&'static str>;

/// What the stop behind a word, or the word behind a stop, says of a boundary.
#[derive(Debug, Default)]
pub struct Words {
    /// Their stop never ends a sentence.
    pub always: List,
    /// Their stop ends one only before a word of `openers` or `determiners`.
    pub names: List,
    /// Their stop ends one only before a capital.
    pub numbers: List,
    /// Of `numbers`, those that are also followed by an initial.
    pub articles: List,
    /// Words that open a sentence and no name.
    pub openers: List,
    /// Words that open a sentence, or a name behind an initial.
    pub determiners: List,
}

impl Words {
    /// The words of a language; none where the file has none.
    pub fn of(language: &str) -> &'static Self {
        static NONE: LazyLock<Words> = LazyLock::new(Words::default);
        LANGUAGES.get(language).unwrap_or(&NONE)
    }

    /// Whether `next`, the text behind a stop, opens a sentence and no name.
    pub fn opens(&self, next: &str) -> bool {
        self.openers.contains(first_word(next))
    }

    /// The same, where an article proves it too.
    pub fn opens_widely(&self, next: &str) -> bool {
        self.opens(next) || self.determiners.contains(first_word(next)) || elides(next)
    }

    fn list(&mut self, class: &str) -> Option<&mut List> {
        Some(match class {
            "always" => &mut self.always,
            "names" => &mut self.names,
            "numbers" => &mut self.numbers,
            "articles" => &mut self.articles,
            "openers" => &mut self.openers,
            "determiners" => &mut self.determiners,
            _ => return None,
        })
    }
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    &text[..end]
}

/// `L'accord`, `D'autres`, `C'est`, `S'il`, `J'ai`, `N'en`, `Qu'en`
fn elides(text: &str) -> bool {
    matches!(first_word(text), "L" | "D" | "C" | "S" | "J" | "N" | "Qu")
        && text[first_word(text).len()..].starts_with(['\'', '’'])
}

static LANGUAGES: LazyLock<HashMap<&'static str, Words>> = LazyLock::new(|| {
    let mut languages: HashMap<&str, Words> = HashMap::new();
    for (head, words) in lines() {
        let Some((language, class)) = head.split_once(' ') else { continue };
        if let Some(list) = languages.entry(language).or_default().list(class) {
            list.extend(words.split_whitespace());
        }
    }
    languages
});

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("words.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_known_class() {
        for (head, words) in lines() {
            let class = head.split_once(' ').map(|(_, class)| class);
            assert!(class.is_some_and(|class| Words::default().list(class).is_some()), "{head}");
            assert!(!words.trim().is_empty(), "{head} is empty");
        }
    }

    #[test]
    fn elided_articles_open_a_sentence() {
        assert!(Words::of("fr").opens_widely("L’accord tient."));
        assert!(!Words::of("fr").opens("Le Guen"));
    }
}
