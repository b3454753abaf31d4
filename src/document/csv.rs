//! CSV: chosen columns of each row. Delimiter, quotation marks and line breaks stay.

use super::fields::{Decoded, wanted};
use super::{Escape, Unit};
use crate::article::Span;
use crate::input::csv_delimiter;

/// A field as it stands in the file.
#[derive(Debug, Clone, Copy)]
struct Cell {
    /// Without its quotation marks.
    inside: Span,
    is_quoted: bool,
}

/// The wanted cells of a table, whose first row names the columns.
///
/// # Errors
/// When there is no such column.
pub(super) fn find(text: &str, fields: &[String]) -> Result<Vec<Unit>, String> {
    let delimiter = csv_delimiter(text.as_bytes());
    let mut rows = rows(text, delimiter).into_iter();
    let header = rows.next().unwrap_or_default();
    let names: Vec<&str> = header.iter().map(|cell| cell.inside.of(text).trim()).collect();
    let wanted = wanted(fields);
    let is_wanted = |name: &&str| wanted.iter().any(|own| own.eq_ignore_ascii_case(name));
    let columns: Vec<usize> =
        names.iter().enumerate().filter(|(_, name)| is_wanted(name)).map(|(at, _)| at).collect();
    if columns.is_empty() {
        return Err(format!(
            "it has no column to translate; its columns are: {} (name them with --field text=NAME)",
            names.join(", ")
        ));
    }
    let cells = rows.flat_map(|row| {
        let cells = row.into_iter().enumerate().filter(|(at, _)| columns.contains(at));
        cells.map(|(_, cell)| cell).collect::<Vec<_>>()
    });
    Ok(cells.flat_map(|cell| units(text, cell, delimiter)).collect())
}

fn units(text: &str, cell: Cell, delimiter: u8) -> Vec<Unit> {
    let mut decoded = Decoded::default();
    let mut doubled = false;
    for (at, c) in cell.inside.of(text).char_indices() {
        // Of the two quotation marks that stand for one the second is left out.
        doubled = cell.is_quoted && c == '"' && !doubled;
        if c != '"' || doubled || !cell.is_quoted {
            let len = if doubled { 2 } else { c.len_utf8() };
            let start = cell.inside.start + at;
            decoded.push(c, Span::new(start, (start + len).min(cell.inside.end)));
        }
    }
    let escape = if cell.is_quoted { Escape::CsvQuoted } else { Escape::Csv(delimiter) };
    decoded.units(escape)
}

/// The rows, by RFC 4180: a quotation mark inside of two others is written twice.
fn rows(text: &str, delimiter: u8) -> Vec<Vec<Cell>> {
    let bytes = text.as_bytes();
    let mut rows = vec![Vec::new()];
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    while at < bytes.len() {
        let (cell, end) = cell(bytes, at, delimiter);
        if let Some(row) = rows.last_mut() {
            row.push(cell);
        }
        let ends_row = bytes.get(end).is_some_and(|byte| *byte != delimiter);
        at = end + 1;
        if ends_row {
            let breaks = bytes[end..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
            at = end + breaks.count();
            rows.push(Vec::new());
        }
    }
    rows
}

/// A field, and where the delimiter or the line break behind it stands.
fn cell(bytes: &[u8], start: usize, delimiter: u8) -> (Cell, usize) {
    let is_end = |byte: &u8| *byte == delimiter || matches!(byte, b'\r' | b'\n');
    let end_from = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        rest.iter().position(is_end).map_or(bytes.len(), |n| at + n)
    };
    if bytes.get(start) != Some(&b'"') {
        let end = end_from(start);
        return (Cell { inside: Span::new(start, end), is_quoted: false }, end);
    }
    let mut at = start + 1;
    while at < bytes.len() && (bytes[at] != b'"' || bytes.get(at + 1) == Some(&b'"')) {
        at += if bytes[at] == b'"' { 2 } else { 1 };
    }
    let close = at.min(bytes.len());
    (Cell { inside: Span::new(start + 1, close), is_quoted: true }, end_from(close))
}
