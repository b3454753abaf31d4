//! Quotations of two languages: their number, their length, and the figures and names in them.

use super::marks::Quote;
use super::speakers::LISTS;
use super::{Both, shorten};
use crate::check::names::Trust;
use crate::check::{Finding, Relation};

/// All quotations of the target together have at most so many words for each one of the source.
const MAX_RATIO: f64 = 1.8;
/// Of short quotations the ratio says little.
const MARGIN_WORDS: f64 = 4.0;
/// A quotation with a smaller share of the words of its counterpart was cut.
const CUT_RATIO: f64 = 0.65;

pub fn compare(both: &Both) -> Vec<Finding> {
    let mut findings: Vec<Finding> = invented(both).collect();
    if both.relation == Relation::Translation {
        findings.extend(lost(both));
        findings.extend(longer(both));
        findings.extend(cut(both));
    }
    findings.extend(both.told.quotes.iter().filter_map(|quote| strange(quote, both)));
    findings
}

/// Quotations of the target where the source has none to match.
fn invented<'b>(both: &'b Both) -> impl Iterator<Item = Finding> + 'b {
    let (said, told) = (&both.said.quotes, &both.told.quotes);
    let n_matched = statements(said).count().max(said.len());
    let extra = statements(told).skip(n_matched).filter(|_| told.len() > said.len());
    extra.map(|quote| {
        let shown = shorten(quote.span.of(both.target.text));
        Finding::warning("quote", format!("“{shown}” is no quotation in the source"))
            .in_target(quote.span)
    })
}

/// Statements between marks that the target tells as facts.
fn lost<'b>(both: &'b Both) -> impl Iterator<Item = Finding> + 'b {
    statements(&both.said.quotes).filter(|_| both.told.quotes.is_empty()).map(|quote| {
        let shown = shorten(quote.span.of(both.source.text));
        Finding::warning("quote", format!("the quotation marks of “{shown}” are lost"))
            .in_source(quote.span)
    })
}

fn statements(quotes: &[Quote]) -> impl Iterator<Item = &Quote> {
    quotes.iter().filter(|quote| quote.is_statement())
}

/// Marks that hold far more words than those of the source.
fn longer(both: &Both) -> Option<Finding> {
    let count =
        |quotes: &[Quote]| quotes.iter().map(|quote| quote.words.len()).sum::<usize>() as f64;
    let (n_said, n_told) = (count(&both.said.quotes), count(&both.told.quotes));
    let is_longer = n_said > 0.0 && n_told > MAX_RATIO * n_said + MARGIN_WORDS;
    let longest = both.told.quotes.iter().max_by_key(|quote| quote.words.len())?;
    is_longer.then(|| {
        let shown = shorten(longest.span.of(both.target.text));
        Finding::warning("quote", format!("“{shown}” is longer than what the source quotes"))
            .in_target(longest.span)
    })
}

/// Quotations that lost the word that turns them.
fn cut(both: &Both) -> Vec<Finding> {
    let (said, told) = (&both.said.quotes, &both.told.quotes);
    if said.len() != told.len() {
        return Vec::new();
    }
    let lost = |(was, is): (&Quote, &Quote)| {
        let is_turn = |word: &&String, lang: &str| LISTS.has(lang, "turn", word);
        let turn = was.words.iter().find(|word| is_turn(word, both.source.lang))?;
        let keeps = is.words.iter().any(|word| is_turn(&word, both.target.lang));
        let is_short = (is.words.len() as f64) < CUT_RATIO * was.words.len() as f64;
        let shown = shorten(was.span.of(both.source.text));
        let message = format!("`{turn}` was cut off from the quotation “{shown}”");
        let finding = Finding::warning("quote", message).in_source(was.span).in_target(is.span);
        (is.is_statement() && is_short && !keeps).then_some(finding)
    };
    said.iter().zip(told).filter_map(lost).collect()
}

/// A figure or a name in a quotation that the source has, but in none of its own.
fn strange(quote: &Quote, both: &Both) -> Option<Finding> {
    if both.said.quotes.is_empty() || !quote.is_statement() {
        return None;
    }
    let span = strange_number(quote, both).or_else(|| strange_name(quote, both))?;
    let message = format!("`{}` is not in what the source quotes", span.of(both.target.text));
    Some(Finding::warning("quote", message).in_target(span))
}

fn strange_number(quote: &Quote, both: &Both) -> Option<crate::article::Span> {
    let in_quotes = |span| both.said.quotes.iter().any(|quote| quote.holds(span));
    let own = both.target.numbers.iter().filter(|n| n.in_figures && quote.holds(n.number));
    own.map(|number| {
        let same = both.source.numbers.iter().filter(move |n| n.value == number.value);
        (number, same.map(|n| in_quotes(n.number)).collect::<Vec<_>>())
    })
    .find(|(_, places)| !places.is_empty() && places.iter().all(|quoted| !quoted))
    .map(|(number, _)| number.number)
}

fn strange_name(quote: &Quote, both: &Both) -> Option<crate::article::Span> {
    let quoted = |word: &String| both.said.quotes.iter().any(|quote| quote.words.contains(word));
    let words = &both.target.names.words;
    let own = both.target.names.mentions.iter().filter(|m| {
        m.trust == Trust::Sure && m.ids.is_empty() && quote.holds(m.span) && m.end == m.first + 1
    });
    own.filter(|m| both.source.names.has_name(&words[m.first].folded))
        .find(|m| !quoted(&words[m.first].folded))
        .map(|m| m.span)
}
