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

    // engine
    /// A model file that cannot be used.
    #[error("cannot use the model {path}")]
    Model { path: PathBuf, source: candle_core::Error },
    /// A model's vocabulary cannot be used, or cannot spell a text.
    #[error("tokenizer: {0}")]
    Tokenizer(String),
    /// A model's chat template does not parse, or refuses a conversation.
    #[error("chat template: {0}")]
    ChatTemplate(String),
    /// A device that this build or this machine lacks.
    #[error("cannot run on {name}: {reason}")]
    Device { name: String, reason: String },
    /// The arithmetic failed, e.g. because the device is out of memory.
    #[error("the model failed")]
    Compute(#[from] candle_core::Error),
}

impl Error {
    pub(crate) fn tokenizer(source: impl std::fmt::Display) -> Self {
        Self::Tokenizer(source.to_string())
    }

    pub(crate) fn chat_template(source: minijinja::Error) -> Self {
        Self::ChatTemplate(source.to_string())
    }

    pub(crate) fn device(name: &str, reason: &str) -> Self {
        Self::Device { name: name.into(), reason: reason.into() }
    }

    /// A stable word for the JSON record, e.g. `unreadable`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "unreadable",
            Self::Write { .. } => "unwritable",
            Self::Model { .. } | Self::Tokenizer(_) | Self::ChatTemplate(_) => "model-unusable",
            Self::Device { .. } => "device-missing",
            Self::Compute(_) => "compute-failed",
        }
    }

    /// The exit code when this error ends the program (see README, "Exit codes").
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Model { .. } | Self::Tokenizer(_) | Self::ChatTemplate(_) => 4,
            Self::Device { .. } => 2,
            _ => 1,
        }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Read { .. } => Some("check the path and its permissions".into()),
            Self::Write { .. } => Some("check the folder's permissions and free space".into()),
            Self::Model { .. } | Self::Tokenizer(_) | Self::ChatTemplate(_) => Some(
                "choose another with --model NAME or --model FILE.gguf; `depeche models list` \
                 names those that are known to work"
                    .into(),
            ),
            Self::Device { .. } => Some("use --device cpu".into()),
            Self::Compute(_) => Some("try a smaller --batch-size, or --device cpu".into()),
        }
    }
}
