//! What must not change: addresses, handles, emoji, names of files, code, and the user's own
//! terms.
//!
//! Before a text goes to the model, [`Masked`] puts placeholders for these things, and puts them
//! back into the answer. A text that is nothing else needs no model ([`is_opaque`]). Numbers in
//! prose stay: a translation writes them in its own way.

mod find;
mod placeholder;

pub use find::{Item, Kind, find};

use crate::check::{Finding, Severity};
use crate::glossary::words::is_apostrophe;

/// A text with placeholders for what must not change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The text for the model.
    pub text: String,
    /// What the placeholders stand for, in the order of the text.
    pub items: Vec<Item>,
    /// The number in the first placeholder; the others count on from it.
    first: usize,
}

impl Masked {
    /// Masks a text. `terms` are words that the user wants left as they are.
    pub fn new(text: &str, terms: &[String]) -> Self {
        let items = find(text, terms);
        let first = placeholder::free_numbers(text, items.len());
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for (idx, item) in items.iter().enumerate() {
            masked.push_str(&text[at..item.span.start]);
            masked.push_str(&placeholder::of(first + idx));
            at = item.span.end;
        }
        masked.push_str(&text[at..]);
        Self { text: masked, items, first }
    }

    /// The model's answer with the things in place of their placeholders. A placeholder may have
    /// changed its brackets, and one that was written twice in a row counts once. What was lost is
    /// found by [`verify`].
    pub fn restore(&self, answer: &str) -> String {
        let mut restored = String::with_capacity(answer.len());
        let (mut at, mut last) = (0, None);
        for (number, span) in placeholder::find(answer) {
            let Some(idx) = number.checked_sub(self.first).filter(|&i| i < self.items.len()) else {
                continue;
            };
            let between = &answer[at..span.start];
            if last != Some(idx) || !between.trim().is_empty() {
                restored.push_str(between);
                restored.push_str(&self.items[idx].text);
            }
            (at, last) = (span.end, Some(idx));
        }
        restored.push_str(&answer[at..]);
        restored
    }
}

/// Whether a text has no letter and no figure outside of the things that must not change.
pub fn is_opaque(text: &str, terms: &[String]) -> bool {
    let mut at = 0;
    let items = find(text, terms);
    let spans = items.iter().map(|item| (item.span.start, item.span.end));
    spans.chain([(text.len(), text.len())]).all(|(start, end)| {
        let between = &text[at..start];
        at = end;
        !between.chars().any(char::is_alphanumeric)
    })
}

/// An error for each thing of the source that the target has not.
pub fn verify(source: &str, target: &str, terms: &[String]) -> Vec<Finding> {
    let mut items = find(source, terms);
    items.sort_by(|a, b| a.text.cmp(&b.text).then(a.span.cmp(&b.span)));
    items.dedup_by(|a, b| a.text == b.text);
    items.sort_by_key(|item| item.span);
    let target = plain(target);
    let lost = items.into_iter().filter(|item| !target.contains(&plain(&item.text)));
    lost.map(|item| Finding {
        kind: "keep",
        severity: Severity::Error,
        message: format!("`{}` of the source is missing", item.text),
        source: Some(item.span),
        target: None,
    })
    .collect()
}

/// The text with one kind of apostrophe and blank, and without the sign that asks for a coloured
/// emoji: these may change unseen.
fn plain(text: &str) -> String {
    let shown = text.chars().filter(|c| *c != '\u{fe0f}');
    shown
        .map(|c| match c {
            c if is_apostrophe(c) => '\'',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests;
