//! Markdown: the words of headings, paragraphs, items and cells. What marks them is tags.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

use super::inline::Side;
use super::run::{Found, Run};
use super::{Escape, Layout, Unit, html};
use crate::article::Span;

#[cfg(test)]
mod tests;

/// The units of a text.
pub(super) fn find(text: &str) -> Vec<Unit> {
    let start = front_matter(text);
    let body = &text[start..];
    let mut reader = Reader::new(text);
    reader.at = start;
    for (event, range) in Parser::new_ext(body, options()).into_offset_iter() {
        reader.take(event, Span::new(start + range.start, start + range.end));
    }
    reader.end_run();
    reader.units
}

/// What is common beyond the standard. Marks that are not known would be read as words.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
}

/// Where the text begins behind the metadata at its very beginning. The parser would find such
/// blocks between any two rules.
fn front_matter(text: &str) -> usize {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut at = mark;
    let mut fence = "";
    for (idx, line) in text[mark..].split_inclusive('\n').enumerate() {
        let own = line.trim_end();
        at += line.len();
        match idx {
            0 if matches!(own, "---" | "+++") => fence = own,
            0 => return mark,
            // A rule, and a paragraph apart from it.
            1 if own.is_empty() => return mark,
            _ if own == fence || (fence == "---" && own == "...") => return at,
            _ => {}
        }
    }
    mark
}

/// How a link ends.
#[derive(Debug)]
enum LinkEnd {
    /// With what stands there.
    Raw,
    /// With the label, since the words that were the label will be others.
    Label(String),
    /// Its text is its address.
    Address,
}

