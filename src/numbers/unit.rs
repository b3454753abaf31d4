//! Units: what is counted or measured.

use std::collections::HashMap;

use super::lexicon::{Lexicon, Role, entries, key};
use super::token::{Gap, Token};

/// A unit of the data file `units.txt`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// `kilometre`, `euro`, `percent`, `dead`.
    pub name: &'static str,
    /// `length`, `currency`, `percent`, `people`; `any` for a word with several meanings.
    pub dimension: &'static str,
    /// How many of the dimension's base unit; 0 where there is no fixed rate.
    pub factor: f64,
}

/// The forms of all units in one language, and how many tokens the longest has.
pub type Units = HashMap<String, Unit>;

const LONGEST_FORM: usize = 4;

/// The lines `DIMENSION FACTOR NAME: FRENCH | ENGLISH` of `units.txt`.
fn table() -> impl Iterator<Item = (Unit, &'static str)> {
    entries(include_str!("units.txt")).filter_map(|(head, forms)| {
        let mut parts = head.split(' ');
        let (dimension, factor, name) = (parts.next()?, parts.next()?, parts.next()?);
        let factor = factor.parse().unwrap_or_default();
        Some((Unit { name, dimension, factor }, forms))
    })
}

/// The units with their forms in a column of `units.txt`.
pub fn of_column(column: usize) -> Units {
    forms(table().filter_map(|(unit, forms)| Some((unit, forms.split('|').nth(column)?))))
}

/// The units of a language with a file of its own, of lines `NAME: FORMS`.
pub fn named(list: &'static str) -> Units {
    let known: HashMap<&str, Unit> = table().map(|(unit, _)| (unit.name, unit)).collect();
    forms(entries(list).filter_map(|(name, forms)| Some((*known.get(name)?, forms))))
}

fn forms(all: impl Iterator<Item = (Unit, &'static str)>) -> Units {
    let pairs = all.flat_map(|(unit, forms)| forms.split(',').map(move |f| (key(f), unit)));
    pairs.filter(|(form, _)| !form.is_empty()).collect()
}

/// The unit that begins at token `at`, behind a number: `%`, `de dollars`, `dernières années`.
/// Returns it with the token after it.
pub fn behind(tokens: &[Token], at: usize, lexicon: &Lexicon) -> Option<(Unit, usize)> {
    let first = tokens.get(at)?;
    if first.gap == Gap::Break {
        return None;
    }
    if let Some(found) = longest(tokens, at, lexicon) {
        return Some(found);
    }
    let is_of = first.word.is_some_and(|word| word.role == Role::Of);
    let is_skipped = is_of || first.text == "[" || lexicon.lists("adjective", &first.folded);
    let next = tokens.get(at + 1).filter(|next| is_skipped && next.gap != Gap::Break)?;
    let found = longest(tokens, at + 1, lexicon)?;
    // The letter of `de l'eau` or `3 autres m` is no unit.
    (next.folded.chars().count() > 1 || !next.folded.is_ascii())
        .then_some(found)
        .or_else(|| next.text.starts_with(['$', '%']).then_some(found))
}

fn longest(tokens: &[Token], at: usize, lexicon: &Lexicon) -> Option<(Unit, usize)> {
    let mut phrase = String::new();
    let mut found = None;
    for (idx, token) in tokens.iter().enumerate().skip(at).take(LONGEST_FORM) {
        if idx > at {
            let is_exponent = token.is_figures && token.gap != Gap::Nothing;
            if token.gap == Gap::Break || is_exponent {
                break;
            }
            phrase.push(' ');
        }
        phrase.push_str(&token.folded);
        let is_elided = tokens.get(idx + 1).is_some_and(|next| next.gap == Gap::Apostrophe);
        let is_letter = token.folded.len() == 1 && idx == at;
        if let Some(unit) = lexicon.units.get(&phrase).filter(|_| !(is_elided && is_letter)) {
            found = Some((*unit, idx + 1));
        }
    }
    found
}

/// The currency that ends right before token `at`: `$`, `US$`, `USD`. Returns it with its first
/// token.
pub fn before(tokens: &[Token], at: usize, lexicon: &Lexicon) -> Option<(Unit, usize)> {
    let is_near = matches!(tokens.get(at)?.gap, Gap::Nothing | Gap::Space);
    let sign = tokens.get(at.checked_sub(1)?).filter(|_| is_near)?;
    let is_money = |unit: &Unit| unit.dimension == "currency";
    let is_code = !sign.text.chars().any(char::is_alphabetic)
        || sign.text.len() == 3 && sign.text.chars().all(char::is_uppercase);
    let area = at.checked_sub(2).and_then(|area| tokens.get(area));
    if let Some(area) = area.filter(|_| sign.gap == Gap::Nothing) {
        let unit = lexicon.units.get(&format!("{} {}", area.folded, sign.folded));
        if let Some(unit) = unit.filter(|unit| is_money(unit)) {
            return Some((*unit, at - 2));
        }
    }
    let unit = lexicon.units.get(&sign.folded).filter(|unit| is_code && is_money(unit))?;
    Some((*unit, at - 1))
}
