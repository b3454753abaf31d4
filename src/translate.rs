//! Sentences into another language, one by one, each checked against its source.
//!
//! A small model asked for a whole text leaves out and mixes up; asked for one sentence at a time,
//! it stays close. What fails a check is written again several ways at once, then with the fault
//! told ([`Quality`]); the candidate with the fewest findings wins, of equals the one that the
//! others agree with. What is left of the findings stays with the translation as a mark.

mod choice;
mod quality;
mod segment;
mod tidy;
pub mod units;

use std::sync::Arc;

use jiff::civil::Date;

pub(crate) use choice::{Candidate, best, first_of_best};
pub use quality::Quality;
pub(crate) use quality::draws;

use quality::Round;
use segment::Segment;

use crate::Result;
use crate::check::{self, Finding, Relation, Severity, Side};
use crate::engine::{Answer, Answerer, Message, Question, Sampling, Sentence};
use crate::glossary::Glossary;
use crate::keep;
use crate::pipeline::{Key, Task};

/// From which language into which, and how hard to try.
#[derive(Debug, Clone)]
pub struct Options {
    /// ISO 639-1.
    pub from: String,
    /// ISO 639-1.
    pub to: String,
    pub quality: Quality,
    pub sampling: Sampling,
    /// Terms with their translations; used where its languages are those of the text.
    pub glossary: Arc<Glossary>,
    /// Words that stay as they are, beside addresses, handles and emoji.
    pub keep: Vec<String>,
    /// The day that the text was written on, where it is known.
    pub date: Option<Date>,
}

impl Options {
    /// Whether the glossary is for these languages.
    fn has_glossary(&self) -> bool {
        self.glossary.is_for(&self.from, &self.to)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            from: "fr".into(),
            to: "en".into(),
            quality: Quality::default(),
            sampling: Sampling::default(),
            glossary: Arc::new(Glossary::new("fr", "en")),
            keep: Vec::new(),
            date: None,
        }
    }
}

/// A translated sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Translated {
    pub text: String,
    /// What the checks found in it, and no further try could mend. Spans count bytes of the
    /// source sentence and of `text`.
    pub findings: Vec<Finding>,
    /// The first way that it was written had an error, and this one has none.
    pub is_repaired: bool,
}

/// Tokens used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    pub n_prompt: usize,
    pub n_generated: usize,
}

impl Usage {
    pub fn add(&mut self, answer: &Answer) {
        self.n_prompt += answer.n_prompt;
        self.n_generated += answer.n_generated;
    }
}

/// The translation of some segments, usually sentences, under way.
#[derive(Debug)]
pub struct Translation {
    options: Options,
    segments: Vec<Segment>,
    pub usage: Usage,
}

