//! One file, opened: unpacked where it is packed, its kind recognised, its articles one by one.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::rc::Rc;

use flate2::read::MultiGzDecoder;

use super::decode::{Decoded, declared_in_page, decode, is_binary, is_utf16};
use super::format::{self, Name};
use super::json::{Json, Layout};
use super::traced::shifted;
use super::{
    Entry, Extracted, Fields, MAX_BYTES, MAX_CONTAINER_BYTES, csv, docx, eml, html, list, markdown,
    mhtml, pdf,
};
use crate::article::{Format, Span, sha256};
use crate::error::{Error, Result};
use crate::source_map::SourceMap;

/// How much of a file is looked at to recognise its kind.
pub(super) const SNIFF_BYTES: u64 = 8 * 1024;
/// A packed text is seldom smaller than a twentieth of what it was; a packed file that unpacks to
/// so many times its size was made to fill memories.
const MAX_RATIO: u64 = 200;

/// An article of a file, before it has a name.
#[derive(Debug)]
pub(super) struct Found {
    /// Its id in the file.
    pub own_id: Option<String>,
    pub extracted: Extracted,
    pub format: Format,
    pub encoding: &'static str,
    /// Places of the file that no character could be made of.
    pub n_errors: usize,
    /// The length of the piece of the file that holds it.
    pub n_bytes: usize,
    pub sha256: String,
}

/// What came of one article of a file.
#[derive(Debug)]
pub(super) struct Item {
    /// From 1, where the file may hold several.
    pub number: Option<usize>,
    pub result: Result<Found>,
}

/// A file that is being read.
pub(super) struct File {
    items: Box<dyn Iterator<Item = Item>>,
    n_bytes_read: Rc<Cell<u64>>,
    n_bytes_told: u64,
}

impl File {
    /// Opens what an entry names.
    pub fn open(entry: &Entry, fields: &Fields) -> Result<Self> {
        let Some(path) = &entry.path else {
            return Self::new(entry.name(), Box::new(std::io::stdin()), None, fields.clone());
        };
        if !path.try_exists().unwrap_or(true) {
            return Err(missing(path));
        }
        let failed = |source| Error::Read { path: path.clone(), source };
        let file = std::fs::File::open(path).map_err(failed)?;
        let format = match format::named(path) {
            Name::Of(format) => Some(format),
            Name::Bare | Name::Other => None,
        };
        Self::new(entry.name(), Box::new(file), format, fields.clone())
    }

    /// The articles in the bytes that come from `reader`.
    pub fn new(
        name: String,
        reader: Box<dyn Read>,
        format: Option<Format>,
        fields: Fields,
    ) -> Result<Self> {
        let n_bytes_read = Rc::new(Cell::new(0));
        let counted = Counted { reader, n_read: n_bytes_read.clone() };
        let source = Source::new(name, Box::new(counted), &n_bytes_read)?;
        Ok(Self { items: articles(source, format, fields)?, n_bytes_read, n_bytes_told: 0 })
    }

    /// Bytes of the file on disk that were read since this was asked last.
    pub fn n_new_bytes(&mut self) -> u64 {
        let before = std::mem::replace(&mut self.n_bytes_told, self.n_bytes_read.get());
        self.n_bytes_told - before
    }
}

