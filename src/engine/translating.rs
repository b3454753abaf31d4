//! Sentences for a translation network, taken in like the questions of a [`super::Session`].

use super::translator::{Translation, Translator};
use super::{Answer, Answerer, Question, RequestId};
use crate::{Error, Result};

/// A translation network with sentences that wait.
pub struct Translating<'t> {
    translator: &'t Translator,
    waiting: Vec<Waiting>,
    next_id: RequestId,
}

struct Waiting {
    id: RequestId,
    rank: usize,
    /// The tokens of the sentence.
    source: Vec<u32>,
    to: String,
    n_answers: usize,
}

/// Hypotheses of a sentence side by side, at least.
const N_BEAMS: usize = 4;
/// Sentences that are taken at once: enough that long and short ones fill the passes, few enough that
/// results flow and an interrupt is heard.
const MAX_SENTENCES: usize = 64;

impl<'t> Translating<'t> {
    pub fn new(translator: &'t Translator) -> Self {
        Self { translator, waiting: Vec::new(), next_id: 0 }
    }

    /// Whether nothing waits.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The sentences that can be translated together with the first: into the same language and with
    /// as many translations wanted.
    fn next(&mut self) -> Vec<Waiting> {
        self.waiting.sort_by_key(|waiting| waiting.rank);
        let Some(first) = self.waiting.first() else { return Vec::new() };
        let kind = |waiting: &Waiting| (waiting.to.clone(), waiting.n_answers);
        let wanted = kind(first);
        let mut n_taken = 0;
        let taken = self.waiting.extract_if(.., |waiting| {
            let is_taken = n_taken < MAX_SENTENCES && kind(waiting) == wanted;
            n_taken += usize::from(is_taken);
            is_taken
        });
        taken.collect()
    }
}

impl Answerer for Translating<'_> {
    fn ask(&mut self, question: &Question, rank: usize) -> Result<RequestId> {
        let Some(sentence) = &question.sentence else {
            return Err(Error::tokenizer("a translation network answers no questions"));
        };
        let (source, to) = (self.translator.source(sentence)?, sentence.to.clone());
        let id = self.next_id;
        self.next_id += 1;
        let n_answers = question.n_answers();
        self.waiting.push(Waiting { id, rank, source, to, n_answers });
        Ok(id)
    }

    fn work(&mut self) -> Result<Vec<(RequestId, Answer)>> {
        let mut taken = self.next();
        let Some(first) = taken.first() else { return Ok(Vec::new()) };
        let (to, n_answers) = (first.to.clone(), first.n_answers);
        let sources: Vec<Vec<u32>> =
            taken.iter_mut().map(|waiting| std::mem::take(&mut waiting.source)).collect();
        let n_beams = N_BEAMS.max(n_answers);
        let found = self.translator.translate(&sources, &to, n_beams, n_answers)?;
        let answers =
            taken.iter().zip(sources).zip(found).flat_map(|((waiting, source), found)| {
                let answer = move |idx| (waiting.id, answer(source.len(), &found, idx));
                (0..waiting.n_answers).map(answer)
            });
        Ok(answers.collect())
    }

    fn context_length(&self) -> usize {
        self.translator.max_source_tokens()
    }

    fn count(&self, text: &str) -> Result<usize> {
        self.translator.count(text)
    }

    fn translates(&self, from: &str, to: &str) -> bool {
        self.translator.is_for(from, to)
    }
}

/// The hypothesis of that rank; where there are fewer, the last.
fn answer(n_source: usize, found: &[Translation], idx: usize) -> Answer {
    let own = found.get(idx).or(found.last());
    Answer {
        text: own.map_or(String::new(), |own| own.text.clone()),
        complete: own.is_some_and(|own| own.is_complete),
        n_prompt: if idx == 0 { n_source } else { 0 },
        n_generated: own.map_or(0, |own| own.n_tokens),
    }
}
