//! Negations that were lost or made up.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::super::{Finding, Severity};
use super::align::Bead;
use super::lexicon::{self, Lexicon};
use super::signs::{self, Sign, Weight};
use super::words::{WORDS, Word};

/// The classes of `negation.txt`.
const CLASSES: [&str; 4] = ["firm", "loose", "weak", "none"];
const WEIGHTS: [Weight; 3] = [Weight::Firm, Weight::Loose, Weight::Remote];
const NONE: usize = 3;

struct Lists {
    fr: Lexicon,
    en: Lexicon,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists { fr: Lexicon::default(), en: Lexicon::default() };
    for (lang, class, entries) in lexicon::lines(include_str!("negation.txt")) {
        let class = CLASSES.iter().position(|&name| name == class).unwrap_or(NONE);
        if lang == "fr" { &mut lists.fr } else { &mut lists.en }.add(entries, class);
    }
    lists
});

/// Negations of one text that the other does not have.
pub fn compare(bead: &Bead, langs: (&str, &str)) -> Vec<Finding> {
    let source = Negations::find(&bead.source, langs.0);
    let target = Negations::find(&bead.target, langs.1);
    let mut findings = Vec::new();
    if let Some(severity) = target.surplus(&source) {
        let span =
            signs::loneliest(&target.signs, bead.target_span, &source.signs, bead.source_span);
        let finding = judged(severity, "says no where the source does not");
        findings.extend(span.map(|span| finding.in_target(span)));
    }
    if let Some(severity) = source.surplus(&target) {
        let span =
            signs::loneliest(&source.signs, bead.source_span, &target.signs, bead.target_span);
        let finding = judged(severity, "a negation of the source is missing");
        findings.extend(span.map(|span| finding.in_source(span)));
    }
    findings
}

/// All that says no in a text.
struct Negations {
    signs: Vec<Sign>,
    n_firm: usize,
    n_loose: usize,
    n_weak: usize,
    /// Whether the firm signs include one that is more than a `without`.
    denies: bool,
}

impl Negations {
    fn find(words: &[Word], lang: &str) -> Self {
        let french = lang == "fr";
        let hits = if french { &LISTS.fr } else { &LISTS.en }.find(words);
        let barred: HashSet<usize> =
            hits.iter().filter(|hit| hit.class == NONE).map(|hit| hit.first).collect();
        let mut signs: Vec<Sign> = hits
            .iter()
            .filter(|hit| !barred.contains(&hit.first))
            .map(|hit| Sign::over(words, hit.first, hit.end, WEIGHTS[hit.class]))
            .filter(|sign| french || !is_number_sign(words, sign.first))
            .collect();
        if french {
            add_particles(&mut signs, words);
        } else {
            signs.extend(privative(words));
        }
        signs.sort_unstable();
        loosen_doubles(&mut signs);
        let mild = |sign: &Sign| matches!(words[sign.first].text.as_str(), "sans" | "without");
        let denies = signs.iter().any(|sign| sign.weight == Weight::Firm && !mild(sign));
        let of = |weight| signs::count(&signs, weight);
        let (n_firm, n_loose, n_weak) = (of(Weight::Firm), of(Weight::Loose), of(Weight::Remote));
        Self { signs, n_firm, n_loose, n_weak, denies }
    }

    /// How surely there are more firm signs than the other text can answer. Loose signs of both
    /// answer each other first.
    fn surplus(&self, other: &Self) -> Option<Severity> {
        let answers = other.n_firm + other.n_loose.saturating_sub(self.n_loose + self.n_weak);
        if self.n_firm <= answers {
            None
        } else if other.signs.is_empty() && self.denies {
            Some(Severity::Error)
        } else if self.n_firm > other.n_firm + other.n_loose + other.n_weak / 2 {
            Some(Severity::Warning)
        } else {
            Some(Severity::Note)
        }
    }
}

/// How many words of a text deny.
pub fn count(words: &[Word], lang: &str) -> usize {
    Negations::find(words, lang).n_firm
}

fn judged(severity: Severity, message: &str) -> Finding {
    Finding { severity, ..Finding::error("negation", message.into()) }
}

