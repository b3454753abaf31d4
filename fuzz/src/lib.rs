//! What must hold of anything that is read, however broken.

use depeche::article::{Article, BlockKind, Hint, RawArticle, Span};
use depeche::clean::{clean, is_blank};

/// Cleans an article; nothing that shows may vanish from it.
pub fn assert_whole(raw: &RawArticle) -> Article {
    let article = clean(raw);
    let text = raw.text.as_str();
    let mut at = 0;
    for block in &article.blocks {
        assert!(block.span.start >= at, "blocks overlap");
        assert!(text[at..block.span.start].chars().all(is_blank), "lost text");
        assert!(!block.span.of(text).is_empty() && !block.text.is_empty(), "an empty block");
        assert!(block.kept || block.rule.is_some(), "removed by no rule");
        at = block.span.end;
    }
    assert!(text[at..].chars().all(is_blank), "lost the end");
    assert_sentences_whole(&article, text);
    article
}

fn assert_sentences_whole(article: &Article, text: &str) {
    let mut at = 0;
    for sentence in &article.sentences {
        let block = &article.blocks[sentence.block_idx];
        assert!(block.kept && sentence.span.start >= at);
        assert!(block.span.start <= sentence.span.start && sentence.span.end <= block.span.end);
        assert!(!sentence.span.of(text).is_empty(), "an empty sentence");
        at = sentence.span.end;
    }
}

/// Cleaning what was kept keeps all of it.
pub fn assert_settled(article: &Article) {
    let kept = article.kept_text();
    let again = clean(&RawArticle::new("again", kept.as_str()));
    assert_eq!(again.kept_text(), kept);
    assert_eq!(again.removals().count(), 0);
}

const KINDS: [BlockKind; 8] = [
    BlockKind::Title,
    BlockKind::Lead,
    BlockKind::Paragraph,
    BlockKind::Quote,
    BlockKind::List,
    BlockKind::Caption,
    BlockKind::SocialPost,
    BlockKind::Table,
];

/// Hints in order from five bytes each: a kind, a gap and a length.
pub fn hints(text: &str, bytes: &[u8]) -> Vec<Hint> {
    let mut at = 0;
    let mut hints = Vec::new();
    for chunk in bytes.as_chunks::<5>().0 {
        let [kind, gap, length] =
            [usize::from(chunk[0]), pair(chunk[1], chunk[2]), pair(chunk[3], chunk[4])];
        let start = text.ceil_char_boundary((at + gap).min(text.len()));
        let end = text.ceil_char_boundary((start + length).min(text.len()));
        hints.push(Hint { span: Span::new(start, end), kind: KINDS[kind % KINDS.len()] });
        at = end;
    }
    hints
}

fn pair(high: u8, low: u8) -> usize {
    usize::from(u16::from_be_bytes([high, low]))
}
