//! Sentences of several articles on their way into the note's language, each of them once.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::Result;
use crate::check::Finding;
use crate::engine::{Answer, Answerer, Question};
use crate::pipeline::{Key, Task};
use crate::translate::{self, Translation};

/// Words to translate, and the article that they are of, as far as it matters to that.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wording {
    pub text: String,
    /// ISO 639-1.
    pub language: &'static str,
    /// The day that the article was written on: `lundi` hangs on it.
    pub date: Option<Date>,
}

/// Words in the note's language.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    pub text: String,
    /// What the checks found and no further try could mend.
    pub findings: Vec<Finding>,
}

/// All wordings of a note.
#[derive(Debug)]
pub struct Rendering {
    options: translate::Options,
    /// One for each language and day.
    lanes: Vec<((&'static str, Option<Date>), Translation)>,
    /// Lane and segment of each wording.
    places: HashMap<Wording, (usize, usize)>,
}

/// More lanes than any note has articles; a question's key is `key in its lane * N + lane`.
const N_LANES: usize = 1 << 20;

impl Rendering {
    /// Into the language that the options name.
    pub fn new(options: &translate::Options) -> Self {
        Self { options: options.clone(), lanes: Vec::new(), places: HashMap::new() }
    }

    /// Adds words; those in the note's language stay as they are.
    pub fn add(&mut self, wording: &Wording) {
        if wording.language == self.options.to || self.places.contains_key(wording) {
            return;
        }
        let key = (wording.language, wording.date);
        let found = self.lanes.iter().position(|(own, _)| *own == key);
        let lane_idx = found.unwrap_or_else(|| {
            let from = wording.language.to_owned();
            let options = translate::Options { from, date: wording.date, ..self.options.clone() };
            self.lanes.push((key, Translation::new([], &options)));
            self.lanes.len() - 1
        });
        let lane = &mut self.lanes[lane_idx].1;
        self.places.insert(wording.clone(), (lane_idx, lane.n_segments()));
        lane.add(&wording.text, &[]);
    }

    /// Whether anything needs a model.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The words in the note's language, once no question is open.
    pub fn into_rendered(self) -> impl Fn(&Wording) -> Rendered {
        let lanes: Vec<_> = self.lanes.into_iter().map(|(_, t)| t.into_translated()).collect();
        let places = self.places;
        move |wording| match places.get(wording) {
            Some(&(lane, idx)) => {
                let translated = &lanes[lane][idx];
                let (text, findings) = (translated.text.clone(), translated.findings.clone());
                Rendered { text, findings }
            }
            None => Rendered { text: wording.text.clone(), findings: Vec::new() },
        }
    }
}

impl Task for Rendering {
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        let mut questions = Vec::new();
        for (lane_idx, (_, lane)) in self.lanes.iter_mut().enumerate() {
            let asked = lane.questions(model)?.into_iter();
            questions.extend(asked.map(|(key, q)| (key * N_LANES + lane_idx, q)));
        }
        Ok(questions)
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        if let Some((_, lane)) = self.lanes.get_mut(key % N_LANES) {
            lane.answer(key / N_LANES, answer);
        }
    }
}
