//! How many articles of a run are done, and what the program ends with.

use depeche::{Error, Result};

/// What became of the articles so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All that have had their turn.
    pub n_done: usize,
    pub n_failed: usize,
    /// Failed because they could not be read.
    pub n_unreadable: usize,
}

impl Tally {
    /// # Errors
    /// When an article could not be done.
    pub fn verdict(&self) -> Result<()> {
        match (self.n_failed, self.n_done) {
            (0, _) => Ok(()),
            (_, n_all) if self.n_unreadable == n_all => Err(Error::NothingReadable),
            (n_failed, n_all) => Err(Error::SomeFailed { n_failed, n_all }),
        }
    }
}
