//! Days as fields, headers and `meta` elements write them.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::html;
use crate::clean::parse_date;

/// The day that is written: ISO 8601 with or without a time, the date of a mail, seconds or
/// milliseconds since 1970, and what stands on pages, such as `6 janvier 2026` or `06/01/2026`.
///
/// Of a moment the day at the place where it was written counts, not the day in Greenwich.
pub(super) fn parse(text: &str) -> Option<Date> {
    let text = text.trim();
    let plausible = |day: &Date| YEARS.contains(&day.year());
    let moment = iso(text).or_else(|| unix(text)).filter(plausible).or_else(|| mail(text));
    let written = || html::day_in(text).or_else(|| parse_date(text).filter(plausible));
    moment.or_else(written)
}

/// A number may be anything; a day of news lies in these.
const YEARS: RangeInclusive<i16> = 1900..=2100;

/// `2026-01-06`, `2026-01-06T08:30:00+01:00`, `20260106`, `2026/01/06 08:30`.
fn iso(text: &str) -> Option<Date> {
    let day = text.split(['T', ' ']).next()?.replace('/', "-");
    let is_compact = day.len() == 8 && day.chars().all(|c| c.is_ascii_digit());
    (day.len() == 10 || is_compact).then(|| day.parse().ok())?
}

/// From 1990 on: smaller numbers are years and other things.
fn unix(text: &str) -> Option<Date> {
    let seconds: i64 = text.split('.').next()?.parse().ok()?;
    let seconds = if seconds > 100_000_000_000 { seconds / 1000 } else { seconds };
    let moment = Timestamp::from_second(seconds).ok().filter(|_| seconds > 631_152_000)?;
    Some(moment.to_zoned(TimeZone::UTC).date())
}

fn mail(text: &str) -> Option<Date> {
    jiff::fmt::rfc2822::parse(text).ok().map(|moment| moment.date())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn one_day_in_many_forms() {
        let forms = [
            "2026-01-06",
            "20260106",
            "2026-01-06T23:30:00Z",
            "2026-01-06T00:10:00+01:00",
            "2026/01/06 08:30",
            "06/01/2026",
            "06/01/2026 08:30",
            "6 janvier 2026 à 08h30",
            "6 janvier 2026",
            "Tue, 06 Jan 2026 09:12:00 +0100",
            "1767690000",
            "1767690000000",
        ];
        for form in forms {
            let day = parse(form).map(|date| date.to_string());
            assert_eq!(day.as_deref(), Some("2026-01-06"), "{form}");
        }
        for form in
            ["", "hier", "2026", "31/02/2026", "à la une", "12345678901234567890", "06/01/26"]
        {
            assert_eq!(parse(form), None, "{form}");
        }
    }
}
