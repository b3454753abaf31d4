//! The paragraphs of a page, in order, with what the markup says of each.

use super::names::Role;
use super::page::Page;
use super::text::Text;
use super::tree::{Child, Element, is_block, is_heading};
use crate::article::{BlockKind, Span};

/// Elements whose content is not text of the page, or none that a reader is meant to read.
const UNSEEN: [&str; 21] = [
    "audio", "button", "canvas", "datalist", "embed", "iframe", "input", "label", "map", "math",
    "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title",
    "video", "optgroup",
];
/// Rows with longer text are there for the layout of the page.
const MAX_ROW_BYTES: usize = 600;
/// Inline elements that pages often set apart by style alone.
const EDGES: [&str; 4] = ["a", "small", "span", "time"];
const STOPS: [char; 7] = ['.', '!', '?', '…', ':', '»', '"'];

/// A paragraph, heading, item or the like.
#[derive(Debug, Clone)]
pub struct Block {
    /// What it reads.
    pub text: Text,
    /// The element that holds it.
    pub owner: usize,
    /// What the nearest element with a role says of it.
    pub role: Option<Role>,
    /// The innermost element with a role that holds all of it, or else its owner.
    pub holder: usize,
    /// How many bytes of it are links.
    pub n_link_bytes: usize,
}

impl Block {
    /// How much it reads as running text: its length where it does, else nothing.
    pub fn prose(&self) -> usize {
        let text = self.text.as_str();
        let n_bytes = text.len();
        let heading = matches!(
            self.role,
            Some(Role::Block(BlockKind::Title | BlockKind::Intertitle | BlockKind::Date))
        );
        let linked = self.n_link_bytes * 3 > n_bytes;
        let closed = text.contains(['.', '!', '?', '…', ',']);
        if n_bytes >= 60 && closed && !linked && !heading { n_bytes } else { 0 }
    }

    /// Whether it is nothing but a link, long enough for the headline of another article.
    pub fn is_link(&self) -> bool {
        let n_bytes = self.text.as_str().len();
        let is_address = self.text.as_str().contains(['@', '/']);
        n_bytes >= 20 && self.n_link_bytes * 10 >= n_bytes * 9 && !is_address
    }

    /// The kind that the markup gives it.
    pub fn kind(&self) -> Option<BlockKind> {
        match self.role? {
            Role::Block(kind) => Some(kind),
            Role::Comments | Role::Furniture => None,
        }
    }
}

/// The blocks of a page in order.
pub fn blocks(page: &Page) -> Vec<Block> {
    let (blocks, current) = (Vec::new(), None);
    let mut walk = Walk { page, blocks, current, breaks: 0, at_edge: false };
    walk.enter(0, Around::default());
    walk.flush();
    walk.blocks
}

/// What the elements around a text say of it.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    owner: usize,
    role: Option<Role>,
    holder: usize,
    /// Role of the owner, for text that its inline elements disagree on.
    of_owner: Option<Role>,
    in_link: bool,
    in_heading: bool,
}

struct Walk<'a> {
    page: &'a Page<'a>,
    blocks: Vec<Block>,
    current: Option<Block>,
    /// Line breaks since the last text.
    breaks: usize,
    /// Whether an element of `EDGES` began or ended since the last text.
    at_edge: bool,
}

