//! The units of a document, some at a time: sentence by sentence through the model, then together
//! again with their tags.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Options, Quality, Translated, Translation};
use crate::Result;
use crate::article::Span;
use crate::bilingual::{Origin, Pair};
use crate::check::{self, Finding, Severity};
use crate::document::{self, Inline, Unit};
use crate::engine::{Answer, Answerer, Question};
use crate::memory::Memory;
use crate::pipeline::{Key, Task};
use crate::sentence;

/// Sentences of one task: enough to fill a batch, few enough that results flow.
const GROUP_SENTENCES: usize = 32;
/// So many entries of a memory that are alike are shown.
const N_ALIKE: usize = 1;

/// Results of earlier runs, by the name of what they are of.
pub trait Store {
    fn get(&self, name: &str) -> Option<String>;
    fn put(&self, name: &str, value: &str);
}

/// What a translation of documents has beside the options.
#[derive(Clone, Copy, Default)]
pub struct Context<'c> {
    /// Each unit goes through whole, whatever sentences it has.
    pub is_whole: bool,
    /// Sentences with errors carry `[!]`, those with warnings `[?]`.
    pub has_marks: bool,
    pub memory: Option<&'c Memory>,
    /// The store, and what tells results of this model and these options from others.
    pub store: Option<(&'c dyn Store, &'c str)>,
    /// Tokens of an answer.
    pub max_new_tokens: Option<usize>,
}

/// A translated unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    pub inline: Inline,
    /// Its sentences.
    pub pairs: Vec<Pair>,
}

/// The units that make up each task, as ranges of the document's.
pub fn ranges(units: &[Unit], from: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let (mut start, mut n_sentences) = (0, 0);
    for (idx, unit) in units.iter().enumerate() {
        n_sentences += sentence::split(&unit.inline.text, from).len();
        if n_sentences >= GROUP_SENTENCES {
            ranges.push(start..idx + 1);
            (start, n_sentences) = (idx + 1, 0);
        }
    }
    ranges.push(start..units.len());
    ranges
}

/// Some units of a document, under way.
pub struct Group<'c> {
    units: Vec<Work>,
    sentences: Translation,
    /// What stands between two tags, on its own: it tells where they belong.
    phrases: Translation,
    context: Context<'c>,
    /// Its name in the store.
    name: String,
    /// Whether it came from the store.
    is_known: bool,
}

/// A unit and where it is cut.
#[derive(Debug)]
struct Work {
    inline: Inline,
    sentences: Vec<Span>,
    phrases: Vec<Span>,
}

impl<'c> Group<'c> {
    /// The translation of these units; what the store or the memory has is not asked for.
    pub fn new(units: &[Unit], options: &Options, context: Context<'c>) -> Self {
        let quick = Options { quality: Quality::Fast, ..options.clone() };
        let mut group = Self {
            units: units.iter().map(|unit| Work::new(unit, options, context.is_whole)).collect(),
            sentences: Translation::new([], options),
            phrases: Translation::new([], &quick),
            context,
            name: String::new(),
            is_known: false,
        };
        for (unit, work) in units.iter().zip(&group.units) {
            let text = |span: &Span| span.of(&work.inline.text).to_owned();
            work.sentences.iter().for_each(|s| group.sentences.add(&text(s), &unit.keep));
            work.phrases.iter().for_each(|p| group.phrases.add(&text(p), &unit.keep));
        }
        group.name = group.name_of(units);
        group.recall();
        group
    }

    /// A name that is equal for equal texts under equal options.
    fn name_of(&self, units: &[Unit]) -> String {
        let mut hash = Sha256::new();
        hash.update(self.context.store.map_or("", |(_, stamp)| stamp));
        for (unit, work) in units.iter().zip(&self.units) {
            hash.update(format!("{:?} {:?}\n", work, unit.keep));
        }
        hash.finalize().iter().fold(String::new(), |mut name, byte| {
            let _ = write!(name, "{byte:02x}");
            name
        })
    }

