//! The elements of an XML text, with their places in it.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use super::tag;
use crate::article::Span;

/// What a piece of the text is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind<'t> {
    /// A tag that begins an element, or is all of it.
    Element,
    End,
    Text(Cow<'t, str>),
    /// Something that stands for text, but not known for which.
    Reference,
    /// `<?xml ...?>`
    Declaration,
    Other,
}

/// A piece of the text.
#[derive(Debug, Clone)]
pub(super) struct Node<'t> {
    pub kind: Kind<'t>,
    /// Of a tag, without a prefix.
    pub name: &'t str,
    pub span: Span,
    parent: Option<usize>,
    /// The index of the tag that ends the element; its own where that is all of it.
    last: usize,
}

/// A text and its pieces in their order.
#[derive(Debug)]
pub(super) struct Tree<'t> {
    pub text: &'t str,
    pub nodes: Vec<Node<'t>>,
}

impl<'t> Tree<'t> {
    pub(super) fn read(text: &'t str) -> Result<Self, String> {
        let mut tree = Self { text, nodes: Vec::new() };
        // The reader leaves a mark of the byte order out and does not count it.
        let xml = text.trim_start_matches('\u{feff}');
        let skipped = text.len() - xml.len();
        let mut reader = Reader::from_str(xml);
        let mut open = Vec::new();
        let mut at = skipped;
        loop {
            let event = reader.read_event().map_err(|error| tree.broken(at, &error))?;
            let end = usize::try_from(reader.buffer_position()).unwrap_or(xml.len()) + skipped;
            if event == Event::Eof {
                break;
            }
            tree.add(event, Span::new(at, end), &mut open);
            at = end;
        }
        match open.last() {
            Some(&unclosed) => Err(format!("<{}> does not end", tree.nodes[unclosed].name)),
            None => Ok(tree),
        }
    }

    fn broken(&self, at: usize, error: &dyn std::fmt::Display) -> String {
        let before = Span::new(0, at).of(self.text);
        format!("line {}: {error}", before.matches('\n').count() + 1)
    }

    fn add(&mut self, event: Event<'t>, span: Span, open: &mut Vec<usize>) {
        let idx = self.nodes.len();
        let mut node =
            Node { kind: Kind::Other, name: "", span, parent: open.last().copied(), last: idx };
        match event {
            Event::Start(_) => {
                node.kind = Kind::Element;
                open.push(idx);
            }
            Event::Empty(_) => node.kind = Kind::Element,
            Event::End(_) => {
                node.kind = Kind::End;
                if let Some(start) = open.pop() {
                    self.nodes[start].last = idx;
                }
            }
            Event::Text(text) => node.kind = Kind::Text(text.xml10_content()),
            Event::CData(text) => node.kind = Kind::Text(text.xml10_content()),
            Event::GeneralRef(reference) => node.kind = referenced(&reference),
            Event::Decl(_) => node.kind = Kind::Declaration,
            _ => {}
        }
        if matches!(node.kind, Kind::Element | Kind::End) {
            let name = tag::full_name(span.of(self.text));
            node.name = name.rsplit(':').next().unwrap_or(name);
        }
        self.nodes.push(node);
    }

    /// The tag at a node.
    pub(super) fn tag(&self, idx: usize) -> &'t str {
        self.nodes[idx].span.of(self.text)
    }

    /// The tag that ends an element, or nothing where it has no content.
    pub(super) fn end_tag(&self, idx: usize) -> &'t str {
        let last = self.nodes[idx].last;
        if last == idx { "" } else { self.tag(last) }
    }

    /// An element with all that is in it.
    pub(super) fn whole(&self, idx: usize) -> Span {
        Span::new(self.nodes[idx].span.start, self.nodes[self.nodes[idx].last].span.end)
    }

    /// What stands directly in an element.
    pub(super) fn children(&self, idx: usize) -> Vec<usize> {
        let mut children = Vec::new();
        let mut at = idx + 1;
        while at < self.nodes[idx].last {
            children.push(at);
            at = self.nodes[at].last + 1;
        }
        children
    }

    /// The elements of a name.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = usize> {
        let is_it = move |idx: &usize| {
            self.nodes[*idx].kind == Kind::Element && self.nodes[*idx].name == name
        };
        (0..self.nodes.len()).filter(is_it)
    }

    /// An element and those that it is in, from the inside.
    pub(super) fn around(&self, idx: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(idx), |&idx| self.nodes[idx].parent)
    }

    /// The value of an attribute that holds for what is inside, too.
    pub(super) fn inherited(&self, idx: usize, name: &str) -> Option<&'t str> {
        self.around(idx).find_map(|idx| tag::value(self.tag(idx), name))
    }

    /// The text in an element, at any depth.
    pub(super) fn text_in(&self, idx: usize) -> String {
        let inside = &self.nodes[idx..=self.nodes[idx].last];
        let texts = inside.iter().filter_map(|node| match &node.kind {
            Kind::Text(text) => Some(text.as_ref()),
            _ => None,
        });
        texts.collect()
    }
}

fn referenced<'t>(reference: &BytesRef<'t>) -> Kind<'t> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Kind::Text(c.to_string().into());
    }
    match resolve_predefined_entity(&reference.xml10_content()) {
        Some(text) => Kind::Text(text.into()),
        None => Kind::Reference,
    }
}
