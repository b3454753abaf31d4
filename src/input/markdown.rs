//! Markdown: the words without the syntax, which becomes hints.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::Extracted;
use super::fields::{self, Fields, Role};
use super::traced::Traced;
use crate::article::{BlockKind, Declared, Hint, Span};

/// What a reader of the rendered page sees.
pub(super) fn read(text: &str) -> Extracted {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let (declared, start) = front_matter(text, mark);
    let mut page = Page::new(text);
    let body = text.get(start..).unwrap_or_default();
    for (event, range) in Parser::new_ext(body, Options::ENABLE_TABLES).into_offset_iter() {
        page.take(event, start + range.start..start + range.end);
    }
    page.end_line();
    Extracted { text: page.seen.text, map: page.seen.map, hints: page.hints, declared }
}

/// The lines `key: value` between two lines `---` at the very beginning, and where the text goes
/// on behind them.
fn front_matter(text: &str, start: usize) -> (Declared, usize) {
    let none = (Declared::default(), start);
    let mut at = start;
    let mut entries: Vec<(String, String, Span)> = Vec::new();
    for (idx, line) in text.get(start..).unwrap_or_default().split_inclusive('\n').enumerate() {
        let bare = line.trim_end();
        match (idx, bare) {
            (0, "---") => {}
            (0, _) => return none,
            (_, "---" | "...") => return (declared(&entries), at + line.len()),
            _ => entries.extend(entry(bare, at)),
        }
        at += line.len();
    }
    none
}

fn entry(line: &str, at: usize) -> Option<(String, String, Span)> {
    let (key, value) = line.split_once(':').filter(|(key, _)| !key.starts_with([' ', '-', '#']))?;
    let bare = value.trim().trim_matches(['"', '\'', '[', ']']);
    let start = at + key.len() + 1 + value.find(bare)?;
    let span = Span::new(start, start + bare.len());
    (!bare.is_empty()).then(|| (key.trim().to_lowercase(), bare.to_owned(), span))
}

fn declared(entries: &[(String, String, Span)]) -> Declared {
    let fields = Fields::default();
    let named = |name: &&str| entries.iter().find(|(key, ..)| key == name);
    fields::declared(|role: Role| {
        let (_, value, span) = fields.names(role).iter().find_map(named)?;
        Some((value.clone(), *span))
    })
}

/// A page that is being written down.
struct Page<'a> {
    source: &'a str,
    seen: Traced,
    hints: Vec<Hint>,
    /// The kinds of the blocks around the place, the innermost last.
    around: Vec<BlockKind>,
    /// Where the line under way starts, and its kind.
    line: Option<(usize, Option<BlockKind>)>,
    /// Whether line breaks of the paragraph are only where its editor broke lines.
    is_wrapped: bool,
    has_title: bool,
    /// Whether what stands in HTML is for machines.
    is_hidden: bool,
}

impl<'a> Page<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            seen: Traced::new(),
            hints: Vec::new(),
            around: Vec::new(),
            line: None,
            is_wrapped: false,
            has_title: false,
            is_hidden: false,
        }
    }

    fn take(&mut self, event: Event, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, &range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.say(&text, range),
            Event::Html(_) => self.say_html(range),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.say("\n", range),
            Event::SoftBreak if self.is_wrapped => self.say(" ", range),
            Event::SoftBreak | Event::HardBreak => self.say("\n", range),
            Event::Rule => self.end_line(),
            // None of these without an option that is not set, or without words.
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag, range: &Range<usize>) {
        match tag {
            Tag::Paragraph => {
                self.end_line();
                self.is_wrapped = is_wrapped(self.source.get(range.clone()).unwrap_or_default());
            }
            Tag::Heading { level, .. } => self.enter(self.heading(*level)),
            Tag::BlockQuote(_) => self.enter(BlockKind::Quote),
            Tag::Item => self.start_item(range),
            Tag::Table(_) => self.enter(BlockKind::Table),
            Tag::Image { .. } => self.enter(BlockKind::Caption),
            Tag::TableCell if self.line.is_some() => self.seen.add(" | "),
            Tag::HtmlBlock => {
                self.end_line();
                let html = self.source.get(range.clone()).unwrap_or_default().to_lowercase();
                self.is_hidden = ["<!--", "<script", "<style"].iter().any(|m| html.starts_with(m));
            }
            Tag::CodeBlock(_) | Tag::List(_) | Tag::TableHead | Tag::TableRow => self.end_line(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                self.has_title |= level == HeadingLevel::H1;
                self.leave();
            }
            TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::Table | TagEnd::Image => self.leave(),
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock => self.end_line(),
            TagEnd::TableHead | TagEnd::TableRow => self.end_line(),
            _ => {}
        }
    }

    /// The first heading of the first rank is the headline.
    fn heading(&self, level: HeadingLevel) -> BlockKind {
        let is_title = level == HeadingLevel::H1 && !self.has_title;
        if is_title { BlockKind::Title } else { BlockKind::Intertitle }
    }

    fn enter(&mut self, kind: BlockKind) {
        self.end_line();
        self.around.push(kind);
        self.is_wrapped = true;
    }

    fn leave(&mut self) {
        self.end_line();
        self.around.pop();
    }

    /// A reader sees the number of an item: a line that begins with a year is one, too.
    fn start_item(&mut self, range: &Range<usize>) {
        self.enter(BlockKind::List);
        let item = self.source.get(range.clone()).unwrap_or_default();
        let n_digits = item.bytes().take_while(u8::is_ascii_digit).count();
        if n_digits > 0
            && let Some(number) = item.get(..n_digits + 1)
        {
            self.say(number, range.start..range.start + number.len());
            self.seen.add(" ");
        }
    }

    /// Writes down `text`, which stands at `range`, perhaps among marks or written otherwise.
    fn say(&mut self, text: &str, range: Range<usize>) {
        if self.line.is_none() {
            if text.trim().is_empty() {
                return;
            }
            self.line = Some((self.seen.text.len(), self.around.last().copied()));
        }
        let found = self.source.get(range.clone()).and_then(|source| source.find(text));
        let place = match found {
            Some(at) => Span::new(range.start + at, range.start + at + text.len()),
            None => Span::from(range),
        };
        self.seen.push(text, place);
    }

    /// The words between the elements.
    fn say_html(&mut self, range: Range<usize>) {
        let html = self.source.get(range.clone()).unwrap_or_default();
        let mut at = range.start;
        for piece in html.split_inclusive('>') {
            let words = piece.split('<').next().unwrap_or_default();
            if !self.is_hidden {
                self.say(words, at..at + words.len());
            }
            at += piece.len();
        }
    }

    fn end_line(&mut self) {
        let Some((start, kind)) = self.line.take() else { return };
        let span = Span::new(start, self.seen.text.len());
        self.hints.extend(kind.map(|kind| Hint { span, kind }));
        self.seen.add("\n\n");
        self.is_wrapped = !self.around.is_empty();
    }
}

