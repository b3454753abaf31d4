//! The signs that stand for a kept thing while the model works.

use std::sync::LazyLock;

use regex::Regex;

use crate::article::Span;

/// What stands before and behind the number of a placeholder. To use another form, change these
/// two and see that [`SHAPE`] still reads it.
const OPEN: &str = "[[";
const CLOSE: &str = "]]";

/// Any number in brackets: models change the kind of brackets, and how many there are.
static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"[\[({<⟦【［〔][\s\[({<⟦【［〔]*(\d{1,6})[\s\])}>⟧】］〕]*[\])}>⟧】］〕]";
    Regex::new(pattern).expect("the pattern is fixed")
});

/// The placeholder of a number.
pub fn of(number: usize) -> String {
    format!("{OPEN}{number}{CLOSE}")
}

/// Everything that could be a placeholder, with its number.
pub fn find(text: &str) -> impl Iterator<Item = (usize, Span)> {
    SHAPE.captures_iter(text).filter_map(|found| {
        let (whole, number) = (found.get(0)?, found.get(1)?);
        Some((number.as_str().parse().ok()?, Span::from(whole.range())))
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
