//! What others say, told as a fact: `selon un syndicat` that was left out.
//!
//! Whoever shortens drops the clause that says whose words these are. In a summary the claim must be
//! what is left of the sentence, and no other sentence of the source may make it on its own.

use std::ops::Range;
use std::sync::LazyLock;

use super::super::lists::Lists;
use super::super::names::fold;
use super::super::quotes;
use super::super::{Finding, Relation, Severity};
use super::align::{Bead, is_break, stems};
use super::lexicon::{self, Lexicon};
use super::modality::is_conditional;
use super::words::{WORDS, Word};
use crate::article::Span;

const FILE: &str = include_str!("attribution.txt");

/// The classes of `attribution.txt` that are looked for in a text.
const CLASSES: [&str; 3] = ["lead", "claim", "answer"];
const LEAD: usize = 0;
const CLAIM: usize = 1;

/// The lists that words behind a lead are looked up in.
static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(FILE));

struct Lexicons {
    fr: Lexicon,
    en: Lexicon,
}

static LEXICONS: LazyLock<Lexicons> = LazyLock::new(|| {
    let mut all = Lexicons { fr: Lexicon::default(), en: Lexicon::default() };
    for (lang, name, entries) in lexicon::lines(FILE) {
        let lexicon = if lang == "fr" { &mut all.fr } else { &mut all.en };
        if let Some(class) = CLASSES.iter().position(|class| *class == name) {
            lexicon.add(entries, class);
        }
    }
    all
});

/// So many words behind a lead may stand before the one that tells who speaks.
const SOURCE_REACH: usize = 4;
/// The words that name the one who speaks are at most so many.
const MAX_PHRASE_WORDS: usize = 12;
/// A verb of claiming stands so near to its `que`, or to the comma before it.
const VERB_REACH: usize = 4;
/// So much of what a summary took over must be the claim.
const MIN_SHARE: f64 = 0.6;
const MIN_STEMS: usize = 3;

/// Words that say whose claim a sentence makes.
#[derive(Debug, PartialEq)]
struct Attribution {
    phrase: Range<usize>,
    /// The claim stands on one side of the phrase, or on both.
    claim: [Range<usize>; 2],
    /// Whether those are surely the words of someone, who may be wrong.
    is_sure: bool,
}

/// The attribution that the target leaves out; `text` is the source's.
pub fn compare(bead: &Bead, text: &str, langs: (&str, &str)) -> Option<Finding> {
    // `Je pense que` has many translations; a claim is only looked for in summaries.
    let is_whole = bead.relation == Relation::Translation;
    let asks = |attribution: &Attribution| attribution.is_sure || !is_whole;
    let lost = find(&bead.source, langs.0).into_iter().filter(asks).find(|attribution| {
        is_told(attribution, bead) && !is_answered(attribution, bead, langs.1)
    })?;
    let is_plain = |sentence: &Vec<Word>| {
        find(sentence, langs.0).is_empty() && !sentence.iter().any(|word| is_hedge(word, langs.0))
    };
    if bead.elsewhere.iter().any(is_plain) {
        return None;
    }
    let words = &bead.source[lost.phrase.clone()];
    let span = Span::new(words.first()?.span.start, words.last()?.span.end);
    let severity = if lost.is_sure { Severity::Error } else { Severity::Warning };
    let message = format!("told as a fact, without `{}`", span.of(text));
    Some(Finding { severity, ..Finding::warning("attribution", message) }.in_source(span))
}

/// Whether most of what the target took over is the claim. A translation takes over all.
fn is_told(attribution: &Attribution, bead: &Bead) -> bool {
    if bead.relation == Relation::Translation {
        return true;
    }
    let told = stems(&bead.target);
    let n_shared = |words: &[Word]| {
        let own = stems(words);
        told.iter().filter(|stem| own.binary_search(stem).is_ok()).count()
    };
    let (n_claim, n_all) = (n_shared(&claim_of(attribution, bead)), n_shared(&bead.source));
    n_claim >= MIN_STEMS && n_claim as f64 >= MIN_SHARE * n_all as f64
}

fn claim_of(attribution: &Attribution, bead: &Bead) -> Vec<Word> {
    attribution.claim.iter().flat_map(|part| bead.source[part.clone()].to_vec()).collect()
}

/// Whether the target says in some way that these are another's words, or names the one.
fn is_answered(attribution: &Attribution, bead: &Bead, lang: &str) -> bool {
    let told = stems(&bead.target);
    let claim = stems(&claim_of(attribution, bead));
    let mut speaker = stems(&bead.source[attribution.phrase.clone()]);
    // What the claim says, too, does not name the one who makes it.
    speaker.retain(|stem| claim.binary_search(stem).is_err());
    bead.target.iter().any(|word| is_hedge(word, lang))
        || !LEXICONS.of(lang).find(&bead.target).is_empty()
        || speaker.iter().any(|stem| told.binary_search(stem).is_ok())
}

