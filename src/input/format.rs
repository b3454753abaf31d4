//! What kind of file it is: by its name, else by how it begins.

use std::path::Path;

use super::decode::{is_binary, is_utf16};
use super::fields::{Fields, Role};
use crate::article::Format;

/// What the name of a file says of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// It is of this kind.
    Of(Format),
    /// Nothing: it has no extension.
    Bare,
    /// It is of a kind that is not known here.
    Other,
}

/// The kind that a file's name promises; `.gz` behind the extension does not count.
pub(super) fn named(path: &Path) -> Name {
    let is_packed = extension(path).as_deref() == Some("gz");
    let bare = path.with_extension("");
    match extension(if is_packed { &bare } else { path }).as_deref() {
        None => Name::Bare,
        Some("txt" | "text") => Name::Of(Format::Text),
        Some("md" | "markdown") => Name::Of(Format::Markdown),
        Some("html" | "htm" | "xhtml") => Name::Of(Format::Html),
        Some("mhtml" | "mht") => Name::Of(Format::Mhtml),
        Some("json") => Name::Of(Format::Json),
        Some("jsonl" | "ndjson") => Name::Of(Format::Jsonl),
        Some("csv" | "tsv") => Name::Of(Format::Csv),
        Some("eml") => Name::Of(Format::Eml),
        Some("docx") => Name::Of(Format::Docx),
        Some("pdf") => Name::Of(Format::Pdf),
        Some(_) => Name::Other,
    }
}

fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}

/// Whether the bytes are packed by gzip.
pub(super) fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1F, 0x8B])
}

/// The kind of a file that begins so; nothing where it is no text and no kind known here.
pub(super) fn sniff(head: &[u8]) -> Option<Format> {
    if head.starts_with(b"%PDF-") {
        return Some(Format::Pdf);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Some(Format::Docx);
    }
    if is_utf16(head) {
        return Some(Format::Text);
    }
    // RTF is all commands between its words, and PostScript has no words.
    if is_binary(head) || head.starts_with(b"{\\rtf") || head.starts_with(b"%!PS") {
        return None;
    }
    Some(sniff_text(&String::from_utf8_lossy(head)))
}

fn sniff_text(head: &str) -> Format {
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mark = |found: bool, format: Format| found.then_some(format);
    mark(is_html(head), Format::Html)
        .or_else(|| json(head))
        .or_else(|| mail(head))
        .or_else(|| mark(is_table(head), Format::Csv))
        .or_else(|| mark(head.starts_with("---\n") || head.starts_with("---\r"), Format::Markdown))
        .unwrap_or(Format::Text)
}

fn is_html(head: &str) -> bool {
    const STARTS: [&str; 13] = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<!--",
        "<?xml",
        "<article",
        "<main",
        "<div",
        "<p>",
        "<p ",
        "<h1",
        "<section",
    ];
    let start: String = head.chars().take(20).collect::<String>().to_ascii_lowercase();
    STARTS.iter().any(|mark| start.starts_with(mark))
}

/// Prose may begin with a bracket, but hardly with one and a quotation mark or a brace.
fn json(head: &str) -> Option<Format> {
    let rest = head.strip_prefix(['{', '['])?.trim_start();
    let is_list = head.starts_with('[');
    if !rest.starts_with(if is_list { '{' } else { '"' }) {
        return None;
    }
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    let is_whole = |line: &str| serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok();
    let is_lines = !is_list && lines.next().is_some_and(is_whole) && lines.next().is_some();
    Some(if is_lines { Format::Jsonl } else { Format::Json })
}

/// A mail begins with header lines; a line `Date: ...` alone may stand above any text.
fn mail(head: &str) -> Option<Format> {
    const NAMES: [&str; 10] = [
        "from",
        "to",
        "subject",
        "date",
        "mime-version",
        "message-id",
        "received",
        "return-path",
        "delivered-to",
        "content-type",
    ];
    let block = head.split("\n\n").next()?.split("\r\n\r\n").next()?;
    let names = block.lines().filter_map(|line| line.split_once(':')).map(|(name, _)| name);
    let names: Vec<String> = names.map(str::to_ascii_lowercase).collect();
    let n_known = names.iter().filter(|name| NAMES.contains(&name.as_str())).count();
    let is_mail = n_known >= 3 && NAMES.contains(&names.first()?.as_str());
    let is_page = block.to_ascii_lowercase().contains("multipart/related");
    is_mail.then_some(if is_page { Format::Mhtml } else { Format::Eml })
}

/// A first line of two columns or more, one of them known as the text.
fn is_table(head: &str) -> bool {
    let line = head.lines().next().unwrap_or_default();
    let columns: Vec<String> =
        line.split([',', ';', '\t']).map(|name| name.trim().trim_matches('"').into()).collect();
    // Prose may begin with `Content, le maire ...`.
    let is_name = |name: &String| {
        name.len() <= 30 && name.split_whitespace().count() <= 3 && !name.ends_with(['.', '!', '?'])
    };
    let is_header = columns.len() >= 2 && columns.iter().all(is_name);
    is_header && Fields::default().position(Role::Text, &columns).is_some()
}

/// Whether a field is HTML: it has elements that open and close, or end a line.
pub(super) fn is_markup(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["</p>", "</div>", "</a>", "</h2>", "</li>", "<br>", "<br/>", "<br />"]
        .iter()
        .any(|mark| text.contains(mark))
}