    /// Takes what is known over.
    fn recall(&mut self) {
        let stored = self.context.store.and_then(|(store, _)| store.get(&self.name));
        let known = stored.and_then(|value| serde_json::from_str::<Known>(&value).ok());
        if let Some(known) = known.filter(|known| known.fits(self)) {
            let settle = |to: &mut Translation, texts: &[String]| {
                texts.iter().enumerate().for_each(|(idx, text)| to.settle(idx, text));
            };
            settle(&mut self.sentences, &known.sentences);
            settle(&mut self.phrases, &known.phrases);
            self.is_known = true;
            return;
        }
        let Some(memory) = self.context.memory else { return };
        let spans =
            self.units.iter().flat_map(|unit| unit.sentences.iter().map(move |s| (unit, s)));
        let known: Vec<Option<String>> = spans
            .map(|(unit, span)| memory.exact(span.of(&unit.inline.text)).map(str::to_owned))
            .collect();
        for (idx, text) in known.iter().enumerate() {
            text.iter().for_each(|text| self.sentences.settle(idx, text));
        }
    }

    /// Whether a model will be asked.
    pub fn needs_model(&self) -> bool {
        [&self.sentences, &self.phrases].into_iter().any(|own| {
            let (n_settled, n_all) = own.n_settled();
            n_settled < n_all
        })
    }

    /// Bytes of text in the group.
    pub fn n_bytes(&self) -> usize {
        self.units.iter().map(|unit| unit.inline.text.len()).sum()
    }

    /// The units as they are, where they could not be translated: nothing is lost.
    pub fn untranslated(&self, reason: &str) -> Vec<Made> {
        let failed = || note(Severity::Error, "form", format!("not translated: {reason}"));
        let made = |unit: &Work| {
            let text = unit.inline.text.clone();
            let pair = Pair {
                source: text.clone(),
                target: text,
                findings: vec![failed()],
                origin: Origin::Copied,
            };
            Made { inline: unit.inline.clone(), pairs: vec![pair] }
        };
        self.units.iter().map(made).collect()
    }

    /// The translated units, once no question is open, and how many sentences were mended.
    pub fn into_made(self) -> (Vec<Made>, usize) {
        let Self { units, sentences, phrases, context, name, is_known } = self;
        let sentences = sentences.into_translated();
        let phrases = phrases.into_translated();
        if let Some((store, _)) = context.store.filter(|_| !is_known) {
            Known::keep(store, &name, &sentences, &phrases);
        }
        let n_repaired = sentences.iter().filter(|sentence| sentence.is_repaired).count();
        let (mut sentences, mut phrases) = (sentences.into_iter(), phrases.into_iter());
        let made = units.into_iter().map(|unit| {
            let sentences = sentences.by_ref().take(unit.sentences.len()).collect();
            let phrases = phrases.by_ref().take(unit.phrases.len()).map(|p| p.text).collect();
            unit.put_together(sentences, phrases, &context)
        });
        (made.collect(), n_repaired)
    }
}

impl Work {
    fn new(unit: &Unit, options: &Options, is_whole: bool) -> Self {
        let text = &unit.inline.text;
        let sentences = match is_whole {
            true => vec![Span::new(0, text.len())],
            false => sentence::split(text, &options.from),
        };
        let phrases = document::phrases(&unit.inline, &sentences);
        Self { inline: unit.inline.clone(), sentences, phrases }
    }

