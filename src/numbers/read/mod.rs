//! One number after the other, from figures, words or both, with its unit.

mod in_figures;
mod in_words;
mod parts;

use super::lexicon::{Lexicon, Role};
use super::token::{Gap, Token};
use super::{Bound, Form, Quantity, around, spelled, unit};
use crate::article::Span;

/// A number with its place among the tokens.
pub struct Found {
    pub quantity: Quantity,
    /// The scale of its last word: 1000000 of `3 millions`, else 1.
    pub scale: f64,
}

/// A number that is being read: `value` so far, and the token after it.
#[derive(Debug, Clone, Copy)]
struct Number {
    value: f64,
    also: Option<f64>,
    form: Form,
    bound: Bound,
    scale: f64,
    end: usize,
}

impl Number {
    fn new(value: f64, end: usize) -> Self {
        Self { value, also: None, form: Form::Cardinal, bound: Bound::Exact, scale: 1.0, end }
    }

    fn times(mut self, scale: f64, end: usize) -> Self {
        self.value *= scale;
        self.also = self.also.map(|also| also * scale);
        self.scale *= scale;
        self.end = end;
        self
    }
}

/// The first token of a number with its unit, the token after it, and the unit.
struct Extent {
    first: usize,
    end: usize,
    unit: Option<unit::Unit>,
}

/// A reader of the tokens of one text.
struct Reader<'a, 't> {
    text: &'t str,
    tokens: &'a [Token<'t>],
    lexicon: &'a Lexicon,
}

/// All numbers of the tokens.
pub fn all(text: &str, tokens: &[Token], lexicon: &Lexicon) -> Vec<Found> {
    let reader = Reader { text, tokens, lexicon };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let number = if tokens[at].is_figures { reader.figures(at) } else { reader.words(at) };
        let Some(number) = number else {
            at += 1;
            continue;
        };
        let (one, end) = reader.complete(number, at);
        found.extend(one);
        at = end.max(at + 1);
    }
    found
}

