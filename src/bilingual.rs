//! A text and its translation beside each other, sentence by sentence, in formats that people and
//! their programs read. Each writer is given all and gives the bytes of a file.

mod docx;
mod html;
mod tmx;
mod tsv;
pub(crate) mod word;
mod xliff;
pub(crate) mod xml;

use crate::article::Span;
use crate::check::{Finding, Severity};
use crate::error::Result;

/// What file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A page that needs no other file.
    Html,
    /// A Word document with the findings as comments.
    Docx,
    /// A translation memory.
    Tmx,
    /// A text for translators.
    Xliff,
    /// A table.
    Tsv,
}

impl Format {
    /// The extension of such files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Tmx => "tmx",
            Self::Xliff => "xlf",
            Self::Tsv => "tsv",
        }
    }
}

/// A translated file, paragraph by paragraph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bilingual {
    /// The file's name.
    pub name: String,
    /// ISO 639-1.
    pub from: String,
    /// ISO 639-1.
    pub to: String,
    pub paragraphs: Vec<Paragraph>,
}

/// The sentences of a paragraph, a heading, a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Paragraph {
    pub pairs: Vec<Pair>,
}

/// A sentence and its translation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pair {
    pub source: String,
    pub target: String,
    /// What the checks found; spans count bytes of `source` and of `target`.
    pub findings: Vec<Finding>,
    pub origin: Origin,
}

/// Where a translation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// A model or a translation network.
    #[default]
    Model,
    /// The translation memory: this very sentence stands in it.
    Memory,
    /// It has no words to translate.
    Copied,
}

impl Bilingual {
    /// The bytes of a file with all sentences.
    ///
    /// # Errors
    /// When a package of files cannot be put together.
    pub fn write(&self, format: Format) -> Result<Vec<u8>> {
        match format {
            Format::Html => Ok(html::write(self).into_bytes()),
            Format::Docx => docx::write(self),
            Format::Tmx => Ok(tmx::write(self).into_bytes()),
            Format::Xliff => Ok(xliff::write(self).into_bytes()),
            Format::Tsv => Ok(tsv::write(self).into_bytes()),
        }
    }

    /// The sentences with their numbers: of the paragraph, and in it.
    fn numbered(&self) -> impl Iterator<Item = (usize, usize, &Pair)> {
        self.paragraphs.iter().zip(1..).flat_map(|(paragraph, n)| {
            paragraph.pairs.iter().zip(1..).map(move |(pair, m)| (n, m, pair))
        })
    }

    fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.paragraphs.iter().flat_map(|paragraph| &paragraph.pairs)
    }

    /// How many sentences there are, and of what kind.
    fn counts(&self) -> String {
        let worst = |severity| self.pairs().filter(|p| p.worst() == Some(severity)).count();
        let n_known = self.pairs().filter(|pair| pair.origin == Origin::Memory).count();
        let counts = [
            (n_known, "from memory"),
            (worst(Severity::Error), "with errors"),
            (worst(Severity::Warning), "with warnings"),
        ];
        let n = self.pairs().count();
        let all = format!("{n} {}", if n == 1 { "sentence" } else { "sentences" });
        let some = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
        std::iter::once(all).chain(some).collect::<Vec<_>>().join(" · ")
    }
}

impl Pair {
    /// The most that its findings matter.
    fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    /// That of a sentence that a reader has to look at.
    fn mark(&self) -> Option<Severity> {
        self.worst().filter(|worst| *worst > Severity::Note)
    }
}

impl Origin {
    /// As files name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Memory => "memory",
            Self::Copied => "copied",
        }
    }

    /// A word for what no model wrote.
    fn label(self) -> Option<&'static str> {
        match self {
            Self::Model => None,
            Self::Memory => Some("from memory"),
            Self::Copied => Some("copied"),
        }
    }
}

/// What was found in one of the two texts.
fn spans(pair: &Pair, of: impl Fn(&Finding) -> Option<Span>) -> Vec<(Span, Severity)> {
    pair.findings.iter().filter_map(|finding| Some((of(finding)?, finding.severity))).collect()
}

/// A piece of a text, and how much what was found there matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    place: Span,
    severity: Option<Severity>,
}

/// A text in pieces that begin and end where the spans do, of which some overlap.
fn stretches(text: &str, found: &[(Span, Severity)]) -> Vec<Stretch> {
    let edges = found.iter().flat_map(|(span, _)| [span.start, span.end]);
    let mut edges: Vec<usize> = edges.filter(|edge| text.is_char_boundary(*edge)).collect();
    edges.extend([0, text.len()]);
    edges.sort_unstable();
    edges.dedup();
    let stretch = |pair: &[usize]| {
        let place = Span::new(pair[0], pair[1]);
        let over = found.iter().filter(|(s, _)| s.start <= place.start && place.end <= s.end);
        Stretch { place, severity: over.map(|(_, severity)| *severity).max() }
    };
    edges.windows(2).map(stretch).collect()
}

#[cfg(test)]
mod tests;
