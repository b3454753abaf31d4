//! How a translation is written in its place.

use unicode_width::UnicodeWidthStr;

use super::Unit;
use super::inline::{Inline, Piece, Side, Tag};

mod markdown;

/// What characters mean something else in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// None.
    Plain,
    /// Markdown at the beginning of a line.
    Markdown,
    /// Markdown in a line that has begun: behind the marks of a heading, say.
    MarkdownInline,
    /// A cell of a Markdown table.
    MarkdownCell,
    /// Text of HTML and XML.
    Xml,
    /// The value of an attribute between double quotes.
    XmlAttribute,
    /// The inside of a JSON string.
    Json,
    /// The inside of a string of a PO file.
    Po,
    /// A whole field of CSV with this delimiter.
    Csv(u8),
    /// A part of a CSV field between quotation marks.
    CsvQuoted,
}

/// How text is broken into lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// Not at all.
    Line,
    /// Lines of at most so many columns, with this between them: a line break, and an indent.
    Wrapped { width: usize, gap: String },
    /// Two lines at most between two breaks, about as long as each other, of so many columns where
    /// that can be.
    Cues { width: usize },
}

/// The text and its tags as the format has them.
pub(super) fn write(made: &Inline, unit: &Unit) -> String {
    let written = match &unit.layout {
        Layout::Line => in_line(made, unit.escape),
        Layout::Wrapped { width, gap } => {
            wrapped(&in_line(made, unit.escape), *width, gap, unit.escape)
        }
        Layout::Cues { width } => cues(made, unit.escape, *width),
    };
    match unit.escape {
        Escape::Csv(delimiter) => csv_field(&written, delimiter),
        _ => written,
    }
}

fn in_line(made: &Inline, escape: Escape) -> String {
    let mut written = String::with_capacity(made.text.len());
    let mut pieces = made.pieces().peekable();
    let mut is_code = false;
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) if is_code => escape.push_code(text, &mut written),
            Piece::Text(text) => {
                let next = pieces.peek().and_then(|next| first(*next));
                escape.push(text, next, &mut written);
            }
            Piece::Tag(tag) => {
                is_code = escape.is_markdown() && begins_code(tag);
                written.push_str(&tag.raw);
            }
        }
    }
    written
}

/// The character that is written first.
fn first(piece: Piece) -> Option<char> {
    match piece {
        Piece::Text(text) => text.chars().next(),
        Piece::Tag(tag) => tag.raw.chars().next(),
    }
}

/// Whether Markdown takes what follows the tag as it stands: code, or an address.
fn begins_code(tag: &Tag) -> bool {
    tag.side == Side::Open && (tag.raw.starts_with('`') || tag.raw == "<")
}

impl Escape {
    /// Adds a text as it is written here, before `next`. What stood there says where a line begins.
    pub(super) fn push(self, text: &str, next: Option<char>, to: &mut String) {
        match self {
            Self::Plain | Self::Csv(_) => to.push_str(text),
            Self::Markdown | Self::MarkdownInline | Self::MarkdownCell => {
                markdown::push(text, next, self, to);
            }
            Self::Xml => xml(text, "", to),
            Self::XmlAttribute => xml(text, "\"", to),
            Self::Json => json(text, to),
            Self::CsvQuoted => to.push_str(&text.replace('"', "\"\"")),
            Self::Po => po(text, to),
        }
    }

    /// Adds code of Markdown. Only the end of a cell counts in it.
    fn push_code(self, text: &str, to: &mut String) {
        match self {
            Self::MarkdownCell => to.push_str(&text.replace('|', "\\|")),
            _ => to.push_str(text),
        }
    }

    fn is_markdown(self) -> bool {
        matches!(self, Self::Markdown | Self::MarkdownInline | Self::MarkdownCell)
    }
}

fn xml(text: &str, also: &str, to: &mut String) {
    for c in text.chars() {
        match c {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '"' if also.contains(c) => to.push_str("&quot;"),
            c if is_no_xml(c) => to.push('\u{fffd}'),
            c => to.push(c),
        }
    }
}

/// Characters that no XML file may have, however they are written.
fn is_no_xml(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn json(text: &str, to: &mut String) {
    let quoted = serde_json::Value::from(text).to_string();
    to.push_str(quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default());
}

/// The escapes that gettext knows; it has none for other characters than these.
fn po(text: &str, to: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => to.push_str("\\\\"),
            '"' => to.push_str("\\\""),
            '\n' => to.push_str("\\n"),
            '\t' => to.push_str("\\t"),
            '\r' => to.push_str("\\r"),
            '\u{7}' => to.push_str("\\a"),
            '\u{8}' => to.push_str("\\b"),
            '\u{b}' => to.push_str("\\v"),
            '\u{c}' => to.push_str("\\f"),
            c => to.push(c),
        }
    }
}

fn csv_field(text: &str, delimiter: u8) -> String {
    let needs = |c: char| matches!(c, '"' | '\n' | '\r') || c == char::from(delimiter);
    match text.contains(needs) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

/// The words in lines of at most `width` columns; a longer word has a line of its own. No line
/// begins with what would begin something else there.
fn wrapped(text: &str, width: usize, gap: &str, escape: Escape) -> String {
    let must_follow = |word: &str| escape.is_markdown() && markdown::begins_block(word);
    let indent = gap.trim_start_matches(['\r', '\n']).width();
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line)
                if must_follow(word) || indent + line.width() + 1 + word.width() <= width =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join(gap)
}

/// Subtitles: what stands between two breaks is on the screen at once.
fn cues(made: &Inline, escape: Escape, width: usize) -> String {
    let mut written = String::new();
    let mut cue = String::new();
    for piece in made.pieces() {
        match piece {
            Piece::Text(text) => escape.push(text, None, &mut cue),
            Piece::Tag(tag) if tag.side == Side::Break => {
                written.push_str(&in_two(cue.trim(), width));
                written.push_str(&tag.raw);
                cue.clear();
            }
            Piece::Tag(tag) => cue.push_str(&tag.raw),
        }
    }
    written + &in_two(cue.trim(), width)
}

/// A line that is too wide in two, at the blank nearest to its middle.
fn in_two(line: &str, width: usize) -> String {
    if shown(line) <= width {
        return line.to_owned();
    }
    let blanks = line.match_indices(' ').map(|(at, _)| at).filter(|at| !in_tag(line, *at));
    let unevenness = |at: &usize| shown(&line[..*at]).abs_diff(shown(&line[at + 1..]));
    match blanks.min_by_key(unevenness) {
        Some(at) => format!("{}\n{}", &line[..at], &line[at + 1..]),
        None => line.to_owned(),
    }
}

/// Columns on the screen, without the tags.
fn shown(line: &str) -> usize {
    let mut depth = 0usize;
    let is_text = |c: &char| {
        depth = match c {
            '<' => depth + 1,
            '>' => return std::mem::take(&mut depth) == 0,
            _ => depth,
        };
        depth == 0
    };
    line.chars().filter(is_text).collect::<String>().width()
}

fn in_tag(line: &str, at: usize) -> bool {
    let before = &line[..at];
    before.rfind('<').is_some_and(|open| before.rfind('>').is_none_or(|close| close < open))
}
