//! From a match of a form to the times that it states.

use jiff::civil::{Date, Weekday};
use regex::Captures;

use super::grammar::{Form, Grammar};
use super::{Clock, DayPart, Edge, Holiday, Season, Shift, Time, Unit};
use crate::article::Span;

/// What stands at one place of a text.
pub struct Reading {
    /// Bytes of the whole form, which may hold words around the times.
    pub length: usize,
    /// Where reading goes on.
    pub end: usize,
    /// None where the form only looks like a time.
    pub times: Vec<Time>,
}

/// A match and all that is needed to read it.
struct Match<'g, 't> {
    grammar: &'g Grammar,
    form: &'g Form,
    groups: &'g Captures<'t>,
}

/// Reads a match of `form` at byte `at` of `text`; `None` where its place speaks against it.
pub fn read(
    grammar: &Grammar,
    form: &Form,
    groups: &Captures,
    text: &str,
    at: usize,
) -> Option<Reading> {
    let whole = groups.get(0)?;
    let own = groups.name("own").unwrap_or(whole);
    let span = Span::new(at + own.start(), at + own.end());
    let length = whole.len();
    if form.has("skip") {
        return Some(Reading { length, end: at + length, times: Vec::new() });
    }
    let found = Match { grammar, form, groups };
    let whole = if found.is_direction() { Span::new(at, at + length) } else { span };
    let time = found.time(whole, span)?;
    if !found.stands_well(text, span) {
        return None;
    }
    let times = if groups.name("days").is_some() { found.each_day(time, at) } else { vec![time] };
    Some(Reading { length, end: span.end.max(at + 1), times })
}

impl Match<'_, '_> {
    fn text(&self, group: &str) -> Option<&str> {
        self.groups.name(group).map(|found| found.as_str())
    }

    /// What a group means: the value of its word, or its figures.
    fn number(&self, group: &str) -> Option<i32> {
        let text = self.text(group)?;
        let value = self.grammar.value(group, text);
        let figures = || text.trim_end_matches(|c: char| !c.is_ascii_digit());
        value.unwrap_or_else(figures).parse().ok()
    }

    fn small(&self, group: &str) -> Option<i8> {
        self.number(group).and_then(|n| n.try_into().ok())
    }

    fn setting(&self, name: &str) -> Option<&str> {
        self.form.settings.iter().find_map(|s| s.strip_prefix(name)?.strip_prefix('='))
    }

    fn is_lower(&self) -> bool {
        self.groups.get(0).is_some_and(|m| m.as_str().starts_with(char::is_lowercase))
    }

    /// Whether its own words only say which way it lies: `il y a` of `il y a trois ans`.
    fn is_direction(&self) -> bool {
        matches!(self.setting("shift"), Some("ago" | "ahead" | "vague"))
    }

