//! From an article to its digest: first the summary, then the translation of its sentences; the
//! whole text, where it is wanted, beside them.

use std::time::Instant;

use super::{Check, Digest, Language, Options, Paragraph, Passage, Place, Summary, Support};
use crate::Result;
use crate::article::{Article, Block, BlockKind, RawArticle, Span};
use crate::check::{self, Finding, Severity, Side};
use crate::clean;
use crate::engine::{Answer, Answerer, Question};
use crate::pipeline::{Key, Lane, Task};
use crate::summarize::{self, Summarizing};
use crate::translate::{self, Translated, Translation, Usage};

/// The lanes; a question's key is `key in its lane * N_LANES + lane`.
const SUMMARY: usize = 0;
const BODY: usize = 1;
const RENDERING: usize = 2;
const N_LANES: usize = 3;

/// A digest under way.
#[derive(Debug)]
pub struct Digesting {
    raw: RawArticle,
    article: Article,
    language: Language,
    options: Options,
    summarizing: Option<Lane<Summarizing>>,
    summary: Option<summarize::Summary>,
    /// The title, then the summary's sentences.
    rendering: Option<Lane<Translation>>,
    body: Option<Lane<Translation>>,
    usage: Usage,
    context_length: usize,
    started: Option<Instant>,
    seconds: f64,
}

impl Digesting {
    /// Cleans the article and gets ready to ask.
    pub fn new(raw: RawArticle, options: &Options) -> Self {
        let article = clean::clean(&raw);
        Self::of(raw, article, options)
    }

    /// Gets ready to ask about an article that is cleaned already.
    pub fn of(raw: RawArticle, article: Article, options: &Options) -> Self {
        let found = Language::named(article.language.code).unwrap_or(Language::French);
        let language = options.from.unwrap_or(found);
        let mut read_as = article.clone();
        read_as.language.code = language.code();
        read_as.language.confidence = read_as.language.confidence.max(f64::MIN_POSITIVE);
        let summarizing = Lane::new(Summarizing::new(&read_as, &options.summary));
        let mut new = Self {
            raw,
            article,
            language,
            options: options.clone(),
            summarizing: Some(summarizing),
            summary: None,
            rendering: None,
            body: None,
            usage: Usage::default(),
            context_length: 0,
            started: None,
            seconds: 0.0,
        };
        new.body = options.full.then(|| Lane::new(new.body_translation()));
        new
    }

    /// The article's name.
    pub fn id(&self) -> &str {
        &self.raw.id
    }

    /// How much of the work is done, about, from 0 to 1.
    pub fn share_done(&self) -> f64 {
        let n_settled = |lane: &Option<Lane<Translation>>| {
            lane.as_ref().map(|lane| lane.task.n_settled()).unwrap_or_default()
        };
        let (done, all) = n_settled(&self.body);
        let (done_short, all_short) = n_settled(&self.rendering);
        // A summary costs about as much as the translation of six sentences.
        let n_summary = if self.summary.is_some() { 6 } else { 0 };
        let n_all = 6 + all + all_short.max(4);
        (n_summary + done + done_short) as f64 / n_all as f64
    }

    /// The digest, once no question is open.
    pub fn into_digest(mut self) -> Digest {
        self.finish_summary();
        let summary = self.summary.take().unwrap_or_else(nothing);
        let translated = |lane: Option<Lane<Translation>>, usage: &mut Usage| {
            let lane = lane?;
            usage.n_prompt += lane.task.usage.n_prompt;
            usage.n_generated += lane.task.usage.n_generated;
            Some(lane.task.into_translated())
        };
        let rendered = translated(self.rendering.take(), &mut self.usage).unwrap_or_default();
        let body = translated(self.body.take(), &mut self.usage);
        let mut rendered = rendered.into_iter();
        let mut checks = Checks { raw: &self.raw, found: Vec::new(), n_repaired: 0 };
        let target = self.language.other();
        let title = self.article.title.as_ref().and_then(|title| {
            let translated = rendered.next()?;
            Some(checks.title(title, translated, Place::Title(target)))
        });
        let sources: Vec<Source> =
            summary.sentences.iter().map(|s| Source { text: &s.text, span: s.span() }).collect();
        let other = checks.passage(&sources, rendered, Place::Summary(target));
        let own = checks.own(&summary.sentences, self.language);
        checks.article(&self.article);
        let translation = body.map(|body| checks.paragraphs(&self.article, body));
        let (fr, en) = match self.language {
            Language::French => (own, other),
            Language::English => (other, own),
        };
        Digest {
            n_repaired: checks.n_repaired,
            checks: checks.found,
            raw: self.raw,
            article: self.article,
            language: self.language,
            title,
            summary: Summary { fr, en },
            sources: summary.sentences.into_iter().map(Support::from).collect(),
            method: summary.method,
            rejected: summary.rejected,
            translation,
            usage: self.usage,
            n_parts: summary.n_parts,
            context_length: self.context_length,
            seconds: self.seconds,
        }
    }

