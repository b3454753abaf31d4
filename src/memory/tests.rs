use proptest::prelude::*;

use super::*;

const TMX: &str = r#"<?xml version="1.0"?>
<!DOCTYPE tmx SYSTEM "tmx11.dtd">
<tmx version="1.1">
<header srclang="FR" segtype="sentence" adminlang="en" datatype="html"/>
<body>
<tu><note>Le quai</note>
  <tuv lang="FR-CA"><seg>Le <bpt i="1">&lt;b></bpt>pont<ept i="1">&lt;/b></ept>  est
  <hi>fermé</hi> &amp; gardé<ph>{1}<sub>non</sub></ph>.</seg></tuv>
  <tuv lang="de"><seg>Die Brücke</seg></tuv>
  <tuv lang="EN-us"><seg>The bridge is closed &#38; guarded.</seg></tuv>
</tu>
<tu><tuv xml:lang="en"><seg>Old</seg></tuv><tuv xml:lang="fr_FR"><seg>Une rue</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>A street</seg></tuv><tuv xml:lang="fr"><seg>Une rue</seg></tuv></tu>
<tu><tuv xml:lang="fr"><seg>Seul</seg></tuv></tu>
</body></tmx>"#;

fn memory() -> Memory {
    Memory::parse(TMX, "fr", "en").expect("it can be read")
}

#[test]
fn units_of_both_languages_are_read() {
    let memory = memory();
    assert_eq!(memory.len(), 2);
    let closed = "Le pont est\u{a0}fermé & gardé. ";
    assert_eq!(memory.exact(closed), Some("The bridge is closed & guarded."));
    assert_eq!(memory.exact("Une rue"), Some("A street"));
    assert_eq!(memory.exact("une rue"), None);
}

#[test]
fn other_languages_and_other_files_are_named() {
    let failure = |text: &str, to: &str| Memory::parse(text, "fr", to).expect_err("it is not read");
    assert!(failure(TMX, "es").contains("FR-CA"));
    assert!(failure("<tmx>\n<body></tmx>", "en").contains("line 2"));
    assert!(failure("<tmx><body>", "en").contains("middle"));
    assert!(failure("Bonjour", "en").contains("<tmx>"));
}

#[test]
fn a_file_of_any_encoding_is_read() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let path = folder.path().join("a.tmx");
    let bytes: Vec<u8> =
        format!("\u{feff}{TMX}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&path, bytes).expect("it can be written");
    assert_eq!(Memory::read(&path, "fr", "en").expect("it can be read").len(), 2);
    std::fs::write(&path, "Bonjour").expect("it can be written");
    let error = Memory::read(&path, "fr", "en").expect_err("it is no TMX").to_string();
    assert!(error.contains("a.tmx") && error.contains("TMX"), "{error}");
}

#[test]
fn like_sentences_are_found() {
    let mut memory = memory();
    memory.insert("Le maire a ouvert le pont lundi.".into(), "1".into());
    memory.insert("Le maire a ouvert le pont mardi matin.".into(), "2".into());
    memory.insert("Le préfet a fermé la rue jeudi.".into(), "3".into());
    let found = memory.fuzzy("Le maire a ouvert le pont mardi.", 5);
    let targets: Vec<&str> = found.iter().map(|hit| hit.target.as_str()).collect();
    assert_eq!(targets, ["2", "1"]);
    assert!((found[0].likeness - 8.0 / 9.0).abs() < 1e-9);
    assert_eq!(memory.fuzzy("Le maire a ouvert le pont mardi.", 1).len(), 1);
    assert!(memory.fuzzy("", 5).is_empty());
    let mut other = Memory::default();
    other.insert("Une  rue".into(), "A road".into());
    memory.extend(other);
    assert_eq!(memory.exact("Une rue"), Some("A road"));
}

proptest! {
    #[test]
    fn no_like_sentence_is_missed(
        all in prop::collection::vec("[abc](( |, )[abc]){0,9}", 1..20),
        asked in "[abc](( |, )[abcd]){0,9}",
    ) {
        let mut index = Index::default();
        all.iter().for_each(|sentence| index.add(sentence));
        let mut alone: Vec<usize> = Vec::new();
        let split = |text: &str| -> Vec<String> {
            text.replace(',', " ,").split_whitespace().map(str::to_owned).collect()
        };
        for (idx, sentence) in all.iter().enumerate() {
            let (a, b) = (split(&asked), split(sentence));
            let longer = a.len().max(b.len()) as f64;
            if 1.0 - strsim::generic_levenshtein(&a, &b) as f64 / longer >= 0.7 - 1e-9 {
                alone.push(idx);
            }
        }
        let mut found: Vec<usize> =
            index.like(&asked, 0.7).into_iter().map(|(idx, _)| idx).collect();
        found.sort_unstable();
        prop_assert_eq!(found, alone);
    }

    #[test]
    fn nothing_panics(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<tmx>", "</tmx>", "<tu>", "</tu>", "<tuv lang='fr'>", "<tuv lang='en'>", "</tuv>",
                "<seg>", "</seg>", "<ph>", "</ph>", "é", "&x;", "&#0;", "<", "lang", "<hi/>",
            ]),
            0..30,
        ),
        any in ".*",
    ) {
        for text in [pieces.concat(), format!("<tmx>{}</tmx>", pieces.concat()), any] {
            if let Ok(memory) = Memory::parse(&text, "fr", "en") {
                memory.fuzzy(&text, 3);
            }
        }
    }
}
