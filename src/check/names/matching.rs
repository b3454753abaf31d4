//! The counterpart of a name in the other text.

use super::index::{Index, Mention, Trust};
use super::spelling::{self, Likeness};
use super::tables::TABLES;
use super::words::{Case, Word};
use crate::check::Side;

/// What of a name is in the other text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    Same,
    /// A country for its capital or the reverse.
    Implied,
    /// A word that is alike, but for no known reason.
    Near,
    None,
}

/// Searches `other` for a name of `own`; the languages are those of the two texts.
pub fn find(mention: &Mention, own: &Index, other: &Index, langs: (&str, &str)) -> Match {
    if is_listed_in(mention, own, other) {
        return Match::Same;
    }
    let words = &own.words[mention.first..mention.end];
    let matches = (mention.first..mention.end).map(|at| find_word(at, own, other, langs));
    let all = matches.max_by_key(|m| *m as u8).unwrap_or(Match::None);
    if all == Match::Same || acronym(mention, own, other, langs) {
        return Match::Same;
    }
    if !mention.ids.is_empty()
        && (super::are_related(mention, other) || has_part(words, other, langs.0))
    {
        return Match::Implied;
    }
    all
}

/// Southern Africa where the other text has Africa.
fn has_part(words: &[Word], other: &Index, lang: &str) -> bool {
    let part = |word: &Word| TABLES.forms(lang).longest_at(std::slice::from_ref(word));
    let is_known = |word: &Word| {
        part(word).is_some_and(|(form, _)| form.ids.iter().any(|id| other.n_mentions(*id) > 0))
    };
    words.len() > 1 && words.iter().any(is_known)
}

/// The same entry of the lists. A given name is translated only of kings and saints, who have no
/// family name.
fn is_listed_in(mention: &Mention, own: &Index, other: &Index) -> bool {
    let has = mention.ids.iter().any(|id| other.n_mentions(*id) > 0);
    if !has || !mention.is_given {
        return has;
    }
    let next = own.words.get(mention.end).filter(|next| next.is_linked);
    let surname = next.filter(|next| next.case == Case::Capital && !next.opens);
    surname.is_none_or(|next| is_number(next) || next.folded.len() < 3)
        || mention.trust != Trust::Sure
}

fn is_number(word: &Word) -> bool {
    word.folded.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l' | 'c'))
}

fn find_word(at: usize, own: &Index, other: &Index, (lang, other_lang): (&str, &str)) -> Match {
    let word = &own.words[at];
    if !word.is_capital() && word.folded.len() < 4 {
        return Match::Same;
    }
    if other.has_word(&word.folded) || is_joined(at, own, other) {
        return Match::Same;
    }
    let same_lang = lang == other_lang;
    let mut best = Match::None;
    let sound = spelling::skeleton(&word.folded, lang);
    let by_sound = other.like_sound(&sound).filter(|_| !same_lang);
    for candidate in by_sound.chain(other.like_root(&word.folded)) {
        match likeness(word, candidate, lang, same_lang) {
            Likeness::Same => return Match::Same,
            Likeness::Near => best = Match::Near,
            Likeness::Different => {}
        }
    }
    best
}

fn likeness(word: &Word, candidate: &Word, lang: &str, same_lang: bool) -> Likeness {
    if same_lang {
        let is_same = spelling::is_plural(&word.folded, &candidate.folded);
        return if is_same { Likeness::Same } else { Likeness::Different };
    }
    let (fr, en) = if lang == "en" { (candidate, word) } else { (word, candidate) };
    match spelling::compare(&fr.folded, &en.folded) {
        // A common word that became part of a name, or ceased to be: représentants, Representatives.
        Likeness::Near
            if !(fr.is_capital() && en.is_capital())
                && spelling::has_root(&fr.folded, &en.folded) =>
        {
            Likeness::Same
        }
        likeness => likeness,
    }
}

/// Whether two mentions, one of each text, may be of one person, place or body: an acronym may be of
/// any.
pub fn is_same_name(a: &Mention, own: &Side, b: &Mention, other: &Side) -> bool {
    let words =
        |mention: &Mention, side: &Side| side.names.words[mention.first..mention.end].to_vec();
    let (left, right) = (words(a, own), words(b, other));
    let is_acronym = |words: &[Word]| words.iter().any(|word| word.case == Case::Upper);
    let is_one = |a: &Word, b: &Word| {
        let (fr, en) = if own.lang == "en" { (b, a) } else { (a, b) };
        a.folded == b.folded
            || own.lang != other.lang
                && spelling::compare(&fr.folded, &en.folded) != Likeness::Different
    };
    a.ids.iter().any(|id| b.ids.contains(id))
        || left.iter().any(|a| right.iter().any(|b| is_one(a, b)))
        || is_acronym(&left) != is_acronym(&right)
}

/// `El Marti` and `ElMarti`.
fn is_joined(at: usize, own: &Index, other: &Index) -> bool {
    let word = &own.words[at];
    let after = own.words.get(at + 1).filter(|next| next.is_linked);
    let before = at.checked_sub(1).map(|at| &own.words[at]).filter(|_| word.is_linked);
    after.is_some_and(|next| other.has_word(&format!("{}{}", word.folded, next.folded)))
        || before.is_some_and(|before| other.has_word(&format!("{}{}", before.folded, word.folded)))
}

/// An acronym with its letters in the other language's order, or beside its words.
fn acronym(mention: &Mention, own: &Index, other: &Index, langs: (&str, &str)) -> bool {
    match &own.words[mention.first..mention.end] {
        [word] if word.case == Case::Upper && langs.0 == langs.1 => other.spells_out(&word.folded),
        [word] if word.case == Case::Upper => other.has_acronym_of(&word.folded),
        _ => own.is_spelled_out(mention.first, other),
    }
}
