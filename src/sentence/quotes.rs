//! Which quotation marks and brackets of a text belong together.
//!
//! Texts lose marks. So the form of a mark decides first (a blank before `"` and none behind it
//! opens), and a mark that opens while another is open takes its place: what a lost mark would
//! swallow is a few words and not the rest of the text.

use crate::article::Span;
use crate::clean::is_blank;

/// Two marks further apart than this have lost their partners: no quotation of news is longer.
const MAX_PAIR_BYTES: usize = 1200;

/// The marks of a text.
#[derive(Debug, Default)]
pub struct Marks {
    /// Places of marks that open, in order.
    opening: Vec<Span>,
    /// Places of marks that close, in order.
    closing: Vec<Span>,
    /// From an opening mark to behind its closing one, in order of their ends.
    pairs: Vec<Span>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Opens,
    Closes,
    Either,
}

impl Marks {
    /// Finds the marks of `text`.
    pub fn of(text: &str) -> Self {
        let mut marks = Self::default();
        let mut open = [None; 4];
        let mut before = None;
        for (at, c) in text.char_indices() {
            let mark = Span::new(at, at + c.len_utf8());
            if let Some((family, role)) = classify(c, before, text[mark.end..].chars().next()) {
                marks.add(mark, role, &mut open[family]);
            }
            before = Some(c);
        }
        marks
    }

    fn add(&mut self, mark: Span, role: Role, open: &mut Option<usize>) {
        if role == Role::Opens || (role == Role::Either && open.is_none()) {
            self.opening.push(mark);
            *open = Some(mark.start);
            return;
        }
        self.closing.push(mark);
        let pair = open.take().map(|start| Span::new(start, mark.end));
        self.pairs.extend(pair.filter(|pair| pair.len() <= MAX_PAIR_BYTES));
    }

    /// Whether the cut lies inside a quotation or a bracket.
    pub fn enclose(&self, cut: usize) -> bool {
        let first = self.pairs.partition_point(|pair| pair.end <= cut);
        let near = |pair: &&Span| pair.end <= cut + MAX_PAIR_BYTES;
        self.pairs.iter().skip(first).take_while(near).any(|pair| pair.start < cut)
    }

    /// The cut moved out of the blanks around it: behind marks that close what ends there, before
    /// one that opens what follows.
    pub fn beside(&self, text: &str, cut: usize) -> usize {
        let before = text.get(..cut).unwrap_or_default().trim_end_matches(is_blank);
        let opening = self.opening.binary_search_by_key(&before.len(), |mark| mark.end);
        if let Some(mark) = opening.ok().and_then(|idx| self.opening.get(idx)) {
            return mark.start;
        }
        self.behind(text, cut)
    }

    fn behind(&self, text: &str, mut cut: usize) -> usize {
        loop {
            let rest = text.get(cut..).unwrap_or_default();
            let next = text.len() - rest.trim_start_matches(is_blank).len();
            let closing = self.closing.binary_search_by_key(&next, |mark| mark.start);
            match closing.ok().and_then(|idx| self.closing.get(idx)) {
                Some(mark) => cut = mark.end,
                None => return cut,
            }
        }
    }
}

/// The family of a mark, 0 to 3, and what its form says of it.
fn classify(c: char, before: Option<char>, after: Option<char>) -> Option<(usize, Role)> {
    Some(match c {
        '«' => (0, Role::Opens),
        '»' => (0, Role::Closes),
        '“' => (1, Role::Opens),
        '”' => (1, Role::Closes),
        '(' => (2, Role::Opens),
        ')' => (2, Role::Closes),
        '"' => (3, straight(before, after)),
        _ => return None,
    })
}

/// `l'"affaire"`, `("Non")`, `" Je lui ai parlé. "`
fn straight(before: Option<char>, after: Option<char>) -> Role {
    let free = |side: Option<char>| side.is_none_or(is_blank);
    let leads = free(before) || before.is_some_and(|c| matches!(c, '(' | '[' | '\'' | '’' | '-'));
    let trails = free(after) || after.is_some_and(|c| ".,;:!?…)]»”".contains(c));
    match (leads, trails) {
        (true, false) => Role::Opens,
        (false, _) => Role::Closes,
        (true, true) => Role::Either,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<&str> {
        Marks::of(text).pairs.iter().map(|pair| pair.of(text)).collect()
    }

    #[test]
    fn marks_find_their_partners() {
        assert_eq!(
            pairs("L'\"affaire\" (ou \" cas \") dure."),
            ["\"affaire\"", "\" cas \"", "(ou \" cas \")"]
        );
        assert_eq!(pairs("« Oui. » Non."), ["« Oui. »"]);
    }

    #[test]
    fn a_lost_mark_swallows_little() {
        assert_eq!(pairs("« Oui. Non. « Si. » Rien."), ["« Si. »"]);
        assert_eq!(pairs("Oui.\" Non. \"Si.\" Rien."), ["\"Si.\""]);
        assert!(pairs(&format!("«{}»", "a".repeat(MAX_PAIR_BYTES))).is_empty());
    }
}
