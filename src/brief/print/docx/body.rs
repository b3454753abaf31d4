//! The text of the document, from its title to the list of sources.

mod tables;

use super::notes::Footnotes;
use super::parts::BULLETS;
use crate::bilingual::word::{NAMESPACE, XML, colour, paragraph, run};
use crate::brief::Note;
use crate::brief::note::{Citation, Event, Failed, Item, Mark, SourceEntry, Statement};
use crate::brief::print::data;
use crate::brief::print::filters::is_shown;
use crate::brief::print::words::{Words, quoted};
use crate::language::locale;

/// The parts that hang together.
pub(super) struct Written {
    pub title: String,
    pub document: String,
    pub footnotes: String,
    /// How many lists count.
    pub n_lists: usize,
}

/// The note.
pub(super) fn write(note: &Note, words: &Words) -> Written {
    let mut footnotes = Footnotes::default();
    let mut n_lists = 0;
    let title = title(note, words);
    let is_one = note.events.len() == 1;
    let mut body = String::new();
    if !is_one {
        body.push_str(&paragraph("Title", &run("", &title)));
        n_lists += 1;
        body.extend(note.events.iter().map(|event| contents(event, words, n_lists)));
    }
    for (event, number) in note.events.iter().zip(1..) {
        let mut writer = Writer {
            words,
            event,
            number,
            is_one,
            footnotes: &mut footnotes,
            n_lists: &mut n_lists,
        };
        body.push_str(&writer.whole());
    }
    body.push_str(&failed(&note.failed, words));
    let document = format!(
        "{XML}<w:document xmlns:w=\"{NAMESPACE}\" xmlns:r=\"http://schemas.openxmlformats.org/\
         officeDocument/2006/relationships\"><w:body>{body}<w:sectPr>\
         <w:footerReference w:type=\"default\" r:id=\"rId5\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
         <w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" \
         w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    );
    Written { title, document, footnotes: footnotes.part(), n_lists }
}

/// The title of the only event, or how many there are.
fn title(note: &Note, words: &Words) -> String {
    match note.events.as_slice() {
        [event] => event.title.text.clone(),
        events => {
            let n = words.counted(events.len(), "event");
            format!("{}{} {n}", words.get("note"), words.get("colon"))
        }
    }
}

/// The line of an event at the top of a note on several.
fn contents(event: &Event, words: &Words, list: usize) -> String {
    let n = words.counted(event.sources.len(), "article");
    let text = format!("{} ({n})", event.title.text);
    listed(BULLETS + list, &run("", &text))
}

fn failed(failed: &[Failed], words: &Words) -> String {
    if failed.is_empty() {
        return String::new();
    }
    let colon = words.get("colon");
    let head = format!("{}{colon}", words.get("failed"));
    let line =
        |one: &Failed| listed(BULLETS, &run("", &format!("{}{colon} {}", one.id, one.message)));
    paragraph("Asked", &run("", &head)) + &failed.iter().map(line).collect::<String>()
}

/// An item of a list.
fn listed(list: usize, inside: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Listed\"/><w:numPr><w:ilvl w:val=\"0\"/>\
         <w:numId w:val=\"{list}\"/></w:numPr></w:pPr>{inside}</w:p>"
    )
}

fn bold(text: &str) -> String {
    run("<w:b/>", text)
}

/// What stands beside a text without being of it.
fn aside(text: &str) -> String {
    run("<w:i/><w:color w:val=\"5F6368\"/>", text)
}

/// A sign and what it means.
fn mark(mark: &Mark) -> String {
    run(&look(mark), &format!("{} ", mark.severity.sign())) + &run("", &mark.message)
}

fn look(mark: &Mark) -> String {
    format!("<w:b/><w:color w:val=\"{}\"/>", colour(mark.severity))
}

/// Those that a reader has to look at.
fn shown(checks: &[Mark]) -> impl Iterator<Item = &Mark> {
    checks.iter().filter(|mark| is_shown(mark.severity))
}

/// The sign of the worst of these.
fn sign(checks: &[Mark]) -> String {
    let worst = shown(checks).max_by_key(|mark| mark.severity);
    worst.map_or(String::new(), |worst| run(&look(worst), &format!(" {}", worst.severity.sign())))
}

/// Writes one event.
struct Writer<'n> {
    words: &'n Words,
    event: &'n Event,
    /// From 1.
    number: usize,
    is_one: bool,
    footnotes: &'n mut Footnotes,
    n_lists: &'n mut usize,
}

