//! Everything that can go wrong, with the nouns of each case and its cure.

use std::path::PathBuf;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure of the library. The message names what failed; [`Error::hint`] says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read.
    #[error("cannot read {path}")]
    Read { path: PathBuf, source: std::io::Error },
    /// A file or folder could not be written.
    #[error("cannot write {path}")]
    Write { path: PathBuf, source: std::io::Error },
}

impl Error {
    /// A stable word for the JSON record, e.g. `unreadable`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "unreadable",
            Self::Write { .. } => "unwritable",
        }
    }

    /// The exit code when this error ends the program (see README, "Exit codes").
    pub fn exit_code(&self) -> u8 {
        1
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Read { .. } => Some("check the path and its permissions".into()),
            Self::Write { .. } => Some("check the folder's permissions and free space".into()),
        }
    }
}
