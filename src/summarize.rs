//! An article in a few sentences of its own language.
//!
//! A small model asked for a summary invents, alters and stops short. So it gets clean text, is
//! asked for a fixed number of sentences, and each sentence is held against the article: one with
//! a number, a month or a name that the article lacks is not printed. When too little is left the
//! model is asked again, another way; when that fails too, the article's own most central
//! sentences stand in.

pub mod extract;

use crate::article::{Article, Span};
use crate::check::{self, Finding, Pair, Relation, form};
use crate::engine::{Answer, Answerer, Message, Question, Sampling};
use crate::pipeline::{Key, Task};
use crate::translate::Usage;
use crate::{Error, Result, sentence};

/// What a summary should be like.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Sentences wanted, at least and at most.
    pub n_sentences: (usize, usize),
    /// No generated sentence: the most central ones, verbatim.
    pub extractive: bool,
    /// How often the model is asked at most.
    pub n_tries: usize,
    /// Tokens of article text that one question takes; longer articles go through in parts.
    pub n_part_tokens: usize,
    pub sampling: Sampling,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            n_sentences: (2, 4),
            extractive: false,
            n_tries: 2,
            n_part_tokens: 3000,
            sampling: Sampling::default(),
        }
    }
}

/// Where the sentences of a summary come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Written by the model.
    Generated,
    /// Verbatim from the article.
    Extractive,
    /// Some of each.
    Mixed,
}

/// An article's summary.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    pub sentences: Vec<String>,
    /// Verbatim sentences with their place in the file; `None` for generated ones.
    pub spans: Vec<Option<Span>>,
    pub method: Method,
    /// What was found in sentences that were then not printed.
    pub rejected: Vec<Finding>,
    /// Parts in which the article was read.
    pub n_parts: usize,
}

impl Summary {
    /// The sentences in a row.
    pub fn text(&self) -> String {
        self.sentences.join(" ")
    }
}

/// A summary under way.
#[derive(Debug)]
pub struct Summarizing {
    options: Options,
    title: Option<String>,
    language: &'static str,
    /// The article's sentences with their places.
    sentences: Vec<(String, Span)>,
    /// The sentences and the title in one text, which every generated sentence is held against.
    source: String,
    stage: Stage,
    n_asked: usize,
    /// The text of the last stage: the article, or what its parts were reduced to.
    text: String,
    n_parts: usize,
    accepted: Vec<String>,
    rejected: Vec<Finding>,
    pub usage: Usage,
}

#[derive(Debug, PartialEq)]
enum Stage {
    New,
    /// The parts of a long article are being reduced; their notes come in any order.
    Parts(Vec<Option<String>>),
    Whole,
    Done,
}

/// The model's limit on one summary.
const MAX_NEW_TOKENS: usize = 220;

impl Summarizing {
    /// A summary of the article's body.
    pub fn new(article: &Article, options: &Options) -> Self {
        let sentences: Vec<(String, Span)> =
            article.body_sentences().map(|s| (s.text.clone(), s.span)).collect();
        let texts: Vec<&str> = sentences.iter().map(|(text, _)| text.as_str()).collect();
        let source = format!("{}\n{}", article.title.as_deref().unwrap_or(""), texts.join(" "));
        let language = if article.language.is_known() { article.language.code } else { "fr" };
        Self {
            options: options.clone(),
            title: article.title.clone(),
            language,
            source,
            text: article.body_text(),
            sentences,
            stage: Stage::New,
            n_asked: 0,
            n_parts: 1,
            accepted: Vec::new(),
            rejected: Vec::new(),
            usage: Usage::default(),
        }
    }

    /// The summary, once no question is open.
    pub fn into_summary(self) -> Summary {
        let n_generated = self.accepted.len();
        let mut sentences = self.accepted.clone();
        let mut spans = vec![None; n_generated];
        for (text, span) in self.fill() {
            sentences.push(text);
            spans.push(Some(span));
        }
        let method = match (n_generated, sentences.len() - n_generated) {
            (0, _) => Method::Extractive,
            (_, 0) => Method::Generated,
            _ => Method::Mixed,
        };
        Summary { sentences, spans, method, rejected: self.rejected, n_parts: self.n_parts }
    }

    /// Central sentences of the article, as many as are missing.
    fn fill(&self) -> Vec<(String, Span)> {
        let n_missing = self.options.n_sentences.0.saturating_sub(self.accepted.len());
        // A sentence that the source cuts off does not stand alone.
        let whole: Vec<&(String, Span)> =
            self.sentences.iter().filter(|(text, _)| form::is_finished(text)).collect();
        let texts: Vec<&str> = whole.iter().map(|(text, _)| text.as_str()).collect();
        let central = extract::central(self.title.as_deref(), &texts, &self.accepted, n_missing);
        central.into_iter().map(|idx| whole[idx].clone()).collect()
    }

