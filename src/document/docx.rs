//! Word documents: the text of one member of the package.
//!
//! A paragraph is a unit, from its first run with text to its last. A text box stands within a
//! paragraph and has paragraphs of its own: it parts the one around it in two units, and those in
//! it are units as any other. What was deleted in tracked changes stays as it is.

mod pieces;
mod stretches;
mod tree;

#[cfg(test)]
mod tests;

use pieces::{Piece, Pieces};
use tree::Tree;

use super::{Edit, Escape, Found, Options, Unit};
use crate::article::Span;
use crate::language::locale;

/// Writes elements with this prefix.
#[derive(Debug, Clone, Copy)]
struct Markup<'t>(&'t str);

/// The language of the document as the text says it, and the one that it will say.
#[derive(Debug)]
struct Languages<'t> {
    from: &'t str,
    to: &'t str,
}

/// The units of a member, and the places where it names its language.
pub(super) fn find(text: &str, options: &Options) -> Result<Found, String> {
    let tree = Tree::parse(text)?;
    let languages = Languages { from: &options.from, to: locale(&options.to) };
    let pieces = Pieces { tree: &tree, languages: &languages };
    let mut paragraphs = Paragraphs { tree: &tree, pieces, units: Vec::new() };
    for at in tree.all().filter(|at| tree.name(*at) == "p") {
        paragraphs.read(&tree.children(at), None);
    }
    let mut units = paragraphs.units;
    units.sort_by_key(|unit| unit.place.start);
    let edits = languages.edits(&tree, &units);
    Ok(Found { units, edits })
}

struct Paragraphs<'t> {
    tree: &'t Tree<'t>,
    pieces: Pieces<'t>,
    units: Vec<Unit>,
}

impl Paragraphs<'_> {
    /// The units of neighbours, which may be the children of a run.
    fn read(&mut self, nodes: &[usize], run: Option<usize>) {
        let mut group = Vec::new();
        for &at in nodes {
            if !self.tree.has_inside(at, "p") {
                group.push(at);
                continue;
            }
            self.unit(&std::mem::take(&mut group), run);
            if let Some(content) = pieces::content(self.tree, at) {
                self.read(&self.tree.children(content), None);
            } else if run.is_none() && self.tree.name(at) == "r" {
                self.read(&self.tree.children(at), Some(at));
            }
        }
        self.unit(&group, run);
    }

    fn unit(&mut self, nodes: &[usize], run: Option<usize>) {
        let mut pieces = match run {
            Some(run) => self.pieces.of_run(run, nodes),
            None => self.pieces.of(nodes),
        };
        let Some(place) = trim(&mut pieces) else { return };
        let markup = Markup(self.tree.prefix);
        let base = stretches::base(&pieces);
        let inline = stretches::inline(&pieces, &base, markup);
        let mut unit = Unit::new(inline, place, Escape::Xml);
        unit.around = match run {
            Some(_) => (markup.begin_text(), markup.end_text()),
            None => (markup.begin(&base), markup.end()),
        };
        self.units.extend(Some(unit).filter(|unit| unit.inline.has_words()));
    }
}

/// Takes away what stands before the first element with text and behind the last; gives the place
/// of the rest.
fn trim(pieces: &mut Vec<Piece>) -> Option<Span> {
    let first = pieces.iter().find(|piece| piece.has_text())?.place;
    let last = pieces.iter().rfind(|piece| piece.has_text())?.place;
    pieces.retain(|piece| piece.place.end > first.start && piece.place.start < last.end);
    Some(Span::new(first.start, last.end))
}

impl Languages<'_> {
    /// The value of an element `lang` that names the language of the document.
    fn named(&self, tree: &Tree, at: usize) -> Option<Span> {
        let value = tree.attribute(at, "val")?;
        let language = value.of(tree.text).split(['-', '_']).next().unwrap_or_default();
        Some(value).filter(|_| language.eq_ignore_ascii_case(self.from))
    }

    /// An element `lang` with the new language.
    fn told(&self, tree: &Tree, at: usize) -> String {
        let whole = tree.whole(at);
        let Some(value) = self.named(tree, at) else { return tree.raw(at).to_owned() };
        let (before, after) =
            (Span::new(whole.start, value.start), Span::new(value.end, whole.end));
        format!("{}{}{}", before.of(tree.text), self.to, after.of(tree.text))
    }

    /// The elements `lang` outside the units.
    fn edits(&self, tree: &Tree, units: &[Unit]) -> Vec<Edit> {
        let is_free = |place: &Span| {
            let before = units.partition_point(|unit| unit.place.start <= place.start);
            before.checked_sub(1).is_none_or(|last| units[last].place.end <= place.start)
        };
        let named = tree.all().filter(|at| matches!(tree.name(*at), "lang" | "themeFontLang"));
        let places = named.filter_map(|at| self.named(tree, at)).filter(is_free);
        places.map(|place| Edit { part: 0, place, text: self.to.to_owned() }).collect()
    }
}

/// A written unit without the runs that hold nothing, and without blanks beside tabs and line
/// breaks, where only the text for the translator needed them.
pub(super) fn tidy(written: &str) -> String {
    let Ok(tree) = Tree::parse(written) else { return written.to_owned() };
    let mut cuts: Vec<Span> = tree.all().filter_map(|at| empty(&tree, at)).collect();
    cuts.extend(blanks(&tree, &tree.roots()));
    let runs = tree.all().filter(|at| tree.name(*at) == "r");
    cuts.extend(runs.flat_map(|run| blanks(&tree, &tree.children(run))));
    cuts.sort_unstable();
    let mut tidy = String::with_capacity(written.len());
    let mut at = 0;
    for cut in cuts {
        tidy.push_str(Span::new(at, cut.start).of(written));
        at = at.max(cut.end);
    }
    tidy + Span::new(at, written.len()).of(written)
}

/// The place of an element that holds nothing.
fn empty(tree: &Tree, at: usize) -> Option<Span> {
    let is_empty = match tree.name(at) {
        "t" => tree.inner(at).is_empty(),
        "r" => tree.children(at).into_iter().all(|part| match tree.name(part) {
            "t" => tree.inner(part).is_empty(),
            name => name == "rPr",
        }),
        _ => false,
    };
    is_empty.then(|| tree.whole(at))
}

/// The blanks between text and a tab or line break that are neighbours.
fn blanks(tree: &Tree, nodes: &[usize]) -> Vec<Span> {
    let mut cuts = Vec::new();
    for pair in nodes.windows(2) {
        let is_break = |at: usize| pieces::is_blank(tree.name(at));
        let (first, second) = (tree.inner(pair[0]), tree.inner(pair[1]));
        if tree.name(pair[0]) == "t" && is_break(pair[1]) {
            let kept = first.of(tree.text).trim_end_matches(' ').len();
            cuts.push(Span::new(first.start + kept, first.end));
        }
        if is_break(pair[0]) && tree.name(pair[1]) == "t" {
            let kept = second.of(tree.text).trim_start_matches(' ').len();
            cuts.push(Span::new(second.start, second.end - kept));
        }
    }
    cuts
}
