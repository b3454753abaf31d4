//! What can be seen without reading the source closely: language, loops, length, a cut-off end.

mod ending;
mod grammar;
mod mixing;
mod order;
mod prompts;
mod relations;
mod repeats;
mod spelling;
mod telegram;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lists::Lists;
use super::polarity::words;
use super::{Finding, Relation, Side};
use crate::language::{self, Candidates};

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("words.txt")));

/// Below this many words, the language of a text is not judged.
const MIN_WORDS_FOR_LANGUAGE: usize = 6;
/// So many words in a row that come this often are a loop.
const LOOP_WORDS: usize = 6;
const LOOP_TIMES: usize = 3;
/// A translation has between a third and three times the letters of its source.
const LENGTH_RATIO: f64 = 3.0;
/// Of 5,500 professional translations of sentences of 60 letters and more, 1 in 100 lies outside.
const USUAL_RATIOS: std::ops::RangeInclusive<f64> = 0.58..=1.6;
const MIN_LETTERS_FOR_USUAL: usize = 60;
/// Texts shorter than this may grow or shrink more.
const MIN_LETTERS_FOR_LENGTH: usize = 25;

/// What can be seen in the target, and beside its source.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    let mut findings = check(target.text, target.lang);
    if findings.iter().any(|finding| finding.kind == "empty") {
        return findings;
    }
    let said = words::split(source.text, source.lang, 0);
    let told = words::split(target.text, target.lang, 0);
    let langs = (source.lang, target.lang);
    findings.extend(prompts::compare(source.text, target.text));
    findings.extend(mixing::copied(&said, &told, langs));
    findings.extend(mixing::compare(&said, &told, langs));
    findings.extend(repeats::compare(&said, &told));
    findings.extend(grammar::check(&told, target.lang));
    findings.extend(spelling::misspelled(source, target, relation));
    findings.extend(ending::marks(source.text, target.text, target.lang));
    if relation == Relation::Summary && source.lang == target.lang {
        findings.extend(relations::compare(&said, &told, target));
    }
    if relation == Relation::Translation {
        findings.extend(order::compare(&said, &told, langs));
        findings.extend(length(source.text, target.text));
        findings.extend(ending::end(source.text, target.text, &told, target.lang));
        findings.extend(ending::question(source.text, target.text));
        findings.extend(ending::capitals(source.text, target.text));
    }
    findings
}

/// What can be seen of a summary as a whole: French without articles.
pub fn style(source: &Side, summary: &str) -> Option<Finding> {
    if source.lang != "fr" {
        return None;
    }
    let said = words::split(source.text, source.lang, 0);
    telegram::compare(&said, &words::split(summary, source.lang, 0))
}

/// Checks a generated text by itself.
pub fn check(text: &str, expected_language: &str) -> Vec<Finding> {
    if !text.chars().any(char::is_alphanumeric) {
        return vec![Finding::error("empty", "nothing was written".into())];
    }
    let mut findings = Vec::new();
    findings.extend(wrong_language(text, expected_language));
    findings.extend(repetition(text));
    findings.extend(foreign_script(text));
    findings
}

fn wrong_language(text: &str, expected: &str) -> Option<Finding> {
    let is_word = |word: &&str| word.chars().any(char::is_alphabetic);
    if text.split_whitespace().filter(is_word).count() < MIN_WORDS_FOR_LANGUAGE {
        return None;
    }
    let found = match language::Language::given(expected) {
        Some(expected) => language::detect_part(text, expected, &Candidates::all()),
        None => language::detect(text),
    };
    let wrong = found.is_known() && found.code != expected;
    wrong.then(|| {
        Finding::error("language", format!("written in `{}`, not in `{expected}`", found.code))
    })
}

/// Letters of a script that neither French nor English is written in, which small models fall into.
fn foreign_script(text: &str) -> Option<Finding> {
    let foreign =
        text.chars().find(|c| matches!(c, '\u{3040}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'));
    foreign.map(|c| Finding::error("language", format!("has the foreign character {c}")))
}

fn repetition(text: &str) -> Option<Finding> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut times: HashMap<&[&str], usize> = HashMap::new();
    for window in words.windows(LOOP_WORDS) {
        let n = times.entry(window).or_default();
        *n += 1;
        if *n == LOOP_TIMES {
            let message = format!("repeats itself: `{}`", window.join(" "));
            return Some(Finding::error("loop", message));
        }
    }
    None
}

/// Checks that a translation is about as long as its source.
pub fn length(source: &str, target: &str) -> Option<Finding> {
    let (n_source, n_target) = (n_letters(source), n_letters(target));
    if n_source.max(n_target) < MIN_LETTERS_FOR_LENGTH {
        return None;
    }
    let ratio = n_target as f64 / n_source.max(1) as f64;
    let message = || format!("{ratio:.1} times as long as its source");
    if !(1.0 / LENGTH_RATIO..=LENGTH_RATIO).contains(&ratio) {
        Some(Finding::error("length", message()))
    } else if n_source >= MIN_LETTERS_FOR_USUAL && !USUAL_RATIOS.contains(&ratio) {
        Some(Finding::warning("length", message()))
    } else {
        None
    }
}

fn n_letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Whether a text ends as a sentence does.
pub fn is_finished(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '»', '”', '’', ')', ']', ' ', '\u{a0}', '\u{202f}']);
    end.ends_with(['.', '!', '?', '…']) && !end.ends_with("...") && !end.ends_with('…')
}

#[cfg(test)]
mod tests;
