//! Footnotes: each citation has one, with the sentence, its source and its place. Where the sentence
//! stands in an earlier one, it refers to that.

use std::collections::BTreeMap;

use crate::bilingual::word::{NAMESPACE, XML, paragraph, run};
use crate::brief::note::{Citation, Event, SourceEntry};
use crate::brief::print::data;
use crate::brief::print::words::{Words, quoted};
use crate::language::locale;

const REFERENCE: &str = "<w:rStyle w:val=\"FootnoteReference\"/>";

/// The footnotes so far.
#[derive(Default)]
pub(super) struct Footnotes {
    written: String,
    /// How many there are; their numbers begin at 1.
    n: usize,
    /// Which footnote has a sentence, by event and [`data::Citation::anchor`].
    first: BTreeMap<(usize, String), usize>,
}

impl Footnotes {
    /// The marks of citations of the event with this number, each with its footnote.
    pub fn cite(
        &mut self,
        words: &Words,
        (number, event): (usize, &Event),
        citations: &[Citation],
    ) -> String {
        let comma = run("<w:vertAlign w:val=\"superscript\"/>", ", ");
        let mark = |citation| self.add(words, (number, event), citation);
        citations.iter().map(mark).collect::<Vec<_>>().join(&comma)
    }

    /// Adds a footnote; gives its mark. A bookmark holds the mark, for later notes to refer to.
    fn add(
        &mut self,
        words: &Words,
        (number, event): (usize, &Event),
        citation: &Citation,
    ) -> String {
        self.n += 1;
        let id = self.n;
        let key = (number, data::Citation::from(citation).anchor());
        let first = *self.first.entry(key).or_insert(id);
        let source = event.sources.iter().find(|source| source.id == citation.source);
        let inside = match first == id {
            true => sentence(words, citation, source),
            false => reference(words, citation, first),
        };
        let own = format!("<w:r><w:rPr>{REFERENCE}</w:rPr><w:footnoteRef/></w:r>");
        let inside = paragraph("FootnoteText", &(own + &inside));
        self.written.push_str(&format!("<w:footnote w:id=\"{id}\">{inside}</w:footnote>"));
        let mark =
            format!("<w:r><w:rPr>{REFERENCE}</w:rPr><w:footnoteReference w:id=\"{id}\"/></w:r>");
        if first != id {
            return mark;
        }
        let start = format!("<w:bookmarkStart w:id=\"{id}\" w:name=\"_RefNote{id}\"/>");
        format!("{start}{mark}<w:bookmarkEnd w:id=\"{id}\"/>")
    }

    /// The part of the package. The two first notes are the lines above all others.
    pub fn part(&self) -> String {
        let line = |id: i32, kind: &str, mark: &str| {
            format!(
                "<w:footnote w:type=\"{kind}\" w:id=\"{id}\"><w:p><w:pPr>\
                 <w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/></w:pPr>\
                 <w:r><w:{mark}/></w:r></w:p></w:footnote>"
            )
        };
        let lines = line(-1, "separator", "separator")
            + &line(0, "continuationSeparator", "continuationSeparator");
        let written = &self.written;
        format!("{XML}<w:footnotes xmlns:w=\"{NAMESPACE}\">{lines}{written}</w:footnotes>")
    }
}

/// Source, sentence, place.
fn sentence(words: &Words, citation: &Citation, source: Option<&SourceEntry>) -> String {
    let name = source.and_then(|source| source.origin.as_deref().or(source.title.as_deref()));
    let name = name.map_or(String::new(), |name| format!(" {name}{}", words.get("colon")));
    let path = source.map_or("", |source| &source.path);
    let language = source.map_or("fr", |source| source.language);
    let place = words.place(path, citation.span.map(|span| (span.start, span.end)));
    let look = format!("<w:i/><w:lang w:val=\"{}\"/>", locale(language));
    run("", &format!(" [{}]{name} ", citation.source))
        + &run(&look, &quoted(&citation.quote))
        + &run("<w:color w:val=\"5F6368\"/>", &format!(" ({place})"))
}

/// The number of an earlier note, which Word keeps right when notes are added.
fn reference(words: &Words, citation: &Citation, first: usize) -> String {
    let label = format!(" [{}] {} ", citation.source, words.get("see_note"));
    let field = format!(
        "<w:fldSimple w:instr=\" NOTEREF _RefNote{first} \\h \">{}</w:fldSimple>",
        run("", &first.to_string())
    );
    run("", &label) + &field
}
