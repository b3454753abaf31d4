//! What pages say of themselves in JSON-LD scripts.

use serde_json::{Map, Value};

use super::page::Page;
use super::text::{Text, one_line};
use super::tree::Child;
use crate::article::Span;

/// One object of a script, those in lists and graphs each by itself.
#[derive(Debug)]
pub struct Object {
    fields: Map<String, Value>,
    /// The script in the page.
    script: Span,
}

impl Object {
    /// Whether the object is the article of the page.
    pub fn is_article(&self) -> bool {
        let types = self.types();
        types
            .iter()
            .any(|name| name.ends_with("Article") || name.ends_with("Posting") || *name == "Report")
    }

    fn types(&self) -> Vec<&str> {
        match self.fields.get("@type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether the object is of that type.
    pub fn is_a(&self, name: &str) -> bool {
        self.types().contains(&name)
    }

    /// A field as it is.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// The text of a field: its own, its name's, or its items'.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = names(self.fields.get(name)?).join(", ");
        (!text.is_empty()).then_some(text)
    }

    /// Where the page gives a field that value.
    pub fn place(&self, page: &str, name: &str, value: &str) -> Span {
        let starts = values_of(page, self.script, name);
        let found = starts.into_iter().find(|&at| page[at..].starts_with(value));
        found.map_or(self.script, |at| Span::new(at, at + value.len()))
    }
}

/// The texts of a value: a text, an object's name, or those of all items of a list.
pub fn names(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => {
            Some(one_line(text)).filter(|text| !text.is_empty()).into_iter().collect()
        }
        Value::Object(fields) => fields.get("name").map(names).unwrap_or_default(),
        Value::Array(items) => items.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

/// The objects of all scripts, articles first.
pub fn objects(page: &Page) -> Vec<Object> {
    let scripts = page.tree.elements.iter().filter(|element| {
        element.name == "script"
            && element.value("type").to_ascii_lowercase().starts_with("application/ld+json")
    });
    let mut objects = Vec::new();
    for script in scripts {
        for child in &script.children {
            if let Child::Text(span) = *child {
                let value = parse(span.of(page.source)).unwrap_or_default();
                collect(value, span, &mut objects);
            }
        }
    }
    objects.sort_by_key(|object: &Object| !object.is_article());
    objects
}

/// Scripts come with line breaks inside texts, in comments, or with a semicolon behind.
fn parse(script: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(script) {
        return Some(value);
    }
    let script = script.split_once("<![CDATA[").map_or(script, |(_, inside)| inside);
    let script = script.rsplit_once("]]>").map_or(script, |(inside, _)| inside);
    let start = script.find(['{', '['])?;
    let end = script.rfind(['}', ']'])?.max(start);
    let plain = script[start..=end].replace(|c: char| c.is_control(), " ");
    serde_json::from_str(&plain).ok()
}

fn collect(value: Value, script: Span, objects: &mut Vec<Object>) {
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| collect(item, script, objects)),
        Value::Object(mut fields) => {
            let parts = ["@graph", "mainEntity"].map(|name| fields.remove(name));
            objects.push(Object { fields, script });
            parts.into_iter().flatten().for_each(|part| collect(part, script, objects));
        }
        _ => {}
    }
}

/// Where the texts that a script gives a field begin in the page.
fn values_of(page: &str, script: Span, name: &str) -> Vec<usize> {
    let key = format!("\"{name}\"");
    let found = script.of(page).match_indices(&key);
    let value = |(at, _)| {
        let start = script.start + at + key.len();
        let rest = Span::new(start, script.end).of(page);
        let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        Some(start + rest.len() - value.len())
    };
    found.filter_map(value).collect()
}

/// The text of an article in its script.
#[derive(Debug, Default)]
pub struct Body {
    /// In order, with their places in the script.
    pub paragraphs: Vec<Text>,
    /// How long it is.
    pub n_bytes: usize,
}

