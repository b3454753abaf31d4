//! Files that are translated in their place: the text changes, everything around it stays.
//!
//! A reader of a format finds the [`Unit`]s of a file: what a paragraph, a cell, a subtitle is
//! there. Each unit knows which bytes of the file it is, the tags inside it, and how text is
//! written in that place. A translated file is the old one with other bytes there, so whatever no
//! reader understood is as it was. Nothing here knows of models.

mod carry;
mod csv;
mod docx;
mod fields;
mod html;
mod inline;
mod json;
mod kind;
mod layout;
mod markdown;
mod package;
mod placeholder;
mod po;
mod run;
mod subtitles;
mod text;
mod xliff;

#[cfg(test)]
mod tests;

pub use carry::{carry, phrases};
pub use inline::{Inline, Side, Tag};
pub use kind::Kind;
pub use layout::{Escape, Layout};

use crate::article::Span;
use crate::error::{Error, Result};
use crate::input;

/// How a file is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The language of the file, ISO 639-1.
    pub from: String,
    /// The language that it will have.
    pub to: String,
    /// The fields of JSON and the columns of CSV that are translated; of none the usual names of a
    /// title and a text are.
    pub fields: Vec<String>,
    /// Each line of plain text is a unit, though its sentence may go on in the next.
    pub by_line: bool,
}

/// Text of a file that is translated as one, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub inline: Inline,
    /// Which part of the file; most have one.
    pub part: usize,
    /// The bytes of the part that the translation replaces.
    pub place: Span,
    /// What stands before and after the translation there and did not stand in the file.
    pub around: (String, String),
    pub escape: Escape,
    pub layout: Layout,
    /// Words of the text that stay as they are, e.g. code.
    pub keep: Vec<String>,
}

impl Unit {
    /// A unit of the first part, written as one line.
    pub fn new(inline: Inline, place: Span, escape: Escape) -> Self {
        Self {
            inline,
            part: 0,
            place,
            around: Default::default(),
            escape,
            layout: Layout::Line,
            keep: Vec::new(),
        }
    }

    /// Its text and its tags as they are written.
    fn as_is(&self) -> String {
        layout::write(&self.inline, self)
    }

    /// What is written in its place.
    fn write(&self, made: &Inline) -> String {
        let (before, after) = &self.around;
        format!("{before}{}{after}", layout::write(made, self))
    }
}

/// A change that does not depend on the translation: `lang="fr"` becomes `lang="en"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub part: usize,
    pub place: Span,
    pub text: String,
}

/// One text of a file: all of it, or a member of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    /// The member's name; empty where the file is the text.
    name: String,
    text: String,
}

/// A file to translate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The file's name in messages.
    pub name: String,
    pub kind: Kind,
    pub units: Vec<Unit>,
    edits: Vec<Edit>,
    parts: Vec<Part>,
    /// The whole file, where its parts are packed in it.
    package: Vec<u8>,
}

/// What a reader finds in a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Found {
    /// None lies in another.
    units: Vec<Unit>,
    edits: Vec<Edit>,
}

impl From<Vec<Unit>> for Found {
    fn from(units: Vec<Unit>) -> Self {
        Self { units, edits: Vec::new() }
    }
}

impl Document {
    /// Reads a file. Text in other encodings than UTF-8 is decoded, and will be UTF-8.
    ///
    /// # Errors
    /// When the file is not what its kind says.
    pub fn read(name: &str, bytes: &[u8], kind: Kind, options: &Options) -> Result<Self> {
        let mut document = Self {
            name: name.to_owned(),
            kind,
            units: Vec::new(),
            edits: Vec::new(),
            parts: Vec::new(),
            package: Vec::new(),
        };
        if kind == Kind::Docx {
            document.parts = package::parts(name, bytes)?;
            document.package = bytes.to_vec();
        } else {
            document.parts = vec![Part { name: String::new(), text: input::text_of(bytes) }];
        }
        for at in 0..document.parts.len() {
            let found = find(kind, &document.parts[at].text, options);
            let mut found = found.map_err(|reason| document.broken(reason))?;
            found.units.sort_by_key(|unit| unit.place);
            let here = found.units.into_iter().map(|unit| Unit { part: at, ..unit });
            document.units.extend(here);
            document.edits.extend(found.edits.into_iter().map(|edit| Edit { part: at, ..edit }));
        }
        Ok(document)
    }

