//! Dates and times that were altered, dropped or made up.
//!
//! A time of one text is compared by its parts (weekday, day, month, ...) with the times of the
//! other: order and number do not matter, and a date may be told in two pieces. Where the day of
//! the article is known, what is told in another way (`hier`, `Monday`) is compared on the calendar.

mod calendar;
mod order;
mod parts;
#[cfg(test)]
mod tests;
mod toward;

use std::collections::HashSet;

use super::{Finding, Relation, Severity, Side};
use crate::dates::{Days, Time};
use parts::{Part, conflict, have_one_kind, parts};

pub use calendar::alone;

/// The times of a text and what else may stand for one.
struct Reading<'s> {
    side: &'s Side<'s>,
    times: &'s [Time],
    days: Vec<Vec<Days>>,
    /// All figures: one text's `en 2019` is the other's `2019`.
    figures: HashSet<&'s str>,
}

/// Whether dates of two languages can be compared.
pub fn are_read(source: &str, target: &str) -> bool {
    crate::dates::is_read(source) && crate::dates::is_read(target)
}

/// Findings of both directions; of a summary only what the source has not.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    if !are_read(source.lang, target.lang) {
        return Vec::new();
    }
    let (said, told) = (Reading::of(source), Reading::of(target));
    let mut invented = told.without_support(&said);
    let lost = match relation {
        Relation::Translation => said.without_support(&told),
        Relation::Summary => Vec::new(),
    };
    if relation == Relation::Summary {
        invented.retain(|open| !told.is_day_of_writing(open.idx));
    }
    let mut findings = report(&said, &told, lost, invented);
    findings.extend(toward::turned(&said, &told).into_iter().filter(|finding| {
        relation == Relation::Translation || finding.severity == Severity::Error
    }));
    findings.extend(order::swapped(&said, &told));
    findings
}

/// A time with the parts that the other text does not have.
struct Open {
    idx: usize,
    parts: Vec<Part>,
}

impl<'s> Reading<'s> {
    fn of(side: &'s Side<'s>) -> Self {
        let days = side.times.iter().map(|time| time.resolve(side.date)).collect();
        let figures = side.text.split(|c: char| !c.is_ascii_digit()).filter(|f| !f.is_empty());
        Self { side, times: &side.times, days, figures: figures.collect() }
    }

    fn without_support(&self, other: &Reading) -> Vec<Open> {
        let open = |idx| Open { idx, parts: self.unsupported(idx, other) };
        (0..self.times.len()).map(open).filter(|open| !open.parts.is_empty()).collect()
    }

    /// The parts of a time that nothing in the other text agrees with.
    fn unsupported(&self, idx: usize, other: &Reading) -> Vec<Part> {
        let time = &self.times[idx];
        let friends: Vec<usize> =
            (0..other.times.len()).filter(|o| !conflict(time, &other.times[*o])).collect();
        if friends.iter().any(|o| self.is_same_day(idx, other, *o)) {
            let may_lack = |part: &Part| match part {
                Part::Clock => true,
                Part::Weekday => time.day.is_some(),
                _ => false,
            };
            return parts(time)
                .filter(may_lack)
                .filter(|part| !other.has(time, *part, &friends))
                .collect();
        }
        let has_enemy = other.times.iter().any(|o| conflict(time, o) && have_one_kind(time, o));
        let lacks = |part: &Part| {
            !other.has(time, *part, &friends) && !(other.has_figures(time, *part, has_enemy))
        };
        parts(time).filter(lacks).collect()
    }

    fn has(&self, time: &Time, part: Part, friends: &[usize]) -> bool {
        friends.iter().any(|o| part.agrees(time, &self.times[*o]) == Some(true))
    }

    /// Whether a part stands as a plain number.
    fn has_figures(&self, time: &Time, part: Part, has_enemy: bool) -> bool {
        let has = |n: i32| self.figures.contains(n.to_string().as_str());
        match part {
            Part::Year => time.year.is_some_and(|year| {
                goes_without_saying(time) || has(year.into()) || self.has_short_year(year)
            }),
            Part::Day => !has_enemy && time.day.is_some_and(|day| has(day.into())),
            Part::Decade => time.decade.is_some_and(|d| self.has_year_of(d)),
            Part::Clock => {
                !has_enemy
                    && time.clock.is_some_and(|c| {
                        has((c.minutes / 60).into()) || has((c.minutes / 60 % 12).into())
                    })
            }
            Part::Quarter => true,
            _ => false,
        }
    }