impl Iterator for File {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        self.items.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

/// Why there is nothing at this path.
fn missing(path: &Path) -> Error {
    let is_pattern = list::is_pattern(&path.to_string_lossy());
    let path = path.to_owned();
    match path.read_link() {
        Ok(target) => Error::BrokenLink { path, target },
        Err(_) if is_pattern => Error::NoMatch { path },
        Err(_) => Error::NotFound { path },
    }
}

/// The articles of a file, read as the format allows.
fn articles(
    mut source: Source,
    format: Option<Format>,
    fields: Fields,
) -> Result<Box<dyn Iterator<Item = Item>>> {
    if source.head.is_empty() {
        return Err(Error::Empty { name: source.name });
    }
    let found = format.or_else(|| format::sniff(&source.head));
    let format = found.ok_or_else(|| Error::NotText { name: source.name.clone() })?;
    match format {
        Format::Json | Format::Jsonl | Format::Csv => {
            let source = source.in_ascii_superset()?;
            Ok(match format {
                Format::Json => Box::new(Json::new(source, Layout::Values, fields)),
                Format::Jsonl => Box::new(Json::new(source, Layout::Lines, fields)),
                _ => Box::new(csv::Csv::new(source, fields)?),
            })
        }
        _ => {
            let result = source.whole(limit(format)).and_then(|bytes| {
                let read = one(&bytes, format, &source.name)?;
                Ok(Found { n_bytes: bytes.len(), sha256: sha256(&bytes), ..read })
            });
            Ok(Box::new(std::iter::once(Item { number: None, result })))
        }
    }
}

fn limit(format: Format) -> u64 {
    match format {
        Format::Pdf | Format::Docx | Format::Eml | Format::Mhtml => MAX_CONTAINER_BYTES,
        _ => MAX_BYTES,
    }
}

/// The article of a file that holds one.
fn one(bytes: &[u8], format: Format, name: &str) -> Result<Found> {
    let (extracted, encoding, n_errors) = match format {
        Format::Pdf => {
            let (extracted, n_errors) = pdf::read(bytes, name)?;
            (extracted, "UTF-8", n_errors)
        }
        Format::Docx => (docx::read(bytes, name)?, "UTF-8", 0),
        Format::Eml => eml::read(bytes, name)?,
        Format::Mhtml => mhtml::read(bytes, name)?,
        _ => text(bytes, format, name)?,
    };
    Ok(Found {
        own_id: None,
        extracted,
        format,
        encoding,
        n_errors,
        n_bytes: 0,
        sha256: String::new(),
    })
}

fn text(bytes: &[u8], format: Format, name: &str) -> Result<(Extracted, &'static str, usize)> {
    if is_binary(bytes) {
        return Err(Error::NotText { name: name.to_owned() });
    }
    let label = if format == Format::Html { declared_in_page(bytes) } else { None };
    let Decoded { text, map, encoding, n_errors } = decode(bytes, label.as_deref());
    let extracted = match format {
        Format::Html => html::read(&text).through(&map),
        Format::Markdown => markdown::read(&text).through(&map),
        _ => Extracted { text, map, ..Extracted::default() },
    };
    Ok((extracted, encoding, n_errors))
}

/// The error of a file or a piece of one that is larger than `limit` bytes.
pub(super) fn too_large(name: String, limit: u64) -> Error {
    Error::TooLarge { name, limit_mb: limit / (1024 * 1024) }
}

/// The bytes of a file, unpacked.
pub(super) struct Source {
    /// For messages.
    pub name: String,
    /// How it begins.
    pub head: Vec<u8>,
    reader: BufReader<Box<dyn Read>>,
    is_packed: bool,
    /// Bytes that were taken from the reader.
    pub at: usize,
    /// Where the file had to be converted to be read.
    outer: Option<Outer>,
}

/// How a file was converted.
struct Outer {
    map: SourceMap,
    encoding: &'static str,
}

impl Source {
    fn new(name: String, reader: Box<dyn Read>, n_packed: &Rc<Cell<u64>>) -> Result<Self> {
        let packed = Self::beginning(name, reader, false)?;
        if !format::is_gzip(&packed.head) {
            return Ok(packed);
        }
        let reader = MultiGzDecoder::new(packed.reader);
        let unpacked = Unpacked { reader, n_packed: n_packed.clone(), n_unpacked: 0 };
        Self::beginning(packed.name, Box::new(unpacked), true)
    }

