use super::*;
use crate::check::Severity;

fn found(source: &str, target: &str) -> Vec<Finding> {
    let (source, target) = (Side::read(source, "fr", None), Side::read(target, "en", None));
    compare(&source, &target, Relation::Translation)
}

fn messages(source: &str, target: &str) -> Vec<String> {
    found(source, target).into_iter().map(|f| f.message).collect()
}

#[test]
fn an_invented_name_is_found_in_one_language() {
    let source = Side::read("Le maire Paul Arnaud a reçu les élus à l'Elysée.", "fr", None);
    let good = Side::read("Paul Arnaud a été reçu à l'Élysée.", "fr", None);
    assert!(compare(&source, &good, Relation::Summary).is_empty());
    let bad = Side::read("Le maire Paul Durand a reçu les élus.", "fr", None);
    let findings = compare(&source, &bad, Relation::Summary);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].severity, Severity::Error);
    assert!(findings[0].message.contains("Durand"));
}
