//! Whether one sentence contradicts another, where rules can tell.

use std::collections::BTreeSet;

use super::data::WORDS;
use crate::check::{self, Relation, Severity, Side};

/// What two sentences are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They cannot both be true.
    Contradiction,
    /// The first says what the second does.
    Compatible,
}

/// Sentences are of one thing where so much of the shorter one is in the other.
const MIN_SHARE: f64 = 0.7;
/// With fewer content words a share says nothing.
const MIN_WORDS: usize = 4;
/// The second sentence says nothing that the first has not, where so much of it is there.
const SAME: f64 = 0.95;
const STEM_LETTERS: usize = 6;
const MIN_LETTERS: usize = 4;

/// What the rules say of two texts; nothing where they do not decide.
pub fn judge(premise: &str, hypothesis: &str, lang: &str) -> Option<Verdict> {
    let (premise, hypothesis) =
        (Side::read(premise, lang, None), Side::read(hypothesis, lang, None));
    let (said, told) = (stems(&premise), stems(&hypothesis));
    let shared = share(&said, &told);
    if told.len() < MIN_WORDS || shared < 0.5 {
        return None;
    }
    if shared >= MIN_SHARE && is_contradicted(&premise, &hypothesis) {
        return Some(Verdict::Contradiction);
    }
    let is_clean = findings(&premise, &hypothesis).is_empty();
    let is_as_long = share(&told, &said) >= SAME;
    (shared >= SAME && is_as_long && is_clean).then_some(Verdict::Compatible)
}

fn is_contradicted(premise: &Side, hypothesis: &Side) -> bool {
    let findings = findings(premise, hypothesis);
    let has = |kind: &str| findings.iter().any(|finding| finding.kind == kind);
    let is_open = has("negation") && (has("number") || is_unsettled(premise, hypothesis));
    !is_open && findings.iter().any(|finding| contradicts(finding, premise))
}

/// `ne .. plus`, `pas nécessairement`, `pas .. mais`
fn is_unsettled(premise: &Side, hypothesis: &Side) -> bool {
    let words = premise.names.words.iter().chain(&hypothesis.names.words);
    words.into_iter().any(|word| WORDS.has("fr", "unsettled", &word.folded))
}

/// What is new in the second text contradicts nothing; what stands in the place of something else does.
fn contradicts(finding: &check::Finding, premise: &Side) -> bool {
    let is_error = finding.severity == Severity::Error;
    let replaces = finding.source.is_some() && finding.target.is_some();
    match finding.kind {
        "negation" => is_error,
        "number" => is_error && !premise.numbers.is_empty(),
        "date" => is_error && !premise.times.is_empty(),
        _ => is_error && replaces,
    }
}

/// What the second text has otherwise: numbers, days, names, negation, opposites.
fn findings(premise: &Side, hypothesis: &Side) -> Vec<check::Finding> {
    let mut all = check::numbers::compare(premise, hypothesis, Relation::Summary);
    all.extend(check::dates::compare(premise, hypothesis, Relation::Summary));
    all.extend(check::names::compare(premise, hypothesis, Relation::Summary));
    all.extend(check::polarity::compare(premise, hypothesis, Relation::Summary));
    all
}

/// What negation and opposites say of two aligned sentences.
pub fn polarity(a: &Side, b: &Side) -> Option<Verdict> {
    let findings = check::polarity::compare(a, b, Relation::Translation);
    let denies = |finding: &check::Finding| {
        finding.kind == "negation" && finding.severity == Severity::Error
            || finding.kind == "opposite" && finding.severity >= Severity::Warning
    };
    findings.iter().any(denies).then_some(Verdict::Contradiction)
}

/// Whether two sentences are of one thing.
pub fn are_aligned(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    a.len().min(b.len()) > MIN_WORDS && share(a, b).min(share(b, a)) >= MIN_SHARE
}

/// How much of `told` is in `said`.
fn share(said: &BTreeSet<String>, told: &BTreeSet<String>) -> f64 {
    told.intersection(said).count() as f64 / told.len().max(1) as f64
}

/// The beginnings of the content words.
pub fn stems(side: &Side) -> BTreeSet<String> {
    let words = side.names.words.iter().map(|word| &word.folded);
    let content = words.filter(|word| {
        word.chars().count() >= MIN_LETTERS && !WORDS.has(side.lang, "common", word)
    });
    content.map(|word| word.chars().take(STEM_LETTERS).collect()).collect()
}