/// Reads one thing after another.
struct Reader<'a> {
    text: &'a str,
    units: Vec<Unit>,
    run: Run,
    /// How deep in what is not translated.
    n_hidden: usize,
    /// Up to here the text is read.
    at: usize,
    /// The end of the line before, until the next one begins.
    line_end: Option<usize>,
    /// What stands between two lines of the run.
    gap: Option<String>,
    links: Vec<LinkEnd>,
    is_cell: bool,
    /// Whether the run stands behind the marks of a heading.
    is_heading: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            units: Vec::new(),
            run: Run::default(),
            n_hidden: 0,
            at: 0,
            line_end: None,
            gap: None,
            links: Vec::new(),
            is_cell: false,
            is_heading: false,
        }
    }

    fn take(&mut self, event: Event, place: Span) {
        if self.n_hidden > 0 {
            match event {
                Event::Start(_) => self.n_hidden += 1,
                Event::End(_) => self.n_hidden -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, place),
            Event::End(tag) => self.end(tag, place),
            Event::Text(text) => self.words(&text, place),
            Event::Code(code) => self.code(&code, place),
            Event::InlineHtml(_) => self.html(place),
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => self.tag("", Side::Alone, place),
            Event::SoftBreak => self.soft_break(place),
            Event::HardBreak | Event::Rule | Event::Html(_) => self.part(place.end),
        }
    }

    fn start(&mut self, tag: Tag, place: Span) {
        let mark = |len| Span::new(place.start, place.start + len);
        match tag {
            Tag::Emphasis => self.tag("*", Side::Open, mark(1)),
            Tag::Strong => self.tag("**", Side::Open, mark(2)),
            Tag::Strikethrough => self.tag("~", Side::Open, mark(self.n_tildes(place))),
            Tag::Link { link_type, id, .. } => self.start_link(link_type, &id, mark(1)),
            Tag::Image { .. } => {
                self.tag("", Side::Alone, place);
                self.n_hidden = 1;
            }
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.part(place.end);
                self.n_hidden = 1;
            }
            block => {
                self.part(place.start);
                self.is_cell = matches!(block, Tag::TableCell);
                let starts_heading = matches!(block, Tag::Heading { .. });
                self.is_heading = starts_heading && place.of(self.text).starts_with('#');
            }
        }
    }

    fn end(&mut self, tag: TagEnd, place: Span) {
        let mark = |len: usize| Span::new(place.end.saturating_sub(len), place.end);
        match tag {
            TagEnd::Emphasis => self.tag("*", Side::Close, mark(1)),
            TagEnd::Strong => self.tag("**", Side::Close, mark(2)),
            TagEnd::Strikethrough => self.tag("~", Side::Close, mark(self.n_tildes(place))),
            TagEnd::Link => self.end_link(place),
            TagEnd::Image => {}
            _ => {
                self.part(place.end.max(self.at));
                (self.is_cell, self.is_heading) = (false, false);
            }
        }
    }

    fn n_tildes(&self, place: Span) -> usize {
        if place.of(self.text).starts_with("~~") { 2 } else { 1 }
    }

    /// Ends the unit; the next one begins behind `at`.
    fn part(&mut self, at: usize) {
        self.end_run();
        self.at = at;
    }

    fn soft_break(&mut self, place: Span) {
        self.run.push_text(" ", place, self.text);
        self.line_end = Some(place.start);
        self.at = place.end;
    }

    /// Goes on to what begins at `start`.
    fn reach(&mut self, start: usize) {
        if let Some(end) = self.line_end.take() {
            let gap = Span::new(end, start).of(self.text);
            self.gap.get_or_insert_with(|| gap.to_owned());
        }
    }

    /// A character that was escaped comes without its backslash.
    fn words(&mut self, text: &CowStr, place: Span) {
        let before = Span::new(self.at, place.start).of(self.text);
        let start = place.start - usize::from(before.ends_with('\\'));
        self.reach(start);
        self.run.push_text(text, Span::new(start, place.end), self.text);
        self.at = place.end;
    }

    fn tag(&mut self, name: &str, side: Side, place: Span) {
        self.tag_as(name, side, place, place.of(self.text).to_owned());
    }

    fn tag_as(&mut self, name: &str, side: Side, place: Span, raw: String) {
        self.reach(place.start);
        self.run.push_tag(Found { name: name.to_owned(), side, raw, place });
        self.at = place.end;
    }

    fn start_link(&mut self, kind: LinkType, label: &str, mark: Span) {
        self.tag("[", Side::Open, mark);
        self.links.push(match kind {
            LinkType::Autolink | LinkType::Email => {
                self.run.keep();
                LinkEnd::Address
            }
            LinkType::Collapsed | LinkType::Shortcut => {
                LinkEnd::Label(label.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            _ => LinkEnd::Raw,
        });
    }

    fn end_link(&mut self, place: Span) {
        let link = self.links.pop().unwrap_or(LinkEnd::Raw);
        let rest = Span::new(self.at, place.end);
        let skipped = rest.of(self.text).find([']', '>']).unwrap_or_default();
        let rest = Span::new(rest.start + skipped, rest.end);
        match link {
            LinkEnd::Raw => self.tag("[", Side::Close, rest),
            LinkEnd::Label(label) => self.tag_as("[", Side::Close, rest, format!("][{label}]")),
            LinkEnd::Address => {
                self.run.end_keep();
                self.tag("[", Side::Close, rest);
            }
        }
    }

    /// Code is words between two tags, so that a sentence is whole; but they stay.
    fn code(&mut self, code: &str, place: Span) {
        let raw = place.of(self.text);
        let fence = &raw[..raw.len() - raw.trim_start_matches('`').len()];
        let inner = raw.trim_matches('`');
        if code != code.trim() || code.contains("  ") || code.contains('\n') {
            return self.tag("", Side::Alone, place);
        }
        let is_blank = |c: char| c.is_ascii_whitespace();
        let blank = if inner.starts_with(is_blank) && inner.ends_with(is_blank) { " " } else { "" };
        let edge = |at| Span::new(at, at);
        self.tag_as("`", Side::Open, edge(place.start), format!("{fence}{blank}"));
        self.run.keep();
        self.run.push_text(code, place, self.text);
        self.run.end_keep();
        self.tag_as("`", Side::Close, edge(place.end), format!("{blank}{fence}"));
    }

    fn html(&mut self, place: Span) {
        let raw = place.of(self.text);
        let inner = raw.trim_start_matches(['<', '/']);
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let name = inner.split(|c| !is_name(c)).next().unwrap_or_default().to_ascii_lowercase();
        let side = match raw {
            _ if name.is_empty() || html::is_void(&name) || raw.ends_with("/>") => Side::Alone,
            _ if raw.starts_with("</") => Side::Close,
            _ => Side::Open,
        };
        match &*name {
            "br" => self.part(place.end),
            _ => self.tag(&format!("<{name}"), side, place),
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        self.line_end = None;
        let gap = self.gap.take();
        let start = run.start;
        let Some(mut unit) = run.finish(Escape::MarkdownInline) else { return };
        let before = start.map_or("", |start| Span::new(start, unit.place.start).of(self.text));
        if self.is_cell {
            unit.escape = Escape::MarkdownCell;
        } else if before.trim().is_empty() && !self.is_heading {
            unit.escape = Escape::Markdown;
        }
        if let Some(gap) = gap {
            self.wrap(&mut unit, gap);
        }
        self.units.push(unit);
    }

    /// A paragraph whose lines were filled is filled again.
    fn wrap(&self, unit: &mut Unit, gap: String) {
        let start = self.text[..unit.place.start].rfind('\n').map_or(0, |at| at + 1);
        let lines = Span::new(start, unit.place.end).of(self.text).lines();
        let widths: Vec<usize> = lines.map(|line| line.trim_end().width()).collect();
        let width = widths.iter().copied().max().unwrap_or_default();
        let is_filled = widths.iter().rev().skip(1).all(|line| line * 2 >= width);
        let is_plain = unit.inline.tags.iter().all(|tag| !tag.raw.contains('\n'));
        if widths.len() > 1 && is_filled && is_plain {
            unit.layout = Layout::Wrapped { width, gap };
        }
    }
}
