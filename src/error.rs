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

    // reading
    /// Nothing was named, or the folders named hold no text.
    #[error("there is no article to read")]
    NoInput,
    /// A path on the command line leads nowhere.
    #[error("{path} does not exist")]
    NotFound { path: PathBuf },
    /// A file holds bytes that no text holds.
    #[error("{name} is not a text file")]
    NotText { name: String },
    /// A text file in another encoding; `at` is the first byte that is not UTF-8.
    #[error("{name} is not UTF-8 (byte {at})")]
    NotUtf8 { name: String, at: usize, encoding: &'static str },
    /// A file that is no article by its size.
    #[error("{name} is larger than {limit_mb} MB")]
    TooLarge { name: String, limit_mb: u64 },
    /// A file of blanks.
    #[error("{name} is empty")]
    Empty { name: String },
    /// A file without a letter.
    #[error("{name} holds no words")]
    NoProse { name: String },
}

impl Error {
    /// A stable word for the JSON record, e.g. `unreadable`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "unreadable",
            Self::Write { .. } => "unwritable",
            // reading
            Self::NoInput => "no-input",
            Self::NotFound { .. } => "not-found",
            Self::NotText { .. } => "not-text",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::TooLarge { .. } => "too-large",
            Self::Empty { .. } => "empty",
            Self::NoProse { .. } => "no-prose",
        }
    }

    /// The exit code when this error ends the program (see README, "Exit codes").
    pub fn exit_code(&self) -> u8 {
        match self {
            // reading
            Self::NoInput
            | Self::NotFound { .. }
            | Self::NotText { .. }
            | Self::NotUtf8 { .. }
            | Self::TooLarge { .. }
            | Self::Empty { .. }
            | Self::NoProse { .. } => 6,
            _ => 1,
        }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Read { .. } => Some("check the path and its permissions".into()),
            Self::Write { .. } => Some("check the folder's permissions and free space".into()),
            // reading
            Self::NoInput => Some("name a .txt file, a folder of them, or - for stdin".into()),
            Self::NotFound { .. } => Some("check the spelling of the path".into()),
            Self::NotText { .. } => Some("save the article as plain text first".into()),
            Self::NotUtf8 { encoding, .. } => {
                Some(format!("convert it first: iconv -f {encoding} -t UTF-8 FILE > NEW"))
            }
            Self::TooLarge { .. } => Some("split it into one file an article".into()),
            Self::Empty { .. } | Self::NoProse { .. } => {
                Some("check that the text was saved with the page".into())
            }
        }
    }
}