/// A mark of quotation, a verb of speech, a conditional.
fn is_hedge(word: &Word, lang: &str) -> bool {
    matches!(word.text.as_str(), "«" | "“" | "\"")
        || quotes::is_of_speech(&fold(&word.text), lang)
        || WORDS.has(lang, "hedge", &word.text)
        || lang == "fr" && is_conditional(&word.text)
}

impl Lexicons {
    fn of(&self, lang: &str) -> &Lexicon {
        if lang == "fr" { &self.fr } else { &self.en }
    }
}

/// The attributions of a sentence.
fn find(words: &[Word], lang: &str) -> Vec<Attribution> {
    let hits = LEXICONS.of(lang).find(words);
    hits.into_iter()
        .filter_map(|hit| match hit.class {
            LEAD => led(words, hit.first, hit.end, lang),
            CLAIM => claimed(words, hit.first, hit.end, lang),
            _ => None,
        })
        .collect()
}

/// `selon un syndicat`, but not `selon les besoins`.
fn led(words: &[Word], first: usize, end: usize, lang: &str) -> Option<Attribution> {
    let behind = words.get(end..)?.iter().take_while(|word| word.is_word());
    let mut behind = behind.skip_while(|word| LISTS.has(lang, "before", &word.text)).peekable();
    let head = *behind.peek()?;
    let is = |list: &str, word: &Word| has_stem(lang, list, &word.text);
    if !head.capital && is("manner", head) {
        return None;
    }
    let is_sure = behind.take(SOURCE_REACH).any(|word| word.capital || is("source", word));
    let phrase = first..phrase_end(words, end);
    Some(Attribution { claim: around(words, &phrase), phrase, is_sure })
}

/// `Le maire affirme que`, `affirme le maire`.
fn claimed(words: &[Word], first: usize, end: usize, lang: &str) -> Option<Attribution> {
    let is_that = |word: &Word| LISTS.has(lang, "that", &word.text);
    let behind = words[end..].iter().take(VERB_REACH).take_while(|word| word.is_word());
    if let Some(gap) = behind.into_iter().position(is_that) {
        let start = end + gap + 1;
        let phrase = clause_start(words, first)..start;
        let claim = [start..break_behind(words, start), start..start];
        return Some(Attribution { phrase, claim, is_sure: false });
    }
    let near = first.saturating_sub(VERB_REACH)..first;
    let comma = near.rev().find(|&at| !words[at].is_word())?;
    let is_led_in = words[comma].text == "," && comma > 0;
    let phrase = comma + 1..phrase_end(words, end);
    let claim = [break_ahead(words, comma)..comma, comma..comma];
    is_led_in.then_some(Attribution { phrase, claim, is_sure: false })
}

/// The claim about a phrase like `selon un syndicat`.
fn around(words: &[Word], phrase: &Range<usize>) -> [Range<usize>; 2] {
    let opens = words[..phrase.start].iter().all(Word::is_word) && phrase.start < 3;
    let is_inserted = phrase.start > 0 && words[phrase.start - 1].text == ",";
    let is_closed = words.get(phrase.end).is_some_and(|word| word.text == ",");
    let before = match opens {
        true => phrase.start..phrase.start,
        false => break_ahead(words, phrase.start - usize::from(is_inserted))..phrase.start,
    };
    let after = match () {
        () if opens && !is_closed => phrase.start..words.len(),
        () if opens || is_inserted => phrase.end..break_behind(words, phrase.end + 1),
        () => phrase.end..phrase.end,
    };
    [before, after]
}

/// Where the words end that name the one who speaks: at the next mark.
fn phrase_end(words: &[Word], from: usize) -> usize {
    let rest = words[from..].iter().take(MAX_PHRASE_WORDS);
    from + rest.take_while(|word| word.is_word()).count()
}

fn clause_start(words: &[Word], at: usize) -> usize {
    words[..at].iter().rposition(|word| !word.is_word()).map_or(0, |mark| mark + 1)
}

fn break_ahead(words: &[Word], end: usize) -> usize {
    (0..end).rev().find(|&at| is_break(words, at)).map_or(0, |at| at + 1)
}

fn break_behind(words: &[Word], start: usize) -> usize {
    (start..words.len())
        .find(|&at| is_break(words, at))
        .unwrap_or(words.len())
        .max(start.min(words.len()))
}

fn has_stem(lang: &str, list: &str, word: &str) -> bool {
    LISTS.get(lang, list).iter().any(|entry| lexicon::fits(entry, word))
}
