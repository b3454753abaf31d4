//! What to read: files, folders and standard input become an ordered list of entries, each read
//! when its turn comes, so that a folder of any size costs the memory of one article.

pub mod html;

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::article::{Declared, Hint, RawArticle};
use crate::clean::is_blank;
use crate::error::{Error, Result};
use crate::source_map::SourceMap;

/// An article is text of a few pages; whatever is larger than this is something else.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// How much of a file in a folder is looked at to tell text from other data.
const SNIFF_BYTES: u64 = 8 * 1024;

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

/// One article to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// [`RawArticle::id`]
    pub id: String,
    /// The file; nothing for standard input.
    pub path: Option<PathBuf>,
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
}

impl Inputs {
    /// Lists files, folders (with their subfolders, in order of name, hidden files left out) and
    /// `-`. A path that is missing keeps its place and fails when it is read.
    ///
    /// # Errors
    /// [`Error::NoInput`] when nothing is left to read.
    pub fn list(paths: &[PathBuf]) -> Result<Self> {
        let mut inputs = Self::default();
        paths.iter().for_each(|path| inputs.add(path));
        if inputs.entries.is_empty() {
            return Err(Error::NoInput);
        }
        inputs.make_ids_unique();
        Ok(inputs)
    }

    /// Reads the entries one after the other.
    pub fn read(&self) -> impl Iterator<Item = (&Entry, Result<RawArticle>)> {
        self.entries.iter().map(|entry| (entry, entry.read()))
    }

    fn add(&mut self, path: &Path) {
        if path == Path::new("-") {
            self.entries.push(Entry { id: "stdin".into(), path: None });
        } else if path.is_dir() {
            self.add_folder(path);
        } else {
            self.add_file(path, Path::new(path.file_name().unwrap_or(path.as_os_str())));
        }
    }

    fn add_file(&mut self, path: &Path, id: &Path) {
        let id = id.to_string_lossy().replace('\\', "/");
        self.entries.push(Entry { id, path: Some(path.to_owned()) });
    }

    fn add_folder(&mut self, folder: &Path) {
        let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name();
        let visible = walk.into_iter().filter_entry(|e| e.depth() == 0 || !is_hidden(e));
        for found in visible {
            match found {
                Ok(entry) => self.add_found(folder, &entry),
                Err(error) => self.add_unwalkable(folder, &error),
            }
        }
    }

    fn add_found(&mut self, folder: &Path, entry: &DirEntry) {
        if entry.file_type().is_dir() {
            return;
        }
        let path = entry.path();
        match why_not_text(entry) {
            Some(reason) => self.skipped.push(Skipped { path: path.to_owned(), reason }),
            None => self.add_file(path, path.strip_prefix(folder).unwrap_or(path)),
        }
    }

    /// A loop of links is passed over; a subfolder that cannot be opened stays as an entry, whose
    /// reading fails and says why.
    fn add_unwalkable(&mut self, folder: &Path, error: &walkdir::Error) {
        let path = error.path().unwrap_or(folder);
        match error.loop_ancestor() {
            Some(_) => self
                .skipped
                .push(Skipped { path: path.to_owned(), reason: "link to a folder above it" }),
            None => self.add_file(path, path.strip_prefix(folder).unwrap_or(path)),
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

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// Folders of articles carry one that says where they come from.
fn is_readme(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    name.strip_prefix("readme").is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn why_not_text(entry: &DirEntry) -> Option<&'static str> {
    if !entry.file_type().is_file() {
        // A pipe would wait for its writer for ever.
        return Some("not a regular file");
    }
    if is_readme(entry.file_name()) {
        return Some("a README is no article");
    }
    match entry.path().extension().and_then(OsStr::to_str) {
        None | Some("txt" | "TXT" | "md" | "text") => {}
        Some(_) => return Some("not .txt or .md"),
    }
    let head = File::open(entry.path()).and_then(|file| read_at_most(file, SNIFF_BYTES));
    // A file that cannot be opened is an article that fails, not one that is passed over.
    head.is_ok_and(|bytes| bytes.contains(&0) && !is_utf16(&bytes)).then_some("not text")
}

impl Entry {
    /// Reads the article.
    ///
    /// # Errors
    /// One of the reading errors of [`Error`], with the path and what to do.
    pub fn read(&self) -> Result<RawArticle> {
        let Some(path) = &self.path else {
            return decode(&self.id, None, read_stdin()?);
        };
        if !path.try_exists().unwrap_or(true) {
            return Err(Error::NotFound { path: path.clone() });
        }
        let failed = |source| Error::Read { path: path.clone(), source };
        let file = File::open(path).map_err(failed)?;
        let bytes = read_at_most(file, MAX_BYTES + 1).map_err(failed)?;
        decode(&self.id, Some(path), bytes)
    }
}

fn read_stdin() -> Result<Vec<u8>> {
    read_at_most(std::io::stdin().lock(), MAX_BYTES + 1)
        .map_err(|source| Error::Read { path: "-".into(), source })
}

fn read_at_most(reader: impl Read, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The article in `bytes`, or why there is none.
///
/// # Errors
/// Too large, not text, not UTF-8, empty, or without a single word.
pub fn decode(id: &str, path: Option<&Path>, bytes: Vec<u8>) -> Result<RawArticle> {
    let name = || path.map_or_else(|| id.to_owned(), |path| path.display().to_string());
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Error::TooLarge { name: name(), limit_mb: MAX_BYTES / (1024 * 1024) });
    }
    if bytes.contains(&0) && !is_utf16(&bytes) {
        return Err(Error::NotText { name: name() });
    }
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(name(), &error))?;
    if text.chars().all(is_blank) {
        return Err(Error::Empty { name: name() });
    }
    if !text.chars().any(char::is_alphabetic) {
        return Err(Error::NoProse { name: name() });
    }
    Ok(RawArticle { path: path.map(Path::to_owned), ..RawArticle::new(id, text) })
}

fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF])
}

fn not_utf8(name: String, error: &std::string::FromUtf8Error) -> Error {
    let encoding = if is_utf16(error.as_bytes()) { "UTF-16" } else { "WINDOWS-1252" };
    Error::NotUtf8 { name, at: error.utf8_error().valid_up_to(), encoding }
}
