//! Texts inside of records: the strings of JSON and the cells of CSV, paragraph by paragraph.

use super::{Escape, Inline, Unit};
use crate::article::Span;
use crate::input::{Fields, Role};

/// The names of the fields to translate: the user's, else the usual ones of titles and texts.
pub(super) fn wanted(given: &[String]) -> Vec<String> {
    let usual = Fields::default();
    let names = [Role::Title, Role::Text].map(|role| usual.names(role));
    match given {
        [] => names.into_iter().flatten().map(str::to_owned).collect(),
        given => given.to_vec(),
    }
}

/// A text whose characters are written otherwise in its file: each with its place there.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    characters: Vec<(char, Span)>,
}

impl Decoded {
    pub fn push(&mut self, character: char, place: Span) {
        self.characters.push((character, place));
    }

    /// The lines that say something, in their places.
    pub fn units(&self, escape: Escape) -> Vec<Unit> {
        let lines = self.characters.split(|(c, _)| matches!(c, '\n' | '\r'));
        lines.filter_map(|line| unit(line, escape)).collect()
    }
}

fn unit(line: &[(char, Span)], escape: Escape) -> Option<Unit> {
    let shows = |(c, _): &(char, Span)| !c.is_whitespace();
    let (first, last) = (line.iter().position(shows)?, line.iter().rposition(shows)?);
    let line = line.get(first..=last)?;
    let mut inline = Inline::default();
    line.iter().for_each(|(c, _)| inline.push_words(c.encode_utf8(&mut [0; 4])));
    let place = Span::new(line.first()?.1.start, line.last()?.1.end);
    inline.has_words().then(|| Unit::new(inline, place, escape))
}
