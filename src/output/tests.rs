//! One digest and one cleaned article in each format. The text, the Markdown and above all the
//! records are contracts.

use depeche::article::{BlockKind, RawArticle, Span};
use depeche::check::{Finding, Severity};
use depeche::clean::clean;
use depeche::digest::{Check, Digest, Language, Paragraph, Passage, Place, Summary, Support};
use depeche::source_map::SourceMap;
use depeche::sources::Status;
use depeche::summarize::Method;
use depeche::translate::Usage;

use super::cleaned::Cleaned;
use super::explain::Reasons;
use super::record::{ModelId, Stamp};
use super::sink::Shown;
use super::{json, markdown, text};

const ARTICLE: &str = "Varenne: le pont * fermé trois mois

Publié le 12 mars 2025 à 10h02

Le pont de Varenne sera fermé à partir de lundi pour des travaux de trois mois, a annoncé mardi \
la mairie dans un communiqué. Un bac gratuit sera mis en place pour les 340 commerçants.

Les habitants de la rive gauche ont
";

fn passage(sentences: &[&str]) -> Passage {
    Passage { sentences: sentences.iter().map(|&sentence| sentence.into()).collect() }
}

fn check(place: Place, sentence_idx: usize, severity: Severity, target: Span) -> Check {
    let message = "`340` is missing".to_owned();
    let source = Some(Span::new(100, 103));
    Check {
        place,
        sentence_idx,
        finding: Finding { kind: "number", severity, message, source, target: Some(target) },
        source_text: "Un bac gratuit sera mis en place pour les 340 commerçants.".into(),
    }
}

fn digest() -> Digest {
    let raw = RawArticle::new("rives/pont.txt", ARTICLE);
    let article = clean(&raw);
    let english = passage(&[
        "The Varenne bridge will be closed from Monday for three months of work, the town hall \
         announced in a statement on Tuesday.",
        "A free ferry will be set up for the 430 shopkeepers.",
    ]);
    let source = article.body().next().map(|block| block.span).unwrap();
    let target = Place::Summary(Language::English);
    Digest {
        language: Language::French,
        title: Some("Varenne: the bridge * closed for three months".into()),
        summary: Summary {
            fr: passage(&[
                "Le pont de Varenne sera fermé à partir de lundi pour des travaux de trois mois, \
                 a annoncé mardi la mairie.",
                "Un bac gratuit sera mis en place.",
            ]),
            en: english.clone(),
        },
        method: Method::Mixed,
        rejected: vec![],
        translation: Some(vec![Paragraph { kind: BlockKind::Paragraph, source, passage: english }]),
        checks: vec![
            check(target, 1, Severity::Error, Span::new(150, 153)),
            check(target, 0, Severity::Warning, Span::new(0, 3)),
            check(Place::Paragraph(0), 1, Severity::Error, Span::new(150, 153)),
            Check {
                finding: Finding {
                    kind: "cut-off",
                    severity: Severity::Error,
                    message: "stops before its end".into(),
                    source: None,
                    target: None,
                },
                ..check(Place::Paragraph(0), 1, Severity::Error, Span::new(0, 0))
            },
        ],
        n_repaired: 1,
        sources: vec![
            Support { status: Status::Supported, is_shortened: false, spans: vec![source] },
            Support { status: Status::Unsupported, is_shortened: false, spans: vec![] },
        ],
        usage: Usage { n_prompt: 812, n_generated: 97 },
        n_parts: 1,
        context_length: 4096,
        seconds: 2.345_67,
        raw,
        article,
    }
}

#[test]
fn as_text() {
    insta::assert_snapshot!(text::digest(&digest(), false, false));
}

#[test]
fn sources_are_shown_on_request() {
    insta::assert_snapshot!(text::digest(&digest(), false, true));
    insta::assert_snapshot!(markdown::digest(&digest(), true));
}

#[test]
fn what_the_article_gets_wrong_is_a_note() {
    let mut digest = digest();
    let wrong = check(Place::Article, 0, Severity::Error, Span::new(0, 3));
    digest.checks.push(wrong);
    let page = text::digest(&digest, false, false);
    assert!(page.contains("the article itself errs"), "{page}");
    assert_eq!(digest.errors().count(), 3, "it is no fault of the digest");
}

#[test]
fn as_coloured_text() {
    let plain = text::digest(&digest(), false, false);
    let coloured = text::digest(&digest(), true, false);
    let stripped = ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[1;31m"]
        .iter()
        .fold(coloured.clone(), |text, code| text.replace(code, ""));
    assert!(coloured.contains("\x1b[1;31m"));
    assert_eq!(stripped, plain);
}

#[test]
fn lines_are_80_columns_wide_at_most() {
    for line in text::digest(&digest(), false, true).lines() {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
    }
}

#[test]
fn as_markdown() {
    insta::assert_snapshot!(markdown::digest(&digest(), false));
}

fn stamp() -> Stamp {
    let model = ModelId { name: "m".into(), revision: None, sha256: Some("ab".into()) };
    Stamp { model, translator: None, options: "0123456789abcdef".into() }
}

#[test]
fn as_json() {
    insta::assert_snapshot!(format!("{:#}", json::digest(&digest(), &stamp())));
}

#[test]
fn what_lies_packed_in_its_file_has_no_place_there() {
    let mut packed = digest();
    packed.raw.map = SourceMap::empty();
    let record = json::digest(&packed, &stamp());
    for place in ["/removed/0/span", "/checks/0/source", "/translation/0/source"] {
        assert_eq!(record.pointer(place), Some(&serde_json::Value::Null), "{place}");
    }
}

#[test]
fn a_failure_as_json() {
    let error = depeche::Error::Empty { name: "a.txt".into() };
    insta::assert_snapshot!(json::error("a.txt", &error).to_string());
}

/// With a post, a list, a byline and the hour of a change around the article above.
const PAGE: &str = "Publié le 12 mars 2025 à 10h02, mis à jour le 13 mars 2025 à 8h30

Par Odile Ferrand

Varenne: le pont * fermé trois mois

Le pont de Varenne sera fermé à partir de lundi pour des travaux de trois mois, a annoncé mardi \
la mairie dans un communiqué. Un bac gratuit sera mis en place pour les 340 commerçants.

Pont fermé dès lundi, pensez au bac gratuit ! pic.twitter.com/b4cVarenne — Ville de Varenne \
(@VilleVarenne) March 12, 2025

Les habitants de la rive gauche demandent depuis des années un second passage sur la rivière.

Lire aussi : Le bac de Varenne reprend du service

Inscrivez-vous à notre newsletter pour recevoir chaque matin l'essentiel de l'actualité.
";

fn cleaned(explained: bool) -> Cleaned {
    let raw = RawArticle::new("rives/pont.txt", PAGE);
    let article = clean(&raw);
    let reasons = explained.then(|| Reasons::new(&raw, &article, Some(PAGE.as_bytes())));
    Cleaned { raw, article, reasons }
}

#[test]
fn a_cleaned_article_as_text() {
    insta::assert_snapshot!(cleaned(false).text(false));
}

#[test]
fn a_cleaned_article_explained() {
    let text = cleaned(true).text(false);
    assert!(text.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 80), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn a_cleaned_article_as_markdown() {
    insta::assert_snapshot!(cleaned(true).markdown());
}

#[test]
fn a_cleaned_article_as_json() {
    insta::assert_snapshot!(format!("{:#}", cleaned(false).record()));
}
