//! On which day it happened.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

use super::answer::{Answer, fact};
use super::data::{WORDS, say};
use crate::brief::calendar::date;
use crate::brief::fact::{Fact, Kind};
use crate::brief::source::{Dossier, Place};
use crate::dates::{Time, Unit};
use crate::digest::Language;

/// The day of the event stands near the beginning.
const MAX_SENTENCES: usize = 16;
/// News are of about that many days.
const MAX_DAYS: f64 = 45.0;

/// The first day that an article gives for what happened.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    pub day: Date,
    /// As the article has it, right or wrong.
    weekday: Option<Weekday>,
    place: Place,
}

impl Told {
    fn is_refuted(&self) -> bool {
        self.weekday.is_some_and(|weekday| weekday != self.day.weekday())
    }
}

/// The day of the event in each article, where it tells one.
pub fn days(dossier: &Dossier) -> Vec<Option<Told>> {
    let firsts: Vec<Option<(Time, Place)>> =
        (0..dossier.sources.len()).map(|source| first(dossier, source)).collect();
    let dated: BTreeSet<Date> = firsts
        .iter()
        .flatten()
        .filter(|(time, _)| time.day.is_some())
        .filter_map(|(time, place)| resolve(dossier, time, *place).first().copied())
        .collect();
    let told = |first: &Option<(Time, Place)>| {
        let (time, place) = (*first)?;
        let days = resolve(dossier, &time, place);
        let day = days.iter().find(|day| dated.contains(day)).or(days.first())?;
        Some(Told { day: *day, weekday: time.weekday, place })
    };
    firsts.iter().map(told).collect()
}

/// The question of the day, with what the calendar says of the answers.
pub fn find(days: &[Option<Told>], language: Language) -> Option<Fact> {
    let told: Vec<&Told> = days.iter().flatten().collect();
    let answer = |told: &&Told| Answer {
        key: format!("{} {:?}", told.day, told.weekday.filter(|_| told.is_refuted())),
        value: shown(told.day, told.weekday.unwrap_or(told.day.weekday()), language),
        place: told.place,
        rank: usize::from(told.weekday.is_none()),
    };
    let answers: Vec<Answer> = told.iter().map(answer).collect();
    let question = say(language, "Quel jour était-ce ?", "On which day did it happen?");
    let refuted: BTreeSet<Date> =
        told.iter().filter(|told| told.is_refuted()).map(|told| told.day).collect();
    let remarks: Vec<String> = refuted.iter().map(|day| remark(*day, language)).collect();
    let remark = (!remarks.is_empty()).then(|| remarks.join("; "));
    fact(Kind::Date, question, &answers).map(|fact| Fact { remark, ..fact })
}

/// The first day of an article that is neither of a saying nor a bound; running text before the title.
fn first(dossier: &Dossier, source: usize) -> Option<(Time, Place)> {
    let n = dossier.sources[source].sentences.len().min(MAX_SENTENCES);
    let places = (0..n).map(|sentence_idx| Place { source_idx: source, sentence_idx });
    let (prose, titles): (Vec<Place>, Vec<Place>) =
        places.partition(|place| dossier.sentence(*place).is_prose());
    prose.into_iter().chain(titles).find_map(|place| {
        let times = dossier.side(place).times.iter();
        times.filter(|time| is_of_event(dossier, time, place)).map(|time| (*time, place)).next()
    })
}

fn is_of_event(dossier: &Dossier, time: &Time, place: Place) -> bool {
    let is_day = time.day.is_some() && time.month.is_some() || time.weekday.is_some();
    let is_shifted = time.shift.is_some_and(|shift| shift.unit == Unit::Day && !shift.is_vague);
    let is_plain = time.edge.is_none() && (is_day || is_shifted && !time.is_absolute());
    is_plain && !is_led_in(dossier, time, place) && is_near(dossier, time, place)
}

/// Behind `a dit`, `depuis`, `avant`.
fn is_led_in(dossier: &Dossier, time: &Time, place: Place) -> bool {
    let side = dossier.side(place);
    let before = side.names.words.iter().rev().filter(|word| word.span.end <= time.whole.start);
    let mut before =
        before.filter(|word| !matches!(word.folded.as_str(), "le" | "ce" | "a" | "on"));
    before.next().is_some_and(|word| {
        let touches = word.span.end + 6 >= time.whole.start;
        let is_in = |list| WORDS.has(side.lang, list, &word.folded);
        touches
            && !side.text[word.span.end..time.whole.start].contains([',', '(', '»'])
            && (is_in("saying") || is_in("bounding"))
    })
}

fn is_near(dossier: &Dossier, time: &Time, place: Place) -> bool {
    let Some(written) = written(dossier, place) else { return false };
    let days = resolve(dossier, time, place);
    days.iter().any(|day| written.duration_since(*day).as_hours().abs() as f64 <= MAX_DAYS * 24.0)
}

/// The day of the article; of one without a day, that of another on the same event.
fn written(dossier: &Dossier, place: Place) -> Option<Date> {
    let own = dossier.source(place).date;
    own.or_else(|| dossier.sources.iter().find_map(|source| source.date))
}

fn resolve(dossier: &Dossier, time: &Time, place: Place) -> Vec<Date> {
    // A weekday that the calendar refutes must not keep the day from being read.
    let time = if time.day.is_some() { Time { weekday: None, ..*time } } else { *time };
    let days = time.resolve(written(dossier, place)).into_iter();
    days.filter(|days| days.first == days.last).map(|days| days.first).collect()
}

/// Whether a sentence, or the part of it from `from` to `end`, tells of other days only.
pub fn is_of_other_day(
    dossier: &Dossier,
    place: Place,
    part: std::ops::Range<usize>,
    day: Option<Date>,
) -> bool {
    let Some(day) = day else { return false };
    let times = dossier.side(place).times.iter().filter(|time| {
        part.contains(&time.whole.start) && (time.is_absolute() || time.weekday.is_some())
    });
    let holds = |time: &Time| {
        let days = time.resolve(written(dossier, place));
        days.is_empty() || days.iter().any(|days| days.first <= day && day <= days.last)
    };
    let mut times = times.peekable();
    times.peek().is_some() && !times.any(holds)
}

/// Whether a sentence names the day of the event.
pub fn names_day(dossier: &Dossier, place: Place, day: Option<Date>) -> bool {
    let Some(day) = day else { return false };
    let times = dossier.side(place).times.iter();
    let mut days = times.flat_map(|time| resolve(dossier, time, place));
    days.any(|other| other == day)
}

fn remark(day: Date, language: Language) -> String {
    let weekday = weekday(day.weekday(), language);
    let date = date(day, language);
    say(language, format!("le {date} était un {weekday}"), format!("{date} was a {weekday}"))
}

fn shown(day: Date, stated: Weekday, language: Language) -> String {
    format!("{} {}", weekday(stated, language), date(day, language))
}

fn weekday(day: Weekday, language: Language) -> &'static str {
    let (french, english) = WEEKDAYS[usize::from(day.to_monday_zero_offset().unsigned_abs())];
    if language == Language::French { french } else { english }
}

const WEEKDAYS: [(&str, &str); 7] = [
    ("lundi", "Monday"),
    ("mardi", "Tuesday"),
    ("mercredi", "Wednesday"),
    ("jeudi", "Thursday"),
    ("vendredi", "Friday"),
    ("samedi", "Saturday"),
    ("dimanche", "Sunday"),
];
