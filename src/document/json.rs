//! JSON: chosen fields of each record. The rest, its blanks too, is not touched.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;

use super::fields::{Decoded, wanted};
use super::{Escape, Unit};
use crate::article::Span;

type Object<'t> = BTreeMap<String, &'t RawValue>;

/// So deep may fields lie.
const MAX_DEPTH: usize = 32;

/// The wanted strings of a file of one value, or of one a line.
///
/// # Errors
/// When it is no JSON, or no record has such a field.
pub(super) fn find(text: &str, by_line: bool, fields: &[String]) -> Result<Vec<Unit>, String> {
    let body = text.trim_start_matches('\u{feff}');
    let mut search =
        Search { text, wanted: wanted(fields), units: Vec::new(), seen: BTreeSet::new() };
    let values: Vec<&str> = if by_line { body.lines().collect() } else { vec![body] };
    let values = values.into_iter().enumerate().filter(|(_, value)| !value.trim().is_empty());
    for (idx, value) in values {
        let raw: &RawValue = serde_json::from_str(value).map_err(|error| match by_line {
            true => format!("line {}: {error}", idx + 1),
            false => error.to_string(),
        })?;
        search.visit(raw, "", false, MAX_DEPTH);
    }
    if search.units.is_empty() {
        return Err(search.without());
    }
    Ok(search.units)
}

struct Search<'t> {
    text: &'t str,
    wanted: Vec<String>,
    units: Vec<Unit>,
    /// The paths of the strings that there are, for a message.
    seen: BTreeSet<String>,
}

impl<'t> Search<'t> {
    /// Looks through a value at a path like `a.b`, which lists do not lengthen.
    fn visit(&mut self, raw: &'t RawValue, path: &str, is_wanted: bool, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let value = raw.get();
        match value.as_bytes().first() {
            Some(b'"') => self.string(value, path, is_wanted),
            Some(b'[') => {
                let list: Vec<&'t RawValue> = serde_json::from_str(value).unwrap_or_default();
                list.into_iter().for_each(|own| self.visit(own, path, is_wanted, depth));
            }
            Some(b'{') => {
                let object: Object<'t> = serde_json::from_str(value).unwrap_or_default();
                for (name, own) in object {
                    let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                    let is_named = self.wanted.iter().any(|wanted| is_at_end(wanted, &path));
                    self.visit(own, &path, is_wanted || is_named, depth);
                }
            }
            _ => {}
        }
    }

    fn string(&mut self, value: &'t str, path: &str, is_wanted: bool) {
        self.seen.insert(path.to_owned());
        if is_wanted {
            let start = value.as_ptr() as usize - self.text.as_ptr() as usize;
            let inside = Span::new(start + 1, start + value.len() - 1);
            self.units.extend(decoded(self.text, inside).units(Escape::Json));
        }
    }

    fn without(&self) -> String {
        let seen: Vec<&str> = self.seen.iter().map(String::as_str).take(20).collect();
        format!(
            "it has no text in {}; its texts are in: {} (name them with --field text=NAME)",
            self.wanted.iter().take(6).map(String::as_str).collect::<Vec<_>>().join(", "),
            seen.join(", ")
        )
    }
}

/// Whether a path is the wanted one, wherever it begins: `b.c` is at the end of `a.b.c`.
fn is_at_end(wanted: &str, path: &str) -> bool {
    let start = path.len().checked_sub(wanted.len());
    let end = start.and_then(|start| path.get(start..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(wanted))
        && (path.len() == wanted.len() || path[..path.len() - wanted.len()].ends_with('.'))
}

/// The characters of a string; `inside` is what stands between its quotation marks.
fn decoded(text: &str, inside: Span) -> Decoded {
    let mut decoded = Decoded::default();
    let mut at = inside.start;
    while at < inside.end {
        let (character, len) = character(Span::new(at, inside.end).of(text));
        decoded.push(character, Span::new(at, at + len));
        at += len;
    }
    decoded
}

/// The first character of what is left of a string, and the bytes that it is written with.
fn character(rest: &str) -> (char, usize) {
    let mut characters = rest.chars();
    let first = characters.next().unwrap_or_default();
    if first != '\\' {
        return (first, first.len_utf8().max(1));
    }
    match characters.next() {
        Some('n') => ('\n', 2),
        Some('r') => ('\r', 2),
        Some('t') => ('\t', 2),
        Some('b') => ('\u{8}', 2),
        Some('f') => ('\u{c}', 2),
        Some('u') => by_number(rest),
        Some(own) => (own, 1 + own.len_utf8()),
        None => (first, 1),
    }
}

/// `\u00e9`, or the two halves of a character outside of the first plane.
fn by_number(rest: &str) -> (char, usize) {
    let half = |at: usize| {
        let digits = rest.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let halves: Vec<u16> = [half(0), half(6)].into_iter().map_while(|half| half).collect();
    let first = halves.first().map(|half| char::decode_utf16([*half]).next());
    if let Some(Some(Ok(character))) = first {
        return (character, 6);
    }
    match char::decode_utf16(halves.iter().copied()).next() {
        Some(Ok(character)) => (character, 12),
        _ => (char::REPLACEMENT_CHARACTER, rest.len().min(6)),
    }
}
