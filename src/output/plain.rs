//! Translated text, line for line.

use std::path::Path;

use depeche::Result;
use depeche::pipeline::Flow;

use super::journal::Journal;
use super::stream;

/// Takes lines in their order.
pub enum Lines {
    Stdout,
    File(Journal),
}

impl Lines {
    /// Opens a file, or the standard output.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        path.map_or(Ok(Self::Stdout), |path| Journal::open(path, false).map(Self::File))
    }

    /// Writes whole lines.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn put(&mut self, text: &str) -> Result<Flow> {
        match self {
            Self::Stdout => stream(text),
            Self::File(journal) => journal.put(text, false).map(|()| Flow::Continue),
        }
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> Result<()> {
        match self {
            Self::Stdout => Ok(()),
            Self::File(journal) => journal.finish(false),
        }
    }

    /// Leaves what is finished beside its place, and says where.
    pub fn keep(self) -> Option<std::path::PathBuf> {
        match self {
            Self::Stdout => None,
            Self::File(journal) => journal.keep(),
        }
    }
}
