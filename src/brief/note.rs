//! A briefing note as data: what every format prints, what records hold, and what a template sees.

use jiff::civil::Date;
use serde::Serialize;

use super::fact::Kind;
use crate::article::Span;
use crate::check::{Finding, Severity};

/// A note from several articles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Note {
    /// The version of this shape: 1.
    pub schema: u32,
    /// The language that it is written in: `en` or `fr`.
    pub language: &'static str,
    pub events: Vec<Event>,
    /// Articles that could not be read.
    pub failed: Vec<Failed>,
}

/// An article that is not in the note, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    pub id: String,
    pub message: String,
}

/// What the articles say of one event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    pub title: Item,
    /// What happened, what is next.
    pub bottom_line: Vec<Item>,
    /// Most important first.
    pub key_points: Vec<Item>,
    /// Who says what.
    pub statements: Vec<Statement>,
    /// Where sources say the same.
    pub agreements: Vec<Question>,
    /// Where they do not.
    pub disagreements: Vec<Question>,
    /// Earliest first.
    pub timeline: Vec<Dated>,
    pub figures: Vec<Figure>,
    pub names: Vec<Name>,
    /// Key points and statements that one origin alone tells.
    pub single_source: Vec<Item>,
    /// What the sources themselves say is not known or not confirmed.
    pub unknown: Vec<Item>,
    pub sources: Vec<SourceEntry>,
    /// How many origins told the event independently of each other.
    pub n_independent: usize,
}

impl Event {
    /// All sentences, part by part; a key point that rests on one source is there once.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        let first = std::iter::once(&self.title).chain(&self.bottom_line).chain(&self.key_points);
        let dated = self.timeline.iter().map(|dated| &dated.item);
        first
            .chain(self.statements.iter().map(|statement| &statement.item))
            .chain(dated)
            .chain(&self.unknown)
    }
}

/// A sentence of the note.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// In the language of the note.
    pub text: String,
    /// The sentences that it says, at least one.
    pub citations: Vec<Citation>,
    /// What the checks found in it against these.
    pub checks: Vec<Mark>,
    /// How many independent origins say it; 0 where only articles do that relay others.
    pub n_independent: usize,
    /// Whether an earlier note, where one was given, did not have it.
    pub is_new: bool,
    /// Whether parts of the first cited sentence were left out.
    pub is_shortened: bool,
}

/// A sentence of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// [`SourceEntry::id`].
    pub source: usize,
    /// Where it stands in the file; `null` where the file is packed and has no places.
    pub span: Option<Span>,
    /// The sentence as the source has it.
    pub quote: String,
    /// In the language of the note, where it was translated.
    pub translation: Option<String>,
    /// What the checks found in the translation.
    pub checks: Vec<Mark>,
}

/// Something that a check found in a sentence of the note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    pub kind: &'static str,
    pub severity: Severity,
    pub message: String,
}

impl From<&Finding> for Mark {
    fn from(finding: &Finding) -> Self {
        let Finding { kind, severity, message, .. } = finding;
        Self { kind, severity: *severity, message: message.clone() }
    }
}

/// What someone says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    /// Who, as the source names the one.
    pub speaker: String,
    /// Whether words of it stand between quotation marks in the source.
    pub is_quote: bool,
    /// Whether two sources have the same words differently; all are cited.
    pub varies: bool,
    #[serde(flatten)]
    pub item: Item,
}

/// A question and what the sources answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    pub kind: Kind,
    pub question: String,
    pub values: Vec<Answer>,
    /// What the calendar or arithmetic says of it.
    pub remark: Option<String>,
    pub is_new: bool,
}

/// One answer, and who gives it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    pub value: String,
    pub citations: Vec<Citation>,
    pub n_independent: usize,
}

/// Something that happened on a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dated {
    /// The first day that is meant, `2026-01-06` in records.
    #[serde(serialize_with = "as_iso")]
    pub date: Date,
    /// The day, month or span as the note says it: `6 January 2026`, `December 2025`.
    pub when: String,
    #[serde(flatten)]
    pub item: Item,
}

/// A number with what it counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// As the note writes it.
    pub value: String,
    /// The sentence that it is of.
    #[serde(flatten)]
    pub item: Item,
}

/// A person, and what the sources call the one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Name {
    pub name: String,
    /// Roles as the sources give them, with their sentences.
    pub roles: Vec<Answer>,
}

/// A source of the note.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceEntry {
    /// From 1; what citations name.
    pub id: usize,
    /// The article, as the command named it.
    pub path: String,
    pub title: Option<String>,
    /// The agency or site, where the page says so.
    pub origin: Option<String>,
    /// When it appeared, as the page says.
    pub date: Option<String>,
    pub language: &'static str,
    /// The source that it is a copy or another text of, which counts for both.
    pub echo_of: Option<usize>,
    /// Whether it counts as an origin: not what only relays others.
    pub is_independent: bool,
    /// Papers and agencies that it cites second-hand.
    pub relays: Vec<String>,
    pub warnings: Vec<SourceWarning>,
    pub sha256: String,
}

/// What to know before trusting a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceWarning {
    /// `truncated-source`, `date`, `number`, ...
    pub kind: &'static str,
    /// For the reader, in the language of the note.
    pub text: String,
    pub citations: Vec<Citation>,
}

fn as_iso<S: serde::Serializer>(date: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(date)
}
