//! From the file as found to the article: every piece gets a role, and what is not of the article
//! is set aside with the rule that says so.
//!
//! Nothing vanishes: each character that shows is in exactly one block. A block is kept or not;
//! what is set aside is judged no more, and the rest is judged again until nothing changes, so
//! cleaning what was kept keeps all of it.

mod lines;
mod normalise;

use crate::article::{Article, Block, BlockKind, RawArticle, Sentence};
use crate::{language, sentence};

pub use normalise::is_blank;

/// Cleans one article.
pub fn clean(raw: &RawArticle) -> Article {
    let blocks: Vec<Block> = lines::split(&raw.text)
        .into_iter()
        .map(|line| Block {
            kind: BlockKind::Paragraph,
            span: line.span(),
            kept: true,
            rule: None,
            text: line.text().to_owned(),
        })
        .collect();
    let body: Vec<&str> = blocks.iter().map(|b| b.text.as_str()).collect();
    let language = language::detect(&body.join("\n\n"));
    let sentences = blocks
        .iter()
        .enumerate()
        .flat_map(|(block_idx, block)| {
            let spans = sentence::split(&block.text, language.code);
            let normal = normalise::Normalised::new(block.span.of(&raw.text), block.span.start);
            spans.into_iter().map(move |s| Sentence {
                span: normal.span(s.start, s.end),
                text: s.of(&block.text).to_owned(),
                block_idx,
            })
        })
        .collect();
    Article {
        id: raw.id.clone(),
        title: None,
        published: None,
        modified: None,
        source: None,
        author: None,
        language,
        blocks,
        sentences,
        warnings: Vec::new(),
    }
}
