//! The elements of an XML text and their places in it.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::article::Span;

/// No program nests elements deeper; what walks down a tree needs an end.
const MAX_DEPTH: usize = 256;

/// An XML text that was read once.
#[derive(Debug)]
pub(super) struct Tree<'t> {
    pub text: &'t str,
    /// The prefix of the first element, with its colon.
    pub prefix: &'t str,
    /// In the order of their first bytes.
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    name: Span,
    whole: Span,
    /// What stands between its two tags.
    inner: Span,
    /// The first node behind it and all that is in it.
    next: usize,
}

impl<'t> Tree<'t> {
    /// Reads a text.
    pub fn parse(text: &'t str) -> Result<Self, String> {
        let bom = text.len() - text.trim_start_matches('\u{feff}').len();
        let mut tree = Self { text, prefix: "", nodes: Vec::new() };
        let mut reader = Reader::from_str(&text[bom..]);
        let mut open = Vec::new();
        loop {
            let start = bom + reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| error.to_string())?;
            let span = Span::new(start, bom + reader.buffer_position() as usize);
            match event {
                Event::Start(_) if open.len() == MAX_DEPTH => {
                    return Err(format!("more than {MAX_DEPTH} elements are in each other"));
                }
                Event::Start(tag) => open.push(tree.push(tag.name().into_inner(), span)),
                Event::Empty(tag) => drop(tree.push(tag.name().into_inner(), span)),
                Event::End(_) => open.pop().into_iter().for_each(|at| tree.close(at, span)),
                Event::Eof if open.is_empty() => break,
                Event::Eof => return Err("it ends within an element".to_owned()),
                _ => {}
            }
        }
        tree.prefix = tree.first_prefix();
        Ok(tree)
    }

    fn push(&mut self, name: &str, tag: Span) -> usize {
        let at = self.nodes.len();
        let name = Span::new(tag.start + 1, tag.start + 1 + name.len());
        let inner = Span::new(tag.end, tag.end);
        self.nodes.push(Node { name, whole: tag, inner, next: at + 1 });
        at
    }

    fn close(&mut self, at: usize, tag: Span) {
        let next = self.nodes.len();
        let node = &mut self.nodes[at];
        node.inner.end = tag.start;
        node.whole.end = tag.end;
        node.next = next;
    }

    fn first_prefix(&self) -> &'t str {
        let name = self.nodes.first().map_or("", |node| node.name.of(self.text));
        name.split_inclusive(':').next().filter(|prefix| prefix.ends_with(':')).unwrap_or_default()
    }

    /// All nodes.
    pub fn all(&self) -> std::ops::Range<usize> {
        0..self.nodes.len()
    }

    /// The name without the prefix of the first element; names with others keep theirs, so that
    /// the `a:p` of a drawing is no `p`.
    pub fn name(&self, at: usize) -> &'t str {
        let name = self.nodes[at].name.of(self.text);
        name.strip_prefix(self.prefix).unwrap_or(name)
    }

    /// The element with its tags.
    pub fn whole(&self, at: usize) -> Span {
        self.nodes[at].whole
    }

    /// What stands between its tags.
    pub fn inner(&self, at: usize) -> Span {
        self.nodes[at].inner
    }

    /// The bytes of the element.
    pub fn raw(&self, at: usize) -> &'t str {
        self.nodes[at].whole.of(self.text)
    }

    /// The elements right in this one.
    pub fn children(&self, at: usize) -> Vec<usize> {
        self.neighbours(at + 1, self.nodes[at].next)
    }

    /// The elements that are in no other.
    pub fn roots(&self) -> Vec<usize> {
        self.neighbours(0, self.nodes.len())
    }

    fn neighbours(&self, first: usize, end: usize) -> Vec<usize> {
        let within = |at: &usize| *at < end;
        let next = |at: &usize| Some(self.nodes[*at].next).filter(within);
        std::iter::successors(Some(first).filter(within), next).collect()
    }

    /// The first child of this name.
    pub fn child(&self, at: usize, name: &str) -> Option<usize> {
        self.children(at).into_iter().find(|child| self.name(*child) == name)
    }

    /// Whether an element of this name is somewhere inside.
    pub fn has_inside(&self, at: usize, name: &str) -> bool {
        (at + 1..self.nodes[at].next).any(|inside| self.name(inside) == name)
    }

    /// The place of the value of an attribute with the prefix of the first element.
    pub fn attribute(&self, at: usize, name: &str) -> Option<Span> {
        let node = &self.nodes[at];
        let end = if node.inner.is_empty() { node.whole.end } else { node.inner.start };
        let tag = Span::new(node.name.end, end).of(self.text);
        let key = format!("{}{name}=", self.prefix);
        let is_key = |found: &usize| tag[..*found].ends_with(char::is_whitespace);
        let found = tag.match_indices(&key).map(|(found, _)| found).find(is_key)?;
        let from = found + key.len() + 1;
        let quote = tag.get(from - 1..from)?;
        let start = node.name.end + from;
        Some(Span::new(start, start + tag[from..].find(quote)?))
    }

    /// The characters right in an element.
    pub fn characters(&self, at: usize) -> String {
        let mut reader = Reader::from_str(self.nodes[at].inner.of(self.text));
        let mut text = String::new();
        loop {
            match reader.read_event() {
                Ok(Event::Text(piece)) => text.push_str(&piece.xml10_content()),
                Ok(Event::CData(piece)) => text.push_str(&piece.into_inner()),
                Ok(Event::GeneralRef(reference)) => text.push_str(&character(&reference)),
                Ok(Event::Eof) | Err(_) => return text,
                Ok(_) => {}
            }
        }
    }
}

fn character(reference: &BytesRef) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        _ => {
            let name = reference.xml10_content();
            quick_xml::escape::resolve_predefined_entity(&name).unwrap_or_default().to_owned()
        }
    }
}