    /// Whether the place allows what its form's settings ask for.
    fn stands_well(&self, text: &str, span: Span) -> bool {
        let after = text.get(span.end..).unwrap_or_default();
        let is_last = || after.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != ' ');
        let is_free =
            || noun(self.grammar, after).is_none_or(|word| self.grammar.may_follow(&word));
        let before = text.get(..span.start).unwrap_or_default();
        let is_hour = self.text("hour").is_some();
        let is_short = self.text("oldyear").is_some();
        !(is_hour && is_behind_figures(before))
            && (!is_short || stands_free(before, after))
            && (!self.form.has("year") || stands_for_year(self.grammar, text, span))
            && (!self.form.has("lower") || self.is_lower())
            && (!self.form.has("last") || is_last())
            && (!self.form.has("free") || is_free())
            && (!self.form.has("bare") || stands_free(before, after))
    }

    fn time(&self, whole: Span, span: Span) -> Option<Time> {
        let mut time = Time {
            span,
            whole,
            year: self.year(),
            decade: self.decade(),
            season: self.season(),
            quarter: self.small("quarter").or_else(|| self.small("nquarter")),
            month: self.of_any(&["month", "plainmonth", "nmonth", "zmonth"], "month"),
            day: self.of_any(&["day", "nday", "zday", "nth"], "day"),
            weekday: self.weekday(),
            part: self.part(),
            edge: self.edge(),
            holiday: self.holiday(),
            ..Time::default()
        };
        time.clock = self.clock();
        time.part = time.part.filter(|_| time.clock.is_none());
        time.shift = self.shift(&time);
        time.may_swap = self.grammar.rules.may_swap
            && self.text("nday").is_some()
            && self.text("nmonth").is_some()
            && !self.is_iso();
        let is_empty = time == Time { span, whole, ..Time::default() };
        (!is_empty && (self.text("hour").is_none() || time.clock.is_some())).then_some(time)
    }

    /// The number of the first group that matched, else that of a setting.
    fn of_any(&self, groups: &[&str], setting: &str) -> Option<i8> {
        let found = groups.iter().find_map(|group| self.small(group));
        found.or_else(|| self.setting(setting)?.parse().ok())
    }

    fn year(&self) -> Option<i16> {
        let full = self.number("year").or_else(|| self.number("nyear"));
        let short = || self.number("shortyear").map(|n| if n < 50 { n + 2000 } else { n + 1900 });
        let old = || self.number("oldyear").map(|n| n + 1900);
        let year = full.or_else(short).or_else(old).or_else(|| self.setting("year")?.parse().ok());
        year?.try_into().ok()
    }

    fn holiday(&self) -> Option<Holiday> {
        let text = self.text("holiday")?;
        self.grammar.value("holiday", text).and_then(Holiday::parse)
    }

    /// The year first: then month and day follow in this order everywhere.
    fn is_iso(&self) -> bool {
        self.text("year").is_some()
    }

    /// `6 et 7 janvier`: one time a day; the month and year stand with the last.
    fn each_day(&self, time: Time, at: usize) -> Vec<Time> {
        let Some(list) = self.groups.name("days") else { return Vec::new() };
        let mut times = Vec::new();
        for figures in figures(list.as_str()) {
            let start = at + list.start() + figures.start;
            let span = Span::new(start, at + list.start() + figures.end);
            let day = figures.of(list.as_str()).parse().ok();
            times.push(Time { span, whole: time.whole, day, ..time });
        }
        let outer = time.span;
        if let Some(first) = times.first_mut() {
            first.span.start = first.span.start.min(outer.start);
        }
        if let Some(last) = times.last_mut() {
            last.span.end = outer.end;
        }
        times
    }

    fn decade(&self) -> Option<i16> {
        self.number("decade").or_else(|| self.number("tens")).and_then(|n| n.try_into().ok())
    }

    fn season(&self) -> Option<Season> {
        match self.number("season").or_else(|| self.number("plainseason"))? {
            1 => Some(Season::Spring),
            2 => Some(Season::Summer),
            3 => Some(Season::Autumn),
            _ => Some(Season::Winter),
        }
    }

    fn weekday(&self) -> Option<Weekday> {
        let number = self.small("weekday").or_else(|| self.small("wday"))?;
        Weekday::from_monday_one_offset(number).ok()
    }

    fn part(&self) -> Option<DayPart> {
        let text = self.groups.get(0)?.as_str();
        match self.number("part").or_else(|| self.setting("part")?.parse().ok()) {
            Some(1) => Some(DayPart::Morning),
            Some(2) => Some(DayPart::Afternoon),
            Some(3) => Some(DayPart::Evening),
            Some(_) => Some(DayPart::Night),
            None if text.contains("night") => Some(DayPart::Night),
            None if text.contains("evening") => Some(DayPart::Evening),
            None => None,
        }
    }

    fn edge(&self) -> Option<Edge> {
        let mi = || self.groups.get(0).is_some_and(|m| m.as_str().starts_with("mi-"));
        match self.number("edge").or_else(|| self.setting("edge")?.parse().ok()) {
            Some(1) => Some(Edge::Early),
            Some(2) => Some(Edge::Middle),
            Some(_) => Some(Edge::Late),
            None => mi().then_some(Edge::Middle),
        }
    }

    fn clock(&self) -> Option<Clock> {
        if let Some((hour, minute)) = self.setting("clock").and_then(|c| c.split_once(':')) {
            let minutes = hour.parse::<u16>().ok()? * 60 + minute.parse::<u16>().ok()?;
            return Some(Clock { minutes, is_half_day: false });
        }
        let hour = ["hour", "hour4", "hourword"].iter().find_map(|h| self.number(h))?;
        let half_past = self.groups.get(0)?.as_str().contains("-thirty");
        let minute = self.number("minute").or_else(|| self.number("past"));
        let minute = minute.unwrap_or(if half_past { 30 } else { 0 });
        let is_later = self.is_second_half(hour);
        let hour = match is_later {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        let is_spoken = self.grammar.rules.half_days || self.text("hourword").is_some();
        let is_half_day =
            is_later.is_none() && is_spoken && (1..=12).contains(&hour) && !self.starts_with_zero();
        let minutes = (hour * 60 + minute).try_into().ok()?;
        // `24h` alone is a length.
        let is_hour = hour < 24 || hour == 24 && self.text("minute").is_some();
        is_hour.then_some(Clock { minutes, is_half_day })
    }

    /// `08:30` is told on 24 hours.
    fn starts_with_zero(&self) -> bool {
        ["hour", "hour4"].iter().any(|h| self.text(h).is_some_and(|text| text.starts_with('0')))
    }

    /// Whether words around the hour say which half of the day it is in.
    fn is_second_half(&self, hour: i32) -> Option<bool> {
        if let Some(half) = self.text("half") {
            return Some(half.starts_with(['p', 'P']));
        }
        match self.part()? {
            DayPart::Morning => Some(false),
            DayPart::Afternoon | DayPart::Evening => Some(true),
            DayPart::Night => Some((6..12).contains(&hour)),
        }
    }

    fn unit(&self) -> Option<Unit> {
        let text = self.text("unit")?;
        unit(self.grammar.value("unit", text)?)
    }

    fn shift(&self, time: &Time) -> Option<Shift> {
        let toward = self.number("toward");
        let Some(setting) = self.setting("shift") else {
            let unit = if time.weekday.is_some() { Unit::Week } else { Unit::Year };
            return toward.map(|n| Shift { unit, n, is_vague: true });
        };
        let exact = |unit, n| Some(Shift { unit, n, is_vague: false });
        let count = self.number("count").unwrap_or(1);
        // Some, several, a few.
        let is_vague = count == 0;
        let about = |n| self.unit().map(|unit| Shift { unit, n, is_vague });
        match setting {
            "ago" => about(-count.max(1)),
            "ahead" => about(count.max(1)),
            "unit" => exact(self.unit()?, toward?),
            "vague" => Some(Shift { unit: self.unit()?, n: toward?, is_vague: true }),
            _ => {
                let (name, n) = setting.split_at(setting.find(['+', '-'])?);
                let unit = if name == "unit" { self.unit()? } else { unit(name)? };
                exact(unit, n.parse().ok()?)
            }
        }
    }
}

