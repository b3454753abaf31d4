//! Dates that the calendar refutes.

use jiff::civil::{Date, Weekday};

use crate::check::{Finding, Severity, Side};
use crate::dates::Time;

/// Days that no calendar has, and weekdays that were others.
pub fn alone(text: &Side) -> Vec<Finding> {
    let findings = text.times.iter().filter_map(|time| {
        let finding = impossible(time, text).or_else(|| wrong_weekday(time, text))?;
        Some(finding.in_source(time.whole))
    });
    findings.collect()
}

fn impossible(time: &Time, text: &Side) -> Option<Finding> {
    if time.exists() {
        return None;
    }
    let words = time.whole.of(text.text);
    Some(Finding::error("calendar", format!("`{words}`: the calendar has no such day")))
}

fn wrong_weekday(time: &Time, text: &Side) -> Option<Finding> {
    let weekday = time.weekday?;
    let (day, severity) = day_of(time, text)?;
    if day.weekday() == weekday || time.may_swap {
        return None;
    }
    let words = time.whole.of(text.text);
    let told = words.split([' ', ',', '\u{a0}', '\u{202f}']).next().unwrap_or(words);
    let message = format!("{} was a {}, not `{told}`", written(day), name(day.weekday()));
    Some(Finding { severity, ..Finding::error("calendar", message) })
}

/// Without a year the day next to the article's own counts, if it is near.
fn day_of(time: &Time, text: &Side) -> Option<(Date, Severity)> {
    let days = time.resolve(text.date);
    let day = days.first().filter(|days| days.first == days.last && time.day.is_some())?.first;
    if time.year.is_some() {
        return Some((day, Severity::Error));
    }
    let known = time.month.and(text.date)?;
    let is_near = (day.duration_since(known).as_hours() / 24).abs() <= 60;
    is_near.then_some((day, Severity::Warning))
}

fn written(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
