//! Finding offices beside names.

use super::nouns::NOUNS;
use crate::article::Span;
use crate::check::names::index::WORDS;
use crate::check::names::tables::{self, Id, TABLES};
use crate::check::names::words::Word;

/// An office that a text gives to a person.
#[derive(Debug, Clone)]
pub struct Office {
    pub(super) span: Span,
    pub(super) concepts: &'static [u16],
    /// `ancien`, `former`.
    pub(super) is_former: bool,
    /// The country of `le président français`.
    pub(super) people: &'static [Id],
    /// The person's last name.
    pub(super) word: usize,
}

/// The offices of a text that stand right beside a name.
pub fn find(words: &[Word], text: &str, lang: &str) -> Vec<Office> {
    let mut offices = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = NOUNS.find(&words[at..], lang).filter(|_| !is_of_a_chamber(words, at));
        let Some((concepts, n)) = found else {
            at += 1;
            continue;
        };
        let (before, people_before) = people_ending(words, at, lang);
        let (after, people_after) = people_at(words, at + n, lang);
        let people = if people_before.is_empty() { people_after } else { people_before };
        let office = |word: usize| Office {
            span: Span::new(words[at].span.start, words[at + n - 1].span.end),
            concepts,
            is_former: is_former(words, before),
            people,
            word,
        };
        let field = field_end(words, after, lang);
        let after = field.unwrap_or(after);
        let mut holders = holders_after(words, text, after, lang);
        // Behind a field, a single word is rather a body than a person.
        holders.retain(|last| field.is_none() || *last > after);
        if holders.is_empty() {
            offices.extend(holder_before(words, text, before, lang).map(office));
        }
        offices.extend(holders.into_iter().map(office));
        at += n;
    }
    offices
}

fn is_and(word: &Word) -> bool {
    matches!(word.folded.as_str(), "et" | "and")
}

/// The representatives of the `Chambre des représentants` are nobody's office.
fn is_of_a_chamber(words: &[Word], at: usize) -> bool {
    let before = at.checked_sub(2).and_then(|first| words.get(first));
    before.is_some_and(|word| WORDS.has("any", "chamber", &word.folded))
}

/// A people right after the noun: where it ends, and which it is.
pub(super) fn people_at(words: &[Word], at: usize, lang: &str) -> (usize, &'static [Id]) {
    let linked = words.get(at).filter(|word| word.is_linked);
    let found = linked.and_then(|_| TABLES.forms(lang).longest_at(&words[at..]));
    found.filter(|(form, _)| form.is_people).map_or((at, &[]), |(form, n)| (at + n, &form.ids))
}

/// A people right before the noun: where it begins, and which it is.
fn people_ending(words: &[Word], at: usize, lang: &str) -> (usize, &'static [Id]) {
    let Some(before) = at.checked_sub(1).filter(|_| words[at].is_linked) else { return (at, &[]) };
    let found = TABLES.forms(lang).longest_at(&words[before..at]);
    let is_country = |ids: &[Id]| ids.iter().all(|id| TABLES.parent(*id).is_none());
    let found = found.filter(|(form, _)| lang == "en" && is_country(&form.ids) && !form.is_given);
    found.map_or((at, &[]), |(form, _)| (before, &form.ids))
}

/// The end of what an office is over: `de la Justice` before a name. `gendre de Donald Trump` has none.
fn field_end(words: &[Word], at: usize, lang: &str) -> Option<usize> {
    words.get(at).filter(|w| w.is_linked && WORDS.has("any", "field", &w.folded))?;
    let is_field = |word: &Word| {
        let place = TABLES.forms(lang).longest_at(std::slice::from_ref(word));
        tables::is_common(&word.folded, lang) || place.is_some_and(|(form, _)| !form.is_given)
    };
    let n_rest = words[at + 1..]
        .iter()
        .take(6)
        .take_while(|w| w.is_linked && is_field(w) && !is_and(w))
        .count();
    let end = at + 1 + n_rest;
    words[at + 1..end].iter().any(Word::is_capital).then_some(end)
}

fn is_former(words: &[Word], at: usize) -> bool {
    let before = words[..at].iter().rev().take(2);
    let has = |lang: &str, word: &Word| WORDS.has(lang, "former", &word.folded);
    before.into_iter().any(|word| has("fr", word) || has("en", word))
}

/// The last words of the names that begin at `at`: one, or several that `et` joins.
fn holders_after(words: &[Word], text: &str, mut at: usize, lang: &str) -> Vec<usize> {
    let mut holders = Vec::new();
    while let Some(last) = name_at(words, text, at, lang) {
        holders.push(last);
        let joined = words.get(last + 1).filter(|w| w.is_linked && is_and(w));
        if joined.is_none() {
            break;
        }
        at = last + 2;
    }
    holders
}

fn name_at(words: &[Word], text: &str, at: usize, lang: &str) -> Option<usize> {
    // `J.` is an initial, whatever word it is in the lists.
    let is_name = |word: &Word| {
        word.is_capital() && (word.folded.len() == 1 || !tables::is_common(&word.folded, lang))
    };
    let first = words.get(at).filter(|word| is_name(word) && is_close(words, text, at))?;
    if TABLES
        .forms(lang)
        .longest_at(std::slice::from_ref(first))
        .is_some_and(|(form, _)| form.is_people)
    {
        return None;
    }
    let rest = words[at + 1..].iter().take_while(|word| word.is_linked && is_name(word)).count();
    Some(at + rest)
}

/// Only blanks, a comma or a dash stand before the word.
fn is_close(words: &[Word], text: &str, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    let gap = text.get(words[before].span.end..words[at].span.start).unwrap_or_default();
    gap.chars().count() <= 4
        && gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '-' | '–' | '—'))
}

/// `Jean Lebrun, le gendre de ...`: the name that an office stands in apposition to.
fn holder_before(words: &[Word], text: &str, at: usize, lang: &str) -> Option<usize> {
    let mut first = at;
    let is_article = |word: &Word| WORDS.has("any", "article", &word.folded);
    while first > 0 && first + 2 >= at && is_article(&words[first - 1]) {
        first -= 1;
    }
    let holder = first.checked_sub(1)?;
    let gap = text.get(words[holder].span.end..words.get(first)?.span.start)?;
    let is_apposition = gap.contains([',', '–', '—']) || gap.contains("--");
    let is_name = words[holder].is_capital() && !tables::is_common(&words[holder].folded, lang);
    let listed = TABLES.forms(lang).longest_at(std::slice::from_ref(&words[holder]));
    let is_name = is_name && listed.is_none_or(|(form, _)| !form.is_people);
    (is_apposition && gap.chars().count() <= 4 && is_name).then_some(holder)
}
