//! Numbers that stand side by side in both texts, in the other order.

use super::align::same;
use super::{Finding, JOINTS, Relation, Severity, Side, Strength, finding, strength};
use crate::numbers::{Bound, Form, Quantity};

/// How two neighbours are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// `3 morts et 20 blessés`
    List,
    /// `3-1`, `203 voix contre 98`
    Score,
    /// `de 40 à 60`
    Span,
}

/// `3 morts et 20 blessés`, `20 dead and 3 injured`; `de 40 à 60`, `from 60 to 40`; `3-1`, `1-3`.
pub fn swapped(
    source: &Side,
    target: &Side,
    links: &[(usize, usize)],
    relation: Relation,
) -> Vec<Finding> {
    let found = links.windows(2).filter_map(|pair| {
        let [(s1, t1), (s2, t2)] = *pair else { return None };
        let is_draw = same(source.numbers.get(s1)?, source.numbers.get(s2)?);
        if s1 != s2 + 1 || t2 != t1 + 1 || is_draw {
            return None;
        }
        let joint = joint(source, s2, s1)?.max(joint(target, t1, t2)?);
        let is_free = relation == Relation::Summary
            && (joint == Joint::List || is_told_so(source, target, t1));
        (!is_free).then(|| changed_places(source, target, (s2, s1), t1, joint))
    });
    found.collect()
}

impl Joint {
    /// The one that says more of the order.
    fn max(self, other: Self) -> Self {
        match (self, other) {
            (Self::List, other) | (other, Self::List) => other,
            (Self::Score, _) | (_, Self::Score) => Self::Score,
            _ => Self::Span,
        }
    }

    fn severity(self) -> Severity {
        // A defeat by 3-1 is told as 1-3 too.
        if self == Self::Span { Severity::Error } else { Severity::Warning }
    }
}

fn changed_places(
    source: &Side,
    target: &Side,
    (s2, s1): (usize, usize),
    t1: usize,
    joint: Joint,
) -> Finding {
    let words = |idx: usize| source.numbers[idx].span.of(source.text);
    let message = format!("`{}` and `{}` changed places", words(s2), words(s1));
    let finding = finding(joint.severity(), message);
    finding.in_source(source.numbers[s2].span).in_target(target.numbers[t1].span)
}

/// Whether an article has the two numbers in this order somewhere.
fn is_told_so(source: &Side, target: &Side, t1: usize) -> bool {
    let (first, second) = (&target.numbers[t1], &target.numbers[t1 + 1]);
    source.numbers.windows(2).any(|pair| same(&pair[0], first) && same(&pair[1], second))
}

/// How two numbers are joined; `None` where they are not.
fn joint(side: &Side, first: usize, second: usize) -> Option<Joint> {
    let (one, other) = (&side.numbers[first], &side.numbers[second]);
    let between = side.text.get(one.span.end..other.span.start)?;
    let is = |list, word: &str| JOINTS.has(side.lang, list, word);
    let words: Vec<&str> = between.split_whitespace().collect();
    let is_plain = |q: &Quantity| q.form == Form::Cardinal && strength(q) >= Strength::Medium;
    let is_counted = |q: &Quantity| matches!(q.form, Form::Cardinal | Form::Article);
    if words.len() > 5 || between.contains(['.', ';', '(', ':', '\n']) {
        return None;
    }
    if is_counted(one) && is_counted(other) && !is_address(between, one, other) {
        match words.last().copied() {
            Some(word) if is("to", word) => {
                return Some(if is_span(side, one, &words) { Joint::Span } else { Joint::Score });
            }
            Some(word) if is("and", word) && words.len() < 3 && is_span(side, one, &[]) => {
                return Some(Joint::Span);
            }
            Some(word) if is("score", word) => {
                return Some(Joint::Score);
            }
            _ => {}
        }
    }
    let is_share = |word: &&str| is("share", word);
    let is_joined = words.iter().any(|word| is("and", word));
    let is_list = is_plain(one) && is_plain(other) && is_joined && !words.iter().any(is_share);
    is_list.then_some(Joint::List)
}

/// `06-12` of an address or a number that is called.
fn is_address(between: &str, one: &Quantity, other: &Quantity) -> bool {
    between == "-" && !(one.value < 200.0 && other.value < 200.0)
}

/// Whether a word before the first of two numbers says that they are two ends.
fn is_span(side: &Side, one: &Quantity, words: &[&str]) -> bool {
    let before = side.text.get(..one.span.start).unwrap_or_default().trim_end();
    let lead = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let lead = lead.to_lowercase();
    let is = |list| JOINTS.has(side.lang, list, &lead);
    match () {
        () if is("between") => true,
        () if is("from") => !words.is_empty(),
        () => words.len() == 1 && one.bound == Bound::From,
    }
}
