//! Days as pages write them: for machines in attributes, for readers above the text.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

/// Before the web there were no pages; a later year is a typing error or an event to come.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// Years first, days first, and with the month in words, French or English.
static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let forms = [
        r"\b(?<y>(?:19|20)\d\d)[-/.](?<m>\d{1,2})[-/.](?<d>\d{1,2})(?:\b|T)",
        r"\b(?<d>\d{1,2})[-/.](?<m>\d{1,2})[-/.](?<y>(?:19|20)\d\d)\b",
        r"\b(?<d>\d{1,2})(?:er|ER)?[\s.-]+(?<m>\p{L}{3,9})\.?,?[\s-]+(?<y>(?:19|20)\d\d)\b",
        r"\b(?<m>\p{L}{3,9})\.?\s+(?<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<y>(?:19|20)\d\d)\b",
        r"^(?<y>(?:19|20)\d\d)(?<m>[01]\d)(?<d>[0-3]\d)(?:\d{4,6})?(?:T|$)",
        // Feeds and old systems: `Tue Jan 06 18:30:00 CET 2026`
        r"\b(?<m>\p{L}{3})\s+(?<d>\d{1,2})\s+\d\d:\d\d:\d\d\s+(?:\S+\s+)?(?<y>(?:19|20)\d\d)\b",
    ];
    forms.into_iter().filter_map(|form| Regex::new(form).ok()).collect()
});

/// The first day in a text and where it stands. Of a time with a zone, the day as written.
pub fn find(text: &str) -> Option<(Date, Range<usize>)> {
    let found = FORMS.iter().flat_map(|form| form.captures_iter(text));
    let days = found.filter_map(|groups| Some((day(&groups)?, groups.get(0)?.range())));
    days.min_by_key(|(_, range)| range.start)
}

fn day(groups: &Captures) -> Option<Date> {
    let group = |name| groups.name(name).map(|found| found.as_str());
    let year = group("y")?.parse().ok()?;
    let date = Date::new(year, month(group("m")?)?, group("d")?.parse().ok()?).ok()?;
    YEARS.contains(&year).then_some(date)
}

fn month(word: &str) -> Option<i8> {
    if let Ok(number) = word.parse() {
        return Some(number);
    }
    let word = word.to_lowercase().replace(['é', 'è'], "e").replace('û', "u");
    // `juin` and `juillet` part at the fourth letter only.
    let starts: [&[&str]; 12] = [
        &["jan"],
        &["fev", "feb"],
        &["mar"],
        &["avr", "apr"],
        &["mai", "may"],
        &["juin", "jun"],
        &["juil", "jul"],
        &["aou", "aug"],
        &["sep"],
        &["oct"],
        &["nov"],
        &["dec"],
    ];
    let found = starts.iter().position(|s| s.iter().any(|start| word.starts_with(start)))?;
    i8::try_from(found + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_many_hands() {
        let cases = [
            ("2026-01-06T23:59:00-05:00", "2026-01-06"),
            ("20260106", "2026-01-06"),
            ("20260106183000", "2026-01-06"),
            ("Publié le 06/01/2026 à 18h30", "2026-01-06"),
            ("mardi 6 janvier 2026", "2026-01-06"),
            ("1er août 2025", "2025-08-01"),
            ("le 3\u{a0}févr.\u{a0}2024", "2024-02-03"),
            ("March 3rd, 2024", "2024-03-03"),
            ("Tue Jan 06 18:30:00 CET 2026", "2026-01-06"),
            ("/2026/01/06/le-pont", "2026-01-06"),
            ("12 juillet 2024 (mis à jour le 14 juin 2025)", "2024-07-12"),
        ];
        for (text, expected) in cases {
            assert_eq!(
                find(text).map(|(date, _)| date.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_day() {
        for text in ["", "31/02/2024", "12 personnes 2024", "1.2.3", "2024", "06/01/1850"] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
