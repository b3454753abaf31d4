//! The kinds of files that are translated in their place.

use std::path::Path;

use crate::article::Format;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Markdown,
    Html,
    /// SubRip subtitles.
    Srt,
    /// Subtitles of the web.
    Vtt,
    Docx,
    Json,
    /// One JSON value a line.
    Jsonl,
    Csv,
    /// Messages of a program, as gettext keeps them.
    Po,
    /// Texts for translators, XLIFF 1.2 and 2.
    Xliff,
}

/// The kinds, their names in messages and their extensions, of which the first is written.
const KINDS: [(Kind, &str, &[&str]); 11] = [
    (Kind::Text, "text", &["txt", "text"]),
    (Kind::Markdown, "Markdown", &["md", "markdown"]),
    (Kind::Html, "HTML", &["html", "htm", "xhtml"]),
    (Kind::Srt, "SRT", &["srt"]),
    (Kind::Vtt, "WebVTT", &["vtt"]),
    (Kind::Docx, "DOCX", &["docx"]),
    (Kind::Json, "JSON", &["json"]),
    (Kind::Jsonl, "JSON Lines", &["jsonl", "ndjson"]),
    (Kind::Csv, "CSV", &["csv", "tsv"]),
    (Kind::Po, "PO", &["po", "pot"]),
    (Kind::Xliff, "XLIFF", &["xlf", "xliff"]),
];

impl Kind {
    /// The kind that a file's name promises.
    pub fn named(path: &Path) -> Option<Self> {
        Self::of_extension(path.extension()?.to_str()?)
    }

    /// The kind of files whose names end so.
    pub fn of_extension(extension: &str) -> Option<Self> {
        let extension = extension.to_ascii_lowercase();
        let known = KINDS.iter().find(|(_, _, all)| all.contains(&extension.as_str()));
        known.map(|(kind, _, _)| *kind)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|(kind, _, _)| *kind)
    }

    /// The kind of a file that begins so; nothing of one that is not translated in its place.
    pub fn sniffed(bytes: &[u8]) -> Option<Self> {
        Some(match crate::input::sniffed(bytes)? {
            Format::Text => Self::Text,
            Format::Markdown => Self::Markdown,
            Format::Html => Self::Html,
            Format::Docx => Self::Docx,
            Format::Json => Self::Json,
            Format::Jsonl => Self::Jsonl,
            Format::Csv => Self::Csv,
            Format::Eml | Format::Mhtml | Format::Pdf => return None,
        })
    }

    /// Its name in messages.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// The extension of such files.
    pub fn extension(self) -> &'static str {
        self.entry().2[0]
    }

    /// Whether a terminal can show it.
    pub fn is_text(self) -> bool {
        self != Self::Docx
    }

    fn entry(self) -> &'static (Self, &'static str, &'static [&'static str]) {
        let known = KINDS.iter().find(|(kind, _, _)| *kind == self);
        known.unwrap_or(&KINDS[0])
    }
}
