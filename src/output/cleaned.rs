//! A cleaned article for people: its facts, its prose, embedded posts set apart, and on request
//! what went and why.

use depeche::article::{Article, Block, BlockKind, RawArticle};
use serde_json::Value;

use super::explain;
use super::json;
use super::page::{Page, escaped};
use super::sink::Shown;
use super::text::in_words;

/// An article beside the text it was made from.
pub struct Cleaned {
    pub raw: RawArticle,
    pub article: Article,
    /// What is said of the cleaning to people who want to know; records always say it.
    pub reasons: Option<explain::Reasons>,
}

impl Shown for Cleaned {
    fn id(&self) -> &str {
        &self.article.id
    }

    fn sha256(&self) -> &str {
        &self.raw.sha256
    }

    fn n_errors(&self) -> usize {
        0
    }

    fn text(&self, has_colours: bool) -> String {
        let mut page = Page::new(has_colours);
        page.wrapped("", self.title(), page.style.bold);
        if self.facts() != self.title() {
            page.wrapped("", &self.facts(), page.style.dim);
        }
        for warning in &self.article.warnings {
            page.wrapped("", &format!("Note: {}.", in_words(warning.as_str())), "");
        }
        let mut last = None;
        for block in self.shown() {
            part(&mut page, last, block);
            last = Some(block.kind);
        }
        if let Some(reasons) = &self.reasons {
            reasons.print(&mut page);
        }
        page.into_text()
    }

    fn markdown(&self) -> String {
        let mut parts = vec![format!("## {}", escaped(self.title()))];
        if self.facts() != self.title() {
            parts.push(escaped(&self.facts()));
        }
        let warnings = self.article.warnings.iter();
        parts.extend(warnings.map(|warning| format!("> Note: {}.", in_words(warning.as_str()))));
        parts.extend(self.shown().map(marked_up));
        if let Some(reasons) = &self.reasons {
            parts.extend(reasons.marked_up());
        }
        parts.join("\n\n") + "\n\n"
    }

    fn record(&self) -> Value {
        json::article(&self.raw, &self.article)
    }
}

impl Cleaned {
    /// The headline, or the name of an article that has none.
    fn title(&self) -> &str {
        self.article.title.as_deref().unwrap_or(&self.article.id)
    }

    /// Days, source, author, section and file, as far as they are known.
    fn facts(&self) -> String {
        let article = &self.article;
        let published = article.published.map(|dated| dated.date.to_string());
        let modified = article.modified.map(|dated| format!("modified {}", dated.date));
        let own = [&article.agency, &article.site, &article.author, &article.section].into_iter();
        let facts = published.into_iter().chain(modified).chain(own.flatten().cloned());
        facts.chain([article.id.clone()]).collect::<Vec<_>>().join(" · ")
    }

    /// What is kept, without the headline, which stands above.
    fn shown(&self) -> impl Iterator<Item = &Block> {
        let is_headline = |block: &Block| {
            block.kind == BlockKind::Title && Some(&block.text) == self.article.title.as_ref()
        };
        self.article.kept().filter(move |block| !is_headline(block))
    }
}

/// Blocks that are kept beside the running text.
pub fn is_set_apart(kind: BlockKind) -> bool {
    !kind.is_prose() && !is_heading(kind)
}

fn is_heading(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Title | BlockKind::Intertitle)
}

fn part(page: &mut Page, last: Option<BlockKind>, block: &Block) {
    let is_next_item = block.kind == BlockKind::List && last == Some(BlockKind::List);
    if !is_next_item {
        page.gap();
    }
    let (bold, dim) = (page.style.bold, page.style.dim);
    match block.kind {
        kind if is_heading(kind) => page.wrapped("", &block.text, bold),
        kind if is_set_apart(kind) => page.set_apart("  │ ", &block.text, dim),
        BlockKind::List => page.wrapped("  ", &block.text, ""),
        _ => page.wrapped("", &block.text, ""),
    }
}

fn marked_up(block: &Block) -> String {
    let text = escaped(&block.text);
    match block.kind {
        kind if is_heading(kind) => format!("### {text}"),
        kind if is_set_apart(kind) => format!("> {text}"),
        BlockKind::List => format!("- {text}"),
        _ => text,
    }
}
