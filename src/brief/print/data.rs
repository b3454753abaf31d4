//! Pieces of the record as filters get them from a template.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::article::sha256;
use crate::brief::note::{self, SourceEntry};

/// A [`note::Citation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Citation {
    pub source: usize,
    pub span: Option<Place>,
    pub quote: String,
    pub translation: Option<String>,
}

/// A [`crate::article::Span`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub start: usize,
    pub end: usize,
}

/// What is printed of a [`SourceEntry`] besides its title.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SourceData {
    pub id: usize,
    pub path: String,
    pub origin: Option<String>,
    pub date: Option<String>,
    pub language: String,
    pub echo_of: Option<usize>,
    pub is_independent: bool,
    pub relays: Vec<String>,
}

impl From<&SourceEntry> for SourceData {
    fn from(entry: &SourceEntry) -> Self {
        Self {
            id: entry.id,
            path: entry.path.clone(),
            origin: entry.origin.clone(),
            date: entry.date.clone(),
            language: entry.language.into(),
            echo_of: entry.echo_of,
            is_independent: entry.is_independent,
            relays: entry.relays.clone(),
        }
    }
}

impl From<&note::Citation> for Citation {
    fn from(citation: &note::Citation) -> Self {
        Self {
            source: citation.source,
            span: citation.span.map(|span| Place { start: span.start, end: span.end }),
            quote: citation.quote.clone(),
            translation: citation.translation.clone(),
        }
    }
}

impl Citation {
    /// A name of the sentence that says where it stands: source and bytes, e.g. `3-10-120`; without
    /// a place the beginning of a hash of its words, e.g. `3-x5f1a20`.
    pub fn anchor(&self) -> String {
        match self.span {
            Some(Place { start, end }) => format!("{}-{start}-{end}", self.source),
            None => {
                let hash = sha256(self.quote.as_bytes());
                format!("{}-x{}", self.source, hash.get(..6).unwrap_or_default())
            }
        }
    }
}

/// The sentences that what is printed of an event cites, each once: source by source, in the order
/// of the file.
pub(super) fn cited(event: &Value) -> Vec<Citation> {
    let mut all = Vec::new();
    collect(event, &mut all);
    all.sort_by_key(|one| (one.source, one.span.map_or(usize::MAX, |place| place.start)));
    let mut seen = std::collections::HashSet::new();
    all.retain(|one| seen.insert(one.anchor()));
    all
}

fn collect(value: &Value, into: &mut Vec<Citation>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| collect(one, into)),
        Value::Object(fields) => {
            for (key, field) in fields {
                match key.as_str() {
                    "citations" => {
                        into.extend(Vec::<Citation>::deserialize(field).unwrap_or_default());
                    }
                    _ => collect(field, into),
                }
            }
        }
        _ => {}
    }
}

/// The numbers of the sources, each once, in order: `[1][3]`.
pub(super) fn numbers(sources: impl Iterator<Item = usize>) -> String {
    let all: std::collections::BTreeSet<usize> = sources.collect();
    all.iter().map(|source| format!("[{source}]")).collect()
}

/// The places of some texts in a list of all, from 1: `1, 3`.
pub(super) fn places(all: &[String], some: &[String]) -> String {
    let numbered = all.iter().zip(1..).filter(|(text, _)| some.contains(text));
    numbered.map(|(_, number): (_, usize)| number.to_string()).collect::<Vec<_>>().join(", ")
}
