//! `depeche brief` as a program: without a model where none is needed, and with a network of random
//! weights, whose sentences no check lets pass.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

use crate::program::{code, stderr};
use crate::script::smallest_model;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn brief(&self, words: &[&str]) -> Output {
        let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
        command.env_clear().env("HOME", self.0.path()).current_dir(self.0.path());
        command.args(["brief", "--offline"]).args(words).output().unwrap()
    }

    /// An extractive note in French, which no model is needed for.
    fn extract(&self, words: &[&str]) -> Output {
        self.brief(&[&["--extractive", "--to", "fr"], words].concat())
    }

    fn note(&self, words: &[&str]) -> Value {
        let output = self.extract(&[&["--format", "json"], words].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn seeds(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name);
    path.to_string_lossy().into_owned()
}

/// All objects that cite a sentence.
fn citations(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(citations).collect(),
        Value::Object(fields) if fields.contains_key("quote") => vec![value],
        Value::Object(fields) => fields.values().flat_map(citations).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_citation_is_a_sentence_of_its_file() {
    let place = Place::new();
    let note = place.note(&["--one-event", &seeds("rail")]);
    let event = &note["events"][0];
    let files: Vec<String> = event["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| fs::read_to_string(seeds("rail") + "/" + source["path"].as_str().unwrap()))
        .map(Result::unwrap)
        .collect();
    let all = citations(event);
    assert!(all.len() > 20);
    for citation in all {
        let file = &files[citation["source"].as_u64().unwrap() as usize - 1];
        let (start, end) = (&citation["span"]["start"], &citation["span"]["end"]);
        let text = &file[start.as_u64().unwrap() as usize..end.as_u64().unwrap() as usize];
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(flat(text), flat(citation["quote"].as_str().unwrap()));
    }
}

#[test]
fn every_sentence_of_a_note_has_a_source() {
    let place = Place::new();
    let note = place.note(&[&seeds("rail"), &seeds("eau")]);
    for event in note["events"].as_array().unwrap() {
        for part in ["bottom_line", "key_points", "statements", "timeline", "single_source"] {
            for item in event[part].as_array().unwrap() {
                let text = item["text"].as_str().unwrap();
                assert!(!text.is_empty());
                assert!(!item["citations"].as_array().unwrap().is_empty(), "{part}: {text}");
            }
        }
        assert!(!event["key_points"].as_array().unwrap().is_empty());
    }
}

#[test]
fn a_network_of_random_weights_says_nothing_unmarked() {
    let place = Place::new();
    let model = smallest_model(place.0.path());
    let model = model.to_str().unwrap();
    let words = ["--model", model, "--max-new-tokens", "4", "--format", "json", "--one-event"];
    let output = place.brief(&[&words[..], &[&seeds("eau")]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let note: Value = serde_json::from_slice(&output.stdout).unwrap();
    let points = note["events"][0]["key_points"].as_array().unwrap();
    assert!(!points.is_empty());
    for point in points {
        let checks = point["checks"].as_array().unwrap();
        assert!(checks.iter().any(|check| check["severity"] == "error"), "{point}");
    }
    let strict = place.brief(&[&words[..], &["--strict", &seeds("eau")]].concat());
    assert_eq!(code(&strict), 8, "{}", stderr(&strict));
}

#[test]
fn the_output_names_its_format() {
    let place = Place::new();
    for (name, begins) in [
        ("note.md", "# "),
        ("note.html", "<!DOCTYPE html>"),
        ("note.docx", "PK"),
        ("note.json", "{"),
    ] {
        let output = place.extract(&["-o", name, &seeds("rail")]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let bytes = fs::read(place.path(name)).unwrap();
        assert!(bytes.starts_with(begins.as_bytes()), "{name}");
    }
    let shown = place.extract(&["--format", "docx", &seeds("rail")]);
    assert_eq!(code(&shown), 2);
    assert!(stderr(&shown).contains("--output"), "{}", stderr(&shown));
}

#[test]
fn a_template_sees_the_record() {
    let place = Place::new();
    fs::write(place.path("own.txt"), "{% for e in events %}<{{ e.title.text }}>{% endfor %}")
        .unwrap();
    let output = place.extract(&["--template", "own.txt", "--one-event", &seeds("rail")]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with('<') && text.contains("Saint-Aubrac"), "{text}");
    fs::write(place.path("broken.txt"), "a\n{% for %}").unwrap();
    let broken = place.extract(&["--template", "broken.txt", &seeds("rail")]);
    assert_ne!(code(&broken), 0);
    assert!(stderr(&broken).contains("broken.txt") && stderr(&broken).contains('2'));
}

#[test]
fn what_an_earlier_note_has_is_not_new() {
    let place = Place::new();
    let first = seeds("rail/a1-depeche.txt");
    let output = place.extract(&["--one-event", "-o", "first.json", &first]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let note = place.note(&["--one-event", "--since", "first.json", &seeds("rail")]);
    let points = note["events"][0]["key_points"].as_array().unwrap();
    let is_of_first =
        |point: &&Value| point["citations"].as_array().unwrap().iter().any(|c| c["source"] == 1);
    assert!(points.iter().filter(is_of_first).any(|point| point["is_new"] == false), "{points:?}");
    fs::write(place.path("odd.json"), "[]").unwrap();
    let odd = place.extract(&["--since", "odd.json", &first]);
    assert_eq!(code(&odd), 2, "{}", stderr(&odd));
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_on() {
    let place = Place::new();
    fs::write(place.path("empty.txt"), "").unwrap();
    let output = place.extract(&["--format", "json", "empty.txt", &seeds("rail/a1-depeche.txt")]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    let note: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(note["failed"][0]["id"], "empty.txt");
    assert_eq!(note["events"].as_array().unwrap().len(), 1);
    let nothing = place.extract(&["empty.txt"]);
    assert_eq!(code(&nothing), 6);
}