    /// Whether a year stands with two figures, as after an apostrophe or a slash.
    fn has_short_year(&self, year: i16) -> bool {
        let figures = format!("{:02}", year.rem_euclid(100));
        let places = self.side.text.match_indices(&figures);
        places.into_iter().any(|(at, _)| {
            let is_marked = self.side.text[..at].ends_with(['\'', '’', '/', '-']);
            let is_whole = |c: char| !c.is_ascii_digit();
            is_marked && self.side.text[at + figures.len()..].chars().next().is_none_or(is_whole)
        })
    }

    /// Whether a year of ten is told, or their first one.
    fn has_year_of(&self, decade: i16) -> bool {
        let is_in = |year: i16| {
            let first = year - year % 10;
            let is_short = decade < 100 || year < 100;
            first == decade || is_short && first % 100 == decade % 100
        };
        self.figures.iter().filter_map(|f| f.parse().ok()).any(is_in)
    }

    /// A summary may say when its article was written.
    fn is_day_of_writing(&self, idx: usize) -> bool {
        let written = self.side.date.map(Days::one);
        let tells_hour = self.times[idx].clock.is_some();
        written.is_some_and(|day| !tells_hour && self.days[idx].contains(&day))
    }

    /// Whether the calendar has another weekday for a date.
    fn has_wrong_weekday(&self, idx: usize) -> bool {
        let (time, day) = (&self.times[idx], self.days[idx].first());
        let is_known = time.day.is_some() && !time.may_swap;
        day.is_some_and(|day| is_known && Some(day.first.weekday()) != time.weekday)
    }

    /// Whether both mean the same days on the calendar, or one lies in the other.
    fn is_same_day(&self, idx: usize, other: &Reading, other_idx: usize) -> bool {
        let theirs = &other.days[other_idx];
        self.days[idx].iter().any(|days| theirs.iter().any(|o| days.holds(*o)))
    }
}

/// `9/11` is of one year.
fn goes_without_saying(time: &Time) -> bool {
    (time.year, time.month, time.day) == (Some(2001), Some(9), Some(11))
}

/// Pairs what was lost with what was invented; the rest is missing, or was made up.
fn report(said: &Reading, told: &Reading, lost: Vec<Open>, invented: Vec<Open>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut explained = HashSet::new();
    for open in &invented {
        match partner(&told.times[open.idx], said, &lost, &explained) {
            Some(idx) => {
                explained.insert(idx);
                findings.push(changed(said, idx, told, open.idx));
            }
            None => findings.extend(made_up(said, told, open, &lost)),
        }
    }
    for open in lost.iter().filter(|open| !explained.contains(&open.idx)) {
        match surplus(&said.times[open.idx], told) {
            Some(idx) => findings.push(changed(said, open.idx, told, idx)),
            None => findings.extend(missing(said, told, open, &invented)),
        }
    }
    // Two days of one list are told by one expression.
    findings.dedup_by(|a, b| a.message == b.message);
    findings
}

/// The time of the source that a wrong one most likely stands for.
fn partner(
    time: &Time,
    said: &Reading,
    lost: &[Open],
    explained: &HashSet<usize>,
) -> Option<usize> {
    let is_lost = |idx: usize| lost.iter().any(|open| open.idx == idx) && !explained.contains(&idx);
    let worth = |idx: &usize| {
        let other = &said.times[*idx];
        let common = parts(time).filter(|part| part.agrees(time, other) == Some(true)).count();
        (common, is_lost(*idx))
    };
    let rivals = (0..said.times.len()).filter(|idx| {
        let other = &said.times[*idx];
        conflict(time, other) && have_one_kind(time, other)
    });
    // Of equals the first counts.
    let best = rivals.rev().max_by_key(worth)?;
    let (common, is_lost) = worth(&best);
    (common > 0 || is_lost).then_some(best)
}

