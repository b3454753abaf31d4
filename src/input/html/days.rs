//! When a page says that its article appeared and was changed.

use super::blocks::Block;
use super::dates;
use super::json_ld::Object;
use super::page::Page;
use super::select::Chosen;
use super::text::Text;
use super::tree::{Attribute, Element};
use crate::article::{BlockKind, Dated, Declared, Span};

/// How sure a day is by where it stands: a field of the article itself, an element of the page, a
/// line above the text, the address.
const FIELD: f64 = 0.95;
const META: f64 = 0.9;
const ELEMENT: f64 = 0.8;
const LINE: f64 = 0.7;
const ADDRESS: f64 = 0.6;

/// How many blocks above and below the headline may say when the article appeared.
const NEAR: usize = 8;
/// A longer line says more than a day.
const MAX_LINE_BYTES: usize = 200;

/// A day by the fields of the article, then by `meta` elements, then by marked elements.
pub fn in_head(page: &Page, objects: &[Object], fields: &[&str], metas: &[&str]) -> Option<Dated> {
    let articles = || objects.iter().filter(|object| object.is_article());
    let in_object = |object: &Object, name: &str| {
        let value = object.field(name)?.as_str()?;
        dated(value, object.place(page.source, name, value), FIELD)
    };
    let in_objects = fields.iter().find_map(|name| articles().find_map(|o| in_object(o, name)));
    let in_meta = || {
        metas.iter().find_map(|name| page.metas(name).find_map(|a| dated(a.value(), a.span, META)))
    };
    in_objects.or_else(in_meta).or_else(|| fields.iter().find_map(|name| marked(page, name)))
}

/// `<time itemprop="datePublished" datetime="...">`, or with the day in its text.
fn marked(page: &Page, name: &str) -> Option<Dated> {
    let marked = page.tree.iter().filter(|(_, element)| {
        element.value("itemprop").split_whitespace().any(|prop| prop == name)
            && element.name != "meta"
    });
    let mut here = marked.filter(|(idx, _)| !page.is_elsewhere(*idx));
    here.find_map(|(idx, element)| day_in(element, META).or_else(|| day_of(&page.text(idx), META)))
}

/// What the head does not say and the page shows: days in `time` elements and lines near the
/// headline, the day in the address.
pub fn complete(declared: &mut Declared, page: &Page, blocks: &[Block], chosen: &[Chosen]) {
    let shown = Shown { page, blocks, chosen };
    let (published, modified) = shown.days();
    let address = || in_address(page);
    declared.published = declared.published.or(published).or_else(address);
    declared.modified = declared.modified.or(modified);
}

struct Shown<'a> {
    page: &'a Page<'a>,
    blocks: &'a [Block],
    chosen: &'a [Chosen],
}

