//! Who a text says that a quotation is of.

use std::ops::Range;
use std::sync::LazyLock;

use super::marks::Quote;
use crate::article::Span;
use crate::check::Side;
use crate::check::lists::Lists;
use crate::check::names::{Mention, Word, is_same_name};

pub static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("words.txt")));

/// How many words a verb of speech stands from its quotation at most.
const VERB_REACH: usize = 10;
/// How many words a speaker stands from the verb at most.
const NAME_REACH: usize = 12;

/// Names that may be the speaker's, the likeliest first. Each is several mentions side by side.
#[derive(Debug, Default)]
pub struct Speakers<'s>(Vec<&'s [Mention]>);

impl<'s> Speakers<'s> {
    /// Those of a quotation, from the rest of its sentence.
    pub fn of(side: &'s Side, quote: &Quote) -> Self {
        let after = Self::in_words(side, behind(side, quote), true);
        if after.0.is_empty() { Self::in_words(side, ahead(side, quote), false) } else { after }
    }

    fn in_words(side: &'s Side, range: Range<usize>, is_behind: bool) -> Self {
        let words = &side.names.words;
        let is_near = |at: usize| {
            let gap = if is_behind { at - range.start } else { range.end - 1 - at };
            gap < VERB_REACH
        };
        let mut verbs =
            range.clone().filter(|at| is_near(*at) && is_of_speech(&words[*at].folded, side.lang));
        let verb = if is_behind { verbs.next() } else { verbs.next_back() };
        let Some(verb) = verb else { return Self::default() };
        let before = range.start.max(verb.saturating_sub(NAME_REACH))..verb;
        let after = verb + 1..range.end.min(verb + 1 + NAME_REACH);
        let word = words[verb].folded.as_str();
        if LISTS.has(side.lang, "source", word) {
            return Self(runs(side, after).into_iter().take(1).collect());
        }
        let (before, after) = (names(side, before), names(side, after));
        Self(match () {
            () if LISTS.has(side.lang, "tell", word) => before,
            () if side.lang == "fr" && is_behind && !after.is_empty() => after,
            () if before.is_empty() => after,
            () => before,
        })
    }

    /// The likeliest name, where there is one.
    pub fn first(&self) -> Option<&'s [Mention]> {
        self.0.first().copied()
    }

    /// Whether the name may be one of these.
    pub fn have(&self, own: &Side, name: &[Mention], other: &Side) -> bool {
        self.0.iter().any(|speaker| {
            speaker.iter().any(|a| name.iter().any(|b| is_same_name(a, own, b, other)))
        })
    }
}

/// The place of a name.
pub fn span(name: &[Mention]) -> Span {
    let (first, last) = (name.first(), name.last());
    Span::new(first.map_or(0, |m| m.span.start), last.map_or(0, |m| m.span.end))
}

/// Whether a folded word is a verb of speech or leads in a speaker.
pub fn is_of_speech(folded: &str, lang: &str) -> bool {
    ["say", "tell", "source"].iter().any(|list| LISTS.has(lang, list, folded))
}

/// The words between a quotation and the end of its sentence, or the next quotation.
fn behind(side: &Side, quote: &Quote) -> Range<usize> {
    let rest = side.text.get(quote.span.end..).unwrap_or_default();
    let mark = rest.chars().next().map_or(0, char::len_utf8);
    let from = quote.span.end + mark;
    let end = sentence(side, quote.span.end).map_or(from, |sentence| sentence.end.max(from));
    let text = side.text.get(from..end).unwrap_or_default();
    let end = text.find(is_mark).map_or(end, |at| from + at);
    words_in(side, from, end)
}

/// The words between the beginning of the sentence, or the quotation before, and a quotation. A colon
/// before it may end a sentence.
fn ahead(side: &Side, quote: &Quote) -> Range<usize> {
    let text = side.text.get(..quote.span.start).unwrap_or_default();
    let mark = text.chars().next_back().map_or(0, char::len_utf8);
    let text = text[..text.len() - mark].trim_end();
    let last = text.chars().next_back().map_or(0, char::len_utf8);
    let own = sentence(side, quote.span.start).map(|sentence| sentence.start);
    let before = sentence(side, text.len().saturating_sub(last)).map(|sentence| sentence.start);
    let start = before.filter(|_| own == before || text.ends_with([':', ',']));
    let start = start.unwrap_or(text.len()).min(text.len());
    let clause = text.get(start..).unwrap_or_default();
    let start = clause.rfind(is_mark).map_or(start, |at| start + at);
    words_in(side, start, text.len())
}

fn is_mark(c: char) -> bool {
    matches!(c, '«' | '»' | '“' | '”' | '"' | '\n')
}

fn sentence(side: &Side, at: usize) -> Option<Span> {
    let next = side.sentences.partition_point(|sentence| sentence.end <= at);
    side.sentences.get(next).copied().filter(|sentence| sentence.start <= at)
}

fn words_in(side: &Side, start: usize, end: usize) -> Range<usize> {
    let words = &side.names.words;
    let first = words.partition_point(|word| word.span.start < start);
    first..words.partition_point(|word| word.span.end <= end).max(first)
}

/// The names among these words that nothing keeps from being a speaker.
fn names<'s>(side: &'s Side, range: Range<usize>) -> Vec<&'s [Mention]> {
    let mut found = runs(side, range);
    found.retain(|name| {
        let place = name.first().zip(name.last());
        place.is_some_and(|(first, last)| !is_kept(side, first.first) && !is_owner(side, last.end))
    });
    found
}

fn runs<'s>(side: &'s Side, range: Range<usize>) -> Vec<&'s [Mention]> {
    side.names.runs(range, |mention| side.names.is_name(mention, side.lang))
}

/// `of Lyon`, `à l'AFP`
fn is_kept(side: &Side, first: usize) -> bool {
    let words = &side.names.words[..first];
    let is_article = |word: &&Word| LISTS.has(side.lang, "article", &word.folded);
    let before = words.iter().rev().find(|word| !is_article(word));
    before.is_some_and(|word| LISTS.has(side.lang, "keep", &word.folded) && !word.is_capital())
}

/// `Macron's office`
fn is_owner(side: &Side, end: usize) -> bool {
    let next = side.names.words.get(end).filter(|next| next.is_linked && next.folded == "s");
    side.lang == "en" && next.is_some()
}
