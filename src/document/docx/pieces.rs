//! What a paragraph is made of: stretches of text in one format, and what stands between them.

use quick_xml::escape::partial_escape;

use super::tree::Tree;
use super::{Languages, Markup};
use crate::article::Span;

/// Fields in fields in fields; deeper ones are not told apart.
const MAX_FIELDS: usize = 8;

/// How the text of a run looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Format {
    /// What two runs must share to be one stretch: not the language, and not what the spelling
    /// checker may skip.
    pub key: String,
    /// As it is written.
    pub raw: String,
}

/// A piece of a paragraph.
#[derive(Debug)]
pub(super) struct Piece {
    /// The bytes of the element that it stands in.
    pub place: Span,
    pub what: What,
}

#[derive(Debug)]
pub(super) enum What {
    Text(String, Format),
    /// Something without text. One with a format stands in a run, others beside runs.
    Alone {
        raw: String,
        format: Option<Format>,
        /// Whether it parts words: a tab, a line break.
        is_blank: bool,
    },
    /// Something around runs: a link.
    Pair {
        open: String,
        close: String,
        inside: Vec<Piece>,
    },
    /// A mark of a field with its run.
    Field(Role, String),
}

/// What a mark of a field does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Begin,
    /// Between the field's code and the text that it gives.
    Separate,
    End,
}

impl Piece {
    /// Whether there is anything to read in it.
    pub fn has_text(&self) -> bool {
        match &self.what {
            What::Text(text, _) => !text.trim().is_empty(),
            What::Pair { inside, .. } => inside.iter().any(Self::has_text),
            What::Alone { .. } | What::Field(..) => false,
        }
    }
}

/// Reads pieces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pieces<'t> {
    pub tree: &'t Tree<'t>,
    pub languages: &'t Languages<'t>,
}

impl<'t> Pieces<'t> {
    /// The pieces of elements that are neighbours in a paragraph.
    pub fn of(self, nodes: &[usize]) -> Vec<Piece> {
        let found = nodes.iter().flat_map(|&at| self.element(at));
        Fields::new(self.markup()).paired(found)
    }

    /// The pieces of some of a run's children.
    pub fn of_run(self, run: usize, nodes: &[usize]) -> Vec<Piece> {
        let format = self.format(run);
        let what = |&at: &usize| {
            let what = self.part(at, &format)?;
            Some(Piece { place: self.tree.whole(at), what })
        };
        Fields::new(self.markup()).paired(nodes.iter().filter_map(what))
    }

    fn markup(self) -> Markup<'t> {
        Markup(self.tree.prefix)
    }

    fn element(self, at: usize) -> Vec<Piece> {
        let place = self.tree.whole(at);
        match self.tree.name(at) {
            "pPr" | "proofErr" => Vec::new(),
            "r" => {
                let format = self.format(at);
                let parts = self.tree.children(at).into_iter();
                let whats = parts.filter_map(|part| self.part(part, &format));
                whats.map(|what| Piece { place, what }).collect()
            }
            _ => vec![Piece { place, what: self.around(at) }],
        }
    }

    /// Something beside runs, or around them.
    fn around(self, at: usize) -> What {
        let raw = self.tree.raw(at).to_owned();
        let alone = What::Alone { raw, format: None, is_blank: false };
        let Some(content) = content(self.tree, at) else { return alone };
        let (first, nodes) = head(self.tree, content);
        let inside = self.of(&nodes);
        if !inside.iter().any(Piece::has_text) {
            return alone;
        }
        let (whole, inner) = (self.tree.whole(at), self.tree.inner(content));
        let open = Span::new(whole.start, first).of(self.tree.text).to_owned();
        let close = Span::new(inner.end, whole.end).of(self.tree.text).to_owned();
        What::Pair { open, close, inside }
    }

    /// A child of a run.
    fn part(self, at: usize, format: &Format) -> Option<What> {
        let raw = self.tree.raw(at).to_owned();
        Some(match self.tree.name(at) {
            "rPr" | "softHyphen" | "lastRenderedPageBreak" => return None,
            "t" => What::Text(self.tree.characters(at), format.clone()),
            "noBreakHyphen" => What::Text("\u{2011}".to_owned(), format.clone()),
            "fldChar" => What::Field(self.role(at), self.markup().run(format, &raw)),
            name => {
                let is_blank = is_blank(name);
                What::Alone { raw, format: Some(format.clone()), is_blank }
            }
        })
    }

    fn role(self, at: usize) -> Role {
        let value = self.tree.attribute(at, "fldCharType");
        match value.map_or("", |value| value.of(self.tree.text)) {
            "begin" => Role::Begin,
            "separate" => Role::Separate,
            _ => Role::End,
        }
    }

    /// The format of a run.
    fn format(self, run: usize) -> Format {
        let mut format = Format::default();
        let properties = self.tree.child(run, "rPr");
        for at in properties.into_iter().flat_map(|at| self.tree.children(at)) {
            let raw = self.tree.raw(at);
            match self.tree.name(at) {
                "noProof" => {}
                "lang" => format.raw.push_str(&self.languages.told(self.tree, at)),
                _ => {
                    format.key.push_str(raw);
                    format.raw.push_str(raw);
                }
            }
        }
        format
    }
}

