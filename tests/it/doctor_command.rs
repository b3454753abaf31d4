//! `depeche doctor` as a program, and what runs tell of their speed.

use std::process::Output;

use assert_cmd::Command;

use crate::program::{code, stderr, stdout};
use crate::script::smallest_model;

fn run(verb: &[&str], kernel: Option<&str>) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
    command.env_clear().env("HOME", dir.path()).current_dir(dir.path());
    command.envs(kernel.map(|name| ("DEPECHE_KERNEL", name)));
    command.args(verb).arg("--model").arg(smallest_model(dir.path()));
    command.write_stdin("Le pont est fermé.\n").output().unwrap()
}

#[test]
fn the_machine_and_the_speed_are_told() {
    let output = run(&["doctor", "--threads", "1"], Some("portable"));
    assert_eq!(code(&output), 0);
    let text = stdout(&output);
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).trim().to_owned()
    };
    assert!(value("kernel").starts_with("portable"));
    assert_eq!(value("threads"), "1");
    let reads: f64 = value("reads").split(' ').next().unwrap().parse().unwrap();
    assert!(reads > 0.0 && value("writes").contains("in 16 answers at once"));
}

#[test]
fn a_kernel_that_does_not_exist_is_an_error_with_its_cure() {
    let output = run(&["doctor"], Some("sse9"));
    assert_eq!(code(&output), 2);
    let said = stderr(&output);
    assert!(said.contains("sse9") && said.contains("unset DEPECHE_KERNEL"), "{said}");
}

#[test]
fn a_model_that_is_not_here_is_not_fetched() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
    let output = command.env_clear().env("HOME", dir.path()).arg("doctor").output().unwrap();
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("depeche models pull"), "{}", stdout(&output));
}

#[test]
fn statistics_are_told_when_wanted() {
    let verb = ["translate", "-", "--max-new-tokens", "3", "--quality", "fast"];
    let silent = stderr(&run(&verb, None));
    assert!(!silent.contains("tokens"), "{silent}");
    let told = stderr(&run(&[&verb[..], &["--stats"]].concat(), None));
    assert!(
        told.contains("read: ") && told.contains("written: ") && told.contains("of 16"),
        "{told}"
    );
}

/// The file of a folder of its own that the program remembers its pace in.
fn paces(home: &std::path::Path) -> serde_json::Map<String, serde_json::Value> {
    let file = home.join(".local/share/depeche/pace.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn a_run_is_foretold_from_what_was_measured_and_then_from_the_last_run() {
    let home = tempfile::tempdir().unwrap();
    let model = smallest_model(home.path());
    let articles = home.path().join("articles");
    std::fs::create_dir(&articles).unwrap();
    let text = "La maire a ouvert mardi le nouveau pont sur le fleuve. ".repeat(20);
    for name in ["un.txt", "deux.txt"] {
        std::fs::write(articles.join(name), format!("{name}\n\n{text}\n")).unwrap();
    }
    let run = |verb: &[&str]| {
        let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
        command.env_clear().env("HOME", home.path()).current_dir(home.path());
        stderr(&command.args(verb).arg("--model").arg(&model).output().unwrap())
    };
    let digest = ["digest", "articles", "--extractive", "--max-new-tokens", "2"];
    assert!(!run(&digest).contains("words:"), "nothing is known yet");
    let learnt = paces(home.path());
    assert_eq!(learnt.len(), 1);
    let told = run(&digest);
    assert!(told.contains("2 articles, 500 words: less than a minute"), "{told}");
    run(&["doctor"]);
    assert_eq!(paces(home.path()).len(), 2);
}
