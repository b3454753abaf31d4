//! Names that were altered, dropped or made up, countries and offices that changed.
//!
//! Names are capitalised words and the entries of the lists beside this file, where a place or a body
//! is found under its French and its English forms. A name of the target needs a counterpart in the
//! source: the same word, the other form of its entry, a spelling that a rule makes of it, or an
//! acronym of the same letters. Of a translation the source's names need one in the target too.

mod index;
mod matching;
mod roles;
mod spelling;
mod tables;
mod words;

#[cfg(test)]
mod tests;

pub use index::Index;
pub use words::fold;

use super::{Finding, Relation, Side};
use index::{Mention, Trust};
use matching::Match;
use tables::TABLES;

/// Findings of both directions; of a summary only what the source has not.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    let is_read = |lang| matches!(lang, "fr" | "en");
    if source.lang != target.lang && !(is_read(source.lang) && is_read(target.lang)) {
        return Vec::new();
    }
    let both = Both { source, target, relation };
    let mut findings = both.names();
    findings.extend(roles::compare(source, target, relation));
    findings
}

/// The two sides that are held against each other.
struct Both<'s> {
    source: &'s Side<'s>,
    target: &'s Side<'s>,
    relation: Relation,
}

impl Both<'_> {
    fn names(&self) -> Vec<Finding> {
        let mut invented = self.invented();
        let mut missing =
            if self.relation == Relation::Translation { self.missing() } else { Vec::new() };
        let mut findings = Vec::new();
        while let Some((lost, new)) = best_pair(&missing, &invented) {
            findings.push(self.replaced(&missing.remove(lost), &invented.remove(new)));
        }
        findings.extend(invented.iter().map(|name| self.is_invented(name)));
        findings.extend(missing.iter().map(|name| self.is_missing(name)));
        if self.relation == Relation::Translation {
            findings.extend(self.people_exchanged());
        }
        findings
    }

    /// Names of the target without a counterpart, words that stand together as one.
    fn invented(&self) -> Vec<Loss> {
        let (source, target) = (&self.source.names, &self.target.names);
        let langs = (self.target.lang, self.source.lang);
        let found = target.mentions.iter().map(|m| matching::find(m, target, source, langs));
        together(target, found.collect())
    }

    /// Names of the source without a counterpart.
    fn missing(&self) -> Vec<Loss> {
        let (source, target) = (&self.source.names, &self.target.names);
        let langs = (self.source.lang, self.target.lang);
        let found = source.mentions.iter().map(|m| matching::find(m, source, target, langs));
        together(source, found.collect())
    }

    fn is_invented(&self, name: &Loss) -> Finding {
        let words = name.span().of(self.target.text);
        let message = match name.matched {
            Match::Near => format!("`{words}` is written otherwise in the source"),
            _ => format!("`{words}` is not in the source"),
        };
        let finding = match self.severity_of_invented(name) {
            true => Finding::error(name.kind(), message),
            false => Finding::warning(name.kind(), message),
        };
        finding.in_target(name.span())
    }

    /// Whether it is an error. In one language every spelling counts; across two, only what the
    /// lists know is certain.
    fn severity_of_invented(&self, name: &Loss) -> bool {
        if self.source.lang == self.target.lang {
            return name.trust == Trust::Sure && matches!(name.matched, Match::None | Match::Near);
        }
        name.trust == Trust::Sure
            && name.matched == Match::None
            && !name.beside_known
            && name.is_listed
    }

    fn is_missing(&self, name: &Loss) -> Finding {
        let words = name.span().of(self.source.text);
        let message = format!("`{words}` of the source is missing");
        Finding::warning(name.kind(), message).in_source(name.span())
    }

    fn replaced(&self, lost: &Loss, new: &Loss) -> Finding {
        let was = lost.span().of(self.source.text);
        let is = new.span().of(self.target.text);
        let message = format!("`{was}` became `{is}`");
        let is_sure = lost.trust == Trust::Sure
            && new.trust == Trust::Sure
            && new.matched == Match::None
            && lost.matched == Match::None
            && !(lost.beside_known && new.beside_known);
        let finding = if is_sure { Finding::error } else { Finding::warning };
        finding(new.kind(), message).in_source(lost.span()).in_target(new.span())
    }

    /// A people that stands once more than in the source while another is not there at all:
    /// `émissaire américain du président français` as `French emissary of the French president`.
    fn people_exchanged(&self) -> Option<Finding> {
        let (source, target) = (&self.source.names, &self.target.names);
        let is_lost =
            |m: &&Mention| m.is_people && m.ids.iter().all(|id| target.n_mentions(*id) == 0);
        let is_extra = |m: &&Mention| {
            m.is_people
                && !m.ids.is_empty()
                && m.ids.iter().any(|id| source.n_mentions(*id) > 0)
                && m.ids.iter().all(|id| target.n_mentions(*id) > source.n_mentions(*id))
        };
        let lost = source.mentions.iter().find(is_lost)?;
        let extra = target.mentions.iter().rev().find(is_extra)?;
        let was = lost.span.of(self.source.text);
        let message = format!("`{was}` became `{}`", extra.span.of(self.target.text));
        Some(Finding::warning("nationality", message).in_source(lost.span).in_target(extra.span))
    }
}

