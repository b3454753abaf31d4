//! From a text as read back to the file it was read from.
//!
//! Most files are their own text. The others are decoded, unescaped or taken out of markup on the
//! way, in steps; each step knows its own way back, and the steps compose.

use crate::article::Span;

/// One stretch of the text and the stretch of the file it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    text: Span,
    file: Span,
}

impl Piece {
    /// Whether each byte of the one is a byte of the other.
    fn is_copy(&self) -> bool {
        self.text.len() == self.file.len()
    }

    /// The place in the file of a part of the text; a piece that is no copy answers as a whole.
    fn locate(&self, part: Span) -> Span {
        if !self.is_copy() {
            return self.file;
        }
        let shift = |at: usize| {
            self.file.start + at.clamp(self.text.start, self.text.end) - self.text.start
        };
        Span::new(shift(part.start), shift(part.end))
    }
}

/// Where each byte of a text stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// In order of the text, not overlapping; text that is of no piece is of no place in the file.
    /// Nothing at all where text and file are the same bytes.
    pieces: Option<Vec<Piece>>,
}

impl SourceMap {
    /// The file is the text.
    pub fn identity() -> Self {
        Self::default()
    }

    /// Nothing of the text has a place yet; see [`Self::push`].
    pub fn empty() -> Self {
        Self { pieces: Some(Vec::new()) }
    }

    /// Whether spans of the text are spans of the file.
    pub fn is_identity(&self) -> bool {
        self.pieces.is_none()
    }

    /// Whether nothing of the text has a place in the file.
    pub fn is_empty(&self) -> bool {
        self.pieces.as_ref().is_some_and(Vec::is_empty)
    }

    /// Says that `text` comes from `file`; byte from byte where both have the same length. `text`
    /// must stand behind all that was pushed before.
    pub fn push(&mut self, text: Span, file: Span) {
        let pieces = self.pieces.get_or_insert_default();
        debug_assert!(pieces.last().is_none_or(|last| last.text.end <= text.start));
        let piece = Piece { text, file };
        match pieces.last_mut() {
            Some(last)
                if last.is_copy()
                    && piece.is_copy()
                    && last.text.end == text.start
                    && last.file.end == file.start =>
            {
                last.text.end = text.end;
                last.file.end = file.end;
            }
            _ => pieces.push(piece),
        }
    }

    /// The place in the file of a span of the text: from the first of its bytes that has one to
    /// the last. Empty, at the nearest place before it, where none of them has one.
    pub fn locate(&self, span: Span) -> Span {
        let Some(pieces) = &self.pieces else { return span };
        let first = pieces.partition_point(|piece| piece.text.end <= span.start);
        let mut found: Option<Span> = None;
        for piece in pieces[first..].iter().take_while(|piece| piece.text.start < span.end) {
            let place = piece.locate(span);
            found = Some(found.map_or(place, |all| {
                Span::new(all.start.min(place.start), all.end.max(place.end))
            }));
        }
        let before = || first.checked_sub(1).map_or(0, |before| pieces[before].file.end);
        found.unwrap_or_else(|| Span::new(before(), before()))
    }

    /// The way back through two steps: this map leads from the text to a text between, `outer` from
    /// there to the file.
    pub fn through(&self, outer: &Self) -> Self {
        let Some(pieces) = &self.pieces else { return outer.clone() };
        if outer.is_identity() {
            return self.clone();
        }
        let mut map = Self::empty();
        for piece in pieces {
            outer.cut(piece, &mut map);
        }
        map
    }

    /// Pushes `piece`, whose file is the text of this map, in the parts that this map tells apart.
    fn cut(&self, piece: &Piece, map: &mut Self) {
        let inner = self.pieces.as_deref().unwrap_or_default();
        if !piece.is_copy() {
            return map.push(piece.text, self.locate(piece.file));
        }
        let first = inner.partition_point(|own| own.text.end <= piece.file.start);
        for own in inner[first..].iter().take_while(|own| own.text.start < piece.file.end) {
            let part =
                Span::new(own.text.start.max(piece.file.start), own.text.end.min(piece.file.end));
            let text = |at: usize| piece.text.start + at - piece.file.start;
            map.push(Span::new(text(part.start), text(part.end)), own.locate(part));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize) -> Span {
        Span::new(start, end)
    }

    #[test]
    fn identity_answers_itself() {
        assert_eq!(SourceMap::identity().locate(span(3, 7)), span(3, 7));
    }

    /// `a&amp;b` read as `a&b`
    fn escaped() -> SourceMap {
        let mut map = SourceMap::empty();
        map.push(span(0, 1), span(0, 1));
        map.push(span(1, 2), span(1, 6));
        map.push(span(2, 3), span(6, 7));
        map
    }

    #[test]
    fn a_reference_answers_as_a_whole() {
        assert_eq!(escaped().locate(span(0, 1)), span(0, 1));
        assert_eq!(escaped().locate(span(1, 2)), span(1, 6));
        assert_eq!(escaped().locate(span(1, 3)), span(1, 7));
    }

    #[test]
    fn copies_that_touch_are_one_piece() {
        let mut map = SourceMap::empty();
        map.push(span(0, 2), span(10, 12));
        map.push(span(2, 5), span(12, 15));
        assert_eq!(map.pieces.as_ref().map(Vec::len), Some(1));
        assert_eq!(map.locate(span(1, 4)), span(11, 14));
    }

    #[test]
    fn text_without_a_place_is_empty_behind_what_has_one() {
        let mut map = SourceMap::empty();
        map.push(span(0, 2), span(10, 12));
        map.push(span(3, 5), span(20, 22));
        assert_eq!(map.locate(span(2, 3)), span(12, 12));
        assert_eq!(map.locate(span(1, 4)), span(11, 21));
    }

    #[test]
    fn steps_compose() {
        let mut outer = SourceMap::empty();
        // The text between starts at byte 100 of the file; its `&` stood there as two bytes.
        outer.push(span(0, 1), span(100, 101));
        outer.push(span(1, 2), span(101, 103));
        outer.push(span(2, 7), span(103, 108));
        let map = escaped().through(&outer);
        assert_eq!(map.locate(span(0, 1)), span(100, 101));
        assert_eq!(map.locate(span(1, 2)), span(101, 107));
        assert_eq!(map.locate(span(2, 3)), span(107, 108));
    }
}
