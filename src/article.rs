//! An article as found and as cleaned: text, blocks, sentences, and where each stands in the file.
//!
//! Spans count bytes of the text as it was read; [`RawArticle::in_file`] gives the place in the file
//! as it was found, so that whatever is said about an article later (a removed line, a wrong
//! number) can be shown in the reader's own file.

use std::ops::Range;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::language::Language;
use crate::source_map::SourceMap;

/// A byte range; both ends lie on character boundaries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`; an end before the start gives an empty span.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The bytes in the span.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds nothing.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The text under the span, or nothing where the span is not one of this text.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// One article as it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct RawArticle {
    /// A name that is unique in a run: the path below the given folder, or `stdin`; of one article
    /// among several in a file its own id, or the file's with its number, e.g. `day.jsonl#3`.
    pub id: String,
    /// The file, where there is one.
    pub path: Option<PathBuf>,
    /// The text as read: of a text file all of it, a byte order mark included; of other formats
    /// what a reader sees, one paragraph a line.
    pub text: String,
    /// The way from the text back to the file.
    pub map: SourceMap,
    /// What the format says of pieces of the text, in order.
    pub hints: Vec<Hint>,
    /// What the file says of its article outside the text.
    pub declared: Declared,
    /// What kind of file it was read from.
    pub format: Format,
    /// The name of the file's encoding, as in the WHATWG standard, e.g. `UTF-8`.
    pub encoding: &'static str,
    /// The length of the file (unpacked), or of the piece of it that holds this article.
    pub n_bytes: usize,
    /// SHA-256 of these bytes, in hexadecimal.
    pub sha256: String,
    /// What was noticed while the file was read.
    pub warnings: Vec<Warning>,
}

impl RawArticle {
    /// An article that is in no file.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            id: id.into(),
            path: None,
            map: SourceMap::identity(),
            hints: Vec::new(),
            declared: Declared::default(),
            format: Format::Text,
            encoding: "UTF-8",
            n_bytes: text.len(),
            sha256: sha256(text.as_bytes()),
            warnings: Vec::new(),
            text,
        }
    }

    /// Where a span of the text stands in the file.
    pub fn in_file(&self, span: Span) -> Span {
        self.map.locate(span)
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Plain text.
    Text,
    Markdown,
    Html,
    /// A web page saved with its parts in one file.
    Mhtml,
    /// One object, or a list of them.
    Json,
    /// One object a line.
    Jsonl,
    Csv,
    /// A mail.
    Eml,
    Docx,
    /// Its text layer.
    Pdf,
}

/// What a format says of a piece of the text: markup, not words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// The piece, in the text as read.
    pub span: Span,
    /// What the markup makes of it.
    pub kind: BlockKind,
}

/// What a file says of its article outside the text: fields, `meta` elements, headers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Declared {
    /// The headline.
    pub title: Option<String>,
    /// When it appeared.
    pub published: Option<Dated>,
    /// When it was last changed.
    pub modified: Option<Dated>,
    /// The news agency.
    pub agency: Option<String>,
    /// The site or paper.
    pub site: Option<String>,
    /// Who signed it.
    pub author: Option<String>,
    /// The section of the paper.
    pub section: Option<String>,
    /// Where it is on the web.
    pub url: Option<String>,
    /// ISO 639-1, as declared; pages often declare wrongly.
    pub language: Option<String>,
}

impl Declared {
    /// What this says; where it says nothing, what `other` says.
    pub fn or(self, other: Self) -> Self {
        Self {
            title: self.title.or(other.title),
            published: self.published.or(other.published),
            modified: self.modified.or(other.modified),
            agency: self.agency.or(other.agency),
            site: self.site.or(other.site),
            author: self.author.or(other.author),
            section: self.section.or(other.section),
            url: self.url.or(other.url),
            language: self.language.or(other.language),
        }
    }
}

/// What a block is in its article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    /// The headline.
    Title,
    /// The journalist's opening lines, set apart from the text.
    Lead,
    /// Running text.
    Paragraph,
    /// A short heading inside the text.
    Intertitle,
    /// A paragraph that is one quotation.
    Quote,
    /// An item of a list.
    List,
    /// The words under a picture or a video.
    Caption,
    /// Place, day and agency before the text.
    Dateline,
    /// Who wrote it.
    Byline,
    /// Whose text or picture it is.
    Credit,
    /// What a newer version of a dispatch changed.
    UpdateNote,
    /// An embedded post of a social network.
    SocialPost,
    /// The headline of another article.
    Teaser,
    /// Subscription, newsletter, cookie and sharing texts.
    Boilerplate,
    /// Counters, buttons, ornaments and other page furniture.
    Widget,
    /// Rows of a table.
    Table,
    /// The section or the kicker above a headline.
    Rubric,
    /// A line that says when the article appeared.
    Date,
    /// Keywords.
    Tags,
}

impl BlockKind {
    /// All kinds with their stable words for records and tests.
    const NAMES: [(Self, &'static str); 19] = [
        (Self::Title, "title"),
        (Self::Lead, "lead"),
        (Self::Paragraph, "paragraph"),
        (Self::Intertitle, "intertitle"),
        (Self::Quote, "quote"),
        (Self::List, "list"),
        (Self::Caption, "caption"),
        (Self::Dateline, "dateline"),
        (Self::Byline, "byline"),
        (Self::Credit, "credit"),
        (Self::UpdateNote, "update-note"),
        (Self::SocialPost, "social-post"),
        (Self::Teaser, "teaser"),
        (Self::Boilerplate, "boilerplate"),
        (Self::Widget, "widget"),
        (Self::Table, "table"),
        (Self::Rubric, "rubric"),
        (Self::Date, "date"),
        (Self::Tags, "tags"),
    ];

    /// The stable word for records and tests, e.g. `social-post`.
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, own)| *own == name).map(|(kind, _)| *kind)
    }

    /// Whether a block of this kind is the article's own running text.
    pub fn is_prose(self) -> bool {
        matches!(self, Self::Lead | Self::Paragraph | Self::Quote | Self::List)
    }
}

