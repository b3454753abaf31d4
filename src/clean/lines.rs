//! A file in lines, the pieces that cleaning decides on: paragraphs, headings, furniture.

use std::cell::OnceCell;
use std::ops::Range;

use super::normalise::{Normalised, is_blank};
use super::rules::{self, Place, Rule};
use super::wrap::{self, Paragraph};
use crate::article::{BlockKind, Hint, Span};

/// One piece of the file, seldom more than a paragraph.
#[derive(Debug, Clone, Default)]
pub struct Line {
    normalised: Normalised,
    /// Bytes of the text where a wide gap of the file ends: the cells of a row begin there.
    columns: Vec<usize>,
    /// What the file's markup says that it is.
    pub hint: Option<BlockKind>,
    /// Whether other articles of the site have it too.
    pub is_common: bool,
    /// Whether nothing more can be taken off its ends.
    pub is_peeled: bool,
    /// Whether a dateline stood at its head.
    pub is_datelined: bool,
    /// Whether what stood around it, and is set aside since, showed it to be the lead.
    pub is_lead: bool,
    /// The pattern of each place that knows the whole line, asked once.
    known: [OnceCell<Option<&'static Rule>>; Place::N],
    folded: OnceCell<String>,
    n_words: OnceCell<usize>,
}

impl Line {
    /// The normalised text.
    pub fn text(&self) -> &str {
        &self.normalised.text
    }

    /// Where the text stands in the file.
    pub fn span(&self) -> Span {
        self.span_of(0, self.text().len())
    }

    /// Where the bytes `start..end` of the normalised text stand in the file.
    pub fn span_of(&self, start: usize, end: usize) -> Span {
        self.normalised.span(start, end)
    }

    /// The line in two at a byte of its normalised text; either may be empty.
    pub fn split_at(self, at: usize) -> (Self, Self) {
        match at {
            0 => (Self::default(), self),
            _ if at >= self.text().len() => (self, Self::default()),
            _ => (self.slice(0, at), self.slice(at, self.text().len())),
        }
    }

    /// Pieces of the line, given by the bytes of its normalised text.
    pub fn slices(&self, pieces: &[Range<usize>]) -> Vec<Self> {
        pieces.iter().map(|piece| self.slice(piece.start, piece.end)).collect()
    }

    fn slice(&self, start: usize, end: usize) -> Self {
        let normalised = self.normalised.slice(start, end);
        let first = self.columns.partition_point(|&at| at <= start);
        let inside = self.columns[first..].iter().take_while(|&&at| at < end);
        let columns = inside.map(|at| at - start).collect();
        let (hint, is_common, is_lead) = (self.hint, self.is_common, self.is_lead);
        Self { normalised, columns, hint, is_common, is_lead, ..Self::default() }
    }

    /// The line, knowing what it was taken for.
    pub fn with_role(mut self, kind: BlockKind) -> Self {
        self.is_lead = kind == BlockKind::Lead;
        self
    }

    /// The rule that knows the whole line, wherever it stands.
    pub fn form(&self) -> Option<&'static Rule> {
        self.find(Place::Line)
    }

    /// The first rule of `place` that knows the line. Between paragraphs a paragraph is asked only
    /// about the words that furniture begins with: an expression that begins with anything is for
    /// short lines and for the edges of the page.
    pub fn find(&self, place: Place) -> Option<&'static Rule> {
        let anywhere = matches!(place, Place::Line | Place::Inner);
        let ask = || match () {
            () if anywhere && self.is_prose() => rules::find_rooted(place, self.text()),
            () => rules::find(place, self.text()),
        };
        *self.known[place as usize].get_or_init(ask)
    }

    /// The cells of a row: what stands between bars, or else between wide gaps.
    pub fn cells(&self) -> Vec<&str> {
        let text = self.text();
        let separator = ["|", " ; ", " - ", " – "].iter().find(|s| text.matches(**s).count() >= 2);
        let cells: Vec<&str> = match separator {
            _ if text.contains('|') => text.split('|').collect(),
            _ if !self.columns.is_empty() => self.between_columns(),
            Some(separator) => text.split(separator).collect(),
            None => figures_behind(text),
        };
        cells.into_iter().map(str::trim).filter(|cell| !cell.is_empty()).collect()
    }

    fn between_columns(&self) -> Vec<&str> {
        let starts = std::iter::once(0).chain(self.columns.iter().copied());
        let ends = self.columns.iter().copied().chain(std::iter::once(self.text().len()));
        starts.zip(ends).filter_map(|(start, end)| self.text().get(start..end)).collect()
    }

    /// Whether nothing shows.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// The number of words.
    pub fn n_words(&self) -> usize {
        *self.n_words.get_or_init(|| self.words().count())
    }

    /// Pieces between blanks that hold a letter or a digit.
    pub fn words(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.text().split(' ').filter(|word| word.chars().any(char::is_alphanumeric))
    }

    /// Letters and digits in lower case, words parted by one space: two lines that read alike are
    /// alike in this form.
    pub fn folded(&self) -> &str {
        self.folded.get_or_init(|| fold(self.text()))
    }

    /// Whether it closes as a sentence does, quotation marks and brackets after the stop included.
    pub fn is_closed(&self) -> bool {
        let closers =
            |c: char| matches!(c, '»' | '"' | '”' | '’' | '\'' | ')' | ']' | '›') || c == ' ';
        let core = self.text().trim_end_matches(closers);
        core.ends_with(['.', '!', '?', '…', ':', ';', ','])
    }

    /// Whether it reads as running text by itself: closed, and longer than a heading.
    pub fn is_prose(&self) -> bool {
        self.is_closed() && self.n_words() >= 8
    }
}

