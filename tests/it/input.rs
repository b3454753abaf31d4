//! What is read from files and folders, and what is said of the rest.

use std::fs;
use std::path::{Path, PathBuf};

use depeche::Error;
use depeche::article::{Format, RawArticle};
use depeche::input::{Fields, Inputs, MAX_BYTES, Options, Patterns, articles_from, paths_in};

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn listed(paths: &[&Path], options: &Options) -> Vec<String> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    Inputs::list(&paths, options).unwrap().entries.into_iter().map(|entry| entry.id).collect()
}

fn ids(paths: &[&Path]) -> Vec<String> {
    listed(paths, &Options::default())
}

fn list(path: &Path) -> depeche::Result<Inputs> {
    Inputs::list(&[path.to_owned()], &Options::default())
}

/// The one article in the bytes of a text file.
fn read_text(bytes: impl AsRef<[u8]>) -> depeche::Result<RawArticle> {
    let bytes = std::io::Cursor::new(bytes.as_ref().to_vec());
    articles_from("x.txt", bytes, Some(Format::Text), &Fields::default()).next().unwrap()
}

#[test]
fn a_folder_is_read_in_order_without_hidden_and_other_files() {
    let files: [(&str, &[u8]); 8] = [
        ("b.txt", b"Un."),
        ("d.txt.gz", b"\x1F\x8B"),
        ("e.jsonl", b"{}"),
        ("a/c.md", b"Deux."),
        ("a/notes", b"Trois."),
        (".hidden.txt", b"Non."),
        ("photo.jpg", b"\xFF\xD8"),
        ("data.txt", b"bin\0aire"),
    ];
    let folder = folder(&files);
    let inputs = list(folder.path()).unwrap();
    let ids: Vec<&str> = inputs.entries.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["a/c.md", "a/notes", "b.txt", "d.txt.gz", "e.jsonl"]);
    let skipped: Vec<&str> = inputs.skipped.iter().map(|s| s.reason).collect();
    assert_eq!(skipped, ["not text", "not a kind of file that holds articles"]);
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
    let folder = folder(&[("1.txt", b"Un."), ("2.txt", b""), ("3.txt", b"Trois.")]);
    let missing = folder.path().join("missing.txt");
    let paths = [missing.clone(), folder.path().to_owned()];
    let inputs = Inputs::list(&paths, &Options::default()).unwrap();
    let read: Vec<_> = inputs.articles().map(|reading| reading.result).collect();
    assert!(matches!(&read[0], Err(Error::NotFound { path }) if *path == missing));
    assert_eq!(read[1].as_ref().unwrap().text, "Un.");
    assert!(matches!(&read[2], Err(Error::Empty { .. })));
    assert_eq!(read[3].as_ref().unwrap().text, "Trois.");
}

#[test]
fn nothing_to_read_is_an_error() {
    let folder = folder(&[("photo.jpg", b"\xFF\xD8")]);
    let error = list(folder.path()).unwrap_err();
    assert_eq!((error.code(), error.exit_code()), ("no-input", 6));
    assert!(error.hint().is_some());
}

#[test]
fn says_what_is_wrong_with_a_text() {
    let too_large = vec![b'a'; usize::try_from(MAX_BYTES).unwrap() + 1];
    let cases: [(&str, Vec<u8>); 7] = [
        ("not-text", b"a\0b".to_vec()),
        ("not-text", [0x8E, 0x01, 0x02, 0xF3, 0x03].repeat(50)),
        ("empty", Vec::new()),
        ("empty", "\u{feff} \n\t".into()),
        ("no-prose", "🙂".into()),
        ("no-prose", "12:30 ***".into()),
        ("too-large", too_large),
    ];
    for (code, bytes) in cases {
        let error = read_text(bytes).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.to_string().contains("x.txt") && error.hint().is_some());
        assert_eq!(error.exit_code(), 6);
    }
}

#[test]
fn a_byte_order_mark_is_kept_and_shows_nothing() {
    let raw = read_text("\u{feff}Un mot.").unwrap();
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
    let inputs = list(folder.path()).unwrap();
    assert_eq!(inputs.entries.len(), 1);
    let reasons: Vec<&str> = inputs.skipped.iter().map(|s| s.reason).collect();
    assert_eq!(reasons, ["link to a folder above it", "not a regular file"]);
}