/// Whether an element of a run parts words.
pub(super) fn is_blank(name: &str) -> bool {
    matches!(name, "br" | "cr" | "tab" | "ptab")
}

/// The element that holds the runs of something around runs. What was deleted or moved away is
/// none: it stays as it is.
pub(super) fn content(tree: &Tree, at: usize) -> Option<usize> {
    match tree.name(at) {
        "hyperlink" | "ins" | "moveTo" | "smartTag" | "customXml" | "fldSimple" | "bdo" | "dir" => {
            Some(at)
        }
        "sdt" => tree.child(at, "sdtContent"),
        _ => None,
    }
}

/// Where the runs begin in what holds them, and the runs: properties stand first.
fn head(tree: &Tree, content: usize) -> (usize, Vec<usize>) {
    let mut nodes = tree.children(content);
    let is_head = |at: &usize| matches!(tree.name(*at), "smartTagPr" | "customXmlPr" | "fldData");
    let n_head = nodes.iter().take_while(|at| is_head(at)).count();
    let last = n_head.checked_sub(1).map(|last| tree.whole(nodes[last]).end);
    (last.unwrap_or(tree.inner(content).start), nodes.split_off(n_head))
}

/// Fields: the code of one and its end are tags, the text that it gives is text. A field that goes
/// on in other paragraphs leaves marks that stand alone.
struct Fields<'t> {
    markup: Markup<'t>,
    done: Vec<Piece>,
    open: Vec<Field>,
}

/// A field that has begun.
struct Field {
    place: Span,
    code: String,
    is_code_done: bool,
    inside: Vec<Piece>,
}

impl<'t> Fields<'t> {
    fn new(markup: Markup<'t>) -> Self {
        Self { markup, done: Vec::new(), open: Vec::new() }
    }

    fn paired(mut self, pieces: impl Iterator<Item = Piece>) -> Vec<Piece> {
        for piece in pieces {
            match piece.what {
                What::Field(role, raw) => self.mark(role, raw, piece.place),
                what => self.push(Piece { what, ..piece }),
            }
        }
        for field in std::mem::take(&mut self.open) {
            self.done.push(alone(field.code, field.place));
            self.done.extend(field.inside);
        }
        self.done
    }

    fn push(&mut self, piece: Piece) {
        match self.open.last_mut() {
            Some(field) if field.is_code_done => field.inside.push(piece),
            Some(field) => {
                field.place.end = piece.place.end;
                field.code.push_str(&self.markup.piece(&piece));
            }
            None => self.done.push(piece),
        }
    }

    fn mark(&mut self, role: Role, raw: String, place: Span) {
        let n_open = self.open.len();
        match (role, self.open.last_mut()) {
            (Role::Begin, _) if n_open < MAX_FIELDS => {
                let (code, inside) = (raw, Vec::new());
                self.open.push(Field { place, code, is_code_done: false, inside });
            }
            (Role::Separate, Some(field)) if !field.is_code_done => {
                field.code.push_str(&raw);
                field.place.end = place.end;
                field.is_code_done = true;
            }
            (Role::End, Some(_)) => self.end(raw, place),
            _ => self.push(alone(raw, place)),
        }
    }

    fn end(&mut self, raw: String, end: Span) {
        let Some(field) = self.open.pop() else { return };
        let place = Span::new(field.place.start, end.end);
        let what = match field.inside.iter().any(Piece::has_text) {
            true => What::Pair { open: field.code, close: raw, inside: field.inside },
            false => {
                let inside: String = field.inside.iter().map(|p| self.markup.piece(p)).collect();
                let raw = format!("{}{inside}{raw}", field.code);
                What::Alone { raw, format: None, is_blank: false }
            }
        };
        self.push(Piece { place, what });
    }
}

fn alone(raw: String, place: Span) -> Piece {
    Piece { place, what: What::Alone { raw, format: None, is_blank: false } }
}

impl Markup<'_> {
    /// A piece as it stands beside runs.
    fn piece(self, piece: &Piece) -> String {
        match &piece.what {
            What::Text(text, format) => {
                let text = partial_escape(text.as_str());
                format!("{}{text}{}", self.begin(format), self.end())
            }
            What::Alone { raw, format: Some(format), .. } => self.run(format, raw),
            What::Alone { raw, format: None, .. } | What::Field(_, raw) => raw.clone(),
            What::Pair { open, close, inside } => {
                let inside: String = inside.iter().map(|piece| self.piece(piece)).collect();
                format!("{open}{inside}{close}")
            }
        }
    }
}
