//! What stands between quotation marks, and whose words it is.

mod across;
mod marks;
mod speakers;
mod verbatim;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use super::names::Mention;
use super::{Finding, Relation, Side};
use crate::article::Span;
use marks::{Quote, Quotes};
use speakers::Speakers;
pub(crate) use speakers::is_of_speech;

/// Words between quotation marks, and who says them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quoted {
    /// Without the marks.
    pub span: Span,
    pub n_words: usize,
    /// The name of the one who speaks, where the sentence says it.
    pub speaker: Option<Span>,
}

/// The quotations of a text, in order; none where a mark has no partner.
pub fn find(side: &Side) -> Vec<Quoted> {
    let read = marks::read(side.text);
    if read.is_unbalanced {
        return Vec::new();
    }
    let quoted = |quote: &Quote| Quoted {
        span: quote.span,
        n_words: quote.words.len(),
        speaker: Speakers::of(side, quote).first().map(speakers::span),
    };
    read.quotes.iter().map(quoted).collect()
}

/// Quotations of the two sides.
struct Both<'s> {
    source: &'s Side<'s>,
    target: &'s Side<'s>,
    said: &'s Quotes,
    told: &'s Quotes,
    relation: Relation,
}

/// Findings of both directions.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    let (said, told) = (marks::read(source.text), marks::read(target.text));
    let both = Both { source, target, said: &said, told: &told, relation };
    let mut findings = both.attributed();
    if source.lang == target.lang {
        findings.extend(verbatim::compare(&both));
    } else if !said.is_unbalanced && !told.is_unbalanced {
        findings.extend(across::compare(&both));
    }
    findings.extend(both.balance());
    findings
}

/// Fewer words are no sign that two quotations are the same.
const MIN_WORDS: usize = 3;
/// Words of so many letters tell quotations of two languages apart.
const TELLING_LETTERS: usize = 5;

impl Both<'_> {
    /// Quotations that the target gives to another speaker than the source.
    fn attributed(&self) -> Vec<Finding> {
        if self.said.is_unbalanced || self.told.is_unbalanced {
            return Vec::new();
        }
        let told = self.told.quotes.iter().enumerate();
        told.filter_map(|(idx, quote)| {
            let said = self.counterparts(idx);
            self.other_speaker(quote, &said)
        })
        .collect()
    }

    /// The quotations of the source that one of the target was made of.
    fn counterparts(&self, idx: usize) -> Vec<&Quote> {
        let (said, quote) = (&self.said.quotes, &self.told.quotes[idx]);
        // Shorter ones are titles.
        if quote.words.len() < MIN_WORDS {
            return Vec::new();
        }
        if self.source.lang == self.target.lang {
            let is_same =
                |other: &&Quote| verbatim::share(&quote.words, &other.words) >= verbatim::SAME;
            return said.iter().filter(is_same).collect();
        }
        if said.len() == 1 || said.len() == self.told.quotes.len() {
            return said.get(idx.min(said.len() - 1)).into_iter().collect();
        }
        likest(quote, said).into_iter().collect()
    }

    fn other_speaker(&self, told: &Quote, said: &[&Quote]) -> Option<Finding> {
        let new = Speakers::of(self.target, told);
        let name = new.first()?;
        let old: Vec<Speakers> =
            said.iter().map(|quote| Speakers::of(self.source, quote)).collect();
        let is_same = |old: &Speakers| {
            old.first().is_none_or(|first| {
                old.have(self.source, name, self.target)
                    || new.have(self.target, first, self.source)
            })
        };
        if old.iter().any(is_same) {
            return None;
        }
        let was = old.first()?.first()?;
        // Of a person the last name is enough.
        let knows = |side: &Side, of: &Side, name: &[Mention]| {
            name.last().is_some_and(|mention| side.names.knows(mention, &of.names))
        };
        // A name that the source does not know at all is found as a name.
        if !knows(self.source, self.target, name) {
            return None;
        }
        let is_sure = knows(self.target, self.source, was) || self.source.lang == self.target.lang;
        let (is_now, was) = (speakers::span(name), speakers::span(was));
        let (new, old) = (is_now.of(self.target.text), was.of(self.source.text));
        let message = format!("the words of `{old}` became those of `{new}`");
        let finding = if is_sure { Finding::error } else { Finding::warning };
        Some(finding("quote", message).in_source(was).in_target(is_now))
    }

    /// A mark of the target that has no partner where those of the source have.
    fn balance(&self) -> Option<Finding> {
        let is_new = self.told.is_unbalanced && !self.said.is_unbalanced;
        let is_lost = self.told.quotes.len() < self.said.quotes.len();
        let is_whole = self.relation == Relation::Translation && is_lost;
        let finding = if is_whole { Finding::warning } else { Finding::note };
        is_new.then(|| finding("quote", "a quotation mark has no partner".into()))
    }
}

/// The one that has clearly more long words and figures in common.
fn likest<'q>(quote: &Quote, said: &'q [Quote]) -> Option<&'q Quote> {
    let tells = |word: &&String| {
        word.len() >= TELLING_LETTERS || word.starts_with(|c: char| c.is_ascii_digit())
    };
    let own: HashSet<&String> = quote.words.iter().filter(tells).collect();
    let shared = |other: &Quote| other.words.iter().filter(|word| own.contains(word)).count();
    let mut ranked: Vec<(usize, &Quote)> = said.iter().map(|q| (shared(q), q)).collect();
    ranked.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    let second = ranked.get(1).map_or(0, |(n, _)| *n);
    ranked.first().filter(|(n, _)| *n >= 2 && *n > second).map(|(_, quote)| *quote)
}

fn shorten(text: &str) -> String {
    let text = text.trim();
    let n_words = text.split_whitespace().count();
    if n_words <= 8 {
        return text.to_owned();
    }
    text.split_whitespace().take(7).collect::<Vec<_>>().join(" ") + " …"
}
