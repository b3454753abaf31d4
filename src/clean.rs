//! From the file as found to the article: every piece gets a role, and what is not of the article
//! is set aside with the rule that says so.
//!
//! Nothing vanishes: each character that shows is in exactly one block. What is set aside is
//! judged no more, and the rest is judged again until nothing changes, so cleaning what was kept
//! keeps all of it. The patterns are data: `clean/patterns.txt` and `clean/words.txt`.

mod about;
mod common;
mod frame;
mod judge;
mod lines;
mod lists;
mod normalise;
mod peel;
mod posts;
mod repeats;
mod roles;
mod rules;
mod tables;
mod tags;
mod titles;
pub(crate) mod wrap;

use about::About;
use judge::Verdict;
use lines::{Line, Lines};
use normalise::Normalised;
use rules::Rule;

use crate::article::{
    Article, Block, BlockKind, Dated, RawArticle, RuleId, Sentence, Span, Warning,
};
use crate::language::{self, Candidates, Language};
use crate::sentence;

pub(crate) use about::parse_date;
pub use common::Common;
pub use normalise::is_blank;

/// What cleaning knows beside the article itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// What the other articles of the run repeat.
    pub common: Option<&'a Common>,
    /// The language of the article, where the user named it.
    pub from: Option<Language>,
    /// The languages that articles and their parts may be in; without them, all that are known.
    pub candidates: Option<&'a Candidates>,
}

/// Cleans one article by itself.
pub fn clean(raw: &RawArticle) -> Article {
    clean_with(raw, &Options::default())
}

/// Cleans one article.
pub fn clean_with(raw: &RawArticle, options: &Options) -> Article {
    let Lines { mut lines, wrapped, broken } = lines::split(&raw.text, &raw.hints);
    titles::mark_declared(raw, &mut lines);
    if let Some(common) = options.common {
        common.note(raw, &mut lines);
    }
    let is_titled = titles::is_declared(raw);
    let mut page = Page { lines, is_titled, wrapped, broken, ..Page::default() };
    page.settle();
    page.into_article(raw, options)
}

/// An article on its way: the lines still standing, the pieces set aside, the facts learnt.
#[derive(Debug, Default)]
struct Page {
    lines: Vec<Line>,
    verdicts: Vec<Verdict>,
    aside: Vec<Block>,
    about: About,
    is_titled: bool,
    wrapped: bool,
    /// See [`Lines::broken`].
    broken: Vec<Span>,
}

impl Page {
    fn settle(&mut self) {
        loop {
            let n_aside = self.aside.len();
            peel::peel(self);
            self.verdicts = judge::judge(&self.lines, self.is_titled, &mut self.about);
            self.carry_out();
            if self.aside.len() == n_aside {
                return;
            }
        }
    }

    fn carry_out(&mut self) {
        let lines = std::mem::take(&mut self.lines);
        let verdicts = std::mem::take(&mut self.verdicts);
        for (line, verdict) in lines.into_iter().zip(verdicts) {
            let (head, rest) = line.split_at(verdict.head);
            if !head.is_empty() {
                let dash = Verdict::remove(BlockKind::Widget, judge::LEAD_DASH, 0.9);
                self.set_aside(dash, &head);
            }
            if verdict.kept {
                self.lines.push(rest.with_role(verdict.kind));
                self.verdicts.push(verdict);
            } else {
                self.set_aside(verdict, &rest);
            }
        }
    }

    fn set_aside(&mut self, verdict: Verdict, line: &Line) {
        if !line.is_empty() {
            self.aside.push(block(line, verdict));
        }
    }

    /// Sets `part` aside, with what the rule says of the whole line.
    fn set_aside_by(&mut self, rule: &Rule, whole: &Line, part: &Line) {
        if let Some(groups) = rule.captures(whole.text()) {
            self.about.learn(rule.kind, whole, &groups);
        }
        self.set_aside(Verdict::of(rule), part);
    }

    fn into_article(mut self, raw: &RawArticle, options: &Options) -> Article {
        let kept = self.lines.iter().zip(&self.verdicts);
        let mut blocks: Vec<Block> = kept.map(|(line, verdict)| block(line, *verdict)).collect();
        self.infer_source(&blocks);
        let warnings = [&raw.warnings[..], &warnings(&blocks)].concat();
        blocks.append(&mut self.aside);
        blocks.sort_by_key(|block| block.span);
        blocks.iter_mut().for_each(|block| block.span = trimmed(&raw.text, block.span));
        let language = tell_languages(&mut blocks, options);
        let title = blocks.iter().find(|b| is_title(b)).map(|b| b.text.clone());
        // What a file declares in a field of its own was written as that; a line of the text is
        // only taken for it.
        let (declared, read) = (raw.declared.clone(), self.about);
        let in_file = |dated: Dated| Dated { evidence: raw.in_file(dated.evidence), ..dated };
        Article {
            id: raw.id.clone(),
            title: title.or(declared.title),
            published: declared.published.or(read.published.map(in_file)),
            modified: declared.modified.or(read.modified.map(in_file)),
            agency: declared.agency.or(read.agency()),
            site: declared.site.or(read.site),
            author: declared.author.or(read.author),
            section: declared.section,
            url: declared.url,
            language,
            sentences: sentences(raw, &blocks, &self.broken, language),
            blocks,
            wrapped: self.wrapped,
            warnings,
        }
    }

