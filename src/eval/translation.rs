//! Translations against references, and what the checks find in them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;

use super::set::{Record, Role, Set};
use crate::Result;
use crate::check::{self, Finding, Relation, Severity, Side};
use crate::metrics::bleu::{self, Bleu};
use crate::metrics::{Segment, chrf};

/// A translation, its references, and where it is known its source.
#[derive(Debug)]
pub struct Line<'s> {
    segment: Segment<'s>,
    source: Option<&'s str>,
    source_lang: &'s str,
    target_lang: &'s str,
    date: Option<Date>,
}

/// The translations of a set.
///
/// # Errors
/// When a line has no translation or no reference.
pub fn lines(set: &Set) -> Result<Vec<Line<'_>>> {
    set.records().map(line).collect()
}

fn line(record: Record<'_>) -> Result<Line<'_>> {
    let references = record.texts(Role::Reference)?;
    let references = (!references.is_empty()).then_some(references);
    let (source_lang, target_lang) = record.languages()?;
    Ok(Line {
        segment: Segment {
            hypothesis: record.need(Role::Hypothesis, record.text(Role::Hypothesis)?)?,
            references: record.need(Role::Reference, references)?,
        },
        source: record.text(Role::Source)?,
        source_lang,
        target_lang,
        date: record.date()?,
    })
}

/// What is said of a set of translations.
#[derive(Debug, Serialize)]
pub struct Report {
    pub n_lines: usize,
    pub bleu: BleuFigure,
    pub chrf: Figure,
    #[serde(rename = "chrf++")]
    pub chrf_pp: Figure,
    /// What the checks find, where lines have a source.
    pub checks: Option<Rates>,
}

/// A score and how it was counted.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// 0 to 100.
    pub score: f64,
    pub signature: String,
}

/// BLEU, what it is made of, and how it was counted.
#[derive(Debug, Serialize)]
pub struct BleuFigure {
    #[serde(flatten)]
    pub bleu: Bleu,
    pub signature: String,
}

/// How often the checks find what.
#[derive(Debug, Serialize)]
pub struct Rates {
    /// Of the sources.
    pub n_sentences: usize,
    pub findings: Vec<Rate>,
}

/// How often the checks find one thing.
#[derive(Debug, Serialize)]
pub struct Rate {
    pub kind: &'static str,
    pub severity: Severity,
    pub n: usize,
    pub per_1000_sentences: f64,
}

/// Scores the lines. `lowercase`: capitals count for nothing.
pub fn report(lines: &[Line], lowercase: bool) -> Report {
    let segments: Vec<Segment> = lines.iter().map(|line| line.segment.clone()).collect();
    let options = bleu::Options { lowercase, ..bleu::Options::default() };
    let chrf = |options: chrf::Options| {
        let options = chrf::Options { lowercase, ..options };
        let score = chrf::corpus(&segments, &options);
        Figure { score, signature: options.signature(&segments) }
    };
    Report {
        n_lines: lines.len(),
        bleu: BleuFigure {
            bleu: bleu::corpus(&segments, &options),
            signature: options.signature(&segments),
        },
        chrf: chrf(chrf::Options::chrf()),
        chrf_pp: chrf(chrf::Options::chrf_pp()),
        checks: lines.iter().any(|line| line.source.is_some()).then(|| rates(lines)),
    }
}

fn rates(lines: &[Line]) -> Rates {
    let checked: Vec<(usize, Vec<Finding>)> = lines.par_iter().filter_map(Line::checked).collect();
    let n_sentences = checked.iter().map(|(n, _)| n).sum();
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for finding in checked.iter().flat_map(|(_, findings)| findings) {
        // The gravest first.
        *counts.entry((std::cmp::Reverse(finding.severity), finding.kind)).or_default() += 1;
    }
    let rate = |((severity, kind), n): ((std::cmp::Reverse<_>, _), usize)| Rate {
        kind,
        severity: severity.0,
        n,
        per_1000_sentences: 1000.0 * n as f64 / usize::max(n_sentences, 1) as f64,
    };
    Rates { n_sentences, findings: counts.into_iter().map(rate).collect() }
}

impl Line<'_> {
    /// The number of sentences of the source, and what the checks find.
    fn checked(&self) -> Option<(usize, Vec<Finding>)> {
        let source = self.source?;
        let Self { source_lang, target_lang, date, .. } = *self;
        let (target, relation) = (self.segment.hypothesis, Relation::Translation);
        let source = Side::read(source, source_lang, date);
        let findings = check::against(&source, target, target_lang, relation);
        Some((source.sentences.len(), findings))
    }
}
