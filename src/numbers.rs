//! Numbers, months and weekdays of French and English text, as values that can be compared.
//!
//! `1.400`, `1 400` and `1,400` are one number, and so are `3,5 milliards` and `3.5 billion`,
//! `trentaine` and `thirty`.

use std::sync::LazyLock;

use regex::Regex;

use crate::article::Span;

/// What a piece of text counts or dates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Number(f64),
    /// 1 to 12.
    Month(u8),
    /// 1, Monday, to 7.
    Weekday(u8),
}

impl Value {
    pub fn kind(self) -> &'static str {
        match self {
            Self::Number(_) => "number",
            Self::Month(_) | Self::Weekday(_) => "date",
        }
    }

    pub fn equals(self, other: Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()),
            _ => self == other,
        }
    }
}

/// A value and where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    pub value: Value,
    pub span: Span,
    /// Written in figures. Figures are compared strictly; words are often used loosely.
    pub in_figures: bool,
}

/// All values in a text, in order.
///
/// Words under the spans `taken` are no numbers: they belong to dates.
pub fn find(text: &str, language: &str, taken: &[Span]) -> Vec<Quantity> {
    if !matches!(language, "fr" | "en") {
        return Vec::new();
    }
    let is_free = |q: &Quantity| {
        taken.iter().all(|span| span.end <= q.span.start || q.span.end <= span.start)
    };
    quantities(text, language).into_iter().filter(is_free).collect()
}

fn quantities(text: &str, language: &str) -> Vec<Quantity> {
    let words = tokens(text, language);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (quantity, n_words) = read(&words[at..], language);
        found.extend(quantity);
        at += n_words.max(1);
    }
    found
}

/// A word or a figure.
struct Token<'t> {
    text: &'t str,
    span: Span,
    word: Word,
}

/// What a word means for the value of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Word {
    Figures(f64),
    /// `deux`, `twelve`.
    Unit(f64),
    /// `vingt`, `forty`.
    Ten(f64),
    /// `cent`, `hundred`.
    Hundred,
    /// `mille`, `million`, `billion`: multiplies what stands before.
    Scale(f64),
    /// `trentaine`, `dozen`.
    Collective(f64),
    /// `et`, `and` between parts of a number.
    And,
    Month(u8),
    Weekday(u8),
    Other,
}

static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    // Figures with separators of thousands (point, comma, thin or hard space, and a plain space
    // before three figures) and a fraction; or letters.
    let pattern = r"\d{1,3}(?:[ \u{a0}\u{202f}\u{2009}]\d{3})+(?:,\d+)?\b|\d+(?:[.,]\d+)*|\p{L}+";
    Regex::new(pattern).expect("the pattern is fixed")
});

fn tokens<'t>(text: &'t str, language: &str) -> Vec<Token<'t>> {
    let token = |m: regex::Match<'t>| Token {
        text: m.as_str(),
        span: Span::new(m.start(), m.end()),
        word: meaning(m.as_str(), language),
    };
    TOKEN.find_iter(text).map(token).collect()
}

fn meaning(text: &str, language: &str) -> Word {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return figures(text, language).map_or(Word::Other, Word::Figures);
    }
    let lower = text.to_lowercase();
    let table = if language == "fr" { &*FRENCH } else { &*ENGLISH };
    if language != "fr" && matches!(lower.as_str(), "may" | "march" | "second") && text == lower {
        return Word::Other;
    }
    table.iter().find(|(word, _)| *word == lower).map_or(Word::Other, |(_, meaning)| *meaning)
}

/// The value of figures. French groups by point or space and has a decimal comma, English the
/// reverse; French text also writes English groups, so a comma before exactly three figures
/// counts as a group when what stands before is no zero.
fn figures(text: &str, language: &str) -> Option<f64> {
    let (group, decimal) = if language == "fr" { ('.', ',') } else { (',', '.') };
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<&str> = plain.split(group).collect();
    let grouped = parts[1..].iter().all(|p| p.split(decimal).next().is_some_and(|d| d.len() == 3));
    if parts.len() > 1 && !grouped {
        // 1.5 in French text, or 3,14 in English: a decimal in the other notation.
        return plain.replace(group, ".").parse().ok();
    }
    parts.concat().replace(decimal, ".").parse().ok()
}

/// Reads one value at the beginning of `words`; returns it and how many words it took.
fn read(words: &[Token], language: &str) -> (Option<Quantity>, usize) {
    let quantity = |value, n: usize, in_figures| Quantity {
        value,
        span: Span::new(words[0].span.start, words[n - 1].span.end),
        in_figures,
    };
    match words[0].word {
        Word::Month(month) => (Some(quantity(Value::Month(month), 1, false)), 1),
        Word::Weekday(day) => (Some(quantity(Value::Weekday(day), 1, false)), 1),
        Word::Collective(n) => {
            let (value, taken) = scaled(n, words, 1);
            (Some(quantity(Value::Number(value), taken, false)), taken)
        }
        Word::Figures(n) => {
            let (value, taken) = scaled(n, words, 1);
            (Some(quantity(Value::Number(value), taken, true)), taken)
        }
        Word::Unit(_) | Word::Ten(_) | Word::Hundred | Word::Scale(_) => {
            let (value, taken) = spelled(words);
            let is_article = taken == 1 && is_article(words[0].text, language);
            let value = (!is_article).then(|| quantity(Value::Number(value), taken, false));
            (value, taken)
        }
        Word::And | Word::Other => (None, 1),
    }
}

