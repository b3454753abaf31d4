//! Cleaning, by golden cases and by properties that hold for any text.
//!
//! A golden file holds cases like this one; a linguist may add to them with a text editor:
//!
//! ```text
//! === what the case shows
//! PARIS (AFP) - Le ministre a parlé hier.
//! ---
//! - dateline dateline | PARIS (AFP) -
//! + paragraph | Le ministre a parlé hier.
//! @ source AFP
//! ```
//!
//! After `---` stands every block in order: `+` kept or `-` set aside, its kind, its rule if it
//! has one, and its text after `|`; then what the page says of itself after `@`.

use std::fs;
use std::path::Path;

use depeche::article::{Article, BlockKind, Hint, RawArticle, Span};
use depeche::clean::{clean, is_blank};
use proptest::prelude::*;

struct Case {
    name: String,
    input: String,
    expected: String,
}

fn cases(file: &Path) -> Vec<Case> {
    let text = fs::read_to_string(file).unwrap();
    let (intro, cases) = text.split_once("=== ").unwrap_or_else(|| panic!("no case in {file:?}"));
    assert!(intro.lines().all(|l| l.is_empty() || l.starts_with('#')), "stray text in {file:?}");
    cases.split("\n=== ").map(|case| parse(case, file)).collect()
}

fn parse(case: &str, file: &Path) -> Case {
    let (name, rest) = case.split_once('\n').unwrap_or((case, ""));
    let (input, expected) =
        rest.split_once("\n---\n").unwrap_or_else(|| panic!("`{name}` in {file:?} lacks ---"));
    assert!(!input.trim().is_empty() && !expected.trim().is_empty(), "`{name}` is empty");
    Case { name: name.into(), input: input.into(), expected: expected.trim().into() }
}

fn described(article: &Article) -> String {
    let mut lines: Vec<String> = article.blocks.iter().map(described_block).collect();
    let mut say = |name: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("@ {name} {value}")));
    };
    say("published", article.published.map(|d| d.date.to_string()));
    say("modified", article.modified.map(|d| d.date.to_string()));
    say("agency", article.agency.clone());
    say("site", article.site.clone());
    say("author", article.author.clone());
    say("wrapped", article.wrapped.then(|| "yes".into()));
    article.warnings.iter().for_each(|w| say("warning", Some(w.as_str().into())));
    lines.join("\n")
}

fn described_block(block: &depeche::article::Block) -> String {
    let sign = if block.kept { '+' } else { '-' };
    let rule = block.rule.map(|rule| format!(" {rule}")).unwrap_or_default();
    format!("{sign} {}{rule} | {}", block.kind.as_str(), block.text)
}

#[test]
fn golden_cases() {
    let cases = all_cases();
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    let wrong: Vec<String> = cases.iter().filter_map(disagreement).collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn all_cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/clean");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| cases(file)).collect()
}

/// A file from another system, or from a Mac that writes accents apart, reads the same.
#[test]
fn line_ends_and_accents_change_nothing() {
    use unicode_normalization::UnicodeNormalization;
    for case in all_cases() {
        let crlf = case.input.replace('\n', "\r\n");
        let apart: String = case.input.nfd().collect();
        for text in [crlf, apart] {
            let got = described(&clean(&RawArticle::new("case", text)));
            assert_eq!(got, case.expected, "{}", case.name);
        }
    }
}

fn disagreement(case: &Case) -> Option<String> {
    let got = described(&clean(&RawArticle::new("case", case.input.as_str())));
    (got != case.expected).then(|| format!("=== {}\n{}\n---\n{got}\n", case.name, case.input))
}

/// Every character that shows is in exactly one block, in order, and each block is what it says.
fn assert_whole(text: &str) {
    let article = clean(&RawArticle::new("any", text));
    let mut at = 0;
    for block in &article.blocks {
        assert!(block.span.start >= at, "blocks overlap in {text:?}");
        assert!(text[at..block.span.start].chars().all(is_blank), "lost text in {text:?}");
        let found = &text[block.span.start..block.span.end];
        assert_eq!(found.trim_matches(is_blank), found, "untrimmed block");
        assert!(!block.text.is_empty() && (block.kept || block.rule.is_some()));
        at = block.span.end;
    }
    assert!(text[at..].chars().all(is_blank), "lost the end of {text:?}");
    assert_sentences_whole(&article, text);
}

