//! Lists: items on lines of their own, and items that a scraper ran together in one line.

use super::lines::Line;

const BULLETS: [char; 11] = ['•', '*', '▪', '●', '■', '·', '–', '-', '✔', '✓', '➤'];
/// Bullets that stand for nothing else inside a line.
const SURE_BULLETS: [char; 4] = ['•', '▪', '●', '■'];
/// A sign of counting behind a number: `1. `, `1) `, `1/ `, `1° `.
const MARKS: [&str; 4] = [". ", ") ", "/ ", "° "];
/// Two numbers may stand in a sentence by chance.
const MIN_ITEMS: usize = 3;

/// `- item`, `• item`, `2. item`, `b) item`
pub fn is_item(text: &str) -> bool {
    let mut chars = text.chars();
    let bullet = chars.next().is_some_and(|c| BULLETS.contains(&c)) && chars.next() == Some(' ');
    bullet || is_numbered(text) || is_lettered(text)
}

fn is_numbered(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (1..=2).contains(&(text.len() - rest.len())) && MARKS.iter().any(|m| rest.starts_with(m))
}

fn is_lettered(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.get(1..3) == Some(") ")
}

/// A line with a list in it, in its pieces: what leads up to the list, then the items. Any other
/// line is one piece.
pub fn split(line: Line) -> Vec<Line> {
    let cuts = cuts(line.text());
    if cuts.is_empty() {
        return vec![line];
    }
    let mut pieces = Vec::with_capacity(cuts.len() + 1);
    let mut rest = line;
    for cut in cuts.into_iter().rev() {
        let (before, item) = rest.split_at(cut);
        pieces.push(item);
        rest = before;
    }
    pieces.push(rest);
    let whole = pieces.into_iter().rev().filter(|piece| !piece.is_empty());
    // An item may hold a list of another kind.
    whole.flat_map(split).collect()
}

fn cuts(text: &str) -> Vec<usize> {
    let found = MARKS.iter().map(|mark| numbered(text, mark)).find(|cuts| !cuts.is_empty());
    found.unwrap_or_else(|| bulleted(text))
}

/// `: 1. Le calendrier. 2. Les quotas. 3. Les contrôles.`: the numbers run from 1, and the first
/// opens the line or follows a stop.
fn numbered(text: &str, mark: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut from = 0;
    while let Some(at) = number_at(text, from, &format!("{}{mark}", cuts.len() + 1)) {
        if cuts.is_empty() && !opens_list(&text[..at]) {
            return cuts;
        }
        from = at + 1;
        cuts.push(at);
    }
    if cuts.len() < MIN_ITEMS { Vec::new() } else { cuts }
}

/// The first place behind `from` where `number` stands as a word of its own before a word.
fn number_at(text: &str, from: usize, number: &str) -> Option<usize> {
    let found = text.get(from..)?.match_indices(number).map(|(at, _)| from + at);
    found.into_iter().find(|&at| {
        let alone = text[..at].is_empty() || text[..at].ends_with([' ', '(']);
        alone && text[at + number.len()..].starts_with(|c: char| c.is_alphabetic() || is_quote(c))
    })
}

fn is_quote(c: char) -> bool {
    matches!(c, '«' | '"' | '“')
}

fn opens_list(before: &str) -> bool {
    let before = before.trim_end();
    before.is_empty() || before.ends_with([':', '.', ';', ',', '!', '?', '…'])
}

/// `: • un fonds • un calendrier`, and with dashes where each follows a colon or semicolon.
fn bulleted(text: &str) -> Vec<usize> {
    let sure = |c: char| SURE_BULLETS.contains(&c);
    let begins = |at: usize| text[..at].is_empty() || text[..at].ends_with(' ');
    let items = |cuts: Vec<usize>| if cuts.len() < 2 { Vec::new() } else { cuts };
    let all = text.match_indices(sure).map(|(at, _)| at).filter(|&at| begins(at));
    let cuts: Vec<usize> = all.collect();
    if cuts.first().is_some_and(|&at| at == 0 || text[..at].trim_end().ends_with(':')) {
        return items(cuts);
    }
    let dashes = text.match_indices(['-', '–']).map(|(at, _)| at);
    let apart = dashes.filter(|&at| begins(at) && text[at..].chars().nth(1) == Some(' '));
    items(apart.filter(|&at| text[..at].trim_end().ends_with([':', ';'])).collect())
}
