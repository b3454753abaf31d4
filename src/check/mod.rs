//! Does a text say what its source says? Rules only: no model, no files.
//!
//! For now the cheapest and most harmful cases: another language, a loop, a cut-off end, a number,
//! a month or a weekday that the source does not have.

pub mod form;
pub mod names;
pub mod numbers;

use crate::article::Span;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// Something that a check found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// `number`, `date`, `name`, `language`, `loop`, `cut-off`, `length` or `empty`.
    pub kind: &'static str,
    pub severity: Severity,
    /// A sentence for the reader.
    pub message: String,
    /// Where in the source, when the place is known.
    pub source: Option<Span>,
    /// Where in the target, when the place is known.
    pub target: Option<Span>,
}

impl Finding {
    fn error(kind: &'static str, message: String) -> Self {
        Self { kind, severity: Severity::Error, message, source: None, target: None }
    }

    fn warning(kind: &'static str, message: String) -> Self {
        Self { severity: Severity::Warning, ..Self::error(kind, message) }
    }

    fn in_source(mut self, span: Span) -> Self {
        self.source = Some(span);
        self
    }

    fn in_target(mut self, span: Span) -> Self {
        self.target = Some(span);
        self
    }
}

/// Checks a translated sentence against its source. Spans count bytes of the two texts given.
pub fn translation(
    source: &str,
    source_lang: &str,
    target: &str,
    target_lang: &str,
) -> Vec<Finding> {
    let mut findings = form::check(target, target_lang);
    findings.extend(form::length(source, target));
    findings.extend(numbers::compare(source, source_lang, target, target_lang));
    findings
}

/// Checks a summary sentence against the whole text that it sums up: what it says must be there,
/// but not all that is there must be said.
pub fn summary(source: &str, source_lang: &str, target: &str, target_lang: &str) -> Vec<Finding> {
    let mut findings = form::check(target, target_lang);
    findings.extend(numbers::invented(source, source_lang, target, target_lang));
    if source_lang == target_lang {
        findings.extend(names::invented(source, target));
    }
    findings
}

/// The finding for a text that the model could not end within its limit.
pub fn cut_off() -> Finding {
    Finding::error("cut-off", "stops before its end".into())
}

/// Whether any of these is an error.
pub fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
