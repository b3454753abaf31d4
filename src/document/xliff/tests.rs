use proptest::prelude::*;

use crate::document::{Document, Inline, Kind, Options};

const ONE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <file original="carte.html" source-language="fr" datatype="html">
    <body>
      <trans-unit id="1">
        <source>Le <g id="1">pont</g> est fermé<x id="2"/> &amp; gardé.</source>
        <note>Un titre</note>
        <alt-trans><source>Le quai</source><target>The quay</target></alt-trans>
      </trans-unit>
      <trans-unit id="2">
        <source>Cliquez <bpt id="1">&lt;b></bpt>ici<ept id="1">&lt;/b></ept>.</source>
        <seg-source><mrk mtype="seg" mid="1">Cliquez <bpt id="1">&lt;b></bpt>ici<ept id="1">&lt;/b></ept>.</mrk></seg-source>
        <target state="new" xml:lang="en"/>
      </trans-unit>
      <trans-unit id="3"><source>Oui</source><target state="translated">Yes</target></trans-unit>
      <trans-unit id="4" translate="no"><source>Non</source></trans-unit>
      <trans-unit id="5" approved="yes"><source>Fin</source><target/></trans-unit>
      <trans-unit id="6" xml:space="preserve"><source>  Une rue.
%d	rues fermées.
</source></trans-unit>
    </body>
  </file>
</xliff>
"#;

const TWO: &str = r#"<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="fr">
 <file id="f">
  <unit id="1">
   <segment id="s1" state="initial" subState="x:y">
    <source>Il dit <pc id="1">bonjour</pc> à <mrk id="m" translate="no">Jean Dupont</mrk><ph id="2"/>.</source>
    <target>Il dit bonjour.</target>
   </segment>
   <ignorable><source> </source></ignorable>
   <segment><source>La fin.</source></segment>
   <segment><source>Oui.</source><target>Yes.</target></segment>
  </unit>
  <unit id="2" translate="no"><segment><source>Non.</source></segment></unit>
 </file>
</xliff>
"#;

fn options() -> Options {
    Options { from: "fr".into(), to: "en".into(), ..Options::default() }
}

fn read(text: &str) -> Document {
    Document::read("a.xlf", text.as_bytes(), Kind::Xliff, &options()).expect("it can be read")
}

fn filled(text: &str) -> String {
    let document = read(text);
    let same: Vec<Inline> = document.units.iter().map(|unit| unit.inline.clone()).collect();
    String::from_utf8(document.write(&same).expect("it can be written")).expect("it is text")
}

fn failure(text: &str) -> String {
    let read = Document::read("a.xlf", text.as_bytes(), Kind::Xliff, &options());
    read.expect_err("it cannot be read").to_string()
}

/// A file of 1.2 with one segment.
fn one(inside: &str) -> String {
    format!(
        "<xliff version=\"1.2\"><file target-language=\"en-US\"><body><trans-unit id=\"1\">\
         {inside}</trans-unit></body></file></xliff>"
    )
}

