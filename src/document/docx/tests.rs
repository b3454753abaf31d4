use std::io::{Cursor, Read, Write};

use proptest::prelude::*;
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;
use crate::document::inline::{Inline, Side};
use crate::document::{Document, Kind, carry};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document \
    xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
    xmlns:v=\"urn:schemas-microsoft-com:vml\"><w:body>";
const END: &str = "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId2\"/></w:sectPr>\
    </w:body></w:document>";

fn options() -> Options {
    Options { from: "fr".into(), to: "en".into(), ..Options::default() }
}

/// A member with these paragraphs.
fn member(paragraphs: &str) -> String {
    format!("{HEAD}{paragraphs}{END}")
}

fn units(xml: &str) -> Vec<Unit> {
    find(xml, &options()).expect("it can be read").units
}

fn texts(xml: &str) -> Vec<String> {
    units(xml).into_iter().map(|unit| unit.inline.text).collect()
}

/// The member with each unit as `made` makes it.
fn written(xml: &str, made: impl Fn(&Inline) -> Inline) -> String {
    let found = find(xml, &options()).expect("it can be read");
    let mut changes: Vec<(Span, String)> =
        found.edits.into_iter().map(|e| (e.place, e.text)).collect();
    changes.extend(
        found.units.iter().map(|unit| (unit.place, tidy(&unit.write(&made(&unit.inline))))),
    );
    changes.sort();
    let mut xml = xml.to_owned();
    for (place, new) in changes.into_iter().rev() {
        xml.replace_range(place.start..place.end, &new);
    }
    xml
}

/// One paragraph, translated with its tags in their places.
fn translated(xml: &str, target: &str, phrases: &[(&str, &str)]) -> String {
    written(xml, |inline| {
        let phrase = |span: Span| {
            let known = phrases.iter().find(|(said, _)| *said == span.of(&inline.text));
            known.map(|(_, told)| (*told).to_owned())
        };
        let whole = [(Span::new(0, inline.text.len()), Span::new(0, target.len()))];
        carry(inline, &whole, target, &phrase)
    })
}

/// What a unit is for a translator: its text, and where which tags are.
fn seen(xml: &str) -> Vec<(String, Vec<(usize, Side)>)> {
    let tags = |inline: &Inline| inline.tags.iter().map(|tag| (tag.at, tag.side)).collect();
    units(xml).into_iter().map(|unit| (unit.inline.text.clone(), tags(&unit.inline))).collect()
}

fn is_kept(xml: &str) {
    let again = written(xml, Inline::clone);
    let languages = |xml: &str| xml.replace("\"fr-FR\"", "\"en-US\"");
    assert_eq!(seen(&languages(&again)), seen(xml), "{again}");
}

fn run(look: &str, text: &str) -> String {
    let look = if look.is_empty() { String::new() } else { format!("<w:rPr>{look}</w:rPr>") };
    format!("<w:r>{look}<w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn paragraph(inside: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"Corps\"/></w:pPr>{inside}</w:p>")
}

#[test]
fn split_words_are_put_together() {
    let xml = member(&paragraph(
        "<w:r w:rsidR=\"00A1\"><w:t>La pas</w:t></w:r><w:proofErr w:type=\"spellStart\"/>\
         <w:r w:rsidR=\"00A2\"><w:rPr><w:noProof/><w:lang w:val=\"fr-FR\"/></w:rPr>\
         <w:t xml:space=\"preserve\">serelle </w:t></w:r><w:r><w:lastRenderedPageBreak/>\
         <w:t>rouvre &amp; vit.</w:t></w:r>",
    ));
    assert_eq!(seen(&xml), [("La passerelle rouvre & vit.".to_owned(), vec![])]);
    is_kept(&xml);
    let english = translated(&xml, "The bridge < all.", &[]);
    assert!(english.contains(&paragraph(&run("", "The bridge &lt; all."))), "{english}");
}

#[test]
fn formats_go_to_the_right_words() {
    let inside = run("", "Le maire a dit ") + &run("<w:b/>", "non") + &run("", " au projet.");
    let xml = member(&paragraph(&inside));
    is_kept(&xml);
    let english = translated(&xml, "To the project, the mayor said no.", &[("non", "no")]);
    let wanted = run("", "To the project, the mayor said ") + &run("<w:b/>", "no") + &run("", ".");
    assert!(english.contains(&paragraph(&wanted)), "{english}");
}

