//! One of the two texts that are compared, read once for all checks.

use jiff::civil::Date;

use crate::article::Span;
use crate::dates::{self, Time};
use crate::numbers::{self, Quantity};
use crate::sentence;

/// A text with all that the checks want to know of it.
#[derive(Debug, Clone)]
pub struct Side<'t> {
    pub text: &'t str,
    /// ISO 639-1. Of languages without a grammar there are no numbers and times.
    pub lang: &'t str,
    /// The day that the text was written on, where it is known.
    pub date: Option<Date>,
    pub sentences: Vec<Span>,
    /// Dates, clock times and parts of them, in order.
    pub times: Vec<Time>,
    /// Numbers outside of `times`, in order.
    pub numbers: Vec<Quantity>,
    /// Names and words.
    pub names: super::names::Index,
}

impl<'t> Side<'t> {
    /// Reads a text.
    pub fn read(text: &'t str, lang: &'t str, date: Option<Date>) -> Self {
        let times = dates::find(text, lang);
        let taken: Vec<Span> = times.iter().map(|time| time.span).collect();
        let numbers = numbers::find(text, lang, &taken);
        let sentences = sentence::split(text, lang);
        let names = super::names::Index::read(text, lang, &sentences);
        Self { text, lang, date, sentences, times, numbers, names }
    }
}