/// Whether a line of the paragraph goes on in the next one. Else each is taken as it stands:
/// scraped text that was never meant as Markdown has a paragraph a line.
fn is_wrapped(paragraph: &str) -> bool {
    let lines: Vec<&str> = paragraph.lines().map(str::trim).collect();
    lines.windows(2).any(|pair| match pair {
        [line, next] => {
            line.ends_with(|c: char| c.is_alphanumeric() || c == ',')
                && next.starts_with(char::is_lowercase)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(String, Option<BlockKind>)> {
        let read = read(text);
        let lines = read.text.split("\n\n").filter(|line| !line.is_empty());
        let at = |line: &str| line.as_ptr() as usize - read.text.as_ptr() as usize;
        let kind = |line: &str| {
            let hint = read.hints.iter().find(|hint| hint.span.start == at(line));
            hint.map(|hint| hint.kind)
        };
        lines.map(|line| (line.to_owned(), kind(line))).collect()
    }

    fn one(line: &str, kind: Option<BlockKind>) -> (String, Option<BlockKind>) {
        (line.to_owned(), kind)
    }

    #[test]
    fn syntax_becomes_hints() {
        let text = "# Le pont *ferme*\n\nTrois mois de [travaux](https://example.org), dit-on.\n\n\
            ## La suite\n\n> « Un échec. »\n\n- pain &amp; eau\n- vin\n\n![Le quai](a.jpg)\n\n\
            | Ville | Habitants |\n|---|---|\n| Sète | 44 000 |\n";
        let expected = [
            one("Le pont ferme", Some(BlockKind::Title)),
            one("Trois mois de travaux, dit-on.", None),
            one("La suite", Some(BlockKind::Intertitle)),
            one("« Un échec. »", Some(BlockKind::Quote)),
            one("pain & eau", Some(BlockKind::List)),
            one("vin", Some(BlockKind::List)),
            one("Le quai", Some(BlockKind::Caption)),
            one("Ville | Habitants", Some(BlockKind::Table)),
            one("Sète | 44 000", Some(BlockKind::Table)),
        ];
        assert_eq!(seen(text), expected);
    }

    #[test]
    fn no_number_is_lost_at_the_start_of_a_line() {
        let expected = [one("2026. Une année de travaux.", Some(BlockKind::List))];
        assert_eq!(seen("2026. Une année de travaux."), expected);
    }

    #[test]
    fn wrapped_lines_are_joined_and_others_are_not() {
        assert_eq!(
            seen("Le pont ferme pour\ntrois mois."),
            [one("Le pont ferme pour trois mois.", None)]
        );
        assert_eq!(seen("Le pont\nPar Luc Roy"), [one("Le pont\nPar Luc Roy", None)]);
    }

    #[test]
    fn front_matter_is_declared_and_leads_back() {
        let text = "---\ntitle: \"Le pont\"\ndate: 2026-01-06\nauthor: Luc Roy\n---\nLe texte.\n";
        let read = read(text);
        assert_eq!(read.text.trim(), "Le texte.");
        assert_eq!(read.declared.title.as_deref(), Some("Le pont"));
        assert_eq!(read.declared.author.as_deref(), Some("Luc Roy"));
        let published = read.declared.published.unwrap();
        assert_eq!(published.date.to_string(), "2026-01-06");
        assert_eq!(published.evidence.of(text), "2026-01-06");
        assert_eq!(read.map.locate(Span::new(0, 9)).of(text), "Le texte.");
        assert_eq!(super::read("---\nPas de fin").declared, Declared::default());
    }
}