#[test]
fn all_in_one_format_is_one_run() {
    let xml = member(&paragraph(&(run("<w:i/>", "Tout est ") + &run("<w:i/>", "calme."))));
    let english = translated(&xml, "All is calm.", &[]);
    assert!(english.contains(&paragraph(&run("<w:i/>", "All is calm."))), "{english}");
}

#[test]
fn links_keep_their_words() {
    let link = format!("<w:hyperlink r:id=\"rId9\">{}</w:hyperlink>", run("<w:u/>", "le site"));
    let xml = member(&paragraph(&(run("", "Voir ") + &link + &run("", " de la ville."))));
    is_kept(&xml);
    let english = translated(&xml, "See the city's website.", &[("le site", "website")]);
    let link = format!("<w:hyperlink r:id=\"rId9\">{}</w:hyperlink>", run("<w:u/>", "website"));
    let wanted = run("", "See the city's ") + &link + &run("", ".");
    assert!(english.contains(&paragraph(&wanted)), "{english}");
}

#[test]
fn notes_breaks_and_tabs_stay() {
    let note =
        "<w:r><w:rPr><w:rStyle w:val=\"Appel\"/></w:rPr><w:footnoteReference w:id=\"2\"/></w:r>";
    let inside = "<w:r><w:t>Le pont</w:t><w:br/><w:t>est vieux</w:t></w:r>".to_owned()
        + note
        + "<w:r><w:t>.</w:t><w:tab/><w:t>Il tient.</w:t></w:r>";
    let xml = member(&paragraph(&inside));
    assert_eq!(texts(&xml), ["Le pont est vieux. Il tient."]);
    is_kept(&xml);
    let again = written(&xml, Inline::clone);
    assert!(
        again.contains("Le pont</w:t><w:br/><w:t xml:space=\"preserve\">est vieux</w:t>"),
        "{again}"
    );
    assert!(again.contains(note) && again.matches("<w:tab/>").count() == 1, "{again}");
}

#[test]
fn fields_keep_their_code() {
    let field = |kind| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let code = "<w:r><w:instrText> REF fig1 </w:instrText></w:r>";
    let inside = run("", "Voir ")
        + &field("begin")
        + code
        + &field("separate")
        + &run("<w:b/>", "Figure 1")
        + &field("end")
        + &run("", " du rapport.");
    let xml = member(&paragraph(&inside));
    assert_eq!(texts(&xml), ["Voir Figure 1 du rapport."]);
    is_kept(&xml);
    let english = translated(&xml, "See the report's Figure 1.", &[]);
    let begin =
        field("begin") + code + &field("separate") + &run("<w:b/>", "Figure 1") + &field("end");
    assert!(english.contains(&begin), "{english}");
    // A field that begins here and ends elsewhere, and one without a text.
    let open = field("begin") + code + &field("separate");
    is_kept(&member(&paragraph(&(open.clone() + &run("", "Chapitre un")))));
    let empty = run("", "Page ") + &open + &field("end") + &run("", " du livre");
    is_kept(&member(&paragraph(&empty)));
}

#[test]
fn deleted_text_stays_and_inserted_text_counts() {
    let deleted = "<w:del w:id=\"1\"><w:r><w:delText>vieux</w:delText></w:r></w:del>";
    let inserted = format!("<w:ins w:id=\"2\">{}</w:ins>", run("", "neuf"));
    let xml =
        member(&paragraph(&(run("", "Le pont ") + deleted + &inserted + &run("", " est là."))));
    assert_eq!(texts(&xml), ["Le pont neuf est là."]);
    is_kept(&xml);
    let english = translated(&xml, "The new bridge is there.", &[("neuf", "new")]);
    assert!(english.contains(deleted), "{english}");
    assert!(
        english.contains(&format!("<w:ins w:id=\"2\">{}</w:ins>", run("", "new"))),
        "{english}"
    );
}

#[test]
fn text_boxes_are_units_of_their_own() {
    let text = |text: &str| paragraph(&run("", text));
    let boxed = format!(
        "<mc:AlternateContent><mc:Choice><v:x><w:txbxContent>{}</w:txbxContent></v:x></mc:Choice>\
         <mc:Fallback><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></mc:Fallback>\
         </mc:AlternateContent>",
        text("Encadré"),
        text("Encadré")
    );
    let inside = run("", "Avant.") + &format!("<w:r>{boxed}</w:r>") + &run("", "Après.");
    let xml = member(&paragraph(&inside));
    assert_eq!(texts(&xml), ["Avant.", "Encadré", "Encadré", "Après."]);
    is_kept(&xml);
    assert_eq!(written(&xml, Inline::clone), xml);
    let one = format!("<w:r><w:t>Avant.</w:t>{boxed}<w:tab/><w:t>Après.</w:t></w:r>");
    let xml = member(&paragraph(&one));
    assert_eq!(texts(&xml), ["Avant.", "Encadré", "Encadré", "Après."]);
    is_kept(&xml);
}

