//! What to read: files, folders and standard input become an ordered list of entries, each opened
//! when its turn comes and read one article at a time, so that a run of any size costs the memory
//! of one article, or of one file where the format cannot be read in pieces.

mod csv;
mod dates;
mod decode;
mod docx;
mod eml;
mod fields;
mod file;
mod format;
mod json;
mod list;
mod markdown;
mod mhtml;
mod pdf;
mod traced;

pub mod html;

use std::collections::HashSet;
use std::io::Read;
use std::path::PathBuf;

use crate::article::{Dated, Declared, Format, Hint, RawArticle, Warning};
use crate::clean::is_blank;
use crate::error::{Error, Result};
use crate::source_map::SourceMap;
use file::{File, Found, Item};

pub(crate) use csv::delimiter as csv_delimiter;
pub use fields::{Fields, Role};
pub use list::{Options, Patterns, paths_in};

/// An article is text of a few pages; whatever is larger than this is something else.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// A file that carries its pictures may be larger.
pub const MAX_CONTAINER_BYTES: u64 = 128 * 1024 * 1024;

/// What the reader of one format makes of a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extracted {
    /// What a reader of the page sees, one paragraph a line.
    pub text: String,
    /// From the text back to what was read.
    pub map: SourceMap,
    /// What the markup says of pieces of the text, in order.
    pub hints: Vec<Hint>,
    /// What the file says of its article outside the text; evidence counts bytes of what was read.
    pub declared: Declared,
}

impl Extracted {
    /// What a field of a record holds, in HTML or plain.
    fn of_field(text: String, map: SourceMap) -> Self {
        match format::is_markup(&text) {
            true => html::read(&text).through(&map),
            false => Self { text, map, ..Self::default() },
        }
    }

    /// The same, counted in the bytes of a file, where `outer` leads from what was read.
    fn through(self, outer: &SourceMap) -> Self {
        let relocate = |dated: Dated| Dated { evidence: outer.locate(dated.evidence), ..dated };
        let declared = Declared {
            published: self.declared.published.map(relocate),
            modified: self.declared.modified.map(relocate),
            ..self.declared
        };
        Self { map: self.map.through(outer), declared, ..self }
    }
}

/// The kind of a file that begins so; nothing where it is packed, or no kind known here.
pub fn sniffed(bytes: &[u8]) -> Option<Format> {
    let head = bytes.get(..file::SNIFF_BYTES as usize).unwrap_or(bytes);
    format::sniff(head).filter(|_| !format::is_gzip(head))
}

/// The text of a file that is in memory, in whichever encoding it is.
pub fn text_of(bytes: &[u8]) -> String {
    let label = decode::declared_in_page(bytes);
    decode::decode(bytes, label.as_deref()).text
}

/// One file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// [`RawArticle::id`], where the file holds one article.
    pub id: String,
    /// The file; nothing for standard input.
    pub path: Option<PathBuf>,
}

impl Entry {
    /// The file's name in messages.
    fn name(&self) -> String {
        self.path.as_ref().map_or_else(|| self.id.clone(), |path| path.display().to_string())
    }

    /// Whether it may hold several articles, as far as its name tells.
    fn may_be_many(&self) -> bool {
        let name = self.path.as_deref().map_or(format::Name::Bare, format::named);
        match name {
            format::Name::Of(format) => {
                matches!(format, Format::Json | Format::Jsonl | Format::Csv)
            }
            format::Name::Bare | format::Name::Other => true,
        }
    }
}

/// A file of a folder that is no article, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// Why it was passed over, e.g. `not text`.
    pub reason: &'static str,
}

/// All that a command line names, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// What to read.
    pub entries: Vec<Entry>,
    /// What was passed over in folders.
    pub skipped: Vec<Skipped>,
    fields: Fields,
}

impl Inputs {
    /// Lists what the paths name: files as they are, folders with the files in them, `-` for the
    /// standard input, and patterns that no shell has filled in. A path that is missing keeps its
    /// place and fails when it is read.
    ///
    /// # Errors
    /// [`Error::NoInput`] when nothing is left to read.
    pub fn list(paths: &[PathBuf], options: &Options) -> Result<Self> {
        let mut inputs = Self { fields: options.fields.clone(), ..Self::default() };
        paths.iter().for_each(|path| list::add(&mut inputs, path, options));
        if inputs.entries.is_empty() {
            return Err(Error::NoInput);
        }
        inputs.make_ids_unique();
        Ok(inputs)
    }

    /// Reads the articles, one after the other.
    pub fn articles(&self) -> Articles<'_> {
        Articles {
            inputs: self,
            n_opened: 0,
            open: None,
            n_given: 0,
            ids: self.entries.iter().map(|entry| entry.id.clone()).collect(),
        }
    }

    /// Two files of the same name get their paths as ids; the same path twice is numbered.
    fn make_ids_unique(&mut self) {
        let mut seen = HashSet::new();
        for entry in &mut self.entries {
            if seen.contains(&entry.id) {
                entry.id = free_id(entry, &seen);
            }
            seen.insert(entry.id.clone());
        }
    }
}

