//! A text under construction that knows where each piece of it comes from.

use crate::article::Span;
use crate::source_map::SourceMap;

/// A text and its way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Traced {
    pub text: String,
    pub map: SourceMap,
}

impl Traced {
    pub fn new() -> Self {
        Self { text: String::new(), map: SourceMap::empty() }
    }

    /// Appends `text`, which comes from the bytes `from`.
    pub fn push(&mut self, text: &str, from: Span) {
        let start = self.text.len();
        self.text.push_str(text);
        self.map.push(Span::new(start, self.text.len()), from);
    }

    /// Appends what stands nowhere in the file, such as a line break between two fields.
    pub fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

/// The way back of a piece of the file that was read as it stands there.
pub(super) fn shifted(piece: Span) -> SourceMap {
    let mut map = SourceMap::empty();
    map.push(Span::new(0, piece.len()), piece);
    map
}
