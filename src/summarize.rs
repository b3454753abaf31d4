//! An article in a few sentences of its own language.
//!
//! A small model asked for a summary invents, alters and stops short. So it gets clean text, is
//! asked for a fixed number of sentences, and each sentence is held against the article: one with
//! a number, a month or a name that the article lacks is not printed. When too little is left the
//! model is asked again, another way; when that fails too, the article's own most central
//! sentences stand in. And a sentence that has most of its words from one of the article's is said as
//! that one says it ([`Long::retold`]).

pub mod extract;

use std::cmp::Reverse;

use jiff::civil::Date;

use crate::article::{Article, Span};
use crate::check::{self, Finding, Relation, Severity, Side, form};
use crate::engine::{Answer, Answerer, Message, Question, Sampling};
use crate::pipeline::{Key, Task};
use crate::shorten::Long;
use crate::sources::{self, Status};
use crate::translate::{Candidate, Quality, Usage, best, draws, first_of_best};
use crate::{Error, Result, sentence};

/// What a summary should be like.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Sentences wanted, at least and at most.
    pub n_sentences: (usize, usize),
    /// No generated sentence: the most central ones, verbatim.
    pub extractive: bool,
    pub quality: Quality,
    /// Tokens of article text that one question takes; longer articles go through in parts.
    pub n_part_tokens: usize,
    pub sampling: Sampling,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            n_sentences: (2, 4),
            extractive: false,
            quality: Quality::default(),
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
    /// The article's own words: sentences of it, whole or with parts left out.
    Extractive,
    /// Some of each.
    Mixed,
}

/// A sentence of a summary, and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    pub text: String,
    /// The article's sentences that say it, the closest first; a verbatim sentence is its own.
    pub sources: Vec<Span>,
    pub status: Status,
    /// All its words are those of the first of its sources, in their order, and some of that one's are left
    /// out.
    pub is_shortened: bool,
    /// What the checks found, nothing of it an error. The source spans count bytes of nothing that
    /// is kept, so there are none.
    pub findings: Vec<Finding>,
}

impl Sentence {
    fn verbatim(text: String, span: Span) -> Self {
        let (status, findings) = (Status::Extractive, Vec::new());
        Self { text, sources: vec![span], status, is_shortened: false, findings }
    }

    /// Whether the article says it in these words.
    fn is_own(&self) -> bool {
        self.status == Status::Extractive || self.is_shortened
    }

    /// Its place in the article, where it stands there word for word.
    pub fn span(&self) -> Option<Span> {
        let is_verbatim = self.status == Status::Extractive;
        self.sources.first().copied().filter(|_| is_verbatim)
    }
}

/// An article's summary.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    pub sentences: Vec<Sentence>,
    pub method: Method,
    /// Sentences that were written and then not printed.
    pub rejected: Vec<Rejected>,
    /// Parts in which the article was read.
    pub n_parts: usize,
}

/// A sentence that was not printed, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    pub text: String,
    pub findings: Vec<Finding>,
}

/// The good sentences of one answer.
#[derive(Debug, Default)]
struct Draft {
    sentences: Vec<Sentence>,
    text: String,
    findings: Vec<Finding>,
    rejected: Vec<Rejected>,
}