    /// Looks at the beginning and puts it back.
    fn beginning(name: String, mut reader: Box<dyn Read>, is_packed: bool) -> Result<Self> {
        let mut head = Vec::new();
        let read = reader.by_ref().take(SNIFF_BYTES).read_to_end(&mut head);
        let whole: Box<dyn Read> = Box::new(Cursor::new(head.clone()).chain(reader));
        let reader = BufReader::new(whole);
        let source = Self { name, head, reader, is_packed, at: 0, outer: None };
        match read {
            Ok(_) => Ok(source),
            Err(error) => Err(source.failed(error)),
        }
    }

    /// What a failure of the reader means.
    pub fn failed(&self, source: std::io::Error) -> Error {
        if self.is_packed {
            let (name, reason) = (self.name.clone(), source.to_string());
            return Error::Broken { name, what: "a gzip file", reason };
        }
        Error::Read { path: self.name.clone().into(), source }
    }

    fn whole(&mut self, limit: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = self.reader.by_ref().take(limit + 1).read_to_end(&mut bytes);
        if bytes.len() as u64 > limit {
            return Err(too_large(self.name.clone(), limit));
        }
        read.map(|_| bytes).map_err(|error| self.failed(error))
    }

    /// The same, where a byte `,` is a comma: text in UTF-16 is converted.
    fn in_ascii_superset(mut self) -> Result<Self> {
        if !is_utf16(&self.head) {
            return Ok(self);
        }
        let decoded = decode(&self.whole(MAX_BYTES)?, None);
        let Decoded { text, map, encoding, .. } = decoded;
        let source = Self::beginning(self.name, Box::new(Cursor::new(text.into_bytes())), false)?;
        Ok(Self { outer: Some(Outer { map, encoding }), ..source })
    }

    /// What is in the buffer now; nothing at the end.
    pub fn buffer(&mut self) -> Result<&[u8]> {
        match self.reader.fill_buf() {
            Ok(_) => Ok(self.reader.buffer()),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Takes so many bytes of the buffer.
    pub fn consume(&mut self, n: usize) {
        self.reader.consume(n);
        self.at += n;
    }

    /// The next line with its break; of one longer than [`MAX_BYTES`] no more than its beginning.
    pub fn line(&mut self) -> Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let read = self.reader.by_ref().take(MAX_BYTES + 1).read_until(b'\n', &mut line);
        self.at += read.map_err(|error| self.failed(error))?;
        if line.len() as u64 > MAX_BYTES && !line.ends_with(b"\n") {
            self.skip_line()?;
        }
        Ok((!line.is_empty()).then_some(line))
    }

    fn skip_line(&mut self) -> Result<()> {
        loop {
            let buffer = self.buffer()?;
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let n = end.map_or(buffer.len(), |at| at + 1);
            self.consume(n);
            if end.is_some() || n == 0 {
                return Ok(());
            }
        }
    }

    /// The way back from a text to the file, where `map` leads to the piece `span` of what is read.
    pub fn in_file(&self, map: &SourceMap, span: Span) -> SourceMap {
        let map = map.through(&shifted(span));
        self.outer.as_ref().map_or_else(|| map.clone(), |outer| map.through(&outer.map))
    }

    /// The encoding of the file, where that of a record is `own`.
    pub fn encoding(&self, own: &'static str) -> &'static str {
        self.outer.as_ref().map_or(own, |outer| outer.encoding)
    }
}

/// A reader that counts what was read from it.
struct Counted {
    reader: Box<dyn Read>,
    n_read: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.n_read.set(self.n_read.get() + n as u64);
        Ok(n)
    }
}

/// An unpacker that stops when far too much comes out.
struct Unpacked<R> {
    reader: MultiGzDecoder<R>,
    n_packed: Rc<Cell<u64>>,
    n_unpacked: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.n_unpacked += n as u64;
        if self.n_unpacked > 2 * MAX_BYTES && self.n_unpacked / MAX_RATIO > self.n_packed.get() {
            let message = format!("it unpacks to more than {MAX_RATIO} times its size");
            return Err(std::io::Error::other(message));
        }
        Ok(n)
    }
}