fn free_id(entry: &Entry, seen: &HashSet<String>) -> String {
    let path = entry.path.as_ref().map(|path| path.to_string_lossy().into_owned());
    let base = path.unwrap_or_else(|| entry.id.clone());
    let numbered = (2..).map(|n| format!("{base}#{n}"));
    std::iter::once(base.clone()).chain(numbered).find(|id| !seen.contains(id)).unwrap_or(base)
}

/// The articles of one file that is in memory, or comes from elsewhere. Without a format, it is
/// recognised by how the file begins.
pub fn articles_from<R: Read + 'static>(
    id: &str,
    file: R,
    format: Option<Format>,
    fields: &Fields,
) -> impl Iterator<Item = Result<RawArticle>> + use<R> {
    let entry = Entry { id: id.to_owned(), path: None };
    let mut ids = HashSet::from([entry.id.clone()]);
    let (file, failed) = match File::new(entry.name(), Box::new(file), format, fields.clone()) {
        Ok(file) => (Some(file), None),
        Err(error) => (None, Some(Err(error))),
    };
    let read = move |item| reading(&entry, item, &mut ids).result;
    file.into_iter().flatten().map(read).chain(failed)
}

/// What came of one article.
#[derive(Debug)]
pub struct Reading {
    /// [`RawArticle::id`]
    pub id: String,
    /// The file; nothing for standard input.
    pub path: Option<PathBuf>,
    /// The article, or why there is none.
    pub result: Result<RawArticle>,
    /// How much of the file was read for it, in bytes on disk.
    pub n_bytes: u64,
}

/// How many articles there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// As many as are known of so far; a file that was not opened counts as one.
    pub n_known: usize,
    /// Whether there can be no more.
    pub is_final: bool,
}

/// The articles of all entries, in order.
pub struct Articles<'a> {
    inputs: &'a Inputs,
    n_opened: usize,
    open: Option<(&'a Entry, File)>,
    n_given: usize,
    ids: HashSet<String>,
}

impl Articles<'_> {
    /// How many articles there are, as far as that is known by now.
    pub fn known(&self) -> Count {
        let (n_open, max_open) =
            self.open.as_ref().map_or((0, Some(0)), |(_, file)| file.size_hint());
        let waiting = self.inputs.entries.get(self.n_opened..).unwrap_or_default();
        Count {
            n_known: self.n_given + n_open + waiting.len(),
            is_final: max_open == Some(n_open) && !waiting.iter().any(Entry::may_be_many),
        }
    }

    /// The next article of the file that is open.
    fn next_of_open(&mut self) -> Option<Reading> {
        let (entry, file) = self.open.as_mut()?;
        let item = file.next()?;
        let n_bytes = file.n_new_bytes();
        Some(Reading { n_bytes, ..reading(entry, item, &mut self.ids) })
    }

    /// Opens the next file; an error is what came of it.
    fn open_next(&mut self) -> Option<Option<Reading>> {
        let entry = self.inputs.entries.get(self.n_opened)?;
        self.n_opened += 1;
        let error = match File::open(entry, &self.inputs.fields) {
            Ok(file) => {
                self.open = Some((entry, file));
                return Some(None);
            }
            Err(error) => error,
        };
        let n_bytes = entry.path.as_ref().and_then(|path| path.metadata().ok()).map(|m| m.len());
        let (id, path) = (entry.id.clone(), entry.path.clone());
        Some(Some(Reading { id, path, result: Err(error), n_bytes: n_bytes.unwrap_or_default() }))
    }
}

impl Iterator for Articles<'_> {
    type Item = Reading;

    fn next(&mut self) -> Option<Reading> {
        let reading = loop {
            if let Some(reading) = self.next_of_open() {
                break reading;
            }
            self.open = None;
            if let Some(failed) = self.open_next()? {
                break failed;
            }
        };
        self.n_given += 1;
        Some(reading)
    }
}

/// Gives an article its name.
fn reading(entry: &Entry, item: Item, ids: &mut HashSet<String>) -> Reading {
    let own = item.result.as_ref().ok().and_then(|found| found.own_id.clone());
    let id = match (item.number, own) {
        (None, _) => entry.id.clone(),
        (Some(_), Some(own)) if is_name(&own) && ids.insert(own.clone()) => own,
        (Some(number), _) => format!("{}#{number}", entry.id),
    };
    let name = if item.number.is_none() { entry.name() } else { id.clone() };
    let result = item.result.and_then(|found| article(&id, entry, found, name));
    Reading { id, path: entry.path.clone(), result, n_bytes: 0 }
}

/// Whether a record's own id can name an article in messages and be the name of a file.
fn is_name(id: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=100).contains(&id.len()) && !id.starts_with('.') && id.chars().all(is_plain)
}

fn article(id: &str, entry: &Entry, found: Found, name: String) -> Result<RawArticle> {
    let Extracted { text, map, hints, declared } = found.extracted;
    if text.chars().all(is_blank) {
        return Err(Error::Empty { name });
    }
    if !text.chars().any(char::is_alphabetic) {
        return Err(Error::NoProse { name });
    }
    Ok(RawArticle {
        id: id.to_owned(),
        path: entry.path.clone(),
        text,
        map,
        hints,
        declared,
        format: found.format,
        encoding: found.encoding,
        n_bytes: found.n_bytes,
        sha256: found.sha256,
        warnings: if found.n_errors > 0 { vec![Warning::DecodingErrors] } else { Vec::new() },
    })
}
