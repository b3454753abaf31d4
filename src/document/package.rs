//! Word documents: a package of XML files, of which some hold text.

use std::io::{Cursor, Read, Write};

use zip::read::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::Part;
use crate::error::{Error, Result};
use crate::input::MAX_CONTAINER_BYTES;

/// The members that hold text, in the order of reading.
pub(super) fn parts(name: &str, bytes: &[u8]) -> Result<Vec<Part>> {
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(name, e))?;
    let all = package.file_names().filter_map(|member| Some(member.ok()?.into_owned()));
    let mut names: Vec<String> = all.filter(|member| holds_text(member)).collect();
    // The body first, then headers, footers and notes by their names.
    names.sort_by_key(|member| (member != "word/document.xml", member.clone()));
    if names.first().is_none_or(|first| first != "word/document.xml") {
        return Err(broken(name, "it has no word/document.xml"));
    }
    let read = |member: String| {
        let file = package.by_name(&member).map_err(|e| broken(name, e))?;
        let mut text = String::new();
        file.take(MAX_CONTAINER_BYTES)
            .read_to_string(&mut text)
            .map_err(|e| broken(name, format!("{member}: {e}")))?;
        Ok(Part { name: member, text })
    };
    names.into_iter().map(read).collect()
}

fn holds_text(member: &str) -> bool {
    let own = member.strip_prefix("word/").and_then(|rest| rest.strip_suffix(".xml"));
    own.is_some_and(|stem| {
        // The styles say the language.
        matches!(stem, "document" | "footnotes" | "endnotes" | "styles")
            || ["header", "footer"].iter().any(|kind| {
                stem.strip_prefix(kind).is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()))
            })
    })
}

/// The package with other texts in these members; all others are copied as they are packed.
pub(super) fn write(name: &str, package: &[u8], parts: Vec<(String, String)>) -> Result<Vec<u8>> {
    let failed = |e: &dyn std::fmt::Display| broken(name, e);
    let mut from = ZipArchive::new(Cursor::new(package)).map_err(|e| failed(&e))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let member = from.by_index_raw(at).map_err(|e| failed(&e))?;
        let of = member.name().map_err(|e| failed(&e))?.into_owned();
        let new = parts.iter().find(|(own, _)| *own == of);
        let Some((own, text)) = new else {
            to.raw_copy_file(member).map_err(|e| failed(&e))?;
            continue;
        };
        drop(member);
        to.start_file(own.as_str(), SimpleFileOptions::default()).map_err(|e| failed(&e))?;
        to.write_all(text.as_bytes()).map_err(|e| failed(&e))?;
    }
    Ok(to.finish().map_err(|e| failed(&e))?.into_inner())
}

fn broken(name: &str, reason: impl std::fmt::Display) -> Error {
    Error::Broken { name: name.to_owned(), what: "DOCX", reason: reason.to_string() }
}
