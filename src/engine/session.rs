//! Questions in words, answers in words: the edge of the engine that the rest of the program sees.

use std::collections::{HashMap, HashSet};

use super::{Engine, Limits, Message, Request, RequestId, Sampling, Scheduler, Stats, StopReason};
use crate::{Error, Result};

/// One question to the model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    pub messages: Vec<Message>,
    /// The first words of the answer, given to the model; the answer repeats them.
    pub opening: String,
    pub max_new_tokens: usize,
    /// The answer ends with its first line.
    pub one_line: bool,
    pub sampling: Sampling,
}

/// What the model said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// With the opening that was given to it, without blanks around it.
    pub text: String,
    /// Whether the model ended by itself, not at the limit.
    pub complete: bool,
    /// Tokens of the question.
    pub n_prompt: usize,
    pub n_generated: usize,
}

/// Who can be asked. The engine answers in earnest; tests answer from a script.
pub trait Answerer {
    /// Takes a question and names it. Of those that wait, the one with the lowest rank is taken
    /// first, and of equals the first that came.
    ///
    /// # Errors
    /// When the question does not fit the model's context.
    fn ask(&mut self, question: &Question, rank: usize) -> Result<RequestId>;

    /// Works on all open questions at once for a little while, and returns what got answered.
    ///
    /// # Errors
    /// When the device fails; the open questions are lost then.
    fn work(&mut self) -> Result<Vec<(RequestId, Answer)>>;

    /// The most tokens that a question and its answer may have together.
    fn context_length(&self) -> usize;

    /// Tokens in a text.
    ///
    /// # Errors
    /// When the vocabulary cannot spell it.
    fn count(&self, text: &str) -> Result<usize>;
}

/// An engine with questions under way.
pub struct Session<'e> {
    engine: &'e Engine,
    scheduler: Scheduler,
    next_id: RequestId,
    openings: HashMap<RequestId, String>,
}

impl<'e> Session<'e> {
    pub fn new(engine: &'e Engine, limits: Limits) -> Self {
        let scheduler = engine.scheduler(limits);
        Self { engine, scheduler, next_id: 0, openings: HashMap::new() }
    }

    /// What has been computed so far.
    pub fn stats(&self) -> Stats {
        self.scheduler.stats()
    }
}

impl Answerer for Session<'_> {
    fn ask(&mut self, question: &Question, rank: usize) -> Result<RequestId> {
        let mut prompt = self.engine.prompt(&question.messages)?;
        prompt.tokens.extend(self.engine.encode(&question.opening)?);
        let (n_tokens, limit) =
            (prompt.tokens.len() + question.max_new_tokens, self.engine.context_length());
        if n_tokens > limit {
            return Err(Error::TooLong { n_tokens, limit });
        }
        let id = self.next_id;
        self.next_id += 1;
        self.openings.insert(id, question.opening.clone());
        self.scheduler.submit(Request {
            id,
            rank,
            prompt: prompt.tokens,
            n_shared: prompt.n_shared,
            max_new_tokens: question.max_new_tokens,
            stop: if question.one_line {
                self.engine.line_breaks().clone()
            } else {
                HashSet::new()
            },
            sampling: question.sampling.clone(),
        });
        Ok(id)
    }

    fn work(&mut self) -> Result<Vec<(RequestId, Answer)>> {
        let completions = self.scheduler.step()?;
        let answers = completions.into_iter().map(|completion| {
            let opening = self.openings.remove(&completion.id).unwrap_or_default();
            let text = format!("{opening}{}", self.engine.text(&completion)?);
            let answer = Answer {
                text: text.trim().to_owned(),
                complete: completion.stop != StopReason::MaxNewTokens,
                n_prompt: completion.n_prompt,
                n_generated: completion.tokens.len(),
            };
            Ok((completion.id, answer))
        });
        answers.collect()
    }

    fn context_length(&self) -> usize {
        self.engine.context_length()
    }

    fn count(&self, text: &str) -> Result<usize> {
        self.engine.count(text)
    }
}
