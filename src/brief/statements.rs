//! Who says what: attributed sentences with their speakers, the same words in two articles as one.

use std::collections::BTreeSet;

use super::likeness;
use super::people;
use super::source::{Dossier, Place};
use super::words;
use crate::article::Span;
use crate::check::names::{Mention, Word};
use crate::check::{Side, form, quotes};
use crate::sources;

/// Something that someone says.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// As the source calls the one.
    pub speaker: String,
    /// Whether the speaker has a name.
    pub is_named: bool,
    /// Whether it is nothing but the name of a person.
    pub is_person: bool,
    /// Whether words of it stand between quotation marks.
    pub is_quote: bool,
    /// Whether two articles have the words differently.
    pub varies: bool,
    /// The sentences that say it, the fullest first.
    pub places: Vec<Place>,
}

/// Quotations of fewer words are terms.
const MIN_WORDS: usize = 4;
/// So much of two sentences is the same where they quote the same words.
const SAME: f64 = 0.6;
/// Fewer words in common prove nothing.
const MIN_SHARED: usize = 4;

/// All that someone says in a dossier, the weightiest first.
pub fn find(dossier: &Dossier) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    for source_idx in 0..dossier.sources.len() {
        for said in of_source(dossier, source_idx) {
            let own = words_of(dossier, &said);
            let is_same = |other: &&mut Said| {
                is_one(&other.speaker, &said.speaker) && are_same(&words_of(dossier, other), &own)
            };
            match all.iter_mut().find(is_same) {
                Some(other) => join(other, &said, dossier),
                None => all.push(said),
            }
        }
    }
    for said in all.iter_mut().filter(|said| !said.speaker.contains(' ')) {
        said.speaker = people::full_name(dossier, &said.speaker);
    }
    all.sort_by_key(|said| std::cmp::Reverse(weight(said, dossier)));
    in_turn(all)
}

/// The first statement of each speaker, then the second of each: nobody fills the list alone.
fn in_turn(all: Vec<Said>) -> Vec<Said> {
    let mut turns: Vec<(usize, Said)> = Vec::new();
    for said in all {
        let n_before = turns.iter().filter(|(_, other)| is_one(&other.speaker, &said.speaker));
        turns.push((n_before.count(), said));
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, said)| said).collect()
}

fn are_same(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    a.intersection(b).count() >= MIN_SHARED && likeness::share(a, b) >= SAME
}

/// What is said: the words between quotation marks, or else all but the speaker's name.
fn words_of(dossier: &Dossier, said: &Said) -> BTreeSet<String> {
    let side = dossier.side(said.places[0]);
    let quoted = quotes::find(side).into_iter().filter(|quote| quote.n_words >= MIN_WORDS);
    let quoted: Vec<&str> = quoted.map(|quote| quote.span.of(side.text)).collect();
    match quoted.is_empty() {
        true => &sources::stems(side.text, side.lang) - &sources::stems(&said.speaker, side.lang),
        false => sources::stems(&quoted.join(" "), side.lang),
    }
}

/// Many sources, then quotations of named people, then what stands far ahead.
fn weight(said: &Said, dossier: &Dossier) -> (usize, usize, std::cmp::Reverse<usize>) {
    let mut sources: Vec<usize> = said.places.iter().map(|place| place.source_idx).collect();
    sources.dedup();
    let n_signs = usize::from(said.is_quote) + usize::from(said.is_named);
    (sources.len(), n_signs, std::cmp::Reverse(dossier.n_before(said.places[0])))
}

/// Two ways to call one speaker end with the same name: `Emmanuel Macron`, `M. Macron`.
fn is_one(a: &str, b: &str) -> bool {
    let last = |name: &str| name.split_whitespace().last().map(str::to_lowercase);
    last(a) == last(b)
}

fn join(said: &mut Said, other: &Said, dossier: &Dossier) {
    said.varies |= dossier.text(said.places[0]) != dossier.text(other.places[0]);
    said.is_quote |= other.is_quote;
    said.places.extend(&other.places);
}

