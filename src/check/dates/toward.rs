//! How a time is meant: before it, until it, since it, from it on.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Reading;
use super::parts::{Part, conflict, parts};
use crate::check::{Finding, Lists, Severity, Side, lists};
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

/// The columns of the list.
const COLUMNS: [&str; 5] = ["fr", "en", "de", "es", "it"];

/// Phrases of one language, those before a time and those behind it.
#[derive(Default)]
struct Phrases {
    before: HashMap<&'static str, Option<Relation>>,
    behind: HashMap<&'static str, Option<Relation>>,
}

static PHRASES: LazyLock<[Phrases; COLUMNS.len()]> = LazyLock::new(|| {
    let mut all: [Phrases; COLUMNS.len()] = Default::default();
    let lines = lists::lines(include_str!("relations.txt"));
    for (head, forms) in lines.filter_map(|line| line.split_once(": ")) {
        let (kind, place) = head.split_once(' ').unwrap_or((head, ""));
        for (phrases, forms) in all.iter_mut().zip(forms.split('|')) {
            let table = if place == "behind" { &mut phrases.behind } else { &mut phrases.before };
            table.extend(forms.split(',').map(|form| (form.trim(), relation(kind))));
        }
    }
    all
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

static WORDS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("words.txt")));

/// How many words a phrase has at most; an elided one counts.
const LONGEST: usize = 6;

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
        let Some(to) = meant(told.side, other) else { continue };
        let severity = change(from.relation, to.relation);
        findings
            .extend(severity.map(|severity| finding((said, time, from), (other, to), severity)));
    }
    findings
}

/// How a time is meant, and by which words.
struct Meant {
    relation: Relation,
    phrase: String,
}

fn finding(
    (said, time, from): (&Reading, &Time, Meant),
    (other, to): (&Time, Meant),
    severity: Severity,
) -> Finding {
    let when = time.whole.of(said.side.text);
    let message = format!("`{}` of `{when}` became `{}`", from.phrase, to.phrase);
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
fn meant(side: &Side, time: &Time) -> Option<Meant> {
    // `il y a trois ans` says itself which way it lies.
    if time.whole != time.span {
        return None;
    }
    let column = COLUMNS.iter().position(|lang| *lang == side.lang)?;
    let phrases = &PHRASES[column];
    let after = plain(side.text.get(time.whole.end..)?, false);
    let before = plain(side.text.get(..time.whole.start)?, true);
    let found = phrases.beginning(&after).or_else(|| phrases.ending(&before, side.lang))?;
    let is_limit = matches!(found.relation, Relation::Before | Relation::Until | Relation::By)
        || found.relation == Relation::After;
    (!is_limit || !is_denied(&before, side.lang)).then_some(found)
}

impl Phrases {
    /// What the words before a time say of it.
    fn ending(&self, before: &[String], lang: &str) -> Option<Meant> {
        let is_article = |word: &str| WORDS.has(lang, "article", word);
        let before = match before.split_last() {
            Some((last, rest)) if is_article(last) => rest,
            _ => before,
        };
        let starts = before.len().saturating_sub(LONGEST)..before.len();
        let phrases = starts.map(|start| joined(before.get(start..).unwrap_or_default()));
        known(phrases, &self.before)
    }

    /// What the words behind a time say of it.
    fn beginning(&self, after: &[String]) -> Option<Meant> {
        let ends = (1..=LONGEST.min(after.len())).rev();
        let phrases = ends.map(|end| joined(after.get(..end).unwrap_or_default()));
        known(phrases, &self.behind)
    }
}

/// The first phrase that a table has.
fn known(
    mut phrases: impl Iterator<Item = String>,
    table: &HashMap<&'static str, Option<Relation>>,
) -> Option<Meant> {
    let (phrase, relation) =
        phrases.find_map(|phrase| table.get(phrase.as_str()).map(|found| (phrase, *found)))?;
    relation.map(|relation| Meant { relation, phrase })
}

fn joined(words: &[String]) -> String {
    words.join(" ").replace("' ", "'")
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
fn is_denied(before: &[String], lang: &str) -> bool {
    let is_negation =
        |word: &String| WORDS.has(lang, "not", word) || WORDS.has_ending(lang, "not-ending", word);
    before.iter().rev().take(14).any(is_negation)
}
