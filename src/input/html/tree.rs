//! The elements of a page, each with its place in the page.
//!
//! A browser's parser moves and invents elements, and none tells where in the page they stood.
//! Here a tokenizer that counts bytes is enough: what is open ends where the standard lets it end
//! (a new paragraph ends the one before, a cell the one before), and an end that has no beginning
//! is passed over.

use html5gum::{DefaultEmitter, EndTag, StartTag, Token, Tokenizer};

use crate::article::Span;

/// Deeper elements become children of the one at this depth; pages of people stay below 60.
const MAX_DEPTH: usize = 200;

/// Elements without content.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// Elements that part paragraphs. An inline element never ends across one of them.
const BLOCKS: [&str; 49] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "template",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
/// What ends inside one of these leaves what is outside open.
const SCOPES: [&str; 7] = ["caption", "html", "object", "table", "td", "template", "th"];
const TABLE_PARTS: [&str; 7] = ["caption", "tbody", "td", "tfoot", "th", "thead", "tr"];
const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// Whether an element of that name parts paragraphs.
pub fn is_block(name: &str) -> bool {
    BLOCKS.binary_search(&name).is_ok()
}

/// Whether an element of that name is a heading.
pub fn is_heading(name: &str) -> bool {
    HEADINGS.contains(&name)
}

/// An attribute with its value decoded.
#[derive(Debug, Clone)]
pub struct Attribute {
    name: String,
    value: String,
    /// The value in the page; with the name where references are in it.
    pub span: Span,
}

impl Attribute {
    /// Its value without blanks around.
    pub fn value(&self) -> &str {
        self.value.trim()
    }

    /// The mark that HTML once had for the day of publication.
    pub fn is_pubdate(&self) -> bool {
        self.name == "pubdate"
    }
}

/// What an element holds, in order.
#[derive(Debug, Clone, Copy)]
pub enum Child {
    /// The index of an element.
    Element(usize),
    /// Text as it stands in the page, references not yet decoded.
    Text(Span),
    /// Text in which nothing is to be decoded.
    Plain(Span),
}

/// An element of the page.
#[derive(Debug, Clone, Default)]
pub struct Element {
    /// In lower case.
    pub name: String,
    /// In no order.
    pub attributes: Vec<Attribute>,
    /// The index of the element around; its own for the root.
    pub parent: usize,
    /// What it holds.
    pub children: Vec<Child>,
}

impl Element {
    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The value of the attribute of that name, empty where there is none.
    pub fn value(&self, name: &str) -> &str {
        self.attribute(name).map_or("", Attribute::value)
    }
}

/// All elements of a page.
#[derive(Debug)]
pub struct Tree {
    /// In the order of their start tags; the first stands for the page.
    pub elements: Vec<Element>,
}

impl Tree {
    /// Reads a page.
    pub fn parse(page: &str) -> Self {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        let mut builder = Builder::new(page);
        for token in Tokenizer::new_with_emitter(page, emitter).flatten() {
            builder.take(token);
        }
        Self { elements: builder.elements }
    }

    /// The elements with their indices.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Element)> {
        self.elements.iter().enumerate()
    }

    /// The elements around an element, the nearest first, without the root.
    pub fn around(&self, idx: usize) -> impl Iterator<Item = usize> {
        let up = move |&idx: &usize| Some(self.elements[idx].parent);
        std::iter::successors(Some(self.elements[idx].parent), up).take_while(|&idx| idx != 0)
    }

    /// Whether `idx` is `outer` or inside it.
    pub fn is_in(&self, idx: usize, outer: usize) -> bool {
        idx == outer || outer == 0 || self.around(idx).any(|around| around == outer)
    }
}

struct Builder<'a> {
    page: &'a str,
    elements: Vec<Element>,
    /// The elements that are open, the root first.
    open: Vec<usize>,
    /// How many more are open below the greatest depth.
    n_too_deep: usize,
}

impl<'a> Builder<'a> {
    fn new(page: &'a str) -> Self {
        Self { page, elements: vec![Element::default()], open: vec![0], n_too_deep: 0 }
    }

    fn take(&mut self, token: Token<usize>) {
        match token {
            Token::StartTag(tag) => self.start(&tag),
            Token::EndTag(tag) => self.end(&tag),
            Token::String(text) => self.hold(Child::Text(self.span(text.span))),
            Token::Comment(comment) => self.hold_cdata(&comment, self.span(comment.span)),
            Token::Doctype(_) | Token::Error(_) => {}
        }
    }

    /// The tokenizer's span, on character boundaries of the page.
    fn span(&self, span: html5gum::Span) -> Span {
        let on_boundary = |at: usize| self.page.floor_char_boundary(at.min(self.page.len()));
        Span::new(on_boundary(span.start), on_boundary(span.end))
    }

    /// To HTML `<![CDATA[...]]>` is a comment; feeds that became pages have their text in it.
    fn hold_cdata(&mut self, comment: &[u8], span: Span) {
        if comment.starts_with(b"[CDATA[") {
            let found = span.of(self.page);
            let start = found.find("[CDATA[").map_or(0, |at| at + "[CDATA[".len());
            let end = found.rfind("]]").unwrap_or(found.len()).max(start);
            self.hold(Child::Plain(Span::new(span.start + start, span.start + end)));
        }
    }

