//! Vocabularies of SentencePiece: a tiny one, whose joins can be followed by hand.

use std::path::Path;

use candle_core::quantized::gguf_file::{self, Value};
use depeche::engine::tokenizer::Tokenizer;
use depeche::engine::{ChatTemplate, Message};
use depeche::network::gguf::GgufFile;
use proptest::prelude::*;

/// Pieces with their scores. The order of the joins is that of the scores.
const PIECES: [(&str, f32); 18] = [
    ("▁l", -1.0),
    ("le", -2.0),
    ("▁le", -3.0),
    ("ch", -4.0),
    ("at", -5.0),
    ("chat", -6.0),
    ("▁c", -7.0),
    ("aa", -8.0),
    ("▁", -20.0),
    ("l", -21.0),
    ("e", -22.0),
    ("c", -23.0),
    ("h", -24.0),
    ("a", -25.0),
    ("t", -26.0),
    (".", -27.0),
    ("\n", -28.0),
    ("aaa", -40.0),
];

const CONTROL: [&str; 4] = ["<unk>", "<s>", "</s>", "<pad>"];
const USER_DEFINED: [&str; 4] = ["\n\n", "<b>", "<turn>", "  "];

/// `<unk>` and its like, the bytes, the user-defined pieces, the others.
fn words() -> Vec<(String, i32, f32)> {
    let control = CONTROL.iter().map(|text| (text.to_string(), 3, 0.0));
    let bytes = (0..=255).map(|byte| (format!("<0x{byte:02X}>"), 6, 0.0));
    let user = USER_DEFINED.iter().map(|text| (text.to_string(), 4, -1000.0));
    let pieces = PIECES.iter().map(|(text, score)| (text.to_string(), 1, *score));
    control.chain(bytes).chain(user).chain(pieces).collect()
}

fn write(path: &Path, more: &[(&str, Value)], missing: &str) {
    let words = words();
    let list =
        |value: fn(&(String, i32, f32)) -> Value| Value::Array(words.iter().map(value).collect());
    let mut metadata = vec![
        ("tokenizer.ggml.model", Value::String("llama".into())),
        ("tokenizer.ggml.tokens", list(|(text, _, _)| Value::String(text.clone()))),
        ("tokenizer.ggml.token_type", list(|(_, kind, _)| Value::I32(*kind))),
        ("tokenizer.ggml.scores", list(|(_, _, score)| Value::F32(*score))),
        ("tokenizer.ggml.bos_token_id", Value::U32(1)),
        ("tokenizer.ggml.eos_token_id", Value::U32(2)),
    ];
    metadata.extend(more.iter().cloned());
    metadata.retain(|(key, _)| *key != missing);
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (*key, value)).collect();
    gguf_file::write(&mut std::fs::File::create(path).unwrap(), &metadata, &[]).unwrap();
}

fn file(more: &[(&str, Value)], missing: &str) -> GgufFile {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("words.gguf");
    write(&path, more, missing);
    GgufFile::open(&path).unwrap()
}

fn tokenizer(more: &[(&str, Value)]) -> Tokenizer {
    Tokenizer::from_gguf(&file(more, "")).unwrap()
}

fn without_prefix() -> Tokenizer {
    tokenizer(&[("tokenizer.ggml.add_space_prefix", Value::Bool(false))])
}

fn id(text: &str) -> u32 {
    words().iter().position(|(word, _, _)| word == text).unwrap() as u32
}

#[track_caller]
fn assert_spelt(tokenizer: &Tokenizer, text: &str, expected: &[&str]) {
    let expected: Vec<u32> = expected.iter().map(|word| id(word)).collect();
    let found = tokenizer.encode(text).unwrap();
    assert_eq!(found, expected, "{text:?}");
    assert_eq!(tokenizer.decode(&found).unwrap(), text);
}

/// Of ▁ l e ▁ c h a t: ▁l is joined first, so le never is; ▁le; ch; at; chat. ▁c comes too late.
#[test]
fn the_best_join_comes_first() {
    assert_spelt(&tokenizer(&[]), "le chat", &["▁le", "▁", "chat"]);
    assert_spelt(&without_prefix(), "le chat", &["le", "▁", "chat"]);
    assert_spelt(&without_prefix(), "ca", &["c", "a"]);
}

#[test]
fn of_equal_joins_the_left_one_comes_first() {
    assert_spelt(&without_prefix(), "aaaa.", &["aa", "aa", "."]);
    // aa and a are then aaa.
    assert_spelt(&without_prefix(), "aaa", &["aaa"]);
    // aa, aa, a: the pairs aa|aa and aa|a are asked, and the second is a piece.
    assert_spelt(&without_prefix(), "aaaaa", &["aa", "aaa"]);
}

#[test]
fn what_has_no_piece_is_spelt_in_bytes() {
    assert_spelt(&without_prefix(), "é", &["<0xC3>", "<0xA9>"]);
    assert_spelt(&tokenizer(&[]), "à le", &["▁", "<0xC3>", "<0xA0>", "▁le"]);
    let half = without_prefix().decode(&[id("<0xC3>"), id("e")]).unwrap();
    assert_eq!(half, "\u{FFFD}e");
}

