//! The headline, and the copies of it that pages print.

use std::collections::HashSet;

use super::judge::{Draft, Verdict};
use super::lines::{Line, fold};
use crate::article::{BlockKind, Format, RawArticle, RuleId};

const REPEATED_TITLE: RuleId = RuleId("repeated-title");
const KICKER: RuleId = RuleId("kicker");
/// A shorter line is in too many headlines.
const MIN_DECLARED_WORDS: usize = 4;
/// Words of the shorter of two titles that the other has too.
const MIN_SHARED: f64 = 0.75;
const MAX_EXTRA_WORDS: usize = 10;
const MAX_TITLE_WORDS: usize = 32;
const MAX_TITLE_BYTES: usize = 240;
/// Below a paragraph only a long line can be the headline: a short one is an intertitle.
const MIN_LATE_TITLE_WORDS: usize = 7;

/// Whether the file names its headline in a field that was written for it; the title of a mail or
/// of a document is often another.
pub fn is_declared(raw: &RawArticle) -> bool {
    use Format::{Csv, Html, Json, Jsonl, Mhtml};
    raw.declared.title.is_some() && matches!(raw.format, Csv | Html | Json | Jsonl | Mhtml)
}

/// The first line that says the declared headline is the headline, whatever the markup says of
/// others. Pages put the name of the site behind what they declare.
pub fn mark_declared(raw: &RawArticle, lines: &mut [Line]) {
    let Some(declared) = raw.declared.title.as_deref().map(fold) else { return };
    let says = |line: &Line| {
        let folded = line.folded();
        let rest = declared.strip_prefix(folded);
        !folded.is_empty()
            && rest.is_some_and(|rest| {
                rest.is_empty() || (rest.starts_with(' ') && line.n_words() >= MIN_DECLARED_WORDS)
            })
    };
    let Some(title) = lines.iter().position(says) else { return };
    for line in lines.iter_mut().filter(|line| line.hint == Some(BlockKind::Title)) {
        line.hint = None;
    }
    lines[title].hint = Some(BlockKind::Title);
}

/// Marks the title, a kicker above it, and its copies.
pub fn mark(draft: &mut Draft) {
    let open = draft.open();
    let Some((place, confidence)) = find(draft, &open) else { return };
    let title = open[place];
    draft.set(title, Verdict::keep(BlockKind::Title, confidence));
    if let Some(above) = place.checked_sub(1).map(|above| open[above])
        && is_kicker(&draft.lines[above])
    {
        draft.set(above, Verdict::remove(BlockKind::Rubric, KICKER, 0.75));
    }
    mark_copies(draft, title);
}

/// The place of the headline in `open`, and how sure that is.
fn find(draft: &Draft, open: &[usize]) -> Option<(usize, f64)> {
    let marked = open.iter().position(|&idx| draft.lines[idx].hint == Some(BlockKind::Title));
    match marked {
        Some(place) => Some((place, 0.98)),
        None if draft.is_titled => None,
        None => find_by_form(draft, open).map(|place| (place, if place == 0 { 0.9 } else { 0.75 })),
    }
}

/// The first line that reads as a headline, above the second paragraph.
fn find_by_form(draft: &Draft, open: &[usize]) -> Option<usize> {
    let mut n_prose = 0;
    for (place, &idx) in open.iter().enumerate() {
        let line = &draft.lines[idx];
        if is_headline(line) && (n_prose == 0 || is_late_title(draft, &open[place..])) {
            let next = open.get(place + 1).map(|&next| &draft.lines[next]);
            let kicker = is_kicker(line) && next.is_some_and(is_long_headline);
            let short = next.is_some_and(|next| {
                let longer = is_long_headline(next) && line.n_words() < next.n_words();
                longer && is_variant(line, next) && !next.folded().contains(line.folded())
            });
            return Some(place + usize::from(kicker || short));
        }
        n_prose += usize::from(line.is_prose());
        if n_prose > 1 {
            return None;
        }
    }
    None
}

fn is_late_title(draft: &Draft, from: &[usize]) -> bool {
    let mut lines = from.iter().map(|&idx| &draft.lines[idx]);
    let long = lines.next().is_some_and(|line| line.n_words() >= MIN_LATE_TITLE_WORDS);
    long && lines.any(Line::is_prose)
}

fn is_headline(line: &Line) -> bool {
    let asks = line.text().ends_with(['?', '!', '…']) || line.text().ends_with("...");
    let asks = asks && line.n_words() <= 24;
    let open = !line.is_closed() || asks || ends_in_quoted_stop(line);
    let fits =
        (2..=MAX_TITLE_WORDS).contains(&line.n_words()) && line.text().len() <= MAX_TITLE_BYTES;
    let own = !line.text().contains(" @") && !line.text().starts_with(['-', '–', '—', '•']);
    open && fits && own
}

/// `Le maire : « Nous ne céderons pas ! »`
fn ends_in_quoted_stop(line: &Line) -> bool {
    line.text().ends_with(['»', '"', '”']) && line.n_words() <= 20 && line.text().contains(" : ")
}

fn is_long_headline(line: &Line) -> bool {
    is_headline(line) && (6..=24).contains(&line.n_words())
}

/// A keyword above the headline: `eau de la loue`, `REPORTAGE`, `Histoire locale`.
fn is_kicker(line: &Line) -> bool {
    let text = line.text();
    let loud = !text.chars().any(char::is_lowercase) || text.starts_with(char::is_lowercase);
    line.n_words() <= if loud { 4 } else { 3 } && !line.is_closed() && !text.contains('«')
}

fn mark_copies(draft: &mut Draft, title: usize) {
    let lines = draft.lines;
    let folded = lines[title].folded();
    for idx in draft.open() {
        let line = &lines[idx];
        let confidence = match () {
            () if is_copy(line, folded) => 0.97,
            () if idx.abs_diff(title) <= 2 && is_variant(line, &lines[title]) => 0.85,
            () => continue,
        };
        draft.set(idx, Verdict::remove(BlockKind::Title, REPEATED_TITLE, confidence));
    }
}

/// The title with another word: `DIRECT. ...`, `... - Le Journal`. What closes is a sentence.
fn is_variant(line: &Line, title: &Line) -> bool {
    let words = |line: &'_ Line| line.folded().split(' ').map(str::to_owned).collect();
    let (words, title): (HashSet<String>, HashSet<String>) = (words(line), words(title));
    let shared = words.intersection(&title).count();
    let n_words = words.len().min(title.len());
    !line.is_closed()
        && n_words >= MIN_DECLARED_WORDS
        && (shared as f64) >= MIN_SHARED * n_words as f64
        && words.len().abs_diff(title.len()) <= MAX_EXTRA_WORDS
}

/// The title again, perhaps with a picture's handle behind it.
fn is_copy(line: &Line, title: &str) -> bool {
    let folded = line.folded();
    let Some(extra) = folded.strip_prefix(title) else { return false };
    extra.is_empty() || (extra.starts_with(' ') && line.text().contains(" @") && extra.len() <= 40)
}
