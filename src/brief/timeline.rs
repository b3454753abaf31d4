//! What happened on which day, with `lundi` and `mi-décembre` told on the calendar.

use super::calendar::{date, month};
use super::likeness::Likeness;
use super::source::{Dossier, Place};
use super::words;
use crate::check::Side;
use crate::dates::{Days, Time};
use crate::digest::Language;

/// What happened in a run of days.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub days: Days,
    /// The sentences that say so, the clearest first.
    pub places: Vec<Place>,
}

/// Longer times are no dates of events.
const MAX_DAYS: i32 = 366;
/// So much of two sentences of one day is the same where they tell one fact.
const SAME: f64 = 0.4;
/// At most so many facts a day.
const MAX_A_DAY: usize = 2;

/// The `n` weightiest dated facts, earliest first.
pub fn find(
    dossier: &Dossier,
    likeness: &Likeness,
    weight: impl Fn(Place) -> f64,
    n: usize,
) -> Vec<Entry> {
    let mut dated: Vec<(Place, Days)> = Vec::new();
    for place in dossier.places().filter(|place| dossier.sentence(*place).is_prose()) {
        dated.extend(days(dossier.side(place)).map(|days| (place, days)));
    }
    dated.sort_by(|a, b| weight(b.0).total_cmp(&weight(a.0)).then(a.0.cmp(&b.0)));
    let mut entries: Vec<Entry> = Vec::new();
    for (place, days) in dated {
        let is_told = |entry: &&mut Entry| {
            entry.days == days && likeness.between(entry.places[0], place) >= SAME
        };
        let n_of_day = entries.iter().filter(|entry| entry.days == days).count();
        match entries.iter_mut().find(is_told) {
            Some(entry) => entry.places.push(place),
            None if n_of_day < MAX_A_DAY => entries.push(Entry { days, places: vec![place] }),
            None => {}
        }
    }
    // One sentence may tell of several days; the list is for the days.
    entries.truncate(n);
    entries.sort_by_key(|entry| (entry.days.first, entry.days.last));
    entries
}

/// The first day or month that a sentence places something in; not the day on which someone said it.
pub fn days(side: &Side) -> Option<Days> {
    let verb = words::verb_of_speech(side);
    let is_of_speech = |time: &Time| {
        let first = side.names.words_in(time.whole).start;
        verb.is_some_and(|verb| (verb + 1..=verb + 2).contains(&first))
    };
    // `depuis le mois de novembre` goes on, and happened on no day.
    let goes_on = |time: &Time| {
        let first = side.names.words_in(time.whole).start;
        let before = side.names.words[..first].iter().rev();
        let mut before = before.skip_while(|word| words::has(side.lang, "between", &word.folded));
        before.next().is_some_and(|word| words::has(side.lang, "since", &word.folded))
    };
    let is_told = |time: &&Time| is_date(time) && !is_of_speech(time) && !goes_on(time);
    let told = side.times.iter().filter(is_told);
    let mut days = told.filter_map(|time| resolved(time, side));
    days.find(|days| (days.last - days.first).get_days() <= MAX_DAYS)
}

/// A clock time alone is no date, and `ces dernières années` is none.
fn is_date(time: &Time) -> bool {
    let is_clear = time.shift.is_none_or(|shift| !shift.is_vague);
    let has_day = time.day.is_some() || time.weekday.is_some() || time.holiday.is_some();
    let is_near = time.shift.is_some() && time.grain() <= 2;
    let has_date = has_day || time.month.is_some() || time.year.is_some() || is_near;
    is_clear && has_date && time.grain() <= 3
}

/// The days that it means: of `jeudi` and `mars` the next ones, where the sentence tells of what is to
/// come, else the last.
fn resolved(time: &Time, side: &Side) -> Option<Days> {
    let written = side.date;
    let all = time.resolve(written);
    let is_open = time.year.is_none() && time.shift.is_none();
    let Some(written) = written.filter(|_| is_open) else { return all.first().copied() };
    let is_ahead = words::is_ahead(side);
    let fits = |days: &&Days| match is_ahead {
        true => days.last >= written,
        false => days.first <= written,
    };
    all.iter().find(fits).or(all.first()).copied()
}

/// The days as a note says them: `6 January 2026`, `December 2025`, `2022`.
pub fn told(days: Days, language: Language) -> String {
    let Days { first, last } = days;
    let is_month = first == first.first_of_month() && last == first.last_of_month();
    let is_year = first == first.first_of_year() && last == first.last_of_year();
    match () {
        () if first == last => date(first, language),
        () if is_year => first.year().to_string(),
        () if is_month => month(first, language),
        () => format!("{} – {}", date(first, language), date(last, language)),
    }
}
