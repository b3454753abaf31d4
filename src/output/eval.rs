//! Figures over sets of examples, as tables or as one JSON object.

use clap::ValueEnum;
use depeche::Result;
use depeche::check::{Finding, Severity};
use depeche::eval::checks::{self, Alarms, Class, Judged, Kind};
use depeche::eval::{summaries, translation};
use depeche::metrics::bootstrap::Interval;
use serde::Serialize;
use serde_json::{Value, json};

use super::page::Page;
use super::{has_colours, stdout};

/// How figures are written.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum Format {
    /// Tables for reading
    #[default]
    Text,
    /// One JSON object
    Json,
}

/// Scores of translations.
pub fn translation(report: &translation::Report, format: Format) -> Result<()> {
    match format {
        Format::Text => stdout(&translation_text(report)),
        Format::Json => stdout(&record(report, [])),
    }
}

/// Scores of summaries.
pub fn summaries(report: &summaries::Report, format: Format) -> Result<()> {
    match format {
        Format::Text => stdout(&summaries_text(report)),
        Format::Json => stdout(&record(report, [])),
    }
}

/// What the checks notice and blame, and the examples that were asked for.
pub fn checks(
    report: &checks::Report,
    misses: Option<&[&Judged]>,
    alarms: Option<&[&Judged]>,
    format: Format,
) -> Result<()> {
    match format {
        Format::Text => {
            let mut text = checks_text(report);
            if misses.is_some() || alarms.is_some() {
                text.push('\n');
            }
            misses.into_iter().flatten().for_each(|judged| text.push_str(&miss(judged)));
            alarms.into_iter().flatten().for_each(|judged| text.push_str(&alarm(judged)));
            stdout(&text)
        }
        Format::Json => {
            let list = |judged: &[&Judged]| judged.iter().map(|judged| example(judged)).collect();
            let lists = [("misses", misses.map(list)), ("alarms", alarms.map(list))];
            stdout(&record(report, lists))
        }
    }
}