/// `Pau 51 18 11 0 7`: a name and figures, one cell each.
fn figures_behind(text: &str) -> Vec<&str> {
    let is_figure = |word: &str| word.bytes().all(|b| b.is_ascii_digit() || b",.+-%".contains(&b));
    let words: Vec<&str> = text.split(' ').collect();
    let n_figures = words.iter().rev().take_while(|word| is_figure(word)).count();
    let figures = &words[words.len() - n_figures..];
    if n_figures < 3 || n_figures == words.len() {
        return vec![text];
    }
    let name = text.len() - figures.iter().map(|figure| figure.len() + 1).sum::<usize>();
    std::iter::once(&text[..name]).chain(figures.iter().copied()).collect()
}

/// Letters and digits in lower case, words parted by one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            folded.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// A text in lines.
#[derive(Debug, Default)]
pub struct Lines {
    /// In order; every character that shows is in exactly one, save hyphens in `broken`.
    pub lines: Vec<Line>,
    /// Whether lines were broken at a fixed width, and are put together again.
    pub wrapped: bool,
    /// Line breaks inside words, which are no text; in order.
    pub broken: Vec<Span>,
}

/// The lines of a text.
pub fn split(text: &str, hints: &[Hint]) -> Lines {
    let (paragraphs, wrapped) = wrap::unwrap(text, &groups(text), hints);
    let hinted = |p: &Paragraph| Line { hint: hint_for(p.span, hints), ..line(text, p) };
    let lines = paragraphs.iter().map(hinted).filter(|line| !line.is_empty()).collect();
    let broken = paragraphs.iter().flat_map(|paragraph| paragraph.broken.clone()).collect();
    Lines { lines, wrapped, broken }
}

/// What the markup says of a line: the hint in which it begins.
fn hint_for(line: Span, hints: &[Hint]) -> Option<BlockKind> {
    let before = hints.partition_point(|hint| hint.span.start <= line.start);
    let hint = hints[..before].last()?;
    (line.start < hint.span.end).then_some(hint.kind)
}

/// A paragraph and the intertitle that lost its line break: `... selon lui.- "Un échec" -`; the
/// second is empty for any other line.
pub fn unglued(line: Line) -> [Line; 2] {
    let text = line.text();
    let from = text.floor_char_boundary(text.len().saturating_sub(MAX_GLUED_BYTES));
    let at = text.strip_suffix(" -").and_then(|head| head[from.min(head.len())..].rfind("- "));
    let at = at.map(|at| from + at).filter(|&at| text[..at].trim_end().ends_with(STOPS));
    let at = at.unwrap_or(text.len());
    line.split_at(at).into()
}

const MAX_GLUED_BYTES: usize = 90;
const STOPS: [char; 6] = ['.', '!', '?', '…', '»', '"'];

fn line(text: &str, paragraph: &Paragraph) -> Line {
    let found = paragraph.span.of(text).trim_matches(is_blank);
    let normalised = Normalised::without(text, paragraph.span, &paragraph.broken);
    let columns = if found.contains(GAPS) || found.contains(GAP) {
        normalised.behind_gaps(|gap| gap.of(text).contains(GAPS) || gap.of(text).contains(GAP))
    } else {
        Vec::new()
    };
    Line { normalised, columns, ..Line::default() }
}

/// What parts the cells of a row where no bar does.
const GAPS: char = '\t';
const GAP: &str = "  ";

/// Runs of physical lines without a blank line between them.
fn groups(text: &str) -> Vec<Vec<Span>> {
    let mut groups = vec![Vec::new()];
    for span in physical_lines(text) {
        if span.of(text).chars().all(is_blank) {
            groups.push(Vec::new());
        } else if let Some(group) = groups.last_mut() {
            group.push(span);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn physical_lines(text: &str) -> impl Iterator<Item = Span> {
    let mut rest = Span::new(0, text.len());
    std::iter::from_fn(move || {
        let found = rest.of(text);
        let line = Span::new(rest.start, rest.start + line_len(found));
        rest.start = line.end;
        (!line.is_empty()).then_some(line)
    })
}

/// The length of the first line with its break; `\r\n` is one break.
fn line_len(text: &str) -> usize {
    let breaks = ['\n', '\r', '\u{2028}', '\u{2029}', '\u{B}', '\u{C}'];
    let Some((at, found)) = text.char_indices().find(|(_, c)| breaks.contains(c)) else {
        return text.len();
    };
    let pair = found == '\r' && text[at + 1..].starts_with('\n');
    at + found.len_utf8() + usize::from(pair)
}