#[test]
fn user_defined_pieces_are_taken_whole() {
    assert_spelt(&without_prefix(), "a\n\n\nle", &["a", "\n\n", "\n", "le"]);
    assert_spelt(&tokenizer(&[]), "le<b> le", &["▁le", "<b>", "▁le"]);
    // The blank before le would be joined to it, were it alone.
    assert_spelt(&without_prefix(), "a  le le", &["a", "  ", "le", "▁le"]);
}

#[test]
fn text_that_looks_like_a_control_token_stays_text() {
    let template = Value::String("{{ bos_token }}<turn>{{ messages[0].content }}</s>".into());
    let tokenizer = tokenizer(&[("tokenizer.chat_template", template)]);
    // What the template writes is a control token there, whatever its type.
    for text in ["</s>", "a<s>", "<turn>", "<pad><pad>", "<0x0A>"] {
        let tokens = tokenizer.encode(text).unwrap();
        let special = ["<s>", "</s>", "<turn>", "<pad>", "<unk>"].map(id);
        assert!(!tokens.iter().any(|token| special.contains(token)), "{text}: {tokens:?}");
        assert_eq!(tokenizer.decode(&tokens).unwrap(), text);
    }
    let rendered = tokenizer.encode_rendered("<s><turn>a</s>").unwrap();
    assert_eq!(rendered, ["<s>", "<turn>", "▁", "a", "</s>"].map(id));
    assert_eq!(tokenizer.decode(&rendered).unwrap(), "a");
}

#[test]
fn a_prompt_begins_once_as_the_file_says() {
    let prompts =
        |tokenizer: Tokenizer| ["le", "<s>le"].map(|text| tokenizer.encode_rendered(text).unwrap());
    let with = vec![id("<s>"), id("▁le")];
    assert_eq!(prompts(tokenizer(&[])), [with.clone(), with.clone()]);
    let add_bos = |add| [("tokenizer.ggml.add_bos_token", Value::Bool(add))];
    assert_eq!(prompts(tokenizer(&add_bos(true))), [with.clone(), with.clone()]);
    assert_eq!(prompts(tokenizer(&add_bos(false))), [with[1..].to_vec(), with]);
}

#[test]
fn ends_and_line_breaks_are_known() {
    let tokenizer = tokenizer(&[("tokenizer.ggml.eot_token_id", Value::U32(3))]);
    assert_eq!(tokenizer.end_of_text(), [id("</s>"), id("<pad>")]);
    let breaks = ["<0x0A>", "\n\n", "\n"].map(id).into_iter().collect();
    assert_eq!(tokenizer.line_breaks(), breaks);
    assert!(tokenizer.decode(&[9999]).is_err());
}

#[test]
fn what_is_missing_is_named() {
    for key in ["tokenizer.ggml.tokens", "tokenizer.ggml.scores", "tokenizer.ggml.model"] {
        let error = Tokenizer::from_gguf(&file(&[], key)).err().unwrap().to_string();
        assert!(error.contains(key), "{error}");
    }
    let other = [("tokenizer.ggml.model", Value::String("wordpiece".into()))];
    let error = Tokenizer::from_gguf(&file(&other, "")).err().unwrap().to_string();
    assert!(error.contains("wordpiece") && error.contains("llama"), "{error}");
}

#[test]
fn a_base_model_cannot_be_asked() {
    let template = ChatTemplate::from_gguf(&file(&[], "")).unwrap();
    let error = template.encode(&[Message::user("le chat")], &tokenizer(&[])).unwrap_err();
    assert!(error.to_string().contains("base model"), "{error}");
}

/// Joins by looking at all neighbours each time.
fn joined_slowly(text: &str) -> Vec<String> {
    let score = |text: &str| PIECES.iter().find(|(piece, _)| *piece == text).map(|(_, s)| *s);
    let mut parts: Vec<String> = text.replace(' ', "▁").chars().map(String::from).collect();
    loop {
        let union = |i: usize| Some((i, score(&format!("{}{}", parts[i], parts[i + 1]))?));
        let unions = (0..parts.len().saturating_sub(1)).filter_map(union);
        let better = |a: (usize, f32), b: (usize, f32)| if b.1 > a.1 { b } else { a };
        let Some((left, _)) = unions.reduce(better) else { return parts };
        let right = parts.remove(left + 1);
        parts[left].push_str(&right);
    }
}

proptest! {
    #[test]
    fn the_queue_joins_as_looking_everywhere_does(
        letters in prop::collection::vec(
            prop::sample::select(vec!['a', 'c', 'h', 't', 'l', 'e', ' ', '.']),
            0..40,
        ),
    ) {
        thread_local!(static TOKENIZER: Tokenizer = without_prefix());
        let text: String = letters.into_iter().collect();
        let text = text.replace("  ", " .");
        let expected: Vec<u32> = joined_slowly(&text).iter().map(|piece| id(piece)).collect();
        let found = TOKENIZER.with(|t| t.encode(&text).unwrap());
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn any_text_comes_back(text in "\\PC{0,40}") {
        prop_assume!(!text.contains('▁'));
        thread_local!(static TOKENIZER: Tokenizer = tokenizer(&[]));
        let back = TOKENIZER.with(|t| t.decode(&t.encode(&text).unwrap()).unwrap());
        prop_assert_eq!(back, text);
    }
}