fn assert_sentences_whole(article: &Article, text: &str) {
    for (idx, block) in article.blocks.iter().enumerate() {
        let own: Vec<_> = article.sentences.iter().filter(|s| s.block_idx == idx).collect();
        assert_eq!(own.is_empty(), !block.kept);
        let mut at = block.span.start;
        for sentence in own {
            assert!(sentence.span.start >= at && sentence.span.end <= block.span.end);
            assert!(text[at..sentence.span.start].chars().all(is_blank));
            at = sentence.span.end;
        }
        assert!(!block.kept || text[at..block.span.end].chars().all(is_blank));
    }
}

fn assert_settled(text: &str) {
    let once = clean(&RawArticle::new("any", text));
    let twice = clean(&RawArticle::new("any", once.kept_text()));
    assert_eq!(once.kept_text(), twice.kept_text(), "from {text:?}");
    assert_eq!(twice.removals().count(), 0, "from {text:?}");
    let kinds = |a: &Article| a.kept().map(|b| settled(b.kind)).collect::<Vec<_>>();
    assert_eq!(kinds(&once), kinds(&twice), "from {text:?}");
}

/// A dateline makes the paragraph above it the lead; what stands between them is no second one.
#[test]
fn nothing_below_a_lead_is_at_the_top() {
    assert_settled(
        "🚧 Route coupée…\nLe ministre a présenté mardi son plan pour les routes de montagne.\nUn long \
         chantier pour toute la vallée\nPARIS (AFP) - « Nous irons jusqu'au bout de la réforme », a-t-il dit.",
    );
}

/// Where the words of a line say nothing, the markup of the format does; where both speak, the words.
#[test]
fn markup_is_heard_where_words_are_silent() {
    use BlockKind::{Boilerplate, Intertitle, Lead, Teaser, Title};
    let pieces = [
        ("La Gazette de la vallée", Some(Boilerplate)),
        ("Un accord sur l'eau", Some(Title)),
        ("Quarante-six communes s'engagent à réduire leurs prélèvements.", Some(Lead)),
        ("Les riverains de la Loue ont signé jeudi la charte sur l'eau.", None),
        ("Cernois, le village qui compte ses gouttes", Some(Teaser)),
        ("Partager cet article", Some(Intertitle)),
        ("Trois étés sans eau", Some(Intertitle)),
        ("Les communes du plateau ont refusé le texte, faute de garanties.", None),
    ];
    let expected = "- boilerplate markup | La Gazette de la vallée\n\
        + title | Un accord sur l'eau\n\
        + lead markup | Quarante-six communes s'engagent à réduire leurs prélèvements.\n\
        + paragraph | Les riverains de la Loue ont signé jeudi la charte sur l'eau.\n\
        - teaser markup | Cernois, le village qui compte ses gouttes\n\
        - widget share | Partager cet article\n\
        + intertitle markup | Trois étés sans eau\n\
        + paragraph | Les communes du plateau ont refusé le texte, faute de garanties.";
    assert_eq!(described(&clean(&marked(&pieces))), expected);
}

fn marked(pieces: &[(&str, Option<BlockKind>)]) -> RawArticle {
    let (mut text, mut hints) = (String::new(), Vec::new());
    for (piece, kind) in pieces {
        let start = text.len();
        text.push_str(piece);
        let span = Span::new(start, text.len());
        hints.extend(kind.map(|kind| Hint { span, kind }));
        text.push_str("\n\n");
    }
    RawArticle { hints, ..RawArticle::new("marked", text) }
}