#[test]
fn tables_and_content_controls_are_read() {
    let cell = |text: &str| format!("<w:tc><w:tcPr/>{}</w:tc>", paragraph(&run("", text)));
    let table = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("Ville"), cell("2026"));
    let control = format!(
        "<w:sdt><w:sdtPr><w:id w:val=\"1\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
        run("", "Rennes")
    );
    let xml = member(&(table + &paragraph(&(run("", "À ") + &control + &run("", ".")))));
    assert_eq!(texts(&xml), ["Ville", "2026", "À Rennes."]);
    is_kept(&xml);
}

#[test]
fn the_language_changes() {
    let look = "<w:b/><w:lang w:val=\"fr-FR\" w:bidi=\"ar-SA\"/>";
    let mark = "<w:p><w:pPr><w:rPr><w:lang w:val=\"fr-CA\"/></w:rPr></w:pPr></w:p>";
    let other = run("<w:lang w:val=\"de-DE\"/>", "Tag");
    let xml = member(&(mark.to_owned() + &paragraph(&run(look, "Oui")) + &paragraph(&other)));
    let english = written(&xml, Inline::clone);
    assert!(!english.contains("\"fr-"), "{english}");
    assert!(english.contains("<w:lang w:val=\"en-US\" w:bidi=\"ar-SA\"/>"));
    assert!(english.contains("de-DE"), "{english}");
}

#[test]
fn what_is_no_word_document_is_told() {
    let deep = "<w:p>".repeat(5000) + &"</w:p>".repeat(5000);
    for xml in ["<w:p>", "<w:p></w:t>", "<w:p", &deep] {
        assert!(find(xml, &options()).is_err());
    }
    assert!(texts("").is_empty());
    assert_eq!(texts(&format!("\u{feff}{}", member(&paragraph(&run("", "Oui"))))), ["Oui"]);
}

/// A package of a document, styles, a header and footnotes.
fn package(document: &str) -> Vec<u8> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    let part = |name: &str, kind: &str| {
        format!(
            "<Override PartName=\"/word/{name}.xml\" ContentType=\"application/vnd.openxmlformats-\
             officedocument.wordprocessingml.{kind}+xml\"/>"
        )
    };
    let relation = |id: usize, kind: &str, target: &str| {
        format!(
            "<Relationship Id=\"rId{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/\
             2006/relationships/{kind}\" Target=\"{target}\"/>"
        )
    };
    let relations = |all: String| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/\
             relationships\">{all}</Relationships>"
        )
    };
    let root = |name: &str, inside: &str| {
        let space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
        format!("<w:{name} xmlns:w=\"{space}\">{inside}</w:{name}>")
    };
    let types = format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default \
         Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships\
         +xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}{}{}{}</Types>",
        part("document", "document.main"),
        part("styles", "styles"),
        part("header1", "header"),
        part("footnotes", "footnotes"),
    );
    let styles = "<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val=\"fr-FR\"/></w:rPr>\
                  </w:rPrDefault></w:docDefaults><w:style w:type=\"paragraph\" \
                  w:styleId=\"Corps\"><w:name w:val=\"Corps\"/></w:style>";
    let note = format!(
        "<w:footnote w:id=\"2\"><w:p><w:r><w:footnoteRef/></w:r>{}</w:p></w:footnote>",
        run("", " Selon la mairie.")
    );
    let members = [
        ("[Content_Types].xml", types),
        ("_rels/.rels", relations(relation(1, "officeDocument", "word/document.xml"))),
        ("word/document.xml", document.to_owned()),
        (
            "word/_rels/document.xml.rels",
            relations(
                relation(1, "styles", "styles.xml")
                    + &relation(2, "header", "header1.xml")
                    + &relation(3, "footnotes", "footnotes.xml"),
            ),
        ),
        ("word/styles.xml", root("styles", styles)),
        ("word/header1.xml", root("hdr", &paragraph(&run("", "Gazette du fleuve")))),
        ("word/footnotes.xml", root("footnotes", &note)),
    ];
    for (name, text) in members {
        package.start_file(name, SimpleFileOptions::default()).unwrap();
        package.write_all(text.as_bytes()).unwrap();
    }
    package.finish().unwrap().into_inner()
}