    fn put_together(
        self,
        sentences: Vec<Translated>,
        phrases: Vec<String>,
        context: &Context,
    ) -> Made {
        let text = &self.inline.text;
        let (mut target, mut places, mut at) = (String::new(), Vec::new(), 0);
        let mut pairs = Vec::new();
        for (said, told) in self.sentences.iter().zip(sentences) {
            target.push_str(Span::new(at, said.start).of(text));
            let start = target.len();
            target.push_str(&on_one_line(&told.text));
            places.push((*said, Span::new(start, target.len())));
            if context.has_marks {
                target.push_str(&mark(&told.findings));
            }
            pairs.push(pair(said.of(text), told, context.memory));
            at = said.end;
        }
        let phrase = |span: Span| {
            let idx = self.phrases.iter().position(|own| *own == span)?;
            phrases.get(idx).cloned()
        };
        Made { inline: document::carry(&self.inline, &places, &target, &phrase), pairs }
    }
}

fn pair(source: &str, told: Translated, memory: Option<&Memory>) -> Pair {
    let has_words = source.chars().any(char::is_alphabetic);
    let known = memory.and_then(|memory| memory.exact(source));
    let origin = match known {
        Some(_) => Origin::Memory,
        None if !has_words || told.text == source => Origin::Copied,
        None => Origin::Model,
    };
    let mut findings = told.findings;
    if let Some(memory) = memory.filter(|_| origin == Origin::Model) {
        let alike = memory.fuzzy(source, N_ALIKE);
        findings.extend(alike.iter().map(|found| {
            let (source, target) = (&found.source, &found.target);
            let share = 100.0 * found.likeness;
            let message = format!("the memory has `{target}` for `{source}`, {share:.0} % alike");
            note(Severity::Note, "memory", message)
        }));
    }
    Pair { source: source.to_owned(), target: told.text, findings, origin }
}

fn note(severity: Severity, kind: &'static str, message: String) -> Finding {
    Finding { kind, severity, message, source: None, target: None }
}

/// What stands behind a sentence that a check found wrong, or doubtful.
fn mark(findings: &[Finding]) -> String {
    let worst = findings.iter().map(|finding| finding.severity).max();
    let serious = worst.filter(|worst| *worst > Severity::Note);
    serious.map_or_else(String::new, |worst| format!(" {}", worst.sign()))
}

/// Without anything that some reader takes for the end of a line.
fn on_one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.replace(breaks, " ").trim().to_owned()
}

/// A group's texts as the store keeps them. What the checks say of them is not kept: they are
/// quick, and may be better by then.
#[derive(Serialize, Deserialize)]
struct Known {
    sentences: Vec<String>,
    phrases: Vec<String>,
}

impl Known {
    fn fits(&self, group: &Group) -> bool {
        self.sentences.len() == group.sentences.n_segments()
            && self.phrases.len() == group.phrases.n_segments()
    }

    /// Keeps what is whole.
    fn keep(store: &dyn Store, name: &str, sentences: &[Translated], phrases: &[Translated]) {
        let cut = check::cut_off();
        let is_cut = |told: &Translated| told.findings.iter().any(|f| f.message == cut.message);
        if sentences.iter().chain(phrases).any(is_cut) {
            return;
        }
        let texts = |all: &[Translated]| all.iter().map(|told| told.text.clone()).collect();
        let known = Self { sentences: texts(sentences), phrases: texts(phrases) };
        if let Ok(value) = serde_json::to_string(&known) {
            store.put(name, &value);
        }
    }
}

/// The keys of sentences and those of phrases take turns.
fn with_parity(questions: Vec<(Key, Question)>, parity: usize) -> Vec<(Key, Question)> {
    questions.into_iter().map(|(key, question)| (2 * key + parity, question)).collect()
}

impl Task for Group<'_> {
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        let mut questions = with_parity(self.sentences.questions(model)?, 0);
        questions.extend(with_parity(self.phrases.questions(model)?, 1));
        if let Some(limit) = self.context.max_new_tokens {
            questions.iter_mut().for_each(|(_, q)| q.max_new_tokens = q.max_new_tokens.min(limit));
        }
        Ok(questions)
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        match key % 2 {
            0 => self.sentences.answer(key / 2, answer),
            _ => self.phrases.answer(key / 2, answer),
        }
    }
}
