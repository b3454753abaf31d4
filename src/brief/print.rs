//! A [`Note`] as text for a terminal, Markdown, a page, a Word document, and a record.
//!
//! The record is the note as serde writes it, and it is what templates see: the built-in ones of
//! text, Markdown and page, and the reader's own. `filters` has what all of them can do with it.

mod data;
mod docx;
mod filters;
mod template;
mod words;

use super::Note;
use crate::error::{Error, Result};

/// What file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// For a terminal, in 80 columns.
    Text,
    Markdown,
    /// A page that needs no other file.
    Html,
    /// A Word document with the sentences of the sources as footnotes.
    Docx,
    /// The record.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Text, Self::Markdown, Self::Html, Self::Docx, Self::Json];

    /// The extension of such files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Json => "json",
        }
    }
}

/// The bytes of a file with the note.
///
/// # Errors
/// When a package of files cannot be put together.
pub fn bytes(note: &Note, format: Format) -> Result<Vec<u8>> {
    match format {
        Format::Text | Format::Markdown | Format::Html => {
            template::built_in(note, format).map(String::into_bytes)
        }
        Format::Docx => docx::write(note),
        Format::Json => record(note),
    }
}

/// The note through the reader's own template, in the language of
/// [minijinja](https://docs.rs/minijinja/latest/minijinja/syntax/). It sees the names of the record.
/// How values are escaped depends on the end of `name`, which may have `.jinja` or `.j2` behind it:
/// `.html`, `.md` and `.json` know their own, all else is plain text.
///
/// # Errors
/// When the template does not parse, or asks for what is not there.
pub fn with_template(note: &Note, template: &str, name: &str) -> Result<String> {
    template::own(note, template, name)
}

fn record(note: &Note) -> Result<Vec<u8>> {
    let mut record = serde_json::to_vec_pretty(note).map_err(|error| Error::Broken {
        name: "the note".into(),
        what: "JSON",
        reason: error.to_string(),
    })?;
    record.push(b'\n');
    Ok(record)
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
