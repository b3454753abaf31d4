//! Tables: the first row names the columns, every other one is an article.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::decode::{decode, encoding_name};
use super::fields::{self, Fields, Role};
use super::file::{Found, Item, Source, too_large};
use super::{Extracted, MAX_BYTES};
use crate::article::{Format, Span, sha256};
use crate::error::{Error, Result};
use crate::source_map::SourceMap;

/// What parts the columns: of those that give most columns in the first row, the first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The room for a piece of a field, in bytes.
const OUT_BYTES: usize = 4 * 1024;

/// The articles of a file.
pub(super) struct Csv {
    source: Source,
    reader: Reader,
    fields: Fields,
    columns: Vec<String>,
    /// The next row, read ahead; nothing at the end.
    next: Option<Result<Row>>,
    n_given: usize,
}

/// A row of the table.
#[derive(Default)]
struct Row {
    /// Its piece of the file; no more of it than tells that it is too long.
    bytes: Vec<u8>,
    /// Where it starts in the file.
    at: usize,
    cells: Vec<Cell>,
}

/// A field of a row.
#[derive(Default)]
struct Cell {
    value: Vec<u8>,
    /// Where it stands in the bytes of the row, with quotation marks and delimiter.
    span: Span,
}

/// A field as text.
struct Value {
    text: String,
    map: SourceMap,
    encoding: &'static str,
    n_errors: usize,
}

impl Csv {
    /// # Errors
    /// When no column is known to hold the text.
    pub fn new(source: Source, fields: Fields) -> Result<Self> {
        let reader = ReaderBuilder::new().delimiter(delimiter(&source.head)).build();
        let mut all = Self { source, reader, fields, columns: Vec::new(), next: None, n_given: 0 };
        let header = all.row()?.unwrap_or_default();
        let names = header.cells.iter().map(|cell| all.value(&header, cell));
        all.columns = names.map(|name| name.text.trim().to_owned()).collect();
        if all.fields.position(Role::Text, &all.columns).is_none() {
            let (name, fields) = (all.source.name, all.columns.join(", "));
            return Err(Error::NoTextField { name, fields });
        }
        all.next = all.row().transpose();
        match all.next {
            None => Err(Error::Empty { name: all.source.name }),
            Some(_) => Ok(all),
        }
    }

    /// Reads one row; nothing at the end of the file.
    fn row(&mut self) -> Result<Option<Row>> {
        let mut row = Row { at: self.source.at, ..Row::default() };
        let mut cell = Cell::default();
        let mut out = [0; OUT_BYTES];
        loop {
            let buffer = self.source.buffer()?;
            let (result, n_in, n_out) = self.reader.read_field(buffer, &mut out);
            if !row.is_too_long() {
                row.bytes.extend_from_slice(&buffer[..n_in]);
                cell.value.extend_from_slice(&out[..n_out]);
            }
            self.source.consume(n_in);
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::End => return Ok(None),
                ReadFieldResult::Field { record_end } => {
                    row.push(std::mem::take(&mut cell));
                    if record_end {
                        return Ok(Some(row));
                    }
                }
            }
        }
    }

    /// A field, and its way back to the file.
    fn value(&self, row: &Row, cell: &Cell) -> Value {
        // A whole row tells more of its encoding than a field.
        let label = encoding_name(&row.bytes);
        let decoded = decode(&cell.value, Some(label));
        let raw = row.bytes.get(cell.span.start..cell.span.end).unwrap_or_default();
        let in_row = decoded.map.through(&alignment(&cell.value, raw));
        let piece = Span::new(row.at + cell.span.start, row.at + cell.span.end);
        Value {
            map: self.source.in_file(&in_row, piece),
            encoding: self.source.encoding(decoded.encoding),
            n_errors: decoded.n_errors,
            text: decoded.text,
        }
    }

    /// The field with this role.
    fn field(&self, row: &Row, role: Role) -> Option<Value> {
        let cell = row.cells.get(self.fields.position(role, &self.columns)?)?;
        Some(self.value(row, cell))
    }

    fn article(&self, row: &Row) -> Result<Found> {
        if row.is_too_long() {
            let name = format!("row {} of {}", self.n_given, self.source.name);
            return Err(too_large(name, MAX_BYTES));
        }
        let said = |role| self.field(row, role).and_then(Value::said);
        // A row may be shorter than the first.
        let text = self.field(row, Role::Text).unwrap_or_else(|| self.value(row, &Cell::default()));
        let (encoding, n_errors) = (text.encoding, text.n_errors);
        let read = Extracted::of_field(text.text, text.map);
        Ok(Found {
            own_id: said(Role::Id).map(|(id, _)| id),
            extracted: Extracted { declared: fields::declared(said).or(read.declared), ..read },
            format: Format::Csv,
            encoding,
            n_errors,
            n_bytes: row.bytes.len(),
            sha256: sha256(&row.bytes),
        })
    }
}

impl Value {
    /// What it says and where, if it says something.
    fn said(self) -> Option<(String, Span)> {
        let place = self.map.locate(Span::new(0, self.text.len()));
        Some((self.text.trim().to_owned(), place)).filter(|(text, _)| !text.is_empty())
    }
}

impl Iterator for Csv {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let row = self.next.take()?;
        self.n_given += 1;
        // After a failure of the reader there is nothing more.
        if row.is_ok() {
            self.next = self.row().transpose();
        }
        let result = row.and_then(|row| self.article(&row));
        Some(Item { number: Some(self.n_given), result })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::from(self.next.is_some()), self.next.is_none().then_some(0))
    }
}

impl Row {
    fn is_too_long(&self) -> bool {
        self.bytes.len() as u64 > MAX_BYTES
    }

    fn push(&mut self, cell: Cell) {
        let start = self.cells.last().map_or(0, |last| last.span.end);
        self.cells.push(Cell { span: Span::new(start, self.bytes.len()), ..cell });
    }
}

pub fn delimiter(head: &[u8]) -> u8 {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let n = |delimiter: &u8| line.iter().filter(|byte| *byte == delimiter).count();
    let most = DELIMITERS.iter().map(n).max().unwrap_or_default();
    DELIMITERS.into_iter().find(|delimiter| n(delimiter) == most).unwrap_or(b',')
}

/// From the value of a field to the field as it stands in the file: inside quotation marks, a
/// quotation mark is written twice.
fn alignment(value: &[u8], raw: &[u8]) -> SourceMap {
    let mut map = SourceMap::empty();
    // The breaks of empty lines before it belong to no field; a byte order mark neither.
    let head = raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw);
    let n_breaks = head.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let mut at = raw.len() - head.len() + n_breaks;
    let is_quoted = raw.get(at) == Some(&b'"');
    at += usize::from(is_quoted);
    for (idx, byte) in value.iter().enumerate() {
        let rest = raw.get(at..).unwrap_or_default();
        let skipped = rest.iter().position(|own| own == byte).unwrap_or_default();
        let is_twice = is_quoted && rest.get(skipped..).is_some_and(|r| r.starts_with(b"\"\""));
        let place = Span::new(at + skipped, at + skipped + 1 + usize::from(is_twice));
        map.push(Span::new(idx, idx + 1), place);
        at = place.end;
    }
    map
}
