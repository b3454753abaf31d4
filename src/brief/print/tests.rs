mod own;
mod word;

use super::fixture::{cite, item, note};
use super::*;
use crate::brief::note::{Event, Statement};

fn text(note: &Note, format: Format) -> String {
    String::from_utf8(bytes(note, format).unwrap()).unwrap()
}

/// The note with its first event alone, in French.
fn in_french() -> Note {
    let mut note = note();
    note.language = "fr";
    note.events.truncate(1);
    note
}

#[test]
fn as_markdown() {
    insta::assert_snapshot!(text(&note(), Format::Markdown));
    insta::assert_snapshot!(text(&in_french(), Format::Markdown));
}

#[test]
fn as_text() {
    insta::assert_snapshot!(text(&note(), Format::Text));
    insta::assert_snapshot!(text(&in_french(), Format::Text));
}

#[test]
fn as_html() {
    insta::assert_snapshot!(text(&note(), Format::Html));
}

#[test]
fn as_record() {
    let record: serde_json::Value = serde_json::from_str(&text(&note(), Format::Json)).unwrap();
    assert_eq!(record["schema"], 1);
    assert_eq!(record["events"][0]["timeline"][1]["date"], "2026-01-06");
    assert_eq!(record["events"][0]["bottom_line"][0]["is_shortened"], true);
    assert_eq!(record["events"][0]["statements"][0]["text"], "“Nobody had reported a crack.”");
}

/// An event of a title and nothing else.
fn bare() -> Event {
    Event {
        title: item("A title", vec![cite(1, 0, "Un titre.")]),
        bottom_line: vec![],
        key_points: vec![],
        statements: vec![],
        agreements: vec![],
        disagreements: vec![],
        timeline: vec![],
        figures: vec![],
        names: vec![],
        single_source: vec![],
        unknown: vec![],
        sources: vec![],
        n_independent: 0,
    }
}

fn note_of(event: Event) -> Note {
    Note { schema: 1, language: "en", events: vec![event], failed: vec![] }
}

#[test]
fn empty_sections_vanish() {
    let note = note_of(bare());
    let markdown = text(&note, Format::Markdown);
    let headings: Vec<&str> = markdown.lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(headings, ["# A title [[1]](#c1-1-0-9)", "## Sentences cited"]);
    assert!(!text(&note, Format::Html).contains("<table"));
    assert!(!word::part(&note, "word/document.xml").contains("Heading1"));
    for format in Format::ALL {
        bytes(&Note { events: vec![], ..note.clone() }, format).unwrap();
    }
}

/// What an article may say to break a page or a terminal.
const HOSTILE: &str = "</q><script>alert(1)</script> ' onmouseover='x' \u{1b}[2J\u{0}\u{fffe} | `a` \
                       {{ 7 * 7 }} {% raw %} ]]> &amp; \r\n# fin";

fn hostile() -> Note {
    let hostile = || item(HOSTILE, vec![cite(1, 5, HOSTILE)]);
    let mut note = note();
    let event = &mut note.events[0];
    event.title = hostile();
    event.key_points = vec![hostile()];
    event.statements = vec![Statement {
        speaker: HOSTILE.into(),
        is_quote: true,
        varies: true,
        item: item("x", vec![cite(1, 5, HOSTILE)]),
    }];
    event.sources[0].title = Some(HOSTILE.into());
    event.sources[0].path = HOSTILE.into();
    event.disagreements[0].values[0].value = HOSTILE.into();
    event.figures[0].item.checks[0].message = HOSTILE.into();
    note
}

#[test]
fn what_articles_say_is_never_markup() {
    let note = hostile();
    let page = text(&note, Format::Html);
    assert!(!page.contains("<script") && !page.contains("' onmouseover"));
    let markdown = text(&note, Format::Markdown).replace("\\<", "");
    assert!(!markdown.contains("<script") && !markdown.contains("\n# fin"));
    for format in [Format::Text, Format::Markdown, Format::Html] {
        let text = text(&note, format);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('\\', "");
        assert!(words.contains("{{ 7 * 7 }}"), "{format:?}");
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{format:?}");
    }
    let document =
        word::part(&note, "word/document.xml") + &word::part(&note, "word/footnotes.xml");
    assert!(!document.contains(['\u{1b}', '\u{0}', '\u{fffe}']) && !document.contains("<script"));
}

#[test]
fn rows_of_markdown_tables_keep_their_cells() {
    let rows = |text: &str| {
        let lines = text.lines().filter(|line| line.starts_with('|'));
        lines.map(|line| line.replace("\\|", "").matches('|').count()).collect::<Vec<_>>()
    };
    assert_eq!(rows(&text(&hostile(), Format::Markdown)), rows(&text(&note(), Format::Markdown)));
}

#[test]
fn lines_of_text_fit_into_the_terminal() {
    use unicode_width::UnicodeWidthStr;
    for note in [note(), in_french()] {
        let text = text(&note, Format::Text);
        assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    }
}

#[test]
fn links_of_pages_and_markdown_lead_somewhere() {
    for (format, begin, end) in [(Format::Html, "href=\"#", '"'), (Format::Markdown, "](#", ')')] {
        let text = text(&note(), format);
        let links = text.split(begin).skip(1).filter_map(|rest| rest.split(end).next());
        for link in links.filter(|link| *link != "-") {
            assert!(text.contains(&format!("id=\"{link}\"")), "{format:?}: {link}");
        }
    }
}
