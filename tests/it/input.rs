//! What is read from files and folders, and what is said of the rest.

use std::fs;
use std::path::{Path, PathBuf};

use depeche::Error;
use depeche::input::{Inputs, MAX_BYTES, decode};

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn ids(paths: &[&Path]) -> Vec<String> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    Inputs::list(&paths).unwrap().entries.into_iter().map(|entry| entry.id).collect()
}

#[test]
fn a_folder_is_read_in_order_without_hidden_and_other_files() {
    let files: [(&str, &[u8]); 6] = [
        ("b.txt", b"Un."),
        ("a/c.md", b"Deux."),
        ("a/notes", b"Trois."),
        (".hidden.txt", b"Non."),
        ("photo.jpg", b"\xFF\xD8"),
        ("data.txt", b"bin\0aire"),
    ];
    let folder = folder(&files);
    let inputs = Inputs::list(&[folder.path().to_owned()]).unwrap();
    let ids: Vec<&str> = inputs.entries.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["a/c.md", "a/notes", "b.txt"]);
    let skipped: Vec<&str> = inputs.skipped.iter().map(|s| s.reason).collect();
    assert_eq!(skipped, ["not text", "not .txt or .md"]);
}

#[test]
fn a_readme_is_read_only_when_it_is_named() {
    let folder =
        folder(&[("README.md", b"Lisez-moi."), ("LISEZ.md", b"Un."), ("readmes.txt", b"Deux.")]);
    assert_eq!(ids(&[folder.path()]), ["LISEZ.md", "readmes.txt"]);
    assert_eq!(ids(&[&folder.path().join("README.md")]), ["README.md"]);
}

#[test]
fn ids_are_unique() {
    let folder = folder(&[("x/a.txt", b"Un."), ("y/a.txt", b"Deux.")]);
    let (x, y) = (folder.path().join("x"), folder.path().join("y"));
    let (second, file) = (y.join("a.txt").display().to_string(), y.join("a.txt"));
    assert_eq!(ids(&[&x, &y]), ["a.txt".to_owned(), second.clone()]);
    assert_eq!(ids(&[&x, &file, &file]), ["a.txt".into(), second.clone(), format!("{second}#2")]);
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let folder = folder(&[("1.txt", b"Un."), ("2.txt", b"caf\xE9 noir"), ("3.txt", b"Trois.")]);
    let missing = folder.path().join("missing.txt");
    let inputs = Inputs::list(&[missing.clone(), folder.path().to_owned()]).unwrap();
    let read: Vec<_> = inputs.read().map(|(_, article)| article).collect();
    assert!(matches!(&read[0], Err(Error::NotFound { path }) if *path == missing));
    assert_eq!(read[1].as_ref().unwrap().text, "Un.");
    assert!(matches!(&read[2], Err(Error::NotUtf8 { at: 3, encoding: "WINDOWS-1252", .. })));
    assert_eq!(read[3].as_ref().unwrap().text, "Trois.");
}

#[test]
fn nothing_to_read_is_an_error() {
    let folder = folder(&[("photo.jpg", b"\xFF\xD8")]);
    let error = Inputs::list(&[folder.path().to_owned()]).unwrap_err();
    assert_eq!((error.code(), error.exit_code()), ("no-input", 6));
    assert!(error.hint().is_some());
}

#[test]
fn says_what_is_wrong_with_a_text() {
    let too_large = vec![b'a'; usize::try_from(MAX_BYTES).unwrap() + 1];
    let cases: [(&str, Vec<u8>); 6] = [
        ("not-text", b"a\0b".to_vec()),
        ("not-utf8", b"\xFF\xFEa\0".to_vec()),
        ("empty", "\u{feff} \n\t".into()),
        ("no-prose", "🙂".into()),
        ("no-prose", "12:30 ***".into()),
        ("too-large", too_large),
    ];
    for (code, bytes) in cases {
        let error = decode("x.txt", None, bytes).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.to_string().contains("x.txt") && error.hint().is_some());
        assert_eq!(error.exit_code(), 6);
    }
}

#[test]
fn a_byte_order_mark_is_kept_and_shows_nothing() {
    let raw = decode("x.txt", None, "\u{feff}Un mot.".into()).unwrap();
    let article = depeche::clean::clean(&raw);
    assert_eq!(article.blocks[0].text, "Un mot.");
    assert_eq!(article.blocks[0].span.start, 3);
}

#[cfg(unix)]
#[test]
fn loops_and_pipes_are_passed_over() {
    let folder = folder(&[("a/one.txt", b"Un.")]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("a/loop")).unwrap();
    let pipe = folder.path().join("pipe.txt");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let inputs = Inputs::list(&[folder.path().to_owned()]).unwrap();
    assert_eq!(inputs.entries.len(), 1);
    let reasons: Vec<&str> = inputs.skipped.iter().map(|s| s.reason).collect();
    assert_eq!(reasons, ["link to a folder above it", "not a regular file"]);
}
