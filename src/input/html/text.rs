//! Text as a reader sees it, with the way back to the page: references decoded, blanks collapsed.

use html5gum::{Token, Tokenizer};

use crate::article::Span;
use crate::source_map::SourceMap;

/// The longest named reference, `&CounterClockwiseContourIntegral;`, with room for long numbers.
const MAX_REFERENCE_BYTES: usize = 40;

/// A stretch of text and the stretch of the page it comes from.
#[derive(Debug, Clone, Copy)]
struct Piece {
    text: Span,
    page: Span,
}

/// A text on one line with its places in the page.
#[derive(Debug, Clone, Default)]
pub struct Text {
    text: String,
    pieces: Vec<Piece>,
    /// Blanks that show only if something follows.
    blank: Option<Span>,
    /// A mark that shows only if something follows, in place of blanks.
    mark: Option<&'static str>,
}

impl Text {
    /// The text so far.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether nothing shows.
    pub fn is_empty(&self) -> bool {
        self.text.chars().all(|c| c.is_whitespace() || c == '\u{200B}' || c == '\u{FEFF}')
    }

    /// Adds what stands at `span` of the page, references decoded.
    pub fn add(&mut self, page: &str, span: Span) {
        let mut at = span.start;
        while at < span.end {
            let rest = Span::new(at, span.end).of(page);
            let n_bytes = if rest.starts_with('&') { reference_len(rest) } else { run_len(rest) };
            let part = Span::new(at, at + n_bytes);
            match part.of(page) {
                raw if raw.starts_with('&') => self.add_decoded(raw, &decoded(raw), part),
                raw => self.add_run(raw, part),
            }
            at += n_bytes.max(1);
        }
    }

    /// Adds what stands at `span` of the page as it is.
    pub fn add_plain(&mut self, page: &str, span: Span) {
        self.add_run(span.of(page), span);
    }

    /// Adds a blank that stands nowhere.
    pub fn add_blank(&mut self) {
        self.blank.get_or_insert(Span::new(0, 0));
    }

    /// Adds a mark that stands nowhere in the page, e.g. between two cells.
    pub fn add_mark(&mut self, mark: &'static str) {
        self.mark = Some(mark);
    }

    /// Adds text whose every character comes from all of `span`.
    pub fn add_char(&mut self, c: char, span: Span) {
        let mut buffer = [0; 4];
        self.add_decoded("", c.encode_utf8(&mut buffer), span);
    }

    fn add_run(&mut self, raw: &str, span: Span) {
        let mut at = span.start;
        for part in raw.split_inclusive(is_blank) {
            let word = part.trim_end_matches(is_blank);
            self.add_word(word, Span::new(at, at + word.len()));
            if word.len() < part.len() {
                self.widen_blank(Span::new(at + word.len(), at + part.len()));
            }
            at += part.len();
        }
    }

    fn widen_blank(&mut self, span: Span) {
        self.blank = match self.blank {
            Some(blank) if !blank.is_empty() => Some(Span::new(blank.start, span.end)),
            _ => Some(span),
        };
    }

    fn add_word(&mut self, word: &str, span: Span) {
        if word.is_empty() {
            return;
        }
        let blank = self.blank.take().map(|blank| (" ", blank));
        let mark = self.mark.take().map(|mark| (mark, Span::new(0, 0)));
        if let Some((parting, span)) = mark.or(blank).filter(|_| !self.text.is_empty()) {
            self.push(parting, span);
        }
        self.push(word, span);
    }

    /// The end of `raw` that decoding left alone is a copy; the rest comes from all that is before.
    fn add_decoded(&mut self, raw: &str, text: &str, span: Span) {
        let same = raw.bytes().rev().zip(text.bytes().rev()).take_while(|(a, b)| a == b).count();
        let n_same = (0..=same).rev().find(|n| text.is_char_boundary(text.len() - n)).unwrap_or(0);
        let (head, tail) = text.split_at(text.len() - n_same);
        let cut = span.end - n_same;
        match head.chars().all(is_blank) {
            true if !head.is_empty() => self.widen_blank(Span::new(span.start, cut)),
            _ => self.add_word(head, Span::new(span.start, cut)),
        }
        self.add_run(tail, Span::new(cut, span.end));
    }

    fn push(&mut self, text: &str, page: Span) {
        let start = self.text.len();
        self.text.push_str(text);
        let new = Piece { text: Span::new(start, self.text.len()), page };
        match self.pieces.last_mut() {
            _ if page.is_empty() => {}
            Some(last) if last.goes_on_in(&new) => {
                last.text.end = new.text.end;
                last.page.end = page.end;
            }
            _ => self.pieces.push(new),
        }
    }

    /// Appends the text to `all`, and its places to `map`; answers where it stands in `all`.
    pub fn append_to(&self, all: &mut String, map: &mut SourceMap) -> Span {
        let start = all.len();
        all.push_str(&self.text);
        for piece in &self.pieces {
            map.push(Span::new(start + piece.text.start, start + piece.text.end), piece.page);
        }
        Span::new(start, all.len())
    }

    /// Where bytes of the text stand in the page.
    pub fn locate(&self, part: Span) -> Span {
        let mut map = SourceMap::empty();
        self.append_to(&mut String::new(), &mut map);
        map.locate(part)
    }
}

impl Piece {
    /// Whether both are one copy of one stretch of the page.
    fn goes_on_in(&self, next: &Self) -> bool {
        let touch = self.text.end == next.text.start && self.page.end == next.page.start;
        touch && self.is_copy() && next.is_copy()
    }

    fn is_copy(&self) -> bool {
        self.text.len() == self.page.len()
    }
}

/// Blanks that HTML collapses, and the line breaks that would part a paragraph.
fn is_blank(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\0' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn run_len(text: &str) -> usize {
    text.find('&').unwrap_or(text.len())
}

/// The length of what may be a reference, `&` and what follows it without a blank.
fn reference_len(text: &str) -> usize {
    let end = text.char_indices().skip(1).find(|(_, c)| matches!(c, '&' | '<') || is_blank(*c));
    let end = end.map_or(text.len(), |(at, _)| at);
    text.floor_char_boundary(end.min(MAX_REFERENCE_BYTES))
}

fn decoded(raw: &str) -> String {
    let strings = Tokenizer::new(raw).flatten().filter_map(|token| match token {
        Token::String(text) => Some(String::from_utf8_lossy(&text.value).into_owned()),
        _ => None,
    });
    strings.collect()
}

/// A value of an attribute or of JSON on one line; references decoded once more, since pages often
/// write `&amp;eacute;`.
pub fn one_line(value: &str) -> String {
    let mut text = Text::default();
    text.add(value, Span::new(0, value.len()));
    text.text.trim().to_owned()
}
