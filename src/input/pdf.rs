//! The text layer of PDF files. It lies packed in the file, so no span of it has a place there.
//!
//! The library that reads it panics on some files; it works on a thread of its own, whose end is
//! an error like any other.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::thread;

use pdf_extract::{Document, Error as PdfError, PlainTextOutput, output_doc_page};

use super::Extracted;
use crate::error::{Error, Result};
use crate::source_map::SourceMap;

/// The thread that reads; by this name its panics are known.
const THREAD: &str = "pdf-reader";
/// Nested objects are read by recursion.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// What a reader of the file sees, and the number of pages that could not be read.
pub(super) fn read(bytes: &[u8], name: &str) -> Result<(Extracted, usize)> {
    quiet_panics();
    let reader = thread::Builder::new().name(THREAD.into()).stack_size(STACK_BYTES);
    let pages = thread::scope(|scope| match reader.spawn_scoped(scope, || pages(bytes)) {
        Ok(running) => running.join().unwrap_or_else(|_| Err(Failure::broken("it makes no sense"))),
        Err(error) => Err(Failure::broken(&error.to_string())),
    });
    let pages = pages.map_err(|failure| failure.into_error(name))?;
    let text: String = pages.iter().flatten().map(|page| joined(page)).collect();
    if text.trim().is_empty() {
        return Err(Error::NoTextLayer { name: name.to_owned() });
    }
    let n_errors = pages.iter().filter(|page| page.is_none()).count();
    Ok((Extracted { text, map: SourceMap::empty(), ..Extracted::default() }, n_errors))
}

enum Failure {
    Protected,
    Broken(String),
}

impl Failure {
    fn broken(reason: &str) -> Self {
        Self::Broken(reason.to_owned())
    }

    fn of(error: PdfError) -> Self {
        match error {
            PdfError::Decryption(_)
            | PdfError::InvalidPassword
            | PdfError::UnsupportedSecurityHandler(_) => Self::Protected,
            error => Self::Broken(error.to_string()),
        }
    }

    fn into_error(self, name: &str) -> Error {
        let name = name.to_owned();
        match self {
            Self::Protected => Error::Protected { name },
            Self::Broken(reason) => Error::Broken { name, what: "a PDF", reason },
        }
    }
}

/// The text of each page; nothing for one that could not be read.
fn pages(bytes: &[u8]) -> std::result::Result<Vec<Option<String>>, Failure> {
    let document = Document::load_mem(bytes).map_err(Failure::of)?;
    // Many files are protected against printing only; with no password they open while they load.
    if document.trailer.get(b"Encrypt").is_ok() && !document.was_encrypted() {
        return Err(Failure::Protected);
    }
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    let pages: Vec<Option<String>> = numbers.iter().map(|n| page(&document, *n)).collect();
    match pages.iter().any(Option::is_some) {
        true => Ok(pages),
        false => Err(Failure::broken("none of its pages can be read")),
    }
}

fn page(document: &Document, number: u32) -> Option<String> {
    let read = || {
        let mut text = String::new();
        let mut output = PlainTextOutput::new(&mut text);
        output_doc_page(document, &mut output, number).ok()?;
        Some(text)
    };
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// Panics of the reading thread are errors of a file, and not for the screen; all others go where
/// they went.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if thread::current().name() != Some(THREAD) {
                before(panic);
            }
        }));
    });
}

/// A page with one paragraph a line: a line that is as long as most goes on in the next one, and a
/// word that was cut at its end is made whole.
fn joined(page: &str) -> String {
    let lines: Vec<&str> = page.lines().map(str::trim).collect();
    let is_spaced = is_spaced(&lines);
    let full = full_length(&lines);
    let words: HashSet<&str> = page.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    let mut text = String::new();
    let (mut last, mut has_gap) = ("", false);
    for line in lines {
        if line.is_empty() {
            has_gap |= !is_spaced;
            continue;
        }
        if last.is_empty() || has_gap || !goes_on(last, line, full) {
            text.push_str("\n\n");
        } else if !mend(&mut text, line, &words) {
            text.push(' ');
        }
        text.push_str(line);
        (last, has_gap) = (line, false);
    }
    text.push('\n');
    text
}

