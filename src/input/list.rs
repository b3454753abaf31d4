//! From what a command line names to a list of files: folders are walked, patterns filled in.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use walkdir::{DirEntry, WalkDir};

use super::file::SNIFF_BYTES;
use super::format::Name;
use super::{Entry, Fields, Inputs, Skipped, decode, format};
use crate::article::Format;
use crate::error::{Error, Result};

/// A list of paths that is longer is something else.
const MAX_LIST_BYTES: u64 = 64 * 1024 * 1024;

/// Which files of folders are read, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only the files that match are read, whatever their kind; without patterns, all that are of
    /// a known kind.
    pub patterns: Patterns,
    /// Whether the folders in a folder are read, too.
    pub is_recursive: bool,
    /// Which fields of records are what.
    pub fields: Fields,
    /// Which files of folders are read beside articles, by their names.
    pub is_also_read: fn(&Path) -> bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            patterns: Patterns::default(),
            is_recursive: true,
            fields: Fields::default(),
            is_also_read: |_| false,
        }
    }
}

/// Patterns of names, and of paths below the folder that is walked.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    names: GlobSet,
    paths: GlobSet,
}

impl Patterns {
    /// A pattern with a `/` is one of paths, any other one of names.
    ///
    /// # Errors
    /// When one of them is no pattern.
    pub fn new(patterns: &[String]) -> Result<Self> {
        let (paths, names) = patterns.iter().partition::<Vec<_>, _>(|p| p.contains('/'));
        Ok(Self { names: glob_set(&names)?, paths: glob_set(&paths)? })
    }

    fn is_empty(&self) -> bool {
        self.names.is_empty() && self.paths.is_empty()
    }

    fn matches(&self, below: &Path) -> bool {
        below.file_name().is_some_and(|name| self.names.is_match(name))
            || self.paths.is_match(below)
    }
}

fn glob_set(patterns: &[&String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(glob(pattern)?);
    }
    set.build().map_err(|error| not_a_pattern(&error))
}

/// `*` stays within a name, `**` does not.
fn glob(pattern: &str) -> Result<Glob> {
    let built = GlobBuilder::new(pattern).literal_separator(true).build();
    built.map_err(|error| not_a_pattern(&error))
}

fn not_a_pattern(error: &globset::Error) -> Error {
    Error::Usage {
        message: format!("`{}` is no pattern: {}", error.glob().unwrap_or_default(), error.kind()),
        hint: "write e.g. '*.html' or '2026/**/*.txt'".into(),
    }
}

