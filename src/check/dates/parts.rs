//! The parts of a time, one by one.

use crate::check::Severity;
use crate::dates::{Clock, DayPart, Edge, Holiday, Shift, Time, Unit};

/// One fact that a time states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Year,
    Decade,
    Month,
    Day,
    Weekday,
    Clock,
    Shift,
    Season,
    Holiday,
    Quarter,
    /// Morning, afternoon, evening, night.
    Hours,
    Edge,
}

const ALL: [Part; 12] = [
    Part::Year,
    Part::Decade,
    Part::Month,
    Part::Day,
    Part::Weekday,
    Part::Clock,
    Part::Shift,
    Part::Season,
    Part::Holiday,
    Part::Quarter,
    Part::Hours,
    Part::Edge,
];

/// What a time states, the weightiest first.
pub fn parts(time: &Time) -> impl Iterator<Item = Part> {
    ALL.into_iter().filter(move |part| part.is_in(time))
}

impl Part {
    pub fn is_in(self, time: &Time) -> bool {
        self.agrees(time, time).is_some()
    }

    /// Its place among the parts: the lower, the more it matters.
    pub fn rank(self) -> usize {
        ALL.iter().position(|part| *part == self).unwrap_or(ALL.len())
    }

    /// Whether two times state the same; `None` where one of them says nothing of it.
    pub fn agrees(self, a: &Time, b: &Time) -> Option<bool> {
        match self {
            Self::Year => Some(a.year? == b.year?),
            Self::Decade => Some(same_decade(a.decade?, b.decade?)),
            Self::Month if a.month.is_some() && b.month.is_some() => {
                Some(is_same_or_swapped(a, b, a.month == b.month))
            }
            Self::Month => is_feast(a, b),
            Self::Day if a.day.is_some() && b.day.is_some() => {
                Some(is_same_or_swapped(a, b, a.day == b.day))
            }
            Self::Day => is_feast(a, b),
            Self::Weekday => Some(a.weekday? == b.weekday? || is_one_night(a, b)),
            Self::Clock => Some(same_clock(a.clock?, b.clock?)),
            Self::Shift => Some(same_shift(a.shift?, b.shift?)),
            Self::Season => Some(a.season? == b.season?),
            Self::Holiday => Some(a.holiday? == b.holiday?),
            Self::Quarter => Some(a.quarter? == b.quarter?),
            Self::Hours => Some(same_part(a.part?, b.part?)),
            Self::Edge => Some(same_edge(a.edge?, b.edge?)),
        }
    }

    /// Often told in another way by good translators.
    pub fn is_loose(self) -> bool {
        matches!(self, Self::Edge | Self::Season | Self::Quarter | Self::Holiday)
    }

    /// How much it matters that this part of a time is missing or made up.
    pub fn severity(self, time: &Time) -> Option<Severity> {
        match self {
            Self::Year | Self::Decade | Self::Month | Self::Day | Self::Clock => {
                Some(Severity::Error)
            }
            // The date itself is told.
            Self::Weekday if time.day.is_some() => Some(Severity::Note),
            Self::Weekday => Some(Severity::Warning),
            Self::Shift => time.shift.and_then(shift_severity),
            Self::Season | Self::Holiday | Self::Quarter | Self::Hours | Self::Edge => None,
        }
    }
}

/// A day more or less is news; `aujourd'hui` and `ces dernières années` are often left out.
fn shift_severity(shift: Shift) -> Option<Severity> {
    match shift {
        Shift { n: 0, .. } | Shift { is_vague: true, .. } => None,
        Shift { unit: Unit::Day, .. } => Some(Severity::Warning),
        _ => Some(Severity::Note),
    }
}

/// Whether one of the two denies the other.
pub fn conflict(a: &Time, b: &Time) -> bool {
    ALL.into_iter().any(|part| part.agrees(a, b) == Some(false))
}

/// Whether they state things of one kind.
pub fn have_one_kind(a: &Time, b: &Time) -> bool {
    ALL.into_iter().any(|part| part.agrees(a, b).is_some())
}

/// Whether day and month of one are month and day of the other.
pub fn is_swapped(a: &Time, b: &Time) -> bool {
    a.month.is_some() && a.month == b.day && a.day == b.month && a.day.is_some() && a.day != a.month
}

fn is_same_or_swapped(a: &Time, b: &Time, same: bool) -> bool {
    same || (a.may_swap || b.may_swap) && is_swapped(a, b)
}

/// Whether one is the date of the other, a feast; what is another date says nothing of it.
fn is_feast(a: &Time, b: &Time) -> Option<bool> {
    let (feast, other) = if a.holiday.is_some() { (a, b) } else { (b, a) };
    let Some(Holiday::Fixed(month, day)) = feast.holiday else { return None };
    ((other.month, other.day) == (Some(month), Some(day))).then_some(true)
}

/// The night that leads from one day to the next is named after either.
fn is_one_night(a: &Time, b: &Time) -> bool {
    let is_night = |time: &Time| time.part == Some(DayPart::Night);
    let (Some(x), Some(y)) = (a.weekday, b.weekday) else { return false };
    let (night, before, after) = if is_night(b) { (b, y, x) } else { (a, x, y) };
    is_night(night) && (before.next() == after || after.next() == before)
}

fn same_decade(a: i16, b: i16) -> bool {
    a == b || (a < 100 || b < 100) && a % 100 == b % 100
}

fn same_clock(a: Clock, b: Clock) -> bool {
    let minutes = |clock: Clock| clock.minutes % 1440;
    minutes(a) == minutes(b)
        || (a.is_half_day || b.is_half_day) && a.minutes % 720 == b.minutes % 720
}

/// The night begins in the evening and ends in the morning.
fn same_part(a: DayPart, b: DayPart) -> bool {
    let is_night = |part| part == DayPart::Night;
    a == b || (is_night(a) || is_night(b)) && a != DayPart::Afternoon && b != DayPart::Afternoon
}

fn same_edge(a: Edge, b: Edge) -> bool {
    a == b || a == Edge::Middle || b == Edge::Middle
}

/// The same direction and about as far: `il y a un an` and `last year`, `huit jours` and a week.
fn same_shift(a: Shift, b: Shift) -> bool {
    let (x, y) = (a.n.signum(), b.n.signum());
    if x != y || a.is_vague || b.is_vague {
        return x == y;
    }
    let days = |shift: Shift| f64::from(shift.n.abs()) * shift.unit.days();
    let (low, high) = (days(a).min(days(b)), days(a).max(days(b)));
    let is_now = x == 0 && (a.unit == b.unit || [a.unit, b.unit].contains(&Unit::Day));
    is_now || a.unit == b.unit && a.n == b.n || a.unit != b.unit && high <= low * 1.2
}
