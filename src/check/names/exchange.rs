//! Names that changed places: `Durand a battu Martin` as `Martin beat Durand`, and the first name of
//! one with the last name of another.

use std::collections::HashMap;
use std::ops::Range;

use super::index::{Mention, Trust, WORDS};
use super::matching::is_same_name;
use super::spelling::{self, Likeness};
use super::words::{Case, Word};
use crate::article::Span;
use crate::check::{Finding, Relation, Side};

/// So many words stand between who acts and whom it is done to at most.
const MAX_BETWEEN: usize = 7;
/// Sentences with more names are lists.
const MAX_NAMES: usize = 8;

/// Findings for names that were put together otherwise, and for those that changed places.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    let mut findings = mixed(source, target);
    for (said, told) in super::sentences(source, target, relation) {
        findings.extend(exchanged(source, said, target, told));
    }
    findings
}

/// A first and a last name of the source that are not of one person there.
fn mixed(source: &Side, target: &Side) -> Vec<Finding> {
    let said = Pairs::read(source);
    let told = pairs(target);
    let is_mixed = |(first, last): &(&Mention, &Mention)| {
        let word = |mention: &Mention| target.names.words[mention.first].folded.as_str();
        said.are_of_two(word(first), word(last))
    };
    let finding = |(first, last): (&Mention, &Mention)| {
        let span = Span::new(first.span.start, last.span.end);
        let message = format!("`{}` is two persons in the source", span.of(target.text));
        Finding::error("name", message).in_target(span)
    };
    told.filter(is_mixed).map(finding).collect()
}

/// A person of the source under a first name that is nowhere in it: `Élise Macron`. A translation's
/// names are held against each other one by one instead.
pub fn renamed(source: &Side, target: &Side) -> Vec<Finding> {
    let said = Pairs::read(source);
    let text = |mention: &Mention| &target.names.words[mention.first];
    let judge = |(first, last): (&Mention, &Mention)| {
        let is_plain = first.trust != Trust::Weak && text(first).case == Case::Capital;
        let known = said.other_first_name(&text(first).folded, &text(last).folded)?;
        let span = Span::new(first.span.start, last.span.end);
        let was = Span::new(known.0.span.start, known.1.span.end);
        let message = format!("`{}` became `{}`", was.of(source.text), span.of(target.text));
        let is_new = is_plain && !source.names.has_word(&text(first).folded);
        is_new.then(|| Finding::error("name", message).in_source(was).in_target(span))
    };
    pairs(target).filter_map(judge).collect()
}

/// The pairs of words of a text's names.
struct Pairs<'t> {
    /// What stands behind a word, and before one.
    after: HashMap<&'t str, Vec<&'t str>>,
    before: HashMap<&'t str, Vec<&'t str>>,
    /// The names by their words, to find two in one.
    runs: Vec<Vec<&'t str>>,
    pairs: Vec<(&'t Mention, &'t Mention)>,
    words: &'t [Word],
}

impl<'t> Pairs<'t> {
    fn read(side: &'t Side) -> Self {
        let index = &side.names;
        let word = |mention: &Mention| index.words[mention.first].folded.as_str();
        let (mut after, mut before): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        for (first, last) in pairs(side) {
            after.entry(word(first)).or_default().push(word(last));
            before.entry(word(last)).or_default().push(word(first));
        }
        let runs = index.runs(0..index.words.len(), |m| index.may_be_name(m, side.lang));
        let runs = runs.into_iter().filter(|run| run.len() > 1);
        let runs = runs.map(|run| run.iter().map(word).collect()).collect();
        Self { after, before, runs, pairs: pairs(side).collect(), words: &index.words }
    }

    /// The first of the names that end so, where none of them begins like this one.
    fn other_first_name(&self, first: &str, last: &str) -> Option<(&'t Mention, &'t Mention)> {
        let word = |mention: &Mention| self.words[mention.first].folded.as_str();
        let mut same = self.pairs.iter().filter(|(_, l)| word(l) == last);
        let found = same.clone().next()?;
        let is_like = |own: &str| spelling::compare(own, first) == Likeness::Same;
        (!self.after.contains_key(last) && !same.any(|(f, _)| is_like(word(f)))).then_some(*found)
    }

