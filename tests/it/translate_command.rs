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
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "12\r\n\r\nhttps://example.org/a\r\n");
}

#[test]
fn the_exit_codes_of_the_contract() {
    let text = "Il y a 340 ponts dans la ville, dont 12 sont fermés.\n";
    assert_eq!(code(&translate(&["-"], text)), 0);
    let strict = translate(&["-", "--strict"], text);
    assert_eq!(code(&strict), 8);
    let said = String::from_utf8(strict.stderr).unwrap();
    assert!(said.contains("the checks found errors in 1 of 1 sentences"), "{said}");
    assert_eq!(code(&translate(&["-", "--from", "en"], text)), 2);
    assert_eq!(code(&translate(&["-", "--from", "xx"], text)), 2);
    assert_eq!(code(&translate(&["-", "--format", "docx"], text)), 2);
    assert_eq!(code(&translate(&["-", "--as", "json"], text)), 6);
    assert_eq!(code(&translate(&["-"], " \n")), 6);
    assert_eq!(code(&translate(&["-", "gone.txt"], text)), 3);
}

/// A folder with some files, and what lies in another one after it was translated.
fn translate_folder(files: &[(&str, &str)], words: &[&str]) -> (Output, Vec<(String, String)>) {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join("in").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
    command.env_clear().env("HOME", dir.path()).current_dir(dir.path());
    command.args(["translate", "in", "--max-new-tokens", "3", "--model"]);
    let output = command.arg(smallest_model(dir.path())).args(words).output().unwrap();
    let mut found: Vec<(String, String)> = walkdir::WalkDir::new(dir.path().join("out"))
        .sort_by_file_name()
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(dir.path().join("out")).unwrap();
            let name = name.to_string_lossy().replace('\\', "/");
            (name, String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned())
        })
        .collect();
    found.sort();
    (output, found)
}

#[test]
fn a_folder_is_mirrored_and_one_bad_file_loses_no_other() {
    let files = [
        ("a.fr.txt", "Il pleut.\n"),
        ("sub/b.srt", "1\n00:00:01,000 --> 00:00:02,000\nIl vente.\n"),
        ("sub/c.json", "{\"titre\": \"Il neige\", \"n\": 3}\n"),
        ("d.json", "{\"nom\": 3}\n"),
    ];
    let (output, found) = translate_folder(&files, &["-o", "out/"]);
    assert_eq!(code(&output), 3, "{}", String::from_utf8_lossy(&output.stderr));
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["a.en.txt", "sub/b.en.srt", "sub/c.en.json"]);
    assert!(found[1].1.starts_with("1\n00:00:01,000 --> 00:00:02,000\n"), "{}", found[1].1);
    assert!(found[2].1.ends_with(", \"n\": 3}\n"), "{}", found[2].1);
}

#[test]
fn both_languages_stand_beside_each_other() {
    let files = [("a.txt", "Il pleut. Il vente.\n")];
    for (format, extension) in [
        ("bilingual-html", "html"),
        ("docx", "docx"),
        ("tmx", "tmx"),
        ("xliff", "xlf"),
        ("tsv", "tsv"),
    ] {
        let (output, found) = translate_folder(&files, &["-o", "out/", "--format", format]);
        assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(found[0].0, format!("a.fr-en.{extension}"));
        assert!(extension == "docx" || found[0].1.contains("Il pleut."), "{}", found[0].1);
    }
}
