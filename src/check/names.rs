//! Names that a text has and its source has not. For texts in one language.

use std::collections::HashSet;

use super::{Finding, Relation, Side};
use crate::article::Span;

/// Shorter words are initials and elided articles.
const MIN_LETTERS: usize = 3;

/// Findings of both directions.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    if relation == Relation::Summary && source.lang == target.lang {
        return invented(source.text, target.text);
    }
    Vec::new()
}

/// Findings for capitalised words of the target that the source never has. The first word of a
/// sentence is capitalised anyway, so it is not judged.
fn invented(source: &str, target: &str) -> Vec<Finding> {
    let known: HashSet<String> = words(source).map(|(word, _)| fold(word)).collect();
    let mut findings = Vec::new();
    let mut is_first = true;
    for (word, span) in words(target) {
        let is_name = word.chars().count() >= MIN_LETTERS && word.starts_with(char::is_uppercase);
        if is_name && !is_first && !is_known(word, &known) {
            let message = format!("`{word}` is not in the source");
            findings.push(Finding::error("name", message).in_target(span));
        }
        is_first = target[span.end..].starts_with(['.', '!', '?']);
    }
    findings
}

fn is_known(word: &str, known: &HashSet<String>) -> bool {
    let word = fold(word);
    // A plural, or a title in the other number.
    let singular = word.strip_suffix('s').unwrap_or(&word);
    known.contains(&word) || known.contains(singular) || known.contains(&format!("{word}s"))
}

fn words(text: &str) -> impl Iterator<Item = (&str, Span)> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(move |word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        (word, Span::new(start, start + word.len()))
    })
}

/// Lower case without accents: `Élysée` and `Elysée` are one name.
fn fold(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let is_accent = |c: &char| unicode_normalization::char::is_combining_mark(*c);
    word.nfd().filter(|c| !is_accent(c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invented_name_is_found() {
        let source = "Le maire Paul Arnaud a reçu les élus à l'Elysée.";
        assert!(invented(source, "Paul Arnaud a été reçu à l'Élysée.").is_empty());
        let findings = invented(source, "Le maire Paul Durand a reçu les élus.");
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.contains("Durand"));
    }
}
