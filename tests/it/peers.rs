//! What other implementations make of the same templates and the same texts.
//!
//! Their expectations are not part of this repository. A folder that holds them is named in
//! `DEPECHE_PEER_DATA`:
//!
//! - `chat_template_goldens.jsonl`: one rendering a line, with `template`, `messages`,
//!   `add_generation_prompt`, `bos_token`, `eos_token`, and `output` or `error`;
//! - `llama_cpp/templates/`: the templates that it names;
//! - `llama_cpp/vocab/ggml-vocab-qwen2.gguf.inp` and `.out`: texts and their token ids.
//!
//! The token ids need a real vocabulary: `DEPECHE_MODEL_FILE` names a Qwen2 GGUF file.

use std::path::{Path, PathBuf};

use depeche::engine::ChatTemplate;
use depeche::engine::tokenizer::Tokenizer;
use depeche::network::gguf::GgufFile;
use serde_json::Value;

/// The path that a variable holds; says loudly when it holds none.
pub fn path_in(variable: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).map(PathBuf::from);
    if path.is_none() {
        eprintln!("SKIPPED: nothing was compared with other programs: {variable} is not set");
    }
    path
}

/// What a golden rendering expects: a text, or (`None`) a refusal.
fn expected(case: &Value) -> Option<&str> {
    case["output"].as_str()
}

fn render(templates: &Path, case: &Value) -> Result<String, String> {
    let text = |key: &str| case[key].as_str().unwrap();
    let source = std::fs::read_to_string(templates.join(text("template"))).unwrap();
    let template = ChatTemplate::new(&source, text("bos_token"), text("eos_token"))
        .map_err(|e| e.to_string())?;
    let messages = case["messages"].as_array().unwrap();
    let add_generation_prompt = case["add_generation_prompt"].as_bool().unwrap();
    template.render(messages, add_generation_prompt).map_err(|e| e.to_string())
}

/// Where two texts part, with a little of each.
fn difference(found: &str, expected: &str) -> String {
    let at = found.bytes().zip(expected.bytes()).take_while(|(a, b)| a == b).count();
    let tail = |text: &str| -> String {
        let from = (0..=at.saturating_sub(20)).rev().find(|&i| text.is_char_boundary(i));
        text[from.unwrap_or(0)..].chars().take(60).collect()
    };
    format!("{:?} instead of {:?}", tail(found), tail(expected))
}

#[test]
fn chat_templates_render_as_elsewhere() {
    let Some(folder) = path_in("DEPECHE_PEER_DATA") else { return };
    let cases = std::fs::read_to_string(folder.join("chat_template_goldens.jsonl")).unwrap();
    let templates = folder.join("llama_cpp/templates");
    let mut failures = Vec::new();
    let mut n_cases = 0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        n_cases += 1;
        let failure = match (render(&templates, &case), expected(&case)) {
            (Ok(found), Some(expected)) if found == expected => continue,
            (Err(_), None) => continue,
            (Ok(found), Some(expected)) => difference(&found, expected),
            (Ok(_), None) => format!("no refusal, but {}", case["error"]),
            (Err(error), Some(_)) => error,
        };
        failures.push(format!("{} {}: {failure}", case["template"], case["context"]));
    }
    eprintln!("chat templates: {} of {n_cases} as expected", n_cases - failures.len());
    assert!(n_cases > 0);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn qwen2_tokens_are_those_of_elsewhere() {
    let Some(folder) = path_in("DEPECHE_PEER_DATA") else { return };
    let Some(model) = path_in("DEPECHE_MODEL_FILE") else { return };
    let tokenizer = Tokenizer::from_gguf(&GgufFile::open(&model).unwrap()).unwrap();
    let read = |ext: &str| {
        let path = folder.join(format!("llama_cpp/vocab/ggml-vocab-qwen2.gguf.{ext}"));
        std::fs::read_to_string(path).unwrap()
    };
    let (texts, ids) = (read("inp"), read("out"));
    let texts: Vec<&str> = texts.split("\n__ggml_vocab_test__\n").collect();
    let mut failures = Vec::new();
    for (text, ids) in texts.iter().zip(ids.split('\n')) {
        let expected: Vec<u32> = ids.split_whitespace().map(|id| id.parse().unwrap()).collect();
        let found = tokenizer.encode(text).unwrap();
        if found != expected {
            failures.push(format!("{text:?}: {found:?} instead of {expected:?}"));
        }
    }
    eprintln!("qwen2 tokens: {} of {} as expected", texts.len() - failures.len(), texts.len());
    assert!(texts.len() > 1);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