/// The statements of one article. Who is `il`, or unnamed behind a quotation, spoke right before.
fn of_source(dossier: &Dossier, source_idx: usize) -> Vec<Said> {
    let n_sentences = dossier.sources[source_idx].sentences.len();
    let mut all: Vec<Said> = Vec::new();
    for sentence_idx in 0..n_sentences {
        let place = Place { source_idx, sentence_idx };
        if !dossier.sentence(place).is_prose() || !form::is_finished(dossier.text(place)) {
            continue;
        }
        let side = dossier.side(place);
        let long = quotes::find(side).into_iter().filter(|quote| quote.n_words >= MIN_WORDS);
        let long: Vec<_> = long.collect();
        let is_next = |said: &&Said| said.places[0].sentence_idx + 1 == sentence_idx;
        let is_quote = !long.is_empty();
        let said = match speaker(side, &long) {
            Speaker::Told(span) => Some(told(side, span)),
            Speaker::Before => all.last().filter(is_next).cloned(),
            Speaker::Nobody => None,
        };
        all.extend(said.map(|said| Said { is_quote, varies: false, places: vec![place], ..said }));
    }
    all
}

/// A statement of these words' speaker: of a person with an office the name alone.
fn told(side: &Side, span: Span) -> Said {
    let is_own =
        |mention: &Mention| mention.ids.is_empty() && side.names.is_name(mention, side.lang);
    let names = side.names.runs(side.names.words_in(span), is_own);
    let last =
        names.last().and_then(|run| Some(Span::new(run.first()?.span.start, run.last()?.span.end)));
    // `le conseiller d'Emmanuel Macron` is not Macron.
    let is_office = |name: &Span| {
        side.names.offices.iter().any(|office| {
            let holder = side.names.words[office.holder()].span;
            name.start <= holder.start && holder.end <= name.end
        })
    };
    let person =
        last.filter(|name| name.start == span.start || name.end >= span.end && is_office(name));
    let shown = people::whole_name(side, person.unwrap_or(span));
    Said {
        speaker: shown.of(side.text).to_owned(),
        is_named: is_name(side, span),
        is_person: person.is_some(),
        is_quote: false,
        varies: false,
        places: Vec::new(),
    }
}

/// Who says a sentence.
enum Speaker {
    Told(Span),
    /// The one who spoke before.
    Before,
    Nobody,
}

fn speaker(side: &Side, long: &[quotes::Quoted]) -> Speaker {
    if let Some(span) = long.iter().find_map(|quote| quote.speaker) {
        return Speaker::Told(span);
    }
    if let Some(run) = led_in(side) {
        let has = |list: &str| run.iter().any(|word| words::has(side.lang, list, &word.folded));
        return match whole(run) {
            Some(_) if has("same") || is_pronoun(run, side.lang) => Speaker::Before,
            Some(span) if !has("nobody") => Speaker::Told(span),
            _ => Speaker::Nobody,
        };
    }
    let is_quote = long.iter().any(|quote| quote.span.start <= 4);
    let Some(verb) = words::verb_of_speech(side) else {
        return if is_quote { Speaker::Before } else { Speaker::Nobody };
    };
    match behind(side, verb).or_else(|| ahead(side, verb)) {
        Some(words) if is_pronoun(words, side.lang) => Speaker::Before,
        Some(words) => whole(words).map_or(Speaker::Nobody, Speaker::Told),
        None if is_quote => Speaker::Before,
        None => Speaker::Nobody,
    }
}

fn is_pronoun(run: &[Word], lang: &str) -> bool {
    matches!(run, [only] if words::has(lang, "pronoun", &only.folded))
}

fn whole(run: &[Word]) -> Option<Span> {
    Some(Span::new(run.first()?.span.start, run.last()?.span.end))
}

fn is_name(side: &Side, span: Span) -> bool {
    let mut words = side.names.words[side.names.words_in(span)].iter();
    words.any(|word| word.is_capital() && !word.opens)
}