    fn body_translation(&self) -> Translation {
        let texts = paragraphs(&self.article).flat_map(|(idx, _)| sentences(&self.article, idx));
        Translation::new(texts.map(|source| source.text), &self.translation_options())
    }

    fn translation_options(&self) -> translate::Options {
        translate::Options {
            from: self.language.code().into(),
            to: self.language.other().code().into(),
            date: self.article.published.map(|dated| dated.date),
            ..self.options.translation.clone()
        }
    }

    /// Turns to the translation of the summary once no question about it is open.
    fn finish_summary(&mut self) {
        let Some(lane) = self.summarizing.take_if(|lane| lane.is_idle()) else { return };
        self.usage.n_prompt += lane.task.usage.n_prompt;
        self.usage.n_generated += lane.task.usage.n_generated;
        let summary = lane.task.into_summary();
        let title = self.article.title.as_deref().into_iter();
        let texts = title.chain(summary.sentences.iter().map(|s| s.text.as_str()));
        self.rendering = Some(Lane::new(Translation::new(texts, &self.translation_options())));
        self.summary = Some(summary);
    }
}

/// The blocks of a full translation.
fn paragraphs(article: &Article) -> impl Iterator<Item = (usize, &Block)> {
    let is_text = |block: &Block| block.is_body() || is_intertitle(block);
    article.blocks.iter().enumerate().filter(move |(_, block)| is_text(block))
}

fn is_intertitle(block: &Block) -> bool {
    block.kept && block.kind == BlockKind::Intertitle
}

fn sentences(article: &Article, block_idx: usize) -> impl Iterator<Item = Source<'_>> {
    let own = article.sentences.iter().filter(move |s| s.block_idx == block_idx);
    own.map(|s| Source { text: &s.text, span: Some(s.span) })
}

/// The summary of an article that was never asked about.
fn nothing() -> summarize::Summary {
    summarize::Summary {
        sentences: Vec::new(),
        method: summarize::Method::Extractive,
        rejected: Vec::new(),
        n_parts: 0,
    }
}

impl Task for Digesting {
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        self.started.get_or_insert_with(Instant::now);
        self.context_length = model.context_length();
        let mut questions = Vec::new();
        let mut take = |lane: usize, asked: Vec<(Key, Question)>| {
            questions.extend(asked.into_iter().map(|(key, q)| (key * N_LANES + lane, q)));
        };
        if let Some(lane) = &mut self.summarizing {
            take(SUMMARY, lane.questions(model)?);
        }
        self.finish_summary();
        if let Some(lane) = &mut self.rendering {
            take(RENDERING, lane.questions(model)?);
        }
        if let Some(lane) = &mut self.body {
            take(BODY, lane.questions(model)?);
        }
        if let Some(limit) = self.options.max_new_tokens {
            questions.iter_mut().for_each(|(_, q)| q.max_new_tokens = q.max_new_tokens.min(limit));
        }
        self.seconds = self.started.map_or(0.0, |started| started.elapsed().as_secs_f64());
        Ok(questions)
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        let (key, lane) = (key / N_LANES, key % N_LANES);
        match lane {
            SUMMARY => self.summarizing.iter_mut().for_each(|l| l.answer(key, answer.clone())),
            BODY => self.body.iter_mut().for_each(|l| l.answer(key, answer.clone())),
            _ => self.rendering.iter_mut().for_each(|l| l.answer(key, answer.clone())),
        }
    }
}

