//! The values of a record: fields by name, texts with their places.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::Object;
use crate::article::Span;
use crate::input::Extracted;
use crate::input::traced::Traced;

/// The first of these fields that is there and says something.
pub fn find<'a>(object: &Object<'a>, names: &[&str]) -> Option<&'a RawValue> {
    let says = |raw: &&RawValue| !matches!(raw.get(), "null" | "\"\"" | "[]" | "{}");
    names.iter().find_map(|name| look_up(object, name).filter(says))
}

/// The field of that name, whatever its case, or the one at the end of a path `a.b`.
pub fn look_up<'a>(object: &Object<'a>, name: &str) -> Option<&'a RawValue> {
    let own = object.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    if let Some((_, raw)) = own {
        return Some(raw);
    }
    let (outer, inner) = name.split_once('.')?;
    let inside: Object<'a> = serde_json::from_str(look_up(object, outer)?.get()).ok()?;
    look_up(&inside, inner)
}

/// Where a value stands in the text that it was parsed from.
pub fn place(raw: &RawValue, text: &str) -> Span {
    let start = (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    Span::new(start, start + raw.get().len())
}

/// A value in words: of an object its name, of a list all of it.
pub fn plain(raw: &RawValue) -> Option<String> {
    plain_within(raw, MAX_DEPTH)
}

/// Lists of names are in a field or two; a thousand lists in each other are an attack.
const MAX_DEPTH: usize = 8;

fn plain_within(raw: &RawValue, depth: usize) -> Option<String> {
    let text = raw.get();
    let inner = |raw: &RawValue| plain_within(raw, depth.checked_sub(1)?);
    match text.as_bytes().first()? {
        b'"' => Some(unescaped(raw, text).text.trim().to_owned()).filter(|text| !text.is_empty()),
        b'{' => {
            let object: Object = serde_json::from_str(text).ok()?;
            inner(find(&object, &["name", "title", "rendered", "@id"])?)
        }
        b'[' => {
            let list: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            Some(list.into_iter().filter_map(inner).collect::<Vec<_>>().join(", "))
        }
        b't' | b'f' => None,
        _ => Some(text.to_owned()),
    }
}

/// The fields of an object that stands where a text should: what services say beside it is of the
/// text, not of the article.
const INNER_TEXT: [&str; 7] = ["rendered", "text", "body", "content", "value", "html", "$t"];

/// The value itself, or the text in it where it is an object: `{"rendered": "<p>..."}`.
fn innermost(raw: &RawValue) -> &RawValue {
    let object = serde_json::from_str::<Object>(raw.get()).ok();
    object.and_then(|object| find(&object, &INNER_TEXT)).unwrap_or(raw)
}

/// The article's text: a string, or a list of them, one a paragraph; in HTML or plain.
pub fn extracted(raw: &RawValue, text: &str) -> Extracted {
    let raw = innermost(raw);
    let Traced { text, map } = match serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        Ok(list) => joined(&list, text),
        Err(_) => unescaped(raw, text),
    };
    Extracted::of_field(text, map)
}

fn joined(list: &[&RawValue], text: &str) -> Traced {
    let mut all = Traced::new();
    for raw in list {
        unescape(raw, text, &mut all);
        all.add("\n\n");
    }
    all
}

fn unescaped(raw: &RawValue, text: &str) -> Traced {
    let mut all = Traced::new();
    unescape(raw, text, &mut all);
    all
}

/// Appends what a string says; what is no string says nothing.
fn unescape(raw: &RawValue, text: &str, to: &mut Traced) {
    let start = place(raw, text).start + 1;
    let quoted = raw.get().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let mut rest = quoted.unwrap_or_default();
    let mut at = start;
    while !rest.is_empty() {
        let len = match rest.find('\\') {
            Some(0) => escape_len(rest),
            Some(n) => n,
            None => rest.len(),
        };
        let (piece, after) = rest.split_at(len);
        to.push(&meaning(piece), Span::new(at, at + len));
        at += len;
        rest = after;
    }
}

/// The length of the escape at the start; the two halves of a character beyond the first plane
/// are one.
fn escape_len(text: &str) -> usize {
    let code = |at: usize| {
        let digits = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    match (code(0), code(6)) {
        (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
        (Some(_), _) => 6,
        (None, _) => text.char_indices().nth(2).map_or(text.len(), |(idx, _)| idx),
    }
}

/// What an escape stands for; half a character stands for none.
fn meaning(piece: &str) -> Cow<'_, str> {
    if !piece.starts_with('\\') {
        return Cow::Borrowed(piece);
    }
    let parsed = serde_json::from_str::<String>(&format!("\"{piece}\""));
    parsed.map_or(Cow::Borrowed("\u{fffd}"), Cow::Owned)
}