/// A time that the target tells more often than there is reason for, and that contradicts this.
fn surplus(time: &Time, told: &Reading) -> Option<usize> {
    let same = |a: &Time, b: &Time| {
        parts(a).eq(parts(b)) && parts(a).all(|p| p.agrees(a, b) == Some(true))
    };
    (0..told.times.len()).find(|idx| {
        let other = &told.times[*idx];
        let is_kin = parts(time).eq(parts(other)) && conflict(time, other);
        is_kin && told.times.iter().filter(|o| same(o, other)).count() > 1
    })
}

fn kind(part: Part) -> &'static str {
    if part == Part::Clock { "time" } else { "date" }
}

fn changed(said: &Reading, source_idx: usize, told: &Reading, target_idx: usize) -> Finding {
    let (source, target) = (&said.times[source_idx], &told.times[target_idx]);
    let against: Vec<Part> =
        parts(source).filter(|part| part.agrees(source, target) == Some(false)).collect();
    let words = source.whole.of(said.side.text);
    let mut message = format!("`{words}` became `{}`", target.whole.of(told.side.text));
    if parts::is_swapped(source, target) {
        message += ": day and month changed places";
    }
    let part = against.first().copied().unwrap_or(Part::Shift);
    let is_weak = against.iter().all(|part| part.is_loose());
    let finding = if is_weak { Finding::warning } else { Finding::error };
    finding(kind(part), message).in_source(source.whole).in_target(target.whole)
}

fn made_up(said: &Reading, told: &Reading, open: &Open, lost: &[Open]) -> Option<Finding> {
    let time = &told.times[open.idx];
    let part = *open.parts.iter().min_by_key(|part| part.rank())?;
    let is_wrong = part == Part::Weekday && told.has_wrong_weekday(open.idx);
    let severity = if is_wrong { Severity::Error } else { part.severity(time)? };
    let words = part_words(time, told, open);
    let finding = Finding {
        severity,
        ..Finding::error(kind(part), format!("`{words}` is not in the source"))
    };
    let finding = finding.in_target(time.whole);
    Some(soften(finding, time, said, lost))
}

fn missing(said: &Reading, told: &Reading, open: &Open, invented: &[Open]) -> Option<Finding> {
    let time = &said.times[open.idx];
    let part = *open.parts.iter().min_by_key(|part| part.rank())?;
    let severity = part.severity(time)?;
    let words = part_words(time, said, open);
    let finding = Finding {
        severity,
        ..Finding::error(kind(part), format!("`{words}` of the source is missing"))
    };
    let finding = finding.in_source(time.whole);
    Some(soften(finding, time, told, invented))
}

/// The year or weekday alone where only that lacks; else the whole expression.
fn part_words(time: &Time, reading: &Reading, open: &Open) -> String {
    let words = time.whole.of(reading.side.text);
    let is_end = |c: char| c.is_whitespace() || c == ',';
    match (open.parts.as_slice(), time.year) {
        ([Part::Year], Some(year)) => year.to_string(),
        ([Part::Weekday], _) if time.day.is_some() => {
            words.split(is_end).next().unwrap_or(words).to_owned()
        }
        _ => words.to_owned(),
    }
}

/// A day told in another way, `hier` for `Monday`, may be right where the calendar is not known.
fn soften(finding: Finding, time: &Time, other: &Reading, open: &[Open]) -> Finding {
    let is_other_way = |o: &Time| {
        let is_relative = |t: &Time| t.shift.is_some() || t.weekday.is_some() && t.month.is_none();
        let is_as_fine = time.grain().abs_diff(o.grain()) <= 1;
        let is_other = is_as_fine && !have_one_kind(time, o) && o.clock.is_none();
        is_other && (is_relative(time) || is_relative(o))
    };
    let decides = other.side.date.is_some();
    if !decides && time.clock.is_none() && open.iter().any(|o| is_other_way(&other.times[o.idx])) {
        return Finding { severity: Severity::Note, ..finding };
    }
    finding
}
