//! Text in one shape, with the way back: NFC, plain single spaces, nothing invisible.

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::article::Span;

/// Whether a character shows nothing: white space, byte order marks, zero-width, direction and
/// control characters, soft hyphens. The zero-width joiner is not one: emoji are built with it.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{AD}' | '\u{FEFF}' | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}')
        || matches!(c, '\u{2060}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A normalised text and, for each of its bytes, the piece of the file it came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Normalised {
    /// NFC, on one line, no blank at either end.
    pub text: String,
    /// `[text.len()]`
    origin: Vec<Span>,
}

impl Normalised {
    /// Normalises `found`, which starts at byte `base` of its file.
    pub fn new(found: &str, base: usize) -> Self {
        let mut made = Self::default();
        for (start, cluster) in clusters(found) {
            let from = Span::new(base + start, base + start + cluster.len());
            if cluster.chars().all(is_blank) {
                made.push_blank(cluster, from);
            } else {
                made.push_visible(cluster, from);
            }
        }
        let kept = made.text.trim_end().len();
        made.text.truncate(kept);
        made.origin.truncate(kept);
        made
    }

    /// Normalises a stretch of `text` without the breaks inside words that lie in it; `broken` has
    /// them in order.
    pub fn without(text: &str, span: Span, broken: &[Span]) -> Self {
        let mut made = Self::default();
        let mut start = span.start;
        let first = broken.partition_point(|cut| cut.start < span.start);
        for cut in broken.iter().skip(first).take_while(|cut| cut.end <= span.end) {
            made.append(Self::new(Span::new(start, cut.start).of(text), start), *cut);
            start = cut.end;
        }
        made.append(Self::new(Span::new(start, span.end).of(text), start), Span::new(start, start));
        made
    }

    /// Adds the text in front of `cut`, and gives the cut to its last letter: a letter whose place
    /// had a gap behind it would part the line there.
    fn append(&mut self, next: Self, cut: Span) {
        let n_last = next.text.chars().next_back().map_or(0, char::len_utf8);
        self.text.push_str(&next.text);
        self.origin.extend(next.origin);
        if !cut.is_empty() {
            let last = self.origin.iter_mut().rev().take(n_last);
            last.for_each(|place| place.end = place.end.max(cut.end));
        }
    }

    /// The place in the file of the bytes `start..end` of the normalised text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let first = self.origin.get(start).map_or(0, |span| span.start);
        let last = end.checked_sub(1).and_then(|idx| self.origin.get(idx));
        Span::new(first, last.map_or(first, |span| span.end))
    }

    /// The bytes `start..end` as a text of its own, without blanks at either end.
    pub fn slice(&self, start: usize, end: usize) -> Self {
        let piece = self.text.get(start..end).unwrap_or_default();
        let start = start + piece.len() - piece.trim_start().len();
        let text = piece.trim().to_owned();
        let origin = self.origin.get(start..start + text.len()).unwrap_or_default().to_vec();
        Self { text, origin }
    }

    /// The bytes behind those spaces whose blanks in the file are `wide`.
    pub fn behind_gaps(&self, wide: impl Fn(Span) -> bool) -> Vec<usize> {
        let spaces = self.text.match_indices(' ').map(|(at, _)| at);
        let gap = |at: usize| {
            let (before, after) = (self.origin.get(at.checked_sub(1)?)?, self.origin.get(at + 1)?);
            Some(Span::new(before.end, after.start))
        };
        spaces.filter(|&at| gap(at).is_some_and(&wide)).map(|at| at + 1).collect()
    }

    fn push_blank(&mut self, cluster: &str, from: Span) {
        let shows = cluster.chars().any(char::is_whitespace);
        if shows && !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
            self.origin.push(from);
        }
    }

    /// Invisible characters go first: what they kept apart may compose.
    fn push_visible(&mut self, cluster: &str, from: Span) {
        if let [letter @ b'!'..=b'~'] = cluster.as_bytes() {
            self.text.push(char::from(*letter));
            self.origin.push(from);
            return;
        }
        let before = self.text.len();
        self.text.extend(cluster.chars().filter(|&c| !is_invisible(c)).nfc());
        self.origin.extend(std::iter::repeat_n(from, self.text.len() - before));
    }
}

/// Pieces that NFC can treat one by one, with their byte offsets.
fn clusters(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = text.len() - rest.len();
        let mut chars = rest.char_indices();
        let (_, first) = chars.next()?;
        let ends = |c: char| first.is_whitespace() || starts_cluster(c);
        let len = chars.find(|&(_, c)| ends(c)).map_or(rest.len(), |(idx, _)| idx);
        let (cluster, after) = rest.split_at(len);
        rest = after;
        Some((start, cluster))
    })
}

/// A character that shows (or parts words) and never composes with the one before it.
fn starts_cluster(c: char) -> bool {
    !is_invisible(c)
        && (c.is_ascii()
            // NFC makes another blank of an en quad, but joins none to a letter.
            || c.is_whitespace()
            || (canonical_combining_class(c) == 0
                && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes))
}
