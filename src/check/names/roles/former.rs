//! `ancien` before an office without a name.

use super::find::people_at;
use super::nouns::NOUNS;
use crate::article::Span;
use crate::check::names::index::{Index, WORDS};
use crate::check::{Finding, Side};

/// `ancien` that was lost or made up.
pub fn compare(source: &Side, target: &Side) -> Option<Finding> {
    let said = former_office(&source.names, source.lang);
    let told = former_office(&target.names, target.lang);
    match (said, told) {
        (Some(span), None) if !has_past(&target.names) => {
            let message = format!("`{}` of the source is lost", span.of(source.text));
            Some(Finding::warning("role", message).in_source(span))
        }
        (None, Some(span)) if !has_past(&source.names) => {
            let message = format!("`{}` is not in the source", span.of(target.text));
            Some(Finding::warning("role", message).in_target(span))
        }
        _ => None,
    }
}

/// The first `ancien` that stands before an office.
fn former_office(index: &Index, lang: &str) -> Option<Span> {
    let at = (0..index.words.len().saturating_sub(1)).find(|at| {
        let next = &index.words[at + 1];
        let word = index.words[*at].folded.as_str();
        let is_mark = WORDS.has("fr", "former", word) || word == "former";
        let people = |at: usize| people_at(&index.words, at, lang).0;
        is_mark && next.is_linked && {
            let noun = people(at + 1).min(index.words.len() - 1);
            NOUNS.find(&index.words[noun..], lang).is_some()
        }
    })?;
    Some(Span::new(index.words[at].span.start, index.words[at + 1].span.end))
}

/// Other words that say that somebody is no longer in office.
fn has_past(index: &Index) -> bool {
    WORDS.get("any", "past").iter().any(|word| index.has_word(word))
}