fn unit(name: &str) -> Option<Unit> {
    Some(match name {
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "weekend" => Unit::Weekend,
        "week" => Unit::Week,
        "fortnight" => Unit::Fortnight,
        "month" => Unit::Month,
        "quarter" => Unit::Quarter,
        "year" => Unit::Year,
        "decade" => Unit::Decade,
        "century" => Unit::Century,
        _ => return None,
    })
}

fn figures(text: &str) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for (at, _) in text.match_indices(|c: char| c.is_ascii_digit()) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(Span::new(at, at + 1)),
        }
    }
    runs
}

/// Whether four figures without a word such as `en` before them are a year: they count nothing
/// and are no amount.
fn stands_for_year(grammar: &Grammar, text: &str, span: Span) -> bool {
    let year = span.of(text).parse::<i16>().unwrap_or_default();
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    (1500..2100).contains(&year)
        && stands_free(before, after)
        && !counts(grammar, before, after, year)
}

fn stands_free(before: &str, after: &str) -> bool {
    let mut next = after.chars();
    let amount = match (next.next(), next.next()) {
        (Some('.' | ',' | ':'), Some(c)) => c.is_ascii_digit(),
        (Some(c), d) if c.is_whitespace() => d.is_some_and(|d| "%€$£°0123456789".contains(d)),
        (Some(c), _) => "%€$£°".contains(c),
        _ => false,
    };
    let last = before.trim_end().chars().next_back();
    let is_amount = last.is_some_and(|c| "$€£#°".contains(c));
    !amount && !is_amount && !is_behind_figures(before)
}

/// Whether what begins here goes on with figures: the `5` of `1.5`.
fn is_behind_figures(before: &str) -> bool {
    before.ends_with(['.', ',', ':'])
        && before.trim_end_matches(['.', ',', ':']).ends_with(|c: char| c.is_ascii_digit())
}

/// Whether the word behind the figures is something that they count. Behind an `owner` it is not:
/// nobody counts `1972 people` in such round words as `1970 people`.
fn counts(grammar: &Grammar, before: &str, after: &str, year: i16) -> bool {
    let is_noun = noun(grammar, after).is_some_and(|word| !grammar.may_follow(&word));
    let owner = before.trim_end().rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let is_owned = grammar.has("owner", owner);
    is_noun && (!is_owned || year % 10 == 0)
}

/// The word that follows a blank, where it may be a noun by its first letter.
fn noun(grammar: &Grammar, after: &str) -> Option<String> {
    let after = after.strip_prefix(char::is_whitespace)?;
    let word: String = after.chars().take_while(|c| c.is_alphabetic()).take(20).collect();
    let is_noun = if grammar.rules.capital_nouns { char::is_uppercase } else { char::is_lowercase };
    word.starts_with(is_noun).then_some(word)
}

/// Whether a day of that name is in the calendar, in any year where none is told.
pub fn exists(time: &Time) -> bool {
    let (Some(month), Some(day)) = (time.month, time.day) else { return true };
    Date::new(time.year.unwrap_or(2024), month, day).is_ok()
        || time.may_swap && Date::new(time.year.unwrap_or(2024), day, month).is_ok()
}