    fn hold(&mut self, child: Child) {
        let top = self.top();
        self.elements[top].children.push(child);
    }

    fn top(&self) -> usize {
        self.open.last().copied().unwrap_or_default()
    }

    fn start(&mut self, tag: &StartTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        self.end_before(&name);
        let idx = self.elements.len();
        self.hold(Child::Element(idx));
        let again = matches!(&*name, "html" | "body") && self.is_open(&name);
        let closed = tag.self_closing && !is_block(&name) && !is_inline(&name);
        let stays = !again && !closed && !VOID.contains(&&*name);
        let (parent, attributes) = (self.top(), self.attributes(tag));
        self.elements.push(Element { name, attributes, parent, children: Vec::new() });
        match stays {
            true if self.open.len() < MAX_DEPTH => self.open.push(idx),
            true => self.n_too_deep += 1,
            false => {}
        }
    }

    fn attributes(&self, tag: &StartTag<usize>) -> Vec<Attribute> {
        let attribute = |(name, value): (&html5gum::HtmlString, &html5gum::Spanned<_, usize>)| {
            let value_bytes: &html5gum::HtmlString = &value.value;
            let text = String::from_utf8_lossy(value_bytes).into_owned();
            let span = within(self.page, self.span(value.span), &text);
            Attribute { name: String::from_utf8_lossy(name).into_owned(), value: text, span }
        };
        tag.attributes.iter().map(attribute).collect()
    }

    fn is_open(&self, name: &str) -> bool {
        self.open.iter().any(|&idx| self.elements[idx].name == name)
    }

    /// Ends what cannot stay open when an element of this name begins.
    fn end_before(&mut self, name: &str) {
        match name {
            "a" => self.close(&["a"], is_block),
            "li" => self.close(&["li"], |n| is_block(n) && !matches!(n, "div" | "p" | "address")),
            "dd" | "dt" => {
                self.close(&["dd", "dt"], |n| is_block(n) && !matches!(n, "div" | "p"));
            }
            "option" => self.close(&["option"], |n| n == "select"),
            "td" | "th" => self.close(&["td", "th"], |n| n == "table"),
            "tr" => self.close(&["tr"], |n| n == "table"),
            "tbody" | "thead" | "tfoot" => {
                self.close(&["tbody", "thead", "tfoot"], |n| n == "table");
            }
            "body" => self.close(&["head"], |n| n != "head" && is_block(n)),
            _ => {}
        }
        if is_block(name) && !TABLE_PARTS.contains(&name) && name != "button" {
            self.close(&["p"], |n| SCOPES.contains(&n) || n == "button");
        }
        if is_heading(name) {
            self.close(&HEADINGS, is_block);
        }
    }

    fn end(&mut self, tag: &EndTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name);
        if matches!(&*name, "html" | "body") {
            return;
        }
        if self.n_too_deep > 0 {
            self.n_too_deep -= 1;
            return;
        }
        match &*name {
            name if is_heading(name) => self.close(&HEADINGS, |n| SCOPES.contains(&n)),
            "table" => self.close(&["table"], |n| n == "html"),
            name if TABLE_PARTS.contains(&name) => self.close(&[name], |n| n == "table"),
            name if is_block(name) => self.close(&[name], |n| SCOPES.contains(&n)),
            name => self.close(&[name], is_block),
        }
    }

    /// Ends the innermost open element of these names with all that is open in it, unless an
    /// element at which `stops` holds is open in between.
    fn close(&mut self, names: &[&str], stops: impl Fn(&str) -> bool) {
        for depth in (1..self.open.len()).rev() {
            let name = &*self.elements[self.open[depth]].name;
            if names.contains(&name) {
                return self.open.truncate(depth);
            }
            if stops(name) {
                return;
            }
        }
    }
}

/// Where in `span` of the page `value` stands, or all of it.
fn within(page: &str, span: Span, value: &str) -> Span {
    let found = span.of(page).rfind(value).map(|at| span.start + at);
    found.map_or(span, |start| Span::new(start, start + value.len()))
}

/// Elements of text that pages close by mistake with `/>`, and that stay open all the same.
fn is_inline(name: &str) -> bool {
    matches!(name, "a" | "b" | "em" | "i" | "span" | "strong" | "u" | "script" | "style" | "title")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_can_be_searched() {
        assert!(BLOCKS.is_sorted());
    }

    #[test]
    fn what_is_open_ends_where_it_must() {
        let names = |page: &str| {
            let tree = Tree::parse(page);
            let around =
                |idx| tree.around(idx).map(|idx| &*tree.elements[idx].name).collect::<Vec<_>>();
            let at =
                tree.iter().find(|(_, element)| element.name == "em").map(|(idx, _)| around(idx));
            at.unwrap().join(" ")
        };
        assert_eq!(names("<p>a<p>b<em>"), "p");
        assert_eq!(names("<ul><li>a<li><p>b<li><em>"), "li ul");
        assert_eq!(names("<table><tr><td>a<td><p>b</td><tr><td><em>"), "td tr table");
        assert_eq!(names("<div><b>a</div></b><em>"), "");
        assert_eq!(names("<div><span>a</b></span></p><em>"), "div");
        assert_eq!(names("<td></div></td><div></html></body><em>"), "div");
        assert_eq!(names("<a>x<p>y<a>z</a></p><em>"), "a");
    }
}
