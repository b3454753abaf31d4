//! The word lists of notes, and what they find in a sentence.

use std::ops::Range;
use std::sync::LazyLock;

use crate::article::Span;
use crate::check::Side;
use crate::check::names::Word;
use crate::check::{Lists, quotes};

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("words.txt")));

/// Whether a folded word is in a list.
pub fn has(lang: &str, list: &str, folded: &str) -> bool {
    LISTS.has(lang, list, folded)
}

/// The words of the first entry of a list that stands in these words, one behind the other.
pub fn phrase(words: &[Word], lang: &str, list: &str) -> Option<Range<usize>> {
    let entries = LISTS.get(lang, list).iter();
    let places = entries.filter_map(|entry| {
        let parts: Vec<&str> = entry.split(' ').collect();
        let fits = |run: &[Word]| run.iter().zip(&parts).all(|(word, part)| word.folded == *part);
        let at = words.windows(parts.len()).position(fits)?;
        Some(at..at + parts.len())
    });
    places.min_by_key(|place| place.start)
}

/// How many words the longest entry of a list covers that these words begin with.
pub fn at(words: &[Word], lang: &str, list: &str) -> Option<usize> {
    let entries = LISTS.get(lang, list).iter().map(|entry| entry.split(' ').collect::<Vec<_>>());
    let fits = |parts: &Vec<&str>| {
        parts.len() <= words.len()
            && parts.iter().zip(words).all(|(part, word)| word.folded == *part)
    };
    entries.filter(fits).map(|parts| parts.len()).max()
}

/// The place of the first verb of speech outside of quotations.
pub fn verb_of_speech(side: &Side) -> Option<usize> {
    let verb =
        |word: &Word| quotes::is_of_speech(&word.folded, side.lang) && !is_quoted(side, word.span);
    side.names.words.iter().position(verb)
}

/// Whether a span stands between quotation marks, or over one.
pub fn is_quoted(side: &Side, span: Span) -> bool {
    let quoted = quotes::find(side);
    quoted.iter().any(|quote| quote.span.start < span.end && span.start < quote.span.end)
}

/// Whether a sentence tells of what was still to come when it was written: a verb in the future, or a
/// word that says so.
pub fn is_ahead(side: &Side) -> bool {
    let words = &side.names.words;
    let is_future = |word: &Word| side.lang == "fr" && is_future_verb(&word.folded);
    words.iter().any(|word| !word.is_capital() && is_future(word))
        || phrase(words, side.lang, "ahead").is_some()
}

/// `recevra`, `seront`: third person of the French future. The words that only end so are few and
/// short.
fn is_future_verb(folded: &str) -> bool {
    let stem = folded.strip_suffix("ont").or_else(|| folded.strip_suffix('a'));
    let stem = stem.filter(|stem| stem.len() >= 3 && stem.ends_with('r'));
    stem.is_some_and(|_| !matches!(folded, "opera" | "camera" | "front" | "affront" | "libera"))
}
