//! Holidays: feasts of a fixed day, of Easter, of a weekday of a month.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The day of a holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holiday {
    /// Month and day.
    Fixed(i8, i8),
    /// Days from Easter Sunday.
    Easter(i16),
    /// Month, which of its weekdays (Monday is 1), and days after it.
    Nth { month: i8, n: i8, weekday: i8, later: i8 },
}

impl Holiday {
    /// Reads `12-25`, `easter+1`, `11 4th 4+1` of the data file.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(days) = text.strip_prefix("easter") {
            return days.parse().ok().map(Self::Easter);
        }
        if let Some((month, rest)) = text.split_once(' ') {
            let (n, day) = rest.split_once("th ")?;
            let (weekday, later) = day.split_once('+')?;
            return Some(Self::Nth {
                month: month.parse().ok()?,
                n: n.parse().ok()?,
                weekday: weekday.parse().ok()?,
                later: later.parse().ok()?,
            });
        }
        let (month, day) = text.split_once('-')?;
        Some(Self::Fixed(month.parse().ok()?, day.parse().ok()?))
    }

    /// The day in a year.
    pub fn day(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::Easter(days) => easter(year)?.checked_add(i64::from(days).days()).ok(),
            Self::Nth { month, n, weekday, later } => {
                let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
                let day = Date::new(year, month, 1).ok()?.nth_weekday_of_month(n, weekday).ok()?;
                day.checked_add(i64::from(later).days()).ok()
            }
        }
    }
}

/// Easter Sunday of the Gregorian calendar (Anonymous Gregorian algorithm, 1876).
fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (century, rest) = (year / 100, year % 100);
    let golden = year % 19;
    let skipped = (century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let moon = (19 * golden + skipped).rem_euclid(30);
    let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4).rem_euclid(7);
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let sum = moon + sunday - 7 * late + 114;
    let month = i8::try_from(sum / 31).ok()?;
    let day = i8::try_from(sum % 31 + 1).ok()?;
    Date::new(year.try_into().ok()?, month, day).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn feasts_of_known_years() {
        let day = |text: &str, year| Holiday::parse(text).and_then(|holiday| holiday.day(year));
        assert_eq!(day("easter+0", 2018), Some(date(2018, 4, 1)));
        assert_eq!(day("easter+0", 2024), Some(date(2024, 3, 31)));
        assert_eq!(day("easter+39", 2025), Some(date(2025, 5, 29)));
        assert_eq!(day("easter-47", 2026), Some(date(2026, 2, 17)));
        assert_eq!(day("11 4th 4+0", 2023), Some(date(2023, 11, 23)));
        assert_eq!(day("11 4th 4+1", 2010), Some(date(2010, 11, 26)));
        assert_eq!(day("12-25", 2026), Some(date(2026, 12, 25)));
    }

    #[test]
    fn every_line_of_the_list_is_read() {
        let lines = include_str!("holidays.txt").lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let (day, _) = line.split_once(": ").unwrap_or_default();
            assert!(Holiday::parse(day).is_some(), "{line}");
        }
    }
}
