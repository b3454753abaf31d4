//! A Word document: a table with a row for each sentence, the findings as comments on the
//! translation. It holds no date, so that the same sentences give the same bytes.

use super::word::{
    NAMESPACE, WIDTH, XML, colour, content_types, packed, paragraph, relations, run,
};
use super::xml::escaped;
use super::{Bilingual, Pair, spans, stretches};
use crate::article::Span;
use crate::check::{Finding, Severity};
use crate::error::Result;
use crate::language::locale;
use crate::translate::language_name;

/// The parts of the package with text or looks: their names, and the kinds of their contents.
const PARTS: [(&str, &str); 3] =
    [("document", "document.main"), ("styles", "styles"), ("comments", "comments")];

/// The package.
pub(super) fn write(all: &Bilingual) -> Result<Vec<u8>> {
    let (document, comments) = body(all);
    let members = [
        ("[Content_Types].xml", content_types(&PARTS)),
        ("_rels/.rels", relations(&[("officeDocument", "word/document.xml")])),
        ("word/document.xml", document),
        (
            "word/_rels/document.xml.rels",
            relations(&[("styles", "styles.xml"), ("comments", "comments.xml")]),
        ),
        ("word/styles.xml", styles(all)),
        ("word/comments.xml", comments),
    ];
    packed(&all.name, &members)
}

/// Styles say how each kind of text looks, and the language of both columns.
fn styles(all: &Bilingual) -> String {
    let style = |kind: &str, id: &str, name: &str, properties: &str| {
        format!(
            "<w:style w:type=\"{kind}\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>\
             {properties}</w:style>"
        )
    };
    let column = |id: &str, language: &str| {
        let language = escaped(locale(language));
        let properties =
            format!("<w:basedOn w:val=\"Normal\"/><w:rPr><w:lang w:val=\"{language}\"/></w:rPr>");
        style("paragraph", id, id, &properties)
    };
    let based = "<w:basedOn w:val=\"Normal\"/>";
    let heading = format!(
        "{based}<w:pPr><w:keepNext/><w:spacing w:after=\"80\"/><w:outlineLvl w:val=\"0\"/></w:pPr>\
         <w:rPr><w:b/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/></w:rPr>"
    );
    let counts = format!(
        "{based}<w:pPr><w:spacing w:after=\"160\"/></w:pPr>\
         <w:rPr><w:color w:val=\"5F6368\"/></w:rPr>"
    );
    let head = format!("{based}<w:pPr><w:keepNext/></w:pPr><w:rPr><w:b/></w:rPr>");
    let comment = format!("{based}<w:rPr><w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/></w:rPr>");
    let all_styles = [
        style("paragraph", "Heading1", "heading 1", &heading),
        style("paragraph", "Counts", "Counts", &counts),
        style("paragraph", "ColumnHead", "Column Head", &head),
        column("Source", &all.from),
        column("Translation", &all.to),
        style("paragraph", "CommentText", "annotation text", &comment),
        style(
            "character",
            "CommentReference",
            "annotation reference",
            "<w:rPr><w:sz w:val=\"16\"/><w:szCs w:val=\"16\"/></w:rPr>",
        ),
    ];
    format!("{XML}<w:styles xmlns:w=\"{NAMESPACE}\">{DEFAULTS}{}</w:styles>", all_styles.concat())
}

/// What all text has.
const DEFAULTS: &str = "\
<w:docDefaults><w:rPrDefault><w:rPr>\
<w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:cs=\"Calibri\"/>\
<w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/><w:lang w:val=\"en-US\"/>\
</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>\
<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/>\
</w:style>";

/// The document, and its comments.
fn body(all: &Bilingual) -> (String, String) {
    let mut comments = Comments::default();
    let mut rows = head(all);
    for (idx, paragraph) in all.paragraphs.iter().enumerate() {
        if idx > 0 {
            rows.push_str(&gap());
        }
        rows.extend(paragraph.pairs.iter().map(|pair| row(pair, &mut comments)));
    }
    let title = paragraph("Heading1", &run("", &all.name));
    let counts = paragraph("Counts", &run("", &all.counts()));
    let document = format!(
        "{XML}<w:document xmlns:w=\"{NAMESPACE}\"><w:body>{title}{counts}{}{rows}</w:tbl>\
         <w:p/><w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" \
         w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" w:footer=\"567\" \
         w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
        table()
    );
    (document, comments.part())
}

/// The beginning of the table: light lines, two columns of one width.
fn table() -> String {
    let side = |side| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:color=\"D0D3D8\"/>");
    let borders = ["top", "left", "bottom", "right", "insideH", "insideV"].map(side).concat();
    let margin = |side, width| format!("<w:{side} w:w=\"{width}\" w:type=\"dxa\"/>");
    let margins = [("top", 60), ("left", 110), ("bottom", 60), ("right", 110)];
    let margins = margins.map(|(side, width)| margin(side, width)).concat();
    let column = format!("<w:gridCol w:w=\"{}\"/>", WIDTH / 2);
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/>\
         <w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type=\"fixed\"/>\
         <w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{column}{column}</w:tblGrid>"
    )
}

