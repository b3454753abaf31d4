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
    /// The question is answered once more for each of these.
    pub also: Vec<Sampling>,
}

impl Question {
    /// How many answers there will be.
    pub fn n_answers(&self) -> usize {
        1 + self.also.len()
    }
}

/// What the model said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// With the opening that was given to it, without blanks around it.
    pub text: String,
    /// Whether the model ended by itself, not at the limit.
    pub complete: bool,
    /// Tokens of the question; of several answers only the first counts them.
    pub n_prompt: usize,
    pub n_generated: usize,
}

/// Who can be asked. The engine answers in earnest; tests answer from a script.
pub trait Answerer {
    /// Takes a question and names it. Of those that wait, the one with the lowest rank is taken
    /// first, and of equals the longest.
    ///
    /// # Errors
    /// When the question does not fit the model's context.
    fn ask(&mut self, question: &Question, rank: usize) -> Result<RequestId>;

    /// Works on all open questions at once for a little while, and returns what got answered. A
    /// question that wants several answers gives them one by one, in any order.
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
    open: HashMap<RequestId, Open>,
}

/// What is kept of a question until its last answer.
struct Open {
    opening: String,
    n_answers: usize,
}

impl<'e> Session<'e> {
    pub fn new(engine: &'e Engine, limits: Limits) -> Self {
        let scheduler = engine.scheduler(limits);
        Self { engine, scheduler, next_id: 0, open: HashMap::new() }
    }

    /// Counts an answer, and returns the words that it begins with.
    fn close(&mut self, id: RequestId) -> String {
        let Some(open) = self.open.get_mut(&id) else { return String::new() };
        open.n_answers -= 1;
        match open.n_answers {
            0 => self.open.remove(&id).map(|open| open.opening).unwrap_or_default(),
            _ => open.opening.clone(),
        }
    }

    /// What has been computed so far.
    pub fn stats(&self) -> Stats {
        self.scheduler.stats()
    }
}

impl Answerer for Session<'_> {
    fn ask(&mut self, question: &Question, rank: usize) -> Result<RequestId> {
        let mut prompt = self.engine.prompt(&question.messages)?;
        prompt.extend(self.engine.encode(&question.opening)?);
        let (n_tokens, limit) =
            (prompt.len() + question.max_new_tokens, self.engine.context_length());
        if n_tokens > limit {
            return Err(Error::TooLong { n_tokens, limit });
        }
        let id = self.next_id;
        self.next_id += 1;
        let (opening, n_answers) = (question.opening.clone(), question.n_answers());
        self.open.insert(id, Open { opening, n_answers });
        self.scheduler.submit(Request {
            id,
            rank,
            prompt,
            max_new_tokens: question.max_new_tokens,
            stop: if question.one_line {
                self.engine.line_breaks().clone()
            } else {
                HashSet::new()
            },
            sampling: question.sampling.clone(),
            also: question.also.clone(),
        });
        Ok(id)
    }

    fn work(&mut self) -> Result<Vec<(RequestId, Answer)>> {
        let completions = self.scheduler.step()?;
        let answers = completions.into_iter().map(|completion| {
            let opening = self.close(completion.id);
            let text = format!("{opening}{}", self.engine.text(&completion)?);
            let answer = Answer {
                text: text.trim().to_owned(),
                complete: completion.stop != StopReason::MaxNewTokens,
                n_prompt: if completion.sample_idx == 0 { completion.n_prompt } else { 0 },
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
