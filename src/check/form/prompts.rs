//! What a model says of itself, and control characters of its format.

use std::sync::LazyLock;

use super::super::Finding;
use super::super::polarity::words::folded;
use crate::article::Span;

static PROMPTS: LazyLock<(Vec<&str>, Vec<&str>)> = LazyLock::new(|| {
    let (mut starts, mut anywhere) = (Vec::new(), Vec::new());
    for line in include_str!("prompts.txt").lines() {
        if let Some(start) = line.strip_prefix("start: ") {
            starts.push(start.trim_end());
        } else if let Some(any) = line.strip_prefix("any: ") {
            anywhere.push(any);
        }
    }
    (starts, anywhere)
});

/// What is in the target, not in the source, and was not meant for the reader.
pub fn compare(source: &str, target: &str) -> Option<Finding> {
    spoken(source, target).or_else(|| marked(source, target))
}

fn spoken(source: &str, target: &str) -> Option<Finding> {
    let starts = |line: &str| {
        let line = folded(line.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '('));
        PROMPTS.0.iter().find(|start| line.starts_with(**start)).copied()
    };
    let said: Vec<&str> = source.lines().filter_map(starts).collect();
    let line = target.lines().find(|line| starts(line).is_some_and(|found| !said.contains(&found)));
    let line = line.filter(|line| !is_rooted(source, line))?;
    let at = line.as_ptr() as usize - target.as_ptr() as usize;
    let message = format!("`{}` is said by the model", short(line));
    Some(Finding::error("prompt", message).in_target(Span::new(at, at + line.len())))
}

/// A heading of the source before a colon may be the same word in both languages: `Note :`.
fn is_rooted(source: &str, line: &str) -> bool {
    let head = |text: &str| text.split([':', '!', ',']).next().map(|head| folded(head.trim()));
    let headed = |text: &str| text.split_whitespace().take(4).any(|w| w == ":");
    let same = source.lines().any(|own| head(own) == head(line));
    let colon =
        source.lines().any(|own| headed(own) || own.contains(": ") && own.find(':') < Some(20));
    same || line.contains(':') && colon
}

fn short(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().take(5).collect();
    words.join(" ")
}

fn marked(source: &str, target: &str) -> Option<Finding> {
    let (told, said) = (folded(target), folded(source));
    let found = PROMPTS.1.iter().find(|mark| told.contains(**mark) && !said.contains(**mark))?;
    let garbled = Finding::error("left-over", format!("`{found}` is not text"));
    let at = target.find(found).map(|at| Span::new(at, at + found.len()));
    Some(Finding { target: at, ..garbled })
}