impl Walk<'_> {
    fn enter(&mut self, idx: usize, around: Around) {
        let element = &self.page.tree.elements[idx];
        if !self.is_seen(idx) {
            return;
        }
        match &*element.name {
            "br" => self.breaks += 1,
            "tr" if self.is_row(element) => self.row(idx, around),
            name if is_block(name) => self.block(idx, around),
            name => {
                self.at_edge |= EDGES.contains(&name);
                self.children(idx, self.inside(idx, around));
                self.at_edge |= EDGES.contains(&name);
            }
        }
    }

    fn is_seen(&self, idx: usize) -> bool {
        let element = &self.page.tree.elements[idx];
        !UNSEEN.contains(&&*element.name) && !is_hidden(element)
    }

    fn block(&mut self, idx: usize, around: Around) {
        self.flush();
        let inner = self.inside(idx, around);
        self.children(idx, Around { owner: idx, holder: idx, of_owner: inner.role, ..inner });
        self.flush();
    }

    fn children(&mut self, idx: usize, around: Around) {
        for child in &self.page.tree.elements[idx].children {
            match *child {
                Child::Element(child) => self.enter(child, around),
                Child::Text(span) | Child::Plain(span) => {
                    self.break_line(around);
                    self.break_word(span);
                    let plain = matches!(child, Child::Plain(_));
                    self.text(around, span, plain);
                }
            }
        }
    }

    fn text(&mut self, around: Around, span: Span, plain: bool) {
        let block = self.current.get_or_insert_with(|| new_block(around));
        let before = block.text.as_str().len();
        match plain {
            true => block.text.add_plain(self.page.source, span),
            false => block.text.add(self.page.source, span),
        }
        let n_bytes = block.text.as_str().len() - before;
        if n_bytes > 0 {
            (self.breaks, self.at_edge) = (0, false);
            block.n_link_bytes += if around.in_link { n_bytes } else { 0 };
            // An inline element names the block only where all of it is its own.
            let agree = before == 0 || block.holder == around.holder;
            let (inner, outer) = ((around.role, around.holder), (around.of_owner, around.owner));
            (block.role, block.holder) = if agree { inner } else { outer };
        }
    }

    /// `<a>Lire aussi</a><a>Le pont` reads `Lire aussiLe pont` without the style of the page.
    fn break_word(&mut self, next: Span) {
        let Some(block) = self.current.as_mut().filter(|_| self.at_edge) else { return };
        let ends = |c: char| c.is_lowercase() || c.is_ascii_digit() || ".!?»".contains(c);
        let begins = |c: char| c.is_uppercase() || c.is_ascii_digit();
        if block.text.as_str().ends_with(ends) && next.of(self.page.source).starts_with(begins) {
            block.text.add_blank();
        }
    }

    fn inside(&self, idx: usize, around: Around) -> Around {
        let (own, name) = (self.page.roles[idx], &self.page.tree.elements[idx].name);
        Around {
            role: own.or(around.role),
            holder: if own.is_some() { idx } else { around.holder },
            in_link: around.in_link || name == "a",
            in_heading: around.in_heading || is_heading(name),
            ..around
        }
    }

    /// Two line breaks part paragraphs, and one does where a sentence ends before it.
    fn break_line(&mut self, around: Around) {
        let Some(block) = &mut self.current else { return };
        let ended = block.text.as_str().ends_with(STOPS) && !around.in_heading;
        match self.breaks {
            0 => {}
            1 if !ended => block.text.add_blank(),
            _ => self.flush(),
        }
    }

    fn flush(&mut self) {
        self.breaks = 0;
        self.blocks.extend(self.current.take().filter(|block| !block.text.is_empty()));
    }

    /// Whether a row is one of data: short cells without paragraphs in them.
    fn is_row(&self, row: &Element) -> bool {
        let mut left = MAX_ROW_BYTES;
        let is_element = |child: &&Child| matches!(child, Child::Element(_));
        row.children.iter().filter(is_element).count() > 1 && self.is_flat(row, &mut left)
    }

    fn is_flat(&self, element: &Element, left: &mut usize) -> bool {
        element.children.iter().all(|child| match *child {
            Child::Text(span) | Child::Plain(span) => {
                let n_bytes = span.of(self.page.source).trim().len();
                let fits = n_bytes <= *left;
                *left = left.saturating_sub(n_bytes);
                fits
            }
            Child::Element(idx) => {
                let inner = &self.page.tree.elements[idx];
                let cell = matches!(&*inner.name, "td" | "th");
                (cell || !is_block(&inner.name)) && self.is_flat(inner, left)
            }
        })
    }

    fn row(&mut self, idx: usize, around: Around) {
        self.flush();
        let role = Some(Role::Block(BlockKind::Table));
        let inner = Around { owner: idx, holder: idx, role, of_owner: role, ..around };
        for child in &self.page.tree.elements[idx].children {
            if let Child::Element(cell) = *child {
                if !self.is_seen(cell) {
                    continue;
                }
                self.children(cell, inner);
                if let Some(block) = &mut self.current {
                    block.text.add_mark(" | ");
                }
                self.breaks = 0;
            }
        }
        self.flush();
    }
}

fn new_block(around: Around) -> Block {
    let Around { owner, holder, role, .. } = around;
    Block { text: Text::default(), owner, holder, role, n_link_bytes: 0 }
}

fn is_hidden(element: &Element) -> bool {
    let style = element.value("style").replace(' ', "").to_ascii_lowercase();
    element.attribute("hidden").is_some()
        || style.contains("display:none")
        || style.contains("visibility:hidden")
}
