//! What is wrong with the numbers of one text by themselves.

use std::sync::LazyLock;

use super::{Severity, Side};
use crate::article::Span;
use crate::check::{Finding, Lists};
use crate::numbers::{Bound, Form, Quantity};

const KIND: &str = "arithmetic";

static WORDS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("whole.txt")));

/// Shares of one vote above the whole, and parts that are more than their total.
pub fn alone(text: &Side) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut next = 0;
    for sentence in &text.sentences {
        let numbers = text.numbers.get(next..).unwrap_or_default();
        let n_here = numbers.iter().take_while(|q| q.span.start < sentence.end).count();
        let numbers = numbers.get(..n_here).unwrap_or_default();
        next += n_here;
        findings.extend(shares(text, *sentence, numbers));
        findings.extend(parts(text, *sentence, numbers));
    }
    findings
}

fn warning(message: String, span: Span) -> Finding {
    Finding { severity: Severity::Warning, ..Finding::error(KIND, message) }.in_source(span)
}

/// `A obtient 60 % des voix, B 55 %`: more than all votes.
fn shares(text: &Side, sentence: Span, numbers: &[Quantity]) -> Option<Finding> {
    let words = sentence.of(text.text).to_lowercase();
    let has = |list| WORDS.get(text.lang, list).iter().any(|word| words.contains(word));
    if !has("vote") || has("compared") {
        return None;
    }
    let is_share = |q: &&Quantity| {
        q.unit.is_some_and(|unit| unit.name == "percent") && q.bound == Bound::Exact
    };
    let shares: Vec<&Quantity> = numbers.iter().filter(is_share).collect();
    let total: f64 = shares.iter().map(|q| q.value).sum();
    let (first, last) = (shares.first()?, shares.last()?);
    let is_above = shares.len() > 1 && total > 101.0;
    let span = Span::new(first.span.start, last.span.end);
    is_above.then(|| warning(format!("the shares add up to {} %", total.round()), span))
}

/// `12 morts, dont 5 femmes, 4 hommes et 4 enfants`: thirteen parts of twelve.
fn parts(text: &Side, sentence: Span, numbers: &[Quantity]) -> Option<Finding> {
    let idx = numbers.iter().position(|q| follows_total(text, sentence, q))?;
    let total = numbers.get(idx.checked_sub(1)?).filter(|q| is_count(q))?;
    let mut parts = vec![&numbers[idx]];
    for pair in numbers.get(idx..)?.windows(2) {
        if !is_list(text, &pair[0], &pair[1]) || !is_count(&pair[1]) {
            break;
        }
        parts.push(&pair[1]);
    }
    let sum: f64 = parts.iter().map(|q| q.value).sum();
    let span = Span::new(total.span.start, parts.last()?.span.end);
    let is_more = parts.len() > 1 && sum > total.value && total.bound == Bound::Exact;
    is_more.then(|| warning(format!("the parts add up to {sum}, not to {}", total.value), span))
}

fn is_count(quantity: &Quantity) -> bool {
    let is_people = quantity.unit.is_none_or(|unit| matches!(unit.dimension, "people" | "gender"));
    matches!(quantity.form, Form::Cardinal | Form::Article) && is_people
}

/// Whether `dont`, `including` stands right before a number.
fn follows_total(text: &Side, sentence: Span, quantity: &Quantity) -> bool {
    let before = text.text.get(sentence.start..quantity.span.start).unwrap_or_default();
    let before = before.trim_end().to_lowercase();
    is_count(quantity) && WORDS.has_ending(text.lang, "parts", &before)
}

/// `5 femmes, 4 hommes`: a noun or two and a comma or `et` between two numbers.
fn is_list(text: &Side, one: &Quantity, other: &Quantity) -> bool {
    let between = text.text.get(one.number.end..other.number.start).unwrap_or_default();
    let words = between.split_whitespace().count();
    let last = between.split_whitespace().next_back().unwrap_or_default();
    let is_joined = last.ends_with(',') || WORDS.has(text.lang, "and", last);
    is_joined && words <= 4 && !between.contains(['.', ';', '(', ')', ':'])
}
