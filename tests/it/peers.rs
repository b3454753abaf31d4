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
//!
//! `DEPECHE_PEER_LINES` names a file with what another program makes of any one GGUF file, which
//! `DEPECHE_PEER_MODEL` names: one text a line, with `text`, `tokens` (with the token that begins
//! prompts), and `nll`, the negative log-likelihood of all tokens behind the first, or null.

use std::path::{Path, PathBuf};

use depeche::engine::ChatTemplate;
use depeche::engine::tokenizer::Tokenizer;
use depeche::network::gguf::GgufFile;
use depeche::network::{self, Batch, KvCache, Network};
use serde::Deserialize;
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

/// What another program makes of a text.
#[derive(Debug, Deserialize)]
struct Line {
    text: String,
    tokens: Vec<u32>,
    nll: Option<f64>,
}

/// Texts whose next tokens go through together.
const N_TOGETHER: usize = 32;

#[test]
fn tokens_and_perplexity_are_those_of_elsewhere() {
    let Some(lines) = path_in("DEPECHE_PEER_LINES") else { return };
    let Some(model) = path_in("DEPECHE_PEER_MODEL") else { return };
    let lines = std::fs::read_to_string(lines).unwrap();
    let lines: Vec<Line> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let file = GgufFile::open(&model).unwrap();
    let started = std::time::Instant::now();
    let tokenizer = Tokenizer::from_gguf(&file).unwrap();
    let seconds = started.elapsed().as_secs_f64();
    let tokens = |line: &Line| -> Vec<u32> {
        tokenizer.bos().into_iter().chain(tokenizer.encode(&line.text).unwrap()).collect()
    };
    let differing = lines.iter().filter(|line| tokens(line) != line.tokens);
    let differing: Vec<&str> = differing.map(|line| line.text.as_str()).collect();
    let n_equal = lines.len() - differing.len();
    eprintln!("vocabulary loaded in {seconds:.2} s; {n_equal} of {} texts equal", lines.len());
    assert!(!lines.is_empty() && differing.is_empty(), "{differing:#?}");
    let judged: Vec<&Line> = lines.iter().filter(|line| line.nll.is_some()).collect();
    if judged.is_empty() {
        return;
    }
    let network = network::load(&file, &candle_core::Device::Cpu).unwrap();
    let ours: f64 = judged.chunks(N_TOGETHER).map(|lines| nll(&*network, lines)).sum();
    let theirs: f64 = judged.iter().filter_map(|line| line.nll).sum();
    let n_tokens: usize = judged.iter().map(|line| line.tokens.len().saturating_sub(1)).sum();
    let [ours, theirs] = [ours, theirs].map(|nll| (nll / n_tokens as f64).exp());
    let percent = 100.0 * (ours / theirs - 1.0);
    eprintln!(
        "perplexity of {n_tokens} tokens: {ours:.4}, elsewhere {theirs:.4} ({percent:+.3} %)"
    );
    assert!(percent.abs() < 0.5);
}

/// The negative log-likelihood of texts, token by token.
fn nll(network: &dyn Network, lines: &[&Line]) -> f64 {
    let mut caches: Vec<KvCache> =
        lines.iter().map(|line| network.new_cache(line.tokens.len()).unwrap()).collect();
    let longest = lines.iter().map(|line| line.tokens.len()).max().unwrap_or(0);
    let mut sum = 0.0;
    for position in 1..longest {
        let (mut batch, mut in_pass, mut expected) = (Batch::default(), Vec::new(), Vec::new());
        for (line, cache) in lines.iter().zip(&mut caches) {
            if let Some(next) = line.tokens.get(position) {
                batch.push(&line.tokens[position - 1..position], 1);
                in_pass.push(cache);
                expected.push(*next as usize);
            }
        }
        let logits = network.forward(&batch, &mut in_pass).unwrap().unwrap();
        let logits: Vec<Vec<f32>> = logits.to_vec2().unwrap();
        sum += logits.iter().zip(expected).map(|(row, next)| surprise(row, next)).sum::<f64>();
    }
    sum
}

/// The negative logarithm of a token's probability.
fn surprise(logits: &[f32], token: usize) -> f64 {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|x| f64::from(x - max).exp()).sum();
    sum.ln() - f64::from(logits[token] - max)
}