    fn are_of_two(&self, first: &str, last: &str) -> bool {
        let has_others = self.after.contains_key(first) && self.before.contains_key(last);
        // The last word of one name may be the first of another: then it says nothing.
        let is_clear = !self.before.contains_key(first) && !self.after.contains_key(last);
        let is_one = |run: &Vec<&str>| run.contains(&first) && run.contains(&last);
        has_others && is_clear && !self.runs.iter().any(is_one)
    }
}

/// Unlisted words of names that stand side by side: `Jean Dupont`.
fn pairs<'s>(side: &'s Side) -> impl Iterator<Item = (&'s Mention, &'s Mention)> {
    let index = &side.names;
    let is_own = move |m: &Mention| {
        (m.ids.is_empty() || m.is_given) && index.may_be_name(m, side.lang) && m.end == m.first + 1
    };
    let joins = move |pair: &&[Mention]| {
        let [first, last] = pair else { return false };
        let gap = first.span.end + 1 == last.span.start;
        is_own(first) && is_own(last) && gap && first.end == last.first
    };
    index.mentions.windows(2).filter(joins).map(|pair| (&pair[0], &pair[1]))
}

/// Two names of a sentence of which the one does something to the other, and the other to it in the
/// target.
fn exchanged<'s>(
    source: &'s Side,
    said: Range<usize>,
    target: &'s Side,
    told: Range<usize>,
) -> Option<Finding> {
    let runs =
        |side: &'s Side, words| side.names.runs(words, |m| side.names.may_be_name(m, side.lang));
    let (said, told) = (runs(source, said), runs(target, told));
    if said.len() > MAX_NAMES || told.len() > MAX_NAMES {
        return None;
    }
    let is_same = |a: &[Mention], b: &[Mention]| {
        a.iter().any(|a| b.iter().any(|b| is_same_name(a, source, b, target)))
    };
    let once = |name: &[Mention]| told.iter().filter(|other| is_same(name, other)).count() == 1;
    let acts = said
        .windows(2)
        .filter(|pair| acts_on(source, pair[0], pair[1]) && once(pair[0]) && once(pair[1]));
    for pair in acts {
        let turned = told.windows(2).find(|other| {
            is_same(pair[0], other[1])
                && is_same(pair[1], other[0])
                && !is_same(pair[0], other[0])
                && acts_on(target, other[0], other[1])
        });
        if let Some(turned) = turned {
            return Some(finding(source, pair, target, turned));
        }
    }
    None
}

fn finding(source: &Side, said: &[&[Mention]], target: &Side, told: &[&[Mention]]) -> Finding {
    let span = |pair: &[&[Mention]]| {
        let start = pair[0].first().map_or(0, |mention| mention.span.start);
        Span::new(start, pair[1].last().map_or(start, |mention| mention.span.end))
    };
    let (said, told) = (span(said), span(told));
    let message =
        format!("`{}` is turned round in `{}`", said.of(source.text), told.of(target.text));
    Finding::warning("name", message).in_source(said).in_target(told)
}

/// Whether a verb and nothing else seems to join two names: no preposition, no passive, no comma.
fn acts_on(side: &Side, who: &[Mention], whom: &[Mention]) -> bool {
    let (Some(last), Some(next)) = (who.last(), whom.first()) else { return false };
    let words = &side.names.words;
    let between = &words[last.end..next.first.max(last.end)];
    let gap = side.text.get(last.span.end..next.span.start).unwrap_or(",");
    let has = |list: &str, word: &str| WORDS.has(side.lang, list, word);
    let is_mutual =
        |word: &str| WORDS.get("any", "mutual").iter().any(|stem| word.starts_with(stem));
    // The verb `a`, not `à`
    let bars = |word: &Word| {
        let is_verb = word.span.of(side.text) == "a";
        has("no-object", &word.folded) && !is_verb || is_mutual(&word.folded)
    };
    let first = who.first().map_or(0, |mention| mention.first);
    let is_kept = first > 0 && !words[first].opens && {
        let before = words[..first].iter().rev().find(|w| !has("article", &w.folded));
        before.is_some_and(|w| has("no-subject", &w.folded) && !w.opens)
    };
    (1..=MAX_BETWEEN).contains(&between.len())
        && !is_kept
        && !gap.contains([',', ';', ':', '(', ')', '«', '»', '“', '”', '"', '–', '—', '/', '.'])
        && between.iter().any(|word| !word.is_capital() && word.folded.len() > 2)
        && !between.iter().any(|w| w.is_capital() && !has("article", &w.folded))
        && !between.iter().any(bars)
}
