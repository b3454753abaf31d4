//! Sentences, by golden cases (a text, `---`, its sentences one a line), and beside `sentencex` alone
//! on the sentences of others, which are not part of this repository: `DEPECHE_SEGMENTATION_DATA`
//! names a folder of `*.jsonl` files with `text` and `sentences` in each line, English in `*_en.jsonl`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use depeche::clean::is_blank;
use depeche::sentence::split;
use proptest::prelude::*;
use serde_json::Value;

use super::peers::path_in;

fn golden_sentences(language: &str, file: &str, min_cases: usize) {
    let cases: Vec<&str> = file.split("===\n").skip(1).collect();
    assert!(cases.len() >= min_cases, "only {} cases", cases.len());
    for case in cases {
        let (text, expected) =
            case.split_once("\n---\n").unwrap_or_else(|| panic!("no --- in {case}"));
        let expected: Vec<&str> = expected.trim().lines().collect();
        assert!(!text.trim().is_empty() && !expected.is_empty(), "empty case");
        let got: Vec<&str> = split(text, language).into_iter().map(|s| s.of(text)).collect();
        assert_eq!(got, expected);
    }
}

#[test]
fn golden_sentences_of_french() {
    golden_sentences("fr", include_str!("../golden/sentences/fr.txt"), 35);
}

#[test]
fn golden_sentences_of_english() {
    golden_sentences("en", include_str!("../golden/sentences/en.txt"), 3);
}

proptest! {
    #[test]
    fn sentences_cover_any_text(text in "(\\PC|[.!?\"«» ()\n]){0,120}", lang in "fr|en|unknown|xx") {
        let mut at = 0;
        for span in split(&text, &lang) {
            prop_assert!(span.start >= at && !span.is_empty());
            prop_assert!(text[at..span.start].chars().all(is_blank));
            at = span.end;
        }
        prop_assert!(text[at..].chars().all(is_blank));
    }

    #[test]
    fn a_quotation_is_one_piece(inside in "[A-Za-z.!? ]{0,80}", before in "[A-Z][a-z]{2,9}[.:] ") {
        let text = format!("{before}« {inside} » Fin.");
        let (open, close) = (text.find('«').unwrap(), text.find('»').unwrap());
        let whole = |s: &depeche::article::Span| s.start <= open && s.end > close;
        prop_assert!(split(&text, "fr").iter().any(whole), "{text}");
    }
}

/// Found, right and expected boundaries inside texts, each counted in the letters before it.
#[derive(Default)]
struct Score {
    n_found: usize,
    n_right: usize,
    n_expected: usize,
}

impl Score {
    fn add(&mut self, found: &BTreeSet<usize>, expected: &BTreeSet<usize>) {
        self.n_found += found.len();
        self.n_right += found.intersection(expected).count();
        self.n_expected += expected.len();
    }

    fn f1(&self) -> f64 {
        2.0 * self.n_right as f64 / (self.n_found + self.n_expected).max(1) as f64
    }
}

/// Where one sentence ends and another begins.
fn boundaries<'a>(sentences: impl IntoIterator<Item = &'a str>) -> BTreeSet<usize> {
    let letters = |text: &str| text.chars().filter(|&c| !is_blank(c)).count();
    let mut at = 0;
    let mut ends: BTreeSet<usize> = sentences
        .into_iter()
        .map(|text| {
            at += letters(text);
            at
        })
        .collect();
    ends.remove(&at);
    ends
}

/// The boundaries behind headings: no stop says where these end.
fn behind_headings(sentences: &[&str]) -> BTreeSet<usize> {
    let is_open = |text: &str| {
        let core = text.trim_end_matches(|c| is_blank(c) || "»”\"’')]".contains(c));
        !core.ends_with(['.', '!', '?', '…', ':', ';'])
    };
    let ends = boundaries(sentences.iter().copied());
    let open = sentences.iter().map(|text| is_open(text));
    ends.into_iter().zip(open).filter(|(_, open)| *open).map(|(end, _)| end).collect()
}

/// Prints the F1 of `depeche` and of `sentencex` for one file.
fn compare(path: &Path) -> (Score, Score) {
    let language = if path.to_string_lossy().ends_with("_en.jsonl") { "en" } else { "fr" };
    let (mut own, mut other, mut headings) = (Score::default(), Score::default(), Score::default());
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = case["text"].as_str().unwrap();
        let gold: Vec<&str> =
            case["sentences"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
        let apart = behind_headings(&gold);
        let expected = &boundaries(gold) - &apart;
        let found = boundaries(split(text, language).into_iter().map(|span| span.of(text)));
        headings.add(&(&found & &apart), &apart);
        own.add(&(&found - &apart), &expected);
        other.add(&(&boundaries(sentencex::segment(language, text)) - &apart), &expected);
    }
    eprintln!(
        "{}: depeche {:.4}, sentencex {:.4} of {} boundaries; {} of {} headings",
        path.file_name().unwrap().to_string_lossy(),
        own.f1(),
        other.f1(),
        own.n_expected,
        headings.n_right,
        headings.n_expected,
    );
    (own, other)
}

#[test]
fn sentences_are_at_least_those_of_sentencex() {
    let Some(folder) = path_in("DEPECHE_SEGMENTATION_DATA") else { return };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ext| ext == "jsonl"));
    files.sort();
    assert!(!files.is_empty());
    for path in files {
        let (own, other) = compare(&path);
        assert!(own.n_expected > 0 && own.f1() >= other.f1(), "{}", path.display());
        assert!(own.f1() >= 0.95 || !path.to_string_lossy().contains("annodis"));
    }
}