/// A declared headline is found among the lines, whatever else the markup calls one.
#[test]
fn the_declared_headline_is_the_title() {
    let pieces = [
        ("La Gazette de la vallée", Some(BlockKind::Title)),
        ("Un accord sur l'eau signé à Valmont", None),
        ("Les riverains de la Loue ont signé jeudi la charte sur l'eau.", None),
    ];
    let mut raw = marked(&pieces);
    raw.declared.title = Some("Un accord sur l'eau signé à Valmont - La Gazette".into());
    let article = clean(&raw);
    assert_eq!(article.title.as_deref(), Some("Un accord sur l'eau signé à Valmont"));
}

/// Each block says how sure it is; a pattern is surer than a neighbour.
#[test]
fn confidence_lies_between_guess_and_proof() {
    for case in all_cases() {
        let article = clean(&RawArticle::new("case", case.input.as_str()));
        for block in &article.blocks {
            assert!((0.3..=1.0).contains(&block.confidence), "{} {}", case.name, block.text);
        }
    }
}

/// What showed a paragraph to be the lead is gone from the kept text.
fn settled(kind: BlockKind) -> BlockKind {
    if kind == BlockKind::Lead { BlockKind::Paragraph } else { kind }
}

/// Pages made of pieces that the rules care about, in any order.
fn pages() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        " date 2026-01-06 ",
        "(Actualisé avec détails)",
        "par Claire Aubin",
        "PARIS (AFP) - ",
        "Le ministre a présenté mardi son plan pour les routes de montagne.",
        " AFP or licensors",
        "« Nous irons jusqu'au bout de la réforme », a-t-il dit.",
        "Un long chantier",
        "- ",
        "Réforme : ce que prévoit le plan du ministre pour les routes de montagne",
        "Lire aussi",
        "🚧 Route coupée…",
        "🚧 Route coupée… pic.twitter.com/a1 — Mairie (@mairie) March 3, 2025",
        "Lyon Genève Turin",
        "AA / Istanbul / X",
        "Istanbul",
        "\n",
        "\n\n",
        "\n\n",
        " ",
        "-",
        "©",
        "Il a précisé que la",
        "\u{feff}",
        "\u{a0}",
        "e\u{301}",
        "M. Roy",
        "1. Un. 2. Deux.",
        " -",
        "De Lyon à Turin, le trajet durera deux heures de moins, selon lui",
        "Politique, Monde",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

#[test]
fn a_mark_stays_with_its_letter() {
    for text in ["Un mot.\u{301} Un autre.", "Fin!\u{1e8d0}`\u{1e8d0}A!", "e\u{200b}\u{301} !"] {
        assert_whole(text);
        assert_settled(text);
    }
}

/// NFC writes these two another way, and they are blanks all the same.
#[test]
fn an_em_quad_is_a_blank() {
    for text in ["Le pont est fermé…\u{2000}Le bac aussi.", "Un\u{2001}mot."] {
        assert_settled(text);
        let article = clean(&RawArticle::new("any", text));
        assert!(!article.kept_text().contains(['\u{2000}', '\u{2001}', '\u{2002}', '\u{2003}']));
    }
}

/// Found by chance: a date between two dashes, both before the lead.
#[test]
fn a_dash_behind_a_date_is_set_aside_too() {
    let text = " - date 2026-01-06  -Réforme : ce que prévoit le plan du ministre pour les routes de \
                montagne\nDe Lyon à Turin, le trajet durera deux heures de moins\nLe ministre a \
                présenté mardi son plan pour les routes de montagne.";
    assert_settled(text);
    let article = clean(&RawArticle::new("any", text));
    assert!(article.kept_text().starts_with("Réforme"), "{}", article.kept_text());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_vanishes_from_any_text(text in "\\PC{0,200}") {
        assert_whole(&text);
    }

    #[test]
    fn nothing_vanishes_from_any_characters(text in prop::collection::vec(any::<char>(), 0..60)) {
        let text: String = text.into_iter().collect();
        assert_whole(&text);
        assert_settled(&text);
    }

    #[test]
    fn pages_are_whole_and_settled(text in pages()) {
        assert_whole(&text);
        assert_settled(&text);
    }
}
