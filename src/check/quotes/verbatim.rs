//! Quotations of one language: the words must be those of the source.

use std::collections::HashSet;

use super::marks::Quote;
use super::speakers::LISTS;
use super::{Both, shorten};
use crate::check::{Finding, Side};

/// Words of a quotation that must be in its counterpart.
pub const SAME: f64 = 0.85;

pub fn compare(both: &Both) -> Vec<Finding> {
    both.told.quotes.iter().filter_map(|quote| judge(quote, both)).collect()
}

/// The words must be those of a quotation of the source, or at least of its text.
fn judge(quote: &Quote, both: &Both) -> Option<Finding> {
    let (source, said) = (both.source, both.said);
    let best = said.quotes.iter().map(|s| (share(&quote.words, &s.words), s));
    let best = best.max_by(|a, b| a.0.total_cmp(&b.0));
    let shown = shorten(quote.span.of(both.target.text));
    if let Some((_, counterpart)) = best.filter(|(share, _)| *share >= SAME) {
        return turned(quote, counterpart, source).map(|finding| finding.in_target(quote.span));
    }
    let known = quote.words.iter().filter(|word| source.names.has_word(word)).count();
    let is_said = known as f64 >= SAME * quote.words.len() as f64;
    let message = if is_said {
        format!("“{shown}” is no quotation in the source")
    } else {
        format!("“{shown}” is not what the source quotes")
    };
    let is_sure = quote.is_statement() && !is_said && !said.is_unbalanced;
    let finding = match (is_sure, quote.is_statement() || !is_said) {
        (true, _) => Finding::error("quote", message),
        (_, true) => Finding::warning("quote", message),
        _ => return None,
    };
    Some(finding.in_target(quote.span))
}

/// How many of the words are among the others.
pub fn share(words: &[String], others: &[String]) -> f64 {
    let others: HashSet<&String> = others.iter().collect();
    words.iter().filter(|word| others.contains(word)).count() as f64 / words.len().max(1) as f64
}

/// A quotation that was cut where the rest turns its sense.
fn turned(quote: &Quote, counterpart: &Quote, source: &Side) -> Option<Finding> {
    let starts = counterpart.words.windows(quote.words.len().max(1));
    let at = starts.into_iter().position(|window| window == quote.words)?;
    let rest = counterpart.words[..at].iter().rev().take(3);
    let rest = rest.chain(counterpart.words[at + quote.words.len()..].iter().take(2));
    let turn = rest.into_iter().find(|word| LISTS.has(source.lang, "turn", word))?;
    let words = shorten(counterpart.span.of(source.text));
    let message = format!("the quotation “{words}” is cut at `{turn}`");
    Some(Finding::warning("quote", message).in_source(counterpart.span))
}
