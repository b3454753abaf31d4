//! The attributes of a tag: which are read by people, and which say language and encoding.

use html5gum::StartTag;

use super::super::inline::Inline;
use super::super::{Edit, Escape, Options, Unit};
use crate::article::Span;
use crate::language::{is_tag_of, locale};

/// Attributes that a reader sees or hears.
const SHOWN: [&str; 4] = ["alt", "aria-label", "placeholder", "title"];
/// What a page says of itself to those who show a link to it.
const DESCRIPTIONS: [&str; 5] =
    ["description", "og:title", "og:description", "twitter:title", "twitter:description"];

/// An attribute of a tag.
#[derive(Debug)]
pub(super) struct Attribute {
    /// In lower case.
    name: String,
    /// With references decoded.
    value: String,
    /// The value in the file, without its quotes.
    place: Span,
    quote: Option<char>,
}

impl Attribute {
    /// Whether it says that the element is to stay as it is.
    pub(super) fn forbids_translation(&self) -> bool {
        match &*self.name {
            "translate" => self.value.trim().eq_ignore_ascii_case("no"),
            "class" => self.value.split_ascii_whitespace().any(|class| class == "notranslate"),
            _ => false,
        }
    }

    fn unit(&self) -> Option<Unit> {
        let mut inline = Inline::default();
        inline.push_words(&self.value);
        inline.trim_end();
        let quotes = ("\"".to_owned(), "\"".to_owned());
        let (place, around) = match self.quote {
            Some('"') => (self.place, Default::default()),
            Some(_) => (Span::new(self.place.start - 1, self.place.end + 1), quotes),
            None => (self.place, quotes),
        };
        let has_words = inline.has_words();
        has_words.then(|| Unit { around, ..Unit::new(inline, place, Escape::XmlAttribute) })
    }

    fn edit(&self, text: impl Into<String>) -> Edit {
        Edit { part: 0, place: self.place, text: text.into() }
    }
}

/// The attributes of a start tag. Of two with the same name the first counts.
pub(super) fn read(text: &str, tag: &StartTag<usize>) -> Vec<Attribute> {
    let mut attributes: Vec<Attribute> = Vec::new();
    for mut attribute in scan(text, Span::new(tag.span.start, tag.span.end)) {
        if attributes.iter().all(|other| other.name != attribute.name) {
            if let Some(value) = tag.attributes.get(attribute.name.as_bytes()) {
                attribute.value = String::from_utf8_lossy(&value.value).into_owned();
            }
            attributes.push(attribute);
        }
    }
    attributes
}

/// The attributes that are translated.
pub(super) fn units(element: &str, attributes: &[Attribute]) -> Vec<Unit> {
    let is_shown = |attribute: &&Attribute| match element {
        "meta" => attribute.name == "content" && is_description(attributes),
        // Names of style sheets and feeds.
        "link" | "style" => false,
        _ => SHOWN.contains(&&*attribute.name),
    };
    attributes.iter().filter(is_shown).filter_map(Attribute::unit).collect()
}

fn is_description(attributes: &[Attribute]) -> bool {
    DESCRIPTIONS.iter().any(|name| meta_is(attributes, name))
}

/// Whether these are the attributes of the `meta` element of that name.
fn meta_is(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| {
        matches!(&*attribute.name, "name" | "property" | "http-equiv")
            && attribute.value.trim().eq_ignore_ascii_case(name)
    })
}

/// What in a tag says language and encoding of the page, as it must be then.
pub(super) fn edits(element: &str, attributes: &[Attribute], options: &Options) -> Vec<Edit> {
    let edit = |attribute: &Attribute| match (element, &*attribute.name) {
        (_, "lang" | "xml:lang") if is_tag_of(&attribute.value, &options.from) => {
            Some(attribute.edit(&options.to))
        }
        ("meta", "charset") if !is_utf8(&attribute.value) => Some(attribute.edit("utf-8")),
        ("meta", "content") => meta_edit(attributes, attribute, options),
        _ => None,
    };
    attributes.iter().filter_map(edit).collect()
}

fn meta_edit(attributes: &[Attribute], content: &Attribute, options: &Options) -> Option<Edit> {
    let is_ours = is_tag_of(&content.value, &options.from);
    if is_ours && meta_is(attributes, "og:locale") {
        return Some(content.edit(locale(&options.to).replace('-', "_")));
    }
    if is_ours && meta_is(attributes, "content-language") {
        return Some(content.edit(&options.to));
    }
    let (kind, charset) = content.value.split_once("charset=")?;
    let is_other = meta_is(attributes, "content-type") && !is_utf8(charset);
    is_other.then(|| content.edit(format!("{kind}charset=utf-8")))
}

fn is_utf8(encoding: &str) -> bool {
    matches!(&*encoding.trim().to_ascii_lowercase(), "utf-8" | "utf8")
}

/// The encoding in an XML declaration, as it must be then.
pub(super) fn encoding(text: &str, place: Span) -> Option<Edit> {
    if !place.of(text).starts_with("<?xml ") {
        return None;
    }
    let told = scan(text, place).into_iter().find(|attribute| attribute.name == "encoding")?;
    (told.quote.is_some() && !is_utf8(&told.value)).then(|| told.edit("utf-8"))
}

/// The attributes in a tag as they stand there.
fn scan(text: &str, tag: Span) -> Vec<Attribute> {
    let found = tag.of(text);
    let inner = found.strip_suffix('>').unwrap_or(found);
    let mut scanner = Scanner { text, at: tag.start, end: tag.start + inner.len() };
    scanner.pass(|c| !is_blank(c) && c != '/');
    std::iter::from_fn(|| scanner.attribute()).collect()
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\r' | '\t' | '\u{c}')
}

/// Reads a tag from left to right.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        Span::new(self.at, self.end).of(self.text)
    }

    /// Passes over characters, and says where they are.
    fn pass(&mut self, is: impl Fn(char) -> bool) -> Span {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.find(|c| !is(c)).unwrap_or(rest.len());
        Span::new(start, self.at)
    }

    fn attribute(&mut self) -> Option<Attribute> {
        self.pass(|c| is_blank(c) || c == '/');
        let start = self.at;
        // The first character may be any, even the sign of equality.
        self.at += self.rest().chars().next()?.len_utf8();
        self.pass(|c| !is_blank(c) && c != '/' && c != '=');
        let name = Span::new(start, self.at).of(self.text).to_ascii_lowercase();
        let (place, quote) = self.value();
        Some(Attribute { name, value: place.of(self.text).to_owned(), place, quote })
    }

    fn value(&mut self) -> (Span, Option<char>) {
        self.pass(is_blank);
        if !self.rest().starts_with('=') {
            return (Span::new(self.at, self.at), None);
        }
        self.at += 1;
        self.pass(is_blank);
        let quote = self.rest().chars().next().filter(|c| matches!(c, '"' | '\''));
        let Some(quote) = quote else { return (self.pass(|c| !is_blank(c)), None) };
        self.at += 1;
        let place = self.pass(|c| c != quote);
        self.at += 1;
        (place, Some(quote))
    }
}