/// Whether there is a gap behind nearly every line, so that a gap parts no paragraphs.
fn is_spaced(lines: &[&str]) -> bool {
    let n_lines = lines.iter().filter(|line| !line.is_empty()).count();
    let n_single = lines.windows(2).filter(|pair| pair.iter().all(|line| !line.is_empty())).count();
    n_lines > 4 && n_single * 10 < n_lines
}

/// The length in characters that most lines of running text reach.
fn full_length(lines: &[&str]) -> usize {
    let mut lengths: Vec<usize> =
        lines.iter().map(|line| line.chars().count()).filter(|&n| n > 0).collect();
    lengths.sort_unstable();
    // Lines at the end of a paragraph and headings are shorter, a header may be longer.
    lengths.get(lengths.len() * 3 / 4).copied().unwrap_or_default()
}

/// A ragged line may end a long word's length before the edge.
fn goes_on(line: &str, next: &str, full: usize) -> bool {
    let is_full = line.chars().count() * 10 >= full * 8;
    let is_closed = line.ends_with(['.', '!', '?', '…', '»', '"', ':']);
    let is_cut = line.ends_with('-') && next.starts_with(char::is_lowercase);
    is_cut || (is_full && !is_closed) || (is_full && !next.starts_with(['-', '–', '•', '—']))
}

/// Joins the last word with the first of the next line where it was cut, and says whether it was.
///
/// A hyphen that a word has anyway stays: before these pieces, and where the page has the word with
/// its hyphen elsewhere.
fn mend(text: &mut String, next: &str, words: &HashSet<&str>) -> bool {
    const HYPHENATED: [&str; 24] = [
        "ce", "ci", "là", "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "le",
        "la", "les", "lui", "leur", "moi", "toi", "même", "mêmes", "être", "dire", "t",
    ];
    let Some(head) = text.strip_suffix('-') else { return false };
    if !head.ends_with(char::is_alphabetic) {
        return false;
    }
    if !next.starts_with(char::is_lowercase) {
        return true;
    }
    let parts = |c: char| !c.is_alphanumeric() && c != '-';
    let cut = head.rsplit(parts).next().unwrap_or_default();
    let word = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let whole = format!("{cut}-{word}");
    if !HYPHENATED.contains(&word) && !words.contains(whole.as_str()) {
        text.pop();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn wrapped_lines_and_cut_words_are_joined() {
        let page = "Le pont ferme\n\nLe conseil a voté hier la fermeture du pont, que le gouverne-\n\
            ment avait demandée en mars. Les commerçants de la rue se plaignent, et peut-\n\
            être iront-ils en justice.\nLa mairie ne répond pas pour le moment, mais elle prépare un plan.\n";
        let paragraphs: Vec<String> = joined(page)
            .split("\n\n")
            .map(|p| p.trim().to_owned())
            .filter(|p| !p.is_empty())
            .collect();
        assert_eq!(
            paragraphs,
            [
                "Le pont ferme",
                "Le conseil a voté hier la fermeture du pont, que le gouvernement avait demandée \
                 en mars. Les commerçants de la rue se plaignent, et peut-être iront-ils en justice.",
                "La mairie ne répond pas pour le moment, mais elle prépare un plan.",
            ]
        );
    }

    #[test]
    fn a_word_that_has_its_hyphen_elsewhere_keeps_it() {
        let page = "Le porte-parole du ministère a répondu mardi aux questions, et le porte-\nparole a nié.";
        assert!(joined(page).contains("et le porte-parole a nié."), "{}", joined(page));
    }

    #[test]
    fn gaps_behind_all_lines_part_nothing() {
        let lines = ["Le conseil de la ville a voté hier", "la fermeture du pont de Varenne et de"];
        let page = [&lines[..], &lines, &lines, &["ses quais."]].concat().join("\n\n");
        assert_eq!(joined(&page).trim().lines().count(), 1, "{}", joined(&page));
    }
}
