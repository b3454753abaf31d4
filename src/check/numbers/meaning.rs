//! Linked numbers that do not say the same: another unit, another bound, another noun.

use super::align::agree;
use super::{Finding, JOINTS, Relation, Severity, Side, Strength, finding, strength};
use crate::numbers::{Bound, Form, Quantity, Unit};

/// What differs in each linked pair.
pub fn of_links(
    source: &Side,
    target: &Side,
    links: &[(usize, usize)],
    relation: Relation,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (s, t) in links {
        let (from, to) = (&source.numbers[*s], &target.numbers[*t]);
        let words = Words { from: from.span.of(source.text), to: to.span.of(target.text) };
        let shared = |side: &Side, idx: usize, unit: Option<Unit>| shares_unit(side, idx, unit);
        let found = unit(from, to, &words)
            .filter(|_| is_told(from, to, relation))
            .filter(|_| !(from.unit.is_none() && shared(source, *s, to.unit)))
            .filter(|_| !(to.unit.is_none() && shared(target, *t, from.unit)))
            .or_else(|| age(from, to, (source, target), &words))
            .or_else(|| bound(from, to, &words, relation))
            .or_else(|| notation(from, to, source, target));
        findings.extend(found.map(|f| f.in_source(from.span).in_target(to.span)));
    }
    findings
}

/// `depuis onze ans` that became `since he was 11 years old`.
fn age(from: &Quantity, to: &Quantity, sides: (&Side, &Side), words: &Words) -> Option<Finding> {
    let (source, target) = sides;
    let is_word = |c: char| c.is_alphanumeric();
    let before = source.text.get(..from.span.start)?.trim_end();
    let before = before.rsplit(|c| !is_word(c)).next()?.to_lowercase();
    let behind = target.text.get(to.number.end..)?;
    let mut behind = behind.split(|c| !is_word(c)).filter(|word| !word.is_empty()).take(2);
    let is_length = JOINTS.has(source.lang, "lasting", &before);
    let is_age = behind.any(|word| JOINTS.has(target.lang, "old", word));
    let told = || finding(Severity::Error, words.became("a length of time became an age"));
    (is_length && is_age).then(told)
}

/// A summary may leave out what an amount is in; of many numbers one may have the value by chance.
fn is_told(from: &Quantity, to: &Quantity, relation: Relation) -> bool {
    let are_both = from.unit.is_some() && to.unit.is_some();
    let is_percent = |q: &Quantity| q.unit.is_some_and(|unit| unit.dimension == "percent");
    relation == Relation::Translation || are_both || is_percent(from) && to.value > 10.0
}

struct Words<'t> {
    from: &'t str,
    to: &'t str,
}

impl Words<'_> {
    fn became(&self, what: &str) -> String {
        if self.from == self.to {
            return format!("`{}`: {what}", self.from);
        }
        let dash = if what.is_empty() { "" } else { ": " };
        format!("`{}` became `{}`{dash}{what}", self.from, self.to)
    }
}

/// Whether a number that follows in a list carries the unit for this one: `23, 25 et 30 %`.
fn shares_unit(side: &Side, idx: usize, unit: Option<Unit>) -> bool {
    let mut end = side.numbers[idx].span.end;
    for next in side.numbers.get(idx + 1..).unwrap_or_default().iter().take(4) {
        let between = side.text.get(end..next.span.start).unwrap_or_default();
        let is_joint = |word: &str| word.is_empty() || JOINTS.has(side.lang, "list", word);
        if !between.split(|c: char| !c.is_alphanumeric()).all(is_joint) {
            return false;
        }
        if next.unit.is_some() {
            return next.unit.map(|unit| unit.dimension) == unit.map(|unit| unit.dimension);
        }
        end = next.span.end;
    }
    false
}

fn unit(from: &Quantity, to: &Quantity, words: &Words) -> Option<Finding> {
    if from.form == Form::Article && to.form == Form::Article {
        return None;
    }
    match (from.unit, to.unit) {
        (Some(a), Some(b)) => changed(a, b, from, to, words),
        (Some(lost), None) => only_one(lost, from, to, words, "lost its"),
        (None, Some(added)) => only_one(added, from, to, words, "got a"),
        (None, None) => None,
    }
}

