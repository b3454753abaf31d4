//! Who stands against whom: a preposition that a summary puts before a name.
//!
//! A small model reduces `après un accord avec la Russie` to `après la Russie`. The words are all
//! in the article, so that no other check sees it; but nowhere does `après` stand before `Russie`.

use super::super::polarity::words::Word;
use super::super::{Finding, Side};
use super::LISTS;
use crate::article::Span;

/// How far before a name the article may have the preposition.
const REACH: usize = 10;

/// A preposition with a name.
struct Phrase<'w> {
    /// The first word of the preposition.
    head: &'w str,
    name: &'w str,
    span: Span,
}

/// The prepositions of a summary, `side`, that its article, in the same language, never puts near
/// the name.
pub fn compare(source: &[Word], target: &[Word], side: &Side) -> Vec<Finding> {
    let phrases = (0..target.len()).filter_map(|at| phrase(target, at, side.lang));
    let new = phrases.filter(|phrase| is_new(phrase, source));
    new.map(|phrase| finding(&phrase, side.text)).collect()
}

fn finding(phrase: &Phrase, text: &str) -> Finding {
    let message = format!("the source never says `{}` so", phrase.span.of(text));
    Finding::warning("support", message).in_target(phrase.span)
}

/// A preposition at `at` with the name behind it.
fn phrase<'w>(words: &'w [Word], at: usize, lang: &str) -> Option<Phrase<'w>> {
    let found = LISTS.get(lang, "preposition").iter().find(|preposition| {
        let parts = preposition.split(' ').enumerate();
        parts.into_iter().all(|(i, part)| words.get(at + i).is_some_and(|w| w.text == part))
    })?;
    let n_words = found.split(' ').count();
    let behind = words[at + n_words..].iter();
    let name = behind.into_iter().find(|word| !LISTS.has(lang, "between", &word.text))?;
    let span = Span::new(words[at].span.start, name.span.end);
    let is_name = name.capital && name.text.chars().nth(2).is_some();
    is_name.then_some(Phrase { head: &words[at].text, name: &name.text, span })
}

/// Whether the source has the name, and never the preposition shortly before it.
fn is_new(phrase: &Phrase, source: &[Word]) -> bool {
    let places: Vec<usize> = (0..source.len())
        .filter(|&at| source[at].capital && source[at].text == phrase.name)
        .collect();
    let is_near = |at: &usize| {
        let before = &source[at.saturating_sub(REACH)..*at];
        before.iter().any(|word| word.text == phrase.head)
    };
    !places.is_empty() && !places.iter().any(is_near)
}

#[cfg(test)]
mod tests {
    use super::super::words::split;
    use super::*;

    const ARTICLE: &str = "Après un accord de paix avec le gouvernement de Valmont, qui a promis \
        des aides, les alliés défendront Loubise. Ils manifestent contre la présidente de Loubise. \
        À Valmont, rien de neuf.";

    fn messages(summary: &str) -> Vec<String> {
        let side = Side::read(summary, "fr", None);
        let found = compare(&split(ARTICLE, "fr", 0), &split(summary, "fr", 0), &side);
        found.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_preposition_that_got_another_name_is_seen() {
        assert_eq!(
            messages("Les alliés défendront Loubise face à Valmont."),
            ["the source never says `face à Valmont` so"]
        );
        assert_eq!(
            messages("Les alliés agiront après Loubise."),
            ["the source never says `après Loubise` so"]
        );
    }

    #[test]
    fn shortened_phrases_are_not() {
        assert!(messages("Ils manifestent contre Loubise.").is_empty());
        assert!(messages("Les alliés agiront après Valmont et ses aides.").is_empty());
        assert!(messages("Ils manifestent contre Paris.").is_empty());
    }
}
