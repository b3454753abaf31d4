//! Dates and times as French, English, German, Spanish and Italian news write them, as values that
//! can be compared.
//!
//! A [`Time`] holds what the text states and no more: `mardi 6 janvier` has a weekday, a day and
//! a month, `la semaine dernière` a shift by one week. What that means on the calendar is told by
//! [`Time::resolve`] and the day that the text was written on. The words and forms of each
//! language are data: dates/fr.txt tells the format, dates/holidays.txt has the feasts of all.

mod grammar;
mod holiday;
mod read;
mod resolve;
#[cfg(test)]
mod tests;

use jiff::civil::Weekday;

use crate::article::Span;
use grammar::Grammar;

pub use holiday::Holiday;
pub use resolve::Days;

/// A date, a clock time, or a part of one, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Time {
    /// The words that belong to the time alone. Of `il y a trois ans` these are `il y a`: `trois
    /// ans` is a length of time as any other.
    pub span: Span,
    /// All words of the expression.
    pub whole: Span,
    pub year: Option<i16>,
    /// The first year of ten; below 100 where the century is left open.
    pub decade: Option<i16>,
    pub season: Option<Season>,
    /// 1 to 4.
    pub quarter: Option<i8>,
    /// 1 to 12.
    pub month: Option<i8>,
    /// 1 to 31.
    pub day: Option<i8>,
    /// Written in figures in a language that puts either first: month and day may change places.
    pub may_swap: bool,
    pub weekday: Option<Weekday>,
    pub part: Option<DayPart>,
    pub clock: Option<Clock>,
    pub shift: Option<Shift>,
    pub edge: Option<Edge>,
    pub holiday: Option<Holiday>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayPart {
    Morning,
    Afternoon,
    Evening,
    Night,
}

/// `début 2019`, `mi-décembre`, `late January`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    Early,
    Middle,
    Late,
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// 0 to 24 × 60.
    pub minutes: u16,
    /// Told in hours up to twelve: it may be twelve hours later as well.
    pub is_half_day: bool,
}

/// A time as it lies from where the text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    pub unit: Unit,
    /// Negative for the past.
    pub n: i32,
    /// Only the direction is told: `lundi dernier`, `ces dernières années`.
    pub is_vague: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

impl Unit {
    fn grain(self) -> u8 {
        match self {
            Self::Minute | Self::Hour | Self::Day => 0,
            Self::Weekend | Self::Week | Self::Fortnight => 1,
            Self::Month | Self::Quarter => 2,
            Self::Year => 3,
            Self::Decade | Self::Century => 4,
        }
    }

    /// About how many days it lasts.
    pub fn days(self) -> f64 {
        match self {
            Self::Minute => 1.0 / 1440.0,
            Self::Hour => 1.0 / 24.0,
            Self::Day => 1.0,
            Self::Weekend | Self::Week => 7.0,
            Self::Fortnight => 14.0,
            Self::Month => 30.4,
            Self::Quarter => 91.3,
            Self::Year => 365.25,
            Self::Decade => 3_652.5,
            Self::Century => 36_525.0,
        }
    }
}

impl Time {
    /// Whether it is a year and nothing more.
    pub fn is_year_alone(&self) -> bool {
        let bare = Self { span: self.span, whole: self.whole, year: self.year, ..Self::default() };
        self.year.is_some() && *self == bare
    }

    /// How much time it means: a day or less (0), a week, a month or season, a year, more (4).
    pub fn grain(&self) -> u8 {
        let is_day = self.day.is_some() || self.weekday.is_some() || self.holiday.is_some();
        let of_shift = self.shift.map(|shift| shift.unit.grain());
        match of_shift {
            _ if is_day || self.clock.is_some() => 0,
            _ if self.month.is_some() || self.season.is_some() || self.quarter.is_some() => 2,
            Some(grain) => grain,
            None if self.year.is_some() => 3,
            None if self.decade.is_some() => 4,
            None => 0,
        }
    }

    /// Whether it names a day, month or year of the calendar.
    pub fn is_absolute(&self) -> bool {
        self.year.is_some() || self.month.is_some() || self.decade.is_some()
    }
}

/// Whether there is a grammar of a language (ISO 639-1).
pub fn is_read(lang: &str) -> bool {
    Grammar::of(lang).is_some()
}

/// All dates and times in a text, in order and without overlap; none in languages
/// without a grammar.
pub fn find(text: &str, lang: &str) -> Vec<Time> {
    let Some(grammar) = Grammar::of(lang) else { return Vec::new() };
    let mut times = Vec::new();
    let mut from = 0;
    for at in word_starts(text) {
        if at < from {
            continue;
        }
        if let Some(reading) = grammar.longest(text, at) {
            from = reading.end;
            times.extend(reading.times);
        }
    }
    spread_years(&mut times, text, grammar);
    times
}

/// Gives the first month of `de janvier à avril 2015` the year of the second.
fn spread_years(times: &mut [Time], text: &str, grammar: &Grammar) {
    for idx in 1..times.len() {
        let (first, second) = (times[idx - 1], times[idx]);
        let between = text.get(first.whole.end..second.whole.start).unwrap_or_default();
        let is_bare = first.month.is_some() && first.year.is_none() && first.shift.is_none();
        let is_later = first.month < second.month;
        if is_bare && is_later && second.shift.is_none() && is_until(between, grammar) {
            times[idx - 1].year = second.year;
        }
    }
}

fn is_until(text: &str, grammar: &Grammar) -> bool {
    let word = text.trim().trim_end_matches("the").trim_end();
    grammar.has("until", word)
}

/// Where words and figures begin.
fn word_starts(text: &str) -> impl Iterator<Item = usize> {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let starts = c.is_alphanumeric() && !before.is_alphanumeric() && !is_accent(before);
        before = c;
        starts.then_some(at)
    })
}

/// An accent that stands behind its letter.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}
