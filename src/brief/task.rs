//! From the articles on one event to its part of a note: the rules first, then the bottom line from
//! the weightiest sentences, and beside it the translation of everything that is cited in words.

use super::assemble::Assembly;
use super::note::Event;
use super::outline::Outline;
use super::rendering::{Rendering, Wording};
use super::source::{Dossier, Place, Source};
use super::statements::Said;
use super::{Earlier, Length};
use crate::Result;
use crate::article::Span;
use crate::digest::Language;
use crate::engine::{Answer, Answerer, Question};
use crate::pipeline::{Key, Lane, Task};
use crate::summarize::{self, Matter, Summarizing, Summary};
use crate::translate;

/// How a note is made.
#[derive(Debug, Clone)]
pub struct Options {
    /// The language that it is written in.
    pub language: Language,
    pub length: Length,
    /// No sentence of the note is written by the model but translations.
    pub is_extractive: bool,
    pub summary: summarize::Options,
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
    summarizing: Option<Lane<Summarizing>>,
    summary: Option<Summary>,
    /// The sentences that the bottom line is made from, each with its place in one text.
    matter: Vec<(Place, Span)>,
    rendering: Rendering,
}

/// The lanes; a question's key is `key in its lane * N_LANES + lane`.
const SUMMARY: usize = 0;
const RENDERING: usize = 1;
const N_LANES: usize = 2;

/// The bottom line is made from so many points.
const N_POINTS: usize = 4;

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
            summarizing: None,
            summary: None,
            matter: Vec::new(),
            sources,
            outline,
        };
        new.wordings().iter().for_each(|wording| new.rendering.add(wording));
        if !options.is_extractive && !new.outline.points.is_empty() {
            new.summarizing = Some(Lane::new(new.summary_of_points()));
        }
        new
    }

    /// Whether a model has anything to do.
    pub fn needs_model(&self) -> bool {
        self.summarizing.is_some() || !self.rendering.is_empty()
    }

    /// The event, once no question is open.
    pub fn into_event(mut self, earlier: Option<&Earlier>) -> Event {
        self.finish_summary();
        let summary = self.summary.take();
        let (sources, outline, matter) = (self.sources, self.outline, self.matter);
        let language = self.options.language;
        let rendered = self.rendering.into_rendered();
        let assembly = Assembly {
            sources: &sources,
            outline: &outline,
            rendered: &rendered,
            earlier,
            language,
        };
        assembly.event(summary.as_ref(), &matter)
    }

    /// What is shown in the note's language.
    fn wordings(&self) -> Vec<Wording> {
        let outline = &self.outline;
        let of_values = outline.facts.iter().filter(|fact| fact.is_disagreement());
        let of_values = of_values.flat_map(|fact| &fact.values).flat_map(|value| &value.places);
        let firsts = outline.points.iter().filter_map(|point| point.places.first());
        let firsts = firsts.chain(outline.statements.iter().filter_map(|said| said.places.first()));
        let firsts = firsts.chain(outline.timeline.iter().filter_map(|entry| entry.places.first()));
        let places = firsts.chain(of_values).chain(&outline.unknown).chain(&outline.next);
        let mut all: Vec<Wording> = places.map(|place| wording(&self.sources, *place)).collect();
        all.extend(outline.titled.iter().filter_map(|idx| title(&self.sources[*idx])));
        let speakers = outline.statements.iter().filter(|said| !said.is_person);
        all.extend(speakers.map(|said| speaker_wording(said, &self.sources)));
        all
    }

    /// The task of the bottom line.
    fn summary_of_points(&mut self) -> Summarizing {
        let points = self.outline.points.iter().take(N_POINTS);
        let language = self.sources[self.outline.first_idx()].language;
        let mut sentences: Vec<(String, Span)> = Vec::new();
        let mut end = 0;
        for place in points.filter_map(|point| point.places.first()) {
            let source = &self.sources[place.source_idx];
            if source.language != language {
                continue;
            }
            let text = source.sentences[place.sentence_idx].text.clone();
            let span = Span::new(end, end + text.len());
            end = span.end + 1;
            self.matter.push((*place, span));
            sentences.push((text, span));
        }
        let source = &self.sources[self.outline.first_idx()];
        let (title, date) = (source.title.clone(), source.date);
        Summarizing::of(Matter { title, language, sentences, date }, &self.options.summary)
    }

    /// Turns to the translation of the bottom line once no question about it is open.
    fn finish_summary(&mut self) {
        let Some(lane) = self.summarizing.take_if(|lane| lane.is_idle()) else { return };
        let summary = lane.task.into_summary();
        for sentence in &summary.sentences {
            let wording = summary_wording(&sentence.text, &self.sources, &self.outline);
            self.rendering.add(&wording);
        }
        self.summary = Some(summary);
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

/// A sentence that the model wrote.
pub fn summary_wording(text: &str, sources: &[Source], outline: &Outline) -> Wording {
    let source = &sources[outline.first_idx()];
    Wording { text: text.to_owned(), language: source.language, date: source.date }
}

impl Task for Briefing {
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        let mut questions = Vec::new();
        let mut take = |lane: usize, asked: Vec<(Key, Question)>| {
            questions.extend(asked.into_iter().map(|(key, q)| (key * N_LANES + lane, q)));
        };
        if let Some(lane) = &mut self.summarizing {
            take(SUMMARY, lane.questions(model)?);
        }
        self.finish_summary();
        take(RENDERING, self.rendering.questions(model)?);
        if let Some(limit) = self.options.max_new_tokens {
            questions.iter_mut().for_each(|(_, q)| q.max_new_tokens = q.max_new_tokens.min(limit));
        }
        Ok(questions)
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        let (key, lane) = (key / N_LANES, key % N_LANES);
        match (lane, &mut self.summarizing) {
            (SUMMARY, Some(lane)) => lane.answer(key, answer),
            (SUMMARY, None) => {}
            _ => self.rendering.answer(key, answer),
        }
    }
}
