//! How many damaged translations the checks notice, and how many good ones they blame.
//!
//! A damage is noticed when a finding in the damaged translation is not one of the undamaged; a
//! false alarm is a finding in an undamaged translation.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;

use super::set::{Record, Role, Set};
use crate::Result;
use crate::check::{self, Finding, Relation, Severity, Side};

/// A translation, or what became of it when it was damaged, or both.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'s> {
    /// Where it stands in its set, counted from 1.
    pub line: usize,
    pub source: &'s str,
    /// The undamaged translation.
    pub target: Option<&'s str>,
    pub damaged: Option<&'s str>,
    /// What was damaged.
    pub class: &'s str,
    source_lang: &'s str,
    target_lang: &'s str,
    date: Option<Date>,
}

/// The class of what was damaged nobody says how.
const UNNAMED: &str = "damaged";

/// The samples of a set.
///
/// # Errors
/// When a line has no source, or neither a translation nor a damaged one.
pub fn samples(set: &Set) -> Result<Vec<Sample<'_>>> {
    set.records().map(sample).collect()
}

fn sample(record: Record<'_>) -> Result<Sample<'_>> {
    let (target, damaged) = (record.text(Role::Target)?, record.text(Role::Damaged)?);
    record.need(Role::Target, target.or(damaged))?;
    let (source_lang, target_lang) = record.languages()?;
    Ok(Sample {
        line: record.line,
        source: record.need(Role::Source, record.text(Role::Source)?)?,
        target,
        damaged,
        class: record.text(Role::Class)?.unwrap_or(UNNAMED),
        source_lang,
        target_lang,
        date: record.date()?,
    })
}

/// A sample and what the checks find in it.
#[derive(Debug)]
pub struct Judged<'s> {
    pub sample: Sample<'s>,
    /// In the undamaged translation.
    pub undamaged: Vec<Finding>,
    /// In the damaged translation alone.
    pub new: Vec<Finding>,
}

/// Runs the checks over all samples.
pub fn judge<'s>(samples: &[Sample<'s>], relation: Relation) -> Vec<Judged<'s>> {
    let one = |&sample: &Sample<'s>| {
        let source = Side::read(sample.source, sample.source_lang, sample.date);
        let find = |target: Option<&str>| {
            let find = |target| check::against(&source, target, sample.target_lang, relation);
            target.map(find).unwrap_or_default()
        };
        let undamaged = find(sample.target);
        let new = without(find(sample.damaged), &undamaged);
        Judged { sample, undamaged, new }
    };
    samples.par_iter().map(one).collect()
}

/// The findings that are not in `known`. One that stands twice must be known twice.
fn without(findings: Vec<Finding>, known: &[Finding]) -> Vec<Finding> {
    let mut known: Vec<&Finding> = known.iter().collect();
    let mut is_new = |finding: &Finding| {
        let same = |other: &&Finding| {
            (other.kind, other.severity, &other.message)
                == (finding.kind, finding.severity, &finding.message)
        };
        // The place is not compared: it moves with what was damaged before it.
        let at = known.iter().position(same);
        at.map(|at| known.swap_remove(at)).is_none()
    };
    findings.into_iter().filter(|finding| is_new(finding)).collect()
}

/// What is said of a set of samples.
#[derive(Debug, Serialize)]
pub struct Report {
    pub n_damaged: usize,
    /// Damaged ones that were noticed.
    pub n_found: usize,
    /// By name.
    pub classes: Vec<Class>,
    pub undamaged: Alarms,
}

/// Damages of one class.
#[derive(Debug, Serialize)]
pub struct Class {
    pub name: String,
    pub n: usize,
    pub n_found: usize,
    /// From 0 to 1.
    pub recall: f64,
    /// What the new findings are, the most frequent first.
    pub kinds: Vec<Kind>,
}

/// How many translations have a finding of one kind.
#[derive(Debug, Serialize)]
pub struct Kind {
    pub kind: &'static str,
    pub severity: Severity,
    pub n: usize,
}

/// Undamaged translations that are blamed, each pair of texts counted once.
#[derive(Debug, Serialize)]
pub struct Alarms {
    pub n: usize,
    pub n_with_error: usize,
    /// Errors about numbers, dates, times and units.
    pub n_with_number_or_date_error: usize,
    pub n_with_warning: usize,
    pub n_with_note: usize,
    pub kinds: Vec<Kind>,
}

/// The kinds of findings about figures.
const FIGURES: [&str; 4] = ["number", "date", "time", "unit"];

/// Counts.
pub fn report(judged: &[Judged]) -> Report {
    let mut by_class: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for judged in judged.iter().filter(|judged| judged.sample.damaged.is_some()) {
        by_class.entry(judged.sample.class).or_default().push(judged);
    }
    let classes: Vec<Class> = by_class.iter().map(|(name, judged)| class(name, judged)).collect();
    Report {
        n_damaged: classes.iter().map(|class| class.n).sum(),
        n_found: classes.iter().map(|class| class.n_found).sum(),
        classes,
        undamaged: alarms_of(&distinct(judged)),
    }
}

