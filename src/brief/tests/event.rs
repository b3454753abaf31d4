//! From articles to an event of a note.

use super::bridge;
use crate::brief::note::{Event, Item};
use crate::brief::{Briefing, Earlier, Length, Note, Options};
use crate::digest::Language;
use crate::engine::Sampling;
use crate::translate;

fn options(language: Language) -> Options {
    Options {
        language,
        length: Length::Standard,
        is_extractive: true,
        sampling: Sampling::default(),
        translation: translate::Options::default(),
        max_new_tokens: None,
    }
}

fn event(earlier: Option<&Earlier>) -> Event {
    let briefing = Briefing::new(bridge(), &options(Language::French));
    assert!(!briefing.needs_model());
    briefing.into_event(earlier)
}

fn is_cited(item: &Item) -> bool {
    let sources = bridge();
    let holds = |source: usize, quote: &str| {
        let source = &sources[source - 1];
        let is_title = source.title.as_deref() == Some(quote);
        is_title || source.sentences.iter().any(|sentence| sentence.text == quote)
    };
    !item.citations.is_empty() && item.citations.iter().all(|c| holds(c.source, &c.quote))
}

#[test]
fn nothing_in_a_note_is_without_its_source() {
    let event = event(None);
    assert!(event.items().count() > 8);
    for item in event.items() {
        assert!(is_cited(item), "{item:?}");
    }
    assert!(!event.bottom_line.is_empty() && event.bottom_line.len() <= 3);
    assert!(event.unknown[0].text.contains("n'a pas précisé"));
}

#[test]
fn an_extractive_note_in_the_articles_language_needs_no_model() {
    let sentences: Vec<String> =
        bridge().into_iter().flat_map(|s| s.sentences).map(|s| s.text).collect();
    for item in event(None).key_points {
        assert!(sentences.contains(&item.text) && !item.is_shortened);
    }
    assert!(Briefing::new(bridge(), &options(Language::English)).needs_model());
}

#[test]
fn places_in_the_file_hold_the_sentences() {
    let sources = bridge();
    let texts = ["a.txt", "b.txt"].map(|id| {
        let source = sources.iter().find(|source| source.id == id).unwrap();
        source.sentences.iter().map(|s| (s.span.unwrap(), s.text.clone())).collect::<Vec<_>>()
    });
    let event = event(None);
    for citation in event.items().flat_map(|item| &item.citations) {
        let own = texts[citation.source - 1].iter().find(|(_, text)| *text == citation.quote);
        assert_eq!(citation.span, own.map(|(span, _)| *span));
    }
}

#[test]
fn an_earlier_note_tells_what_is_new() {
    let note = Note {
        schema: 1,
        language: "fr",
        events: vec![
            Briefing::new(bridge()[..1].to_vec(), &options(Language::French)).into_event(None),
        ],
        failed: Vec::new(),
    };
    let earlier = Earlier::read(&serde_json::to_string(&note).unwrap()).unwrap();
    let event = event(Some(&earlier));
    let of = |source: usize| {
        event
            .key_points
            .iter()
            .filter(move |item| item.citations.iter().all(|c| c.source == source))
    };
    assert!(of(2).any(|item| item.is_new));
    assert!(of(1).all(|item| !item.is_new));
}
