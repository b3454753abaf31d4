//! English that no one writes: what is left when a word was dropped.

use super::super::Finding;
use super::super::polarity::words::Word;
use crate::article::Span;

const ARTICLES: [&str; 3] = ["the", "a", "an"];
const DETERMINERS: [&str; 7] = ["the", "a", "an", "its", "their", "our", "your"];
const NOT_BEHIND_ARTICLES: [&str; 42] = [
    "of", "to", "and", "is", "are", "was", "were", "for", "with", "by", "from", "at", "that",
    "which", "who", "when", "where", "because", "or", "has", "have", "had", "will", "would", "the",
    "a", "an", "it", "he", "she", "they", "we", "them", "him", "been", "be", "into", "could",
    "should", "do", "does", "did",
];
const PREPOSITIONS: [&str; 10] =
    ["of", "from", "into", "with", "between", "among", "during", "without", "than", "and"];
const MODALS: [&str; 8] = ["will", "would", "could", "should", "must", "can", "might", "to"];
const NOT_BEHIND_MODALS: [&str; 10] =
    ["of", "than", "is", "are", "was", "were", "has", "had", "been", "should"];

/// Two words, or a word and a mark, that do not follow each other.
pub fn check(words: &[Word], lang: &str) -> Option<Finding> {
    if lang != "en" {
        return None;
    }
    let pairs = words.windows(2).filter(|pair| pair[0].span.end <= pair[1].span.start);
    let bad = pairs.into_iter().find(|pair| is_bad(&pair[0], &pair[1]))?;
    let message = format!("a word is missing behind `{}`", bad[0].text);
    let at = Span::new(bad[0].span.start, bad[1].span.end);
    Some(Finding::note("form", message).in_target(at))
}

fn is_bad(first: &Word, next: &Word) -> bool {
    let (a, b) = (first.text.as_str(), next.text.as_str());
    let stop = matches!(b, "." | "," | ";" | ":" | "?" | "!" | ")");
    let proper = next.capital || first.capital && a == "a";
    if proper {
        return false;
    }
    let article = ARTICLES.contains(&a) && NOT_BEHIND_ARTICLES.contains(&b);
    let open = DETERMINERS.contains(&a) && stop && !(a == "a" && b == ".");
    let hanging = PREPOSITIONS.contains(&a) && matches!(b, "." | ";" | ")");
    let verbless = MODALS.contains(&a) && NOT_BEHIND_MODALS.contains(&b);
    article || open || hanging || verbless
}