impl Shown<'_> {
    fn headline(&self) -> Option<usize> {
        let title = self.chosen.iter().find(|chosen| chosen.kind == Some(BlockKind::Title));
        title.or(self.chosen.first()).map(|chosen| chosen.block)
    }

    /// When the article appeared and when it was changed.
    fn days(&self) -> (Option<Dated>, Option<Dated>) {
        let said = self.lines().into_iter().map(|idx| days_of_line(&self.blocks[idx].text));
        let said = said.fold(Said::default(), |all, line| Said {
            published: all.published.or(line.published),
            modified: all.modified.or(line.modified),
        });
        // A `time` element in a line that says `mis à jour` is no day of publication.
        let day = |dated: Option<Dated>| dated.map(|dated| dated.date);
        let is_change =
            |time: &Dated| said.published.is_none() && Some(time.date) == day(said.modified);
        (self.time().filter(|time| !is_change(time)).or(said.published), said.modified)
    }

    /// The short lines that may say a day, those nearest to the headline first.
    fn lines(&self) -> Vec<usize> {
        let Some(headline) = self.headline() else { return Vec::new() };
        let near = headline.saturating_sub(NEAR)..(headline + NEAR + 1).min(self.blocks.len());
        let last = self.chosen.iter().rev().take(NEAR).map(|chosen| chosen.block);
        let mut lines: Vec<usize> = near.chain(last).filter(|&idx| self.may_date(idx)).collect();
        // A line below the headline is likelier to be of it than one as far above.
        lines.sort_by_key(|&idx| 2 * idx.abs_diff(headline) + usize::from(idx < headline));
        lines.dedup();
        lines
    }

    fn may_date(&self, idx: usize) -> bool {
        let block = &self.blocks[idx];
        block.text.as_str().len() <= MAX_LINE_BYTES
            && block.prose() == 0
            && !self.page.is_elsewhere(block.owner)
    }

    /// The `time` element nearest to the headline.
    fn time(&self) -> Option<Dated> {
        let owner = self.blocks[self.headline()?].owner;
        let times = self
            .page
            .tree
            .iter()
            .filter(|(idx, e)| e.name == "time" && !self.page.is_elsewhere(*idx));
        let mut times: Vec<_> = times.filter(|(_, time)| !says_changed(time)).collect();
        times.sort_by_key(|(idx, time)| {
            (
                !time.attributes.iter().any(Attribute::is_pubdate),
                2 * idx.abs_diff(owner) + usize::from(*idx < owner),
            )
        });
        let text_of = |idx| day_of(&self.page.text(idx), ELEMENT);
        times.into_iter().find_map(|(idx, time)| day_in(time, ELEMENT).or_else(|| text_of(idx)))
    }
}

fn says_changed(time: &Element) -> bool {
    let names = format!("{} {}", time.value("class"), time.value("itemprop")).to_lowercase();
    ["modif", "updat", "maj"].iter().any(|word| names.contains(word)) && !names.contains("publi")
}

/// The days that lines give.
#[derive(Default)]
struct Said {
    published: Option<Dated>,
    modified: Option<Dated>,
}

/// The days that a line such as `Publié le 6 mars 2025, mis à jour le 7 mars 2025` gives.
fn days_of_line(text: &Text) -> Said {
    let (line, mut at, mut said) = (text.as_str(), 0, Said::default());
    while let Some((date, found)) = dates::find(&line[at..]) {
        let place = Span::new(at + found.start, at + found.end);
        let day = Dated { date, evidence: text.locate(place), confidence: LINE };
        match changes(&line[at..place.start]) {
            true => said.modified.get_or_insert(day),
            false => said.published.get_or_insert(day),
        };
        at = place.end;
    }
    said
}

fn changes(before: &str) -> bool {
    let before = before.to_lowercase();
    ["jour", "modif", "actualis", "updated"].iter().any(|word| before.contains(word))
        && !before.contains("publi")
}

/// `https://journal.example/2026/01/06/le-pont`
fn in_address(page: &Page) -> Option<Dated> {
    let mut addresses = page.tree.elements.iter().filter_map(|element| match &*element.name {
        "link" if element.value("rel").eq_ignore_ascii_case("canonical") => {
            element.attribute("href")
        }
        "meta" if element.value("property") == "og:url" => element.attribute("content"),
        _ => None,
    });
    addresses.find_map(|a| dated(a.value(), a.span, ADDRESS))
}

fn dated(value: &str, place: Span, confidence: f64) -> Option<Dated> {
    let (date, _) = dates::find(value.trim())?;
    Some(Dated { date, evidence: place, confidence })
}

/// The day in the attributes of an element.
fn day_in(element: &Element, confidence: f64) -> Option<Dated> {
    let attributes = ["datetime", "content", "data-date", "title"];
    let mut found = attributes.iter().filter_map(|name| element.attribute(name));
    found.find_map(|a| dated(a.value(), a.span, confidence))
}

/// The day in a text.
fn day_of(text: &Text, confidence: f64) -> Option<Dated> {
    let (date, range) = dates::find(text.as_str())?;
    Some(Dated { date, evidence: text.locate(range.into()), confidence })
}