    fn broken(&self, reason: String) -> Error {
        Error::Broken { name: self.name.clone(), what: self.kind.name(), reason }
    }

    /// The file with a translation of each unit.
    ///
    /// # Errors
    /// When there are not as many translations as units, or the package cannot be written.
    pub fn write(&self, made: &[Inline]) -> Result<Vec<u8>> {
        if made.len() != self.units.len() {
            let (n, wanted) = (made.len(), self.units.len());
            return Err(self.broken(format!("{n} translations for {wanted} paragraphs")));
        }
        let texts: Vec<String> = (0..self.parts.len()).map(|at| self.rewritten(at, made)).collect();
        if self.kind != Kind::Docx {
            return Ok(texts.concat().into_bytes());
        }
        let parts = self.parts.iter().zip(texts).map(|(part, text)| (part.name.clone(), text));
        package::write(&self.name, &self.package, parts.collect())
    }

    /// A part with its units and edits in their places.
    fn rewritten(&self, part: usize, made: &[Inline]) -> String {
        let units = self.units.iter().zip(made).filter(|(unit, _)| unit.part == part);
        let edits = self.edits.iter().filter(|edit| edit.part == part);
        let mut changes: Vec<(Span, String)> = units
            .map(|(unit, made)| (unit.place, self.tidy(unit.write(made))))
            .chain(edits.map(|edit| (edit.place, edit.text.clone())))
            .collect();
        changes.sort_by_key(|(place, _)| *place);
        let text = &self.parts[part].text;
        let mut written = String::with_capacity(text.len());
        let mut at = 0;
        for (place, new) in changes {
            written.push_str(Span::new(at, place.start).of(text));
            written.push_str(&new);
            at = place.end.max(at);
        }
        written + Span::new(at, text.len()).of(text)
    }

    fn tidy(&self, written: String) -> String {
        if self.kind == Kind::Docx { docx::tidy(&written) } else { written }
    }

    /// Where a unit is, for a message: `line 12`, or `paragraph 3` in a package.
    pub fn place_of(&self, unit: usize) -> String {
        match self.units.get(unit) {
            Some(own) if self.package.is_empty() => {
                let before = Span::new(0, own.place.start).of(&self.parts[own.part].text);
                format!("line {}", before.matches('\n').count() + 1)
            }
            _ => format!("paragraph {}", unit + 1),
        }
    }

    /// Bytes of text that are translated.
    pub fn n_bytes(&self) -> usize {
        self.units.iter().map(|unit| unit.inline.text.len()).sum()
    }
}

/// The units of a text, in its order.
fn find(kind: Kind, text: &str, options: &Options) -> std::result::Result<Found, String> {
    match kind {
        Kind::Text => Ok(text::find(text, options).into()),
        Kind::Srt => Ok(subtitles::find(text, false).into()),
        Kind::Vtt => Ok(subtitles::find(text, true).into()),
        Kind::Json => json::find(text, false, &options.fields).map(Found::from),
        Kind::Jsonl => json::find(text, true, &options.fields).map(Found::from),
        Kind::Csv => csv::find(text, &options.fields).map(Found::from),
        Kind::Po => po::find(text, options),
        Kind::Xliff => xliff::find(text, options),
        Kind::Markdown => Ok(markdown::find(text).into()),
        Kind::Html => Ok(html::find(text, options)),
        Kind::Docx => docx::find(text, options),
    }
}
