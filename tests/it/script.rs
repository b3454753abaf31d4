//! A model that answers from a script, so that what is made of its answers can be tested exactly.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use candle_core::quantized::GgmlDType;
use depeche::engine::{Answer, Answerer, Question, RequestId};
use depeche::{Error, Result};

use crate::tiny::Tiny;

/// Answers each question by a function of it; one answer for each call of `work`.
pub struct Script<'s> {
    reply: Box<dyn FnMut(&Question) -> Answer + 's>,
    open: VecDeque<(RequestId, Answer)>,
    n_asked: u64,
    backwards: bool,
    /// Words that fit a question.
    context_length: usize,
}

impl<'s> Script<'s> {
    pub fn new(reply: impl FnMut(&Question) -> Answer + 's) -> Self {
        Self {
            reply: Box::new(reply),
            open: VecDeque::new(),
            n_asked: 0,
            backwards: false,
            context_length: 4096,
        }
    }

    /// The last question is answered first.
    pub fn backwards(self, backwards: bool) -> Self {
        Self { backwards, ..self }
    }
}

impl Answerer for Script<'_> {
    fn ask(&mut self, question: &Question, _rank: usize) -> Result<RequestId> {
        let n_tokens = said(question).split_whitespace().count();
        if n_tokens > self.context_length {
            return Err(Error::TooLong { n_tokens, limit: self.context_length });
        }
        self.n_asked += 1;
        for _ in 0..question.n_answers() {
            let answer = (self.reply)(question);
            self.open.push_back((self.n_asked, answer));
        }
        Ok(self.n_asked)
    }

    fn work(&mut self) -> Result<Vec<(RequestId, Answer)>> {
        let next = if self.backwards { self.open.pop_back() } else { self.open.pop_front() };
        Ok(next.into_iter().collect())
    }

    fn context_length(&self) -> usize {
        self.context_length
    }

    fn count(&self, text: &str) -> Result<usize> {
        Ok(text.split_whitespace().count())
    }
}

/// The last thing that the model was told; of a translation the sentence itself, without the terms
/// before it and what was wrong with earlier answers behind it.
pub fn said(question: &Question) -> &str {
    let told = question.messages.last().unwrap().content.as_str();
    let told = told.split_once("\n\n(").map_or(told, |(sentence, _)| sentence);
    match told.strip_prefix('[').and_then(|told| told.split_once("]\n")) {
        Some((_, sentence)) => sentence,
        None => told,
    }
}

/// An answer that the model ended by itself.
pub fn answer(text: &str) -> Answer {
    Answer { text: text.into(), complete: true, n_prompt: 10, n_generated: 5 }
}

/// The smallest network that there can be, for tests that run the whole program many times.
pub fn smallest_model(dir: &Path) -> PathBuf {
    let tiny = Tiny { n_layers: 1, n_heads: 2, n_kv_heads: 1, ..Tiny::of(GgmlDType::Q8_0) };
    Tiny { width: 32, ffn_width: 32, ..tiny }.write_into(dir)
}
