//! How a time is meant: before it, until it, since it, from it on.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Reading;
use super::parts::{Part, conflict, parts};
use crate::check::{Finding, Severity, Side};
use crate::dates::Time;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Before,
    By,
    Until,
    Since,
    From,
    /// `dès lundi`, which may be no more than `lundi`.
    Early,
    After,
    At,
}

/// Phrases of one language, those before a time and those behind it.
#[derive(Default)]
struct Phrases {
    before: HashMap<&'static str, Option<Relation>>,
    behind: HashMap<&'static str, Option<Relation>>,
}

static PHRASES: LazyLock<[Phrases; 2]> = LazyLock::new(|| {
    let mut both = [Phrases::default(), Phrases::default()];
    let lines = include_str!("relations.txt").lines().filter(|line| !line.starts_with('#'));
    for (head, forms) in lines.filter_map(|line| line.split_once(": ")) {
        let (kind, place) = head.split_once(' ').unwrap_or((head, ""));
        for (phrases, forms) in both.iter_mut().zip(forms.split('|')) {
            let table = if place == "behind" { &mut phrases.behind } else { &mut phrases.before };
            table.extend(forms.split(',').map(|form| (form.trim(), relation(kind))));
        }
    }
    both
});

fn relation(kind: &str) -> Option<Relation> {
    Some(match kind {
        "before" => Relation::Before,
        "by" => Relation::By,
        "until" => Relation::Until,
        "since" => Relation::Since,
        "from" => Relation::From,
        "early" => Relation::Early,
        "after" => Relation::After,
        "at" => Relation::At,
        _ => return None,
    })
}

/// How many words a phrase has at most.
const LONGEST: usize = 5;

/// What was before a time and is now after it, and the like.
pub fn turned(said: &Reading, told: &Reading) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (idx, time) in said.times.iter().enumerate() {
        let Some(from) = meant(said.side, time) else { continue };
        let twins = same_times(time, said);
        let partners = same_times(time, told);
        // Where a date is told once more or less, nobody can say which is which.
        let place = twins.iter().position(|twin| *twin == idx);
        let Some(partner) = place.and_then(|place| partners.get(place)) else { continue };
        if twins.len() != partners.len() {
            continue;
        }
        let other = &told.times[*partner];
        let Some(severity) = meant(told.side, other).and_then(|to| change(from, to)) else {
            continue;
        };
        findings.push(finding(said.side, time, told.side, other, severity));
    }
    findings
}

fn finding(said: &Side, time: &Time, told: &Side, other: &Time, severity: Severity) -> Finding {
    let (from, to) = (words(said, time), words(told, other));
    let message = format!("`{from}` became `{to}`: the time is meant otherwise");
    let finding = Finding { severity, ..Finding::error("date", message) };
    finding.in_source(time.whole).in_target(other.whole)
}

/// The times of a text that state the same.
fn same_times(time: &Time, reading: &Reading) -> Vec<usize> {
    let all = reading.times.iter().enumerate();
    all.filter(|(_, other)| is_same(time, other)).map(|(idx, _)| idx).collect()
}

/// Whether two times state the same; the weekday of a date may be left out.
pub fn is_same(time: &Time, other: &Time) -> bool {
    let is_needed = |part: &Part| !matches!(part, Part::Weekday | Part::Hours);
    let needed = |time: &Time| {
        let is_day = time.day.is_some();
        parts(time).filter(move |part| !is_day || is_needed(part)).collect::<Vec<_>>()
    };
    needed(time) == needed(other) && !conflict(time, other)
}

/// How much it matters that one became the other.
fn change(from: Relation, to: Relation) -> Option<Severity> {
    use Relation::{After, At, Before, By, Early, From, Since, Until};
    match (from, to) {
        (Before | Until, After | Since) | (After | Since | From, Before | Until) => {
            Some(Severity::Error)
        }
        (By, Since | After) | (Early, Until) => Some(Severity::Error),
        (Before | Until | By, From | Early) | (From | Since | After, By) => Some(Severity::Warning),
        (Early, Before) | (Until | Before | By | After | From, At) => Some(Severity::Warning),
        (At, Before | After | Since | Until) => Some(Severity::Warning),
        (Since, At) => Some(Severity::Note),
        _ => None,
    }
}

/// How a time is meant, where the words beside it tell and nothing denies them.
fn meant(side: &Side, time: &Time) -> Option<Relation> {
    // `il y a trois ans` says itself which way it lies.
    if time.whole != time.span {
        return None;
    }
    let phrases = &PHRASES[usize::from(side.lang != "fr")];
    let after = plain(side.text.get(time.whole.end..)?, false);
    let behind = longest(&after, |words, n| words.get(..n).map(|part| part.join(" ")))
        .iter()
        .find_map(|phrase| phrases.behind.get(phrase.as_str()).copied().flatten());
    let before = plain(side.text.get(..time.whole.start)?, true);
    let found = behind.or_else(|| phrases.of(&before))?;
    let is_free =
        matches!(found, Relation::From | Relation::Early | Relation::Since | Relation::At);
    (is_free || !is_denied(&before)).then_some(found)
}

impl Phrases {
    /// What the words before a time say of it.
    fn of(&self, before: &[String]) -> Option<Relation> {
        let is_article =
            |word: &String| matches!(word.as_str(), "le" | "la" | "l'" | "les" | "the");
        let before = match before.split_last() {
            Some((last, rest)) if is_article(last) => rest,
            _ => before,
        };
        let ending = |words: &[String], n: usize| {
            let start = words.len().checked_sub(n)?;
            words.get(start..).map(|part| part.join(" ").replace("' ", "'"))
        };
        let phrases = longest(before, ending);
        phrases.iter().find_map(|phrase| self.before.get(phrase.as_str()).copied())?
    }
}

/// The phrases of five words, of four, ... that `part` takes out.
fn longest(words: &[String], part: impl Fn(&[String], usize) -> Option<String>) -> Vec<String> {
    (1..=LONGEST).rev().filter_map(|n| part(words, n)).collect()
}

/// The words of the sentence that end (or begin) here, in small letters; an elided one ends with
/// its apostrophe.
fn plain(text: &str, is_before: bool) -> Vec<String> {
    let is_end = |c: char| matches!(c, '.' | ';' | ':' | '!' | '?' | '\n' | '(' | ')' | ',');
    let part = if is_before { text.rsplit(is_end).next() } else { text.split(is_end).next() };
    let part = part.unwrap_or_default().to_lowercase().replace('’', "'").replace('\'', "' ");
    part.split_whitespace().map(str::to_owned).collect()
}

/// `pas avant`, `not until`.
fn is_denied(before: &[String]) -> bool {
    let is_negation = |word: &String| {
        matches!(word.as_str(), "ne" | "n'" | "pas" | "ni" | "not" | "no" | "never" | "only")
            || word.ends_with("n'")
    };
    before.iter().rev().take(14).any(is_negation)
}

/// The time with the two words before it.
fn words<'t>(side: &Side<'t>, time: &Time) -> &'t str {
    let before = side.text.get(..time.whole.start).unwrap_or_default();
    let start = before
        .rmatch_indices(|c: char| c.is_whitespace())
        .nth(2)
        .map_or(0, |(at, space)| at + space.len());
    let cut = before.rfind(['.', ',', ';', ':', '\n', '(']).map_or(0, |at| at + 1);
    let text = side.text.get(start.max(cut)..time.whole.end).unwrap_or_default();
    text.trim_start()
}
