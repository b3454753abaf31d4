//! What a time means on the calendar.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{Shift, Time, Unit, read};

/// A run of whole days, both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    pub first: Date,
    pub last: Date,
}

impl Days {
    pub fn one(day: Date) -> Self {
        Self { first: day, last: day }
    }

    /// Whether all of `other` lies in it.
    pub fn holds(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl Time {
    /// All the days that it may mean in a text of that day, the likeliest first; nothing where
    /// the calendar cannot tell. `lundi` is the last Monday or the next.
    pub fn resolve(&self, written: Option<Date>) -> Vec<Days> {
        if let Some(year) = self.year {
            return self.in_year(year).into_iter().collect();
        }
        if let Some(decade) = self.decade.filter(|decade| *decade >= 1000) {
            return decade_of(decade).into_iter().collect();
        }
        let Some(written) = written else { return Vec::new() };
        if self.month.is_some() || self.holiday.is_some() {
            return self.in_years_around(written);
        }
        if let Some(day) = self.day {
            return self.in_months_around(day, written);
        }
        match (self.weekday, self.shift) {
            (Some(weekday), shift) => weekdays_around(weekday, shift, written),
            (None, Some(shift)) if !shift.is_vague => shifted(shift, written).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether the calendar has such a day.
    pub fn exists(&self) -> bool {
        read::exists(self)
    }

    fn in_year(&self, year: i16) -> Option<Days> {
        if let Some(holiday) = self.holiday {
            return holiday.day(year).map(Days::one);
        }
        let quarter = self.quarter.filter(|n| self.month.is_none() && (1..=4).contains(n));
        let month = self.month.or(quarter.map(|quarter| quarter * 3 - 2));
        let first = Date::new(year, month.unwrap_or(1), self.day.unwrap_or(1)).ok()?;
        let last = match (month, self.day) {
            (_, Some(_)) => first,
            (Some(_), None) if quarter.is_some() => {
                first.checked_add(2.months()).ok()?.last_of_month()
            }
            (Some(_), None) => first.last_of_month(),
            (None, None) => first.last_of_year(),
        };
        Some(Days { first, last })
    }

    /// `le 23`, `lundi 21`: of the month that the text was written in, of the next or the last one.
    fn in_months_around(&self, day: i8, written: Date) -> Vec<Days> {
        let month = |n: i64| {
            let first = written.first_of_month().checked_add(n.months()).ok()?;
            let day = Date::new(first.year(), first.month(), day).ok()?;
            self.weekday.is_none_or(|weekday| weekday == day.weekday()).then(|| Days::one(day))
        };
        let mut all: Vec<Days> = (-12..=12).filter_map(month).collect();
        all.sort_by_key(|days| days.first.duration_since(written).abs());
        all.truncate(2);
        all
    }

    fn in_years_around(&self, written: Date) -> Vec<Days> {
        let year = written.year();
        let mut all: Vec<Days> =
            [year, year - 1, year + 1].into_iter().filter_map(|y| self.in_year(y)).collect();
        all.sort_by_key(|days| days.first.duration_since(written).abs());
        all
    }
}

fn weekdays_around(weekday: Weekday, shift: Option<Shift>, written: Date) -> Vec<Days> {
    let back = i64::from(weekday.until(written.weekday()));
    let latest = written.checked_sub(back.days());
    let n = shift.map_or(0, |shift| shift.n.signum());
    let weeks: &[i64] = match (n, back) {
        (-1, 0) => &[-1, -2],
        (-1, _) => &[0, -1],
        (1, _) => &[1, 2],
        (_, 0) => &[0, -1, 1],
        _ => &[0, 1],
    };
    let Ok(latest) = latest else { return Vec::new() };
    weeks.iter().filter_map(|n| latest.checked_add(n.weeks()).ok()).map(Days::one).collect()
}

fn shifted(shift: Shift, written: Date) -> Option<Days> {
    let n = i64::from(shift.n.clamp(-3000, 3000));
    let day = match shift.unit {
        Unit::Minute | Unit::Hour => return None,
        Unit::Day => return written.checked_add(n.days()).ok().map(Days::one),
        Unit::Weekend | Unit::Week => written.checked_add(n.weeks()).ok()?,
        Unit::Fortnight => written.checked_add((2 * n).weeks()).ok()?,
        Unit::Month => written.checked_add(n.months()).ok()?,
        Unit::Quarter => written.checked_add((3 * n).months()).ok()?,
        Unit::Year => written.checked_add(n.years()).ok()?,
        Unit::Decade | Unit::Century => return None,
    };
    around(shift.unit, day)
}

fn decade_of(first: i16) -> Option<Days> {
    let last = Date::new(first.checked_add(9)?, 12, 31).ok()?;
    Some(Days { first: Date::new(first, 1, 1).ok()?, last })
}

/// The quarter that a day lies in.
fn quarter_of(day: Date) -> Option<Days> {
    let first = Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).ok()?;
    Some(Days { first, last: first.checked_add(2.months()).ok()?.last_of_month() })
}

/// The week, month or year that a day lies in.
fn around(unit: Unit, day: Date) -> Option<Days> {
    let to_monday = i64::from(day.weekday().to_monday_zero_offset());
    let monday = day.checked_sub(to_monday.days()).ok()?;
    let (first, last) = match unit {
        Unit::Weekend => (monday.checked_add(5.days()).ok()?, monday.checked_add(6.days()).ok()?),
        Unit::Week | Unit::Fortnight => (monday, monday.checked_add(6.days()).ok()?),
        Unit::Quarter => return quarter_of(day),
        Unit::Month => (day.first_of_month(), day.last_of_month()),
        _ => (day.first_of_year(), day.last_of_year()),
    };
    Some(Days { first, last })
}
