use proptest::prelude::*;

use super::*;
use crate::check::Severity;
use crate::document::{Document, Kind, Options};
use crate::memory::Memory;

fn finding(severity: Severity) -> Finding {
    Finding {
        kind: "number",
        severity,
        message: "12 is missing & \"13\" is <new>".to_owned(),
        source: None,
        target: None,
    }
}

fn pair(source: &str, target: &str) -> Pair {
    Pair { source: source.into(), target: target.into(), ..Pair::default() }
}

/// A text of three paragraphs.
fn sample() -> Bilingual {
    let failed = Pair {
        findings: vec![finding(Severity::Error), finding(Severity::Note)],
        ..pair("Il a 12 ans & demi.", "He is 13\tand\na half.")
    };
    let known = Pair { origin: Origin::Memory, ..pair("La fin.", "The end.") };
    let copied = Pair { origin: Origin::Copied, ..pair("***", "***") };
    let first = vec![pair("Le « pont » est fermé.", "The “bridge” is closed."), failed];
    let paragraphs = [first, vec![known], vec![copied, pair("Rien.", "")]];
    Bilingual {
        name: "carte \"a\".txt".into(),
        from: "fr".into(),
        to: "en".into(),
        paragraphs: paragraphs.map(|pairs| Paragraph { pairs }).into(),
    }
}

fn options() -> Options {
    Options { from: "fr".into(), to: "en".into(), ..Options::default() }
}

fn written(bilingual: &Bilingual, format: Format) -> String {
    let bytes = bilingual.write(format).expect("it can be written");
    String::from_utf8(bytes).expect("it is UTF-8")
}

