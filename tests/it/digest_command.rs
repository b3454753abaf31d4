//! `depeche digest` as a program, with a network of random weights: it says nothing that passes
//! the checks, and the articles' own sentences must stand in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

use crate::program::{code, stderr};
use crate::script::smallest_model;

/// A folder with a tiny model, and the program in it.
struct Place {
    dir: tempfile::TempDir,
    model: PathBuf,
}

const ONE: &str = "Le pont de Varenne fermera trois mois pour des travaux, a annoncé la mairie.\n";
const TWO: &str = "Les commerçants de la rive gauche demandent des indemnités à la ville.\n";

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let model = smallest_model(dir.path());
        Self { dir, model }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn command(&self) -> Command {
        let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
        command.env_clear().env("HOME", self.dir.path()).current_dir(self.dir.path());
        command
    }

    /// Few tokens an answer: they make no sense anyway.
    fn digest(&self, words: &[&str]) -> Output {
        let mut command = self.command();
        command.arg("digest").arg("--model").arg(&self.model);
        command.args(["--max-new-tokens", "4", "--offline"]).args(words);
        command.output().unwrap()
    }

    fn jsonl(&self, words: &[&str]) -> (i32, Vec<Value>) {
        let output = self.digest(&[&["--format", "jsonl"], words].concat());
        (code(&output), records(&String::from_utf8(output.stdout).unwrap()))
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ids(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["id"].as_str().unwrap()).collect()
}

#[test]
fn the_seeds_give_eight_records_of_their_own_sentences() {
    let place = Place::new();
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let seeds = seeds.to_str().unwrap();
    let (code, records) = place.jsonl(&["--sentences", "1", seeds]);
    assert_eq!((code, records.len()), (0, 8));
    assert_eq!(ids(&records)[..2], ["eau/b1-matin.txt", "eau/b2-soir.txt"]);
    for record in &records {
        assert_eq!((&record["schema"], &record["method"]), (&1.into(), &"extractive".into()));
        let path = record["source"]["path"].as_str().unwrap();
        let article = fs::read_to_string(path).unwrap().replace(['\u{a0}', '\u{202f}'], " ");
        let summary = record["summary"]["fr"].as_str().unwrap();
        let first = summary.split_inclusive(". ").next().unwrap().trim();
        assert!(article.contains(first), "{path}: {first}");
        assert_eq!(record["language"]["code"], "fr");
        assert!(record["tokens"]["generated"].as_u64().unwrap() > 0);
        assert_eq!(record["model"]["name"], "tiny");
    }
}

#[test]
fn a_second_run_gives_the_same_bytes_but_for_the_time() {
    let place = Place::new();
    let article = place.write("a.txt", ONE);
    let run = || {
        let (_, mut records) = place.jsonl(&[article.to_str().unwrap()]);
        // What the network says passes no check, so that the article speaks for itself.
        assert_eq!(records[0]["method"], "extractive");
        assert_ne!(records[0]["rejected"], Value::Array(Vec::new()));
        assert_eq!(records[0]["summary"]["fr"].as_str(), Some(ONE.trim()));
        records[0]["seconds"] = Value::Null;
        records.remove(0).to_string()
    };
    assert_eq!(run(), run());
}

#[test]
fn bad_files_are_named_and_the_others_go_on() {
    let place = Place::new();
    place.write("in/1-good.txt", ONE);
    place.write("in/2-emoji.txt", "🙂");
    place.write("in/3-latin.txt", b"caf\xE9 noir");
    place.write("in/4-empty.txt", "");
    place.write("in/5-large.txt", "a".repeat(17 * 1024 * 1024));
    place.write("in/6-good.txt", TWO);
    let binary = place.write("binary.txt", b"a\0b");
    let output = place.digest(&["--format", "jsonl", "in", binary.to_str().unwrap(), "gone.txt"]);
    assert_eq!(code(&output), 3);
    let records = records(std::str::from_utf8(&output.stdout).unwrap());
    let error = |record: &Value| record["error"]["code"].as_str().unwrap_or("").to_owned();
    let errors: Vec<String> = records.iter().map(error).collect();
    assert_eq!(errors, ["", "no-prose", "", "empty", "too-large", "", "not-text", "not-found"]);
    for (record, name) in records.iter().zip(["1-good", "2-emoji", "3-latin"]) {
        assert!(record["id"].as_str().unwrap().starts_with(name));
    }
    let said = stderr(&output);
    for name in ["2-emoji.txt", "4-empty.txt", "5-large.txt", "binary.txt", "gone"] {
        assert!(said.contains(&format!("error: {name}")), "{said}");
    }
    assert!(said.contains("hint: save the article") && said.contains("8 of 8"), "{said}");
}

#[test]
fn nothing_readable_needs_no_model() {
    let place = Place::new();
    place.write("in/a.txt", "🙂");
    let mut command = place.command();
    let output = command.args(["digest", "--offline", "in"]).output().unwrap();
    assert_eq!(code(&output), 6, "{}", stderr(&output));
    fs::remove_file(place.path("in/a.txt")).unwrap();
    assert_eq!(code(&place.digest(&["in"])), 6);
}

