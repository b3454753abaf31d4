//! What stands in a `<source>`: text with tags, in lines where its blanks count.

use super::tag;
use super::tree::{Kind, Tree};
use crate::article::Span;
use crate::document::inline::{Inline, Side};
use crate::document::{Escape, Unit, placeholder};

/// The lines of a content.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// Each with what stands before it.
    pub lines: Vec<(String, Inline)>,
    /// What stands behind the last.
    pub tail: String,
    /// Words that stay.
    pub keep: Vec<String>,
    /// Whether line breaks and tabs are more than blanks.
    is_preserved: bool,
    line: Inline,
    /// Blanks behind what was read.
    blanks: String,
    open: Vec<Opened>,
}

/// A tag that waits for its other half.
#[derive(Debug, Clone, Copy)]
struct Opened {
    /// Its index among the tags of the line.
    tag: usize,
    /// An element of XML, not a code like `<bpt>`, whose other half may be missing.
    is_element: bool,
}

impl Content {
    pub(super) fn read(tree: &Tree, source: usize) -> Self {
        let is_preserved = tree.inherited(source, "xml:space") == Some("preserve");
        let mut content = Self { is_preserved, ..Self::default() };
        content.inside(tree, source);
        while content.open.last().is_some() {
            content.forget();
        }
        content.end_line();
        content.tail.push_str(&content.blanks);
        content
    }

    fn inside(&mut self, tree: &Tree, idx: usize) {
        for child in tree.children(idx) {
            match &tree.nodes[child].kind {
                Kind::Text(text) => self.text(text),
                Kind::Reference => self.alone(tree.tag(child)),
                Kind::Element => self.element(tree, child),
                _ => {}
            }
        }
    }

    fn element(&mut self, tree: &Tree, idx: usize) {
        let whole = tree.whole(idx).of(tree.text);
        let has_content = !tree.end_tag(idx).is_empty();
        match tree.nodes[idx].name {
            "g" | "mrk" | "pc" if has_content => self.marked(tree, idx),
            "bpt" | "bx" | "sc" | "sm" => self.opens(whole, false),
            "ept" | "ex" | "ec" | "em" => self.code_closes(whole),
            _ => self.alone(whole),
        }
    }

    /// An element around text.
    fn marked(&mut self, tree: &Tree, idx: usize) {
        let own = tree.tag(idx);
        let stays = tag::value(own, "translate") == Some("no")
            || tag::value(own, "mtype") == Some("protected");
        if stays {
            let words = tree.text_in(idx).trim().to_owned();
            self.keep.extend(Some(words).filter(|words| !words.is_empty()));
        }
        self.opens(own, true);
        self.inside(tree, idx);
        self.element_closes(tree.end_tag(idx));
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, ' ' | '\n' | '\r' | '\t') {
                self.blanks.push(c);
            } else {
                self.put_blanks();
                self.line.text.push(c);
            }
        }
    }

    fn alone(&mut self, raw: &str) {
        self.put_blanks();
        self.line.push_tag(Side::Alone, raw);
    }

    fn opens(&mut self, raw: &str, is_element: bool) {
        self.put_blanks();
        self.open.push(Opened { tag: self.line.tags.len(), is_element });
        self.line.push_tag(Side::Open, raw);
    }

    /// A code whose other half is not here stands alone.
    fn code_closes(&mut self, raw: &str) {
        self.put_blanks();
        let is_paired = self.open.last().is_some_and(|open| !open.is_element);
        if is_paired {
            self.open.pop();
        }
        self.line.push_tag(if is_paired { Side::Close } else { Side::Alone }, raw);
    }

    fn element_closes(&mut self, raw: &str) {
        self.put_blanks();
        while self.open.last().is_some_and(|open| !open.is_element) {
            self.forget();
        }
        self.open.pop();
        self.line.push_tag(Side::Close, raw);
    }

    /// Waits no longer for the other half of a code.
    fn forget(&mut self) {
        let tag = self.open.pop().and_then(|open| self.line.tags.get_mut(open.tag));
        tag.into_iter().for_each(|tag| tag.side = Side::Alone);
    }

    /// Adds the blanks, now that something follows them.
    fn put_blanks(&mut self) {
        let blanks = std::mem::take(&mut self.blanks);
        if blanks.is_empty() {
            return;
        }
        let breaks = self.is_preserved && blanks.contains(['\n', '\t']);
        if breaks && self.open.is_empty() {
            self.end_line();
        }
        if self.line == Inline::default() {
            self.tail.push_str(&blanks);
        } else if breaks {
            self.line.push_tag(Side::Break, blanks);
        } else if !self.line.text.is_empty() && !self.line.text.ends_with(' ') {
            self.line.text.push(' ');
        } else if let Some(tag) = self.line.tags.last_mut() {
            // Text has one blank on one side of a tag; a second one belongs to the tag.
            tag.raw.push(' ');
        }
    }

    /// A line without words is part of what stands before the next one.
    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        if line.text.ends_with(' ') {
            let end = line.text.len();
            if let Some(tag) = line.tags.iter_mut().find(|tag| tag.at == end) {
                tag.raw.insert(0, ' ');
            }
            line.trim_end();
        }
        if placeholder::leaves_words(&line.text) {
            self.lines.push((std::mem::take(&mut self.tail), line));
        } else {
            self.tail.push_str(&Unit::new(line, Span::default(), Escape::Xml).as_is());
        }
    }
}
