//! Whole files through a scripted model: as many paragraphs out as in, tags at their words.

use std::cell::RefCell;
use std::collections::HashMap;

use depeche::article::Span;
use depeche::document::{Document, Inline, Kind, Options as Reading};
use depeche::memory::Memory;
use depeche::pipeline::{Flow, run};
use depeche::translate::units::{Context, Group, Made, Store, ranges};
use depeche::translate::{Options, Quality};
use proptest::prelude::*;

use crate::script::{Script, answer, said};

fn reading(by_line: bool) -> Reading {
    Reading { from: "fr".into(), to: "en".into(), by_line, ..Reading::default() }
}

/// What the model makes of a document, and how often it was asked.
fn made(
    document: &Document,
    context: Context,
    reply: impl Fn(&str) -> String,
) -> (Vec<Made>, usize) {
    let n_asked = RefCell::new(0);
    let mut model = Script::new(|q| {
        *n_asked.borrow_mut() += 1;
        answer(&reply(said(q)))
    })
    .backwards(true);
    let options = Options { quality: Quality::Fast, ..Options::default() };
    let groups = ranges(&document.units, "fr").into_iter();
    let groups = groups.map(|range| Group::new(&document.units[range], &options, context));
    let mut made = Vec::new();
    run(&mut model, groups, 3, |group, result| {
        result.unwrap();
        made.extend(group.into_made().0);
        Flow::Continue
    })
    .unwrap();
    let n_asked = *n_asked.borrow();
    (made, n_asked)
}

fn translate(text: &str, kind: Kind, by_line: bool, reply: impl Fn(&str) -> String) -> String {
    let document = Document::read("a", text.as_bytes(), kind, &reading(by_line)).unwrap();
    let context = Context { is_whole: by_line, ..Context::default() };
    let (made, _) = made(&document, context, reply);
    let inlines: Vec<Inline> = made.into_iter().map(|made| made.inline).collect();
    String::from_utf8(document.write(&inlines).unwrap()).unwrap()
}

#[test]
fn lines_keep_their_order_and_empty_ones_stay_empty() {
    let lines: Vec<String> =
        (0..100).map(|i| if i % 7 == 0 { String::new() } else { format!("ligne {i}") }).collect();
    let found = translate(&lines.join("\n"), Kind::Text, true, |said| said.to_uppercase());
    let expected: Vec<String> = lines.iter().map(|line| line.to_uppercase()).collect();
    assert_eq!(found, expected.join("\n"));
}

#[test]
fn paragraphs_are_kept() {
    let text = "Un titre\n\nIl pleut. Il vente.\nLe pont est\nfermé.\n";
    let found = translate(text, Kind::Text, false, |said| format!("<{said}>"));
    assert_eq!(found, "<Un titre>\n\n<Il pleut.> <Il vente.>\n<Le pont\nest fermé.>\n");
}

#[test]
fn what_the_checks_found_stays_with_the_sentence() {
    let text = "Il y a 12 ponts ici. Il pleut.";
    let document = Document::read("a", text.as_bytes(), Kind::Text, &reading(false)).unwrap();
    let context = Context { has_marks: true, ..Context::default() };
    let (made, _) = made(&document, context, |said| {
        if said.contains("12") { "There are 14 bridges here.".into() } else { "It rains.".into() }
    });
    assert_eq!(made[0].inline.text, "There are 14 bridges here. [!] It rains.");
    assert!(!made[0].pairs[0].findings.is_empty());
    assert!(made[0].pairs[1].findings.is_empty());
}

/// Words as a dictionary has them, and a sentence of them turned round.
fn english(french: &str) -> String {
    match french {
        "La réunion de Paris a eu lieu mardi." => {
            "On Tuesday, the Paris meeting took place.".into()
        }
        "La réunion de Paris" => "The Paris meeting".into(),
        "mardi" => "Tuesday".into(),
        "Elle a duré deux heures." => "It lasted two hours.".into(),
        other => other.into(),
    }
}

