use super::*;
use crate::check::Relation;

fn compare(source: &str, target: &str) -> Vec<Finding> {
    let (source, target) = (Side::read(source, "fr", None), Side::read(target, "en", None));
    super::compare(&source, &target, Relation::Translation)
}

#[test]
fn a_lost_digit_is_found() {
    let findings = compare("244.890 habitants", "24,490 inhabitants");
    assert_eq!(findings.len(), 1, "{findings:?}");
}
