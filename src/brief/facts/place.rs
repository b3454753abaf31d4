//! At which venue it happened.

use super::answer::{Answer, fact};
use super::data::{Term, has, say, term_at};
use super::date::{self, Told};
use crate::brief::fact::{Fact, Kind};
use crate::brief::source::{Dossier, Place};
use crate::check::names::Word;
use crate::digest::Language;

/// A venue in a sentence.
struct Venue {
    key: String,
    name: String,
    /// Where its first word stands among the words of the sentence.
    at: usize,
}

/// The question of the venue.
pub fn find(dossier: &Dossier, days: &[Option<Told>], language: Language) -> Option<Fact> {
    let answers: Vec<Answer> =
        dossier.places().flat_map(|place| answers(dossier, place, days, language)).collect();
    fact(Kind::Place, say(language, "Où était-ce ?", "Where did it happen?"), &answers)
}

fn answers(
    dossier: &Dossier,
    place: Place,
    days: &[Option<Told>],
    language: Language,
) -> Vec<Answer> {
    let side = dossier.side(place);
    let day = days[place.source_idx].map(|told| told.day);
    let words = &side.names.words;
    let is_of_event =
        words.iter().any(|word| has("event", word)) || date::names_day(dossier, place, day);
    if side.lang != "fr" || !is_of_event {
        return Vec::new();
    }
    let is_there = |venue: &Venue| {
        let part = nearest_time(dossier, place, words[venue.at].span.start);
        is_entered(words, venue.at) && !date::is_of_other_day(dossier, place, part, day)
    };
    let venues = venues(words, side.text, language).into_iter().filter(is_there);
    let rank = usize::from(!date::names_day(dossier, place, day));
    venues.map(|venue| Answer { key: venue.key, value: venue.name, place, rank }).collect()
}

/// The time of its part of the sentence that stands nearest to a byte; nothing without one.
fn nearest_time(dossier: &Dossier, place: Place, at: usize) -> std::ops::Range<usize> {
    let side = dossier.side(place);
    let part = segment(side.text, at);
    let inside = side.times.iter().filter(|time| part.contains(&time.whole.start));
    let nearest = inside.min_by_key(|time| time.whole.start.abs_diff(at));
    nearest.map_or(at..at, |time| time.whole.start..time.whole.end)
}

fn venues(words: &[Word], text: &str, language: Language) -> Vec<Venue> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some((term, n)) = term_at("seat", &words[at..]) {
            let (key, name) = (term.key.to_owned(), term.label(language).to_owned());
            found.push(Venue { key, name, at });
            at += n;
        } else if let Some((venue, n)) = named(words, at, text, language) {
            found.push(venue);
            at += n;
        } else {
            at += 1;
        }
    }
    found
}

/// `gare de Saint-Aubrac`, and its number of words.
fn named(words: &[Word], at: usize, text: &str, language: Language) -> Option<(Venue, usize)> {
    let (term, n) = term_at("venue", &words[at..])?;
    let small = words[at + n..].iter().take(2).take_while(|word| word.is_linked && is_of(word));
    let first = at + n + small.count();
    let n_name =
        words[first..].iter().take_while(|word| word.is_linked && word.is_capital()).count();
    let last = n_name.checked_sub(1).map(|n| first + n)?;
    let end = hyphenated(words, last, text);
    let key = words[first..=end].iter().map(|word| word.folded.as_str()).collect::<Vec<_>>();
    let venue = Venue {
        key: format!("{} {}", term.key, key.join(" ")),
        name: shown(term, text, &words[at..=end], words[first].span.start, language),
        at,
    };
    Some((venue, end + 1 - at))
}

/// `Valmont-sur-Loue` goes on behind its first capital.
pub fn hyphenated(words: &[Word], last: usize, text: &str) -> usize {
    let mut end = last;
    while let Some(next) = words.get(end + 1) {
        if text.get(words[end].span.end..next.span.start) != Some("-") {
            break;
        }
        end += 1;
    }
    end
}

fn shown(term: &Term, text: &str, words: &[Word], name: usize, language: Language) -> String {
    let start = words.first().map_or(name, |word| word.span.start);
    let end = words.last().map_or(name, |word| word.span.end);
    match language {
        Language::French => text[start..end].to_owned(),
        Language::English => term.english.replace('%', &text[name..end]),
    }
}

fn is_of(word: &Word) -> bool {
    matches!(word.folded.as_str(), "de" | "du" | "des" | "d" | "la" | "l" | "le")
}

/// Whether `à`, `dans` or the like leads to it: `selon l'Élysée` is no venue.
fn is_entered(words: &[Word], at: usize) -> bool {
    let linked = |idx: &usize| words[*idx + 1].is_linked;
    let before = (0..at).rev().take_while(linked);
    let mut before = before.skip_while(|idx| has("filler", &words[*idx]));
    before.next().is_some_and(|idx| has("at", &words[idx]))
}

/// The part between commas that a byte stands in.
pub fn segment(text: &str, at: usize) -> std::ops::Range<usize> {
    let is_end = |c: char| matches!(c, ',' | ';' | ':' | '(' | ')');
    let start = text[..at].rfind(is_end).unwrap_or(0);
    let end = text[at..].find(is_end).map_or(text.len(), |n| at + n);
    start..end
}
