//! Numbers that were altered, dropped or made up.

use super::{Finding, Relation, Side};
use crate::numbers::{Quantity, Value};

/// Findings of both directions; of a summary only what the source has not.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    let (said, told) = (&source.numbers, &target.numbers);
    let mut findings = not_in(told, said, target.text);
    if relation == Relation::Summary {
        return findings;
    }
    for missing in said.iter().filter(|q| q.in_figures && !told.iter().any(|t| matches(t, q))) {
        let words = missing.span.of(source.text);
        let message = format!("`{words}` of the source is missing");
        findings.push(Finding::error(missing.value.kind(), message).in_source(missing.span));
    }
    findings
}

/// A share above the whole, a total that is not the sum of its parts.
pub fn alone(_text: &Side) -> Vec<Finding> {
    Vec::new()
}

fn not_in(told: &[Quantity], said: &[Quantity], target: &str) -> Vec<Finding> {
    let invented = told.iter().filter(|t| !said.iter().any(|s| matches(t, s)));
    invented
        .map(|quantity| {
            let message = format!("`{}` is not in the source", quantity.span.of(target));
            let strict = quantity.in_figures || !matches!(quantity.value, Value::Number(_));
            let finding = if strict { Finding::error } else { Finding::warning };
            finding(quantity.value.kind(), message).in_target(quantity.span)
        })
        .collect()
}

/// The same value; a year may be shortened, and an hour told on another clock.
fn matches(a: &Quantity, b: &Quantity) -> bool {
    if a.value.equals(b.value) {
        return true;
    }
    match (a.value, b.value) {
        (Value::Number(x), Value::Number(y)) => {
            let (low, high) = if x < y { (x, y) } else { (y, x) };
            // 14h30 and 2:30 p.m.
            low >= 1.0 && high <= 24.0 && high - low == 12.0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(source: &str, _: &str, target: &str, _: &str) -> Vec<Finding> {
        let (source, target) = (Side::read(source, "fr", None), Side::read(target, "en", None));
        super::compare(&source, &target, Relation::Translation)
    }

    #[test]
    fn the_wrong_month_is_found_in_both_directions() {
        let findings = compare("mardi 6 janvier", "fr", "Tuesday, February 6", "en");
        let messages: Vec<_> = findings.iter().map(|f| f.message.as_str()).collect();
        assert_eq!(messages, ["`February` is not in the source"]);
    }

    #[test]
    fn a_lost_digit_is_found() {
        let findings = compare("244.890 habitants", "fr", "24,490 inhabitants", "en");
        assert_eq!(findings.len(), 2, "{findings:?}");
    }

    #[test]
    fn the_same_in_words_is_no_finding() {
        assert!(
            compare(
                "Il y a 3 blessés et une trentaine de témoins",
                "fr",
                "Three injured and about thirty witnesses",
                "en"
            )
            .is_empty()
        );
        assert!(compare("à 14h30", "fr", "at 2:30 p.m.", "en").is_empty());
    }
}