/// What was translated: the words, and their place in the file where they stand there verbatim.
#[derive(Debug, Clone, Copy)]
struct Source<'a> {
    text: &'a str,
    span: Option<Span>,
}

fn shift(span: Span, by: usize) -> Span {
    Span::new(span.start + by, span.end + by)
}

/// Findings on their way from one sentence to the whole digest.
struct Checks<'r> {
    raw: &'r RawArticle,
    found: Vec<Check>,
    n_repaired: usize,
}

impl Checks<'_> {
    /// The sentences of a summary in the article's own language. What is doubtful in them is
    /// doubtful in their translation too, however true that is to them.
    fn own(&mut self, sentences: &[summarize::Sentence], language: Language) -> Passage {
        let (place, translated) = (Place::Summary(language), Place::Summary(language.other()));
        let mut passage = Passage::default();
        for (sentence_idx, sentence) in sentences.iter().enumerate() {
            passage.sentences.push(sentence.text.clone());
            let offset = passage.offset(sentence_idx);
            let source = sentence.sources.first().copied();
            for finding in &sentence.findings {
                let target = finding.target.map(|span| shift(span, offset));
                let finding = Finding { source, target, ..finding.clone() };
                let source_text = source.map(|span| span.of(&self.raw.text).to_owned());
                let source_text = source_text.unwrap_or_default();
                if finding.severity >= Severity::Warning {
                    let finding = Finding { target: None, ..finding.clone() };
                    let (place, source_text) = (translated, source_text.clone());
                    self.found.push(Check { place, sentence_idx, finding, source_text });
                }
                self.found.push(Check { place, sentence_idx, finding, source_text });
            }
        }
        passage
    }

    /// What the article itself gets wrong.
    fn article(&mut self, article: &Article) {
        let date = article.published.map(|dated| dated.date);
        for (sentence_idx, sentence) in article.sentences.iter().enumerate() {
            let source = Source { text: &sentence.text, span: Some(sentence.span) };
            for finding in check::alone(&Side::read(&sentence.text, article.language.code, date)) {
                self.found.push(Check {
                    place: Place::Article,
                    sentence_idx,
                    finding: self.settled(finding, &source, 0),
                    source_text: sentence.text.clone(),
                });
            }
        }
    }

    fn title(&mut self, title: &str, translated: Translated, place: Place) -> String {
        let source = Source { text: title, span: None };
        self.passage(&[source], [translated].into_iter(), place).text()
    }

    fn passage(
        &mut self,
        sources: &[Source],
        translated: impl Iterator<Item = Translated>,
        place: Place,
    ) -> Passage {
        let mut passage = Passage::default();
        for (idx, (source, sentence)) in sources.iter().zip(translated).enumerate() {
            passage.sentences.push(sentence.text);
            self.n_repaired += usize::from(sentence.is_repaired);
            let offset = passage.offset(idx);
            for finding in sentence.findings {
                self.found.push(Check {
                    place,
                    sentence_idx: idx,
                    finding: self.settled(finding, source, offset),
                    source_text: source.text.to_owned(),
                });
            }
        }
        passage
    }

    /// A finding with spans of the file and of the whole passage.
    fn settled(&self, finding: Finding, source: &Source, offset: usize) -> Finding {
        let in_file = source.span.map(|whole| match finding.source {
            // A sentence that was normalised has other offsets than the file.
            Some(part) if whole.of(&self.raw.text) == source.text => shift(part, whole.start),
            _ => whole,
        });
        Finding { source: in_file, target: finding.target.map(|s| shift(s, offset)), ..finding }
    }

    /// As many paragraphs as the article has.
    fn paragraphs(&mut self, article: &Article, translated: Vec<Translated>) -> Vec<Paragraph> {
        let mut translated = translated.into_iter();
        let mut all = Vec::new();
        for (place, (idx, block)) in paragraphs(article).enumerate() {
            let sources: Vec<Source> = sentences(article, idx).collect();
            let own = translated.by_ref().take(sources.len());
            let passage = self.passage(&sources, own, Place::Paragraph(place));
            all.push(Paragraph { kind: block.kind, source: block.span, passage });
        }
        all
    }
}