/// The name of a cleaning rule, e.g. `agency-tail`; the same word in records, tests and data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct RuleId(pub &'static str);

impl std::fmt::Display for RuleId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// A piece of the text with one role.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Block {
    /// Its role.
    pub kind: BlockKind,
    /// Where it stands in the text as read, without blanks at either end.
    pub span: Span,
    /// Whether it is of the article; what is not stays listed, with the rule that removed it.
    pub kept: bool,
    /// The rule that decided, where one did; always there when the block is not kept.
    pub rule: Option<RuleId>,
    /// How sure the role is, from 0 (a guess) to 1: what a known form of words says weighs more
    /// than what neighbours suggest.
    pub confidence: f64,
    /// The text in NFC on one line with plain single spaces; the cells of a table's row are parted
    /// by ` | `.
    pub text: String,
    /// Its own language, which may differ from the article's: a quotation, an embedded post.
    pub language: Language,
}

impl Block {
    /// Whether the block is kept running text.
    pub fn is_body(&self) -> bool {
        self.kept && self.kind.is_prose()
    }
}

/// A piece of the file that is not of the article.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Removal {
    /// Why.
    pub rule: RuleId,
    /// How sure the rule is, from 0 to 1.
    pub confidence: f64,
    /// What.
    pub span: Span,
}

/// A sentence of a kept block.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Sentence {
    /// Where it stands in the text as read.
    pub span: Span,
    /// Its text, normalised as a block's is.
    pub text: String,
    /// Its block in [`Article::blocks`].
    pub block_idx: usize,
}

/// Something the reader of a summary must know about its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Warning {
    /// The text stops in the middle of a sentence: the end is not in the file.
    TruncatedSource,
    /// Nothing in the file reads as running text.
    NoBody,
    /// Some of the file's bytes, or of its pages, could not be turned into text.
    DecodingErrors,
}

impl Warning {
    /// The stable word for records, e.g. `truncated-source`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TruncatedSource => "truncated-source",
            Self::NoBody => "no-body",
            Self::DecodingErrors => "decoding-errors",
        }
    }
}

/// A date and the place in the file that says so.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Dated {
    /// The day; `2026-01-06` in records.
    #[serde(serialize_with = "as_iso")]
    pub date: jiff::civil::Date,
    /// Where the file says so; a span of the file, not of the text.
    pub evidence: Span,
    /// From 0 (a guess) to 1.
    pub confidence: f64,
}

fn as_iso<S: serde::Serializer>(date: &jiff::civil::Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(date)
}

/// One article, cleaned: every piece of the file with its role, and what the file says of itself.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Article {
    /// [`RawArticle::id`].
    pub id: String,
    /// The headline, normalised.
    pub title: Option<String>,
    /// When it appeared, as the page says (never guessed from the story).
    pub published: Option<Dated>,
    /// When it was last changed, as the page says.
    pub modified: Option<Dated>,
    /// The news agency it comes from, where the file gives evidence of one.
    pub agency: Option<String>,
    /// The site or paper it appeared in, where the file says so.
    pub site: Option<String>,
    /// Who signed it.
    pub author: Option<String>,
    /// The section of the paper.
    pub section: Option<String>,
    /// Where it is on the web.
    pub url: Option<String>,
    /// The language of the body.
    pub language: Language,
    /// Every piece of the file, in order, not overlapping, nothing left out but blanks.
    pub blocks: Vec<Block>,
    /// The sentences of the kept blocks, in order; a title or intertitle counts as one.
    pub sentences: Vec<Sentence>,
    /// Whether the lines of the text were broken at a fixed width; the blocks have them put together.
    pub wrapped: bool,
    /// What to know before trusting the text.
    pub warnings: Vec<Warning>,
}

impl Article {
    /// Who brings it: the agency, or else the site.
    pub fn source(&self) -> Option<&str> {
        self.agency.as_deref().or(self.site.as_deref())
    }

    /// The running text: kept leads, paragraphs, quotations and lists, in order.
    pub fn body(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| block.is_body())
    }

    /// Everything that is of the article: title, body, intertitles, embedded posts.
    pub fn kept(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| block.kept)
    }

    /// The running text, paragraphs parted by a blank line.
    pub fn body_text(&self) -> String {
        join(self.body())
    }

    /// All kept blocks, parted by a blank line; cleaning it again changes nothing.
    pub fn kept_text(&self) -> String {
        join(self.kept())
    }

    /// The sentences of the running text.
    pub fn body_sentences(&self) -> impl Iterator<Item = &Sentence> {
        self.sentences.iter().filter(|s| self.blocks.get(s.block_idx).is_some_and(Block::is_body))
    }

    /// What was removed, in order, and by which rule.
    pub fn removals(&self) -> impl Iterator<Item = Removal> {
        let removed = self.blocks.iter().filter(|block| !block.kept);
        removed.filter_map(|block| {
            Some(Removal { rule: block.rule?, confidence: block.confidence, span: block.span })
        })
    }
}

fn join<'a>(blocks: impl Iterator<Item = &'a Block>) -> String {
    blocks.map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n\n")
}