/// The same pipe, named by itself, is read.
#[cfg(unix)]
#[test]
fn a_pipe_that_is_named_is_read() {
    let folder = folder(&[]);
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = pipe.clone();
    let writing = std::thread::spawn(move || fs::write(writer, "Un mot.").unwrap());
    let inputs = list(&pipe).unwrap();
    let read: Vec<_> = inputs.articles().map(|reading| reading.result.unwrap().text).collect();
    writing.join().unwrap();
    assert_eq!(read, ["Un mot."]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_says_where_it_leads() {
    let folder = folder(&[("a.txt", b"Un.")]);
    std::os::unix::fs::symlink("gone.txt", folder.path().join("b.txt")).unwrap();
    let inputs = list(folder.path()).unwrap();
    let read: Vec<_> = inputs.articles().collect();
    assert_eq!((read.len(), read[1].id.as_str()), (2, "b.txt"));
    let error = read[1].result.as_ref().unwrap_err();
    assert_eq!((error.code(), error.exit_code()), ("broken-link", 6));
    assert!(error.to_string().contains("is a link to gone.txt") && error.hint().is_some());
}

/// It can be opened, and not be read at its beginning.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_is_an_error_with_its_name() {
    let inputs = list(Path::new("/proc/self/mem")).unwrap();
    let error = inputs.articles().next().unwrap().result.unwrap_err();
    assert_eq!(error.code(), "unreadable");
    assert!(error.to_string().contains("/proc/self/mem") && error.hint().is_some());
}

#[test]
fn patterns_choose_names_or_paths() {
    let folder = folder(&[
        ("a.txt", b"Un."),
        ("b.log", b"Deux."),
        ("2026/c.txt", b"Trois."),
        ("2026/01/d.txt", b"Quatre."),
    ]);
    let found = |patterns: &[&str], is_recursive: bool| {
        let patterns: Vec<String> = patterns.iter().map(|p| (*p).to_owned()).collect();
        let patterns = Patterns::new(&patterns).unwrap();
        listed(&[folder.path()], &Options { patterns, is_recursive, ..Options::default() })
    };
    assert_eq!(found(&["*.log"], true), ["b.log"]);
    assert_eq!(found(&["2026/*"], true), ["2026/c.txt"]);
    assert_eq!(found(&["2026/**"], true), ["2026/01/d.txt", "2026/c.txt"]);
    assert_eq!(found(&["c.*", "a.*"], true), ["2026/c.txt", "a.txt"]);
    assert_eq!(found(&[], false), ["a.txt"]);
    let error = Patterns::new(&["a[".to_owned()]).unwrap_err();
    assert_eq!(error.code(), "usage");
    assert!(error.to_string().contains("`a[`"), "{error}");
}

#[test]
fn a_pattern_that_the_shell_left_is_filled_in() {
    let folder = folder(&[("a1.txt", b"Un."), ("a2.txt", b"Deux."), ("b/a3.txt", b"Trois.")]);
    assert_eq!(ids(&[&folder.path().join("a*.txt")]), ["a1.txt", "a2.txt"]);
    assert_eq!(ids(&[&folder.path().join("**/a*.txt")]), ["a1.txt", "a2.txt", "a3.txt"]);
    assert_eq!(ids(&[&folder.path().join("?/*.txt")]), ["a3.txt"]);
    let inputs = list(&folder.path().join("z*.txt")).unwrap();
    let error = inputs.articles().next().unwrap().result.unwrap_err();
    assert_eq!((error.code(), error.exit_code()), ("no-match", 6));
    assert!(error.to_string().contains("z*.txt") && error.hint().is_some());
}

#[test]
fn a_pattern_finds_what_is_hidden_only_when_it_says_so() {
    let folder = folder(&[
        ("a.txt", b"Un."),
        ("b/c.txt", b"Deux."),
        ("b/.d.txt", b"Trois."),
        (".cache/e.txt", b"Quatre."),
        ("b/.cache/f.txt", b"Cinq."),
    ]);
    let found = |pattern: &str| ids(&[&folder.path().join(pattern)]);
    assert_eq!(found("**/*.txt"), ["a.txt", "c.txt"]);
    assert_eq!(found("*/*.txt"), ["c.txt"]);
    assert_eq!(found("**/.cache/*.txt"), ["e.txt", "f.txt"]);
    assert_eq!(found(".cache/*.txt"), ["e.txt"]);
    assert_eq!(found("b/.*.txt"), [".d.txt"]);
}

#[test]
fn a_file_whose_name_reads_as_a_pattern_is_a_file() {
    let folder = folder(&[("a[1].txt", b"Un."), ("a1.txt", b"Deux.")]);
    assert_eq!(ids(&[&folder.path().join("a[1].txt")]), ["a[1].txt"]);
}

#[test]
fn lists_of_paths_are_read_line_by_line() {
    let folder = folder(&[("list", b"\xEF\xBB\xBFa b.txt\r\n\r\nc.txt\n"), ("nul", b"a\nb\0c\0")]);
    let paths = |name: &str| paths_in(&folder.path().join(name));
    assert_eq!(paths("list").unwrap(), [Path::new("a b.txt"), Path::new("c.txt")]);
    assert_eq!(paths("nul").unwrap(), [Path::new("a\nb"), Path::new("c")]);
    assert_eq!(paths("gone").unwrap_err().code(), "unreadable");
}

#[test]
fn what_is_known_of_the_number_of_articles_grows_while_they_are_read() {
    let lines = br#"{"text": "Un mot."}
{"text": "Deux mots."}
"#;
    let folder = folder(&[("a.txt", b"Un."), ("b.jsonl", lines), ("c.txt", b"Trois.")]);
    let inputs = list(folder.path()).unwrap();
    let mut articles = inputs.articles();
    let mut known = vec![(articles.known().n_known, articles.known().is_final)];
    while articles.next().is_some() {
        known.push((articles.known().n_known, articles.known().is_final));
    }
    assert_eq!(known, [(3, false), (3, false), (4, false), (4, true), (4, true)]);
}
