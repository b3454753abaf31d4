//! A digest in each format.

use depeche::digest::Digest;
use serde_json::Value;

use super::record::Stamp;
use super::sink::Shown;
use super::{json, markdown, text};

/// A digest, and what tells whether it still holds later.
pub struct Digested<'a> {
    pub digest: &'a Digest,
    pub stamp: &'a Stamp,
    /// Whether a reader sees what each sentence rests on; records always have it.
    pub has_sources: bool,
}

impl Shown for Digested<'_> {
    fn id(&self) -> &str {
        &self.digest.article.id
    }

    fn sha256(&self) -> &str {
        &self.digest.raw.sha256
    }

    fn n_errors(&self) -> usize {
        self.digest.errors().count()
    }

    fn text(&self, has_colours: bool) -> String {
        text::digest(self.digest, has_colours, self.has_sources)
    }

    fn markdown(&self) -> String {
        markdown::digest(self.digest, self.has_sources)
    }

    fn record(&self) -> Value {
        json::digest(self.digest, self.stamp)
    }
}
