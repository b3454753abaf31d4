//! The signs that stand for a kept thing while the model works.

use std::sync::LazyLock;

use regex::Regex;

use crate::article::Span;

/// What stands before and behind the number of a placeholder. To use another form, change these
/// two and see that [`SHAPE`] still reads it.
const OPEN: &str = "[[";
const CLOSE: &str = "]]";

/// A placeholder as it was written, or else any number in brackets: models change the kind of
/// brackets, and how many there are. Brackets of the text around a placeholder stay.
static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"\[\[(?<own>\d{1,6})\]\]|[\[({<⟦【［〔]\s?[\[({<⟦【［〔]?\s?(?<like>\d{1,6})\s?[\])}>⟧】］〕]?\s?[\])}>⟧】］〕]";
    Regex::new(pattern).expect("the pattern is fixed")
});

/// The placeholder of a number.
pub fn of(number: usize) -> String {
    format!("{OPEN}{number}{CLOSE}")
}

/// Everything that could be a placeholder, with its number.
pub fn find(text: &str) -> impl Iterator<Item = (usize, Span)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        // `([[1]])`: the form as written wins over the bracket before it.
        let first = SHAPE.captures_at(text, at)?;
        let start = first.get(0)?.start();
        let inner = text.get(start + 1..).filter(|rest| rest.starts_with(OPEN));
        let found = match inner.and_then(|_| SHAPE.captures_at(text, start + 1)) {
            Some(own) if own.name("own").is_some() => own,
            _ => first,
        };
        let whole = found.get(0)?;
        at = whole.end();
        let number = found.name("own").or(found.name("like"))?.as_str().parse().ok()?;
        Some((number, Span::from(whole.range())))
    })
}

/// The first of `n` numbers in a row that the text has nowhere in brackets.
pub fn free_numbers(text: &str, n: usize) -> usize {
    let mut taken: Vec<usize> = find(text).map(|(number, _)| number).collect();
    taken.sort_unstable();
    taken.iter().fold(1, |first, &number| {
        let is_in_the_way = (first..first + n).contains(&number);
        if is_in_the_way { number + 1 } else { first }
    })
}
