//! Sentences into another language, one by one, each checked against its source.
//!
//! A small model asked for a whole text leaves out and mixes up; asked for one sentence at a time,
//! it stays close. What fails a check is decoded again another way, and the candidate with the
//! fewest findings wins; what is left of them stays with the translation as a mark.

pub mod lines;

use crate::Result;
use crate::check::{self, Finding, Pair, Relation, Severity};
use crate::engine::{Answer, Answerer, Message, Question, Sampling};
use crate::pipeline::{Key, Task};

/// From which language into which, and how hard to try.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// ISO 639-1.
    pub from: String,
    /// ISO 639-1.
    pub to: String,
    /// How often one sentence is decoded at most.
    pub n_tries: usize,
    pub sampling: Sampling,
}

impl Default for Options {
    fn default() -> Self {
        Self { from: "fr".into(), to: "en".into(), n_tries: 3, sampling: Sampling::default() }
    }
}

/// A translated sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Translated {
    pub text: String,
    /// What the checks found in it, and no further try could mend. Spans count bytes of the
    /// source sentence and of `text`.
    pub findings: Vec<Finding>,
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

#[derive(Debug)]
struct Segment {
    source: String,
    n_asked: usize,
    n_answered: usize,
    best: Option<Translated>,
}

impl Segment {
    fn new(source: &str) -> Self {
        let source = source.trim().to_owned();
        // Nothing to translate: numbers, punctuation, a web address.
        let best = is_opaque(&source)
            .then(|| Translated { text: source.clone(), ..Translated::default() });
        Self { source, n_asked: 0, n_answered: 0, best }
    }

    /// Nothing found; or nothing worse than a warning, and it has been tried again once.
    fn is_settled(&self) -> bool {
        let Some(best) = &self.best else { return false };
        let worst = best.findings.iter().map(|finding| finding.severity).max();
        match worst {
            None | Some(Severity::Note) => true,
            Some(Severity::Warning) => self.n_answered != 1,
            Some(Severity::Error) => false,
        }
    }

    /// Whether it may be asked (again) now.
    fn is_ready(&self, options: &Options) -> bool {
        !self.is_settled() && self.n_asked == self.n_answered && self.n_asked < options.n_tries
    }

    fn offer(&mut self, candidate: Translated) {
        let weight = |t: &Translated| {
            let count = |severity| t.findings.iter().filter(|f| f.severity == severity).count();
            (count(Severity::Error), count(Severity::Warning))
        };
        if self.best.as_ref().is_none_or(|best| weight(&candidate) < weight(best)) {
            self.best = Some(candidate);
        }
    }
}

impl Translation {
    /// A translation of `segments`.
    pub fn new<'s>(segments: impl IntoIterator<Item = &'s str>, options: &Options) -> Self {
        let segments = segments.into_iter().map(Segment::new).collect();
        Self { options: options.clone(), segments, usage: Usage::default() }
    }

    /// How many segments are done, and how many there are.
    pub fn n_settled(&self) -> (usize, usize) {
        let n_done = self.segments.iter().filter(|s| s.is_settled()).count();
        (n_done, self.segments.len())
    }

    /// One for each segment given, in their order.
    pub fn into_translated(self) -> Vec<Translated> {
        self.segments.into_iter().map(|s| s.best.unwrap_or_default()).collect()
    }

    fn question(&self, model: &dyn Answerer, segment: &Segment) -> Result<Question> {
        let n_tokens = model.count(&segment.source)?;
        let sampling = match segment.n_asked {
            0 => self.options.sampling.clone(),
            n => Sampling {
                temperature: RETRY_TEMPERATURE,
                top_p: 0.9,
                seed: self.options.sampling.seed.wrapping_add(n as u64),
                repeat_penalty: 1.05,
            },
        };
        Ok(Question {
            messages: messages(&self.options, &segment.source),
            max_new_tokens: 2 * n_tokens + 24,
            one_line: true,
            sampling,
            ..Question::default()
        })
    }
}

const RETRY_TEMPERATURE: f64 = 0.4;

impl Task for Translation {
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        let mut questions = Vec::new();
        for idx in 0..self.segments.len() {
            if self.segments[idx].is_ready(&self.options) {
                questions.push((idx, self.question(model, &self.segments[idx])?));
                self.segments[idx].n_asked += 1;
            }
        }
        Ok(questions)
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        self.usage.add(&answer);
        let Options { from, to, .. } = &self.options;
        let Some(segment) = self.segments.get_mut(key) else { return };
        segment.n_answered += 1;
        let text = tidy(&answer.text, &segment.source);
        let mut findings = check::pair(&Pair {
            source: &segment.source,
            source_lang: from,
            target: &text,
            target_lang: to,
            date: None,
            relation: Relation::Translation,
        });
        if !answer.complete {
            findings.push(check::cut_off());
        }
        segment.offer(Translated { text, findings });
    }
}

/// No letters, or only an address: every language writes it alike.
fn is_opaque(text: &str) -> bool {
    let is_address = text.starts_with("http") && !text.contains(char::is_whitespace);
    is_address || !text.chars().any(char::is_alphabetic)
}

/// Takes off quotation marks that the model put around the whole, and the source has not.
fn tidy(text: &str, source: &str) -> String {
    let text = text.trim();
    let quoted = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
    match quoted {
        Some(inner) if !source.starts_with(['"', '«', '“']) && !inner.contains('"') => {
            inner.into()
        }
        _ => text.into(),
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
fn language_name(code: &str) -> &str {
    LANGUAGES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}