#[test]
fn tags_stand_at_their_words() {
    let text = "1\n00:00:01,000 --> 00:00:02,000\n<b>La réunion de Paris</b> a eu lieu <i>mardi</i>. \
                <u>Elle a duré deux heures.</u>\n";
    let made = translate(text, Kind::Srt, false, english);
    let made = made.lines().skip(2).collect::<Vec<_>>().join(" ");
    let expected = "On <i>Tuesday</i>, <b>the Paris meeting</b> took place. \
                    <u>It lasted two hours.</u>";
    assert_eq!(made, expected);
}

#[derive(Default)]
struct Shelf(RefCell<HashMap<String, String>>);

impl Store for Shelf {
    fn get(&self, name: &str) -> Option<String> {
        self.0.borrow().get(name).cloned()
    }

    fn put(&self, name: &str, value: &str) {
        self.0.borrow_mut().insert(name.into(), value.into());
    }
}

#[test]
fn what_was_translated_before_is_not_asked_again() {
    let shelf = Shelf::default();
    let document =
        |text: &str| Document::read("a", text.as_bytes(), Kind::Text, &reading(false)).unwrap();
    let text = document("Il y a 12 ponts ici.\n\nIl pleut.");
    let context = |stamp| Context { store: Some((&shelf as _, stamp)), ..Context::default() };
    let reply = |said: &str| said.replace("12", "14");
    let (first, n_first) = made(&text, context("a model"), reply);
    let (second, n_second) = made(&text, context("a model"), reply);
    assert_eq!((n_first, n_second), (2, 0));
    assert_eq!(first, second, "what the checks find stays");
    assert_eq!(made(&text, context("another model"), reply).1, 2);
    assert_eq!(made(&document("Il pleut."), context("a model"), reply).1, 1);
}

const MEMORY: &str = r#"<?xml version="1.0"?><tmx version="1.4"><header creationtool="x"
  creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="fr"
  datatype="plaintext"/><body><tu><tuv xml:lang="fr"><seg>Il pleut sur la ville.</seg></tuv>
  <tuv xml:lang="en"><seg>It is raining on the town.</seg></tuv></tu></body></tmx>"#;

#[test]
fn a_memory_is_used_before_the_model() {
    let memory = Memory::parse(MEMORY, "fr", "en").unwrap();
    let text = "Il pleut sur la ville. Il pleut sur la grande ville.";
    let document = Document::read("a", text.as_bytes(), Kind::Text, &reading(false)).unwrap();
    let context = Context { memory: Some(&memory), ..Context::default() };
    let (made, n_asked) = made(&document, context, |_| "It rains on the city.".into());
    assert_eq!(n_asked, 1);
    assert_eq!(made[0].inline.text, "It is raining on the town. It rains on the city.");
    let notes = &made[0].pairs[1].findings;
    assert!(notes.iter().any(|note| note.message.contains("It is raining")), "{notes:?}");
}

#[test]
fn a_unit_that_fails_stays_as_it_was() {
    let document = Document::read("a", b"Il pleut.", Kind::Text, &reading(false)).unwrap();
    let group = Group::new(&document.units, &Options::default(), Context::default());
    let made = group.untranslated("too long");
    assert_eq!(made[0].inline.text, "Il pleut.");
    assert_eq!(made[0].pairs[0].findings.len(), 1);
    let place = made[0].pairs[0].findings[0].source;
    assert!(place.is_none_or(|place: Span| place.end <= 9));
}

proptest! {
    #[test]
    fn as_many_lines_out_as_in(
        lines in prop::collection::vec("[a-zé .«\u{a0}\u{2028}]{0,12}", 0..90),
        reply in "[A-Z\n\r\u{85}\u{2028}\u{b} ]{0,9}",
    ) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let found = translate(&text, Kind::Text, true, |_| reply.clone());
        prop_assert_eq!(found.lines().count(), lines.len());
        for (line, source) in found.lines().zip(&lines) {
            let has_break = |text: &str| text.contains(['\r', '\u{85}', '\u{2028}', '\u{b}']);
            prop_assert!(!has_break(line) || has_break(source));
        }
    }
}
