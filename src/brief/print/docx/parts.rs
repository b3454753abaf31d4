//! The parts of the package beside the text: how it looks, how lists count, what it is called.

use crate::bilingual::word::{NAMESPACE, XML, paragraph, run};
use crate::bilingual::xml::escaped;
use crate::brief::print::words::Words;
use crate::language::locale;

/// The list of bullets; those that count have the numbers after it.
pub(super) const BULLETS: usize = 1;
/// The colour of headings.
const BLUE: &str = "1F3A5F";
const GREY: &str = "5F6368";

/// How each kind of text looks, and the language of the document.
pub(super) fn styles(language: &str) -> String {
    let all = [
        heading("Title", "Title", 36, (0, 60), None),
        heading("Heading1", "heading 1", 28, (320, 100), Some(0)),
        heading("Heading2", "heading 2", 24, (260, 80), Some(1)),
        heading("Heading3", "heading 3", 21, (180, 60), Some(2)),
        style("About", &spacing(0, 200), &colour_size(GREY, 20)),
        style("Lead", &lead(), ""),
        style("Listed", &spacing(0, 80), ""),
        style("Original", "<w:spacing w:before=\"0\" w:after=\"80\"/><w:ind w:left=\"425\"/>", ""),
        style(
            "Found",
            "<w:spacing w:before=\"0\" w:after=\"80\"/><w:ind w:left=\"425\"/>",
            &size(19),
        ),
        style(
            "Source",
            "<w:spacing w:before=\"0\" w:after=\"80\"/><w:ind w:left=\"425\" w:hanging=\"425\"/>",
            "",
        ),
        style("Remark", &format!("<w:keepNext/>{}", spacing(0, 60)), &size(19)),
        style("Asked", &format!("<w:keepNext/>{}", spacing(120, 60)), "<w:b/>"),
        style(
            "TableHead",
            &format!("<w:keepNext/>{}", spacing(0, 0)),
            &format!("<w:b/>{}", size(19)),
        ),
        style("TableText", &spacing(0, 0), &size(20)),
        style(
            "Gap",
            "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"160\" w:lineRule=\"exact\"/>",
            "",
        ),
        style("Foot", "<w:jc w:val=\"center\"/>", &colour_size(GREY, 17)),
        named(
            "paragraph",
            "FootnoteText",
            "footnote text",
            &format!(
                "<w:pPr><w:spacing w:after=\"20\" w:line=\"240\" w:lineRule=\"auto\"/></w:pPr>\
             <w:rPr>{}</w:rPr>",
                size(17)
            ),
        ),
        named(
            "character",
            "FootnoteReference",
            "footnote reference",
            "<w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr>",
        ),
    ];
    let locale = escaped(locale(language));
    format!(
        "{XML}<w:styles xmlns:w=\"{NAMESPACE}\"><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:eastAsia=\"Calibri\" w:cs=\"Calibri\"/>\
         <w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/><w:lang w:val=\"{locale}\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault><w:pPr><w:spacing w:after=\"100\" w:line=\"264\" w:lineRule=\"auto\"/></w:pPr>\
         </w:pPrDefault></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" \
         w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>{}</w:styles>",
        all.concat()
    )
}

fn named(kind: &str, id: &str, name: &str, properties: &str) -> String {
    let based = if kind == "paragraph" { "<w:basedOn w:val=\"Normal\"/>" } else { "" };
    format!(
        "<w:style w:type=\"{kind}\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{based}\
         {properties}</w:style>"
    )
}

fn style(id: &str, of_paragraph: &str, of_text: &str) -> String {
    let properties = format!("<w:pPr>{of_paragraph}</w:pPr><w:rPr>{of_text}</w:rPr>");
    named("paragraph", id, id, &properties)
}

