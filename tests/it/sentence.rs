//! Sentences, by golden cases: a text, `---`, its sentences one a line.

use depeche::sentence::split;
use proptest::prelude::*;

#[test]
fn golden_sentences() {
    let file = include_str!("../golden/sentence_fr.txt");
    let cases: Vec<&str> = file.split("===\n").skip(1).collect();
    assert!(cases.len() >= 20, "only {} cases", cases.len());
    for case in cases {
        let (text, expected) =
            case.split_once("\n---\n").unwrap_or_else(|| panic!("no --- in {case}"));
        let expected: Vec<&str> = expected.trim().lines().collect();
        assert!(!text.trim().is_empty() && !expected.is_empty(), "empty case");
        let got: Vec<&str> = split(text, "fr").into_iter().map(|span| span.of(text)).collect();
        assert_eq!(got, expected);
    }
}

proptest! {
    #[test]
    fn sentences_cover_any_text(text in "(\\PC|[.!?\"« »\n]){0,120}", lang in "fr|en|unknown|xx") {
        let mut at = 0;
        for span in split(&text, &lang) {
            prop_assert!(span.start >= at && !span.is_empty());
            prop_assert!(text[at..span.start].chars().all(depeche::clean::is_blank));
            at = span.end;
        }
        prop_assert!(text[at..].chars().all(depeche::clean::is_blank));
    }
}