impl Translation {
    /// A translation of `segments`.
    pub fn new<'s>(segments: impl IntoIterator<Item = &'s str>, options: &Options) -> Self {
        let mut all =
            Self { options: options.clone(), segments: Vec::new(), usage: Usage::default() };
        segments.into_iter().for_each(|segment| all.add(segment, &[]));
        all
    }

    /// Adds a segment, in which these words, too, stay as they are.
    pub fn add(&mut self, source: &str, keep: &[String]) {
        let keep = self.options.keep.iter().chain(keep).cloned().collect();
        self.segments.push(Segment::new(source, self.options.quality, keep));
    }

    /// Says what a segment is, so that it is not asked for; it is checked all the same.
    pub fn settle(&mut self, idx: usize, text: &str) {
        let Some(segment) = self.segments.get(idx) else { return };
        let findings = self.findings(segment, text);
        let known = Translated { text: text.to_owned(), findings, is_repaired: false };
        self.segments[idx].settle(known);
    }

    /// How many segments there are.
    pub fn n_segments(&self) -> usize {
        self.segments.len()
    }

    /// How many segments are done, and how many there are.
    pub fn n_settled(&self) -> (usize, usize) {
        let n_done = self.segments.iter().filter(|s| s.is_settled()).count();
        (n_done, self.segments.len())
    }

    /// One for each segment given, in their order.
    pub fn into_translated(self) -> Vec<Translated> {
        self.segments.into_iter().map(Segment::into_translated).collect()
    }

    fn question(&self, model: &dyn Answerer, segment: &Segment, round: Round) -> Result<Question> {
        let own = &self.options.sampling;
        let (sampling, also) = match round {
            Round::Plain => (own.clone(), Vec::new()),
            Round::Among(n) => (own.clone(), draws(own, n, 1)),
            Round::Drawn(n) => drawn(own, n, 1),
            Round::Told(n) => (own.clone(), draws(own, n, 101)),
        };
        let source = segment.masked.text.as_str();
        if model.translates(&self.options.from, &self.options.to) {
            let Options { from, to, .. } = &self.options;
            let (text, from, to) = (source.to_owned(), from.clone(), to.clone());
            let sentence = Some(Sentence { text, from, to });
            return Ok(Question { sentence, sampling, also, ..Question::default() });
        }
        let mut asked = source.to_owned();
        if let (Round::Told(_), Some(best)) = (round, segment.best()) {
            asked = format!("{asked}\n\n({})", told(&best.findings));
        }
        Ok(Question {
            messages: messages(&self.options, &asked),
            max_new_tokens: 2 * model.count(source)? + 24,
            one_line: true,
            sampling,
            also,
            ..Question::default()
        })
    }

    fn judged(&self, segment: &Segment, answer: &Answer) -> Translated {
        let text = tidy::answer(&answer.text, &segment.source, &self.options.to);
        let text = segment.masked.restore(&text);
        let mut findings = self.findings(segment, &text);
        if !answer.complete {
            findings.push(check::cut_off());
        }
        Translated { text, findings, is_repaired: false }
    }

    /// What the checks say of a translation of this segment.
    fn findings(&self, segment: &Segment, text: &str) -> Vec<Finding> {
        let options = &self.options;
        let source = Side::read(&segment.source, &options.from, options.date);
        let mut findings = check::against(&source, text, &options.to, Relation::Translation);
        findings.extend(keep::verify(&segment.source, text, &segment.keep));
        if options.has_glossary() {
            findings.extend(options.glossary.verify(&segment.source, text));
        }
        findings
    }
}

/// The first of `n` draws, and the others.
fn drawn(own: &Sampling, n: usize, first_seed: u64) -> (Sampling, Vec<Sampling>) {
    let mut draws = draws(own, n.max(1), first_seed);
    (draws.remove(0), draws)
}

/// What was wrong, as the model is told.
fn told(findings: &[Finding]) -> String {
    let serious = findings.iter().filter(|finding| finding.severity >= Severity::Warning);
    let messages: Vec<&str> = serious.map(|finding| finding.message.as_str()).collect();
    format!("Avoid this mistake: {}", messages.join("; "))
}

impl Task for Translation {
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        let mut questions = Vec::new();
        let is_network = model.translates(&self.options.from, &self.options.to);
        for idx in 0..self.segments.len() {
            if is_network {
                self.segments[idx].ask_network(self.options.quality);
            }
            if let Some(round) = self.segments[idx].next_round() {
                let question = self.question(model, &self.segments[idx], round)?;
                self.segments[idx].asked(round, question.n_answers());
                questions.push((idx, question));
            }
        }
        Ok(questions)
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        self.usage.add(&answer);
        let Some(segment) = self.segments.get(key) else { return };
        let candidate = self.judged(segment, &answer);
        // The prompt is counted with the first answer to it.
        self.segments[key].answered(candidate, answer.n_prompt > 0);
    }
}

fn messages(options: &Options, source: &str) -> Vec<Message> {
    let (from, to) = (language_name(&options.from), language_name(&options.to));
    let mut messages = vec![Message::system(format!(
        "You are a professional news translator. Translate each sentence from {from} into {to}. \
         Keep every number, date, name and quotation. Answer with the translation only."
    ))];
    if (options.from.as_str(), options.to.as_str()) == ("fr", "en") {
        for (french, english) in examples() {
            messages.push(Message::user(french));
            messages.push(Message::assistant(english));
        }
    }
    messages.push(Message::user(source));
    messages
}

/// Pairs of lines: a French sentence and its English translation.
fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut lines = include_str!("translate/fr-en.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    std::iter::from_fn(move || Some((lines.next()?, lines.next()?)))
}

/// The languages that can be asked for: code and English name.
pub const LANGUAGES: [(&str, &str); 7] = [
    ("fr", "French"),
    ("en", "English"),
    ("de", "German"),
    ("es", "Spanish"),
    ("it", "Italian"),
    ("pt", "Portuguese"),
    ("nl", "Dutch"),
];

/// The English name of a language.
pub(crate) fn language_name(code: &str) -> &str {
    LANGUAGES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}
