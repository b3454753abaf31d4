//! What must hold of anything that is read, however broken.

use std::io::Cursor;

use depeche::article::{Article, BlockKind, Dated, Format, Hint, RawArticle, Span};
use depeche::clean::{clean, is_blank};
use depeche::input::{Fields, articles_from};

/// Reads a file in memory: whatever it holds, each article of it is whole, and every place that is
/// told lies in the file. Without a format, it is recognised.
pub fn assert_readable(file: &[u8], format: Option<Format>) {
    let articles = articles_from("fuzz", Cursor::new(file.to_vec()), format, &Fields::default());
    // What is packed is counted as it is unpacked.
    let is_packed = file.starts_with(&[0x1F, 0x8B]);
    let n_bytes = if is_packed { usize::MAX } else { file.len() };
    for raw in articles.into_iter().flatten() {
        assert_hints(&raw);
        let article = assert_whole(&raw);
        for block in &article.blocks {
            let place = raw.in_file(block.span);
            assert!(place.end <= n_bytes, "a block at {place:?} of {n_bytes} bytes");
        }
        for dated in [article.published, article.modified].into_iter().flatten() {
            assert_evidence(dated, n_bytes);
        }
    }
}

fn assert_evidence(dated: Dated, n_bytes: usize) {
    let Dated { evidence, confidence, .. } = dated;
    assert!(evidence.end <= n_bytes, "evidence at {evidence:?} of {n_bytes} bytes");
    assert!((0.0..=1.0).contains(&confidence));
}

/// Hints are of the text, in order, and do not overlap.
fn assert_hints(raw: &RawArticle) {
    let mut at = 0;
    for hint in &raw.hints {
        assert!(hint.span.start >= at, "hints overlap");
        assert!(raw.text.get(hint.span.start..hint.span.end).is_some(), "a hint beyond the text");
        at = hint.span.end;
    }
}

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