/// `un` and `one` count only inside a longer number: alone they are articles.
fn is_article(text: &str, language: &str) -> bool {
    match language {
        "fr" => matches!(text.to_lowercase().as_str(), "un" | "une"),
        _ => text.eq_ignore_ascii_case("one"),
    }
}

/// Applies the scales that follow: `3,5 milliards`, `une centaine de milliers`.
fn scaled(mut value: f64, words: &[Token], mut taken: usize) -> (f64, usize) {
    while let Some(Token { word: Word::Scale(scale), .. }) = words.get(taken) {
        value *= scale;
        taken += 1;
    }
    (value, taken)
}

/// The value of number words: `deux cent trente-quatre mille`, `two hundred and five`.
fn spelled(words: &[Token]) -> (f64, usize) {
    let (mut total, mut group, mut taken) = (0.0, 0.0, 0);
    let mut last = Word::Other;
    for (idx, token) in words.iter().enumerate() {
        match token.word {
            Word::Unit(n) if !matches!(last, Word::Unit(_)) => group += n,
            // quatre-vingts
            Word::Ten(20.0) if last == Word::Unit(4.0) => group += 76.0,
            Word::Ten(n) if !matches!(last, Word::Unit(_) | Word::Ten(_)) => group += n,
            // soixante-dix, quatre-vingt-dix
            Word::Ten(10.0) if matches!(last, Word::Ten(_)) => group += 10.0,
            Word::Hundred => group = if group == 0.0 { 100.0 } else { group * 100.0 },
            Word::Scale(n) => {
                total += if group == 0.0 { n } else { group * n };
                group = 0.0;
            }
            Word::And if idx > 0 && continues(words, idx) => {}
            _ => break,
        }
        if token.word != Word::And {
            last = token.word;
        }
        taken = idx + 1;
    }
    (total + group, taken.max(1))
}

/// `vingt et un`, `two hundred and five`, but not `deux et trois`.
fn continues(words: &[Token], and_idx: usize) -> bool {
    let before = matches!(words[and_idx - 1].word, Word::Ten(_) | Word::Hundred);
    let after = words.get(and_idx + 1).map(|token| token.word);
    before && matches!(after, Some(Word::Unit(_) | Word::Ten(_)))
}

static FRENCH: LazyLock<Vec<(&'static str, Word)>> =
    LazyLock::new(|| table(include_str!("numbers/fr.txt")));
static ENGLISH: LazyLock<Vec<(&'static str, Word)>> =
    LazyLock::new(|| table(include_str!("numbers/en.txt")));

fn table(list: &'static str) -> Vec<(&'static str, Word)> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(head, words)| entries(head, words))
        .collect()
}

/// `unit 2: deux` or `month 1: janvier janv`.
fn entries(head: &'static str, words: &'static str) -> Vec<(&'static str, Word)> {
    let (kind, value) = head.split_once(' ').unwrap_or((head, "0"));
    let value: f64 = value.parse().unwrap_or_default();
    let word = match kind {
        "unit" => Word::Unit(value),
        "ten" => Word::Ten(value),
        "hundred" => Word::Hundred,
        "scale" => Word::Scale(value),
        "collective" => Word::Collective(value),
        "and" => Word::And,
        "month" => Word::Month(value as u8),
        "weekday" => Word::Weekday(value as u8),
        _ => Word::Other,
    };
    words.split_whitespace().map(|w| (w, word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str, language: &str) -> Vec<f64> {
        let number = |q: Quantity| match q.value {
            Value::Number(n) => Some(n),
            _ => None,
        };
        quantities(text, language).into_iter().filter_map(number).collect()
    }

    #[test]
    fn french_figures() {
        assert_eq!(
            numbers("1.400 km, 1 400 hommes, 12,5 % et 2026", "fr"),
            [1400.0, 1400.0, 12.5, 2026.0]
        );
        assert_eq!(numbers("3,5 milliards d'euros", "fr"), [3.5e9]);
    }

    #[test]
    fn english_figures() {
        assert_eq!(numbers("1,400 km, 12.5 percent, $3.5 billion", "en"), [1400.0, 12.5, 3.5e9]);
    }

    #[test]
    fn french_words() {
        assert_eq!(numbers("deux cent trente-quatre mille", "fr"), [234_000.0]);
        assert_eq!(numbers("quatre-vingt-dix-sept", "fr"), [97.0]);
        assert_eq!(numbers("soixante et onze et vingt et un", "fr"), [71.0, 21.0]);
        assert_eq!(numbers("une trentaine de maires, un pont", "fr"), [30.0]);
    }

    #[test]
    fn english_words() {
        assert_eq!(
            numbers("two hundred and five, thirty-two, one dozen", "en"),
            [205.0, 32.0, 12.0]
        );
    }
}