fn class(name: &str, judged: &[&Judged]) -> Class {
    let (n, n_found) = (judged.len(), judged.iter().filter(|j| !j.new.is_empty()).count());
    Class {
        name: name.into(),
        n,
        n_found,
        recall: n_found as f64 / n.max(1) as f64,
        kinds: kinds(judged.iter().map(|judged| judged.new.as_slice())),
    }
}

/// In how many texts each kind of finding is, the most frequent first.
fn kinds<'f>(texts: impl Iterator<Item = &'f [Finding]>) -> Vec<Kind> {
    let mut counts: BTreeMap<(Reverse<Severity>, &'static str), usize> = BTreeMap::new();
    for findings in texts {
        let kinds: BTreeSet<_> = findings.iter().map(|f| (Reverse(f.severity), f.kind)).collect();
        kinds.into_iter().for_each(|kind| *counts.entry(kind).or_default() += 1);
    }
    let kind = |((severity, kind), n): ((Reverse<_>, _), _)| Kind { kind, severity: severity.0, n };
    let mut kinds: Vec<Kind> = counts.into_iter().map(kind).collect();
    kinds.sort_by_key(|kind| Reverse(kind.n));
    kinds
}

/// The pairs with an undamaged translation, each once.
fn distinct<'j, 's>(judged: &'j [Judged<'s>]) -> Vec<&'j Judged<'s>> {
    let mut seen = HashSet::new();
    let with_target = judged.iter().filter(|judged| judged.sample.target.is_some());
    with_target.filter(|judged| seen.insert((judged.sample.source, judged.sample.target))).collect()
}

fn alarms_of(judged: &[&Judged]) -> Alarms {
    let n_with = |is_meant: &dyn Fn(&Finding) -> bool| {
        judged.iter().filter(|judged| judged.undamaged.iter().any(is_meant)).count()
    };
    let n_of = |severity| n_with(&|finding| finding.severity == severity);
    let is_figure = |f: &Finding| f.severity == Severity::Error && FIGURES.contains(&f.kind);
    Alarms {
        n: judged.len(),
        n_with_error: n_of(Severity::Error),
        n_with_number_or_date_error: n_with(&is_figure),
        n_with_warning: n_of(Severity::Warning),
        n_with_note: n_of(Severity::Note),
        kinds: kinds(judged.iter().map(|judged| judged.undamaged.as_slice())),
    }
}

/// The damaged translations that were not noticed, of the classes whose name has `class` in it.
pub fn misses<'j, 's>(judged: &'j [Judged<'s>], class: &str) -> Vec<&'j Judged<'s>> {
    let is_missed = |judged: &&Judged| {
        let Sample { damaged, class: own, .. } = judged.sample;
        damaged.is_some() && judged.new.is_empty() && own.contains(class)
    };
    judged.iter().filter(is_missed).collect()
}

/// The undamaged translations with a finding, or one of that severity.
pub fn alarms<'j, 's>(judged: &'j [Judged<'s>], severity: Option<Severity>) -> Vec<&'j Judged<'s>> {
    let is_meant = |finding: &Finding| severity.is_none_or(|wanted| finding.severity == wanted);
    let mut blamed = distinct(judged);
    blamed.retain(|judged| judged.undamaged.iter().any(is_meant));
    blamed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(kind: &'static str, severity: Severity, message: &str) -> Finding {
        Finding { kind, severity, message: message.into(), source: None, target: None }
    }

    fn judged(target: Option<&'static str>, undamaged: &[Finding]) -> Judged<'static> {
        let (source, source_lang, target_lang) = ("Le pont.", "fr", "en");
        let (damaged, class, date) = (None, UNNAMED, None);
        let sample =
            Sample { line: 1, source, target, damaged, class, source_lang, target_lang, date };
        Judged { sample, undamaged: undamaged.to_vec(), new: Vec::new() }
    }

    #[test]
    fn what_is_known_is_not_new() {
        let twelve = finding("number", Severity::Error, "`12` is not in the source");
        let name = finding("name", Severity::Warning, "`Paris` is not in the source");
        let known = [twelve.clone()];
        assert_eq!(without(vec![twelve.clone()], &known), []);
        assert_eq!(without(vec![twelve.clone(), twelve.clone()], &known), vec![twelve.clone()]);
        assert_eq!(without(vec![name.clone(), twelve], &known), [name]);
    }

    #[test]
    fn a_pair_is_blamed_once() {
        let date = finding("date", Severity::Error, "`May` became `March`");
        let name = finding("name", Severity::Warning, "`Paris` is not in the source");
        let all = [
            judged(Some("The bridge."), &[date.clone(), date.clone(), name]),
            judged(Some("The bridge."), std::slice::from_ref(&date)),
            judged(Some("A bridge."), &[]),
            judged(None, &[]),
        ];
        let Report { n_damaged, undamaged, .. } = report(&all);
        assert_eq!((n_damaged, undamaged.n, undamaged.n_with_error), (0, 2, 1));
        assert_eq!((undamaged.n_with_number_or_date_error, undamaged.n_with_warning), (1, 1));
        assert_eq!(undamaged.kinds.iter().map(|kind| kind.n).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(alarms(&all, Some(Severity::Warning)).len(), 1);
        assert_eq!(alarms(&all, Some(Severity::Note)).len(), 0);
    }
}
