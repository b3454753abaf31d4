//! Summaries against references, beside the first sentences of the article.

use rayon::prelude::*;
use serde::Serialize;

use super::set::{Record, Role, Set};
use crate::Result;
use crate::metrics::Segment;
use crate::metrics::bootstrap::{Interval, interval};
use crate::metrics::lead::lead;
use crate::metrics::rouge::{self, Options, Rouge, Score};

/// A summary and its references, or only the article that was to be summed up.
#[derive(Debug)]
pub struct Line<'s> {
    references: Vec<&'s str>,
    hypothesis: Option<&'s str>,
    /// Paragraphs; none where the article is not known.
    article: Vec<&'s str>,
    language: &'s str,
}

/// The summaries of a set. A set without any summary is one of articles alone.
///
/// # Errors
/// When a line has no reference, or lacks the summary or the article that others have.
pub fn lines(set: &Set) -> Result<Vec<Line<'_>>> {
    let lines = set.records().map(line).collect::<Result<Vec<_>>>()?;
    let has_articles = lines.iter().any(|line| !line.article.is_empty());
    let has_summaries = !has_articles || lines.iter().any(|line| line.hypothesis.is_some());
    for (record, line) in set.records().zip(&lines) {
        if has_summaries {
            record.need(Role::Hypothesis, line.hypothesis)?;
        }
        if has_articles {
            record.need(Role::Article, line.article.first())?;
        }
    }
    Ok(lines)
}

fn line(record: Record<'_>) -> Result<Line<'_>> {
    let references = record.texts(Role::Reference)?;
    let references = (!references.is_empty()).then_some(references);
    Ok(Line {
        references: record.need(Role::Reference, references)?,
        hypothesis: record.text(Role::Hypothesis)?,
        article: record.texts(Role::Article)?,
        language: record.languages()?.0,
    })
}

/// What is said of a set of summaries.
#[derive(Debug, Serialize)]
pub struct Report {
    pub n_lines: usize,
    pub signature: String,
    pub rows: Vec<Row>,
}

/// The figures of the summaries, or of what they are held against.
#[derive(Debug, Serialize)]
pub struct Row {
    /// `summaries`, `lead-2`.
    pub name: String,
    pub rouge: [Figure; 4],
}

/// One metric over a set, from 0 to 1.
#[derive(Debug, Serialize)]
pub struct Figure {
    pub name: &'static str,
    pub precision: Interval,
    pub recall: Interval,
    pub f: Interval,
}

/// Scores the lines, and the first `k` sentences of the articles beside them; none with a `k` of 0.
pub fn report(lines: &[Line], options: &Options, k: usize) -> Report {
    let hypotheses: Option<Vec<String>> =
        lines.iter().map(|line| line.hypothesis.map(str::to_owned)).collect();
    let leads: Option<Vec<String>> = lines.iter().map(|line| line.lead(k)).collect();
    let row =
        |name: String, texts: Vec<String>| Row { name, rouge: figures(lines, &texts, options) };
    let summaries = hypotheses.map(|texts| row("summaries".into(), texts));
    let leads = leads.map(|texts| row(format!("lead-{k}"), texts));
    let segments: Vec<Segment> = lines.iter().map(|line| line.segment("")).collect();
    Report {
        n_lines: lines.len(),
        signature: options.signature(&segments),
        rows: summaries.into_iter().chain(leads).collect(),
    }
}

impl<'s> Line<'s> {
    fn segment<'t>(&self, hypothesis: &'t str) -> Segment<'t>
    where
        's: 't,
    {
        Segment { hypothesis, references: self.references.clone() }
    }

    fn lead(&self, k: usize) -> Option<String> {
        (k > 0 && !self.article.is_empty()).then(|| lead(&self.article, k, self.language))
    }
}

fn figures(lines: &[Line], texts: &[String], options: &Options) -> [Figure; 4] {
    let pairs = lines.par_iter().zip(texts);
    let scores: Vec<Rouge> =
        pairs.map(|(line, text)| rouge::score(&line.segment(text), options)).collect();
    let figure = |name, of: fn(&Rouge) -> Score| {
        let over = |part: fn(Score) -> f64| {
            interval(&scores.iter().map(|score| part(of(score))).collect::<Vec<_>>())
        };
        let (precision, recall) = (over(|score| score.precision), over(|score| score.recall));
        Figure { name, precision, recall, f: over(|score| score.f) }
    };
    [
        figure("ROUGE-1", |rouge| rouge.rouge1),
        figure("ROUGE-2", |rouge| rouge.rouge2),
        figure("ROUGE-L", |rouge| rouge.rouge_l),
        figure("ROUGE-Lsum", |rouge| rouge.rouge_lsum),
    ]
}