#[test]
fn all_members_are_translated() {
    let bytes = package(&member(&paragraph(&run("<w:b/>", "Le pont rouvre"))));
    let document = Document::read("a.docx", &bytes, Kind::Docx, &options()).unwrap();
    let texts: Vec<&str> = document.units.iter().map(|unit| unit.inline.text.as_str()).collect();
    assert_eq!(texts, ["Le pont rouvre", "Selon la mairie.", "Gazette du fleuve"]);
    let english = ["The bridge reopens", "According to the city.", "River Gazette"];
    let english = document.write(&english.map(Inline::plain)).unwrap();
    let mut package = ZipArchive::new(Cursor::new(english)).unwrap();
    let mut read = |name: &str| {
        let mut text = String::new();
        package.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let wanted = member(&paragraph(&run("<w:b/>", "The bridge reopens")));
    assert_eq!(read("word/document.xml"), wanted);
    assert!(read("word/styles.xml").contains("w:val=\"en-US\""));
    assert!(read("word/header1.xml").contains("River Gazette"));
    assert!(read("word/footnotes.xml").contains("<w:r><w:footnoteRef/></w:r><w:r>"));
}

/// Something of a paragraph.
fn any_piece() -> impl Strategy<Value = String> {
    let look =
        prop_oneof![Just(""), Just("<w:b/>"), Just("<w:i/>"), Just("<w:lang w:val=\"fr-FR\"/>")];
    let text =
        prop_oneof!["[a-zé .]{0,8}", "[^<&\\p{Cc}\u{fffe}\u{ffff}]{0,4}", Just(" ".to_owned())];
    let words = (look, text).prop_map(|(look, text)| run(look, &text.replace(']', "")));
    let mark = |kind: &str| Just(format!("<w:r><w:b/><w:fldChar w:fldCharType=\"{kind}\"/></w:r>"));
    let piece = prop_oneof![
        6 => words,
        1 => Just("<w:r><w:rPr><w:b/></w:rPr><w:t>un</w:t><w:tab/><w:t> mot</w:t></w:r>".into()),
        1 => Just("<w:bookmarkStart w:id=\"1\"/>".to_owned()),
        1 => Just("<w:r><w:br/></w:r>".to_owned()),
        1 => mark("begin"),
        1 => mark("separate"),
        1 => mark("end"),
        1 => Just(format!("<w:r><w:pict>{}</w:pict></w:r>", paragraph(&run("", "boîte")))),
    ];
    piece.prop_recursive(2, 12, 4, |inner| {
        let inside = prop::collection::vec(inner, 0..4).prop_map(|all| all.concat());
        let name = prop_oneof![Just("hyperlink"), Just("ins"), Just("del"), Just("smartTag")];
        (name, inside).prop_map(|(name, inside)| format!("<w:{name}>{inside}</w:{name}>"))
    })
}

fn any_member() -> impl Strategy<Value = String> {
    let inside = prop::collection::vec(any_piece(), 0..8).prop_map(|all| paragraph(&all.concat()));
    prop::collection::vec(inside, 0..3).prop_map(|all| member(&all.concat()))
}

proptest! {
    #[test]
    fn any_document_keeps_what_it_says(xml in any_member()) {
        let again = written(&xml, Inline::clone);
        let texts = |xml: &str| texts(xml);
        prop_assert_eq!(texts(&again), texts(&xml));
        let twice = written(&again, Inline::clone);
        prop_assert_eq!(texts(&twice), texts(&xml));
    }

    #[test]
    fn any_translation_can_be_read_again(xml in any_member(), target in "(?s).{0,30}") {
        let english = translated(&xml, &target, &[]);
        prop_assert!(Tree::parse(&english).is_ok());
        let count = |xml: &str, what: &str| xml.matches(what).count();
        for what in ["<w:p>", "<w:hyperlink>", "<w:br/>", "<w:bookmarkStart", "<w:fldChar"] {
            prop_assert_eq!(count(&english, what), count(&xml, what));
        }
    }

    #[test]
    fn no_text_ends_in_a_panic(
        xml in "(<(w:)?(p|r|t|sdt|sdtContent|ins)>|</w:(p|r|t)>|<w:fldChar/>|[é&;<>\"a= ]){0,40}",
        text in "(?s).*",
    ) {
        let _ = find(&xml, &options());
        let _ = find(&text, &options());
        let _ = tidy(&xml);
    }
}