impl Candidate for Draft {
    fn text(&self) -> &str {
        &self.text
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
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
    date: Option<Date>,
    n_asked: usize,
    n_open: usize,
    /// The answers to the question under way.
    drafts: Vec<Draft>,
    /// The text of the last stage: the article, or what its parts were reduced to.
    text: String,
    n_parts: usize,
    accepted: Vec<Sentence>,
    rejected: Vec<Rejected>,
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

/// How often the model is asked for the summary.
const MAX_ASKED: usize = 2;

/// The model's limit on one summary.
const MAX_NEW_TOKENS: usize = 220;

impl Summarizing {
    /// A summary of the article's body.
    pub fn new(article: &Article, options: &Options) -> Self {
        let sentences: Vec<(String, Span)> =
            article.body_sentences().map(|s| (s.text.clone(), s.span)).collect();
        let texts: Vec<&str> = sentences.iter().map(|(text, _)| text.as_str()).collect();
        let title = article.title.clone();
        Self {
            options: options.clone(),
            source: format!("{}\n{}", title.as_deref().unwrap_or(""), texts.join(" ")),
            title,
            language: if article.language.is_known() { article.language.code } else { "fr" },
            sentences,
            text: article.body_text(),
            stage: Stage::New,
            date: article.published.map(|dated| dated.date),
            n_asked: 0,
            n_open: 0,
            drafts: Vec::new(),
            n_parts: 1,
            accepted: Vec::new(),
            rejected: Vec::new(),
            usage: Usage::default(),
        }
    }

    /// The summary, once no question is open.
    pub fn into_summary(mut self) -> Summary {
        self.settle();
        let filled = self.fill();
        let mut sentences = self.accepted;
        sentences.extend(filled.into_iter().map(|(text, span)| Sentence::verbatim(text, span)));
        let n_own = sentences.iter().filter(|sentence| sentence.is_own()).count();
        let method = match n_own {
            n if n == sentences.len() => Method::Extractive,
            0 => Method::Generated,
            _ => Method::Mixed,
        };
        Summary { sentences, method, rejected: self.rejected, n_parts: self.n_parts }
    }

    /// Central sentences of the article, as many as are missing.
    fn fill(&self) -> Vec<(String, Span)> {
        let n_missing = self.n_wanted().saturating_sub(self.accepted.len());
        // A sentence that the source cuts off does not stand alone.
        let whole: Vec<&(String, Span)> =
            self.sentences.iter().filter(|(text, _)| form::is_finished(text)).collect();
        let texts: Vec<&str> = whole.iter().map(|(text, _)| text.as_str()).collect();
        let accepted: Vec<String> = self.accepted.iter().map(|s| s.text.clone()).collect();
        let central = extract::central(self.title.as_deref(), &texts, &accepted, n_missing);
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
        let own = question.sampling.clone();
        question.also = draws(&own, self.options.quality.n_summaries() - 1, 1);
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

    /// The good sentences of an answer.
    fn draft(&self, text: &str) -> Draft {
        let source = Side::read(&self.source, self.language, self.date);
        let texts: Vec<&str> = self.sentences.iter().map(|(text, _)| text.as_str()).collect();
        let index = sources::Index::new(&texts, self.language);
        let mut draft = Draft::default();
        for span in sentence::split(text, self.language) {
            let written = span.of(text).trim();
            let own = self.in_own_words(&index, &draft, written);
            let text = own.as_deref().unwrap_or(written);
            let support = index.support(text);
            let mut findings = check::against(&source, text, self.language, Relation::Summary);
            if !form::is_finished(text) {
                findings.push(check::cut_off());
            }
            if support.status == Status::Unsupported {
                findings.push(check::unsupported());
            }
            let is_said = draft.sentences.iter().any(|said| said.text == text);
            let sources = support.source_idxs.iter().map(|&idx| self.sentences[idx].1).collect();
            if check::has_error(&findings) {
                draft.rejected.push(Rejected { text: text.to_owned(), findings });
            } else if !is_said && draft.sentences.len() < self.options.n_sentences.1 {
                let (text, status) = (text.to_owned(), support.status);
                let is_shortened = own.is_some() && status != Status::Extractive;
                draft.add(Sentence { text, sources, status, is_shortened, findings });
            }
        }
        draft.judge(&source);
        draft
    }

    /// For a sentence that tells one of the article's with little of its own, that one, once: the model's
    /// changes are more often slips than style.
    fn in_own_words(&self, index: &sources::Index, draft: &Draft, written: &str) -> Option<String> {
        let nearest = *index.support(written).source_idxs.first()?;
        let (text, span) = &self.sentences[nearest];
        let is_there = |said: &Sentence| said.is_own() && said.sources.first() == Some(span);
        if draft.sentences.iter().any(is_there) {
            return None;
        }
        let own = Long { text: text.clone(), language: self.language, date: self.date };
        own.retold(written)
    }

    /// Takes the best of the answers that came: the fullest, then the one with the fewest sentences that
    /// the article does not have, then the one with the fewest findings; of equals the likeliest, or
    /// where many were drawn, the one that the others agree with most.
    fn settle(&mut self) {
        let n_wanted = self.n_wanted();
        let rank = |draft: &Draft| {
            let n_written = draft.sentences.iter().filter(|s| !s.is_own()).count();
            (Reverse(draft.sentences.len().min(n_wanted)), n_written)
        };
        let first = self.drafts.iter().map(rank).min();
        let (mut full, lacking): (Vec<Draft>, Vec<Draft>) =
            self.drafts.drain(..).partition(|draft| Some(rank(draft)) == first);
        self.rejected.extend(lacking.into_iter().flat_map(|draft| draft.rejected));
        let chosen = match self.options.quality {
            Quality::Best => best(&full),
            Quality::Fast | Quality::Balanced => first_of_best(&full),
        };
        if let Some(idx) = chosen {
            let draft = full.swap_remove(idx);
            self.rejected.extend(draft.rejected);
            if draft.sentences.len() > self.accepted.len() {
                self.accepted = draft.sentences;
            }
        }
    }
}

impl Draft {
    /// What is found in the whole is shown at its beginning; where it is an error, nothing is.
    fn judge(&mut self, source: &Side) {
        let Some(finding) = form::style(source, &self.text) else { return };
        if finding.severity == Severity::Error {
            let text = std::mem::take(&mut self.text);
            self.sentences.clear();
            self.rejected.push(Rejected { text, findings: vec![finding] });
            self.findings.clear();
        } else if let Some(first) = self.sentences.first_mut() {
            self.findings.push(finding.clone());
            first.findings.push(finding);
        }
    }

    fn add(&mut self, sentence: Sentence) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&sentence.text);
        self.findings.extend(sentence.findings.iter().cloned());
        let without_source = |finding| Finding { source: None, ..finding };
        let findings = sentence.findings.into_iter().map(without_source).collect();
        self.sentences.push(Sentence { findings, ..sentence });
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
        if self.stage != Stage::Whole || self.n_open > 0 {
            return Ok(Vec::new());
        }
        self.settle();
        let enough = self.accepted.len() >= self.n_wanted();
        if enough || self.n_asked >= MAX_ASKED {
            return Ok(Vec::new());
        }
        let question = self.whole_question();
        self.n_asked += 1;
        self.n_open = question.n_answers();
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
            _ => {
                let draft = self.draft(&answer.text);
                // The question is counted with the first of its answers, which is no draw.
                let place = if answer.n_prompt > 0 { 0 } else { self.drafts.len() };
                self.drafts.insert(place, draft);
                self.n_open = self.n_open.saturating_sub(1);
            }
        }
    }
}
