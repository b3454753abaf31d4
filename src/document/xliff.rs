//! Texts for translators: XLIFF 1.2, and 2.0 and later.
//!
//! A segment without a translation gets one, in a state that asks a person to look at it. What has
//! a translation stays, and so does what may not be translated.

mod content;
mod tag;
mod tree;

use self::content::Content;
use self::tree::{Kind, Tree};
use super::inline::{Inline, Side};
use super::{Edit, Escape, Found, Layout, Options, Unit, placeholder};
use crate::article::Span;
use crate::language;

/// The two families of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

impl Version {
    /// The element that holds a source and its target.
    fn segment(self) -> &'static str {
        match self {
            Self::One => "trans-unit",
            Self::Two => "segment",
        }
    }

    /// The element that says which language the targets are in.
    fn file(self) -> &'static str {
        match self {
            Self::One => "file",
            Self::Two => "xliff",
        }
    }

    /// The attribute that says it.
    fn language(self) -> &'static str {
        match self {
            Self::One => "target-language",
            Self::Two => "trgLang",
        }
    }
}

/// The segments that are not translated.
pub(super) fn find(text: &str, options: &Options) -> Result<Found, String> {
    let tree = Tree::read(text)?;
    let root = tree.named("xliff").next().ok_or("it has no element <xliff>")?;
    let is_two = tag::value(tree.tag(root), "version").is_some_and(|v| v.starts_with('2'));
    let version = if is_two { Version::Two } else { Version::One };
    let mut found = Found::default();
    let mut file = None;
    for idx in tree.named(version.segment()) {
        let Some(segment) = Segment::open(&tree, idx, version) else { continue };
        let units = segment.units();
        if units.is_empty() {
            continue;
        }
        found.units.extend(units);
        found.edits.extend(segment.state());
        let own = tree.around(idx).find(|&idx| tree.nodes[idx].name == version.file());
        if own != file {
            let edit = own.map(|own| in_language(&tree, own, version, &options.to)).transpose()?;
            found.edits.extend(edit.flatten());
            file = own;
        }
    }
    found.edits.extend(encoding(&tree, !found.units.is_empty() || !text.is_ascii()));
    Ok(found)
}

/// A segment that is to be translated.
struct Segment<'a> {
    tree: &'a Tree<'a>,
    version: Version,
    idx: usize,
    source: usize,
    /// The source as it was cut into sentences, in 1.2.
    cut: Option<usize>,
    target: Option<usize>,
}

impl<'a> Segment<'a> {
    fn open(tree: &'a Tree, idx: usize, version: Version) -> Option<Self> {
        let stays = tree.inherited(idx, "translate") == Some("no")
            || tag::value(tree.tag(idx), "approved") == Some("yes");
        let children = tree.children(idx);
        let named = |name: &str| {
            let is_it = |&&idx: &&usize| {
                tree.nodes[idx].kind == Kind::Element && tree.nodes[idx].name == name
            };
            children.iter().find(is_it).copied()
        };
        let (cut, target) = (named("seg-source"), named("target"));
        let segment = Self { tree, version, idx, source: named("source")?, cut, target };
        (!stays && segment.is_open()).then_some(segment)
    }

    /// Whether its target is missing, empty, or said to be no translation.
    fn is_open(&self) -> bool {
        let Some(target) = self.target else { return true };
        let state = match self.version {
            Version::One => tag::value(self.tree.tag(target), "state"),
            Version::Two => tag::value(self.tree.tag(self.idx), "state"),
        };
        let is_new = match self.version {
            Version::One => matches!(state, Some("new" | "needs-translation")),
            Version::Two => state == Some("initial"),
        };
        is_new || is_empty(self.tree, target)
    }

    /// The lines of the source, all in the place of the target.
    fn units(&self) -> Vec<Unit> {
        let content = Content::read(self.tree, self.cut.unwrap_or(self.source));
        let place = self.place();
        let end = Span::new(place.end, place.end);
        let line = |(n, (before, inline)): (usize, (String, Inline))| {
            let place = if n == 0 { place } else { end };
            let mut unit = unit(inline, place, &content.keep);
            unit.around.0 = before;
            unit
        };
        let mut units: Vec<Unit> = content.lines.into_iter().enumerate().map(line).collect();
        if let Some(first) = units.first_mut() {
            first.around.0.insert_str(0, &self.start_tag());
        }
        if let Some(last) = units.last_mut() {
            let name = tag::full_name(self.target.map_or("", |idx| self.tree.tag(idx)));
            let name = if name.is_empty() { &self.missing_name() } else { name };
            last.around.1 = format!("{}</{name}>", content.tail);
        }
        units
    }

