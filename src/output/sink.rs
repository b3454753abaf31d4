//! Where results go: the standard output, one file, or a folder with one file an article.

use std::path::{Path, PathBuf};

use depeche::pipeline::Flow;
use depeche::{Error, Result};
use serde_json::Value;

use super::finished::{Finished, Reused};
use super::folder::Folder;
use super::journal::Journal;
use super::record::Stamp;
use super::{Format, has_colours, is_folder, json, stream};

/// What a verb makes of an article, in each format.
pub trait Shown {
    /// The article's name in the run.
    fn id(&self) -> &str;
    /// SHA-256 of the article as found.
    fn sha256(&self) -> &str;
    /// Findings that are errors.
    fn n_errors(&self) -> usize;
    /// For reading, 80 columns wide, with an empty line at the end.
    fn text(&self, has_colours: bool) -> String;
    /// The same as Markdown.
    fn markdown(&self) -> String;
    /// All of it.
    fn record(&self) -> Value;
}

/// What became of an article.
pub enum Item<'a> {
    Done(&'a dyn Shown),
    Failed { id: &'a str, error: &'a Error },
    Reused(&'a Reused),
}

/// Takes results in the order of the input.
pub struct Sink {
    renderer: Renderer,
    target: Target,
}

enum Target {
    /// With the number of results so far.
    Stdout(usize),
    File(Journal),
    Folder(Folder),
}

impl Sink {
    /// Opens the output of a verb that keeps nothing for later runs.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn open(format: Format, path: Option<&Path>) -> Result<Self> {
        let target = match path {
            None => Target::Stdout(0),
            Some(path) if is_folder(path) => Target::Folder(Folder::open(path, format)?),
            Some(path) => Target::File(Journal::open(path, false)?),
        };
        Ok(Self::new(format, target))
    }

    /// Opens the output, and reads back what earlier runs have finished if it is to be resumed.
    ///
    /// # Errors
    /// When it cannot be written, or cannot be read back.
    pub fn resumable(
        format: Format,
        path: Option<&Path>,
        resume: bool,
        stamp: &Stamp,
    ) -> Result<(Self, Finished)> {
        let mut finished = Finished::default();
        let target = match path {
            None => Target::Stdout(0),
            Some(path) if is_folder(path) => {
                let folder = Folder::with_index(path, format, stamp)?;
                if resume {
                    finished = folder.finished()?;
                }
                Target::Folder(folder)
            }
            Some(path) => {
                let journal = Journal::open(path, resume)?;
                if resume {
                    finished.read(path, stamp)?;
                    finished.read(journal.partial(), stamp)?;
                }
                Target::File(journal)
            }
        };
        Ok((Self::new(format, target), finished))
    }

    fn new(format: Format, target: Target) -> Self {
        let has_colours = matches!(target, Target::Stdout(_)) && has_colours();
        Self { renderer: Renderer { format, has_colours }, target }
    }

    /// Writes a result, so that it survives whatever comes after it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&mut self, item: &Item) -> Result<Flow> {
        match &mut self.target {
            Target::Folder(folder) => {
                match item {
                    Item::Done(done) => folder.put(*done, &self.renderer.part(item))?,
                    Item::Failed { id, .. } => folder.fail(id, &self.renderer.part(item))?,
                    Item::Reused(_) => {}
                }
                Ok(Flow::Continue)
            }
            Target::File(journal) => {
                journal.put(&self.renderer.part(item), matches!(item, Item::Reused(_)))?;
                Ok(Flow::Continue)
            }
            Target::Stdout(n) => {
                let part = self.renderer.part(item);
                if part.is_empty() {
                    return Ok(Flow::Continue);
                }
                *n += 1;
                match (self.renderer.format, *n) {
                    (Format::Json, 1) => stream(&format!("[\n{}", part.trim_end())),
                    (Format::Json, _) => stream(&format!(",\n{}", part.trim_end())),
                    _ => stream(&part),
                }
            }
        }
    }

    /// Puts the whole in its place.
    ///
    /// # Errors
    /// When it cannot be written; what was finished stays where [`Sink::keep`] says.
    pub fn finish(self) -> Result<()> {
        match self.target {
            Target::File(journal) => journal.finish(self.renderer.format == Format::Json),
            _ => self.keep().map(|_| ()),
        }
    }

    /// Leaves what was finished in a state that can be used, and says where it is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(self) -> Result<Option<PathBuf>> {
        match self.target {
            Target::Stdout(n) if self.renderer.format == Format::Json => {
                stream(if n == 0 { "[]\n" } else { "\n]\n" })?;
                Ok(None)
            }
            Target::Stdout(_) => Ok(None),
            Target::File(journal) => Ok(journal.keep()),
            Target::Folder(folder) => Ok(Some(folder.into_path())),
        }
    }
}

/// Results as text of the chosen format.
struct Renderer {
    format: Format,
    has_colours: bool,
}

impl Renderer {
    /// Nothing for a failure in a format for people, who read of it on stderr.
    fn part(&self, item: &Item) -> String {
        match (self.format, item) {
            (Format::Json | Format::Jsonl, _) => record(item) + "\n",
            (Format::Text, Item::Done(done)) => done.text(self.has_colours),
            (Format::Markdown, Item::Done(done)) => done.markdown(),
            _ => String::new(),
        }
    }
}

fn record(item: &Item) -> String {
    match item {
        Item::Done(done) => done.record().to_string(),
        Item::Failed { id, error } => json::error(id, error).to_string(),
        Item::Reused(reused) => reused.line.clone(),
    }
}