    /// Fewer sentences are wanted of an article that has few itself.
    fn n_wanted(&self) -> usize {
        self.options.n_sentences.0.min(self.sentences.len())
    }

    fn part_question(&self, part: &str) -> Question {
        self.ask(part, "Résume ce passage en deux phrases complètes.")
    }

    fn whole_question(&self) -> Question {
        let instruction = match self.n_asked {
            0 => "Résume cet article en deux phrases complètes.",
            _ => "Résume cet article en deux phrases courtes, avec ses mots exacts.",
        };
        let mut question = self.ask(&self.text, instruction);
        if self.n_asked > 0 {
            question.sampling.repeat_penalty = 1.05;
        }
        question
    }

    fn ask(&self, text: &str, instruction: &str) -> Question {
        let title = self.title.as_ref().map(|t| format!("Titre : {t}\n\n")).unwrap_or_default();
        Question {
            messages: vec![
                Message::system(SYSTEM),
                Message::user(format!("{title}{text}\n\n{instruction}")),
            ],
            max_new_tokens: MAX_NEW_TOKENS,
            sampling: self.options.sampling.clone(),
            ..Question::default()
        }
    }

    /// Runs of whole sentences that each fit a question.
    fn parts(&self, model: &dyn Answerer) -> Result<Vec<String>> {
        let room = model.context_length().saturating_sub(MAX_NEW_TOKENS + PROMPT_TOKENS);
        let limit = self.options.n_part_tokens.min(room);
        let mut parts: Vec<String> = Vec::new();
        let mut n_tokens = usize::MAX;
        for (text, _) in &self.sentences {
            let n = model.count(text)? + 1;
            if n > limit {
                return Err(Error::TooLong { n_tokens: n, limit });
            }
            if n_tokens.saturating_add(n) > limit {
                parts.push(String::new());
                n_tokens = 0;
            }
            n_tokens += n;
            if let Some(part) = parts.last_mut() {
                part.push_str(text);
                part.push(' ');
            }
        }
        Ok(parts)
    }

    /// Takes the good sentences of an answer.
    fn accept(&mut self, text: &str) {
        let mut accepted = Vec::new();
        for span in sentence::split(text, self.language) {
            let sentence = span.of(text).trim();
            let mut findings = check::pair(&Pair {
                source: &self.source,
                source_lang: self.language,
                target: sentence,
                target_lang: self.language,
                date: None,
                relation: Relation::Summary,
            });
            if !form::is_finished(sentence) {
                findings.push(check::cut_off());
            }
            if check::has_error(&findings) {
                self.rejected.extend(findings);
            } else if accepted.len() < self.options.n_sentences.1 {
                accepted.push(sentence.to_owned());
            }
        }
        if accepted.len() > self.accepted.len() {
            self.accepted = accepted;
        }
    }
}

const SYSTEM: &str = "Tu es rédacteur dans une agence de presse. Tu résumes des articles avec \
    exactitude : tu reprends les chiffres, les dates et les noms tels quels et tu n'ajoutes rien.";

/// Room for the words around the article's text.
const PROMPT_TOKENS: usize = 300;

impl Task for Summarizing {
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        match &self.stage {
            Stage::New if self.options.extractive => self.stage = Stage::Done,
            Stage::New => {
                let parts = self.parts(model)?;
                self.n_parts = parts.len();
                if parts.len() > 1 {
                    let questions = parts.iter().map(|part| self.part_question(part));
                    let questions = questions.enumerate().collect();
                    self.stage = Stage::Parts(vec![None; parts.len()]);
                    return Ok(questions);
                }
                self.stage = Stage::Whole;
            }
            Stage::Parts(notes) => {
                let Some(notes) = notes.iter().cloned().collect::<Option<Vec<String>>>() else {
                    return Ok(Vec::new());
                };
                self.text = notes.join("\n\n");
                self.stage = Stage::Whole;
            }
            Stage::Whole | Stage::Done => {}
        }
        let enough = self.accepted.len() >= self.n_wanted();
        if self.stage != Stage::Whole || enough || self.n_asked >= self.options.n_tries {
            return Ok(Vec::new());
        }
        let question = self.whole_question();
        self.n_asked += 1;
        Ok(vec![(0, question)])
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        self.usage.add(&answer);
        match &mut self.stage {
            Stage::Parts(notes) => {
                if let Some(note) = notes.get_mut(key) {
                    *note = Some(answer.text);
                }
            }
            _ => self.accept(&answer.text),
        }
    }
}
