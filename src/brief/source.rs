//! The articles of a note, read once for all its rules.

use jiff::civil::Date;

use crate::article::{Article, BlockKind, Format, RawArticle, Span, Warning};
use crate::check::{self, Side};

/// An article as a note sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// [`RawArticle::id`].
    pub id: String,
    /// The headline.
    pub title: Option<String>,
    /// The news agency, or else the site.
    pub origin: Option<String>,
    /// Whether the origin is a news agency.
    pub is_agency: bool,
    /// When it appeared, as the page says.
    pub date: Option<Date>,
    /// ISO 639-1.
    pub language: &'static str,
    /// The sentences of the title, the intertitles and the running text, in order.
    pub sentences: Vec<Sentence>,
    pub warnings: Vec<Warning>,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
}

/// A sentence and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub text: String,
    /// Where it stands in the file; `None` where the file is packed and has no places.
    pub span: Option<Span>,
    pub kind: BlockKind,
    /// Its block, counted from the first of the article.
    pub block_idx: usize,
}

impl Source {
    /// What a note needs of an article that is cleaned.
    pub fn new(raw: &RawArticle, article: &Article) -> Self {
        let has_places = !matches!(raw.format, Format::Docx | Format::Pdf);
        let sentence = |sentence: &crate::article::Sentence| {
            let block = article.blocks.get(sentence.block_idx)?;
            let is_of_note =
                block.is_body() || matches!(block.kind, BlockKind::Title | BlockKind::Intertitle);
            is_of_note.then(|| Sentence {
                text: sentence.text.clone(),
                span: has_places.then(|| raw.in_file(sentence.span)),
                kind: block.kind,
                block_idx: sentence.block_idx,
            })
        };
        Self {
            id: raw.id.clone(),
            title: article.title.clone(),
            origin: article.source().map(str::to_owned),
            is_agency: article.agency.is_some(),
            date: article.published.map(|dated| dated.date),
            language: if article.language.is_known() { article.language.code } else { "fr" },
            sentences: article.sentences.iter().filter_map(sentence).collect(),
            warnings: article.warnings.clone(),
            sha256: raw.sha256.clone(),
        }
    }
}

impl Sentence {
    /// Whether it is running text, and no heading.
    pub fn is_prose(&self) -> bool {
        self.kind.is_prose()
    }
}

/// A sentence of a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub source_idx: usize,
    pub sentence_idx: usize,
}

/// The articles on one event, each sentence read by the grammars of the checks.
#[derive(Debug)]
pub struct Dossier<'s> {
    pub sources: Vec<&'s Source>,
    /// `[source][sentence]`
    sides: Vec<Vec<Side<'s>>>,
}

impl<'s> Dossier<'s> {
    /// Reads the sentences of these articles.
    pub fn new(sources: impl IntoIterator<Item = &'s Source>) -> Self {
        let sources: Vec<&Source> = sources.into_iter().collect();
        let read = |source: &&'s Source| {
            let side =
                |sentence: &'s Sentence| Side::read(&sentence.text, source.language, source.date);
            source.sentences.iter().map(side).collect()
        };
        Self { sides: sources.iter().map(read).collect(), sources }
    }

    /// All sentences, article by article.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let of_source = |(source_idx, source): (usize, &&Source)| {
            let n_sentences = source.sentences.len();
            (0..n_sentences).map(move |sentence_idx| Place { source_idx, sentence_idx })
        };
        self.sources.iter().enumerate().flat_map(of_source)
    }

    /// The article that a sentence is of.
    pub fn source(&self, place: Place) -> &'s Source {
        self.sources[place.source_idx]
    }

    pub fn sentence(&self, place: Place) -> &'s Sentence {
        &self.source(place).sentences[place.sentence_idx]
    }

    pub fn text(&self, place: Place) -> &'s str {
        &self.sentence(place).text
    }

    /// The numbers, times and names of a sentence.
    pub fn side(&self, place: Place) -> &Side<'s> {
        &self.sides[place.source_idx][place.sentence_idx]
    }

    /// The sentences of running text before this one in its article.
    pub fn n_before(&self, place: Place) -> usize {
        let before = &self.source(place).sentences[..place.sentence_idx];
        before.iter().filter(|sentence| sentence.is_prose()).count()
    }

    /// What the calendar or arithmetic refutes in a sentence.
    pub fn faults(&self, place: Place) -> Vec<check::Finding> {
        check::alone(self.side(place))
    }
}
