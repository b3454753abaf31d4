//! Numbers without a partner that the other text says all the same: in a date, by a word such as
//! `both`, in another unit, rounded.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::Side;
use super::align::near;
use crate::numbers::{self, Bound, Form, Quantity, fold};

/// What the other text says beside its numbers, read when it is first asked for.
pub struct Other<'a, 't> {
    side: &'a Side<'t>,
    /// Texts in one language write dates alike; in two, what one reads as a date is in the other a
    /// plain number now and then.
    has_times: bool,
    words: Option<HashSet<String>>,
    in_times: Option<Vec<f64>>,
}

impl<'a, 't> Other<'a, 't> {
    /// `lang` is that of the numbers that will be asked for.
    pub fn new(side: &'a Side<'t>, lang: &str) -> Self {
        Self { side, has_times: side.lang != lang, words: None, in_times: None }
    }

    /// Whether a number is said by a date, a clock time or a word of this text.
    pub fn says(&mut self, quantity: &Quantity) -> bool {
        let is_of_time = quantity.unit.is_none_or(|unit| unit.dimension == "time");
        let mut values = [Some(quantity.value.abs()), quantity.also].into_iter().flatten();
        let may_be_time = is_of_time && self.has_times;
        may_be_time && values.any(|value| self.is_in_times(value)) || self.is_in_words(quantity)
    }

    /// Whether these very words stand in this text: `Three Mile Island`, `Boeing 737`.
    pub fn has(&self, words: &str) -> bool {
        words.contains(char::is_alphabetic) && words.len() > 4 && self.side.text.contains(words)
    }

    fn is_in_times(&mut self, value: f64) -> bool {
        let side = self.side;
        let in_times = self.in_times.get_or_insert_with(|| in_times(side));
        // 14h30 and 2:30 p.m.
        let is_clock = |hour: f64| (1.0..=12.0).contains(&hour);
        in_times.iter().any(|time| {
            let is_short_year = *time >= 1000.0 && near(time % 100.0, value, 1e-9) && value >= 10.0;
            near(*time, value, 1e-9)
                || is_clock(value) && near(*time, value + 12.0, 1e-9)
                || is_clock(*time) && near(value, time + 12.0, 1e-9)
                || is_short_year
        })
    }

    fn is_in_words(&mut self, quantity: &Quantity) -> bool {
        let value =
            if quantity.form == Form::Fraction { quantity.value } else { quantity.value.abs() };
        let is_round = value == 10.0 || value == 12.0;
        let is_loose = !quantity.in_figures || value <= 2.0 || is_round && is_unbound(quantity);
        let key = (value * 2.0).round() as i64;
        let Some(words) = EQUIVALENTS.get(&key).filter(|_| near(key as f64, value * 2.0, 1e-9))
        else {
            return false;
        };
        let Some(words) = words.get(self.side.lang) else { return false };
        let text = self.side.text;
        let own = self.words.get_or_insert_with(|| words_of(text));
        is_loose && words.iter().any(|word| own.contains(word))
    }
}

/// Whether a word such as `year` may say the number: `12%` is no year.
fn is_unbound(quantity: &Quantity) -> bool {
    quantity.unit.is_none_or(|unit| unit.dimension == "time")
}

/// The values of figures and number words under the dates of a text.
fn in_times(side: &Side) -> Vec<f64> {
    let mut values = Vec::new();
    for time in &side.times {
        let words = time.span.of(side.text);
        values.extend(numbers::find(words, side.lang, &[]).iter().map(|q| q.value.abs()));
        let runs = words.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
        values.extend(runs.filter_map(|run| run.parse::<f64>().ok()));
    }
    values
}

fn words_of(text: &str) -> HashSet<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(fold).collect()
}

/// The words for one value, by language.
type Words = HashMap<&'static str, Vec<String>>;

/// The columns of the list.
const COLUMNS: [&str; 5] = ["fr", "en", "de", "es", "it"];

/// By twice the value, so that a half is a key too.
static EQUIVALENTS: LazyLock<HashMap<i64, Words>> = LazyLock::new(|| {
    let lines = include_str!("equivalents.txt").lines().filter(|line| !line.starts_with('#'));
    let entry = |line: &'static str| {
        let (value, words) = line.split_once(':')?;
        let list = |words: &str| words.split_whitespace().map(fold).collect::<Vec<_>>();
        let value: f64 = value.parse().ok()?;
        let words = COLUMNS.into_iter().zip(words.split('|').map(list)).collect();
        Some(((value * 2.0).round() as i64, words))
    };
    lines.filter_map(entry).collect()
});

/// Whether one number is the other in another unit of the same dimension, within rounding.
pub fn is_converted(a: &Quantity, b: &Quantity) -> bool {
    let (Some(x), Some(y)) = (a.unit, b.unit) else { return false };
    if x.dimension != y.dimension || x.name == y.name {
        return false;
    }
    if x.dimension == "temperature" {
        let (celsius, fahrenheit) = if x.name == "celsius" { (a, b) } else { (b, a) };
        return (celsius.value * 1.8 + 32.0 - fahrenheit.value).abs() <= 2.0;
    }
    let is_small = a.value.abs() < 10.0 || b.value.abs() < 10.0;
    let tolerance = if is_small { 0.12 } else { 0.06 };
    x.factor > 0.0 && y.factor > 0.0 && {
        let values = |q: &Quantity| [Some(q.value), q.also].into_iter().flatten();
        values(a).any(|v| values(b).any(|w| near(v * x.factor, w * y.factor, tolerance)))
    }
}

/// Whether a softened number is the other one rounded: `près de 1 500` for 1 487.
pub fn is_rounded(exact: &Quantity, rounded: &Quantity) -> bool {
    near(exact.value, rounded.value, 0.06) && has_fewer_figures(rounded, exact)
}

/// Whether a number is written softly: `about`, `nearly`, `more than`, `hundreds of`.
pub fn is_soft(quantity: &Quantity) -> bool {
    !matches!(quantity.bound, Bound::Exact | Bound::From | Bound::To)
}

fn has_fewer_figures(a: &Quantity, b: &Quantity) -> bool {
    let significant = |value: f64| {
        let text = format!("{:.4}", value.abs()).replace('.', "");
        text.trim_matches('0').len()
    };
    significant(a.value) < significant(b.value)
}
