//! What all Word documents that are written here share: the package, its lists of parts, paragraphs
//! and runs of characters.

use std::io::{Cursor, Write};

use zip::DateTime;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::xml::escaped;
use crate::check::Severity;
use crate::error::{Error, Result};

/// How each part begins.
pub(crate) const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// That of the elements `w:`.
pub(crate) const NAMESPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// A4 between margins of 2 cm, in twentieths of a point.
pub(crate) const WIDTH: usize = 9638;
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// The kind of the part that holds the title; the standard gives it other addresses than the rest.
pub(crate) const CORE: &str = "core-properties";
const CORE_TYPE: &str = "application/vnd.openxmlformats-package.core-properties+xml";
const METADATA: &str = "http://schemas.openxmlformats.org/package/2006/relationships/metadata";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// The members as one file. It holds no date, so that the same members give the same bytes.
///
/// # Errors
/// When they cannot be packed.
pub(crate) fn packed(name: &str, members: &[(&str, String)]) -> Result<Vec<u8>> {
    zipped(members).map_err(|error| Error::Broken {
        name: name.to_owned(),
        what: "DOCX",
        reason: error.to_string(),
    })
}

fn zipped(members: &[(&str, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        package.start_file(*name, options)?;
        package.write_all(text.as_bytes())?;
    }
    Ok(package.finish()?.into_inner())
}

/// What kinds of parts there are under `word/`, and which beside it: their names and kinds.
pub(crate) fn content_types(parts: &[(&str, &str)]) -> String {
    let part = |(name, kind): &(&str, &str)| {
        if *kind == CORE {
            return format!("<Override PartName=\"/{name}.xml\" ContentType=\"{CORE_TYPE}\"/>");
        }
        format!("<Override PartName=\"/word/{name}.xml\" ContentType=\"{TYPES}.{kind}+xml\"/>")
    };
    format!(
        "{XML}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}</Types>",
        parts.iter().map(part).collect::<String>()
    )
}

/// What a part refers to: kinds and targets.
pub(crate) fn relations(all: &[(&str, &str)]) -> String {
    let relation = |((kind, target), n): (&(&str, &str), usize)| {
        let kinds = if *kind == CORE { METADATA } else { KINDS };
        format!("<Relationship Id=\"rId{n}\" Type=\"{kinds}/{kind}\" Target=\"{target}\"/>")
    };
    let relations: String = all.iter().zip(1..).map(relation).collect();
    format!("{XML}<Relationships xmlns=\"{RELATIONSHIPS}\">{relations}</Relationships>")
}

/// A paragraph of a style.
pub(crate) fn paragraph(style: &str, inside: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{inside}</w:p>")
}

/// Characters of one look.
pub(crate) fn run(look: &str, text: &str) -> String {
    let look = match look {
        "" => String::new(),
        look => format!("<w:rPr>{look}</w:rPr>"),
    };
    format!("<w:r>{look}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

/// The colour of a mark, as red, green and blue in hexadecimal.
pub(crate) fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "5F6368",
        Severity::Warning => "8A5300",
        Severity::Error => "B3261E",
    }
}
