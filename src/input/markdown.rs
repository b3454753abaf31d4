//! Markdown.

use super::Extracted;

pub(super) fn read(text: &str) -> Extracted {
    Extracted { text: text.to_owned(), ..Extracted::default() }
}
