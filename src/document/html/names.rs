//! What an element is, by its name.

use crate::input::html;

/// Elements without content.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// Elements of forms and of the head that hold a text of their own.
const APART: [&str; 7] = ["label", "legend", "optgroup", "option", "search", "select", "title"];
/// Elements whose content is for machines, is set as it is, or is the reader's own.
const OPAQUE: [&str; 13] = [
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "pre",
    "script",
    "style",
    "svg",
    "template",
    "textarea",
    "xmp",
];
/// Those of them that hold no tags, and that nothing but their own end tag ends.
const RAW: [&str; 9] = [
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "script",
    "style",
    "textarea",
    "xmp",
];

/// Whether an element has no content.
pub(in crate::document) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// Whether an element parts texts.
pub(super) fn is_block(name: &str) -> bool {
    html::is_block(name) || APART.contains(&name)
}

/// Whether the content of an element is not translated.
pub(super) fn is_opaque(name: &str) -> bool {
    OPAQUE.contains(&name)
}

/// Whether `/>` does not close an element.
pub(super) fn is_raw(name: &str) -> bool {
    RAW.contains(&name)
}

/// Whether the words of an element are code.
pub(super) fn is_code(name: &str) -> bool {
    matches!(name, "code" | "kbd" | "samp" | "tt" | "var")
}

/// An element that is passed over.
#[derive(Debug)]
pub(super) struct Skipped {
    /// Where it begins.
    pub start: usize,
    /// Whether it stands in running text.
    pub is_inline: bool,
    /// The names of the elements that are open: itself, and those in it.
    open: Vec<String>,
}

/// What an end tag is to an element that is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It ends something inside, or nothing.
    Inside,
    /// It ends the element.
    Behind,
    /// It ends something around.
    Before,
}

impl Skipped {
    pub(super) fn new(name: String, start: usize, is_inline: bool) -> Self {
        Self { start, is_inline, open: vec![name] }
    }

    /// An element begins inside.
    pub(super) fn start(&mut self, name: String, is_closed: bool) {
        if !is_void(&name) && (!is_closed || is_raw(&name)) {
            self.open.push(name);
        }
    }

    pub(super) fn end(&mut self, name: &str) -> End {
        match self.open.iter().rposition(|open| open == name) {
            Some(0) => End::Behind,
            Some(at) => {
                self.open.truncate(at);
                End::Inside
            }
            None if self.may_lack_end() && is_block(name) => End::Before,
            None => End::Inside,
        }
    }

    /// Whether the beginning of another element ends this one, as a cell ends the one before.
    pub(super) fn ends_before(&self, name: &str) -> bool {
        let Some((own, inside)) = self.open.split_first() else { return true };
        let is_next = match &**own {
            "p" => is_block(name),
            "li" | "tr" | "option" => own == name,
            "dd" | "dt" => matches!(name, "dd" | "dt"),
            "td" | "th" => matches!(name, "td" | "th" | "tr"),
            _ => false,
        };
        is_next && !inside.iter().any(|inner| is_block(inner))
    }

    /// Whether pages leave its end tag out.
    fn may_lack_end(&self) -> bool {
        let own = self.open.first().map_or("", String::as_str);
        matches!(own, "p" | "li" | "tr" | "option" | "dd" | "dt" | "td" | "th")
    }
}