/// A report as JSON, with the lists that there are.
fn record<const N: usize>(
    report: &impl Serialize,
    lists: [(&'static str, Option<Vec<Value>>); N],
) -> String {
    let mut record = json!({"schema": 1});
    let fields = serde_json::to_value(report).unwrap_or_default();
    if let (Value::Object(record), Value::Object(fields)) = (&mut record, fields) {
        record.extend(fields);
        let lists = lists.into_iter().filter_map(|(name, list)| Some((name, list?)));
        lists.for_each(|(name, list)| {
            record.insert(name.into(), Value::Array(list));
        });
    }
    format!("{record:#}\n")
}

fn example(judged: &Judged) -> Value {
    let sample = &judged.sample;
    json!({
        "line": sample.line,
        "class": sample.damaged.map(|_| sample.class),
        "source": sample.source,
        "target": sample.target,
        "damaged": sample.damaged,
        "findings": judged.undamaged.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    let Finding { kind, severity, message, .. } = finding;
    json!({"kind": kind, "severity": severity, "message": message})
}

fn translation_text(report: &translation::Report) -> String {
    let figure =
        |name: &str, score: f64, signature: &str| format!("{name:7} {score:6.2}  {signature}\n");
    let translation::BleuFigure { bleu, signature } = &report.bleu;
    let precisions: Vec<String> = bleu.precisions.iter().map(|p| format!("{p:.1}")).collect();
    let mut text = format!("{}\n\n", lines(report.n_lines));
    text.push_str(&figure("BLEU", bleu.score, signature));
    text.push_str(&format!(
        "                {}, brevity penalty {:.3}, {} words against {}\n",
        precisions.join("/"),
        bleu.brevity_penalty,
        bleu.hypothesis_len,
        bleu.reference_len
    ));
    text.push_str(&figure("chrF", report.chrf.score, &report.chrf.signature));
    text.push_str(&figure("chrF++", report.chrf_pp.score, &report.chrf_pp.signature));
    report.checks.iter().for_each(|rates| text.push_str(&rates_text(rates)));
    text
}

fn lines(n: usize) -> String {
    if n == 1 { "1 line".into() } else { format!("{n} lines") }
}

fn rates_text(rates: &translation::Rates) -> String {
    let head = format!("\nFindings per 1000 sentences, of {}\n", rates.n_sentences);
    let row = |rate: &translation::Rate| {
        let severity = word(rate.severity);
        format!("{severity:7}  {:14} {:7.1}  ({})\n", rate.kind, rate.per_1000_sentences, rate.n)
    };
    let rows: String = rates.findings.iter().map(row).collect();
    head + if rows.is_empty() { "none\n" } else { &rows }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn summaries_text(report: &summaries::Report) -> String {
    let mut text = format!("{}, {}\n\n", lines(report.n_lines), report.signature);
    text.push_str("F in percent, and the range of 95 in 100 draws\n");
    let width = report.rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    for row in &report.rows {
        for (idx, figure) in row.rouge.iter().enumerate() {
            let name = if idx == 0 { row.name.as_str() } else { "" };
            let Interval { mean, low, high } = figure.f;
            let [mean, low, high] = [mean, low, high].map(|share| 100.0 * share);
            let metric = figure.name;
            text.push_str(&format!("{name:width$}  {metric:10} {mean:6.2}  {low:.2}–{high:.2}\n"));
        }
    }
    text
}

fn checks_text(report: &checks::Report) -> String {
    let mut text = String::new();
    if report.n_damaged > 0 {
        let share = percent(report.n_found, report.n_damaged);
        let (n_found, n) = (report.n_found, report.n_damaged);
        text.push_str(&format!("{n_found} of {n} damaged targets noticed ({share} %)\n\n"));
        let width = report.classes.iter().map(|class| class.name.len()).max().unwrap_or(0);
        text.extend(report.classes.iter().map(|class| class_row(class, width)));
    }
    if report.undamaged.n > 0 {
        let gap = if text.is_empty() { "" } else { "\n" };
        text.push_str(gap);
        text.push_str(&alarms_text(&report.undamaged));
    }
    text
}

fn class_row(class: &Class, width: usize) -> String {
    let share = percent(class.n_found, class.n);
    let Class { name, n, n_found, .. } = class;
    let kinds = kinds_text(&class.kinds);
    format!("{name:width$}  {n_found:4} of {n:4}  {share:>5} %  {kinds}").trim_end().to_owned()
        + "\n"
}

fn percent(n: usize, of: usize) -> String {
    format!("{:.1}", 100.0 * n as f64 / of.max(1) as f64)
}

fn kinds_text(kinds: &[Kind]) -> String {
    let kind = |kind: &Kind| {
        let severity = match kind.severity {
            Severity::Error => "",
            other => &format!(" ({})", word(other)),
        };
        format!("{}{severity} {}", kind.kind, kind.n)
    };
    kinds.iter().map(kind).collect::<Vec<_>>().join(", ")
}

fn alarms_text(alarms: &Alarms) -> String {
    let row = |what: &str, n: usize| {
        format!("{what:32}  {n:4} of {:4}  {:>5} %\n", alarms.n, percent(n, alarms.n))
    };
    let kinds = kinds_text(&alarms.kinds);
    [
        "Undamaged targets\n".to_owned(),
        row("with an error", alarms.n_with_error),
        row("with a number or date error", alarms.n_with_number_or_date_error),
        row("with a warning", alarms.n_with_warning),
        row("with a note", alarms.n_with_note),
        if kinds.is_empty() { kinds } else { kinds + "\n" },
    ]
    .concat()
}

fn miss(judged: &Judged) -> String {
    let sample = &judged.sample;
    let mut page = Page::new(has_colours());
    page.wrapped("", &format!("line {}: {}", sample.line, sample.class), page.style.bold);
    page.wrapped("source   ", sample.source, "");
    sample.target.iter().for_each(|target| page.wrapped("target   ", target, ""));
    sample.damaged.iter().for_each(|damaged| page.wrapped("damaged  ", damaged, ""));
    page.into_text()
}

fn alarm(judged: &Judged) -> String {
    let sample = &judged.sample;
    let mut page = Page::new(has_colours());
    page.wrapped("", &format!("line {}", sample.line), page.style.bold);
    page.wrapped("source   ", sample.source, "");
    sample.target.iter().for_each(|target| page.wrapped("target   ", target, ""));
    for Finding { kind, severity, message, .. } in &judged.undamaged {
        page.wrapped("         ", &format!("{} {kind}: {message}", word(*severity)), "");
    }
    page.into_text()
}
