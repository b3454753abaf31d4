mod exchange;

use std::io::{Cursor, Read};

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;

fn found(severity: Severity, message: &str, source: &str, target: &str, pair: &mut Pair) {
    let place = |words: &str, text: &str| {
        let start = text.find(words).filter(|_| !words.is_empty())?;
        Some(Span::new(start, start + words.len()))
    };
    pair.findings.push(Finding {
        kind: "number",
        severity,
        message: message.to_owned(),
        source: place(source, &pair.source),
        target: place(target, &pair.target),
    });
}

fn pair(source: &str, target: &str) -> Pair {
    Pair { source: source.into(), target: target.into(), ..Pair::default() }
}

/// Sentences of each kind.
fn sample() -> Bilingual {
    let title = pair("La passerelle des Tanneurs rouvre", "The Tanneurs footbridge reopens");
    let mut number = pair(
        "Le chantier a coûté 3,4 millions d'euros à la ville et a duré dix-huit mois.",
        "The works cost the city 34 million euros and took eighteen months.",
    );
    found(
        Severity::Error,
        "`3,4 millions` became `34 million`",
        "3,4 millions d'euros",
        "34 million euros",
        &mut number,
    );
    found(
        Severity::Warning,
        "`millions d'euros` may be <wrong>",
        "d'euros",
        "million euros and",
        &mut number,
    );
    let mut name = pair(
        "Selon l'adjointe Solène Kermarrec, « l'ouvrage tiendra un siècle ».",
        "According to the deputy mayor, \"the structure will last a century\".",
    );
    found(
        Severity::Warning,
        "the name `Solène Kermarrec` is missing",
        "Solène Kermarrec",
        "",
        &mut name,
    );
    let mut note = pair("Les vélos & les piétons s'y croisent.", "Bikes & walkers meet there.");
    found(Severity::Note, "`piétons` is shorter", "piétons", "walkers", &mut note);
    let known = Pair { origin: Origin::Memory, ..pair("Photo : archives.", "Photo: archive.") };
    let copied = Pair { origin: Origin::Copied, ..pair("2026", "2026") };
    let paragraph = |pairs| Paragraph { pairs };
    Bilingual {
        name: "passerelle <1>.docx".into(),
        from: "fr".into(),
        to: "en".into(),
        paragraphs: vec![
            paragraph(vec![title]),
            paragraph(vec![number, name]),
            paragraph(vec![note, known]),
            paragraph(vec![copied]),
        ],
    }
}

fn page(all: &Bilingual) -> String {
    String::from_utf8(all.write(Format::Html).unwrap()).unwrap()
}