impl<'t> Reader<'_, 't> {
    /// The token at `idx`, where no punctuation stands before it.
    fn near(&self, idx: usize) -> Option<&Token<'t>> {
        self.tokens.get(idx).filter(|token| token.gap != Gap::Break)
    }

    /// Whether the token before `idx` is in a list of the data file.
    fn is_behind(&self, list: &str, idx: usize) -> bool {
        let before = idx.checked_sub(1).map(|before| &self.tokens[before]);
        before.is_some_and(|token| self.lexicon.lists(list, &token.folded))
    }

    fn role(&self, idx: usize) -> Option<(Role, f64)> {
        self.near(idx).and_then(|token| token.word).map(|word| (word.role, word.value))
    }

    /// The token at `idx`, where nothing at all stands before it.
    fn touching(&self, idx: usize) -> Option<&Token<'t>> {
        self.tokens.get(idx).filter(|token| token.gap == Gap::Nothing)
    }

    /// The number with its unit, sign and bound, where it counts something. Also returns the token
    /// after all that was read.
    fn complete(&self, mut number: Number, at: usize) -> (Option<Found>, usize) {
        let number_end = number.end;
        let extent = self.extent(&mut number, at);
        if number.form == Form::Article && !counts(&mut number, &extent, number_end) {
            return (None, number_end);
        }
        if self.is_negative(at, extent.unit) {
            number.value = -number.value;
        }
        let span = |from: usize, to: usize| {
            Span::new(self.tokens[from].span.start, self.tokens[to - 1].span.end)
        };
        let quantity = Quantity {
            value: number.value,
            also: number.also,
            form: number.form,
            bound: self.bound(&number, extent.first, extent.end),
            unit: extent.unit,
            in_figures: self.tokens[at].is_figures,
            number: span(at, number_end),
            span: span(extent.first, extent.end),
        };
        (Some(Found { quantity, scale: number.scale }), extent.end)
    }

    /// The unit behind the number or the currency before it. What follows the unit is added to
    /// the number: `un an et demi`, `5h30`.
    fn extent(&self, number: &mut Number, at: usize) -> Extent {
        let mut extent = Extent { first: at, end: number.end, unit: None };
        if let Some((unit, end)) = self.unit_of(number) {
            extent = Extent { unit: Some(unit), end, ..extent };
            let is_small = number.value <= 20.0 && number.form != Form::Ordinal;
            let rest = self.minutes(end).or_else(|| self.half(end).filter(|_| is_small));
            let rest = rest.or_else(|| self.cents(unit, end));
            if let Some((part, end)) = rest {
                number.value += part;
                extent.end = end;
            }
        }
        let is_money = extent.unit.is_some_and(|unit| unit.dimension == "currency");
        let may_follow_sign = self.tokens[at].is_figures && !is_money;
        if may_follow_sign && let Some((unit, first)) = unit::before(self.tokens, at, self.lexicon)
        {
            return Extent { first, end: number.end, unit: Some(unit) };
        }
        extent
    }

    /// The half of `5h30`, behind its `h`.
    fn minutes(&self, at: usize) -> Option<(f64, usize)> {
        let hours = at.checked_sub(1).and_then(|idx| self.tokens.get(idx))?;
        let minutes = self.touching(at).filter(|next| next.is_figures && next.text.len() == 2)?;
        let value: f64 = minutes.text.parse().ok()?;
        (hours.text == "h" && value < 60.0).then_some((value / 60.0, at + 1))
    }

    /// The cents behind an amount: `3 euros 50`, `thirteen dollars and forty-five cents`.
    fn cents(&self, unit: unit::Unit, at: usize) -> Option<(f64, usize)> {
        let is_small = |name: &str| matches!(name, "cent" | "penny");
        if unit.dimension != "currency" || is_small(unit.name) {
            return None;
        }
        let has_and = self.role(at).is_some_and(|(role, _)| role == Role::And);
        let start = if has_and { at + 1 } else { at };
        let first = self.near(start)?;
        let (value, end) = if first.is_figures {
            (f64::from(first.text.parse::<u8>().ok()?), start + 1)
        } else {
            let spelled = spelled::read(self.tokens, start, 0.0, &self.lexicon.rules)?;
            (spelled.value, spelled.end)
        };
        let found = unit::behind(self.tokens, end, self.lexicon);
        let is_bare = first.is_figures && first.text.len() == 2 && !has_and;
        match found {
            _ if value >= 100.0 => None,
            Some((unit, end)) if is_small(unit.name) => Some((value / 100.0, end)),
            None if is_bare && self.near(end).is_none() => Some((value / 100.0, end)),
            _ => None,
        }
    }

    fn unit_of(&self, number: &Number) -> Option<(unit::Unit, usize)> {
        let is_name = matches!(number.form, Form::Name | Form::Decade | Form::Multiple);
        let (found, end) =
            unit::behind(self.tokens, number.end, self.lexicon).filter(|_| !is_name)?;
        // `le premier mort`, `the first woman`, `the second hour`: only centuries are numbered.
        let is_numbered = number.form != Form::Ordinal
            || matches!(found.name, "century" | "millennium" | "day" | "year" | "week" | "month");
        is_numbered.then_some((found, end))
    }

    /// `-5`, `minus five`; in French `moins` is more often `less`.
    fn is_negative(&self, at: usize, unit: Option<unit::Unit>) -> bool {
        let start = self.tokens[at].span.start;
        let before = self.text.get(..start).unwrap_or_default();
        let bare = before.trim_end_matches(['-', '−']);
        let is_open = bare.is_empty() || bare.ends_with(|c: char| c.is_whitespace() || c == '(');
        if self.tokens[at].is_figures && before.len() > bare.len() && is_open {
            return !before.ends_with("--");
        }
        let is_degree =
            unit.is_some_and(|unit| unit.dimension == "temperature" || unit.name == "degree");
        let word = at.checked_sub(1).map_or("", |before| self.tokens[before].folded.as_str());
        let is_near = self.tokens[at].gap == Gap::Space;
        let is_word = |list| self.lexicon.lists(list, word);
        is_near && (is_word("minus") || is_word("degree-minus") && is_degree)
    }

    fn bound(&self, number: &Number, first: usize, end: usize) -> Bound {
        let around = around::bound(self.tokens, first, end, self.lexicon);
        match (number.bound, around) {
            (Bound::Exact | Bound::About, Some(bound)) => bound,
            (own, _) => own,
        }
    }
}

/// Whether an article counts: `un an` may, `un pour cent` and `un an et demi` surely do.
fn counts(number: &mut Number, extent: &Extent, number_end: usize) -> bool {
    let Some(unit) = extent.unit.filter(|unit| unit.dimension != "any") else { return false };
    let is_more = number.value != 1.0 && extent.end > number_end + 1;
    if unit.dimension == "percent" || is_more {
        number.form = Form::Cardinal;
    }
    true
}
