//! Offices that someone is told to have left, or to be about to take: `le président` told as `the
//! former president`.

use std::sync::LazyLock;

use super::super::lists::Lists;
use super::super::{Finding, Side};
use super::lexicon;
use super::words::{self, Word};

/// What changes the standing of the one that it is said of, and what may be its counterpart.
static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("status.txt")));

/// The changes: the list of the words that make one, and that of the words that answer them.
const CHANGES: [(&str, &str); 2] = [("former", "is-former"), ("future", "is-future")];

/// An error for each such word of the target that nothing in the source answers; of a title that
/// is dropped the names tell.
pub fn compare(source: &Side, target: &Side) -> Vec<Finding> {
    let told = words::split(target.text, target.lang, 0);
    let has = |lang: &str, list: &str, word: &Word| {
        LISTS.get(lang, list).iter().any(|entry| lexicon::fits(entry, &word.text))
    };
    let mut said: Option<Vec<Word>> = None;
    let mut findings = Vec::new();
    for (change, answer) in CHANGES {
        for word in told.iter().filter(|word| has(target.lang, change, word)) {
            let said = said.get_or_insert_with(|| words::split(source.text, source.lang, 0));
            if !said.iter().any(|own| has(source.lang, answer, own)) {
                let shown = word.span.of(target.text);
                let message = format!("`{shown}` is not in the source");
                findings.push(Finding::error("role", message).in_target(word.span));
            }
        }
    }
    findings
}