#[test]
fn open_segments_of_the_first_version_are_filled() {
    let document = read(ONE);
    let texts: Vec<&str> = document.units.iter().map(|u| u.inline.text.as_str()).collect();
    let wanted = ["Le pont est fermé & gardé.", "Cliquez ici.", "Une rue.", "rues fermées."];
    assert_eq!(texts, wanted);
    insta::assert_snapshot!(filled(ONE), @r##"
<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <file original="carte.html" source-language="fr" datatype="html" target-language="en">
    <body>
      <trans-unit id="1">
        <source>Le <g id="1">pont</g> est fermé<x id="2"/> &amp; gardé.</source>
        <target state="needs-review-translation" state-qualifier="mt-suggestion">Le <g id="1">pont</g> est fermé<x id="2"/> &amp; gardé.</target>
        <note>Un titre</note>
        <alt-trans><source>Le quai</source><target>The quay</target></alt-trans>
      </trans-unit>
      <trans-unit id="2">
        <source>Cliquez <bpt id="1">&lt;b></bpt>ici<ept id="1">&lt;/b></ept>.</source>
        <seg-source><mrk mtype="seg" mid="1">Cliquez <bpt id="1">&lt;b></bpt>ici<ept id="1">&lt;/b></ept>.</mrk></seg-source>
        <target state="needs-review-translation" xml:lang="en" state-qualifier="mt-suggestion"><mrk mtype="seg" mid="1">Cliquez <bpt id="1">&lt;b></bpt>ici<ept id="1">&lt;/b></ept>.</mrk></target>
      </trans-unit>
      <trans-unit id="3"><source>Oui</source><target state="translated">Yes</target></trans-unit>
      <trans-unit id="4" translate="no"><source>Non</source></trans-unit>
      <trans-unit id="5" approved="yes"><source>Fin</source><target/></trans-unit>
      <trans-unit id="6" xml:space="preserve"><source>  Une rue.
%d	rues fermées.
</source><target state="needs-review-translation" state-qualifier="mt-suggestion">  Une rue.
%d	rues fermées.
</target></trans-unit>
    </body>
  </file>
</xliff>
"##);
}

#[test]
fn open_segments_of_the_second_version_are_filled() {
    let document = read(TWO);
    let texts: Vec<&str> = document.units.iter().map(|u| u.inline.text.as_str()).collect();
    assert_eq!(texts, ["Il dit bonjour à Jean Dupont.", "La fin."]);
    assert_eq!(document.units[0].keep, ["Jean Dupont"]);
    insta::assert_snapshot!(filled(TWO), @r##"
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="fr" trgLang="en">
 <file id="f">
  <unit id="1">
   <segment id="s1" state="translated">
    <source>Il dit <pc id="1">bonjour</pc> à <mrk id="m" translate="no">Jean Dupont</mrk><ph id="2"/>.</source>
    <target>Il dit <pc id="1">bonjour</pc> à <mrk id="m" translate="no">Jean Dupont</mrk><ph id="2"/>.</target>
   </segment>
   <ignorable><source> </source></ignorable>
   <segment state="translated"><source>La fin.</source><target>La fin.</target></segment>
   <segment><source>Oui.</source><target>Yes.</target></segment>
  </unit>
  <unit id="2" translate="no"><segment><source>Non.</source></segment></unit>
 </file>
</xliff>
"##);
}

#[test]
fn what_was_filled_is_not_filled_again() {
    for text in [ONE, TWO] {
        let once = filled(text);
        assert!(read(&once).units.is_empty(), "{once}");
        assert_eq!(filled(&once), once);
    }
}

#[test]
fn blanks_beside_tags_stay() {
    for source in [
        "<x id=\"1\"/> fichiers <x id=\"2\"/>",
        "un <x id=\"1\"/> mot <g id=\"2\">et</g> un <g id=\"3\"> autre </g> mot",
        "\n   Une rue\n   ",
        "Une <ept id=\"1\"/>rue <g id=\"2\"><bpt id=\"3\"/>est</g> là",
    ] {
        let written = filled(&one(&format!("<source>{source}</source>")));
        assert!(written.contains(&format!(">{source}</target>")), "{written}");
    }
}

#[test]
fn lines_within_a_tag_are_one_unit() {
    let source =
        "<source xml:space=\"preserve\"><g id=\"1\">Une rue.\n  Un pont.</g>\n\n---\nFin</source>";
    let text = one(source);
    assert_eq!(read(&text).units.len(), 2);
    assert!(filled(&text).contains(">Une rue.\n  Un pont.</g>\n\n---\nFin</target>"));
}

#[test]
fn prefixes_line_ends_and_marks_of_the_byte_order_stay() {
    let text = "\u{feff}<x:xliff version=\"1.2\"><x:file target-language=\"en\">\r\n\
                <x:trans-unit>\r\n  <x:source>Une rue</x:source>\r\n</x:trans-unit></x:file>\
                </x:xliff>";
    let target = "</x:source>\r\n  <x:target state=\"needs-review-translation\" \
                  state-qualifier=\"mt-suggestion\">Une rue</x:target>\r\n";
    let bare = text.trim_start_matches('\u{feff}');
    let wanted = bare.replace("</x:source>\r\n", target);
    assert_eq!(filled(text).trim_start_matches('\u{feff}'), wanted);
}

#[test]
fn another_encoding_becomes_utf8() {
    let text = format!("<?xml version='1.0' encoding='iso-8859-1'?>{}", one("<source>é</source>"));
    let bytes = encoding_rs::WINDOWS_1252.encode(&text).0;
    let document = Document::read("a.xlf", &bytes, Kind::Xliff, &options()).expect("it is read");
    let same: Vec<Inline> = document.units.iter().map(|unit| unit.inline.clone()).collect();
    let written = document.write(&same).expect("it can be written");
    let written = String::from_utf8(written).expect("it is UTF-8");
    assert!(written.contains("encoding='UTF-8'") && written.contains(">é</target>"), "{written}");
}

#[test]
fn what_is_no_xliff_is_named() {
    assert!(failure("<a/>").contains("no element <xliff>"));
    assert!(failure("<xliff>\n</b>").contains("line 2"));
    assert!(failure("<xliff><file>").contains("<file> does not end"));
    let german = one("<source>Une rue</source>").replace("en-US", "de");
    assert!(failure(&german).contains("--to de"));
}

proptest! {
    #[test]
    fn nothing_panics(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<source>", "</source>", "<target>", "</target>", "<target/>", "<g>", "</g>",
                "<bpt>", "</bpt>", "<ex/>", "<mrk mtype='protected'>", "</mrk>", "<seg-source>",
                "</seg-source>", "é", " ", "\n", "&amp;", "&#13;", "&x;", "<", ">", "mot",
                "<![CDATA[ a ]]>", "<!-- b -->", "xml:space='preserve'", "<source xml:space='preserve'>",
            ]),
            0..30,
        ),
        any in ".*",
    ) {
        let source = format!("<source>{}</source>", pieces.concat());
        for text in [one(&pieces.concat()), one(&source), pieces.concat(), any] {
            let read = Document::read("a.xlf", text.as_bytes(), Kind::Xliff, &options());
            if let Ok(document) = read {
                let same: Vec<Inline> =
                    document.units.iter().map(|unit| unit.inline.clone()).collect();
                let written = document.write(&same).expect("it can be written");
                Document::read("a.xlf", &written, Kind::Xliff, &options()).expect("it is XML");
            }
        }
    }
}
