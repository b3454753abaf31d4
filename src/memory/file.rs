//! The files of a memory.

use std::path::Path;

use super::Memory;
use crate::error::{Error, Result};
use crate::input;

impl Memory {
    /// The pairs of two languages (ISO 639-1) in a TMX file, in whatever encoding it is.
    ///
    /// # Errors
    /// When the file cannot be read, is no TMX, or has no pair of these languages.
    pub fn read(path: &Path, from: &str, to: &str) -> Result<Self> {
        let bytes =
            std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Self::parse(&input::text_of(&bytes), from, to).map_err(|reason| Error::Broken {
            name: path.display().to_string(),
            what: "TMX",
            reason,
        })
    }
}
