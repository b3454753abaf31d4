//! A man who became a woman, or the reverse.

use std::ops::Range;
use std::sync::LazyLock;

use super::index::Index;
use super::spelling::{self, Likeness};
use super::words::Word;
use crate::article::Span;
use crate::check::lists::Lists;
use crate::check::{Finding, Relation, Side};

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("gender.txt")));

/// The lists of one sex end so, and those of the other.
const SEXES: [(&str, &str); 2] = [("woman", "man"), ("man", "woman")];

/// Findings for titles and pronouns of the other sex.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    let mut findings = titles(source, target);
    if findings.is_empty() && source.lang == "fr" && target.lang == "en" {
        for (said, told) in super::sentences(source, target, relation) {
            findings.extend(pronoun(source, &said, target, &told));
        }
    }
    findings
}

/// A title before a name.
struct Title<'t> {
    span: Span,
    is_woman: bool,
    name: &'t Word,
}

/// `Mme Durand` told as `Mr Durand`.
fn titles(source: &Side, target: &Side) -> Vec<Finding> {
    let (said, told) = (find_titles(source), find_titles(target));
    let is_same = |a: &Title, b: &Title| {
        a.name.folded == b.name.folded
            || source.lang != target.lang
                && spelling::compare(&a.name.folded, &b.name.folded) == Likeness::Same
    };
    let judge = |told: &Title| {
        let mut same = said.iter().filter(|said| is_same(said, told));
        let first = same.clone().next()?;
        let message =
            format!("`{}` became `{}`", first.span.of(source.text), told.span.of(target.text));
        let finding = Finding::warning("role", message).in_source(first.span).in_target(told.span);
        same.all(|said| said.is_woman != told.is_woman).then_some(finding)
    };
    told.iter().filter_map(judge).collect()
}

fn find_titles<'t>(side: &'t Side) -> Vec<Title<'t>> {
    let words = &side.names.words;
    let found = (0..words.len()).filter_map(|at| {
        let is_woman = LISTS.has(side.lang, "title-woman", &words[at].folded);
        let is_man = LISTS.has(side.lang, "title-man", &words[at].folded);
        // The initial of `Jean M. Durand`
        let is_initial = at > 0 && words[at].is_linked && words[at - 1].is_capital();
        let is_title = is_woman || is_man && words[at].is_capital() && !is_initial;
        let name = words[at + 1..].iter().take(4).take_while(|w| w.is_linked && w.is_capital());
        let name = name.last().filter(|_| is_title)?;
        Some(Title { span: Span::new(words[at].span.start, name.span.end), is_woman, name })
    });
    found.collect()
}

/// A pronoun of the other sex in a sentence that speaks of one alone.
fn pronoun(
    source: &Side,
    said: &Range<usize>,
    target: &Side,
    told: &Range<usize>,
) -> Option<Finding> {
    let (said, told) = (&source.names.words[said.clone()], &target.names.words[told.clone()]);
    if said.iter().any(|word| LISTS.has("fr", "neutral", &word.folded)) {
        return None;
    }
    SEXES.iter().find_map(|(sex, other)| {
        let sign = sign(source, said, sex)?;
        if sign_of_any(said, other) {
            return None;
        }
        let has = |list: &str, word: &Word| LISTS.has("en", list, &word.folded);
        let (subject, pronoun) = (format!("subject-{other}"), format!("pronoun-{sex}"));
        let new = told.iter().find(|word| has(&subject, word))?;
        let is_clear =
            n_names(&source.names, said) <= 1 && (*sex == "man" || sign.opens && new.opens);
        let is_kept = told.iter().any(|word| has(&pronoun, word)) && !is_clear;
        let (was, is) = (sign.span.of(source.text), new.span.of(target.text));
        let message = format!("`{was}` became `{is}`");
        let finding = Finding::warning("role", message).in_source(sign.span).in_target(new.span);
        (!is_kept).then_some(finding)
    })
}

/// The word that tells the sex of the one person.
fn sign<'t>(side: &Side, words: &'t [Word], sex: &str) -> Option<&'t Word> {
    let pronoun = format!("pronoun-{sex}");
    let noun = format!("word-{sex}");
    let is_pronoun =
        |at: &usize| LISTS.has("fr", &pronoun, &words[*at].folded) && !is_impersonal(words, *at);
    let said = (0..words.len()).find(is_pronoun).map(|at| &words[at]);
    let alone = || n_names(&side.names, words) <= 1;
    said.or_else(|| words.iter().find(|w| LISTS.has("fr", &noun, &w.folded)).filter(|_| alone()))
}

fn n_names(index: &Index, words: &[Word]) -> usize {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return 0 };
    let words = index.words_in(Span::new(first.span.start, last.span.end));
    index.runs(words, |m| index.is_name(m, "fr")).len()
}

fn sign_of_any(words: &[Word], sex: &str) -> bool {
    let lists = [format!("pronoun-{sex}"), format!("word-{sex}"), format!("title-{sex}")];
    words.iter().any(|word| lists.iter().any(|list| LISTS.has("fr", list, &word.folded)))
}

/// `il y a`, `il faut`
fn is_impersonal(words: &[Word], at: usize) -> bool {
    let rest = words[at + 1..].iter().take(4).map(|word| word.folded.as_str());
    let mut verbs = rest.skip_while(|word| LISTS.has("fr", "helper", word));
    let verb = verbs.next().unwrap_or_default();
    words[at].folded == "il" && LISTS.has("fr", "impersonal", verb)
}
