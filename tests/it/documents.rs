//! The sample files of `tests/documents`: what is no text stays, whatever becomes of the text.

use std::path::{Path, PathBuf};

use depeche::article::Span;
use depeche::document::{Document, Inline, Kind, Options, carry};

fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 10);
    paths
}

fn read(path: &Path, bytes: &[u8]) -> Document {
    let options = Options { from: "fr".into(), to: "en".into(), ..Options::default() };
    let kind = Kind::named(path).unwrap();
    Document::read(&path.display().to_string(), bytes, kind, &options).unwrap()
}

/// The text in other words: each sentence is turned round.
fn turned(inline: &Inline) -> Inline {
    let words: Vec<&str> = inline.text.split(' ').rev().collect();
    let target = words.join(" ");
    let whole = [(Span::new(0, inline.text.len()), Span::new(0, target.len()))];
    carry(inline, &whole, &target, &|_| None)
}

/// Checks that each tag stands in the new file as often as in the old one.
fn has_all_tags(document: &Document, old: &str, new: &str) {
    for tag in document.units.iter().flat_map(|unit| &unit.inline.tags) {
        let raw = tag.raw.trim();
        assert_eq!(new.matches(raw).count(), old.matches(raw).count(), "{raw} in {new}");
    }
}

#[test]
fn the_same_words_give_the_same_file() {
    for path in samples() {
        let bytes = std::fs::read(&path).unwrap();
        let document = read(&path, &bytes);
        assert!(!document.units.is_empty(), "{path:?}");
        // These say that they were translated now.
        if matches!(document.kind, Kind::Po | Kind::Xliff) {
            continue;
        }
        let same: Vec<Inline> = document.units.iter().map(|unit| unit.inline.clone()).collect();
        let written = String::from_utf8(document.write(&same).unwrap()).unwrap();
        let as_english = String::from_utf8(bytes).unwrap().replace("lang=\"fr\"", "lang=\"en\"");
        let plain = |text: &str| {
            let text = text.replace("&nbsp;", "\u{a0}");
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(plain(&written), plain(&as_english), "{path:?}");
    }
}

#[test]
fn other_words_have_the_same_tags_and_paragraphs() {
    for path in samples() {
        let document = read(&path, &std::fs::read(&path).unwrap());
        let other: Vec<Inline> = document.units.iter().map(|unit| turned(&unit.inline)).collect();
        let written = document.write(&other).unwrap();
        let again = read(&path, &written);
        if matches!(document.kind, Kind::Po | Kind::Xliff) {
            assert!(again.units.is_empty(), "{path:?}: what is filled is not to be filled");
            continue;
        }
        // What a paragraph of plain text is depends on how far its lines reach.
        if document.kind != Kind::Text {
            assert_eq!(again.units.len(), document.units.len(), "{path:?}");
        }
        let old = std::fs::read_to_string(&path).unwrap();
        has_all_tags(&document, &old, &String::from_utf8(written).unwrap());
    }
}
