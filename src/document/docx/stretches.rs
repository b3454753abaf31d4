//! The pieces of a paragraph as a text with tags.
//!
//! A translation is written into one run of the format that most of the text has. Each tag ends
//! that run, writes what it stands for, and begins a run of the same format again: wherever it is
//! put, the result is a row of runs.

use std::collections::HashMap;

use super::Markup;
use super::pieces::{Format, Piece, What};
use crate::document::inline::{Inline, Side};

impl Markup<'_> {
    /// Begins a run and its text.
    pub(super) fn begin(self, format: &Format) -> String {
        format!("<{}r>{}{}", self.0, self.properties(format), self.begin_text())
    }

    /// Begins the text of a run.
    pub(super) fn begin_text(self) -> String {
        format!("<{}t xml:space=\"preserve\">", self.0)
    }

    pub(super) fn end_text(self) -> String {
        format!("</{}t>", self.0)
    }

    /// Ends a run and its text.
    pub(super) fn end(self) -> String {
        format!("</{0}t></{0}r>", self.0)
    }

    /// A run of something else than text.
    pub(super) fn run(self, format: &Format, raw: &str) -> String {
        format!("<{0}r>{1}{raw}</{0}r>", self.0, self.properties(format))
    }

    fn properties(self, format: &Format) -> String {
        match format.raw.as_str() {
            "" => String::new(),
            raw => format!("<{0}rPr>{raw}</{0}rPr>", self.0),
        }
    }

    /// Something between two runs of a format.
    fn between(self, raw: &str, format: &Format) -> String {
        format!("{}{raw}{}", self.end(), self.begin(format))
    }
}

/// The format of most of the text; of none right here, that of the first text further in.
pub(super) fn base(pieces: &[Piece]) -> Format {
    let mut lengths: HashMap<&str, usize> = HashMap::new();
    let texts = || pieces.iter().filter_map(words);
    for (text, format) in texts() {
        *lengths.entry(format.key.as_str()).or_default() +=
            text.split_whitespace().map(str::len).sum::<usize>();
    }
    let length = |format: &Format| lengths.get(format.key.as_str()).copied().unwrap_or_default();
    // Of equals the first.
    let most = texts().map(|(_, format)| format).rev().max_by_key(|format| length(format));
    most.cloned().or_else(|| first(pieces)).unwrap_or_default()
}

fn first(pieces: &[Piece]) -> Option<Format> {
    pieces.iter().find_map(|piece| match &piece.what {
        What::Pair { inside, .. } => first(inside),
        _ => words(piece).map(|(_, format)| format.clone()),
    })
}

/// The text of a piece that is more than blanks, and its format.
fn words(piece: &Piece) -> Option<(&str, &Format)> {
    match &piece.what {
        What::Text(text, format) if !text.trim().is_empty() => Some((text, format)),
        _ => None,
    }
}

/// The text of pieces, their formats and all else as tags. `base` is what the text around has.
pub(super) fn inline(pieces: &[Piece], base: &Format, markup: Markup) -> Inline {
    let mut writer = Writer { inline: Inline::default(), markup };
    writer.level(pieces, base);
    writer.inline.trim_end();
    writer.inline
}

struct Writer<'t> {
    inline: Inline,
    markup: Markup<'t>,
}

impl Writer<'_> {
    fn level(&mut self, pieces: &[Piece], base: &Format) {
        let next = next_formats(pieces);
        let mut own: Option<&Format> = None;
        for (piece, next) in pieces.iter().zip(next) {
            match &piece.what {
                What::Text(text, _) => {
                    if let Some((_, format)) = words(piece) {
                        own = self.change(own, format, base);
                    }
                    self.inline.push_words(text);
                }
                What::Alone { raw, format, is_blank } => {
                    if next != own.map(|own| own.key.as_str()) {
                        own = self.change(own, base, base);
                    }
                    self.alone(raw, format.as_ref(), *is_blank, own.unwrap_or(base));
                }
                What::Pair { open, close, inside } => {
                    own = self.change(own, base, base);
                    self.pair((open, close), inside, base);
                }
                What::Field(_, raw) => self.alone(raw, None, false, own.unwrap_or(base)),
            }
        }
        self.change(own, base, base);
    }

    /// From one format to another; that of the text around needs no tags.
    fn change<'f>(
        &mut self,
        own: Option<&'f Format>,
        new: &'f Format,
        base: &Format,
    ) -> Option<&'f Format> {
        let new = Some(new).filter(|new| new.key != base.key);
        if own.map(|own| &own.key) == new.map(|new| &new.key) {
            return own;
        }
        if own.is_some() {
            self.inline.push_tag(Side::Close, self.markup.between("", base));
        }
        if let Some(new) = new {
            self.inline.push_tag(Side::Open, self.markup.between("", new));
        }
        new
    }

    fn alone(&mut self, raw: &str, format: Option<&Format>, is_blank: bool, around: &Format) {
        let markup = self.markup;
        let raw = match format {
            Some(format) if format.key == around.key => {
                format!("{}{raw}{}", markup.end_text(), markup.begin_text())
            }
            Some(format) => markup.between(&markup.run(format, raw), around),
            None => markup.between(raw, around),
        };
        if is_blank {
            self.inline.push_words(" ");
        }
        self.inline.push_tag(Side::Alone, raw);
    }

    fn pair(&mut self, (open, close): (&str, &str), inside: &[Piece], around: &Format) {
        let own = base(inside);
        let begin = format!("{}{open}{}", self.markup.end(), self.markup.begin(&own));
        self.inline.push_tag(Side::Open, begin);
        self.level(inside, &own);
        let end = format!("{}{close}{}", self.markup.end(), self.markup.begin(around));
        self.inline.push_tag(Side::Close, end);
    }
}

/// For each piece the format of the next words, where nothing parts them from it.
fn next_formats(pieces: &[Piece]) -> Vec<Option<&str>> {
    let mut next = None;
    let mut formats = Vec::with_capacity(pieces.len());
    for piece in pieces.iter().rev() {
        next = match words(piece) {
            Some((_, format)) => Some(format.key.as_str()),
            None if matches!(piece.what, What::Pair { .. }) => None,
            None => next,
        };
        formats.push(next);
    }
    formats.reverse();
    formats
}
