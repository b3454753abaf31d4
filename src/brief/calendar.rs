//! Days in words, in the language of a note.

use jiff::civil::Date;

use crate::digest::Language;

/// `6 January 2026`, `1er janvier 2026`
pub fn date(day: Date, language: Language) -> String {
    match (language, day.day()) {
        (Language::French, 1) => format!("1er {}", month(day, language)),
        (_, n) => format!("{n} {}", month(day, language)),
    }
}

/// `January 2026`
pub fn month(day: Date, language: Language) -> String {
    let (french, english) = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
    let name = if language == Language::French { french } else { english };
    format!("{name} {}", day.year())
}

const MONTHS: [(&str, &str); 12] = [
    ("janvier", "January"),
    ("février", "February"),
    ("mars", "March"),
    ("avril", "April"),
    ("mai", "May"),
    ("juin", "June"),
    ("juillet", "July"),
    ("août", "August"),
    ("septembre", "September"),
    ("octobre", "October"),
    ("novembre", "November"),
    ("décembre", "December"),
];
