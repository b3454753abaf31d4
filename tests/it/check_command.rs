//! `depeche check` as a user runs it.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

fn depeche(args: &[&str]) -> std::process::Output {
    Command::cargo_bin("depeche").unwrap().args(args).output().unwrap()
}

fn file(dir: &Path, name: &str, text: &str) -> String {
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

const FRENCH: &str = "Le pont sera fermé le 6 janvier.\n\nIl a coûté 12 millions d'euros.\n";

#[test]
fn a_true_text_gives_nothing_and_succeeds() {
    let dir = tempfile::tempdir().unwrap();
    let source = file(dir.path(), "a.fr.txt", FRENCH);
    let english = "The bridge will be closed on January 6.\n\nIt cost 12 million euros.\n";
    let target = file(dir.path(), "a.en.txt", english);
    let output = depeche(&["check", "--source", &source, "--target", &target]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_differs_is_shown_with_its_places_and_exits_with_8() {
    let dir = tempfile::tempdir().unwrap();
    let source = file(dir.path(), "a.fr.txt", FRENCH);
    let english = "The bridge will be closed on January 6.\n\nIt cost 21 million euros.\n";
    let target = file(dir.path(), "a.en.txt", english);
    let output = depeche(&["check", "--source", &source, "--target", &target]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("a.en.txt:3:9: error: number: "), "{text}");
    assert!(text.contains("a.fr.txt:3:12"), "{text}");
    assert_eq!(output.status.code(), Some(8));

    let args = ["check", "--source", &source, "--target", &target, "--format", "json"];
    let found: Value = serde_json::from_slice(&depeche(&args).stdout).unwrap();
    let span = &found["findings"][0]["target"];
    let (start, end) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
    assert!(english[start..end].contains("21"), "{found}");
}

#[test]
fn what_was_not_looked_for_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let lines = [
        r#"{"id":1,"source":"Es gibt 3 Brücken.","target":"There are 3 bridges.","source_lang":"de"}"#,
        r#"{"id":2,"source":"Il y a 3 ponts.","target":"There are 3 bridges."}"#,
    ];
    let pairs = file(dir.path(), "pairs.jsonl", &lines.join("\n"));
    let text = String::from_utf8(depeche(&["check", "--pairs", &pairs]).stdout).unwrap();
    let found: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let skipped = found[0]["skipped_checks"].as_array().unwrap();
    assert!(skipped.contains(&"name".into()) && !skipped.contains(&"number".into()), "{text}");
    assert!(found[1].get("skipped_checks").is_none(), "{text}");

    let source = file(dir.path(), "a.nl.txt", "Er zijn 3 bruggen.\n");
    let target = file(dir.path(), "a.en.txt", "There are 4 bridges.\n");
    let output = depeche(&["check", "--source", &source, "--target", &target, "--from", "nl"]);
    let note = String::from_utf8(output.stderr).unwrap();
    assert!(note.contains("not checked from nl to en: number, date"), "{note}");
}

#[test]
fn pairs_give_a_line_each_in_order_and_a_bad_line_loses_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let lines = [
        r#"{"id":1,"source":"Il y a 3 ponts.","target":"There are 3 bridges."}"#,
        r#"{"id":"b","source":"Il y a 3 ponts.","target":"There are 5 bridges."}"#,
        "no json",
        r#"{"id":"d","source":"The mayor met 4 men.","target":"Le maire a vu 4 hommes.","source_lang":"en","target_lang":"fr"}"#,
    ];
    let pairs = file(dir.path(), "pairs.jsonl", &lines.join("\n"));
    let output = depeche(&["check", "--pairs", &pairs]);
    let text = String::from_utf8(output.stdout).unwrap();
    let records: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let ids: Vec<&Value> = records.iter().map(|record| &record["id"]).collect();
    assert_eq!(ids, [&Value::from(1), &Value::from("b"), &Value::Null, &Value::from("d")]);
    assert_eq!(records[0]["findings"], Value::Array(vec![]));
    assert_eq!(records[1]["findings"][0]["kind"], "number");
    assert_eq!(records[2]["error"]["code"], "bad-json");
    assert_eq!(records[3]["findings"], Value::Array(vec![]));
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn the_source_alone_may_be_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let source = file(dir.path(), "a.fr.txt", "Le sommet a lieu mardi 5 janvier 2026.\n");
    let target = file(dir.path(), "a.en.txt", "The summit is on Tuesday, January 5, 2026.\n");
    let output = depeche(&["check", "--source", &source, "--target", &target]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("calendar"), "{text}");
}

#[test]
fn half_a_pair_is_a_mistake_of_usage() {
    assert_eq!(depeche(&["check", "--source", "a"]).status.code(), Some(2));
    assert_eq!(depeche(&["check"]).status.code(), Some(2));
    let missing = depeche(&["check", "--source", "none.txt", "--target", "none.txt"]);
    assert!(String::from_utf8_lossy(&missing.stderr).contains("none.txt"));
    assert_ne!(missing.status.code(), Some(0));
}
