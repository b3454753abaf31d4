//! What the program says of itself. A change here is a change of the contract.

use assert_cmd::Command;

fn help(words: &[&str]) -> String {
    let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
    let output = command.env_clear().args(words).arg("--help").output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_program() {
    insta::assert_snapshot!(help(&[]));
}

#[test]
fn digest() {
    insta::assert_snapshot!(help(&["digest"]));
}

#[test]
fn clean() {
    insta::assert_snapshot!(help(&["clean"]));
}

#[test]
fn translate() {
    insta::assert_snapshot!(help(&["translate"]));
}

#[test]
fn models() {
    insta::assert_snapshot!(help(&["models"]));
}