#[test]
fn the_exit_codes_of_the_contract() {
    let place = Place::new();
    let article = place.write("a.txt", "Il y a 340 ponts dans la ville, dont 12 sont fermés.\n");
    let article = article.to_str().unwrap();
    assert_eq!(code(&place.digest(&[article])), 0);
    assert_eq!(code(&place.digest(&["--strict", article])), 8);
    assert_eq!(code(&place.digest(&["--device", "tape", article])), 2);
    assert_eq!(code(&place.digest(&["--sentences", "4-2", article])), 2);
    assert_eq!(code(&place.digest(&["--temperature", "-1", article])), 2);
    assert_eq!(code(&place.digest(&["--resume", article])), 2);
    assert_eq!(code(&place.digest(&["--resume", "-o", "out.txt", article])), 2);
    assert_eq!(code(&place.digest(&[])), 2);
    let run = |model: &str| {
        let output =
            place.command().args(["digest", "--offline", "--model", model, article]).output();
        let output = output.unwrap();
        assert!(output.stdout.is_empty());
        code(&output)
    };
    assert_eq!(run("qwen2.5-coder-0.5b-instruct"), 4);
    assert_eq!(run("nothing-like-it"), 4);
    place.write("bad.gguf", "GGUF and then nothing of use");
    assert_eq!(run("bad.gguf"), 4);
    place.write("text.gguf", ONE);
    assert_eq!(run("text.gguf"), 4);
    assert_eq!(code(&place.digest(&["-o", "no/such/out.jsonl", article])), 1);
}

#[test]
fn a_run_that_was_killed_is_completed_and_nothing_is_done_twice() {
    let place = Place::new();
    for (idx, text) in [ONE, TWO, ONE, TWO].iter().enumerate() {
        place.write(&format!("in/{idx}.txt"), text);
    }
    let words = ["--format", "jsonl", "-o", "out.jsonl", "in"];
    assert_eq!(code(&place.digest(&words)), 0);
    let whole = fs::read_to_string(place.path("out.jsonl")).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    assert!(!place.path("out.jsonl.partial").exists());

    // As a killed run leaves it: two records, and half of a third.
    fs::remove_file(place.path("out.jsonl")).unwrap();
    let torn = format!("{}\n{}\n{}", lines[0], lines[1], &lines[2][..lines[2].len() / 2]);
    place.write("out.jsonl.partial", torn);
    let output = place.digest(&[&words[..], &["--resume"]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("2 were done before"), "{}", stderr(&output));
    let resumed = fs::read_to_string(place.path("out.jsonl")).unwrap();
    let resumed: Vec<&str> = resumed.lines().collect();
    // The very bytes, times included: not computed again.
    assert_eq!(resumed[..2], lines[..2]);
    assert_eq!(ids(&records(&resumed.join("\n"))), ["0.txt", "1.txt", "2.txt", "3.txt"]);

    // Only what has changed is computed, even without the model's file being read for the rest.
    place.write("in/1.txt", ONE);
    let output = place.digest(&[&words[..], &["--resume"]].concat());
    assert!(stderr(&output).contains("3 were done before"), "{}", stderr(&output));
    let changed = fs::read_to_string(place.path("out.jsonl")).unwrap();
    let changed: Vec<&str> = changed.lines().collect();
    assert_eq!((changed[0], changed[2]), (resumed[0], resumed[2]));
    assert_ne!(changed[1], resumed[1]);

    // Other options make other digests.
    let output = place.digest(&[&words[..], &["--resume", "--sentences", "1"]].concat());
    assert!(!stderr(&output).contains("done before"), "{}", stderr(&output));
    assert_eq!(place.names(".").iter().filter(|n| n.starts_with("out")).count(), 1);
}

#[test]
fn a_file_of_many_articles_gives_a_record_each_and_is_resumed() {
    let place = Place::new();
    let line = |id: &str, text: &str| serde_json::json!({ "id": id, "text": text }).to_string();
    let lines = [line("a-1", ONE), "oups".into(), line("a/3", TWO)];
    place.write("in/day.jsonl", lines.join("\n"));
    let words = ["--format", "jsonl", "-o", "out.jsonl", "--resume", "in"];
    let output = place.digest(&words);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.contains("error: day.jsonl#2: line 2 of in/day.jsonl"), "{said}");
    assert!(said.contains("3 of 3 articles done\n") && said.contains("1 of 3 could"), "{said}");
    let records = records(&fs::read_to_string(place.path("out.jsonl")).unwrap());
    assert_eq!(ids(&records), ["a-1", "day.jsonl#2", "day.jsonl#3"]);
    assert_eq!(records[2]["source"]["bytes"], lines[2].len());
    let output = place.digest(&words);
    assert!(stderr(&output).contains("2 were done before"), "{}", stderr(&output));
}