/// The speaker has at most so many words.
const MAX_WORDS: usize = 10;

/// `Selon la préfecture, ...`
fn led_in<'s>(side: &'s Side) -> Option<&'s [Word]> {
    let all = &side.names.words;
    let lead = words::phrase(all, side.lang, "lead")?;
    let run = linked(all, lead.end);
    (1..=MAX_WORDS).contains(&run.len()).then_some(run)
}

/// The words from here on that no comma parts.
fn linked(all: &[Word], from: usize) -> &[Word] {
    let Some(rest) = all.get(from..) else { return &[] };
    let n_rest = rest.iter().skip(1).take_while(|word| word.is_linked).count();
    &rest[..(1 + n_rest).min(rest.len())]
}

/// `..., a prévenu le conseiller`, `dit-il`: the speaker behind the verb, and behind the day and the
/// one who listens: `a dit lundi à la presse un conseiller`.
fn behind<'s>(side: &'s Side, verb: usize) -> Option<&'s [Word]> {
    let run = linked(&side.names.words, verb + 1);
    let run = &run[n_aside(side, run)..];
    let first = run.first().filter(|word| word.is_linked)?;
    if words::has(side.lang, "pronoun", &first.folded) && run.len() <= 2 {
        return Some(&run[..1]);
    }
    let begins = words::has(side.lang, "speaker", &first.folded) || first.is_capital();
    let n_words = run.iter().take_while(|word| !is_aside(word, side.lang)).count();
    (begins && (1..=MAX_WORDS).contains(&n_words)).then(|| &run[..n_words])
}

/// How many words of a run tell the day and the one who listens.
fn n_aside(side: &Side, run: &[Word]) -> usize {
    let is_time = |word: &Word| {
        side.times.iter().any(|t| t.whole.start <= word.span.start && word.span.end <= t.whole.end)
    };
    let n_time = run.iter().take_while(|word| is_time(word)).count();
    let rest = &run[n_time..];
    let is_to = rest.first().is_some_and(|word| matches!(word.folded.as_str(), "a" | "au" | "aux"));
    let has_article = rest.get(1).is_some_and(|word| matches!(word.folded.as_str(), "la" | "l"));
    let n_listener = if is_to { 2 + usize::from(has_article) } else { 0 };
    (n_time + n_listener).min(run.len())
}

fn is_aside(word: &Word, lang: &str) -> bool {
    !word.is_capital() && words::has(lang, "aside", &word.folded)
}

/// So near to the verb a pronoun is its subject.
const PRONOUN_REACH: usize = 2;

/// `La Commission a indiqué que`: the subject ahead of the verb.
fn ahead<'s>(side: &'s Side, verb: usize) -> Option<&'s [Word]> {
    let all = &side.names.words;
    // `a-t-il ajouté`, `il a ajouté`
    let near = &all[verb.saturating_sub(PRONOUN_REACH)..verb];
    if let Some(at) = near.iter().rposition(|word| words::has(side.lang, "subject", &word.folded)) {
        return Some(&near[at..=at]);
    }
    let is_auxiliary = |word: &Word| words::has(side.lang, "auxiliary", &word.folded);
    let n_between = all[..verb].iter().rev().take_while(|word| is_auxiliary(word)).count();
    let end = verb - n_between;
    // The subject goes back to the first word that nothing links to the one before.
    let n_words = all[..end].iter().rev().take_while(|word| word.is_linked).count();
    let first = end.saturating_sub(n_words + 1);
    let run = &all[first..end];
    let begins = run
        .first()
        .is_some_and(|word| word.is_capital() || words::has(side.lang, "speaker", &word.folded));
    let has_aside = run.iter().skip(1).any(|word| matches!(word.folded.as_str(), "qui" | "que"));
    let is_pronoun = is_pronoun(run, side.lang);
    if whole(run).is_some_and(|run| words::is_quoted(side, run)) {
        return None;
    }
    (is_pronoun || begins && !has_aside && (1..=MAX_WORDS).contains(&run.len())).then_some(run)
}