#[test]
fn tmx_has_what_the_standard_asks_for() {
    insta::assert_snapshot!(written(&sample(), Format::Tmx), @r##"
<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4">
  <header creationtool="depeche" creationtoolversion="0.1.0" segtype="sentence" o-tmf="depeche" adminlang="en" srclang="fr" datatype="plaintext">
    <prop type="x-document">carte &quot;a&quot;.txt</prop>
  </header>
  <body>
    <tu tuid="1.1">
      <prop type="x-origin">model</prop>
      <tuv xml:lang="fr"><seg>Le « pont » est fermé.</seg></tuv>
      <tuv xml:lang="en"><seg>The “bridge” is closed.</seg></tuv>
    </tu>
    <tu tuid="1.2">
      <note>error, number: 12 is missing &amp; &quot;13&quot; is &lt;new&gt;</note>
      <note>note, number: 12 is missing &amp; &quot;13&quot; is &lt;new&gt;</note>
      <prop type="x-origin">model</prop>
      <tuv xml:lang="fr"><seg>Il a 12 ans &amp; demi.</seg></tuv>
      <tuv xml:lang="en"><seg>He is 13	and
a half.</seg></tuv>
    </tu>
    <tu tuid="2.1">
      <prop type="x-origin">memory</prop>
      <tuv xml:lang="fr"><seg>La fin.</seg></tuv>
      <tuv xml:lang="en"><seg>The end.</seg></tuv>
    </tu>
    <tu tuid="3.1">
      <prop type="x-origin">copied</prop>
      <tuv xml:lang="fr"><seg>***</seg></tuv>
      <tuv xml:lang="en"><seg>***</seg></tuv>
    </tu>
  </body>
</tmx>
"##);
}

#[test]
fn xliff_has_states_and_notes() {
    insta::assert_snapshot!(written(&sample(), Format::Xliff), @r##"
<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <file original="carte &quot;a&quot;.txt" source-language="fr" target-language="en" datatype="plaintext" tool-id="depeche">
    <header>
      <tool tool-id="depeche" tool-name="depeche" tool-version="0.1.0"/>
    </header>
    <body>
      <group id="1" restype="x-paragraph">
        <trans-unit id="1.1">
          <source>Le « pont » est fermé.</source>
          <target state="translated" state-qualifier="mt-suggestion">The “bridge” is closed.</target>
        </trans-unit>
        <trans-unit id="1.2">
          <source>Il a 12 ans &amp; demi.</source>
          <target state="needs-review-translation" state-qualifier="mt-suggestion">He is 13	and
a half.</target>
          <note from="depeche" annotates="target" priority="1">error, number: 12 is missing &amp; &quot;13&quot; is &lt;new&gt;</note>
          <note from="depeche" annotates="target" priority="10">note, number: 12 is missing &amp; &quot;13&quot; is &lt;new&gt;</note>
        </trans-unit>
      </group>
      <group id="2" restype="x-paragraph">
        <trans-unit id="2.1">
          <source>La fin.</source>
          <target state="translated" state-qualifier="exact-match">The end.</target>
        </trans-unit>
      </group>
      <group id="3" restype="x-paragraph">
        <trans-unit id="3.1">
          <source>***</source>
          <target state="translated">***</target>
        </trans-unit>
        <trans-unit id="3.2">
          <source>Rien.</source>
          <target state="needs-translation"></target>
        </trans-unit>
      </group>
    </body>
  </file>
</xliff>
"##);
}

#[test]
fn tsv_is_a_line_a_sentence() {
    insta::assert_snapshot!(written(&sample(), Format::Tsv), @r##"
paragraph	sentence	source	target	origin	findings
1	1	Le « pont » est fermé.	The “bridge” is closed.	model	
1	2	Il a 12 ans & demi.	He is 13 and a half.	model	error, number: 12 is missing & "13" is <new>; note, number: 12 is missing & "13" is <new>
2	1	La fin.	The end.	memory	
3	1	***	***	copied	
3	2	Rien.		model
"##);
}

#[test]
fn xliff_can_be_filled_where_a_translation_is_missing() {
    let text = written(&sample(), Format::Xliff);
    let document = Document::read("a.xlf", text.as_bytes(), Kind::Xliff, &options());
    let units = document.expect("it can be read").units;
    let texts: Vec<&str> = units.iter().map(|unit| unit.inline.text.as_str()).collect();
    assert_eq!(texts, ["Rien."]);
}

#[test]
fn extensions_are_those_of_the_formats() {
    let all = [Format::Tmx, Format::Xliff, Format::Tsv];
    assert_eq!(all.map(Format::extension), ["tmx", "xlf", "tsv"]);
}

proptest! {
    #[test]
    fn tmx_is_read_back(
        pairs in prop::collection::btree_map(
            "[ -~éèŒ«»&<\u{a0}\n]{1,30}", "[ -~é&<]{1,30}", 0..8,
        ),
    ) {
        let all = pairs.iter().map(|(source, target)| pair(source, target)).collect();
        let paragraphs = vec![Paragraph { pairs: all }];
        let bilingual = Bilingual { paragraphs, ..sample() };
        let text = written(&bilingual, Format::Tmx);
        let memory = Memory::parse(&text, "fr", "en").expect("it can be read");
        let blank = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut last = std::collections::BTreeMap::new();
        for (source, target) in pairs {
            if !blank(&source).is_empty() && !blank(&target).is_empty() {
                last.insert(blank(&source), blank(&target));
            }
        }
        prop_assert_eq!(memory.len(), last.len());
        for (source, target) in last {
            prop_assert_eq!(memory.exact(&source).map(blank), Some(target));
        }
    }

    #[test]
    fn any_text_makes_sound_files(source in ".*", target in ".*") {
        let paragraphs = vec![Paragraph { pairs: vec![pair(&source, &target)] }];
        let bilingual = Bilingual { paragraphs, ..sample() };
        prop_assert!(Memory::parse(&written(&bilingual, Format::Tmx), "fr", "en").is_ok());
        let xliff = written(&bilingual, Format::Xliff);
        let document = Document::read("a", xliff.as_bytes(), Kind::Xliff, &options());
        prop_assert!(document.is_ok());
        prop_assert_eq!(written(&bilingual, Format::Tsv).lines().count(), 2);
    }
}
