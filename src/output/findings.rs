//! What checks found in texts that are files.

use std::path::Path;

use depeche::article::Span;
use depeche::check::Finding;
use depeche::error::chain;
use depeche::{Error, Result};
use serde_json::{Value, json};

use super::stdout;

/// A file that was checked.
#[derive(Clone, Copy)]
pub struct Text<'t> {
    pub path: &'t Path,
    pub text: &'t str,
}

/// The findings of one pair as a line of JSON, with the kinds that were not looked for.
pub fn line(id: &Value, findings: &[Finding], skipped: &[&str]) -> Result<()> {
    let findings: Vec<Value> = findings.iter().map(record).collect();
    let mut line = json!({ "id": id, "findings": findings });
    if !skipped.is_empty() {
        line["skipped_checks"] = json!(skipped);
    }
    stdout(&format!("{line}\n"))
}

/// A pair that could not be read.
pub fn failed(error: &Error) -> Result<()> {
    let (message, hint) = (chain(error), error.hint());
    let error = json!({ "code": error.code(), "message": message, "hint": hint });
    stdout(&format!("{}\n", json!({ "id": null, "error": error })))
}

fn record(finding: &Finding) -> Value {
    let span = |span: Span| [span.start, span.end];
    json!({
        "kind": finding.kind,
        "severity": finding.severity,
        "message": finding.message,
        "source": finding.source.map(span),
        "target": finding.target.map(span),
    })
}

/// The findings one below the other, with their places as compilers write them.
pub fn listed(findings: &[Finding], source: Text, target: Text) -> Result<()> {
    for finding in findings {
        let mut text = match finding.target {
            Some(span) => target.place(span),
            None => target.path.display().to_string(),
        };
        let severity = finding.severity.as_str();
        text += &format!(": {severity}: {}: {}\n", finding.kind, finding.message);
        if let Some(span) = finding.source {
            text += &format!("  source: {}\n", source.place(span));
        }
        stdout(&text)?;
    }
    Ok(())
}

impl Text<'_> {
    /// File, line and column, both counted from 1; columns in characters.
    fn place(&self, span: Span) -> String {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let n_lines = before.matches('\n').count();
        let column = before[line_start..].chars().count() + 1;
        format!("{}:{}:{column}", self.path.display(), n_lines + 1)
    }
}
