//! Names that were altered, dropped or made up, countries and offices that changed.
//!
//! Names are capitalised words and the entries of the lists beside this file, where a place or a body
//! is found under its French and its English forms. A name of the target needs a counterpart in the
//! source: the same word, the other form of its entry, a spelling that a rule makes of it, or an
//! acronym of the same letters. Of a translation the source's names need one in the target too.

mod exchange;
mod gender;
mod index;
mod matching;
mod roles;
mod spelling;
mod tables;
mod words;

#[cfg(test)]
mod tests;

pub use index::{Index, Mention, Trust};
pub use matching::is_same_name;
pub use roles::Office;
pub use words::{Word, fold};

use std::ops::Range;

use super::{Finding, Relation, Severity, Side};
use crate::article::Span;
use matching::Match;
use tables::TABLES;

/// Whether names of two languages can be compared.
pub fn are_read(source: &str, target: &str) -> bool {
    let is_read = |lang| matches!(lang, "fr" | "en");
    source == target || is_read(source) && is_read(target)
}

/// Findings of both directions; of a summary only what the source has not.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    if !are_read(source.lang, target.lang) {
        return Vec::new();
    }
    let both = Both { source, target, relation };
    let mut findings = Vec::new();
    if relation == Relation::Summary {
        findings.extend(exchange::renamed(source, target));
    }
    let told: Vec<Span> = findings.iter().filter_map(|finding| finding.target).collect();
    let is_in = |word: Span| told.iter().any(|n| n.start <= word.start && word.end <= n.end);
    let names = both.names().into_iter();
    findings.extend(names.filter(|name| !name.target.is_some_and(is_in)));
    findings.extend(roles::compare(source, target, relation));
    findings.extend(exchange::compare(source, target, relation));
    findings.extend(gender::compare(source, target, relation));
    findings
}

/// The sentences that say the same, where both texts have as many.
fn sentences<'s>(
    source: &'s Side,
    target: &'s Side,
    relation: Relation,
) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + 's {
    let is_even = source.sentences.len() == target.sentences.len();
    let n = if is_even && relation == Relation::Translation { source.sentences.len() } else { 0 };
    let pairs = source.sentences.iter().zip(&target.sentences).take(n);
    pairs.map(|(s, t)| (source.names.words_in(*s), target.names.words_in(*t)))
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
            let (lost, new) = (missing.remove(lost), invented.remove(new));
            findings.extend(self.replaced(&lost, &new));
        }
        findings.extend(invented.iter().filter_map(|name| self.is_invented(name)));
        findings.extend(missing.iter().filter_map(|name| self.is_missing(name)));
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
        together(target, source, found.collect())
    }

    /// Names of the source without a counterpart.
    fn missing(&self) -> Vec<Loss> {
        let (source, target) = (&self.source.names, &self.target.names);
        let langs = (self.source.lang, self.target.lang);
        let found = source.mentions.iter().map(|m| matching::find(m, source, target, langs));
        together(source, target, found.collect())
    }

    fn is_invented(&self, name: &Loss) -> Option<Finding> {
        let words = name.span().of(self.target.text);
        let message = match name.matched {
            Match::Near => format!("`{words}` is written otherwise in the source"),
            _ => format!("`{words}` is not in the source"),
        };
        let severity = self.severity_of_invented(name)?;
        let finding = Finding { severity, ..Finding::error(name.kind(), message) };
        Some(finding.in_target(name.span()))
    }

    /// In one language every spelling counts; across two, only what the lists know is certain, and
    /// what may be a common word of a title is nothing.
    fn severity_of_invented(&self, name: &Loss) -> Option<Severity> {
        let is_sure = name.trust == Trust::Sure;
        if self.source.lang == self.target.lang {
            let is_known = name.matched == Match::Implied || name.is_first_name;
            let severity = if is_known { Severity::Warning } else { Severity::Error };
            return is_sure.then_some(severity);
        }
        match name.matched {
            _ if !is_sure => None,
            Match::Implied => Some(Severity::Warning),
            _ if name.is_acronym || name.beside_known => Some(Severity::Note),
            Match::None if name.is_listed => Some(Severity::Error),
            _ if name.in_title => None,
            _ => Some(Severity::Warning),
        }
    }

    fn is_missing(&self, name: &Loss) -> Option<Finding> {
        if name.trust != Trust::Sure || name.in_title && !name.is_listed {
            return None;
        }
        let words = name.span().of(self.source.text);
        let message = format!("`{words}` of the source is missing");
        // A first name that is left out, a country for its capital.
        let is_told = name.is_first_name || name.matched == Match::Implied;
        let severity = if is_told { Severity::Note } else { Severity::Warning };
        let finding = Finding { severity, ..Finding::warning(name.kind(), message) };
        Some(finding.in_source(name.span()))
    }

    fn replaced(&self, lost: &Loss, new: &Loss) -> Option<Finding> {
        let (was, is) = (lost.span().of(self.source.text), new.span().of(self.target.text));
        // Two first words of sentences before one family name: `Karim Lebrun`, `Karl Lebrun`.
        let are_first_names = lost.is_first_name && new.is_first_name;
        let is_sure = lost.trust.max(new.trust) == Trust::Sure || are_first_names;
        if !is_sure || lost.in_title && new.in_title {
            return None;
        }
        let both_sure = lost.trust == Trust::Sure && new.trust == Trust::Sure;
        let both_new = new.matched == Match::None && lost.matched == Match::None;
        let is_sure = both_sure
            && both_new
            && lost.beside_known == new.beside_known
            && !lost.in_title
            && !new.in_title
            && !(lost.is_acronym && new.is_acronym);
        let finding = if is_sure { Finding::error } else { Finding::warning };
        let finding = finding(new.kind(), format!("`{was}` became `{is}`"));
        Some(finding.in_source(lost.span()).in_target(new.span()))
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
    /// Its first word.
    folded: String,
    trust: Trust,
    matched: Match,
    /// In the lists.
    is_listed: bool,
    /// All capitals: another language has other letters, or words.
    is_acronym: bool,
    /// The word before or after has a counterpart: a first name added, a title left out.
    beside_known: bool,
    /// A common word with a capital stands beside it: `Public Roads Act`.
    in_title: bool,
    /// Stands right before a known name.
    is_first_name: bool,
}

