//! From the articles on one event to its part of a note: the rules first, then the weightiest sentences
//! in fewer words, and beside it the translation of everything that is cited in words.

use super::assemble::Assembly;
use super::note::Event;
use super::outline::Outline;
use super::rendering::{Rendering, Wording};
use super::source::{Dossier, Place, Source};
use super::statements::Said;
use super::{Earlier, Length};
use crate::Result;
use crate::digest::Language;
use crate::engine::{Answer, Answerer, Question, Sampling};
use crate::pipeline::{Key, Lane, Task};
use crate::shorten::{Long, Shortening};
use crate::translate;

/// How a note is made.
#[derive(Debug, Clone)]
pub struct Options {
    /// The language that it is written in.
    pub language: Language,
    pub length: Length,
    /// No sentence of the note is shortened; the model only translates.
    pub is_extractive: bool,
    pub sampling: Sampling,
    /// How to translate; the languages are those of each article and of the note.
    pub translation: translate::Options,
    /// A lower limit on the length of each answer than the tasks have themselves.
    pub max_new_tokens: Option<usize>,
}

/// One event on its way into the note.
#[derive(Debug)]
pub struct Briefing {
    sources: Vec<Source>,
    outline: Outline,
    options: Options,
    shortening: Option<Lane<Shortening>>,
    /// The sentences of the bottom line in fewer words, where they are.
    shortened: Vec<Option<String>>,
    rendering: Rendering,
}

/// The lanes; a question's key is `key in its lane * N_LANES + lane`.
const SHORTENING: usize = 0;
const RENDERING: usize = 1;
const N_LANES: usize = 2;

impl Briefing {
    /// Applies the rules, and gets ready to ask.
    pub fn new(sources: Vec<Source>, options: &Options) -> Self {
        let dossier = Dossier::new(&sources);
        let outline = Outline::new(&dossier, options.language, options.length);
        drop(dossier);
        let translation = translate::Options {
            to: options.language.code().into(),
            ..options.translation.clone()
        };
        let mut new = Self {
            rendering: Rendering::new(&translation),
            options: options.clone(),
            shortening: None,
            shortened: vec![None; outline.bottom_line.len()],
            sources,
            outline,
        };
        new.wordings().iter().for_each(|wording| new.rendering.add(wording));
        let long = new.long();
        if !options.is_extractive && long.iter().any(Long::is_worth_it) {
            new.shortening = Some(Lane::new(Shortening::new(long, &options.sampling)));
        }
        new
    }

    /// Whether a model has anything to do.
    pub fn needs_model(&self) -> bool {
        self.shortening.is_some() || !self.rendering.is_empty()
    }

    /// The event, once no question is open.
    pub fn into_event(mut self, earlier: Option<&Earlier>) -> Event {
        self.finish_shortening();
        let (sources, outline) = (self.sources, self.outline);
        let language = self.options.language;
        let rendered = self.rendering.into_rendered();
        let assembly = Assembly {
            sources: &sources,
            outline: &outline,
            rendered: &rendered,
            shortened: &self.shortened,
            earlier,
            language,
        };
        assembly.event()
    }

    /// What is shown in the note's language.
    fn wordings(&self) -> Vec<Wording> {
        let outline = &self.outline;
        let of_values = outline.facts.iter().flat_map(|fact| {
            let n = if fact.is_disagreement() { usize::MAX } else { 1 };
            fact.values.iter().flat_map(move |value| value.places.iter().take(n))
        });
        let firsts = outline.points.iter().filter_map(|point| point.places.first());
        let firsts = firsts.chain(outline.statements.iter().filter_map(|said| said.places.first()));
        let firsts = firsts.chain(outline.timeline.iter().filter_map(|entry| entry.places.first()));
        let firsts = firsts.chain(outline.bottom_line.iter().filter_map(|places| places.first()));
        let places = firsts.chain(of_values).chain(&outline.unknown);
        let mut all: Vec<Wording> = places.map(|place| wording(&self.sources, *place)).collect();
        all.extend(outline.titled.iter().filter_map(|idx| title(&self.sources[*idx])));
        let speakers = outline.statements.iter().filter(|said| !said.is_person);
        all.extend(speakers.map(|said| speaker_wording(said, &self.sources)));
        all
    }

    /// The sentences of the bottom line.
    fn long(&self) -> Vec<Long> {
        let firsts = self.outline.bottom_line.iter().map(|places| places[0]);
        let wordings = firsts.map(|place| wording(&self.sources, place));
        wordings.map(|Wording { text, language, date }| Long { text, language, date }).collect()
    }

    /// Turns to the translation of the shortened sentences once no question about them is open.
    fn finish_shortening(&mut self) {
        let Some(lane) = self.shortening.take_if(|lane| lane.is_idle()) else { return };
        self.shortened = lane.task.into_shortened();
        for (places, short) in self.outline.bottom_line.iter().zip(&self.shortened) {
            self.rendering.add(&short_wording(&self.sources, places[0], short.as_deref()));
        }
    }
}

/// A sentence of an article.
pub fn wording(sources: &[Source], place: Place) -> Wording {
    let source = &sources[place.source_idx];
    let text = source.sentences[place.sentence_idx].text.clone();
    Wording { text, language: source.language, date: source.date }
}

/// The title of an article.
pub fn title(source: &Source) -> Option<Wording> {
    let text = source.title.clone()?;
    Some(Wording { text, language: source.language, date: source.date })
}

/// A speaker without a name.
pub fn speaker_wording(said: &Said, sources: &[Source]) -> Wording {
    let language = said.places.first().map_or("fr", |place| sources[place.source_idx].language);
    Wording { text: said.speaker.clone(), language, date: None }
}

/// A sentence of an article, in fewer words where there are.
pub fn short_wording(sources: &[Source], place: Place, short: Option<&str>) -> Wording {
    let own = wording(sources, place);
    Wording { text: short.map_or(own.text, str::to_owned), ..own }
}

impl Task for Briefing {
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        let mut questions = Vec::new();
        let mut take = |lane: usize, asked: Vec<(Key, Question)>| {
            questions.extend(asked.into_iter().map(|(key, q)| (key * N_LANES + lane, q)));
        };
        if let Some(lane) = &mut self.shortening {
            take(SHORTENING, lane.questions(model)?);
        }
        self.finish_shortening();
        take(RENDERING, self.rendering.questions(model)?);
        if let Some(limit) = self.options.max_new_tokens {
            questions.iter_mut().for_each(|(_, q)| q.max_new_tokens = q.max_new_tokens.min(limit));
        }
        Ok(questions)
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        let (key, lane) = (key / N_LANES, key % N_LANES);
        match (lane, &mut self.shortening) {
            (SHORTENING, Some(lane)) => lane.answer(key, answer),
            (SHORTENING, None) => {}
            _ => self.rendering.answer(key, answer),
        }
    }
}
