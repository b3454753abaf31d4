//! Questions in words, answers in words: the edge of the engine that the rest of the program sees.

use std::collections::{HashMap, HashSet};

use super::{
    Engine, Limits, Message, Request, RequestId, Sampling, Scheduler, Sentence, Stats, StopReason,
    Translating, Translator,
};
use crate::{Error, Result};

/// One question to the model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    /// In the place of messages, where [`Answerer::translates`] its languages.
    pub sentence: Option<Sentence>,
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

    /// Whether sentences can be asked for as they are ([`Question::sentence`]), to be translated from
    /// one language into another.
    fn translates(&self, from: &str, to: &str) -> bool {
        let _ = (from, to);
        false
    }
}

/// An engine with questions under way, and beside it, where there is one, a translation network.
pub struct Session<'e> {
    engine: &'e Engine,
    scheduler: Scheduler,
    next_id: RequestId,
    open: HashMap<RequestId, Open>,
    translating: Option<Translating<'e>>,
    /// The names that sentences have here, by those that they have there.
    sentences: HashMap<RequestId, RequestId>,
}

/// What is kept of a question until its last answer.
struct Open {
    opening: String,
    n_answers: usize,
}

impl<'e> Session<'e> {
    pub fn new(engine: &'e Engine, limits: Limits) -> Self {
        let scheduler = engine.scheduler(limits);
        let (open, sentences) = (HashMap::new(), HashMap::new());
        Self { engine, scheduler, next_id: 0, open, translating: None, sentences }
    }

    /// The same, with sentences translated by a network of its own.
    pub fn with_translator(self, translator: &'e Translator) -> Self {
        Self { translating: Some(Translating::new(translator)), ..self }
    }

    fn name(&mut self) -> RequestId {
        let id = self.next_id;
        self.next_id += 1;
        id
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
        if question.sentence.is_some()
            && let Some(translating) = &mut self.translating
        {
            let inner = translating.ask(question, rank)?;
            let id = self.name();
            self.sentences.insert(inner, id);
            return Ok(id);
        }
        let mut prompt = self.engine.prompt(&question.messages)?;
        prompt.extend(self.engine.encode(&question.opening)?);
        let (n_tokens, limit) =
            (prompt.len() + question.max_new_tokens, self.engine.context_length());
        if n_tokens > limit {
            return Err(Error::TooLong { n_tokens, limit });
        }
        let id = self.name();
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
        // They take little time, and others wait for them.
        if let Some(translating) = self.translating.as_mut().filter(|t| !t.is_idle()) {
            let answers = translating.work()?;
            let named = |(id, answer): &(RequestId, Answer)| {
                Some((*self.sentences.get(id)?, answer.clone()))
            };
            let named: Vec<_> = answers.iter().filter_map(named).collect();
            // All answers to a sentence come at once.
            for (id, _) in &answers {
                self.sentences.remove(id);
            }
            return Ok(named);
        }
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

    fn translates(&self, from: &str, to: &str) -> bool {
        self.translating.as_ref().is_some_and(|translating| translating.translates(from, to))
    }
}