/// A member of the document.
fn member(all: &Bilingual, name: &str) -> String {
    let bytes = all.write(Format::Docx).unwrap();
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    package.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// Fails where elements are not in each other as they should be.
fn is_nested(xml: &str) {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}

/// The part of a page that XML can be, too.
fn main_of(page: &str) -> &str {
    &page[page.find("<main>").unwrap()..page.find("</body>").unwrap()]
}

#[test]
fn pieces_begin_and_end_where_spans_do() {
    let found = [(Span::new(0, 4), Severity::Warning), (Span::new(2, 6), Severity::Error)];
    let pieces = stretches("abcdefg", &found);
    let all: Vec<_> = pieces.iter().map(|s| (s.place.of("abcdefg"), s.severity)).collect();
    let (warning, error) = (Some(Severity::Warning), Some(Severity::Error));
    assert_eq!(all, [("ab", warning), ("cd", error), ("ef", error), ("g", None)]);
    assert!(stretches("", &found).is_empty());
    // A span that is none of the text.
    assert_eq!(stretches("é", &[(Span::new(1, 9), Severity::Error)]).len(), 1);
}

#[test]
fn sentences_are_counted() {
    let counts = "6 sentences · 1 from memory · 1 with errors · 1 with warnings";
    assert_eq!(sample().counts(), counts);
    let one = vec![Paragraph { pairs: vec![pair("Oui.", "Yes.")] }];
    assert_eq!(Bilingual { paragraphs: one, ..sample() }.counts(), "1 sentence");
}

#[test]
fn page_shows_what_was_found() {
    let page = page(&sample());
    is_nested(main_of(&page));
    assert!(page.contains("<title>passerelle &lt;1&gt;.docx</title>"));
    assert!(page.contains("href=\"#s2\">[!]&nbsp;2</a>"));
    assert!(page.contains("href=\"#s3\">[?]&nbsp;3</a>"));
    assert!(!page.contains("[i]&nbsp;4"), "a note needs no reader");
    assert!(page.contains(
        "<mark class=\"error\">34 million euros</mark><mark class=\"warning\"> and</mark>"
    ));
    assert!(page.contains("may be &lt;wrong&gt;</li>"));
    assert!(page.contains("Les vélos &amp; les"));
    assert!(page.contains("<span class=\"label\">from memory</span>"));
    assert_eq!(page.matches("<p lang=\"fr\">").count(), 6);
    assert_eq!(page.matches("<section>").count(), 4);
}

#[test]
fn page_without_findings_has_no_links() {
    let paragraphs = vec![Paragraph { pairs: vec![pair("Oui.", "Yes.")] }];
    let page = page(&Bilingual { paragraphs, ..sample() });
    assert!(!page.contains("<nav") && !page.contains("<mark"));
}

#[test]
fn document_has_a_row_a_sentence_and_a_comment_a_finding() {
    let all = sample();
    let document = member(&all, "word/document.xml");
    // The head, six sentences, three gaps.
    assert_eq!(document.matches("<w:tr>").count(), 1 + 6 + 3);
    let comments = member(&all, "word/comments.xml");
    assert_eq!(comments.matches("<w:comment ").count(), 4);
    for id in 0..4 {
        for element in ["commentRangeStart", "commentRangeEnd", "commentReference"] {
            let one = format!("<w:{element} w:id=\"{id}\"/>");
            assert_eq!(document.matches(&one).count(), 1, "{one}");
        }
    }
    let anchored = document.split("<w:commentRangeStart w:id=\"2\"/>").nth(1).unwrap();
    assert!(
        anchored.split("<w:commentRangeEnd w:id=\"2\"/>").next().unwrap().contains("According")
    );
    let styles = member(&all, "word/styles.xml");
    assert!(styles.contains("<w:lang w:val=\"fr-FR\"/>"));
    for part in [document, comments, styles, member(&all, "[Content_Types].xml")] {
        is_nested(&part);
    }
}

#[test]
fn the_same_sentences_give_the_same_bytes() {
    let all = sample();
    assert_eq!(all.write(Format::Docx).unwrap(), all.write(Format::Docx).unwrap());
}

fn any_pair() -> impl Strategy<Value = Pair> {
    let severity =
        prop_oneof![Just(Severity::Note), Just(Severity::Warning), Just(Severity::Error)];
    let span = prop::option::of((0..30usize, 0..30usize).prop_map(|(a, b)| Span::new(a, b)));
    let finding =
        (severity, ".{0,9}", span.clone(), span).prop_map(|(severity, message, source, target)| {
            Finding { kind: "name", severity, message, source, target }
        });
    let origin = prop_oneof![Just(Origin::Model), Just(Origin::Memory), Just(Origin::Copied)];
    ("(?s).{0,20}", "(?s).{0,20}", prop::collection::vec(finding, 0..4), origin)
        .prop_map(|(source, target, findings, origin)| Pair { source, target, findings, origin })
}

proptest! {
    #[test]
    fn any_text_is_written(pairs in prop::collection::vec(any_pair(), 0..4), name in "(?s).*") {
        let paragraphs = vec![Paragraph { pairs: pairs.clone() }, Paragraph { pairs }];
        let all = Bilingual { name, from: "fr".into(), to: "en".into(), paragraphs };
        is_nested(main_of(&page(&all)));
        for name in ["word/document.xml", "word/comments.xml", "word/styles.xml"] {
            is_nested(&member(&all, name));
        }
    }
}
