//! The Word document, part by part.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use quick_xml::events::Event as Xml;

use super::*;

/// A part of the Word document.
pub fn part(note: &Note, name: &str) -> String {
    let bytes = bytes(note, Format::Docx).unwrap();
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut part = String::new();
    package.by_name(name).unwrap().read_to_string(&mut part).unwrap();
    part
}

/// The ids of all elements of a name; fails where the part is not well-formed.
fn ids(part: &str, element: &str) -> Vec<i64> {
    let mut reader = quick_xml::Reader::from_str(part);
    let mut ids = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Xml::Eof => return ids,
            Xml::Start(tag) | Xml::Empty(tag) if tag.name().as_ref() == element => {
                let id = tag.try_get_attribute("w:id").unwrap().unwrap();
                ids.push(id.value.parse().unwrap());
            }
            _ => {}
        }
    }
}

/// How many citations are printed.
fn n_citations(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Array(all) => all.iter().map(n_citations).sum(),
        serde_json::Value::Object(fields) => {
            let n = |(key, field): (&String, &serde_json::Value)| match key.as_str() {
                // Points of one source are named by their numbers.
                "single_source" => 0,
                "citations" => field.as_array().unwrap().len(),
                _ => n_citations(field),
            };
            fields.iter().map(n).sum()
        }
        _ => 0,
    }
}

#[test]
fn each_citation_has_a_footnote() {
    for note in [note(), in_french(), hostile(), note_of(bare())] {
        let references = ids(&part(&note, "word/document.xml"), "w:footnoteReference");
        let mut notes = ids(&part(&note, "word/footnotes.xml"), "w:footnote");
        assert_eq!(notes.drain(..2).collect::<Vec<_>>(), [-1, 0]);
        assert_eq!(
            references.iter().collect::<BTreeSet<_>>(),
            notes.iter().collect::<BTreeSet<_>>()
        );
        assert_eq!(references.len(), n_citations(&serde_json::to_value(&note).unwrap()));
        assert_eq!(references.len(), notes.len());
    }
}

#[test]
fn later_notes_name_the_first() {
    let footnotes = part(&note(), "word/footnotes.xml");
    let document = part(&note(), "word/document.xml");
    let named = footnotes.split("NOTEREF ").skip(1).filter_map(|rest| rest.split(' ').next());
    let named: Vec<&str> = named.collect();
    assert!(named.len() > 5);
    for name in named {
        assert_eq!(document.matches(&format!("w:name=\"{name}\"")).count(), 1);
    }
    // A sentence stands in one footnote.
    assert_eq!(footnotes.matches("jusqu’à vendredi").count(), 1);
}

#[test]
fn all_parts_are_well_formed_and_named() {
    let bytes = bytes(&hostile(), Format::Docx).unwrap();
    let package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let types = part(&note(), "[Content_Types].xml");
    for name in package.file_names() {
        let name = name.unwrap().into_owned();
        ids(&part(&hostile(), &name), "none");
        let is_named = types.contains(&format!("\"/{name}\"")) || name.ends_with(".rels");
        assert!(is_named || name == "[Content_Types].xml", "{name}");
    }
}

#[test]
fn documents_say_their_structure_and_language() {
    let document = part(&note(), "word/document.xml");
    assert_eq!(document.matches("<w:pStyle w:val=\"Heading1\"/>").count(), 2);
    assert!(document.matches("<w:pStyle w:val=\"Heading2\"/>").count() > 5);
    assert_eq!(document.matches("<w:tblHeader/>").count(), document.matches("<w:tbl>").count());
    assert!(part(&in_french(), "word/styles.xml").contains("<w:lang w:val=\"fr-FR\"/>"));
    let core = part(&in_french(), "docProps/core.xml");
    assert!(core.contains("<dc:title>Valcourt bridge closed"), "{core}");
    assert_eq!(bytes(&note(), Format::Docx).unwrap(), bytes(&note(), Format::Docx).unwrap());
}
