//! Words that the source spells otherwise: a small model writes `contreignantes` for
//! `contraignantes`. Without a dictionary only words of the source can tell.

use std::collections::HashSet;

use super::super::{Finding, Relation, Side};
use crate::article::Span;

/// Shorter words are one letter away from too many others.
const MIN_LETTERS: usize = 9;
/// Letters at the end that inflection changes.
const N_ENDING: usize = 3;

/// Long words of a summary that are one letter off a word of the source, and are not in it.
pub fn misspelled(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    if relation != Relation::Summary || source.lang != target.lang {
        return Vec::new();
    }
    let long: Vec<(String, Span)> = long_words(target.text).collect();
    if long.is_empty() {
        return Vec::new();
    }
    let known: HashSet<String> = long_words(source.text).map(|(word, _)| word).collect();
    let unknown = long.into_iter().filter(|(word, _)| !known.contains(word));
    let meant = |word: &str| known.iter().filter(|other| is_one_off(word, other)).min();
    unknown
        .filter_map(|(word, span)| {
            let message = format!("`{word}` is spelled `{}` in the source", meant(&word)?);
            Some(Finding::warning("form", message).in_target(span))
        })
        .collect()
}

/// Lower-case words of many letters with their places; names are checked elsewhere.
fn long_words(text: &str) -> impl Iterator<Item = (String, Span)> + '_ {
    let words = text.split(|c: char| !c.is_alphabetic());
    let long = words
        .filter(|word| word.starts_with(char::is_lowercase) && word.chars().count() >= MIN_LETTERS);
    long.map(move |word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        (word.to_lowercase(), Span::new(start, start + word.len()))
    })
}

/// As many letters, and one of them another, neither the first nor one of the ending.
fn is_one_off(word: &str, other: &str) -> bool {
    let (n, n_other) = (word.chars().count(), other.chars().count());
    let mut differing = word.chars().zip(other.chars()).enumerate().filter(|(_, (a, b))| a != b);
    let first = differing.next().map(|(idx, _)| idx);
    n == n_other
        && first.is_some_and(|idx| (1..n - N_ENDING).contains(&idx))
        && differing.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str, target: &str) -> Vec<String> {
        let (source, target) = (Side::read(source, "fr", None), Side::read(target, "fr", None));
        let findings = misspelled(&source, &target, Relation::Summary);
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_word_that_the_article_spells_otherwise_is_found() {
        let source = "Des règles juridiquement contraignantes sont prévues.";
        assert_eq!(
            found(source, "Les règles seront contreignantes."),
            ["`contreignantes` is spelled `contraignantes` in the source"]
        );
        assert!(found(source, "Les règles seront contraignantes.").is_empty());
    }

    #[test]
    fn other_forms_and_other_words_are_no_findings() {
        let source = "Les négociateurs reprendront leurs discussions sur les financements.";
        assert!(found(source, "Les négociatrices reprendraient une discussion.").is_empty());
    }
}
