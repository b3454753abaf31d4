//! The sources of a note, and what to know before trusting them.

use super::Assembly;
use crate::article::Warning;
use crate::brief::note::{SourceEntry, SourceWarning};
use crate::brief::source::{Dossier, Place};
use crate::check::Finding;
use crate::digest::Language;

impl Assembly<'_> {
    /// One for each source.
    pub(super) fn entries(&self) -> Vec<SourceEntry> {
        let dossier = Dossier::new(self.sources);
        let all = self.sources.iter().zip(&self.outline.lineage).enumerate();
        all.map(|(idx, (source, lineage))| SourceEntry {
            id: idx + 1,
            path: source.id.clone(),
            title: source.title.clone(),
            origin: source.origin.clone(),
            date: source.date.map(|date| date.to_string()),
            language: source.language,
            echo_of: lineage.echo_of.map(|idx| idx + 1),
            is_independent: lineage.is_independent,
            relays: lineage.relays.clone(),
            warnings: self.warnings(&dossier, idx),
            sha256: source.sha256.clone(),
        })
        .collect()
    }

    /// What was seen when the article was cleaned, and what the calendar and arithmetic refute.
    fn warnings(&self, dossier: &Dossier, source_idx: usize) -> Vec<SourceWarning> {
        let source = &self.sources[source_idx];
        let place = |sentence_idx| Place { source_idx, sentence_idx };
        let last = source.sentences.len().checked_sub(1);
        let mut warnings: Vec<SourceWarning> = Vec::new();
        for warning in &source.warnings {
            let end = last.filter(|_| *warning == Warning::TruncatedSource);
            let citations = end.map(|idx| self.cite(place(idx), false)).into_iter().collect();
            let text = warning_text(*warning, self.language).to_owned();
            warnings.push(SourceWarning { kind: warning.as_str(), text, citations });
        }
        for idx in 0..source.sentences.len() {
            for finding in dossier.faults(place(idx)) {
                let text = self.fault(&finding, dossier.text(place(idx)));
                let citations = vec![self.cite(place(idx), false)];
                warnings.push(SourceWarning { kind: finding.kind, text, citations });
            }
        }
        warnings
    }

    /// A fault of a source, as the reader of the note is told.
    fn fault(&self, finding: &Finding, text: &str) -> String {
        let words = finding.source.map(|span| span.of(text)).unwrap_or_default();
        match (self.language, finding.kind) {
            (Language::English, _) => finding.message.clone(),
            (_, "calendar") => format!("le calendrier contredit « {words} »"),
            _ => format!("le calcul contredit « {words} »"),
        }
    }
}

fn warning_text(warning: Warning, language: Language) -> &'static str {
    match (warning, language) {
        (Warning::TruncatedSource, Language::English) => "the text is cut off before its end",
        (Warning::TruncatedSource, Language::French) => "le texte est coupé avant sa fin",
        (Warning::NoBody, Language::English) => "nothing in the file reads as an article",
        (Warning::NoBody, Language::French) => "rien dans le fichier ne se lit comme un article",
        (Warning::DecodingErrors, Language::English) => "some of the file could not be read",
        (Warning::DecodingErrors, Language::French) => "une partie du fichier n'a pas pu être lue",
    }
}