    /// The whole target, or where it is missing.
    fn place(&self) -> Span {
        if let Some(target) = self.target {
            return self.tree.whole(target);
        }
        let end = self.tree.whole(self.cut.unwrap_or(self.source)).end;
        Span::new(end, end)
    }

    /// The tag of the target; of one that was missing with a line of its own, where the source has
    /// one.
    fn start_tag(&self) -> String {
        let tag = match self.target {
            Some(target) => tag::opened(self.tree.tag(target)),
            None => format!("{}<{}>", self.indent(), self.missing_name()),
        };
        match self.version {
            Version::One => {
                let tag = tag::with(&tag, "state", "needs-review-translation");
                tag::with(&tag, "state-qualifier", "mt-suggestion")
            }
            Version::Two => tag,
        }
    }

    /// `target` with the prefix of the source.
    fn missing_name(&self) -> String {
        let source = tag::full_name(self.tree.tag(self.source));
        format!("{}target", source.strip_suffix("source").unwrap_or_default())
    }

    /// The line break and the blanks before the source.
    fn indent(&self) -> &'a str {
        let before = &self.tree.text[..self.tree.nodes[self.source].span.start];
        let blanks = &before[before.trim_end_matches([' ', '\t']).len()..];
        let line = before.len() - blanks.len();
        let newline = match &before[..line] {
            rest if rest.ends_with("\r\n") => 2,
            rest => usize::from(rest.ends_with('\n')),
        };
        if newline == 0 { "" } else { &before[line - newline..] }
    }

    /// The state that 2.x has at the segment.
    fn state(&self) -> Option<Edit> {
        let own = tag::without(self.tree.tag(self.idx), "subState");
        let text = tag::with(&own, "state", "translated");
        let place = self.tree.nodes[self.idx].span;
        (self.version == Version::Two).then_some(Edit { part: 0, place, text })
    }
}

/// Whether an element has no text and no tags but those around sentences.
fn is_empty(tree: &Tree, idx: usize) -> bool {
    tree.children(idx).into_iter().all(|child| match &tree.nodes[child].kind {
        Kind::Text(text) => text.trim().is_empty(),
        Kind::Element => tree.nodes[child].name == "mrk" && is_empty(tree, child),
        Kind::Reference => false,
        _ => true,
    })
}

fn unit(inline: Inline, place: Span, keep: &[String]) -> Unit {
    let mut unit = Unit::new(inline, place, Escape::Xml);
    let text = &unit.inline.text;
    unit.keep = placeholder::find(text);
    unit.keep.extend(keep.iter().filter(|kept| text.contains(kept.as_str())).cloned());
    if unit.inline.tags.iter().any(|tag| tag.side == Side::Break) {
        unit.layout = Layout::Cues { width: usize::MAX };
    }
    unit
}

/// The language of the targets, where the file does not say it.
fn in_language(
    tree: &Tree,
    idx: usize,
    version: Version,
    to: &str,
) -> Result<Option<Edit>, String> {
    let tag = tree.tag(idx);
    match tag::value(tag, version.language()) {
        None | Some("") => {
            let text = tag::with(tag, version.language(), to);
            Ok(Some(Edit { part: 0, place: tree.nodes[idx].span, text }))
        }
        Some(found) if language::is_tag_of(found, to) => Ok(None),
        Some(found) => Err(format!(
            "its target language is `{found}`: translate it with --to {found}, or correct its \
             {}",
            version.language()
        )),
    }
}

/// What is written is UTF-8, whatever it was. Where all is ASCII, most other encodings hold as
/// well.
fn encoding(tree: &Tree, is_all: bool) -> Option<Edit> {
    let node = tree.nodes.iter().find(|node| node.kind == Kind::Declaration)?;
    let tag = node.span.of(tree.text);
    let named = tag::value(tag, "encoding")?.to_ascii_lowercase();
    let is_wrong = named != "utf-8" && (is_all || named.starts_with("utf-16"));
    let text = tag::with(tag, "encoding", "UTF-8");
    is_wrong.then_some(Edit { part: 0, place: node.span, text })
}

#[cfg(test)]
mod tests;
