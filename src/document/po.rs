//! Messages of programs, as gettext keeps them (PO, and POT where nothing is translated yet).
//!
//! A message without a translation gets one, is flagged `fuzzy`, so that a person looks at it
//! before it is used, and is noted as ours, so that it is not made again. Lines of a message are
//! translated each on its own: what stands between them stays.

mod message;

use unicode_width::UnicodeWidthStr;

use self::message::{Message, Value, messages};
use super::{Edit, Escape, Found, Inline, Layout, Options, Unit, placeholder, text};
use crate::article::Span;
use crate::language;

/// The comment that tells what this program has filled.
const NOTE: &str = "# Translated by depeche, to be reviewed";

/// The messages that are not translated.
pub(super) fn find(text: &str, options: &Options) -> Result<Found, String> {
    let messages = messages(text)?;
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut found = Found::default();
    for message in messages.iter().filter(|message| !message.is_header()) {
        let units = fill(message);
        if !units.is_empty() {
            found.edits.extend(marks(message, newline));
            found.units.extend(units);
        }
    }
    let Some(header) = messages.iter().find(|m| m.is_header()).and_then(|m| m.strings.first())
    else {
        return Ok(found);
    };
    if !found.units.is_empty() {
        found.edits.extend(in_language(header, text, &options.to, newline)?);
    }
    if !found.units.is_empty() || !text.is_ascii() {
        found.edits.extend(charset(header, text));
    }
    Ok(found)
}

/// The units of a message: its values that are empty, or stand for another text than they did.
fn fill(message: &Message) -> Vec<Unit> {
    let is_stale = message.is_fuzzy && !(message.is_noted && message.previous.is_empty());
    let open = message.strings.iter().filter(|value| value.text.is_empty() || is_stale);
    open.flat_map(|value| {
        let plural = message.plural.as_ref().filter(|_| value.n > 0);
        units(plural.unwrap_or(&message.id), value.place)
    })
    .collect()
}

/// Flag and note of a message that gets a translation, and the end of what its old one was for.
fn marks(message: &Message, newline: &str) -> Vec<Edit> {
    let at = |at: usize, text: String| Edit { part: 0, place: Span::new(at, at), text };
    let mut edits = Vec::new();
    if !message.is_noted {
        edits.push(at(message.start, format!("{NOTE}{newline}")));
    }
    match message.flags {
        _ if message.is_fuzzy => {}
        Some(flags) => edits.push(at(flags.start, " fuzzy,".to_owned())),
        None => {
            let before = message.previous.first().map_or(message.body, |line| line.start);
            edits.push(at(before, format!("#, fuzzy{newline}")));
        }
    }
    let gone = |place: &Span| Edit { part: 0, place: *place, text: String::new() };
    edits.extend(message.previous.iter().map(gone));
    edits
}

/// The lines of a message, all in the place of its value: the first has the opening quote, the
/// last the closing one.
fn units(source: &str, place: Span) -> Vec<Unit> {
    let lines = joined(source, &lines(source));
    let mut units: Vec<Unit> = Vec::new();
    let mut at = 0;
    for line in lines {
        let mut unit = unit(source, line);
        let opens = units.is_empty();
        unit.place = if opens { place } else { Span::new(place.end, place.end) };
        unit.around.0 = if opens { "\"".to_owned() } else { String::new() };
        Escape::Po.push(Span::new(at, line.start).of(source), None, &mut unit.around.0);
        at = line.end;
        units.push(unit);
    }
    if let Some(last) = units.last_mut() {
        Escape::Po.push(Span::new(at, source.len()).of(source), None, &mut last.around.1);
        last.around.1.push('"');
    }
    units
}

/// A line; where it was broken in the middle of a sentence it will be again.
fn unit(source: &str, line: Span) -> Unit {
    let mut inline = Inline::default();
    inline.push_words(line.of(source));
    let mut unit = Unit::new(inline, line, Escape::Po);
    unit.keep = placeholder::find(&unit.inline.text);
    if line.of(source).contains('\n') {
        let gap = "\\n".to_owned();
        let widest = line.of(source).lines().map(UnicodeWidthStr::width).max();
        // The layout takes what ends a line for an indent.
        let width = widest.unwrap_or_default() + gap.len();
        unit.layout = Layout::Wrapped { width, gap };
    }
    unit
}

/// Pieces with words, between line breaks, tabs and columns of blanks.
fn lines(source: &str) -> Vec<Span> {
    let mut lines = Vec::new();
    let mut start = 0;
    let bytes = source.as_bytes();
    for at in 0..=bytes.len() {
        let is_end = match bytes.get(at) {
            Some(b' ') => bytes.get(at + 1) == Some(&b' '),
            Some(c) => c.is_ascii_control(),
            None => true,
        };
        if is_end {
            lines.extend(words(source, Span::new(start, at)));
            start = at + 1;
        }
    }
    lines
}

/// The span without blanks at its ends, if it has words.
fn words(source: &str, span: Span) -> Option<Span> {
    let piece = span.of(source);
    let start = span.start + piece.len() - piece.trim_start_matches(' ').len();
    let inner = Span::new(start, start + piece.trim_matches(' ').len());
    placeholder::leaves_words(piece).then_some(inner)
}

/// Lines that a sentence runs through are one.
fn joined(source: &str, lines: &[Span]) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for &line in lines {
        match joined.last_mut() {
            Some(last)
                if Span::new(last.end, line.start).of(source).trim_matches(' ') == "\n"
                    && text::goes_on(last.of(source), line.of(source)) =>
            {
                last.end = line.end;
            }
            _ => joined.push(line),
        }
    }
    joined
}

/// The header's language, where it says none.
fn in_language(
    header: &Value,
    text: &str,
    to: &str,
    newline: &str,
) -> Result<Option<Edit>, String> {
    let edit = |place, text| Ok(Some(Edit { part: 0, place, text }));
    let Some(place) = field(header, text) else {
        let end = header.place.end;
        let before = match header.text.is_empty() || header.text.ends_with('\n') {
            true => "",
            false => "\\n",
        };
        let line = format!("{newline}\"{before}Language: {to}\\n\"");
        return edit(Span::new(end, end), line);
    };
    match place.of(text).trim() {
        "" => edit(place, format!(" {to}")),
        found if language::is_tag_of(found, to) => Ok(None),
        found => Err(format!(
            "its header says that it is in `{found}`: translate it with --to {found}, or correct \
             its field Language"
        )),
    }
}

/// The place of the value of `Language`; `X-Poedit-Language` is another field.
fn field(header: &Value, text: &str) -> Option<Span> {
    let raw = header.place.of(text);
    let starts_field = |at: &usize| raw[..*at].ends_with('"') || raw[..*at].ends_with("\\n");
    let mut all = raw.match_indices("Language:").map(|(at, _)| at);
    let start = all.find(starts_field)? + "Language:".len();
    let len = raw[start..].find(['\\', '"']).unwrap_or_default();
    Some(Span::new(header.place.start + start, header.place.start + start + len))
}

/// What is written is UTF-8, whatever it was.
fn charset(header: &Value, text: &str) -> Option<Edit> {
    let raw = header.place.of(text);
    let start = raw.find("charset=")? + "charset=".len();
    let len = raw[start..].find(['\\', '"', ' ', ';']).unwrap_or_default();
    let place = Span::new(header.place.start + start, header.place.start + start + len);
    let is_utf8 = ["utf-8", "utf8"].contains(&place.of(text).to_ascii_lowercase().as_str());
    (!is_utf8).then(|| Edit { part: 0, place, text: "UTF-8".to_owned() })
}

#[cfg(test)]
mod tests;
