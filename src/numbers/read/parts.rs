//! Halves, thirds and other parts, and scales behind `of`.

use super::super::lexicon::Role;
use super::super::token::Gap;
use super::super::{Form, spelled, unit};
use super::{Number, Reader};

impl Reader<'_, '_> {
    /// `et demi`, `and a half`, `and a quarter` behind a number.
    pub(super) fn halved(&self, number: Number) -> Number {
        let Some((part, end)) = self.half(number.end) else { return number };
        Number { value: number.value + part * number.scale, end, ..number }
    }

    pub(super) fn half(&self, at: usize) -> Option<(f64, usize)> {
        self.role(at).filter(|(role, _)| *role == Role::And)?;
        let is_article =
            |idx| self.near(idx).is_some_and(|t| self.lexicon.lists("part-article", t.text));
        let idx = if is_article(at + 1) { at + 2 } else { at + 1 };
        let (_, below) = self.role(idx).filter(|(role, _)| *role == Role::Fraction)?;
        let is_half = below == 2.0 && !self.lexicon.lists("half-noun", &self.tokens[idx].folded);
        let is_quarter = below == 4.0 && self.lexicon.rules.and_quarter;
        (is_half || is_quarter || idx == at + 2).then_some((1.0 / below, idx + 1))
    }

    /// `centaines de milliers`, `tens of thousands`.
    pub(super) fn of_scale(&self, number: Number) -> Number {
        let Some((Role::Of, _)) = self.role(number.end) else { return number };
        match self.role(number.end + 1) {
            Some((Role::Plural | Role::Scale, value)) => number.times(value, number.end + 2),
            _ => number,
        }
    }

    /// `moitié`, `un tiers`, `demi-million`, `half a century`; not `quart de finale`, `pays tiers`
    /// or the quarter of a year.
    pub(super) fn fraction(&self, below: f64, at: usize) -> Option<Number> {
        let word = &self.tokens[at];
        let is_half = below == 2.0;
        let next = self.near(at + 1).map_or("", |next| next.folded.as_str());
        let is_of = self.role(at + 1).is_some_and(|(role, _)| role == Role::Of)
            || self.lexicon.lists("part-of", next);
        let is_counted = is_of && self.is_behind("part-lead", at);
        if next.starts_with("final")
            || self.near(at + 2).is_some_and(|t| t.folded.starts_with("final"))
        {
            return None;
        }
        if !is_half && !is_counted && !self.is_million(at + 1) {
            return None;
        }
        let number = Number { form: Form::Fraction, ..Number::new(1.0 / below, at + 1) };
        let is_article = |idx| self.near(idx).is_some_and(|t| matches!(t.text, "a" | "an"));
        let may_skip = self.lexicon.rules.article_behind_half;
        let after = if may_skip && is_article(at + 1) { at + 2 } else { at + 1 };
        let number = match self.role(after) {
            Some((Role::Scale | Role::Collective, value)) => {
                Number { form: Form::Cardinal, ..number.times(value, after + 1) }
            }
            _ if after > at + 1 && unit::behind(self.tokens, after, self.lexicon).is_some() => {
                Number { end: after, ..number }
            }
            _ => number,
        };
        let number = self.of_million(number).unwrap_or(number);
        (word.gap != Gap::Hyphen || is_half).then_some(number)
    }

    /// `un cinquième`, `two thirds` were read as one ordinal number: the last word divides.
    pub(super) fn denominated(&self, number: Number, at: usize) -> Option<Number> {
        let last = &self.tokens[number.end - 1];
        let below = last.word?.value;
        let next = self.near(number.end).map_or("", |next| next.folded.as_str());
        let is_of = self.lexicon.lists("share-of", next);
        let is_plural = self.lexicon.has_ending("plural-ending", &last.folded) && below > 2.0;
        let is_alone = number.end == at + 1;
        if is_alone {
            let is_article = at.checked_sub(1).is_some_and(|idx| self.tokens[idx].folded == "a");
            let is_share =
                is_of && is_article && below > 2.0 && self.lexicon.rules.article_behind_half;
            return is_share.then(|| self.share(1.0, below, number.value, number.end));
        }
        let above = spelled::read(&self.tokens[..number.end - 1], at, 0.0, &self.lexicon.rules)?;
        let is_whole = above.end == number.end - 1;
        let is_one = above.value == 1.0;
        let is_share = is_plural || is_one;
        (is_whole && is_share).then(|| self.share(above.value, below, number.value, number.end))
    }

    pub(super) fn share(&self, above: f64, below: f64, ordinal: f64, end: usize) -> Number {
        let also = if above == 1.0 { below } else { ordinal };
        Number { also: Some(also), form: Form::Fraction, ..Number::new(above / below, end) }
    }

    /// `trois quarts`, `deux tiers`, `three-quarters`, `one half`.
    pub(super) fn parts(&self, number: Number) -> Option<Number> {
        let (role, below) = self.role(number.end)?;
        if role != Role::Fraction || number.value > 20.0 {
            return self.parts_in_ordinals(number);
        }
        let next = self.near(number.end + 2).map_or("", |next| next.folded.as_str());
        let after = self.near(number.end + 1).map_or("", |next| next.folded.as_str());
        let is_round = next.starts_with("final") || after.starts_with("final");
        let is_year_part = after == "of" && number.value > 3.0;
        let is_before_unit = below == 2.0 && number.value > 1.0;
        if is_round || is_year_part || is_before_unit {
            return None;
        }
        let fraction = Number::new(number.value / below, number.end + 1);
        let fraction = Number { form: Form::Fraction, ..fraction };
        match self.role(fraction.end) {
            Some((Role::Scale | Role::Collective, value))
                if below == 2.0 || self.is_million(fraction.end) =>
            {
                Some(Number { form: Form::Cardinal, ..fraction.times(value, fraction.end + 1) })
            }
            _ => Some(self.of_million(fraction).unwrap_or(fraction)),
        }
    }

    /// Whether a million or more stands there: `a quarter million`.
    fn is_million(&self, at: usize) -> bool {
        self.role(at).is_some_and(|(role, value)| role == Role::Scale && value >= 1e6)
    }

    /// `deux tiers de million`, `three quarters of a million`.
    fn of_million(&self, part: Number) -> Option<Number> {
        self.role(part.end).filter(|(role, _)| *role == Role::Of)?;
        let is_article =
            self.near(part.end + 1).is_some_and(|t| self.lexicon.lists("million-article", t.text));
        let at = if is_article { part.end + 2 } else { part.end + 1 };
        let (_, value) = self.role(at).filter(|_| self.is_million(at))?;
        Some(Number { form: Form::Cardinal, ..part.times(value, at + 1) })
    }

    /// `two-thirds`, `trois cinquièmes`.
    pub(super) fn parts_in_ordinals(&self, number: Number) -> Option<Number> {
        let last = self.near(number.end)?;
        let word = last.word.filter(|word| word.ordinal && word.value > 2.0)?;
        let is_plural = self.lexicon.has_ending("plural-ending", &last.folded);
        let is_share = is_plural || number.value == 1.0;
        is_share.then(|| self.share(number.value, word.value, word.value, number.end + 1))
    }
}
