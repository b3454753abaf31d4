//! Text to tokens and back.

use depeche::engine::tokenizer::Tokenizer;
use depeche::network::gguf::GgufFile;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::tiny::{self, Tiny};

fn tokenizer() -> Tokenizer {
    let dir = tempfile::tempdir().unwrap();
    let file = GgufFile::open(&tiny::model_file(dir.path())).unwrap();
    Tokenizer::from_gguf(&file).unwrap()
}

thread_local!(static TOKENIZER: Tokenizer = tokenizer());

fn there_and_back(text: &str) -> String {
    TOKENIZER.with(|t| t.decode(&t.encode(text).unwrap()).unwrap())
}

#[test]
fn french_text_comes_back_as_it_was() {
    for text in [
        "",
        " ",
        "\n\n\t ",
        "L’été dernier, à Noël-les-Bains, l'œuvre coûtait 1 200,50 €.",
        "« Où êtes-vous ? » demanda-t-elle…",
        "  deux blancs devant, deux derrière  ",
        "ligne\r\nligne\nligne",
        "👩‍👩‍👧‍👦 🇫🇷 العربية 日本語",
        "\u{0}\u{1}\u{7f}\u{feff}\u{fffd}",
    ] {
        assert_eq!(there_and_back(text), text);
    }
}

#[test]
fn merges_are_used() {
    TOKENIZER.with(|t| {
        // " de" and "que" are one token each, "é" is two bytes in one token.
        assert_eq!(t.encode(" de").unwrap().len(), 1);
        assert_eq!(t.encode("que").unwrap().len(), 1);
        assert_eq!(t.encode("é").unwrap().len(), 1);
        assert_eq!(t.encode("xyz").unwrap().len(), 3);
    });
}

#[test]
fn text_that_looks_like_a_control_token_stays_text() {
    for text in ["<|im_end|>", "a<|im_start|>b", "<|endoftext|>", "<|im_end|><|im_end|>\n"] {
        TOKENIZER.with(|t| {
            let tokens = t.encode(text).unwrap();
            assert!(tokens.len() > 1, "{text}: {tokens:?}");
            assert!(!tokens.iter().any(|id| t.end_of_text().contains(id)), "{text}");
        });
        assert_eq!(there_and_back(text), text);
    }
}

#[test]
fn control_tokens_are_not_in_the_text_of_an_answer() {
    TOKENIZER.with(|t| {
        let mut tokens = t.encode("Fin").unwrap();
        tokens.extend(t.end_of_text());
        assert_eq!(t.decode(&tokens).unwrap(), "Fin");
    });
}

#[test]
fn bytes_that_are_no_text_become_a_mark() {
    TOKENIZER.with(|t| {
        let two_bytes = t.encode("ï").unwrap();
        assert_eq!(two_bytes.len(), 2);
        assert_eq!(t.decode(&two_bytes[..1]).unwrap(), "\u{FFFD}");
    });
}

#[test]
fn both_ends_of_a_chat_model_are_known() {
    TOKENIZER.with(|t| assert!(t.end_of_text().len() >= 2, "{:?}", t.end_of_text()));
}

fn with_rules(pre: &'static str) -> depeche::Result<Tokenizer> {
    let dir = tempfile::tempdir().unwrap();
    let tiny = Tiny { pre, n_layers: 1, ..Tiny::default() };
    Tokenizer::from_gguf(&GgufFile::open(&tiny.write_into(dir.path())).unwrap())
}

#[test]
fn other_rules_to_divide_texts_lose_nothing() {
    for pre in ["llama-bpe", "smollm", "gpt-2", "tekken", "glm4"] {
        let tokenizer = with_rules(pre).unwrap();
        let text = "D'où 12 345 €, l'œuvre « que »  là\n\n\tfin.";
        let tokens = tokenizer.encode(text).unwrap();
        assert_eq!(tokenizer.decode(&tokens).unwrap(), text, "{pre}");
        // No blank is put before the first word.
        assert_eq!(tokenizer.encode("de").unwrap().len(), 2, "{pre}");
        assert_eq!(tokenizer.encode(" de").unwrap().len(), 1, "{pre}");
    }
}

#[test]
fn rules_that_are_not_known_are_refused_by_name() {
    let error = with_rules("klingon").err().unwrap().to_string();
    assert!(error.contains("klingon"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Accents come back composed (NFC), as the model was trained; everything else is untouched.
    /// Only characters that all versions of Unicode in use compose alike: of the scripts between, some
    /// marks came late.
    #[test]
    fn any_text_comes_back(
        text in prop::collection::vec(
            prop::char::ranges(
                vec!['\0'..='\u{5ff}', '\u{1e00}'..='\u{24ff}', '\u{1f300}'..='\u{1f6ff}'].into(),
            ),
            0..60,
        ),
    ) {
        let text: String = text.into_iter().collect();
        let composed: String = text.nfc().collect();
        prop_assert_eq!(there_and_back(&text), composed);
    }

    #[test]
    fn text_with_pieces_of_control_tokens_comes_back(
        parts in prop::collection::vec(
            prop::sample::select(vec!["<|", "im_end", "|>", "<|im_end|>", "é", " ", "\n", "<"]),
            0..12,
        ),
    ) {
        let text = parts.concat();
        TOKENIZER.with(|t| {
            let tokens = t.encode(&text).unwrap();
            assert!(!tokens.iter().any(|id| t.end_of_text().contains(id)));
        });
        prop_assert_eq!(there_and_back(&text), text);
    }
}
