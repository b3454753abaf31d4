//! Numbers that begin with a word.

use super::super::lexicon::Role;
use super::super::token::{Gap, Token};
use super::super::{Bound, Form, figures, spelled};
use super::{Number, Reader};

impl Reader<'_, '_> {
    /// A number that begins with a word.
    pub(super) fn words(&self, at: usize) -> Option<Number> {
        if let Some(part) = figures::vulgar(self.tokens[at].text) {
            return Some(Number { form: Form::Fraction, ..Number::new(part, at + 1) });
        }
        let Some(word) = self.tokens[at].word else { return self.roman(at) };
        match word.role {
            Role::Collective | Role::Collectives | Role::Plural => {
                (!self.is_quarantine(at)).then(|| self.magnitude(word.role, word.value, at))
            }
            Role::Fraction => self.fraction(word.value, at),
            Role::Multiple => {
                Some(Number { form: Form::Multiple, ..Number::new(word.value, at + 1) })
            }
            Role::Decade => Some(Number { form: Form::Decade, ..Number::new(word.value, at + 1) }),
            Role::Unit | Role::Ten | Role::Hundred | Role::Scale => self.spelled(at),
            _ => None,
        }
    }

    /// `des dizaines`, `une trentaine`, `hundreds of thousands`, `a dozen`.
    pub(super) fn magnitude(&self, role: Role, value: f64, at: usize) -> Number {
        // `des dizaine` is a slip of the pen.
        let before = at.checked_sub(1).map_or("", |idx| self.tokens[idx].folded.as_str());
        let is_few = self.is_after_some(at) || before == "des";
        let bound =
            if role == Role::Collective && !is_few { Bound::About } else { Bound::Magnitude };
        let number = Number { bound, scale: value, ..Number::new(value, at + 1) };
        let number = match self.role(at + 1) {
            Some((Role::Scale, scale)) => number.times(scale, at + 2),
            _ => number,
        };
        self.of_scale(number)
    }

    /// `en quarantaine`, `la quarantaine` are a time apart, `une quarantaine` is forty.
    pub(super) fn is_quarantine(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |idx| self.tokens[idx].folded.as_str());
        let is_apart = matches!(before, "en" | "de" | "la" | "sa" | "leur" | "cette");
        self.tokens[at].folded == "quarantaine" && is_apart
    }

    /// `plusieurs centaines`, `several hundred`, `a few thousand`.
    pub(super) fn is_after_some(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.tokens[before].word);
        before.is_some_and(|word| word.role == Role::Some) && self.tokens[at].gap != Gap::Break
    }

    /// A number in words, with what may follow: a fraction, a scale, a half.
    pub(super) fn spelled(&self, at: usize) -> Option<Number> {
        let spelled = spelled::read(self.tokens, at, 0.0, &self.lexicon.rules)?;
        let mut number = Number { scale: spelled.scale, ..Number::new(spelled.value, spelled.end) };
        if spelled.ordinal {
            number.form = Form::Ordinal;
            return Some(self.denominated(number, at).unwrap_or(number));
        }
        let is_scale_word = spelled.end == at + 1 && self.role_is_scale(at);
        if is_scale_word && self.is_after_some(at) {
            number.bound = Bound::Magnitude;
        }
        if let Some(fraction) = self.parts(number) {
            return Some(fraction);
        }
        number = self.halved(self.pointed(number));
        number = self.halved(self.multiplied(number));
        let is_article = number.end == at + 1 && number.value == 1.0;
        if is_article {
            number.form = Form::Article;
        }
        Some(self.of_decade(number, at))
    }

    /// `two and a half million`, `deux douzaines`.
    fn multiplied(&self, mut number: Number) -> Number {
        let counted = number.value;
        while let Some((Role::Scale | Role::Plural | Role::Collective | Role::Collectives, value)) =
            self.role(number.end)
        {
            number = self.of_scale(number.times(value, number.end + 1));
            // `two dozen` is as loose as `a dozen`, but `deux douzaines` counts eggs.
            if value <= 100.0 && (counted == 1.0 || self.lexicon.rules.loose_dozens) {
                number.bound = Bound::About;
            }
        }
        number
    }

    pub(super) fn role_is_scale(&self, at: usize) -> bool {
        matches!(self.tokens[at].word, Some(word) if matches!(word.role, Role::Hundred | Role::Scale))
    }

    /// `années quatre-vingt`.
    pub(super) fn of_decade(&self, mut number: Number, at: usize) -> Number {
        if number.value % 10.0 == 0.0 && self.is_behind("decade-lead", at) {
            number.form = Form::Decade;
        }
        number
    }

    /// `two point five`, `deux virgule cinq`.
    pub(super) fn pointed(&self, number: Number) -> Number {
        let is_sign = |token: &Token| self.lexicon.lists("decimal-word", &token.folded);
        if !self.near(number.end).is_some_and(is_sign) {
            return number;
        }
        let (mut part, mut end, mut worth) = (0.0, number.end + 1, 1.0);
        if let Some((Role::Ten, _)) = self.role(end) {
            // `two point seventy-one`
            let tail = spelled::read(self.tokens, end, 0.0, &self.lexicon.rules);
            (part, end) = tail.map_or((0.0, end), |tail| (tail.value / 100.0, tail.end));
        }
        while let Some((Role::Unit, value)) =
            self.role(end).filter(|(_, v)| part == 0.0 || worth < 1.0 && *v < 10.0)
        {
            worth /= 10.0;
            part += value * worth;
            end += 1;
        }
        if end == number.end + 1 {
            return number;
        }
        Number { value: number.value + part, end, ..number }
    }

    /// `XIXe`, `Louis XIV`, `World War II`.
    pub(super) fn roman(&self, at: usize) -> Option<Number> {
        let text = self.tokens[at].text;
        let n_capitals = text.bytes().take_while(|b| matches!(b, b'I' | b'V' | b'X')).count();
        let (numeral, suffix) = text.split_at_checked(n_capitals)?;
        let is_ordinal = !suffix.is_empty();
        if numeral.is_empty() {
            return None;
        }
        if is_ordinal
            && !(self.lexicon.lists("roman-suffix", suffix) && (suffix != "er" || numeral == "I"))
        {
            return None;
        }
        let value = f64::from(figures::roman(numeral).filter(|value| *value < 40)?);
        let touches = self.touching(at).is_some() || self.touching(at + 1).is_some();
        let is_single = numeral.len() < 2 && !is_ordinal;
        let is_century =
            self.near(at + 1).is_some_and(|t| self.lexicon.lists("century", &t.folded))
                || self.is_behind("century-lead", at);
        if is_single && !is_century || touches {
            return None;
        }
        let form = if is_ordinal || is_century { Form::Ordinal } else { Form::Name };
        Some(Number { form, ..Number::new(value, at + 1) })
    }
}
