//! Word documents. The text lies packed in the file, so no span of it has a place there.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;

use super::{Extracted, MAX_CONTAINER_BYTES};
use crate::article::{BlockKind, Declared, Hint, Span};
use crate::error::{Error, Result};
use crate::source_map::SourceMap;

/// Word documents with a password, and those before 2007, are of this kind.
const OLE_MAGIC: &[u8] = b"\xD0\xCF\x11\xE0";

/// What a reader of the document sees.
///
/// Its dates are those of the file, not of the article, and declare nothing.
pub(super) fn read(bytes: &[u8], name: &str) -> Result<Extracted> {
    if bytes.starts_with(OLE_MAGIC) {
        return Err(Error::Protected { name: name.to_owned() });
    }
    let broken = |reason: String| Error::Broken {
        name: name.to_owned(),
        what: "a Word document (.docx)",
        reason,
    };
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(error.to_string()))?;
    let xml = part(&mut zip, "word/document.xml").map_err(broken)?;
    let mut document = Document::default();
    document.read(&xml).map_err(broken)?;
    // Not every program writes the part about the document.
    let core = part(&mut zip, "docProps/core.xml").unwrap_or_default();
    Ok(Extracted {
        text: document.text,
        map: SourceMap::empty(),
        hints: document.hints,
        declared: declared(&core),
    })
}

/// A file in the archive.
fn part(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, String> {
    let file = zip.by_name(name).map_err(|error| format!("{name}: {error}"))?;
    let mut bytes = Vec::new();
    file.take(MAX_CONTAINER_BYTES + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    if bytes.len() as u64 > MAX_CONTAINER_BYTES {
        return Err(format!("{name} unpacks to more than {MAX_CONTAINER_BYTES} bytes"));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A document that is being written down.
#[derive(Default)]
struct Document {
    text: String,
    hints: Vec<Hint>,
    line: String,
    style: String,
    is_item: bool,
    is_text: bool,
    /// How many tables the place is in.
    n_tables: usize,
    /// How many elements the place is in whose text stands elsewhere, too.
    n_hidden: usize,
}

impl Document {
    fn read(&mut self, xml: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(element) => self.start(&element),
                Event::Empty(element) => {
                    self.start(&element);
                    self.end(element.local_name().into_inner());
                }
                Event::End(element) => self.end(element.local_name().into_inner()),
                Event::Text(text) if self.shows() => self.line.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) if self.shows() => {
                    self.line.push_str(&character(&reference));
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn shows(&self) -> bool {
        self.is_text && self.n_hidden == 0
    }

    fn start(&mut self, element: &BytesStart) {
        match element.local_name().into_inner() {
            "t" => self.is_text = true,
            "pStyle" => self.style = value(element),
            "numPr" => self.is_item = true,
            "tab" | "ptab" => self.line.push(' '),
            "br" | "cr" => self.line.push('\n'),
            "noBreakHyphen" => self.line.push('-'),
            "tbl" => self.n_tables += 1,
            "tc" if !self.line.is_empty() => self.line.push_str("| "),
            // What was moved stands at its new place; a fallback repeats a box of text.
            "moveFrom" | "Fallback" => self.n_hidden += 1,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.is_text = false,
            "p" if self.n_tables == 0 => self.end_line(),
            "p" => self.line.push(' '),
            "tr" => self.end_line(),
            "tbl" => self.n_tables = self.n_tables.saturating_sub(1),
            "moveFrom" | "Fallback" => self.n_hidden = self.n_hidden.saturating_sub(1),
            _ => {}
        }
    }

    fn end_line(&mut self) {
        let kind = self.kind();
        let line = std::mem::take(&mut self.line);
        self.style.clear();
        self.is_item = false;
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(line);
        let span = Span::new(start, self.text.len());
        self.hints.extend(kind.map(|kind| Hint { span, kind }));
        self.text.push_str("\n\n");
    }

    /// Styles have names in the language of the program that wrote the document.
    fn kind(&self) -> Option<BlockKind> {
        let style = self.style.to_lowercase();
        let is_heading = style.starts_with("heading") || style.starts_with("titre");
        match style.as_str() {
            _ if self.n_tables > 0 => Some(BlockKind::Table),
            "title" | "titre" => Some(BlockKind::Title),
            "heading1" | "titre1" if self.text.is_empty() => Some(BlockKind::Title),
            "quote" | "intensequote" | "citation" | "citationintense" => Some(BlockKind::Quote),
            // Word leaves the accent out of `Légende`.
            "caption" | "lgende" => Some(BlockKind::Caption),
            _ if is_heading => Some(BlockKind::Intertitle),
            _ if self.is_item => Some(BlockKind::List),
            _ => None,
        }
    }
}

fn character(reference: &BytesRef) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        _ => resolve_predefined_entity(&reference.xml10_content()).unwrap_or_default().to_owned(),
    }
}

/// The attribute `w:val`.
fn value(element: &BytesStart) -> String {
    let mut attributes = element.attributes().filter_map(std::result::Result::ok);
    let found = attributes.find(|attribute| attribute.key.local_name().into_inner() == "val");
    found.map(|attribute| attribute.value.into_owned()).unwrap_or_default()
}

/// The title, author and language of the part about the document.
fn declared(core: &str) -> Declared {
    let mut declared = Declared::default();
    let mut reader = Reader::from_str(core);
    let (mut element, mut text) = (String::new(), String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                start.local_name().into_inner().clone_into(&mut element);
                text.clear();
            }
            Ok(Event::Text(piece)) => text.push_str(&piece.xml10_content()),
            Ok(Event::GeneralRef(reference)) => text.push_str(&character(&reference)),
            Ok(Event::End(_)) => learn(&mut declared, &std::mem::take(&mut element), text.trim()),
            Ok(Event::Eof) | Err(_) => return declared,
            Ok(_) => {}
        }
    }
}

fn learn(declared: &mut Declared, element: &str, text: &str) {
    let said = Some(text.to_owned()).filter(|text| !text.is_empty());
    match element {
        "title" => declared.title = said,
        "creator" => declared.author = said,
        "language" => declared.language = super::fields::language_code(text),
        _ => {}
    }
}
