//! A table with tabs, for programs of tables and for scripts.

use super::xml::note;
use super::{Bilingual, Pair};

/// A line a sentence, below the names of the columns.
pub(super) fn write(bilingual: &Bilingual) -> String {
    let rows = bilingual.numbered().map(|(paragraph, sentence, pair)| {
        let (source, target) = (cell(&pair.source), cell(&pair.target));
        let (origin, findings) = (pair.origin.as_str(), findings(pair));
        format!("{paragraph}\t{sentence}\t{source}\t{target}\t{origin}\t{findings}\n")
    });
    let mut written = "paragraph\tsentence\tsource\ttarget\torigin\tfindings\n".to_owned();
    written.extend(rows);
    written
}

fn findings(pair: &Pair) -> String {
    let findings: Vec<String> = pair.findings.iter().map(note).collect();
    cell(&findings.join("; "))
}

/// A text without what ends a cell or a line.
fn cell(text: &str) -> String {
    text.replace("\r\n", " ").replace(char::is_control, " ")
}
