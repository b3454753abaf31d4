//! The JSON records of a digest and of a cleaned article. Their keys and the order of these are a
//! contract: fields may be added at the end of an object; a change of meaning needs a new `schema`.

use depeche::Error;
use depeche::article::{Article, Block, Dated, RawArticle, Span};
use depeche::digest::{Check, Digest, Paragraph, Passage, Support};
use depeche::error::chain;
use depeche::language::Language;
use serde_json::{Value, json};

use super::record::{ModelId, Stamp};

const SCHEMA: u32 = 1;

/// An article that was digested.
pub fn digest(digest: &Digest, stamp: &Stamp) -> Value {
    let article = &digest.article;
    json!({
        "schema": SCHEMA,
        "id": article.id,
        "source": source(&digest.raw),
        "language": language(article.language),
        "title": article.title,
        "published": day(article.published),
        "summary": { "fr": passage(&digest.summary.fr), "en": passage(&digest.summary.en) },
        "translation": digest.translation.as_ref().map(|all| paragraphs(digest, all)),
        "checks": digest.checks.iter().map(|one| check(digest, one)).collect::<Vec<_>>(),
        "removed": removed(digest),
        "tokens": {
            "prompt": digest.usage.n_prompt,
            "generated": digest.usage.n_generated,
            "limit": digest.context_length,
            "truncated": false,
            "parts": digest.n_parts,
        },
        "model": model(&stamp.model),
        // Articles share the passes of the model, so the phases have no time of their own.
        "seconds": { "prefill": null, "decode": null, "total": rounded(digest.seconds, 3) },
        "title_en": title_in(digest, "en"),
        "title_fr": title_in(digest, "fr"),
        "modified": day(article.modified),
        "publisher": article.source(),
        "author": article.author,
        "warnings": digest.warnings(),
        "method": digest.method,
        "rejected": rejected(digest),
        "options": stamp.options,
        "repaired": digest.n_repaired,
        "sources": digest.sources.iter().map(|one| support(digest, one)).collect::<Vec<_>>(),
        "translator": stamp.translator.as_ref().map(model),
    })
}

/// Why sentences were not printed.
fn rejected(digest: &Digest) -> Vec<Value> {
    let findings = digest.rejected.iter().flat_map(|rejected| &rejected.findings);
    findings.map(|f| json!({ "kind": f.kind, "message": f.message })).collect()
}

/// An article that was cleaned.
pub fn article(raw: &RawArticle, article: &Article) -> Value {
    json!({
        "schema": SCHEMA,
        "id": article.id,
        "title": article.title,
        "published": day(article.published),
        "modified": day(article.modified),
        "agency": article.agency,
        "site": article.site,
        "author": article.author,
        "section": article.section,
        "url": article.url,
        "language": language(article.language),
        "text": article.body_text(),
        "blocks": article.blocks.iter().map(|one| block(raw, one)).collect::<Vec<_>>(),
        "source": origin(raw),
        "evidence": {
            "published": article.published.map(evidence),
            "modified": article.modified.map(evidence),
        },
        "warnings": article.warnings,
        "wrapped": article.wrapped,
    })
}

fn block(raw: &RawArticle, block: &Block) -> Value {
    json!({
        "kind": block.kind,
        "kept": block.kept,
        "rule": block.rule,
        "span": place(raw.in_file(block.span)),
        "text": block.text,
        "confidence": rounded(block.confidence, 2),
        "language": language(block.language),
    })
}

/// The source with what it takes to find a span in it.
fn origin(raw: &RawArticle) -> Value {
    let mut origin = source(raw);
    origin["format"] = json!(raw.format);
    origin["encoding"] = json!(raw.encoding);
    // What is packed as a word processor does it stands at no byte of the file.
    origin["spans"] = json!(!raw.map.is_empty());
    origin
}

fn evidence(dated: Dated) -> Value {
    json!({ "span": place(dated.evidence), "confidence": rounded(dated.confidence, 2) })
}

/// A span of the file; nothing where the words have no place there.
fn place(in_file: Span) -> Option<[usize; 2]> {
    (!in_file.is_empty()).then(|| span(in_file))
}

fn day(dated: Option<Dated>) -> Option<String> {
    dated.map(|dated| dated.date.to_string())
}

fn language(language: Language) -> Value {
    json!({ "code": language.code, "confidence": rounded(language.confidence, 2) })
}

/// An article that could not be done.
pub fn error(id: &str, error: &Error) -> Value {
    json!({
        "schema": SCHEMA,
        "id": id,
        "error": { "code": error.code(), "message": chain(error), "hint": error.hint() },
    })
}

fn source(raw: &RawArticle) -> Value {
    json!({
        "path": raw.path.as_ref().map(|path| path.to_string_lossy()),
        "sha256": raw.sha256,
        "bytes": raw.n_bytes,
    })
}

/// The title, in the article's own language or translated.
fn title_in<'d>(digest: &'d Digest, code: &str) -> Option<&'d str> {
    let is_own = digest.language.code() == code;
    if is_own { digest.article.title.as_deref() } else { digest.title.as_deref() }
}

fn passage(passage: &Passage) -> Option<String> {
    (!passage.sentences.is_empty()).then(|| passage.text())
}

fn paragraphs(digest: &Digest, paragraphs: &[Paragraph]) -> Vec<Value> {
    let one = |paragraph: &Paragraph| {
        json!({
            "kind": paragraph.kind,
            "source": in_file(digest, paragraph.source),
            "text": paragraph.passage.text(),
        })
    };
    paragraphs.iter().map(one).collect()
}

fn check(digest: &Digest, check: &Check) -> Value {
    let finding = &check.finding;
    json!({
        "kind": finding.kind,
        "severity": finding.severity,
        "message": finding.message,
        "source": finding.source.and_then(|span| in_file(digest, span)),
        "target": finding.target.map(span),
        "target_of": check.place.to_string(),
        "sentence": check.sentence_idx,
        "source_text": check.source_text,
    })
}

fn support(digest: &Digest, support: &Support) -> Value {
    let spans = support.spans.iter().map(|&span| place(digest.raw.in_file(span)));
    let (status, is_shortened) = (support.status, support.is_shortened);
    json!({ "status": status, "is_shortened": is_shortened, "spans": spans.collect::<Vec<_>>() })
}

fn removed(digest: &Digest) -> Vec<Value> {
    let one =
        |r: depeche::article::Removal| json!({ "rule": r.rule, "span": in_file(digest, r.span) });
    digest.article.removals().map(one).collect()
}

fn model(model: &ModelId) -> Value {
    json!({ "name": model.name, "revision": model.revision, "sha256": model.sha256 })
}

/// Where a span of the article's text stands in its file, see [`place`].
fn in_file(digest: &Digest, of_text: Span) -> Option<[usize; 2]> {
    place(digest.raw.in_file(of_text))
}

fn span(span: Span) -> [usize; 2] {
    [span.start, span.end]
}

fn rounded(value: f64, n_digits: i32) -> f64 {
    let unit = 10_f64.powi(n_digits);
    (value * unit).round() / unit
}
