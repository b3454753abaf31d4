//! Does a text say what its source says? Rules only: no model, no files.
//!
//! Both texts are read once into a [`Side`]: their numbers ([`crate::numbers`]), their dates and
//! times ([`crate::dates`]), their sentences. Then each check compares the two sides and gives
//! [`Finding`]s. [`pair`] runs all of them.

pub mod dates;
mod document;
pub mod form;
pub(crate) mod lists;
pub mod names;
pub mod numbers;
pub mod polarity;
pub mod quotes;
mod side;

pub use document::texts;
pub(crate) use lists::Lists;
pub use side::Side;

use jiff::civil::Date;

use crate::article::Span;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    /// As records name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// What stands at a sentence: colours do not tell all readers enough.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Note => "[i]",
            Self::Warning => "[?]",
            Self::Error => "[!]",
        }
    }
}

/// Something that a check found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// `number`, `date`, `name`, `quote`, `negation`, `modality`, `language`, `loop`, `cut-off`,
    /// `length`, `left-over`, `empty`, ...: see docs/checks.md.
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

    fn note(kind: &'static str, message: String) -> Self {
        Self { severity: Severity::Note, ..Self::error(kind, message) }
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

/// What the target is to its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Relation {
    /// All that the source says must be said, and nothing else.
    #[default]
    Translation,
    /// What is said must be in the source; not all that is there must be said.
    Summary,
}

/// A source and what was made of it.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'t> {
    pub source: &'t str,
    /// ISO 639-1.
    pub source_lang: &'t str,
    pub target: &'t str,
    /// ISO 639-1.
    pub target_lang: &'t str,
    /// The day that the source was written on, where it is known: `lundi` hangs on it.
    pub date: Option<Date>,
    pub relation: Relation,
}

/// All that the checks find in a pair, and in its source alone. Spans count bytes of the two texts
/// given.
pub fn pair(pair: &Pair) -> Vec<Finding> {
    let source = Side::read(pair.source, pair.source_lang, pair.date);
    let mut findings = against(&source, pair.target, pair.target_lang, pair.relation);
    findings.extend(alone(&source));
    findings
}

/// What the checks find in a target, with a source that is read already: one article is the source
/// of many sentences.
pub fn against(source: &Side, target: &str, target_lang: &str, relation: Relation) -> Vec<Finding> {
    let target = Side::read(target, target_lang, source.date);
    let mut findings = form::compare(source, &target, relation);
    findings.extend(numbers::compare(source, &target, relation));
    findings.extend(dates::compare(source, &target, relation));
    findings.extend(names::compare(source, &target, relation));
    findings.extend(quotes::compare(source, &target, relation));
    findings.extend(polarity::compare(source, &target, relation));
    findings
}

/// The kinds of findings that cannot be in a pair of these languages (ISO 639-1), because no grammar
/// or word list of them is there.
pub fn skipped(source_lang: &str, target_lang: &str) -> Vec<&'static str> {
    let are_read = |check: fn(&str, &str) -> bool| check(source_lang, target_lang);
    let checks: [(bool, &[&str]); 6] = [
        (are_read(numbers::are_read), &["number"]),
        (are_read(dates::are_read), &["date", "time"]),
        (are_read(names::are_read), &["name", "nationality", "role"]),
        (
            are_read(polarity::are_read),
            &["negation", "modality", "attribution", "opposite", "direction"],
        ),
        (crate::numbers::is_read(source_lang), &["arithmetic"]),
        (crate::dates::is_read(source_lang), &["calendar"]),
    ];
    let skipped = checks.iter().filter(|(is_read, _)| !is_read);
    skipped.flat_map(|(_, kinds)| kinds.iter().copied()).collect()
}

/// What is wrong in a text by itself: a weekday that the calendar refutes, a share above the
/// whole, a total that is not the sum of its parts. The spans are those of the source.
pub fn alone(text: &Side) -> Vec<Finding> {
    let mut findings = dates::alone(text);
    findings.extend(numbers::alone(text));
    findings
}

/// The finding for a text that the model could not end within its limit.
pub fn cut_off() -> Finding {
    Finding::error("cut-off", "stops before its end".into())
}

/// The finding for a sentence of a summary that no sentence of the article says.
pub fn unsupported() -> Finding {
    Finding::error("support", "nothing in the article says this".into())
}

/// Whether any of these is an error.
pub fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_grammar_reads_is_said() {
        assert!(skipped("fr", "en").is_empty() && skipped("en", "fr").is_empty());
        let german = skipped("de", "en");
        assert!(german.contains(&"name") && !german.contains(&"number"), "{german:?}");
        assert_eq!(skipped("nl", "en").get(..3), Some(&["number", "date", "time"][..]));
    }

    fn found(source: &str, langs: (&str, &str), target: &str) -> Vec<Finding> {
        let (source_lang, target_lang) = langs;
        let relation = Relation::Translation;
        texts(&Pair { source, source_lang, target, target_lang, date: None, relation })
    }

    #[test]
    fn pairs_of_other_languages_are_compared() {
        let lines = include_str!("golden.txt").lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [langs, source, target, wanted] = cells[..] else { panic!("four cells: {line}") };
            let langs = langs.split_once(' ').unwrap_or_default();
            let findings = found(source, langs, target);
            let is_told = |f: &&Finding| matches!(f.kind, "number" | "date" | "time");
            let told: Vec<String> = findings
                .iter()
                .filter(is_told)
                .map(|f| format!("{}: {}", f.severity.as_str(), f.message))
                .collect();
            assert_eq!(told.join("; "), wanted, "{source}");
        }
    }
}
