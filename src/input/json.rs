//! JSON: one object, a list of them, several behind each other, or one a line.
//!
//! The file is cut into records first, each is parsed by itself: a file of any size costs the
//! memory of one record, and a broken record costs no other.

mod value;

use std::collections::{BTreeMap, VecDeque};

use serde_json::value::RawValue;
use value::{extracted, find, look_up, place, plain};

use super::decode::{Decoded, decode};
use super::fields::{self, Fields, Role};
use super::file::{Found, Item, Source, too_large};
use super::{Extracted, MAX_BYTES};
use crate::article::{Format, Span, sha256};
use crate::error::{Error, Result};

/// How records follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Each on a line.
    Lines,
    /// As the values of a list, or with nothing but white space between them.
    Values,
}

/// Fields in which services wrap an article or a list of them.
const WRAPPERS: [&str; 18] = [
    "articles",
    "items",
    "results",
    "data",
    "docs",
    "documents",
    "entries",
    "hits",
    "response",
    "result",
    "_source",
    "posts",
    "stories",
    "feed",
    "entry",
    "rss",
    "channel",
    "item",
];
/// How many lie in each other: `response`, `hits`, a second `hits`, `_source`.
const MAX_WRAPPERS: usize = 4;

type Object<'a> = BTreeMap<String, &'a RawValue>;

/// The articles of a file.
pub(super) struct Json {
    source: Source,
    layout: Layout,
    fields: Fields,
    /// Articles of the last record that were not given yet.
    ready: VecDeque<Item>,
    n_given: usize,
    n_lines: usize,
    is_list: bool,
    is_done: bool,
}

/// A piece of the file that should be a value.
struct Record {
    /// No more of them than tell that they are too many.
    bytes: Vec<u8>,
    /// Where it starts in the file.
    at: usize,
    /// The line that it starts in, from 1.
    line: usize,
}

impl Json {
    pub fn new(source: Source, layout: Layout, fields: Fields) -> Self {
        let mut all = Self {
            source,
            layout,
            fields,
            ready: VecDeque::new(),
            n_given: 0,
            n_lines: 0,
            is_list: false,
            is_done: false,
        };
        all.refill();
        if all.ready.is_empty() {
            let result = Err(Error::Empty { name: all.source.name.clone() });
            all.ready.push_back(Item { number: None, result });
        }
        all
    }

    /// Reads on until there is an article, or nothing more.
    fn refill(&mut self) {
        while self.ready.is_empty() && !self.is_done {
            let next = match self.layout {
                Layout::Lines => self.next_line(),
                Layout::Values => self.next_value(),
            };
            match next {
                Ok(Some(record)) => self.take(&record),
                Ok(None) => self.is_done = true,
                Err(error) => self.fail(error),
            }
        }
    }

    fn take(&mut self, record: &Record) {
        if record.bytes.len() as u64 > MAX_BYTES {
            let name = self.place(record.line);
            return self.give(Err(too_large(name, MAX_BYTES)));
        }
        match self.articles(record) {
            Ok(articles) => articles.into_iter().for_each(|article| self.give(article)),
            Err(error) if self.layout == Layout::Lines || self.is_list => self.give(Err(error)),
            // What is no JSON at all would give an error a word.
            Err(error) => self.fail(error),
        }
    }

    fn give(&mut self, result: Result<Found>) {
        self.n_given += 1;
        self.ready.push_back(Item { number: Some(self.n_given), result });
    }

    /// After such an error nothing more can be read.
    fn fail(&mut self, error: Error) {
        self.is_done = true;
        self.give(Err(error));
    }

    fn next_line(&mut self) -> Result<Option<Record>> {
        loop {
            let at = self.source.at;
            let Some(bytes) = self.source.line()? else { return Ok(None) };
            self.n_lines += 1;
            if !is_blank(&bytes) {
                return Ok(Some(Record { bytes, at, line: self.n_lines }));
            }
        }
    }

    /// Cuts the next value out of the file, without understanding more of it than where it ends.
    fn next_value(&mut self) -> Result<Option<Record>> {
        if !self.skip_to_value()? {
            return Ok(None);
        }
        let (at, line) = (self.source.at, self.n_lines + 1);
        let (mut bytes, mut ends) = (Vec::new(), Ends::default());
        loop {
            let buffer = self.source.buffer()?;
            let n = buffer.iter().position(|&byte| ends.is_after(byte));
            let piece = &buffer[..n.unwrap_or(buffer.len())];
            let (len, n_breaks) = (piece.len(), piece.iter().filter(|&&b| b == b'\n').count());
            if bytes.len() as u64 <= MAX_BYTES {
                bytes.extend_from_slice(piece);
            }
            self.n_lines += n_breaks;
            self.source.consume(len);
            if n.is_some() || len == 0 {
                break;
            }
        }
        Ok(Some(Record { bytes, at, line }))
    }

    /// Passes over what stands between two values; false at the end of the file.
    fn skip_to_value(&mut self) -> Result<bool> {
        loop {
            let is_start = self.source.at == 0;
            let Some(&byte) = self.source.buffer()?.first() else { return Ok(false) };
            match byte {
                b'[' if !self.is_list && self.n_given == 0 => self.is_list = true,
                b']' | b',' if self.is_list => {}
                b'\n' => self.n_lines += 1,
                // A byte order mark is EF BB BF.
                0xEF if is_start => self.source.consume(2),
                byte if byte.is_ascii_whitespace() => {}
                _ => return Ok(true),
            }
            self.source.consume(1);
        }
    }

    fn place(&self, line: usize) -> String {
        format!("line {line} of {}", self.source.name)
    }

