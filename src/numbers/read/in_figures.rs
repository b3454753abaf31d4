//! Numbers that begin with figures.

use super::super::figures;
use super::super::lexicon::Role;
use super::super::token::{Gap, Token};
use super::super::{Form, unit};
use super::{Number, Reader};

impl Reader<'_, '_> {
    /// A number that begins with figures.
    pub(super) fn figures(&self, at: usize) -> Option<Number> {
        let (value, also) = figures::value(self.tokens[at].text, self.lexicon.rules.decimal_comma)?;
        let mut number = Number { also, ..Number::new(value, at + 1) };
        if let Some(form) = self.suffix(at, value) {
            return Some(form);
        }
        if let Some(fraction) = self.slashed(at) {
            return Some(fraction);
        }
        if let Some(part) = self.tokens.get(at + 1).and_then(|next| figures::vulgar(next.text)) {
            number.value += part;
            number.end += 1;
        } else if let Some(part) = self.near(at + 1).and_then(|_| self.slashed(at + 1)) {
            number = Number::new(value + part.value, part.end);
        }
        number = self.scaled(number, at);
        if self.is_in_name(at, number.end) {
            number.form = Form::Name;
        }
        Some(number)
    }

    /// `3e`, `21st`, `1980s`, `années 80`.
    pub(super) fn suffix(&self, at: usize, value: f64) -> Option<Number> {
        let is_round = value % 10.0 == 0.0 && (value < 100.0 || (1000.0..2100.0).contains(&value));
        let next = self.tokens.get(at + 1).filter(|next| {
            matches!(next.gap, Gap::Nothing | Gap::Apostrophe) && next.text.len() <= 5
        });
        let suffix = next.map_or("", |next| next.text);
        let decade = Number { form: Form::Decade, ..Number::new(value, at + 1) };
        if is_round && self.is_behind("decade-lead", at) {
            return Some(decade);
        }
        if is_round && self.lexicon.lists("decade-suffix", suffix) {
            return Some(Number { end: at + 2, ..decade });
        }
        let next = self.touching(at + 1)?;
        let is_ordinal = self.lexicon.lists("ordinal-suffix", &next.folded.to_lowercase());
        is_ordinal.then(|| Number { form: Form::Ordinal, ..Number::new(value, at + 2) })
    }

    /// `1/4`, but not the day `11/9` or the week `24/7`.
    pub(super) fn slashed(&self, at: usize) -> Option<Number> {
        let (above, sign, below) =
            (self.tokens.get(at)?, self.touching(at + 1)?, self.touching(at + 2)?);
        if !above.is_figures || sign.text != "/" || !below.is_figures || above.text.len() > 2 {
            return None;
        }
        let is_longer = self.touching(at + 3).is_some_and(|token| token.text == "/");
        let (above, below): (f64, f64) = (above.text.parse().ok()?, below.text.parse().ok()?);
        let is_fraction = above < below && matches!(below as u32, 2..=8 | 10 | 16 | 20 | 100);
        let number = Number { form: Form::Fraction, ..Number::new(above / below, at + 3) };
        (is_fraction && !is_longer).then_some(number)
    }

    /// The scales behind figures: `3,5 milliards`, `5 M€`, `$3.5bn`, `2 and a half million`.
    pub(super) fn scaled(&self, number: Number, at: usize) -> Number {
        let mut number = self.halved(number);
        while let Some((role, value)) = self.role(number.end) {
            let is_scale = matches!(role, Role::Scale | Role::Plural);
            let is_count = matches!(role, Role::Collective | Role::Collectives);
            let is_hundred = role == Role::Hundred && self.lexicon.rules.figures_before_hundred;
            if !(is_scale || is_count || is_hundred) {
                break;
            }
            number = number.times(value, number.end + 1);
            number = self.of_scale(number);
            number = self.rest_of_thousands(number, value);
        }
        if let Some(scale) = self.abbreviation(number.end, at) {
            number = number.times(scale, number.end + 1);
        }
        self.halved(number)
    }

    /// `5 mille 352`.
    pub(super) fn rest_of_thousands(&self, number: Number, scale: f64) -> Number {
        let next = self.near(number.end).filter(|next| next.is_figures && next.text.len() == 3);
        let rest = next.and_then(|next| next.text.parse::<f64>().ok()).filter(|rest| *rest < scale);
        match rest.filter(|_| scale == 1000.0 && self.lexicon.rules.figures_behind_thousand) {
            Some(rest) => Number { value: number.value + rest, end: number.end + 1, ..number },
            None => number,
        }
    }

    /// `k`, `M` and `m` are scales only right behind figures or beside a currency.
    pub(super) fn abbreviation(&self, idx: usize, at: usize) -> Option<f64> {
        let token = self.near(idx).filter(|token| token.gap != Gap::Hyphen)?;
        let is_money = unit::before(self.tokens, at, self.lexicon).is_some();
        let is_before_money = self.tokens.get(idx + 1).is_some_and(|next| {
            let is_near = matches!(next.gap, Gap::Nothing | Gap::Space);
            is_near
                && self
                    .lexicon
                    .units
                    .get(&next.folded)
                    .is_some_and(|unit| unit.dimension == "currency")
        });
        let is_touching = token.gap == Gap::Nothing;
        match token.text {
            "k" | "K" if is_touching || is_money || is_before_money => Some(1e3),
            "M" if is_touching || is_money || is_before_money => Some(1e6),
            "m" if is_money => Some(1e6),
            "b" | "B" if is_money => Some(1e9),
            _ => None,
        }
    }

    /// `A320`, `G7`, `Covid-19`, `5G`, `4x4`.
    pub(super) fn is_in_name(&self, at: usize, end: usize) -> bool {
        let before = at.checked_sub(1).map(|before| &self.tokens[before]);
        let is_word = |token: &&Token| token.text.chars().all(char::is_alphabetic);
        if let Some(word) = before.filter(is_word) {
            let is_money = unit::before(self.tokens, at, self.lexicon).is_some();
            let gap = self.tokens[at].gap;
            let is_capital = word.text.starts_with(char::is_uppercase);
            let is_joined = gap == Gap::Hyphen && is_capital && word.word.is_none();
            if !is_money && (gap == Gap::Nothing || is_joined) {
                return true;
            }
        }
        let letters = self.touching(end).filter(is_word);
        letters.is_some_and(|_| unit::behind(self.tokens, end, self.lexicon).is_none())
    }
}