    /// Reuters signs French copy with a closing note and not with its name, while its reporters
    /// write that someone spoke "à Reuters". Either alone proves nothing: other papers quote
    /// Reuters, and other agencies close with a note. Both together are taken as its signature.
    fn infer_source(&mut self, kept: &[Block]) {
        let noted = self.aside.iter().any(|block| block.rule == Some(RuleId("byline-note")));
        if noted && kept.iter().any(|block| block.text.contains(" à Reuters")) {
            self.about.hear(1, "Reuters");
        }
    }
}

fn is_title(block: &Block) -> bool {
    block.kept && block.kind == BlockKind::Title
}

fn block(line: &Line, verdict: Verdict) -> Block {
    let Verdict { kind, kept, rule, confidence, .. } = verdict;
    let text = if kind == BlockKind::Table { row(line) } else { line.text().to_owned() };
    Block { kind, span: line.span(), kept, rule, confidence, text, language: Language::UNKNOWN }
}

/// The gaps between the cells of a row are lost with the blanks; bars take their place.
fn row(line: &Line) -> String {
    let has_bars = line.text().contains('|');
    if has_bars { line.text().to_owned() } else { line.cells().join(" | ") }
}

/// The language of the article, after which its kept blocks are judged. What is set aside is in no
/// language: most of it is no text.
fn tell_languages(blocks: &mut [Block], options: &Options) -> Language {
    let all = Candidates::all();
    let candidates = options.candidates.unwrap_or(&all);
    let found = || language::detect_among(&text_of(blocks), candidates);
    let article = options.from.unwrap_or_else(found);
    for block in blocks.iter_mut().filter(|block| block.kept) {
        block.language = language::detect_part(&block.text, article, candidates);
    }
    article
}

/// The running text, or the title where there is none.
fn text_of(blocks: &[Block]) -> String {
    let body: Vec<&str> = blocks.iter().filter(|b| b.is_body()).map(|b| &*b.text).collect();
    let kept = || blocks.iter().filter(|b| b.kept).map(|b| &*b.text).collect::<Vec<_>>();
    if body.is_empty() { kept().join("\n\n") } else { body.join("\n\n") }
}

/// An invisible character belongs to the one before it, but not at the end of a block.
fn trimmed(text: &str, span: Span) -> Span {
    let found = span.of(text);
    let head = found.len() - found.trim_start_matches(is_blank).len();
    Span::new(span.start + head, span.start + found.trim_end_matches(is_blank).len())
}

fn warnings(kept: &[Block]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if kept.iter().rfind(|b| b.kind.is_prose()).is_some_and(roles::is_cut_off) {
        warnings.push(Warning::TruncatedSource);
    }
    if !kept.iter().any(Block::is_body) {
        warnings.push(Warning::NoBody);
    }
    warnings
}

fn sentences(
    raw: &RawArticle,
    blocks: &[Block],
    broken: &[Span],
    language: Language,
) -> Vec<Sentence> {
    let kept = blocks.iter().enumerate().filter(|(_, block)| block.kept);
    kept.flat_map(|(idx, block)| {
        let found = Normalised::without(&raw.text, block.span, broken);
        sentences_of(raw, idx, block.kind, &found, language)
    })
    .collect()
}

fn sentences_of(
    raw: &RawArticle,
    block_idx: usize,
    kind: BlockKind,
    found: &Normalised,
    language: Language,
) -> Vec<Sentence> {
    let whole = Span::new(0, found.text.len());
    let spans = match kind {
        BlockKind::Title | BlockKind::Intertitle => vec![whole],
        _ => sentence::split(&found.text, language.code),
    };
    let sentence = |span: Span| Sentence {
        span: trimmed(&raw.text, found.span(span.start, span.end)),
        text: span.of(&found.text).to_owned(),
        block_idx,
    };
    whole_clusters(found, spans).into_iter().map(sentence).collect()
}

/// A boundary between a letter and its combining mark is none: both come from one place.
fn whole_clusters(found: &Normalised, spans: Vec<Span>) -> Vec<Span> {
    let mut whole: Vec<Span> = Vec::new();
    for span in spans {
        let start = found.span(span.start, span.end).start;
        match whole.last_mut() {
            Some(last) if start < found.span(last.start, last.end).end => last.end = span.end,
            _ => whole.push(span),
        }
    }
    whole
}