fn changed(a: Unit, b: Unit, from: &Quantity, to: &Quantity, words: &Words) -> Option<Finding> {
    let is_known = |unit: Unit| !matches!(unit.dimension, "any" | "people" | "gender");
    let names = [a.name, b.name];
    let is_vague = from.bound == Bound::Magnitude && to.bound == Bound::Magnitude;
    let is_point = names.contains(&"points") && names.contains(&"percent");
    let is_equal = is_vague
        || agree(a, b) && !is_point
        || a.factor == b.factor && a.factor > 0.0 && a.dimension == "time";
    let is_mile = names.iter().all(|name| matches!(*name, "mile" | "nautical-mile"));
    let is_gauge = is_point || a.dimension == b.dimension || is_known(a) && is_known(b);
    let is_converted = a.dimension == "time" && b.dimension == "time" && from.value != to.value;
    if is_equal || is_mile || !is_gauge || is_converted || from.form == Form::Fraction {
        return None;
    }
    if names.contains(&"percent") && (names.contains(&"point") || names.contains(&"points")) {
        let what = words.became("percent and percentage points are not the same");
        return Some(finding(Severity::Warning, what));
    }
    if a.dimension == "gender" {
        return Some(finding(Severity::Warning, words.became("another count")));
    }
    let what = match (a.dimension, b.dimension) {
        ("currency", "currency") => "another currency",
        ("people", _) => "another count",
        _ => "another unit",
    };
    Some(finding(Severity::Error, words.became(what)))
}

/// One side has a unit and the other none.
fn only_one(
    unit: Unit,
    from: &Quantity,
    to: &Quantity,
    words: &Words,
    verb: &str,
) -> Option<Finding> {
    let is_vague = from.bound == Bound::Magnitude || to.bound == Bound::Magnitude;
    let is_counted = from.form == to.form && from.form == Form::Cardinal && !is_vague;
    let what = match unit.dimension {
        "percent" if unit.name == "point" => return None,
        "percent" => "percent sign",
        "currency" => "currency",
        "any" | "people" | "gender" | "time" => return None,
        _ => "unit",
    };
    let severity = if what == "percent sign" { Severity::Error } else { Severity::Warning };
    is_counted.then(|| finding(severity, words.became(&format!("it {verb} {what}"))))
}

/// Figures that stand in English as the source writes them: `12,5 %`, `1.400`.
fn notation(from: &Quantity, to: &Quantity, source: &Side, target: &Side) -> Option<Finding> {
    let name = match (source.lang, target.lang) {
        ("fr", "en") => "French",
        ("de", "en") => "German",
        ("es", "en") => "Spanish",
        ("it", "en") => "Italian",
        _ => return None,
    };
    let (number, own) = (to.number.of(target.text), from.number.of(source.text));
    let is_group = |part: &str| part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit());
    let is_decimal = number.split_once(',').is_some_and(|(_, part)| !is_group(part));
    let is_grouped = number.split_once('.').is_some_and(|(_, part)| is_group(part))
        && from.value != to.value
        && from.unit.is_none_or(|unit| unit.dimension != "percent");
    let is_foreign =
        to.in_figures && number == own && (is_decimal && !number.contains('.') || is_grouped);
    is_foreign.then(|| finding(Severity::Note, format!("`{number}` is written as in {name}")))
}

fn bound(from: &Quantity, to: &Quantity, words: &Words, relation: Relation) -> Option<Finding> {
    let is_weak = strength(from) == Strength::None || strength(to) == Strength::None;
    if is_weak || from.form != to.form || from.form == Form::Ordinal {
        return None;
    }
    let (severity, what) = bounds(from, to)?;
    let is_year = |q: &Quantity| q.unit.is_none() && (1000.0..2100.0).contains(&q.value);
    if is_year(from) && is_year(to) {
        return None;
    }
    let is_few = from.value <= 10.0 && relation == Relation::Summary;
    let is_span = is_few || from.unit.is_some_and(|unit| unit.dimension == "time");
    let is_soft = severity != Severity::Error && from.bound != Bound::Nearly;
    if is_span && is_soft || relation == Relation::Summary && severity == Severity::Note {
        return None;
    }
    Some(finding(severity, words.became(what)))
}

fn bounds(from: &Quantity, to: &Quantity) -> Option<(Severity, &'static str)> {
    use Bound::{About, AtLeast, AtMost, Exact, Magnitude, Nearly};
    Some(match (from.bound, to.bound) {
        (AtLeast, AtMost) | (AtMost, AtLeast) => (Severity::Error, "the direction was turned"),
        (AtLeast, Nearly) | (Nearly, AtLeast) => (Severity::Warning, "the direction was turned"),
        (Exact, AtLeast | AtMost) => (Severity::Warning, "the source says no more than the number"),
        (Nearly, Exact) => (Severity::Warning, "the source says nearly"),
        (About, Exact) => (Severity::Warning, "no longer approximate"),
        (AtLeast | AtMost, Exact | About) => (Severity::Warning, "no longer a limit"),
        (Magnitude, Exact) if to.in_figures => (Severity::Warning, "no longer approximate"),
        (Magnitude, About | Exact) => (Severity::Warning, "several became one"),
        (About, Magnitude) => (Severity::Warning, "one became several"),
        _ => return None,
    })
}
