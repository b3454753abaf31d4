//! The numbers of one text by their values: which of them may be the same as a given one is found
//! without a look at all the others.

use std::collections::HashMap;

use crate::numbers::{Bound, Form, Quantity};

/// Texts with no more numbers than this are looked through as a whole.
const FEW: usize = 32;
/// How many equal numbers on each side of a place are looked at.
const BAND: usize = 64;

/// Values with the indices of their numbers, in order.
type Values = Vec<(f64, usize)>;

/// Where the numbers of a text stand, by value.
#[derive(Default)]
pub struct Index {
    n_numbers: usize,
    /// Both readings of each, without sign.
    plain: Values,
    /// Decades, and all numbers, without their centuries.
    decades: Values,
    tens: Values,
    /// Those that are not exact.
    vague: Values,
    /// Lengths of time in seconds.
    lengths: Values,
    /// Amounts of each dimension in its base unit.
    measured: HashMap<&'static str, Values>,
}

impl Index {
    pub fn of(numbers: &[Quantity]) -> Self {
        let mut index = Self { n_numbers: numbers.len(), ..Self::default() };
        if index.is_small() {
            return index;
        }
        for (idx, quantity) in numbers.iter().enumerate() {
            index.add(idx, quantity);
        }
        let own = [&mut index.plain, &mut index.decades, &mut index.tens, &mut index.vague];
        let all = own.into_iter().chain([&mut index.lengths]).chain(index.measured.values_mut());
        all.for_each(|values| values.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))));
        index
    }

    fn is_small(&self) -> bool {
        self.n_numbers <= FEW
    }

    fn add(&mut self, idx: usize, quantity: &Quantity) {
        self.plain.extend(readings(quantity).map(|value| (value, idx)));
        self.tens.push((short(quantity), idx));
        self.decades.extend((quantity.form == Form::Decade).then(|| (short(quantity), idx)));
        self.vague.extend(is_vague(quantity).then(|| (quantity.value.abs(), idx)));
        self.lengths.extend(seconds(quantity).map(|length| (length, idx)));
        if let Some(unit) = quantity.unit.filter(|unit| unit.factor > 0.0) {
            let values = self.measured.entry(unit.dimension).or_default();
            values.extend(readings(quantity).map(|value| (value * unit.factor, idx)));
        }
    }

    /// All numbers that may be the same as this one, and others, in order. Of many equal ones
    /// those about the index `around`, where one is given.
    pub fn may_be(&self, quantity: &Quantity, around: Option<usize>) -> Vec<usize> {
        if self.is_small() {
            return (0..self.n_numbers).collect();
        }
        let mut found = Vec::new();
        let mut look = |values: &Values, low: f64, high: f64| {
            let part = run(values, low, high);
            let middle =
                around.map(|around| part.partition_point(|(_, idx)| *idx < around)).unwrap_or(0);
            let part = if around.is_some() { band(part, middle, BAND) } else { part };
            found.extend(part.iter().map(|(_, idx)| *idx));
        };
        let value = quantity.value.abs();
        readings(quantity).for_each(|reading| look(&self.plain, reading, reading));
        look(&self.decades, short(quantity), short(quantity));
        if quantity.form == Form::Decade {
            look(&self.tens, short(quantity), short(quantity));
        }
        if quantity.form == Form::Fraction {
            look(&self.plain, value * 98.0, value * 103.0);
        }
        if quantity.unit.is_some_and(|unit| unit.dimension == "percent") {
            look(&self.plain, value * 0.0098, value * 0.0103);
        }
        if is_vague(quantity) {
            look(&self.vague, value / 2.0, value * 2.0);
        }
        if let Some(length) = seconds(quantity) {
            look(&self.lengths, length / 1.2, length * 1.2);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// All numbers that may be the same amount in another unit, and others, in order.
    pub fn may_be_converted(&self, quantity: &Quantity) -> Vec<usize> {
        let Some(unit) = quantity.unit.filter(|unit| unit.factor > 0.0) else {
            return Vec::new();
        };
        if self.is_small() {
            return (0..self.n_numbers).collect();
        }
        let Some(values) = self.measured.get(unit.dimension) else { return Vec::new() };
        let mut found: Vec<usize> = if unit.dimension == "temperature" {
            values.iter().map(|(_, idx)| *idx).collect()
        } else {
            let amounts = readings(quantity).map(|value| value * unit.factor);
            let near = amounts.flat_map(|amount| run(values, amount * 0.85, amount * 1.15));
            near.map(|(_, idx)| *idx).collect()
        };
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// What lies between two values, with some room for arithmetic.
fn run(values: &Values, low: f64, high: f64) -> &[(f64, usize)] {
    let room = |value: f64| value.abs() * 1e-8;
    let first = values.partition_point(|(value, _)| *value < low - room(low));
    let end = values.partition_point(|(value, _)| *value <= high + room(high));
    values.get(first..end).unwrap_or_default()
}

/// Those about a place.
pub fn band<T>(items: &[T], middle: usize, width: usize) -> &[T] {
    let end = middle.saturating_add(width).min(items.len());
    items.get(middle.saturating_sub(width)..end).unwrap_or_default()
}

fn readings(quantity: &Quantity) -> impl Iterator<Item = f64> {
    [Some(quantity.value.abs()), quantity.also.map(f64::abs)].into_iter().flatten()
}

/// Without its century.
fn short(quantity: &Quantity) -> f64 {
    quantity.value.rem_euclid(100.0)
}

fn is_vague(quantity: &Quantity) -> bool {
    !matches!(quantity.bound, Bound::Exact | Bound::From | Bound::To)
}

fn seconds(quantity: &Quantity) -> Option<f64> {
    let unit = quantity.unit.filter(|unit| unit.dimension == "time")?;
    Some(quantity.value.abs() * unit.factor)
}
