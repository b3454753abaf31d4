//! Which number of the target is which of the source.

use super::index::Index;
use super::{Relation, Side};
use crate::article::Span;
use crate::numbers::{Bound, Form, Quantity, Unit};

/// Pairs of indices (source, target), and what has no partner.
pub struct Alignment {
    pub links: Vec<(usize, usize)>,
    pub missing: Vec<usize>,
    pub invented: Vec<usize>,
}

/// Links numbers of the same meaning, each at most once; a summary may use one of the source as
/// often as it likes.
pub fn align(source: &Side, target: &Side, relation: Relation) -> Alignment {
    let (said, told) = (&source.numbers, &target.numbers);
    let mut candidates = candidates(source, target, relation);
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut used, mut placed) = (vec![false; said.len()], vec![false; told.len()]);
    let mut links = Vec::new();
    for (_, s, t) in candidates {
        let is_free = relation == Relation::Summary || !used[s];
        if is_free && !placed[t] {
            (used[s], placed[t]) = (true, true);
            links.push((s, t));
        }
    }
    links.sort_by_key(|(_, t)| *t);
    let alone = |used: &[bool]| (0..used.len()).filter(|idx| !used[*idx]).collect();
    Alignment { links, missing: alone(&used), invented: alone(&placed) }
}

/// All pairs that may be links, with what speaks against each.
fn candidates(source: &Side, target: &Side, relation: Relation) -> Vec<(f64, usize, usize)> {
    let is_summary = relation == Relation::Summary;
    let told = &target.numbers;
    let index = Index::of(told);
    let mut candidates = Vec::new();
    for (s, from) in source.numbers.iter().enumerate() {
        let here = place(from.span, source.text);
        let behind = || told.partition_point(|to| place(to.span, target.text) < here);
        for t in index.may_be(from, (!is_summary).then(behind)) {
            let to = &told[t];
            // Of a whole article some number has that value by chance: the unit must agree.
            if !same(from, to) || is_summary && !is_comparable(from, to) {
                continue;
            }
            let far = (here - place(to.span, target.text)).abs();
            let far = if is_summary { 0.0 } else { far };
            candidates.push((far * 4.0 + unlike(from, to), s, t));
        }
    }
    candidates
}

/// Where a span begins, as a share of its text.
pub fn place(span: Span, text: &str) -> f64 {
    span.start as f64 / text.len().max(1) as f64
}

/// How badly two numbers of one value fit together.
fn unlike(a: &Quantity, b: &Quantity) -> f64 {
    let unit = match (a.unit, b.unit) {
        (Some(a), Some(b)) if a.name == b.name => -1.0,
        (Some(a), Some(b)) if agree(a, b) => 0.0,
        (Some(_), Some(_)) => 8.0,
        (None, None) => 0.0,
        _ => 0.5,
    };
    let form = if a.form == b.form { 0.0 } else { 0.5 };
    let exact = if a.value == b.value { 0.0 } else { 0.3 };
    let bound = if a.bound == b.bound { 0.0 } else { 0.2 };
    unit + form + exact + bound
}

/// Whether two numbers may count the same thing.
pub fn is_comparable(a: &Quantity, b: &Quantity) -> bool {
    let (Some(x), Some(y)) = (a.unit, b.unit) else { return true };
    agree(x, y) || is_duration(a, b)
}

/// Whether two units may be one: the same, or one of them with several meanings.
pub fn agree(a: Unit, b: Unit) -> bool {
    a.name == b.name || a.dimension == "any" || b.dimension == "any"
}

/// Whether two numbers have one value: as written, in the other notation, as a share and as a
/// percentage, or in another unit of time.
pub fn same(a: &Quantity, b: &Quantity) -> bool {
    let is_short = a.value < 100.0 || b.value < 100.0;
    if is_short && (a.form == Form::Decade || b.form == Form::Decade) {
        return near(a.value.rem_euclid(100.0), b.value.rem_euclid(100.0), 1e-9);
    }
    let readings = |q: &Quantity| [Some(q.value), q.also];
    let is_equal = readings(a)
        .iter()
        .flatten()
        .any(|x| readings(b).iter().flatten().any(|y| near(x.abs(), y.abs(), 1e-9)));
    is_equal || is_share(a, b) || is_share(b, a) || is_vague(a, b) || is_duration(a, b)
}

pub fn near(x: f64, y: f64, tolerance: f64) -> bool {
    (x - y).abs() <= tolerance * x.abs().max(y.abs())
}

/// `un tiers` and `33 %`.
fn is_share(a: &Quantity, b: &Quantity) -> bool {
    let is_percent = b.unit.is_some_and(|unit| unit.dimension == "percent");
    a.form == Form::Fraction && is_percent && near(a.value * 100.0, b.value, 0.02)
}

/// `des dizaines` and `dozens`, `une dizaine` and `a dozen`.
fn is_vague(a: &Quantity, b: &Quantity) -> bool {
    let is_exact = |q: &Quantity| matches!(q.bound, Bound::Exact | Bound::From | Bound::To);
    let is_vague = |q: &Quantity| !q.in_figures && !is_exact(q);
    let of_ten = |q: &Quantity| q.value.abs() / 10f64.powf(q.value.abs().log10().floor());
    let both = a.bound == Bound::Magnitude && b.bound == Bound::Magnitude;
    let ratio = a.value.max(b.value) / a.value.min(b.value).max(1e-9);
    let is_dozen = |q: &Quantity| q.value % 12.0 == 0.0 || near(of_ten(q), 1.0, 1e-9);
    let has_dozen = is_dozen(a) && is_dozen(b) || a.value % 12.0 == 0.0 || b.value % 12.0 == 0.0;
    (is_vague(a) && is_vague(b) && has_dozen && ratio < 1.25) || both && ratio <= 2.0
}

/// `18 mois` and `a year and a half`, `quinze jours` and `two weeks`, `huit jours` and `a week`.
fn is_duration(a: &Quantity, b: &Quantity) -> bool {
    let (Some(x), Some(y)) = (a.unit, b.unit) else { return false };
    if x.dimension != "time" || y.dimension != "time" || x.name == y.name {
        return false;
    }
    let (x, y) = (a.value * x.factor, b.value * y.factor);
    let days = |seconds: f64, n: f64| near(seconds, n * 86400.0, 1e-9);
    let either = |n: f64, m: f64| days(x, n) && days(y, m) || days(x, m) && days(y, n);
    near(x, y, 0.015) || either(8.0, 7.0) || either(15.0, 14.0)
}