/// Words of one text that have no counterpart in the other.
#[derive(Debug)]
struct Loss {
    mentions: Vec<Mention>,
    trust: Trust,
    matched: Match,
    /// In the lists.
    is_listed: bool,
    /// The word before or after has a counterpart: a first name added, a title left out.
    beside_known: bool,
}

impl Loss {
    fn span(&self) -> crate::article::Span {
        let first = self.mentions.first().map(|m| m.span.start).unwrap_or_default();
        crate::article::Span::new(first, self.mentions.last().map_or(first, |m| m.span.end))
    }

    fn kind(&self) -> &'static str {
        if self.mentions.iter().all(|m| m.is_people) { "nationality" } else { "name" }
    }
}

/// Unmatched names; those that stand side by side are one.
fn together(index: &Index, found: Vec<Match>) -> Vec<Loss> {
    let mut losses: Vec<Loss> = Vec::new();
    let mut last_lost = None;
    for (at, matched) in found.iter().enumerate() {
        let mention = &index.mentions[at];
        if !matches!(matched, Match::None | Match::Near | Match::Implied)
            || mention.trust == Trust::Weak
        {
            continue;
        }
        let joins = last_lost.is_some_and(|last| last + 1 == at && adjacent(index, at - 1, at));
        match losses.last_mut().filter(|_| joins) {
            Some(loss) => loss.take(mention, *matched),
            None => losses.push(Loss::new(mention, *matched)),
        }
        let known = |other: usize| matches!(found.get(other), Some(Match::Same));
        let before = at > 0 && adjacent(index, at - 1, at) && known(at - 1);
        let after = at + 1 < found.len() && adjacent(index, at, at + 1) && known(at + 1);
        if let Some(loss) = losses.last_mut() {
            loss.beside_known |= before || after;
        }
        last_lost = Some(at);
    }
    losses
}

impl Loss {
    fn new(mention: &Mention, matched: Match) -> Self {
        let is_listed = !mention.ids.is_empty();
        let mentions = vec![mention.clone()];
        Self { mentions, trust: mention.trust, matched, is_listed, beside_known: false }
    }

    fn take(&mut self, mention: &Mention, matched: Match) {
        self.mentions.push(mention.clone());
        self.trust = self.trust.max(mention.trust);
        self.is_listed &= !mention.ids.is_empty();
        if matched == Match::None {
            self.matched = matched;
        }
    }
}

fn adjacent(index: &Index, a: usize, b: usize) -> bool {
    let (a, b) = (&index.mentions[a], &index.mentions[b]);
    a.end == b.first && index.words[b.first].is_linked && !a.is_people && !b.is_people
}

/// The lost and the new name that are most likely one: a people for a people, a listed place for
/// a listed place, and of several the first.
fn best_pair(missing: &[Loss], invented: &[Loss]) -> Option<(usize, usize)> {
    let pairs = (0..missing.len()).flat_map(|l| (0..invented.len()).map(move |n| (l, n)));
    let score = |&(l, n): &(usize, usize)| {
        let (lost, new) = (&missing[l], &invented[n]);
        let same_kind = lost.kind() == new.kind();
        let same_list = lost.is_listed == new.is_listed;
        (same_kind, same_list, std::cmp::Reverse(l.abs_diff(n)))
    };
    pairs.max_by_key(score)
}

/// Whether one place lies in the other.
fn are_related(a: &Mention, other: &Index) -> bool {
    a.ids.iter().any(|a| {
        let parent = TABLES.parent(*a);
        parent.is_some_and(|parent| other.n_mentions(parent) > 0)
            || other.ids().any(|b| TABLES.parent(b) == Some(*a))
    })
}
