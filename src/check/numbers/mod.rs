//! Numbers that were altered, dropped or made up.
//!
//! Numbers of one meaning are linked (`align`); a linked pair may still differ in its unit or in
//! how exact it is (`meaning`), and two neighbours may stand in the other order (`order`). What stays alone may be said otherwise (`excuse`); else it was
//! altered, dropped or made up (`altered`). `whole` looks at one text by itself.

mod align;
mod altered;
mod excuse;
mod index;
mod meaning;
mod order;
mod whole;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use super::{Finding, Lists, Relation, Severity, Side};
use crate::numbers::{Bound, Form, Quantity};

pub use whole::alone;

const KIND: &str = "number";

/// Words between numbers, by language.
static JOINTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("joints.txt")));

/// Whether numbers of two languages can be compared.
pub fn are_read(source: &str, target: &str) -> bool {
    crate::numbers::is_read(source) && crate::numbers::is_read(target)
}

/// Findings of both directions; of a summary only what the source has not.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    if !are_read(source.lang, target.lang)
        || target.numbers.is_empty() && (relation == Relation::Summary || source.numbers.is_empty())
    {
        return Vec::new();
    }
    let alignment = align::align(source, target, relation);
    let mut findings = meaning::of_links(source, target, &alignment.links, relation);
    findings.extend(altered::of_the_rest(source, target, &alignment, relation));
    findings.extend(order::swapped(source, target, &alignment.links, relation));
    findings
}

/// A finding of this check with a severity.
fn finding(severity: Severity, message: String) -> Finding {
    Finding { severity, ..Finding::error(KIND, message) }
}

/// How surely a number is meant as one: figures more than words, `two` or `first` hardly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// An article, `one`.
    None,
    /// `two`, `second`, `half`, `dozens`, `Louis XIV`.
    Weak,
    /// Other number words.
    Medium,
    Strong,
}

fn strength(quantity: &Quantity) -> Strength {
    let value = quantity.value.abs();
    let is_roman = quantity.form == Form::Name && !quantity.in_figures;
    match quantity.form {
        Form::Article => Strength::None,
        _ if is_roman => Strength::Weak,
        _ if quantity.in_figures && value == 1.0 => Strength::Medium,
        _ if quantity.in_figures => Strength::Strong,
        _ if value == 1.0 => Strength::None,
        Form::Multiple => Strength::Weak,
        Form::Fraction if value == 0.5 => Strength::Weak,
        Form::Ordinal if value <= 3.0 => Strength::Weak,
        _ if value <= 2.0 || quantity.bound == Bound::Magnitude => Strength::Weak,
        _ => Strength::Medium,
    }
}