/// The longest text that the scripts give an article.
pub fn body(page: &str, objects: &[Object]) -> Option<Body> {
    let with_body = objects.iter().filter(|object| object.fields.contains_key("articleBody"));
    let mut scripts: Vec<Span> = with_body.map(|object| object.script).collect();
    scripts.sort_unstable();
    scripts.dedup();
    let places = scripts.into_iter().flat_map(|script| {
        let starts = values_of(page, script, "articleBody");
        starts.into_iter().map(move |at| Span::new(at, script.end))
    });
    places.map(|place| read_body(page, place)).max_by_key(|body| body.n_bytes)
}

/// Reads the JSON text that begins at `place`.
fn read_body(page: &str, place: Span) -> Body {
    let mut body = Body::default();
    let mut text = Text::default();
    let mut at = place.start;
    while let Some((read, n_bytes)) = next(Span::new(at, place.end).of(page)) {
        let span = Span::new(at, at + n_bytes);
        match read {
            Read::Char(c) => text.add_char(c, span),
            Read::Plain => text.add(page, span),
            Read::Break => body.take(&mut text),
            Read::Nothing => {}
        }
        at += n_bytes;
    }
    body.take(&mut text);
    body
}

impl Body {
    fn take(&mut self, text: &mut Text) {
        let text = std::mem::take(text);
        if !text.is_empty() {
            self.n_bytes += text.as_str().len();
            self.paragraphs.push(text);
        }
    }
}

enum Read {
    Char(char),
    /// Text as it stands.
    Plain,
    Break,
    Nothing,
}

/// What a JSON text begins with and how long that is; nothing at its end.
fn next(text: &str) -> Option<(Read, usize)> {
    match text.chars().next()? {
        '"' => None,
        '\\' => escaped(&text[1..]).map(|(read, n_bytes)| (read, n_bytes + 1)),
        '<' => Some(tag(text)),
        c => {
            let n_bytes = text.find(['"', '\\', '<']).unwrap_or(text.len());
            Some((Read::Plain, n_bytes.max(c.len_utf8())))
        }
    }
}

fn escaped(text: &str) -> Option<(Read, usize)> {
    let c = text.chars().next()?;
    Some(match c {
        'n' | 'r' => (Read::Break, 1),
        't' | 'b' | 'f' => (Read::Char(' '), 1),
        'u' => unicode(&text[1..]),
        other => (Read::Char(other), other.len_utf8()),
    })
}

/// `00e9`, or two halves `d83d\ude00`; the length counts the `u`.
fn unicode(text: &str) -> (Read, usize) {
    let unit = |text: &str| u32::from_str_radix(text.get(..4)?, 16).ok();
    let Some(first) = unit(text) else { return (Read::Nothing, 1) };
    if let Some(c) = char::from_u32(first) {
        let read = if c == '\n' || c == '\r' { Read::Break } else { Read::Char(c) };
        return (read, 5);
    }
    let second = text.get(4..).and_then(|text| unit(text.strip_prefix("\\u")?));
    let pair =
        second.and_then(|second| char::decode_utf16([first as u16, second as u16]).next()?.ok());
    pair.map_or((Read::Nothing, 5), |c| (Read::Char(c), 11))
}

/// A `<` that no `>` follows within so many bytes opens no tag.
const MAX_TAG_BYTES: usize = 4096;

/// Markup inside the text: paragraphs part, the rest is passed over.
fn tag(text: &str) -> (Read, usize) {
    let is_tag = text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let near = &text[..text.floor_char_boundary(MAX_TAG_BYTES)];
    let Some(end) = is_tag.then(|| near.find('>')).flatten() else { return (Read::Char('<'), 1) };
    let name = text[1..end].trim_start_matches('/');
    let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
    let parts = name == "br" || super::tree::is_block(&name.to_ascii_lowercase());
    (if parts { Read::Break } else { Read::Nothing }, end + 1)
}