/// A heading of a size in half points, with room above and below it.
fn heading(id: &str, name: &str, size_of: u32, room: (u32, u32), level: Option<u32>) -> String {
    let outline = level.map_or(String::new(), |level| format!("<w:outlineLvl w:val=\"{level}\"/>"));
    // The order of the elements is the standard's.
    let properties = format!(
        "<w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/>{}{outline}</w:pPr>\
         <w:rPr><w:b/>{}</w:rPr>",
        spacing(room.0, room.1),
        colour_size(BLUE, size_of)
    );
    named("paragraph", id, name, &properties)
}

/// The bottom line: on a light ground, with a bar at its side.
fn lead() -> String {
    format!(
        "<w:pBdr><w:left w:val=\"single\" w:sz=\"24\" w:space=\"8\" w:color=\"{BLUE}\"/></w:pBdr>\
         <w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F3F5F8\"/>\
         <w:spacing w:before=\"0\" w:after=\"60\"/><w:ind w:left=\"200\"/>"
    )
}

/// In twentieths of a point.
fn spacing(before: u32, after: u32) -> String {
    format!("<w:spacing w:before=\"{before}\" w:after=\"{after}\"/>")
}

/// In half points.
fn size(size: u32) -> String {
    format!("<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>")
}

fn colour_size(colour: &str, of: u32) -> String {
    format!("<w:color w:val=\"{colour}\"/>{}", size(of))
}

/// Bullets, and as many lists as count from 1.
pub(super) fn numbering(n_lists: usize) -> String {
    let level = |format: &str, text: &str| {
        format!(
            "<w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>\
             <w:lvlText w:val=\"{text}\"/><w:lvlJc w:val=\"left\"/><w:pPr>\
             <w:ind w:left=\"425\" w:hanging=\"425\"/></w:pPr><w:rPr><w:rFonts w:ascii=\"Calibri\" \
             w:hAnsi=\"Calibri\" w:cs=\"Calibri\"/></w:rPr></w:lvl>"
        )
    };
    let kind = |id: usize, level: &str| {
        format!(
            "<w:abstractNum w:abstractNumId=\"{id}\"><w:multiLevelType w:val=\"singleLevel\"/>{level}\
             </w:abstractNum>"
        )
    };
    let kinds = kind(0, &level("bullet", "•")) + &kind(1, &level("decimal", "%1."));
    let bullets = format!("<w:num w:numId=\"{BULLETS}\"><w:abstractNumId w:val=\"0\"/></w:num>");
    let list = |id: usize| {
        format!(
            "<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"0\">\
             <w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>"
        )
    };
    let lists: String = (1..=n_lists).map(|n| list(BULLETS + n)).collect();
    format!("{XML}<w:numbering xmlns:w=\"{NAMESPACE}\">{kinds}{bullets}{lists}</w:numbering>")
}

/// Which notes are the lines above the others, and the languages of the document.
pub(super) fn settings(language: &str) -> String {
    let locale = escaped(locale(language));
    format!(
        "{XML}<w:settings xmlns:w=\"{NAMESPACE}\"><w:footnotePr><w:footnote w:id=\"-1\"/>\
         <w:footnote w:id=\"0\"/></w:footnotePr><w:compat><w:compatSetting \
         w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" \
         w:val=\"15\"/></w:compat><w:themeFontLang w:val=\"{locale}\"/></w:settings>"
    )
}

/// Title and language of the document.
pub(super) fn core(title: &str, language: &str) -> String {
    format!(
        "{XML}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/\
         core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title>\
         <dc:creator>depeche</dc:creator><dc:language>{}</dc:language></cp:coreProperties>",
        escaped(title),
        escaped(locale(language))
    )
}

/// The title and the number of the page, at its foot.
pub(super) fn footer(words: &Words, title: &str) -> String {
    let field =
        |name: &str| format!("<w:fldSimple w:instr=\" {name} \">{}</w:fldSimple>", run("", "1"));
    let label = run("", &format!("{title} · {} ", words.get("page")));
    let inside = label + &field("PAGE") + &run("", "/") + &field("NUMPAGES");
    let foot = paragraph("Foot", &inside);
    format!("{XML}<w:ftr xmlns:w=\"{NAMESPACE}\">{foot}</w:ftr>")
}