/// The paths that stand in a file, one a line, or parted by NUL bytes as `find -print0` does; `-`
/// is the standard input.
///
/// # Errors
/// When it cannot be read.
pub fn paths_in(list: &Path) -> Result<Vec<PathBuf>> {
    let failed = |source| Error::Read { path: list.to_owned(), source };
    let mut bytes = Vec::new();
    if list == Path::new("-") {
        std::io::stdin().lock().take(MAX_LIST_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let file = File::open(list).map_err(failed)?;
        file.take(MAX_LIST_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    }
    let text = decode::decode(&bytes, None).text;
    let end = if text.contains('\0') { '\0' } else { '\n' };
    let lines = text.trim_start_matches('\u{feff}').split(end);
    let paths =
        lines.map(|line| line.trim_end_matches('\r')).filter(|line| !line.trim().is_empty());
    Ok(paths.map(PathBuf::from).collect())
}

/// Adds what a path of the command line stands for.
pub(super) fn add(inputs: &mut Inputs, path: &Path, options: &Options) {
    if path == Path::new("-") {
        inputs.entries.push(Entry { id: "stdin".into(), path: None });
    } else if path.is_dir() {
        Folder { root: path, options }.add_to(inputs);
    } else if let Some(pattern) = unexpanded(path) {
        add_matches(inputs, path, &pattern);
    } else {
        add_named(inputs, path);
    }
}

/// A file that is named by itself goes by its own name.
fn add_named(inputs: &mut Inputs, path: &Path) {
    add_file(inputs, path, Path::new(path.file_name().unwrap_or(path.as_os_str())));
}

fn add_file(inputs: &mut Inputs, path: &Path, id: &Path) {
    let id = id.to_string_lossy().replace('\\', "/");
    inputs.entries.push(Entry { id, path: Some(path.to_owned()) });
}

/// The pattern that a path is when the shell has not filled it in and no file has that name.
fn unexpanded(path: &Path) -> Option<GlobMatcher> {
    let text = path.to_str().filter(|text| is_pattern(text))?;
    if path.symlink_metadata().is_ok() {
        return None;
    }
    glob(text.strip_prefix("./").unwrap_or(text)).ok().map(|glob| glob.compile_matcher())
}

/// Whether a path may be a pattern.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// The files that match, in order; the pattern itself, whose reading fails, where none does.
fn add_matches(inputs: &mut Inputs, path: &Path, pattern: &GlobMatcher) {
    let before = inputs.entries.len();
    for entry in candidates(path) {
        let found = entry.path().strip_prefix(".").unwrap_or(entry.path());
        if entry.file_type().is_file() && pattern.is_match(found) {
            add_named(inputs, found);
        }
    }
    if inputs.entries.len() == before {
        add_named(inputs, path);
    }
}

/// What lies in the folder that the pattern begins with, as deep as the pattern goes. What is
/// hidden is left out, as a shell does it, where the pattern names nothing hidden.
fn candidates(path: &Path) -> impl Iterator<Item = DirEntry> {
    let parts: Vec<Component> = path.components().filter(|p| *p != Component::CurDir).collect();
    let is_fixed = |part: &&Component| !is_pattern(&part.as_os_str().to_string_lossy());
    let fixed: PathBuf = parts.iter().take_while(is_fixed).collect();
    let depth = match path.to_string_lossy().contains("**") {
        true => usize::MAX,
        false => parts.len() - fixed.components().count(),
    };
    let mut beyond = parts.iter().skip(fixed.components().count());
    let names_hidden =
        beyond.any(|part| matches!(part, Component::Normal(name) if is_dotted(name)));
    let root = if fixed.as_os_str().is_empty() { PathBuf::from(".") } else { fixed };
    let walk = WalkDir::new(root).max_depth(depth).follow_links(true).sort_by_file_name();
    let shown = move |e: &DirEntry| names_hidden || e.depth() == 0 || !is_hidden(e);
    walk.into_iter().filter_entry(shown).filter_map(std::result::Result::ok)
}

/// A folder that is walked.
struct Folder<'a> {
    root: &'a Path,
    options: &'a Options,
}

impl Folder<'_> {
    fn add_to(&self, inputs: &mut Inputs) {
        let depth = if self.options.is_recursive { usize::MAX } else { 1 };
        let walk = WalkDir::new(self.root).max_depth(depth).follow_links(true).sort_by_file_name();
        let visible = walk.into_iter().filter_entry(|e| e.depth() == 0 || !is_hidden(e));
        for found in visible {
            match found {
                Ok(entry) => self.add_found(inputs, &entry),
                Err(error) => self.add_unwalkable(inputs, &error),
            }
        }
    }

    fn add_found(&self, inputs: &mut Inputs, entry: &DirEntry) {
        let (path, patterns) = (entry.path(), &self.options.patterns);
        if entry.file_type().is_dir()
            || !(patterns.is_empty() || patterns.matches(self.below(path)))
        {
            return;
        }
        let by_name = patterns.is_empty() && !(self.options.is_also_read)(path);
        match why_not(entry, by_name) {
            Some(reason) => inputs.skipped.push(Skipped { path: path.to_owned(), reason }),
            None => add_file(inputs, path, self.below(path)),
        }
    }

    /// A loop of links is passed over; a subfolder that cannot be opened, or a link that leads
    /// nowhere, stays as an entry, whose reading fails and says why.
    fn add_unwalkable(&self, inputs: &mut Inputs, error: &walkdir::Error) {
        let path = error.path().unwrap_or(self.root);
        match error.loop_ancestor() {
            Some(_) => inputs
                .skipped
                .push(Skipped { path: path.to_owned(), reason: "link to a folder above it" }),
            None => add_file(inputs, path, self.below(path)),
        }
    }

    fn below<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(self.root).unwrap_or(path)
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    is_dotted(entry.file_name())
}

fn is_dotted(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Folders of articles carry one that says where they come from.
fn is_readme(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    name.strip_prefix("readme").is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// Why a file of a folder is not read; one that a pattern chose is read whatever its name.
fn why_not(entry: &DirEntry, by_name: bool) -> Option<&'static str> {
    if !entry.file_type().is_file() {
        // A pipe would wait for its writer for ever.
        return Some("not a regular file");
    }
    if !by_name {
        return None;
    }
    if is_readme(entry.file_name()) {
        return Some("a README is no article");
    }
    match format::named(entry.path()) {
        Name::Of(Format::Text | Format::Markdown) | Name::Bare => {
            is_binary(entry.path()).then_some("not text")
        }
        Name::Of(_) => None,
        Name::Other => Some("not a kind of file that holds articles"),
    }
}

/// A file that cannot be opened is an article that fails, not one that is passed over.
fn is_binary(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(SNIFF_BYTES).read_to_end(&mut head));
    read.is_ok() && !format::is_gzip(&head) && format::sniff(&head).is_none()
}