impl Loss {
    fn span(&self) -> Span {
        let first = self.mentions.first().map(|m| m.span.start).unwrap_or_default();
        Span::new(first, self.mentions.last().map_or(first, |m| m.span.end))
    }

    fn kind(&self) -> &'static str {
        if self.mentions.iter().all(|m| m.is_people) { "nationality" } else { "name" }
    }
}

/// Unmatched names; those that stand side by side are one.
fn together(index: &Index, other: &Index, found: Vec<Match>) -> Vec<Loss> {
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
            None => losses.push(Loss::new(mention, index, *matched)),
        }
        if let Some(loss) = losses.last_mut() {
            let beside = neighbours(index, at);
            let is_known = |n: &usize| found[*n] == Match::Same && is_as_often(index, other, *n);
            loss.beside_known |=
                beside.clone().any(|n| index.mentions[n].trust != Trust::Weak && is_known(&n));
            let next = |n: &usize| *n > at && index.mentions[*n].ids.is_empty() && is_known(n);
            loss.is_first_name = mention.ids.is_empty() && beside.clone().any(|n| next(&n));
            loss.in_title |= mention.ids.is_empty()
                && beside.clone().any(|n| index.mentions[n].trust == Trust::Weak);
        }
        last_lost = Some(at);
    }
    losses
}

impl Loss {
    fn new(mention: &Mention, index: &Index, matched: Match) -> Self {
        Self {
            mentions: vec![mention.clone()],
            folded: index.words[mention.first].folded.clone(),
            trust: mention.trust,
            matched,
            is_listed: !mention.ids.is_empty(),
            is_acronym: index.words[mention.first].case == words::Case::Upper,
            beside_known: false,
            in_title: false,
            is_first_name: false,
        }
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

/// The mentions right before and after.
fn neighbours(index: &Index, at: usize) -> impl Iterator<Item = usize> + Clone {
    let before = at.checked_sub(1).filter(|before| adjacent(index, *before, at));
    let after =
        Some(at + 1).filter(|after| *after < index.mentions.len() && adjacent(index, at, *after));
    before.into_iter().chain(after)
}

/// Whether the other text has the word as often: otherwise it may be that of another name.
fn is_as_often(index: &Index, other: &Index, at: usize) -> bool {
    let word = &index.words[index.mentions[at].first].folded;
    other.n_times(word) == 0 || other.n_times(word) >= index.n_times(word)
}

fn adjacent(index: &Index, a: usize, b: usize) -> bool {
    let (a, b) = (&index.mentions[a], &index.mentions[b]);
    a.end == b.first && index.words[b.first].is_linked && !a.is_people && !b.is_people
}

/// So many lost and new names are held against each other at a time: a list of thousands, none of
/// which fits, must have an end.
const MAX_TRIED: usize = 24;

/// The lost and the new name that are most likely one: a people for a people, a listed place for
/// a listed place, and of several the first.
fn best_pair(missing: &[Loss], invented: &[Loss]) -> Option<(usize, usize)> {
    let n_new = invented.len().min(MAX_TRIED);
    let pairs = (0..missing.len().min(MAX_TRIED)).flat_map(|l| (0..n_new).map(move |n| (l, n)));
    let score = |&(l, n): &(usize, usize)| {
        let (lost, new) = (&missing[l], &invented[n]);
        let is_near = lost.matched == Match::Near && new.matched == Match::Near;
        let same_kind = lost.kind() == new.kind();
        let same_list = lost.is_listed == new.is_listed;
        let sure = lost.trust.min(new.trust);
        (is_near, same_kind, is_alike(lost, new), same_list, sure, std::cmp::Reverse(l.abs_diff(n)))
    };
    pairs.max_by_key(score)
}

fn is_alike(lost: &Loss, new: &Loss) -> bool {
    strsim::normalized_levenshtein(&lost.folded, &new.folded) >= 0.6
}

/// Whether one place lies in the other.
fn are_related(a: &Mention, other: &Index) -> bool {
    a.ids.iter().any(|a| {
        let parent = TABLES.parent(*a);
        parent.is_some_and(|parent| other.n_mentions(parent) > 0)
            || other.ids().any(|b| TABLES.parent(b) == Some(*a))
    })
}