    fn articles(&self, record: &Record) -> Result<Vec<Result<Found>>> {
        let decoded = self.decoded(record);
        let text = decoded.text.trim_start_matches('\u{feff}').trim_end();
        let object: Object = serde_json::from_str(text).map_err(|error| Error::BadJson {
            name: self.source.name.clone(),
            line: record.line + error.line().saturating_sub(1),
            reason: reason(&error),
        })?;
        let article = |object: &Object| self.article(object, record, &decoded);
        Ok(self.unwrapped(object, MAX_WRAPPERS).iter().map(article).collect())
    }

    /// The object, or the articles in it where it is a wrapper.
    fn unwrapped<'a>(&self, object: Object<'a>, n_more: usize) -> Vec<Object<'a>> {
        let Some(n_more) = n_more.checked_sub(1) else { return vec![object] };
        let held = match find(&object, &self.fields.names(Role::Text)) {
            Some(raw) if self.is_article_in(&object, raw) => self.wrapped(raw, n_more),
            Some(_) => None,
            None => WRAPPERS.iter().find_map(|name| self.wrapped(look_up(&object, name)?, n_more)),
        };
        let Some(mut held) = held else { return vec![object] };
        // A search index keeps the names of its articles beside them.
        if let (Some(id), [only]) = (look_up(&object, "_id"), &mut held[..]) {
            only.entry("_id".into()).or_insert(id);
        }
        held
    }

    /// The articles in a wrapper's field: all that a list has, or an object with a text in it.
    fn wrapped<'a>(&self, raw: &'a RawValue, n_more: usize) -> Option<Vec<Object<'a>>> {
        if let Ok(list) = serde_json::from_str::<Vec<Object<'a>>>(raw.get()) {
            let all = list.into_iter().flat_map(|object| self.unwrapped(object, n_more));
            return Some(all.collect::<Vec<_>>()).filter(|all| !all.is_empty());
        }
        let object = serde_json::from_str(raw.get()).ok()?;
        let held = self.unwrapped(object, n_more);
        held.iter().any(|object| self.has_text(object)).then_some(held)
    }

    /// Whether the field for the text holds a whole article: a text with a title, which the object
    /// around it lacks.
    fn is_article_in(&self, outer: &Object, raw: &RawValue) -> bool {
        let is_titled = |object: &Object| find(object, &self.fields.names(Role::Title)).is_some();
        let inner = serde_json::from_str::<Object>(raw.get());
        inner.is_ok_and(|inner| self.has_text(&inner) && is_titled(&inner)) && !is_titled(outer)
    }

    fn decoded(&self, record: &Record) -> Decoded {
        let decoded = decode(&record.bytes, None);
        let piece = Span::new(record.at, record.at + record.bytes.len());
        let map = self.source.in_file(&decoded.map, piece);
        Decoded { map, encoding: self.source.encoding(decoded.encoding), ..decoded }
    }

    fn has_text(&self, object: &Object) -> bool {
        find(object, &self.fields.names(Role::Text)).is_some()
    }

    fn article(&self, object: &Object, record: &Record, decoded: &Decoded) -> Result<Found> {
        let value = |role| {
            let raw = find(object, &self.fields.names(role))?;
            Some((plain(raw)?, place(raw, &decoded.text)))
        };
        let Some(raw) = find(object, &self.fields.names(Role::Text)) else {
            return Err(self.no_text(object, record.line));
        };
        let read = extracted(raw, &decoded.text);
        let declared = fields::declared(value).or(read.declared);
        let extracted = Extracted { declared, ..read }.through(&decoded.map);
        Ok(Found {
            own_id: value(Role::Id).map(|(id, _)| id),
            extracted,
            format: if self.layout == Layout::Lines { Format::Jsonl } else { Format::Json },
            encoding: decoded.encoding,
            n_errors: decoded.n_errors,
            n_bytes: record.bytes.len(),
            sha256: sha256(&record.bytes),
        })
    }

    fn no_text(&self, object: &Object, line: usize) -> Error {
        let names: Vec<&str> = object.keys().map(String::as_str).collect();
        Error::NoTextField { name: self.place(line), fields: names.join(", ") }
    }

    /// Whether the file is one object, and so is known by its own name.
    fn is_single(&self) -> bool {
        self.layout == Layout::Values && !self.is_list && self.n_given == 1 && self.is_done
    }
}

impl Iterator for Json {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let item = self.ready.pop_front()?;
        self.refill();
        let number = item.number.filter(|_| !self.is_single());
        Some(Item { number, ..item })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.ready.len(), self.is_done.then_some(self.ready.len()))
    }
}

/// Recognises where a value ends.
#[derive(Default)]
struct Ends {
    is_begun: bool,
    depth: usize,
    is_in_string: bool,
    is_escaped: bool,
    is_over: bool,
}

impl Ends {
    /// Whether the value is over before this byte.
    fn is_after(&mut self, byte: u8) -> bool {
        if self.is_over {
            return true;
        }
        // A bracket that closes nothing is a value of its own, or the file would never end.
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' if self.is_in_string => self.is_escaped = true,
            b'"' => {
                self.is_in_string = !self.is_in_string;
                self.is_over = !self.is_in_string && self.depth == 0;
            }
            _ if self.is_in_string => {}
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth <= 1 => {
                // Of a number or a word the list's own bracket is no part.
                let is_own = self.depth == 1;
                self.depth = 0;
                self.is_over = true;
                return !is_own && !is_first;
            }
            b'}' | b']' => self.depth -= 1,
            b',' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => return !is_first,
            _ => {}
        }
        false
    }
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

/// The message without its place, which is that of the record.
fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or_default().to_owned()
}
