//! Whole texts through a scripted model: as many lines out as in.

use depeche::pipeline::{Flow, run};
use depeche::translate::lines::{Line, Segments, groups};
use depeche::translate::{Options, Quality};
use proptest::prelude::*;

use crate::script::{Script, answer, said};

fn translate(text: &str, segments: Segments, reply: impl Fn(&str) -> String) -> Vec<Line> {
    let mut model = Script::new(|q| answer(&reply(said(q)))).backwards(true);
    let options = Options { quality: Quality::Fast, ..Options::default() };
    let mut lines = Vec::new();
    run(&mut model, groups(text, segments, &options, None), 3, |group, result| {
        result.unwrap();
        lines.extend(group.into_lines());
        Flow::Continue
    })
    .unwrap();
    lines
}

fn texts(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

#[test]
fn lines_keep_their_order_and_empty_ones_stay_empty() {
    let lines: Vec<String> =
        (0..100).map(|i| if i % 7 == 0 { String::new() } else { format!("ligne {i}") }).collect();
    let found = translate(&lines.join("\n"), Segments::Lines, |said| said.to_uppercase());
    let expected: Vec<String> = lines.iter().map(|line| line.to_uppercase()).collect();
    assert_eq!(texts(&found), expected);
}

#[test]
fn paragraphs_are_kept() {
    let text = "Un titre\n\nIl pleut. Il vente.\nLe pont est\nfermé.\n";
    let found = translate(text, Segments::Sentences, |said| format!("<{said}>"));
    assert_eq!(
        texts(&found),
        ["<Un titre>", "", "<Il pleut.> <Il vente.>", "<Le pont est fermé.>"]
    );
}

#[test]
fn what_the_checks_found_stays_with_the_line() {
    let found = translate("Il y a 12 ponts ici.\nIl pleut.", Segments::Lines, |said| {
        if said.contains("12") { "There are 14 bridges here.".into() } else { "It rains.".into() }
    });
    assert!(!found[0].findings.is_empty());
    assert!(found[1].findings.is_empty());
}

proptest! {
    #[test]
    fn as_many_lines_out_as_in(
        lines in prop::collection::vec("[a-zé .«\u{a0}\u{2028}]{0,12}", 0..90),
        reply in "[A-Z\n\r\u{85}\u{2028}\u{b} ]{0,9}",
    ) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let found = translate(&text, Segments::Lines, |_| reply.clone());
        prop_assert_eq!(found.len(), lines.len());
        for line in &found {
            let has_break = line.text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{b}']);
            prop_assert!(!has_break);
        }
    }
}
