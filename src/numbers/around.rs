//! What stands around a number: how exact it is, and whether it is one end of a range.

use super::Bound;
use super::lexicon::{Lexicon, fold};
use super::read::Found;
use super::token::{Gap, Token};

const LONGEST_PHRASE: usize = 5;

/// The bound that the words before token `first` or from token `end` on give.
pub fn bound(tokens: &[Token], first: usize, end: usize, lexicon: &Lexicon) -> Option<Bound> {
    before(tokens, first, lexicon).or_else(|| after(tokens, end, lexicon))
}

fn before(tokens: &[Token], first: usize, lexicon: &Lexicon) -> Option<Bound> {
    let is_article = |idx: usize| lexicon.lists("skipped-article", &tokens[idx].folded);
    let mut last = first.checked_sub(1)?;
    if is_article(last) && tokens[first].gap != Gap::Break && last > 0 {
        if let Some(bound) = ending_at(tokens, last, first, lexicon) {
            return Some(bound);
        }
        last -= 1;
        return ending_at(tokens, last, first - 1, lexicon);
    }
    ending_at(tokens, last, first, lexicon)
}

/// The longest phrase that ends with token `last`, right before token `next`.
fn ending_at(tokens: &[Token], last: usize, next: usize, lexicon: &Lexicon) -> Option<Bound> {
    if tokens[next].gap == Gap::Break {
        return None;
    }
    let mut phrase = String::new();
    let mut found = None;
    for idx in (0..=last).rev().take(LONGEST_PHRASE) {
        let space = if phrase.is_empty() { "" } else { " " };
        phrase = format!("{}{space}{phrase}", lowered(&tokens[idx]));
        found = lexicon.bound_before(&phrase).or(found);
        if tokens[idx].gap == Gap::Break {
            break;
        }
    }
    found
}

fn lowered(token: &Token) -> String {
    token.folded.to_lowercase()
}

fn after(tokens: &[Token], end: usize, lexicon: &Lexicon) -> Option<Bound> {
    let mut phrase = String::new();
    let mut found = None;
    for token in tokens.iter().skip(end).take(3) {
        if token.gap == Gap::Break {
            break;
        }
        let space = if phrase.is_empty() { "" } else { " " };
        phrase = format!("{phrase}{space}{}", lowered(token));
        found = lexicon.bound_after(&phrase).or(found);
    }
    found
}

/// Joins the ends of ranges: `entre 20 et 30 %`, `2 to 3 million`. The lower end takes the unit
/// of the upper one, and its scale where that makes it the lower one.
pub fn ranges(text: &str, found: &mut [Found], lexicon: &Lexicon) {
    for idx in 1..found.len() {
        let (low, high) = found.split_at_mut(idx);
        let (Some(low), Some(high)) = (low.last_mut(), high.first_mut()) else { continue };
        let between = text.get(low.quantity.span.end..high.quantity.span.start);
        let lead = lead(text, low.quantity.span.start);
        match between.map(|between| link(between, lead, lexicon)) {
            Some(Some(link)) => join(low, high, link),
            _ => continue,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Link {
    /// Two ends of a range.
    Range,
    /// Two numbers that share what follows: `two or three years`.
    Choice,
}

/// The word before a byte.
fn lead(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default().trim_end();
    before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default()
}

fn link(between: &str, lead: &str, lexicon: &Lexicon) -> Option<Link> {
    let has = |list| lexicon.lists(list, &fold(between.trim()));
    let is_between = lexicon.lists("between", &fold(lead));
    match () {
        () if has("range") || is_between && has("range-between") => Some(Link::Range),
        () if has("choice") => Some(Link::Choice),
        () => None,
    }
}

fn join(low: &mut Found, high: &mut Found, link: Link) {
    let (one, other) = (&mut low.quantity, &mut high.quantity);
    let shares = one.unit.is_none() && one.form == other.form;
    let is_unit_shared = link == Link::Range
        || other.unit.is_some_and(|unit| matches!(unit.dimension, "percent" | "time" | "currency"));
    if shares && is_unit_shared && one.value < 1900.0 {
        one.unit = other.unit;
    }
    if high.scale >= 1000.0 && low.scale == 1.0 && one.value < 1000.0 {
        let scaled = one.value * high.scale;
        if link == Link::Range && scaled < other.value {
            one.also = Some(one.value);
            one.value = scaled;
        }
    }
    if link == Link::Range && one.value < other.value {
        set_ends(&mut one.bound, &mut other.bound);
    }
}

fn set_ends(low: &mut Bound, high: &mut Bound) {
    if !matches!(low, Bound::Magnitude) {
        *low = Bound::From;
        *high = Bound::To;
    }
}
