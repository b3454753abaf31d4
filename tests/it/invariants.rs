//! The rules of ARCHITECTURE.md that can be read off the source.

use std::path::{Path, PathBuf};

/// A line of code: where it is, and the text without comments.
struct Line {
    path: String,
    number: usize,
    text: String,
}

impl Line {
    /// Whether the file is `src/{part}.rs` or lies below `src/{part}/`.
    fn is_in(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| {
            self.path == format!("{part}.rs") || self.path.starts_with(&format!("{part}/"))
        })
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.contains(word))
    }
}

/// The code under `src/`, without comments and unit tests.
fn code() -> Vec<Line> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let is_code = |path: &PathBuf| path.extension().is_some_and(|e| e == "rs");
    let entries = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter();
    let paths: Vec<PathBuf> = entries.map(|e| e.unwrap().into_path()).filter(is_code).collect();
    assert!(paths.len() > 20, "the sources are not where they were");
    paths.iter().flat_map(|path| lines_of(&root, path)).collect()
}

fn lines_of(root: &Path, path: &Path) -> Vec<Line> {
    let source = std::fs::read_to_string(path).unwrap();
    let relative = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().zip(1..).filter(|(line, _)| !line.trim_start().starts_with("//"));
    lines.map(|(line, number)| Line { path: relative.clone(), number, text: line.into() }).collect()
}

/// Fails with the lines that `breaks` finds.
#[track_caller]
fn forbid(rule: &str, breaks: impl Fn(&Line) -> bool) {
    let broken: Vec<String> = code()
        .iter()
        .filter(|line| breaks(line))
        .map(|line| format!("src/{}:{}: {}", line.path, line.number, line.text.trim()))
        .collect();
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn no_tensor_above_the_engine() {
    let below = ["engine", "network", "kernel", "device", "error"];
    forbid("only engine, network, kernel, device and error know candle", |line| {
        line.has(&["candle"]) && !line.is_in(&below)
    });
}

#[test]
fn no_text_in_the_network() {
    forbid("network and kernel know no text and nothing above them", |line| {
        let above = ["crate::engine", "crate::pipeline", "crate::article", "tokenizers::"];
        line.has(&above) && line.is_in(&["network", "kernel"])
    });
}

/// What reads and judges text.
const PURE: [&str; 27] = [
    "article",
    "clean",
    "language",
    "sentence",
    "numbers",
    "dates",
    "check",
    "glossary",
    "keep",
    "sources",
    "metrics",
    "eval",
    "document",
    "bilingual",
    "typeset",
    "brief/assemble",
    "brief/facts",
    "brief/grouping",
    "brief/independence",
    "brief/outline",
    "brief/people",
    "brief/points",
    "brief/print",
    "brief/statements",
    "brief/timeline",
    "shorten/align",
    "shorten/omission",
];

#[test]
fn reading_is_pure() {
    let world = [
        "std::fs",
        "std::net",
        "std::env",
        "std::time",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant",
        "jiff::Zoned",
        "Timestamp::now",
        "candle",
        "crate::engine",
        "crate::hub",
        "crate::network",
        "rand::",
    ];
    forbid("no files, clock, tensors or engine in what reads and judges text", |line| {
        line.has(&world) && line.is_in(&PURE)
    });
}

#[test]
fn only_output_writes_stdout() {
    let printing = ["println!", "print!(", "stdout()", "dbg!"];
    forbid("only output prints", |line| line.has(&printing) && !line.is_in(&["output"]));
}

#[test]
fn only_the_hub_reaches_the_network() {
    let sockets = ["ureq", "hf_hub", "std::net", "TcpStream", "UdpSocket"];
    forbid("only hub opens sockets", |line| line.has(&sockets) && !line.is_in(&["hub"]));
}

#[test]
fn only_device_knows_the_builds_devices() {
    let features = ["feature = \"cuda\"", "feature = \"metal\""];
    forbid("only device.rs asks for device features", |line| {
        line.has(&features) && line.path != "device.rs"
    });
}

/// The ids of all cleaning rules, as the sources and `patterns.txt` write them.
fn rule_ids() -> Vec<String> {
    let in_code = code().into_iter().filter(|line| line.is_in(&["clean"])).filter_map(|line| {
        let (_, id) = line.text.split_once("RuleId(\"")?;
        Some(id.split('"').next()?.to_owned())
    });
    let patterns = include_str!("../../src/clean/patterns.txt").lines().filter_map(|line| {
        let (id, rest) = line.strip_prefix('[')?.split_once("] ")?;
        let is_head = rest.chars().all(|c| c.is_ascii_lowercase() || matches!(c, ' ' | '-'));
        is_head.then(|| id.to_owned())
    });
    in_code.chain(patterns).collect()
}

#[test]
fn the_papers_name_every_cleaning_rule() {
    let paper = include_str!("../../docs/reading.md");
    let ids = rule_ids();
    assert!(ids.len() > 40, "{} rules", ids.len());
    for id in ids {
        assert!(paper.contains(&format!("`{id}`")), "docs/reading.md does not name the rule {id}");
    }
}

#[test]
fn the_rules_see_what_they_forbid() {
    // A rule that looks at nothing would always hold.
    let seen = |words: &[&str], parts: &[&str]| {
        code().iter().any(|line| line.has(words) && line.is_in(parts))
    };
    assert!(seen(&["candle"], &["network"]));
    assert!(seen(&["stdout()"], &["output"]));
    assert!(seen(&["ureq"], &["hub"]));
    assert!(seen(&["feature = \"cuda\""], &["device"]));
    assert!(seen(&["pub fn"], &["article"]) && seen(&["pub fn"], &["check"]));
}