impl Writer<'_> {
    fn whole(&mut self) -> String {
        let event = self.event;
        let about = self
            .words
            .about(event.n_independent, event.sources.iter().map(|source| source.date.as_deref()));
        let title = self.said(&event.title);
        let style = if self.is_one { "Title" } else { "Heading1" };
        [
            paragraph(style, &title) + &paragraph("About", &run("", &about)),
            self.found("Found", &event.title.checks),
            self.bottom_line(),
            self.key_points(),
            self.statements(),
            self.compared(),
            self.timeline(),
            self.figures_and_names(),
            self.gaps(),
            self.sources(),
        ]
        .concat()
    }

    /// The heading of a section.
    fn section(&self, key: &str) -> String {
        let style = if self.is_one { "Heading1" } else { "Heading2" };
        paragraph(style, &run("", self.words.get(key)))
    }

    /// The heading of a part of a section.
    fn part(&self, key: &str) -> String {
        let style = if self.is_one { "Heading2" } else { "Heading3" };
        paragraph(style, &run("", self.words.get(key)))
    }

    /// A sentence with its marks and footnotes.
    fn said(&mut self, item: &Item) -> String {
        let said = run("", &item.text) + &self.new_tag(item.is_new) + &sign(&item.checks);
        said + &self.cite(&item.citations)
    }

    fn cite(&mut self, citations: &[Citation]) -> String {
        self.footnotes.cite(self.words, (self.number, self.event), citations)
    }

    fn new_tag(&self, is_new: bool) -> String {
        if !is_new {
            return String::new();
        }
        run("<w:b/><w:color w:val=\"1A4F8B\"/>", &format!(" ({})", self.words.get("new")))
    }

    /// A paragraph for each mark.
    fn found(&self, style: &str, checks: &[Mark]) -> String {
        shown(checks).map(|one| paragraph(style, &mark(one))).collect()
    }

    fn bottom_line(&mut self) -> String {
        if self.event.bottom_line.is_empty() {
            return String::new();
        }
        let mut written = self.section("bottom_line");
        for item in &self.event.bottom_line {
            written += &paragraph("Lead", &self.said(item));
            written += &self.found("Lead", &item.checks);
        }
        written
    }

    fn key_points(&mut self) -> String {
        if self.event.key_points.is_empty() {
            return String::new();
        }
        *self.n_lists += 1;
        let list = BULLETS + *self.n_lists;
        self.section("key_points") + &self.items(&self.event.key_points, list)
    }

    fn items(&mut self, items: &[Item], list: usize) -> String {
        let item = |item| listed(list, &self.said(item)) + &self.found("Found", &item.checks);
        items.iter().map(item).collect()
    }

    fn statements(&mut self) -> String {
        if self.event.statements.is_empty() {
            return String::new();
        }
        let statements = &self.event.statements;
        let all: String = statements.iter().map(|statement| self.statement(statement)).collect();
        self.section("statements") + &all
    }

    /// Who, the words, and below them those of the source.
    fn statement(&mut self, statement: &Statement) -> String {
        let speaker = bold(&format!("{}{}", statement.speaker, self.words.get("colon")));
        let varies = match statement.varies {
            true => aside(&format!(" ({})", self.words.get("varies"))),
            false => String::new(),
        };
        let said = speaker + &run("", " ") + &self.said(&statement.item) + &varies;
        let n_originals = if statement.varies { usize::MAX } else { 1 };
        let citations = statement.item.citations.iter().take(n_originals);
        let originals = citations.filter(|one| one.quote != statement.item.text);
        let originals: String = originals
            .map(|one| {
                let number = run("", &format!("[{}] ", one.source));
                paragraph("Original", &(number + &self.original(one)))
            })
            .collect();
        listed(BULLETS, &said) + &self.found("Found", &statement.item.checks) + &originals
    }

    /// The sentence of a source, marked as in its language.
    fn original(&self, citation: &Citation) -> String {
        let source = self.event.sources.iter().find(|source| source.id == citation.source);
        let language = locale(source.map_or("fr", |source| source.language));
        let look = format!("<w:i/><w:color w:val=\"5F6368\"/><w:lang w:val=\"{language}\"/>");
        run(&look, &quoted(&citation.quote))
    }

    fn gaps(&mut self) -> String {
        let mut written = String::new();
        if !self.event.unknown.is_empty() {
            written += &self.part("unknown");
            written += &self.items(&self.event.unknown, BULLETS);
        }
        if !self.event.single_source.is_empty() {
            let texts = |all: &[Item]| all.iter().map(|one| one.text.clone()).collect::<Vec<_>>();
            let numbers =
                data::places(&texts(&self.event.key_points), &texts(&self.event.single_source));
            let label = format!("{}{} ", self.words.get("single"), self.words.get("colon"));
            written += &paragraph("Normal", &run("", &(label + &numbers)));
        }
        if written.is_empty() { written } else { self.section("gaps") + &written }
    }

    fn sources(&mut self) -> String {
        if self.event.sources.is_empty() {
            return String::new();
        }
        let all: String = self.event.sources.iter().map(|source| self.source(source)).collect();
        self.section("sources") + &all
    }

    /// Number and title, what is known of it, and what to know before trusting it.
    fn source(&mut self, source: &SourceEntry) -> String {
        let title =
            source.title.as_deref().map_or(String::new(), |title| bold(&format!(" {title}")));
        let facts = self.words.facts(&source.into()).join(" · ");
        let separator = if title.is_empty() { " " } else { " · " };
        let line = run("", &format!("[{}]", source.id)) + &title + &run("", separator);
        let mut written = paragraph("Source", &(line + &run("", &facts)));
        for warning in &source.warnings {
            let text = run("", &warning.text) + &self.cite(&warning.citations);
            written += &paragraph("Found", &text);
        }
        written
    }
}