/// The row that each page repeats.
fn head(all: &Bilingual) -> String {
    let cell = |code| {
        let name = paragraph("ColumnHead", &run("", language_name(code)));
        cell(Some("EDEFF2"), &name)
    };
    let cells = cell(&all.from) + &cell(&all.to);
    format!("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>")
}

/// A thin row between two paragraphs.
fn gap() -> String {
    format!(
        "<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val=\"100\" w:hRule=\"exact\"/></w:trPr><w:tc>\
         <w:tcPr><w:tcW w:w=\"{WIDTH}\" w:type=\"dxa\"/><w:gridSpan w:val=\"2\"/>\
         <w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"EDEFF2\"/></w:tcPr>\
         <w:p><w:pPr><w:spacing w:line=\"20\" w:lineRule=\"exact\"/></w:pPr></w:p></w:tc></w:tr>"
    )
}

/// A sentence and its translation.
fn row(pair: &Pair, comments: &mut Comments) -> String {
    let fill = pair.mark().map(|mark| if mark == Severity::Error { "FDECEA" } else { "FFF4E0" });
    let source = marked(&pair.source, &spans(pair, |finding| finding.source));
    let mark = pair.mark().map_or(String::new(), |mark| {
        let look = format!("<w:b/><w:color w:val=\"{}\"/>", colour(mark));
        run(&look, &format!("{} ", mark.sign()))
    });
    let label = pair.origin.label().map_or(String::new(), |label| {
        let look = "<w:color w:val=\"5F6368\"/><w:sz w:val=\"17\"/><w:szCs w:val=\"17\"/>";
        run(look, &format!(" ({label})"))
    });
    let target = comments.around(pair);
    let target = paragraph("Translation", &(mark + &target + &label));
    let cells = cell(None, &paragraph("Source", &source)) + &cell(fill, &target);
    format!("<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
}

fn cell(fill: Option<&str>, inside: &str) -> String {
    let shade = fill.map_or(String::new(), |fill| {
        format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{fill}\"/>")
    });
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>{shade}</w:tcPr>{inside}</w:tc>",
        WIDTH / 2
    )
}

/// A text with what was found underlined.
fn marked(text: &str, found: &[(Span, Severity)]) -> String {
    let all = stretches(text, found).into_iter();
    all.map(|stretch| run(&look(stretch.severity), stretch.place.of(text))).collect()
}

fn look(severity: Option<Severity>) -> String {
    let line = |severity| {
        let line = if severity == Severity::Error { "single" } else { "wave" };
        format!("<w:u w:val=\"{line}\" w:color=\"{}\"/>", colour(severity))
    };
    severity.map_or(String::new(), line)
}

/// The comments so far.
#[derive(Default)]
struct Comments {
    written: String,
    n: usize,
}

/// A comment's number, and the words that it is about.
type Anchor = (usize, Span);

impl Comments {
    /// A translation with a comment for each finding.
    fn around(&mut self, pair: &Pair) -> String {
        let text = &pair.target;
        let found = pair.findings.iter();
        let anchors: Vec<Anchor> = found.map(|f| (self.add(f), anchor(text, f))).collect();
        let mut written = String::new();
        for stretch in stretches(text, &spans(pair, |finding| finding.target)) {
            let starts = anchors.iter().filter(|(_, span)| span.start == stretch.place.start);
            written.extend(starts.map(|(id, _)| start(*id)));
            written.push_str(&run(&look(stretch.severity), stretch.place.of(text)));
            let ends = anchors.iter().filter(|(_, span)| span.end == stretch.place.end);
            written.extend(ends.map(|(id, _)| end(*id)));
        }
        if text.is_empty() {
            written.extend(anchors.iter().map(|(id, _)| start(*id) + &end(*id)));
        }
        written
    }

    /// Adds a comment; gives its number.
    fn add(&mut self, finding: &Finding) -> usize {
        let id = self.n;
        self.n += 1;
        let text = format!("{} {}", finding.severity.sign(), finding.message);
        let inside = paragraph("CommentText", &run("", &text));
        self.written.push_str(&format!(
            "<w:comment w:id=\"{id}\" w:author=\"depeche\" w:initials=\"d\">{inside}</w:comment>"
        ));
        id
    }

    fn part(&self) -> String {
        format!("{XML}<w:comments xmlns:w=\"{NAMESPACE}\">{}</w:comments>", self.written)
    }
}

/// The words that a comment is about: all where they are not known.
fn anchor(text: &str, finding: &Finding) -> Span {
    let known = finding.target.filter(|span| !span.of(text).is_empty());
    known.unwrap_or(Span::new(0, text.len()))
}

fn start(id: usize) -> String {
    format!("<w:commentRangeStart w:id=\"{id}\"/>")
}

/// The end of a comment's words, and its mark.
fn end(id: usize) -> String {
    format!(
        "<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:rPr><w:rStyle w:val=\"CommentReference\"/>\
         </w:rPr><w:commentReference w:id=\"{id}\"/></w:r>"
    )
}