fn add_particles(signs: &mut Vec<Sign>, words: &[Word]) {
    let read = particles(words);
    signs
        .retain(|sign| read.iter().all(|other| sign.end <= other.first || other.end <= sign.first));
    signs.extend(read);
}

/// `treeless`
fn privative(words: &[Word]) -> impl Iterator<Item = Sign> {
    let ends = |at: &usize| words[*at].text.len() > 6 && words[*at].text.ends_with("less");
    (0..words.len()).filter(ends).map(|at| Sign::over(words, at, at + 1, Weight::Loose))
}

/// `No. 5`
fn is_number_sign(words: &[Word], at: usize) -> bool {
    let next = |n: usize| words.get(at + n).map_or("", |word| &word.text);
    next(0) == "no" && next(1) == "." && next(2).starts_with(|c: char| c.is_ascii_digit())
}

/// Two negations side by side may undo each other: `pas impossible`, `not without`.
fn loosen_doubles(signs: &mut [Sign]) {
    for at in 1..signs.len() {
        let near = signs[at].first <= signs[at - 1].end + 1;
        if near && signs[at - 1].weight == Weight::Firm {
            match signs[at].weight {
                Weight::Firm => signs[at].weight = Weight::Loose,
                Weight::Loose => signs[at - 1].weight = Weight::Loose,
                _ => {}
            }
        }
    }
}

/// How many words `ne` reaches.
const REACH: usize = 10;
/// `ne` with what belongs to it, and `pas` alone.
fn particles(words: &[Word]) -> Vec<Sign> {
    let mut found: Vec<Sign> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        match word.text.as_str() {
            "ne" | "n'" => found.extend(scope(words, at)),
            "pas" if is_bare(words, at) => found.push(Sign::over(words, at, at + 1, Weight::Firm)),
            _ => {}
        }
    }
    found
}

fn is_bare(words: &[Word], at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |idx| words[idx].text.as_str());
    !WORDS.has("fr", "article", before) && !before.starts_with(|c: char| c.is_ascii_digit())
}

fn scope(words: &[Word], ne: usize) -> Option<Sign> {
    let ahead = words[ne + 1..].iter().take(REACH).enumerate();
    for (n, word) in ahead {
        let at = ne + 1 + n;
        match word.text.as_str() {
            "." | ";" | ":" | "?" | "!" | "ne" | "n'" => break,
            "que" | "qu'" => return Some(Sign::over(words, ne, ne + 1, Weight::Loose)),
            text if WORDS.has("fr", "strong", text) && is_bare(words, at) => {
                let weight = if is_question(words, at) || is_only(words, at) {
                    Weight::Loose
                } else {
                    Weight::Firm
                };
                return Some(Sign::over(words, ne, at + 1, weight));
            }
            _ => {}
        }
    }
    without_particle(words, ne)
}

/// `n'est-ce pas`
fn is_question(words: &[Word], at: usize) -> bool {
    words[at - 1].text == "ce"
}

/// `ne plus que`
fn is_only(words: &[Word], at: usize) -> bool {
    let next = words.get(at + 1).map_or("", |word| &word.text);
    words[at].text == "plus" && matches!(next, "que" | "qu'")
}

/// A bare `ne`, which denies with a word before it or else may say nothing.
fn without_particle(words: &[Word], ne: usize) -> Option<Sign> {
    let back = ne.saturating_sub(REACH);
    let before = &words[back..ne];
    let clause = before.iter().rposition(|w| matches!(w.text.as_str(), "." | ";" | ":" | "?"));
    let from = back + clause.map_or(0, |at| at + 1);
    let denies = (from..ne)
        .rev()
        .find(|&at| WORDS.has("fr", "before-ne", &words[at].text) && is_bare(words, at));
    if let Some(at) = denies {
        return Some(Sign::over(words, at, ne + 1, Weight::Firm));
    }
    let marks = WORDS.get("fr", "expletive");
    let expletive = words[from..ne].iter().any(|w| marks.iter().any(|e| w.text.starts_with(e)))
        && words[from..ne].iter().any(|w| matches!(w.text.as_str(), "que" | "qu'"));
    (!expletive).then(|| Sign::over(words, ne, ne + 1, Weight::Loose))
}
