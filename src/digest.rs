//! All that is made of one article: a summary in French and in English, on request the whole text
//! in the other language, and what the checks found in them.

mod task;

pub use task::Digesting;

use std::collections::BTreeMap;

use crate::article::{Article, BlockKind, RawArticle, Span};
use crate::check::{Finding, Severity};
use crate::sources::Status;
use crate::summarize::{self, Method};
use crate::translate::{self, Usage};

/// What is to be made of an article.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub summary: summarize::Options,
    /// How to translate; the languages are those of the article and the other one.
    pub translation: translate::Options,
    /// Also the whole text in the other language.
    pub full: bool,
    /// The articles' language; without it, each article's own is found.
    pub from: Option<Language>,
    /// A lower limit on the length of each answer than the tasks have themselves.
    pub max_new_tokens: Option<usize>,
}

/// A language that digests are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    French,
    English,
}

impl Language {
    /// ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// The language of that code, if it is one of the two.
    pub fn named(code: &str) -> Option<Self> {
        [Self::French, Self::English].into_iter().find(|language| language.code() == code)
    }

    /// The one that a text in this language is translated into.
    pub fn other(self) -> Self {
        match self {
            Self::French => Self::English,
            Self::English => Self::French,
        }
    }
}

/// Sentences that make one text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passage {
    pub sentences: Vec<String>,
}

impl Passage {
    /// The sentences in a row.
    pub fn text(&self) -> String {
        self.sentences.join(" ")
    }

    /// Where a sentence begins in [`Passage::text`], in bytes.
    pub fn offset(&self, sentence_idx: usize) -> usize {
        self.sentences.iter().take(sentence_idx).map(|sentence| sentence.len() + 1).sum()
    }
}

/// A summary in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    pub fr: Passage,
    pub en: Passage,
}

impl Summary {
    /// The summary in that language.
    pub fn in_language(&self, language: Language) -> &Passage {
        match language {
            Language::French => &self.fr,
            Language::English => &self.en,
        }
    }
}

/// A translated block of the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    pub kind: BlockKind,
    /// The block in the file.
    pub source: Span,
    pub passage: Passage,
}

/// Which text of a digest a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The translated title.
    Title(Language),
    Summary(Language),
    /// A paragraph of the translation, by its index.
    Paragraph(usize),
    /// The article itself, which says what cannot be.
    Article,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Title(language) => write!(f, "title_{}", language.code()),
            Self::Summary(language) => write!(f, "summary.{}", language.code()),
            Self::Article => f.write_str("article"),
            Self::Paragraph(idx) => write!(f, "translation.{idx}"),
        }
    }
}

/// What a sentence of the summary rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    pub status: Status,
    /// The words are those of the first of these sentences, with parts left out.
    pub is_shortened: bool,
    /// The article's sentences, the closest first.
    pub spans: Vec<Span>,
}

impl From<summarize::Sentence> for Support {
    fn from(sentence: summarize::Sentence) -> Self {
        let summarize::Sentence { status, is_shortened, sources, .. } = sentence;
        Self { status, is_shortened, spans: sources }
    }
}

/// What a check found, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    pub place: Place,
    /// The sentence of that text.
    pub sentence_idx: usize,
    /// The source span counts bytes of the file, the target span bytes of the text at `place`.
    pub finding: Finding,
    /// The words that were translated.
    pub source_text: String,
}

/// All that was made of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    pub raw: RawArticle,
    pub article: Article,
    /// The language that the article was read in.
    pub language: Language,
    /// The title in the other language.
    pub title: Option<String>,
    pub summary: Summary,
    /// What each sentence of the summary rests on, in either language.
    pub sources: Vec<Support>,
    pub method: Method,
    /// What was found in generated sentences, which were then not used.
    pub rejected: Vec<summarize::Rejected>,
    pub translation: Option<Vec<Paragraph>>,
    pub checks: Vec<Check>,
    /// Translated sentences that were wrong when first written, and are no more.
    pub n_repaired: usize,
    pub usage: Usage,
    /// Parts in which the article was read.
    pub n_parts: usize,
    /// The most tokens that one question and its answer may have together.
    pub context_length: usize,
    /// From the first question to the last answer; other articles may have been under way too.
    pub seconds: f64,
}

impl Digest {
    /// The errors in what was written about the article.
    pub fn errors(&self) -> impl Iterator<Item = &Check> {
        let is_error = |check: &&Check| check.finding.severity == Severity::Error;
        self.checks.iter().filter(is_error).filter(|check| check.place != Place::Article)
    }

    /// Sentences whose worst finding is of that severity.
    pub fn n_marked(&self, severity: Severity) -> usize {
        let mut worst: BTreeMap<(String, usize), Severity> = BTreeMap::new();
        for check in self.checks.iter().filter(|check| check.place != Place::Article) {
            let own = worst.entry((check.place.to_string(), check.sentence_idx));
            let own = own.or_insert(check.finding.severity);
            *own = (*own).max(check.finding.severity);
        }
        worst.into_values().filter(|own| *own == severity).count()
    }

    /// What the article itself gets wrong.
    pub fn faults_of_article(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.place == Place::Article)
    }

    /// What to know before trusting the digest, as stable words.
    pub fn warnings(&self) -> Vec<&'static str> {
        let own = self.article.warnings.iter().map(|warning| warning.as_str());
        own.chain(self.is_other_language().then_some("other-language")).collect()
    }

    /// Whether the article is known to be in a language that is read as if it were French.
    fn is_other_language(&self) -> bool {
        let found = self.article.language;
        found.is_known() && Language::named(found.code).is_none()
    }
}