#[test]
fn an_array_is_resumed_as_lines_are() {
    let place = Place::new();
    place.write("in/a.txt", ONE);
    let words = ["--format", "json", "-o", "out.json", "--resume", "in"];
    assert_eq!(code(&place.digest(&words)), 0);
    place.write("in/b.txt", TWO);
    let output = place.digest(&words);
    assert!(stderr(&output).contains("1 were done before"), "{}", stderr(&output));
    let text = fs::read_to_string(place.path("out.json")).unwrap();
    let records: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(ids(&records), ["a.txt", "b.txt"]);
}

#[test]
fn what_was_there_stays_until_the_new_is_whole() {
    let place = Place::new();
    let article = place.write("a.txt", ONE);
    place.write("out.jsonl", "alt\n");
    place.write("out.jsonl.partial", "halb");
    let article = article.to_str().unwrap();
    let failed = place.digest(&["-o", "out.jsonl", "--device", "tape", article]);
    assert_eq!(code(&failed), 2);
    assert_eq!(fs::read_to_string(place.path("out.jsonl")).unwrap(), "alt\n");
    assert_eq!(fs::read_to_string(place.path("out.jsonl.partial")).unwrap(), "halb");
    assert_eq!(code(&place.digest(&["-o", "out.jsonl", "--format", "jsonl", article])), 0);
    assert_eq!(records(&fs::read_to_string(place.path("out.jsonl")).unwrap()).len(), 1);
}

#[test]
fn a_folder_gets_a_file_an_article() {
    let place = Place::new();
    place.write("in/a.txt", ONE);
    place.write("in/sub/b.txt", TWO);
    place.write("in/sub/c.txt", "🙂");
    let words = ["--format", "json", "-o", "out/", "--resume", "in"];
    assert_eq!(code(&place.digest(&words)), 3);
    assert_eq!(place.names("out"), [".depeche.jsonl", "a.txt.json", "sub"]);
    assert_eq!(place.names("out/sub"), ["b.txt.json", "c.txt.json"]);
    let record = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(place.path(name)).unwrap()).unwrap()
    };
    assert_eq!(record("out/sub/b.txt.json")["id"], "sub/b.txt");
    assert_eq!(record("out/sub/c.txt.json")["error"]["code"], "no-prose");
    fs::remove_file(place.path("out/a.txt.json")).unwrap();
    let output = place.digest(&words);
    assert!(stderr(&output).contains("1 were done before"), "{}", stderr(&output));
    assert!(place.path("out/a.txt.json").exists());
    assert_eq!(code(&place.digest(&["--format", "text", "-o", "out/", "in"])), 3);
    assert!(place.path("out/sub/b.txt.txt").exists());
    assert!(!place.path("out/sub/c.txt.txt").exists());
}

#[test]
fn standard_input_is_an_article_too() {
    let place = Place::new();
    let mut command = place.command();
    command.args(["digest", "-", "--max-new-tokens", "4", "--model"]).arg(&place.model);
    let output = command.write_stdin(ONE).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("stdin") && text.contains("En français"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(!text.contains('\x1b'), "colours are for terminals");
}

#[test]
fn progress_counts_all_articles() {
    let place = Place::new();
    place.write("in/a.txt", ONE);
    place.write("in/b.txt", TWO);
    let output = place.digest(&["in"]);
    assert!(stderr(&output).contains("1 of 2 articles done, "), "{}", stderr(&output));
    assert!(stderr(&output).contains("2 of 2 articles done\n"), "{}", stderr(&output));
    let output = place.digest(&["-q", "in"]);
    assert_eq!(stderr(&output), "");
}

/// Ctrl-C after the first record: it stays, the rest can be done later.
#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_is_finished() {
    let place = Place::new();
    for idx in 0..40 {
        place.write(&format!("in/{idx:02}.txt"), format!("{ONE}\n{TWO}\nPage {idx} du dossier.\n"));
    }
    let mut command = std::process::Command::new(assert_cmd::cargo_bin!("depeche"));
    command.env_clear().env("HOME", place.dir.path()).current_dir(place.dir.path());
    command.args(["digest", "--format", "jsonl", "-o", "out.jsonl", "--batch-size", "1", "in"]);
    command.arg("--model").arg(&place.model).stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    let partial = place.path("out.jsonl.partial");
    let has_record = || fs::read_to_string(&partial).is_ok_and(|text| text.contains('\n'));
    while !has_record() {
        assert!(!place.path("out.jsonl").exists(), "the run was over too soon");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    assert!(stderr(&output).contains("--resume does the rest"), "{}", stderr(&output));
    let kept = records(&fs::read_to_string(&partial).unwrap());
    assert!(!kept.is_empty() && kept.len() < 40);
    assert!(!place.path("out.jsonl").exists());
}

/// `/dev/full` stands for a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_that_says_so() {
    let place = Place::new();
    let article = place.write("a.txt", ONE);
    std::os::unix::fs::symlink("/dev/full", place.path("out.jsonl.partial")).unwrap();
    let words = ["--format", "jsonl", "-o", "out.jsonl", article.to_str().unwrap()];
    let output = place.digest(&words);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stderr(&output).contains("cannot write"), "{}", stderr(&output));
    assert!(!place.path("out.jsonl").exists());
}
