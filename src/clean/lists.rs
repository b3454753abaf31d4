//! Lists: items on lines of their own, and items that a scraper ran together in one line.

use std::collections::HashMap;
use std::ops::Range;

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
    let pieces = pieces(line.text());
    match pieces.len() {
        0 | 1 => vec![line],
        _ => line.slices(&pieces).into_iter().filter(|piece| !piece.is_empty()).collect(),
    }
}

/// Where the pieces stand in the text, in order.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let signs = Signs::of(text);
    let mut pieces = Vec::new();
    // An item may hold a list of another kind. A piece is looked at by its ends only, never
    // copied: a line may be as long as a file.
    let whole = 0..text.len();
    let mut open = vec![whole];
    while let Some(piece) = open.pop() {
        let cuts = signs.cuts(text, &piece);
        if cuts.is_empty() {
            pieces.push(piece);
            continue;
        }
        let starts = std::iter::once(piece.start).chain(cuts.iter().copied());
        let ends = cuts.iter().copied().chain(std::iter::once(piece.end));
        let parts: Vec<_> = starts.zip(ends).filter(|(start, end)| start < end).collect();
        open.extend(parts.into_iter().rev().map(|(start, end)| start..end));
    }
    pieces
}

/// All places of a text where an item could begin.
struct Signs {
    /// `[mark]`: for each number the places where it stands before that mark, in order.
    numbers: [HashMap<usize, Vec<usize>>; MARKS.len()],
    bullets: Vec<usize>,
    dashes: Vec<usize>,
}

impl Signs {
    fn of(text: &str) -> Self {
        let mut signs =
            Self { numbers: Default::default(), bullets: Vec::new(), dashes: Vec::new() };
        let behind = text.match_indices([' ', '(']).map(|(at, _)| at + 1);
        for at in std::iter::once(0).chain(behind) {
            let rest = &text[at..];
            if let Some((number, mark)) = numbered_word(rest) {
                signs.numbers[mark].entry(number).or_default().push(at);
            } else if !text[..at].ends_with('(') {
                if rest.starts_with(SURE_BULLETS) {
                    signs.bullets.push(at);
                } else if rest.starts_with("- ") || rest.starts_with("– ") {
                    signs.dashes.push(at);
                }
            }
        }
        signs
    }

    fn cuts(&self, text: &str, piece: &Range<usize>) -> Vec<usize> {
        let mut found = (0..MARKS.len()).map(|mark| self.numbered(text, piece, mark));
        found.find(|cuts| !cuts.is_empty()).unwrap_or_else(|| self.bulleted(text, piece))
    }

    /// `: 1. Le calendrier. 2. Les quotas. 3. Les contrôles.`: the numbers run from 1, and the
    /// first opens the line or follows a stop.
    fn numbered(&self, text: &str, piece: &Range<usize>, mark: usize) -> Vec<usize> {
        let mut cuts = Vec::new();
        let mut rest = piece.clone();
        while let Some(at) = self.number_in(&rest, cuts.len() + 1, mark) {
            if cuts.is_empty() && !opens_list(&text[piece.start..at]) {
                return cuts;
            }
            rest.start = at + 1;
            cuts.push(at);
        }
        if cuts.len() < MIN_ITEMS { Vec::new() } else { cuts }
    }

    /// The first place in `range` where the number stands before the mark.
    fn number_in(&self, range: &Range<usize>, number: usize, mark: usize) -> Option<usize> {
        within(self.numbers[mark].get(&number)?, range).first().copied()
    }

    /// `: • un fonds • un calendrier`, and with dashes where each follows a colon or semicolon.
    fn bulleted(&self, text: &str, piece: &Range<usize>) -> Vec<usize> {
        let before = |at: usize| text[piece.start..at].trim_end();
        let items = |cuts: Vec<usize>| if cuts.len() < 2 { Vec::new() } else { cuts };
        let bullets = within(&self.bullets, piece);
        if bullets.first().is_some_and(|&at| at == piece.start || before(at).ends_with(':')) {
            return items(bullets.to_vec());
        }
        let dashes = within(&self.dashes, piece).iter().copied();
        items(dashes.filter(|&at| before(at).ends_with([':', ';'])).collect())
    }
}

/// Those of the places that lie in the range.
fn within<'a>(places: &'a [usize], range: &Range<usize>) -> &'a [usize] {
    let first = places.partition_point(|&at| at < range.start);
    &places[first..places.partition_point(|&at| at < range.end).max(first)]
}

/// The number that a text begins with, and which mark stands between it and a word.
fn numbered_word(text: &str) -> Option<(usize, usize)> {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(n_digits);
    let mark = MARKS.iter().position(|mark| rest.starts_with(mark))?;
    let word = &rest[MARKS[mark].len()..];
    let is_before_word = word.starts_with(|c: char| c.is_alphabetic() || is_quote(c));
    let is_number = is_before_word && !digits.starts_with('0');
    Some((digits.parse().ok().filter(|_| is_number)?, mark))
}

fn is_quote(c: char) -> bool {
    matches!(c, '«' | '"' | '“')
}

fn opens_list(before: &str) -> bool {
    let before = before.trim_end();
    before.is_empty() || before.ends_with([':', '.', ';', ',', '!', '?', '…'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        pieces(text).into_iter().map(|piece| text[piece].trim()).collect()
    }

    #[test]
    fn items_are_cut_and_lists_in_items_too() {
        let text = "Au programme : 1. Le bac : • un quai • un ponton 2. La digue. 3. Le pont.";
        let expected = [
            "Au programme :",
            "1. Le bac :",
            "• un quai",
            "• un ponton",
            "2. La digue.",
            "3. Le pont.",
        ];
        assert_eq!(parts(text), expected);
        assert_eq!(parts("Le bac part à 8 h. 1. Le quai. 2. Le ponton.").len(), 1);
        assert_eq!(parts("Trois points : - le quai ; - le ponton ; - la digue").len(), 4);
        assert_eq!(parts("01. Le quai. 02. Le ponton. 03. La digue.").len(), 1);
        assert_eq!(parts("Un (1) quai - le bac - et • deux"), ["Un (1) quai - le bac - et • deux"]);
    }

    /// A line of that size would take minutes if each cut copied what is left of it, and lists
    /// that begin anew would fill the stack.
    #[test]
    fn a_line_of_many_items_is_cut_in_one_go() {
        let n = 20_000;
        for (items, n_items) in [
            ("• un quai ", 1),
            ("1. Un. 2. Deux. 3. Trois. ", 3),
            ("1° Un. 2° Deux. 3° Trois. ", 3),
        ] {
            let line = &super::super::lines::split(&items.repeat(n), &[]).lines[0];
            let pieces = split(line.clone());
            assert_eq!(pieces.len(), n * n_items, "{items}");
            assert!(pieces.iter().all(|piece| piece.text().len() < items.len()), "{items}");
        }
    }
}
