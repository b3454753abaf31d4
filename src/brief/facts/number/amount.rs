//! Whether two amounts may be one: round numbers and bounds leave room.

use super::mention::Mention;
use crate::numbers::Bound;

/// `une trentaine` may be 26 or 34.
const ABOUT: f64 = 0.16;
/// Exact numbers differ from here on: 2,9 and 3 million are one.
const ROUNDED: f64 = 0.03;

/// Whether both may be said of one amount.
pub fn fits(a: &Mention, b: &Mention) -> bool {
    may_be(a.value, a.bound, b.value, b.bound)
}

/// Whether two numbers with their bounds may be one amount.
pub fn may_be(a: f64, a_bound: Bound, b: f64, b_bound: Bound) -> bool {
    let apart = (a - b).abs() / a.abs().max(b.abs()).max(f64::MIN_POSITIVE);
    let holds = |bound: Bound, limit: f64, value: f64| match bound {
        Bound::AtLeast => value >= limit * (1.0 - ABOUT) && value <= limit * 2.0,
        Bound::AtMost => value <= limit * (1.0 + ABOUT) && value * 2.0 >= limit,
        _ => false,
    };
    let is_loose = |bound: Bound| !matches!(bound, Bound::Exact);
    apart < 1e-9
        || holds(a_bound, a, b)
        || holds(b_bound, b, a)
        || (is_loose(a_bound) || is_loose(b_bound)) && apart <= ABOUT
        || apart <= ROUNDED && (is_round(a) || is_round(b))
}

/// `3000`, `1,5 million`
fn is_round(value: f64) -> bool {
    value >= 100.0 && {
        let unit = 10f64.powf(value.log10().floor() - 1.0);
        (value / unit).fract().abs() < 1e-9
    }
}

/// For each mention the group of its value: exact numbers first, then what fits one of them.
pub fn groups(mentions: &[Mention]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..mentions.len()).collect();
    order.sort_by_key(|idx| mentions[*idx].bound != Bound::Exact);
    let mut heads: Vec<usize> = Vec::new();
    let mut groups = vec![0; mentions.len()];
    for idx in order {
        let apart = |head: usize| (mentions[head].value - mentions[idx].value).abs();
        let near = (0..heads.len())
            .filter(|group| fits(&mentions[heads[*group]], &mentions[idx]))
            .min_by(|a, b| apart(heads[*a]).total_cmp(&apart(heads[*b])));
        groups[idx] = near.unwrap_or_else(|| {
            heads.push(idx);
            heads.len() - 1
        });
    }
    groups
}
