//! French in telegram style, without articles: `Commune signe charte`.
//!
//! No grammar is at hand, but the article itself: a noun that never stands there without a
//! determiner, and stands bare in a sentence of its summary, has lost one.

use std::collections::HashMap;

use super::super::Finding;
use super::super::polarity::words::Word;

const DETERMINERS: [&str; 36] = [
    "le",
    "la",
    "les",
    "l'",
    "un",
    "une",
    "des",
    "du",
    "de",
    "d'",
    "au",
    "aux",
    "ce",
    "cet",
    "cette",
    "ces",
    "son",
    "sa",
    "ses",
    "leur",
    "leurs",
    "notre",
    "nos",
    "votre",
    "vos",
    "mon",
    "ma",
    "mes",
    "chaque",
    "plusieurs",
    "quelques",
    "aucun",
    "aucune",
    "tout",
    "toute",
    "tous",
];
/// After these a noun may stand bare.
const BEFORE_BARE: [&str; 22] = [
    "en", "à", "par", "pour", "sur", "sans", "avec", "contre", "entre", "sous", "comme", "et",
    "ou", "ni", "chez", "vers", "dans", "depuis", "dès", "avant", "après", "est",
];
/// Shorter words are seldom nouns.
const MIN_LETTERS: usize = 4;
const MIN_WORDS: usize = 4;
/// So many nouns without a determiner make it a style.
const MIN_BARE: usize = 2;
/// In written French one word in five is a determiner; below this share there are too few.
const FEW_DETERMINERS: f64 = 0.13;

/// Whether a sentence of a French summary leaves its articles out.
pub fn compare(source: &[Word], target: &[Word]) -> Option<Finding> {
    let said: Vec<&Word> = target.iter().filter(|word| word.is_word()).collect();
    let n_determiners = said.iter().filter(|word| is_determiner(word)).count();
    let share = n_determiners as f64 / said.len().max(1) as f64;
    if said.len() < MIN_WORDS || share > FEW_DETERMINERS {
        return None;
    }
    let nouns = nouns(source);
    let is_noun = |word: &Word| nouns.get(word.text.as_str()) == Some(&true);
    let bare = with_previous(target).filter(|(before, word)| {
        let free = before.is_none_or(|before| !may_stand_before(before));
        free && (!word.capital || before.is_none()) && is_noun(word)
    });
    let bare: Vec<&str> = bare.map(|(_, word)| word.text.as_str()).collect();
    let message = || format!("telegram style: `{}` without articles", bare.join("`, `"));
    (bare.len() >= MIN_BARE).then(|| Finding::warning("form", message()))
}

/// The words that are never without a determiner, `true`, and those that are.
fn nouns(words: &[Word]) -> HashMap<&str, bool> {
    let mut nouns = HashMap::new();
    for (before, word) in with_previous(words) {
        let long = word.text.chars().nth(MIN_LETTERS - 1).is_some();
        if long && word.text.starts_with(char::is_alphabetic) {
            let has_determiner = before.is_some_and(is_determiner);
            *nouns.entry(word.text.as_str()).or_insert(true) &= has_determiner;
        }
    }
    nouns
}

/// Words with the word or mark before them.
fn with_previous(words: &[Word]) -> impl Iterator<Item = (Option<&Word>, &Word)> {
    let before = std::iter::once(None).chain(words.iter().map(Some));
    before.zip(words).filter(|(_, word)| word.is_word())
}

fn is_determiner(word: &Word) -> bool {
    DETERMINERS.contains(&word.text.as_str())
}

/// `deux communes`, `en commune`, but not `signe commune`.
fn may_stand_before(word: &Word) -> bool {
    let text = word.text.as_str();
    is_determiner(word)
        || BEFORE_BARE.contains(&text)
        || !word.is_word()
        || text.starts_with(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::super::words::split;
    use super::*;

    const ARTICLE: &str = "Les communes ont signé la charte sur le partage de l'eau. Une \
        conductrice a été blessée dans un accident. La charte prévoit un fonds.";

    fn found(sentence: &str) -> Option<Finding> {
        compare(&split(ARTICLE, "fr", 0), &split(sentence, "fr", 0))
    }

    #[test]
    fn articles_left_out_are_seen() {
        assert!(found("46 communes signent charte sur partage.").is_none());
        assert!(found("Conductrice blessée, communes signent charte.").is_some());
        assert!(found("Communes signent charte prévoyant fonds.").is_some());
    }

    #[test]
    fn whole_sentences_are_not() {
        for sentence in [
            "Les communes ont signé la charte.",
            "Une conductrice est blessée.",
            "Elle a été blessée mardi près de Dole.",
            "En charte et en partage, tout est dit.",
        ] {
            assert_eq!(found(sentence), None, "{sentence}");
        }
    }
}
