//! Where digests go: the standard output, one file, or a folder with one file an article.

use std::path::{Path, PathBuf};

use depeche::digest::Digest;
use depeche::pipeline::Flow;
use depeche::{Error, Result};

use super::finished::{Finished, Reused};
use super::folder::Folder;
use super::journal::Journal;
use super::record::Stamp;
use super::{Format, has_colours, is_folder, json, markdown, stream, text};

/// What became of an article.
pub enum Item<'a> {
    Digest(&'a Digest),
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
    /// Opens the output, and reads back what earlier runs have finished if it is to be resumed.
    ///
    /// # Errors
    /// When it cannot be written, or cannot be read back.
    pub fn open(
        format: Format,
        path: Option<&Path>,
        resume: bool,
        stamp: Stamp,
    ) -> Result<(Self, Finished)> {
        let mut finished = Finished::default();
        let target = match path {
            None => Target::Stdout(0),
            Some(path) if is_folder(path) => {
                let folder = Folder::open(path, format, &stamp)?;
                if resume {
                    finished = folder.finished()?;
                }
                Target::Folder(folder)
            }
            Some(path) => {
                let journal = Journal::open(path, resume)?;
                if resume {
                    finished.read(path, &stamp)?;
                    finished.read(journal.partial(), &stamp)?;
                }
                Target::File(journal)
            }
        };
        let has_colours = matches!(target, Target::Stdout(_)) && has_colours();
        Ok((Self { renderer: Renderer { format, has_colours, stamp }, target }, finished))
    }

    /// Writes a result, so that it survives whatever comes after it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&mut self, item: &Item) -> Result<Flow> {
        match &mut self.target {
            Target::Folder(folder) => {
                match item {
                    Item::Digest(digest) => folder.put(digest, &self.renderer.whole(item))?,
                    Item::Failed { id, .. } => folder.fail(id, &self.renderer.whole(item))?,
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
    stamp: Stamp,
}

impl Renderer {
    /// A result among others; nothing for a failure in a format for people, who read of it on
    /// stderr.
    fn part(&self, item: &Item) -> String {
        match (self.format, item) {
            (Format::Json | Format::Jsonl, _) => self.record(item) + "\n",
            (Format::Text, Item::Digest(digest)) => text::digest(digest, self.has_colours),
            (Format::Markdown, Item::Digest(digest)) => markdown::digest(digest),
            _ => String::new(),
        }
    }

    /// A result in a file of its own.
    fn whole(&self, item: &Item) -> String {
        self.part(item)
    }

    fn record(&self, item: &Item) -> String {
        match item {
            Item::Digest(digest) => json::digest(digest, &self.stamp).to_string(),
            Item::Failed { id, error } => json::error(id, error).to_string(),
            Item::Reused(reused) => reused.line.clone(),
        }
    }
}
