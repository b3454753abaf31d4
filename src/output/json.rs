//! The JSON record of a digest. Its keys and their order are a contract: fields may be added at
//! the end of an object; a change of meaning needs a new `schema`.

use depeche::Error;
use depeche::article::Span;
use depeche::digest::{Check, Digest, Paragraph, Passage};
use depeche::error::chain;
use serde_json::{Value, json};

use super::record::{ModelId, Stamp};

const SCHEMA: u32 = 1;

/// An article that was digested.
pub fn digest(digest: &Digest, stamp: &Stamp) -> Value {
    let article = &digest.article;
    let day = |dated: Option<depeche::article::Dated>| dated.map(|d| d.date.to_string());
    json!({
        "schema": SCHEMA,
        "id": article.id,
        "source": source(digest),
        "language": {
            "code": article.language.code,
            "confidence": rounded(article.language.confidence, 2),
        },
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
        "rejected": digest.rejected.iter().map(|f| json!({
            "kind": f.kind, "message": f.message,
        })).collect::<Vec<_>>(),
        "options": stamp.options,
    })
}

/// An article that could not be digested.
pub fn error(id: &str, error: &Error) -> Value {
    json!({
        "schema": SCHEMA,
        "id": id,
        "error": { "code": error.code(), "message": chain(error), "hint": error.hint() },
    })
}

fn source(digest: &Digest) -> Value {
    let raw = &digest.raw;
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
        "source": finding.source.map(|span| in_file(digest, span)),
        "target": finding.target.map(span),
        "target_of": check.place.to_string(),
        "sentence": check.sentence_idx,
        "source_text": check.source_text,
    })
}

fn removed(digest: &Digest) -> Vec<Value> {
    let one =
        |r: depeche::article::Removal| json!({ "rule": r.rule, "span": in_file(digest, r.span) });
    digest.article.removals().map(one).collect()
}

fn model(model: &ModelId) -> Value {
    json!({ "name": model.name, "revision": model.revision, "sha256": model.sha256 })
}

/// Where a span of the article's text stands in its file.
fn in_file(digest: &Digest, of_text: Span) -> [usize; 2] {
    span(digest.raw.in_file(of_text))
}

fn span(span: Span) -> [usize; 2] {
    [span.start, span.end]
}

fn rounded(value: f64, n_digits: i32) -> f64 {
    let unit = 10_f64.powi(n_digits);
    (value * unit).round() / unit
}
