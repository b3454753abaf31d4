//! One number after the other, from figures, words or both, with its unit.

use super::figures;
use super::lexicon::{Lexicon, Role};
use super::spelled;
use super::token::{Gap, Token};
use super::{Bound, Form, Quantity, around, unit};
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

    fn role(&self, idx: usize) -> Option<(Role, f64)> {
        self.near(idx).and_then(|token| token.word).map(|word| (word.role, word.value))
    }

    /// The token at `idx`, where nothing at all stands before it.
    fn touching(&self, idx: usize) -> Option<&Token<'t>> {
        self.tokens.get(idx).filter(|token| token.gap == Gap::Nothing)
    }

    /// A number that begins with figures.
    fn figures(&self, at: usize) -> Option<Number> {
        let (value, also) = figures::value(self.tokens[at].text, self.lexicon.is_french)?;
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
    fn suffix(&self, at: usize, value: f64) -> Option<Number> {
        let is_round = value % 10.0 == 0.0 && (value < 100.0 || (1000.0..2100.0).contains(&value));
        let next = self.tokens.get(at + 1).filter(|next| {
            matches!(next.gap, Gap::Nothing | Gap::Apostrophe) && next.text.len() <= 5
        });
        let suffix = next.map_or("", |next| next.text);
        let decade = Number { form: Form::Decade, ..Number::new(value, at + 1) };
        if self.lexicon.is_french {
            let before = at.checked_sub(1).map(|before| &self.tokens[before]);
            let is_decade = before.is_some_and(|token| token.folded == "annees") && is_round;
            if is_decade {
                return Some(decade);
            }
        } else if is_round && suffix == "s" {
            return Some(Number { end: at + 2, ..decade });
        }
        let next = self.touching(at + 1)?;
        let is_ordinal = self.lexicon.lists("ordinal-suffix", &next.folded.to_lowercase());
        is_ordinal.then(|| Number { form: Form::Ordinal, ..Number::new(value, at + 2) })
    }

    /// `1/4`, but not the day `11/9` or the week `24/7`.
    fn slashed(&self, at: usize) -> Option<Number> {
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
    fn scaled(&self, number: Number, at: usize) -> Number {
        let mut number = self.halved(number);
        while let Some((role, value)) = self.role(number.end) {
            let is_scale = matches!(role, Role::Scale | Role::Plural);
            let is_count = matches!(role, Role::Collective | Role::Collectives);
            let is_hundred = role == Role::Hundred && !self.lexicon.is_french;
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
    fn rest_of_thousands(&self, number: Number, scale: f64) -> Number {
        let next = self.near(number.end).filter(|next| next.is_figures && next.text.len() == 3);
        let rest = next.and_then(|next| next.text.parse::<f64>().ok()).filter(|rest| *rest < scale);
        match rest.filter(|_| scale == 1000.0 && self.lexicon.is_french) {
            Some(rest) => Number { value: number.value + rest, end: number.end + 1, ..number },
            None => number,
        }
    }

    /// `k`, `M` and `m` are scales only right behind figures or beside a currency.
    fn abbreviation(&self, idx: usize, at: usize) -> Option<f64> {
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

    /// `et demi`, `and a half`, `and a quarter` behind a number.
    fn halved(&self, number: Number) -> Number {
        let Some((part, end)) = self.half(number.end) else { return number };
        Number { value: number.value + part * number.scale, end, ..number }
    }

    fn half(&self, at: usize) -> Option<(f64, usize)> {
        let and = self.role(at).filter(|(role, _)| *role == Role::And)?;
        let _ = and;
        let is_article = |idx| self.near(idx).is_some_and(|t| matches!(t.text, "a" | "un" | "one"));
        let idx = if is_article(at + 1) { at + 2 } else { at + 1 };
        let (_, below) = self.role(idx).filter(|(role, _)| *role == Role::Fraction)?;
        let is_half = below == 2.0 && !self.tokens[idx].folded.starts_with("moiti");
        let is_quarter = below == 4.0 && self.lexicon.is_french;
        (is_half || is_quarter || idx == at + 2).then_some((1.0 / below, idx + 1))
    }

    /// `centaines de milliers`, `tens of thousands`.
    fn of_scale(&self, number: Number) -> Number {
        let Some((Role::Of, _)) = self.role(number.end) else { return number };
        match self.role(number.end + 1) {
            Some((Role::Plural | Role::Scale, value)) => number.times(value, number.end + 2),
            _ => number,
        }
    }

    /// `A320`, `G7`, `Covid-19`, `5G`, `4x4`.
    fn is_in_name(&self, at: usize, end: usize) -> bool {
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

    /// A number that begins with a word.
    fn words(&self, at: usize) -> Option<Number> {
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
    fn magnitude(&self, role: Role, value: f64, at: usize) -> Number {
        let is_few = self.is_after_some(at);
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
    fn is_quarantine(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |idx| self.tokens[idx].folded.as_str());
        let is_apart = matches!(before, "en" | "de" | "la" | "sa" | "leur" | "cette");
        self.tokens[at].folded == "quarantaine" && is_apart
    }

    /// `plusieurs centaines`, `several hundred`, `a few thousand`.
    fn is_after_some(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.tokens[before].word);
        before.is_some_and(|word| word.role == Role::Some) && self.tokens[at].gap != Gap::Break
    }

    /// `moitié`, `un tiers`, `demi-million`, `half a century`; not `quart de finale`, `pays tiers`
    /// or the quarter of a year.
    fn fraction(&self, below: f64, at: usize) -> Option<Number> {
        let word = &self.tokens[at];
        let is_half = below == 2.0;
        let next = self.near(at + 1).map_or("", |next| next.folded.as_str());
        let is_of = self.role(at + 1).is_some_and(|(role, _)| role == Role::Of)
            || next == "des"
            || next == "du";
        let before = at.checked_sub(1).map_or("", |idx| self.tokens[idx].folded.as_str());
        let is_counted =
            matches!(before, "un" | "one" | "a" | "le" | "les" | "the" | "du") && is_of;
        if next.starts_with("final")
            || self.near(at + 2).is_some_and(|t| t.folded.starts_with("final"))
        {
            return None;
        }
        if !is_half && !is_counted {
            return None;
        }
        let number = Number { form: Form::Fraction, ..Number::new(1.0 / below, at + 1) };
        let is_article = |idx| self.near(idx).is_some_and(|t| matches!(t.text, "a" | "an"));
        let after = if is_article(at + 1) && !self.lexicon.is_french { at + 2 } else { at + 1 };
        let number = match self.role(after) {
            Some((Role::Scale | Role::Collective, value)) => {
                Number { form: Form::Cardinal, ..number.times(value, after + 1) }
            }
            _ if after > at + 1 && unit::behind(self.tokens, after, self.lexicon).is_some() => {
                Number { end: after, ..number }
            }
            _ => number,
        };
        (word.gap != Gap::Hyphen || is_half).then_some(number)
    }

    /// A number in words, with what may follow: a fraction, a scale, a half.
    fn spelled(&self, at: usize) -> Option<Number> {
        let spelled = spelled::read(self.tokens, at, 0.0, self.lexicon.is_french)?;
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
        number = self.pointed(number);
        number = self.halved(number);
        while let Some((Role::Scale | Role::Plural | Role::Collective | Role::Collectives, value)) =
            self.role(number.end)
        {
            let is_about = value <= 100.0 && (spelled.value == 1.0 || !self.lexicon.is_french);
            number = number.times(value, number.end + 1);
            number = self.of_scale(number);
            if is_about {
                number.bound = Bound::About;
            }
        }
        number = self.halved(number);
        let is_article = number.end == at + 1 && number.value == 1.0;
        if is_article {
            number.form = Form::Article;
        }
        Some(self.of_decade(number, at))
    }

    fn role_is_scale(&self, at: usize) -> bool {
        matches!(self.tokens[at].word, Some(word) if matches!(word.role, Role::Hundred | Role::Scale))
    }

    /// `années quatre-vingt`.
    fn of_decade(&self, mut number: Number, at: usize) -> Number {
        let before = at.checked_sub(1).map_or("", |idx| self.tokens[idx].folded.as_str());
        if before == "annees" && number.value % 10.0 == 0.0 && self.lexicon.is_french {
            number.form = Form::Decade;
        }
        number
    }

    /// `un cinquième`, `two thirds` were read as one ordinal number: the last word divides.
    fn denominated(&self, number: Number, at: usize) -> Option<Number> {
        let last = &self.tokens[number.end - 1];
        let below = last.word?.value;
        let next = self.near(number.end).map_or("", |next| next.folded.as_str());
        let is_of = matches!(next, "of" | "de" | "d" | "des" | "du");
        let is_plural = last.folded.ends_with('s') && below > 2.0;
        let is_alone = number.end == at + 1;
        if is_alone {
            let is_article = at.checked_sub(1).is_some_and(|idx| self.tokens[idx].folded == "a");
            let is_share = is_of && is_article && below > 2.0 && !self.lexicon.is_french;
            return is_share.then(|| self.share(1.0, below, number.value, number.end));
        }
        let above = spelled::read(&self.tokens[..number.end - 1], at, 0.0, self.lexicon.is_french)?;
        let is_whole = above.end == number.end - 1;
        let is_one = above.value == 1.0;
        let is_share = is_plural || is_one;
        (is_whole && is_share).then(|| self.share(above.value, below, number.value, number.end))
    }

    fn share(&self, above: f64, below: f64, ordinal: f64, end: usize) -> Number {
        let also = if above == 1.0 { below } else { ordinal };
        Number { also: Some(also), form: Form::Fraction, ..Number::new(above / below, end) }
    }

    /// `trois quarts`, `deux tiers`, `three-quarters`, `one half`.
    fn parts(&self, number: Number) -> Option<Number> {
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
            Some((Role::Scale | Role::Collective, value)) if below == 2.0 => {
                Some(Number { form: Form::Cardinal, ..fraction.times(value, fraction.end + 1) })
            }
            _ => Some(fraction),
        }
    }

    /// `two-thirds`, `trois cinquièmes`.
    fn parts_in_ordinals(&self, number: Number) -> Option<Number> {
        let last = self.near(number.end)?;
        let word = last.word.filter(|word| word.ordinal && word.value > 2.0)?;
        let is_share = last.folded.ends_with('s') || number.value == 1.0;
        is_share.then(|| self.share(number.value, word.value, word.value, number.end + 1))
    }

    /// `two point five`, `deux virgule cinq`.
    fn pointed(&self, number: Number) -> Number {
        let sign = if self.lexicon.is_french { "virgule" } else { "point" };
        if self.near(number.end).is_none_or(|token| token.folded != sign) {
            return number;
        }
        let (mut part, mut end, mut worth) = (0.0, number.end + 1, 1.0);
        if let Some((Role::Ten, _)) = self.role(end) {
            // `two point seventy-one`
            let tail = spelled::read(self.tokens, end, 0.0, self.lexicon.is_french);
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
    fn roman(&self, at: usize) -> Option<Number> {
        let text = self.tokens[at].text;
        let n_capitals = text.bytes().take_while(|b| matches!(b, b'I' | b'V' | b'X')).count();
        let (numeral, suffix) = text.split_at_checked(n_capitals)?;
        let is_ordinal = !suffix.is_empty();
        if is_ordinal
            && !(self.lexicon.lists("roman-suffix", suffix) && (suffix != "er" || numeral == "I"))
        {
            return None;
        }
        let value = f64::from(figures::roman(numeral).filter(|value| *value < 40)?);
        let touches = self.touching(at).is_some() || self.touching(at + 1).is_some();
        let is_single = numeral.len() < 2 && !is_ordinal;
        let is_century = self
            .near(at + 1)
            .is_some_and(|t| matches!(t.folded.as_str(), "siecle" | "siecles" | "century"));
        if is_single && !is_century || touches {
            return None;
        }
        let form = if is_ordinal || is_century { Form::Ordinal } else { Form::Name };
        Some(Number { form, ..Number::new(value, at + 1) })
    }

    /// The number with its unit, sign and bound. An article that counts nothing is no number.
    /// Also returns the token after all that was read.
    fn complete(&self, mut number: Number, at: usize) -> (Option<Found>, usize) {
        let in_figures = self.tokens[at].is_figures;
        let sign = if in_figures { unit::before(self.tokens, at, self.lexicon) } else { None };
        let behind = self.unit_of(&number);
        let (mut first, mut end) = (at, number.end);
        let number_end = end;
        let mut unit = None;
        if let Some((found, after)) = behind {
            (unit, end) = (Some(found), after);
            if let Some((part, after)) = self.minutes(after) {
                number.value += part;
                end = after;
            }
            let is_time = number.value <= 20.0 && !matches!(number.form, Form::Ordinal);
            if let Some((part, after)) = self.half(after).filter(|_| is_time) {
                number.value += part;
                end = after;
            }
        }
        if let Some((found, before)) =
            sign.filter(|_| unit.is_none_or(|u| u.dimension != "currency"))
        {
            (unit, first, end) = (Some(found), before, number_end);
        }
        if number.form == Form::Article
            && (unit.is_none() || unit.is_some_and(|u| u.dimension == "any"))
        {
            return (None, number.end);
        }
        if number.form == Form::Article && unit.is_some_and(|u| u.dimension == "percent")
            || end > number_end + 1 && number.value != 1.0 && number.form == Form::Article
        {
            number.form = Form::Cardinal;
        }
        if self.is_negative(at, unit) {
            number.value = -number.value;
        }
        let bound = self.bound(&number, first, end);
        let span = |from: usize, to: usize| {
            Span::new(self.tokens[from].span.start, self.tokens[to - 1].span.end)
        };
        let (also, form) = (number.also, number.form);
        let quantity = Quantity {
            value: number.value,
            also,
            form,
            bound,
            unit,
            in_figures,
            number: span(at, number_end),
            span: span(first, end),
        };
        (Some(Found { quantity, scale: number.scale }), end)
    }

    /// The half of `5h30`, behind its `h`.
    fn minutes(&self, at: usize) -> Option<(f64, usize)> {
        let hours = at.checked_sub(1).and_then(|idx| self.tokens.get(idx))?;
        let minutes = self.touching(at).filter(|next| next.is_figures && next.text.len() == 2)?;
        let value: f64 = minutes.text.parse().ok()?;
        (hours.text == "h" && value < 60.0).then_some((value / 60.0, at + 1))
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
        is_near && (matches!(word, "minus" | "negative") || word == "moins" && is_degree)
    }

    fn bound(&self, number: &Number, first: usize, end: usize) -> Bound {
        let around = around::bound(self.tokens, first, end, self.lexicon);
        match (number.bound, around) {
            (Bound::Exact | Bound::About, Some(bound)) => bound,
            (own, _) => own,
        }
    }
}
