//! An invented note: two events, sides, marks, what is new, a packed source, and text that wants to
//! be markup.

mod bridge;

use jiff::civil::date;

use crate::article::Span;
use crate::brief::fact::Kind;
use crate::brief::note::*;
use crate::check::Severity;

/// A sentence of a source at some bytes.
pub fn cite(source: usize, start: usize, quote: &str) -> Citation {
    let span = Some(Span::new(start, start + quote.len()));
    Citation { source, span, quote: quote.into(), translation: None, checks: vec![] }
}

fn translated(citation: Citation, translation: &str) -> Citation {
    Citation { translation: Some(translation.into()), ..citation }
}

/// A sentence of a file without places.
fn packed(source: usize, quote: &str) -> Citation {
    Citation { source, span: None, quote: quote.into(), translation: None, checks: vec![] }
}

pub fn item(text: &str, citations: Vec<Citation>) -> Item {
    let n_independent = citations.len();
    Item {
        text: text.into(),
        citations,
        checks: vec![],
        n_independent,
        is_new: false,
        is_shortened: false,
    }
}

fn mark(kind: &'static str, severity: Severity, message: &str) -> Mark {
    Mark { kind, severity, message: message.into() }
}

fn answer(value: &str, citations: Vec<Citation>) -> Answer {
    Answer { value: value.into(), n_independent: citations.len(), citations }
}

fn source(id: usize, path: &str, title: &str, origin: &str, day: &str) -> SourceEntry {
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    SourceEntry {
        id,
        path: path.into(),
        title: known(title),
        origin: known(origin),
        date: known(day),
        language: "fr",
        echo_of: None,
        is_independent: true,
        relays: vec![],
        warnings: vec![],
        sha256: format!("{id:064x}"),
    }
}

/// The whole note.
pub fn note() -> Note {
    Note {
        schema: 1,
        language: "en",
        events: vec![bridge::event(), harbour()],
        failed: vec![Failed { id: "scan.pdf".into(), message: "it has no text layer".into() }],
    }
}

fn harbour() -> Event {
    let strike = cite(1, 0, "Les dockers de Port-Amble ont reconduit la grève jusqu’à vendredi.");
    Event {
        title: Item {
            is_new: true,
            ..item("Dockers at Port-Amble go on with their strike", vec![strike.clone()])
        },
        bottom_line: vec![item("The strike goes on until Friday.", vec![strike.clone()])],
        key_points: vec![item("Dockers have prolonged their strike until Friday.", vec![strike])],
        statements: vec![],
        agreements: vec![],
        disagreements: vec![],
        timeline: vec![],
        figures: vec![],
        names: vec![],
        single_source: vec![],
        unknown: vec![],
        sources: vec![source(
            1,
            "port.txt",
            "Port-Amble : la grève continue",
            "Agence Lumen",
            "2026-01-09",
        )],
        n_independent: 1,
    }
}
