//! `depeche translate` as a program, with a network of random weights.

use std::process::Output;

use assert_cmd::Command;

use crate::script::smallest_model;

fn translate(words: &[&str], stdin: &str) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
    command.env_clear().env("HOME", dir.path()).current_dir(dir.path());
    command.args(["translate", "--max-new-tokens", "3", "--model"]);
    command.arg(smallest_model(dir.path())).args(words).write_stdin(stdin);
    command.output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn as_many_lines_come_out_as_went_in() {
    let lines: Vec<String> =
        (0..70).map(|i| if i % 5 == 0 { String::new() } else { format!("Ligne {i}.") }).collect();
    let text = lines.join("\n");
    let output = translate(&["-", "--segments", "lines"], &text);
    assert_eq!(code(&output), 0);
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(out.lines().count(), 70);
    assert!(out.ends_with('\n'));
    for (line, source) in out.lines().zip(&lines) {
        assert!(!source.is_empty() || line.is_empty());
    }
}

#[test]
fn numbers_and_addresses_are_copied() {
    let output = translate(&["-", "--segments", "lines"], "12\r\n\r\nhttps://example.org/a\r\n");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "12\n\nhttps://example.org/a\n");
}

#[test]
fn the_exit_codes_of_the_contract() {
    let text = "Il y a 340 ponts dans la ville, dont 12 sont fermés.\n";
    assert_eq!(code(&translate(&["-"], text)), 0);
    let strict = translate(&["-", "--strict"], text);
    assert_eq!(code(&strict), 8);
    let said = String::from_utf8(strict.stderr).unwrap();
    assert!(said.contains("the checks found errors in 1 of 1 lines"), "{said}");
    assert_eq!(code(&translate(&["-", "--from", "en"], text)), 2);
    assert_eq!(code(&translate(&["-", "--from", "xx"], text)), 2);
    assert_eq!(code(&translate(&["-", "-o", "folder/"], text)), 2);
    assert_eq!(code(&translate(&["-"], " \n")), 6);
    assert_eq!(code(&translate(&["-", "gone.txt"], text)), 3);
}
