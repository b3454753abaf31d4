//! Files that are not the model that they say they are: an error with the file's name, never a
//! panic.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use candle_core::quantized::gguf_file::Value;
use depeche::device::Device;
use depeche::engine::{Engine, Limits, Request};
use depeche::error::chain;

use crate::tiny::{self, Tiny};

/// What opening this file says.
#[track_caller]
fn refusal(path: &Path) -> String {
    let Err(error) = Engine::open(path, &Device::cpu()) else {
        panic!("{} was opened", path.display())
    };
    assert!(error.hint().is_some(), "{error:?}");
    let message = chain(&error);
    assert!(message.contains(&path.display().to_string()), "{message}");
    assert!(!message.contains('\n'), "{message}");
    message
}

fn refusal_of(tiny: &Tiny) -> String {
    let dir = tempfile::tempdir().unwrap();
    refusal(&tiny.write_into(dir.path()))
}

fn refusal_of_bytes(bytes: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("broken.gguf");
    std::fs::write(&path, bytes).unwrap();
    refusal(&path)
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(tiny::model_file(dir.path())).unwrap();
    let message = refusal_of_bytes(&bytes[..bytes.len() - 100]);
    assert!(message.contains("cut off"), "{message}");
    let n_cuts = 40;
    for i in 0..n_cuts {
        refusal_of_bytes(&bytes[..bytes.len() * i / n_cuts]);
    }
    // The header, where the cut falls into keys, strings and numbers.
    for n_bytes in 0..400 {
        refusal_of_bytes(&bytes[..n_bytes]);
    }
}

/// The bytes of a header with these values and weights, each spelt out by the caller.
fn header(n_weights: u64, n_values: u64, rest: &[&[u8]]) -> Vec<u8> {
    let counts = [n_weights.to_le_bytes(), n_values.to_le_bytes()].concat();
    [b"GGUF", &3_u32.to_le_bytes()[..], &counts, &rest.concat()].concat()
}

fn string(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat()
}

/// One weight of 2^62 floats, whose size in bytes is 2^64: one more than a number can say.
#[test]
fn a_weight_larger_than_any_memory_is_refused() {
    let (one, n_floats) = (1_u32.to_le_bytes(), (1_u64 << 62).to_le_bytes());
    let message = refusal_of_bytes(&header(1, 0, &[&string("w"), &one, &n_floats, &[0; 12]]));
    assert!(message.contains("weight w lies beyond"), "{message}");
}

#[test]
fn an_alignment_of_zero_is_refused() {
    // Before it a list of texts and one of numbers, which must be passed over.
    let kind = |kind: u32| kind.to_le_bytes();
    let n = |n: u64| n.to_le_bytes();
    let texts = [&kind(9)[..], &kind(8), &n(2), &string("a"), &string("b")].concat();
    let numbers = [&kind(9)[..], &kind(4), &n(2), &[7; 8]].concat();
    for key in ["general.alignment", "general.alignment\0"] {
        let rest: [&[u8]; 7] =
            [&string("x"), &texts, &string("y"), &numbers, &string(key), &kind(4), &[0; 4]];
        let message = refusal_of_bytes(&header(0, 3, &rest));
        assert!(message.contains("alignment is zero"), "{message}");
    }
}

#[test]
fn a_text_file_is_refused() {
    refusal_of_bytes("Le maire de Lyon a annoncé mardi un plan de travaux.\n".as_bytes());
    refusal_of_bytes(b"");
    refusal_of_bytes(b"GGUF");
}

#[test]
fn a_missing_file_is_refused() {
    refusal(Path::new("/nowhere/at/all.gguf"));
}

#[test]
fn a_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    refusal(dir.path());
}

#[test]
fn another_architecture_is_refused_by_name() {
    let message = refusal_of(&Tiny { architecture: "mamba9", ..Tiny::default() });
    assert!(message.contains("mamba9") && message.contains("qwen2"), "{message}");
}

#[test]
fn a_missing_weight_is_refused_by_name() {
    for name in ["token_embd.weight", "blk.1.attn_k.weight", "output_norm.weight"] {
        let message = refusal_of(&Tiny { missing: vec![name], ..Tiny::default() });
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn what_one_architecture_needs_is_refused_by_name() {
    let missing = |tiny: Tiny, name| refusal_of(&Tiny { missing: vec![name], ..tiny });
    for (tiny, name) in [
        (Tiny::qwen3(), "blk.0.attn_q_norm.weight"),
        (Tiny::gemma3(), "blk.5.post_ffw_norm.weight"),
        (Tiny::llama(), "blk.1.ffn_up.weight"),
        (Tiny::phi3(), "blk.1.attn_qkv.weight"),
        (Tiny::phi3(), "token_embd.weight"),
    ] {
        let message = missing(tiny, name);
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn what_is_not_supported_is_refused() {
    let with = |tiny: Tiny, key, value| refusal_of(&Tiny { more: vec![(key, value)], ..tiny });
    let number = Value::U32;
    let text = |text: &str| Value::String(text.into());
    for (message, word) in [
        (with(Tiny::llama(), "expert_count", number(8)), "8 experts"),
        (with(Tiny::llama(), "rope.scaling.type", text("yarn")), "yarn"),
        (with(Tiny::llama(), "rope.dimension_count", number(32)), "rope.dimension_count"),
        (with(Tiny::llama(), "attention.key_length", number(33)), "do not fit"),
        (with(Tiny::default(), "block_count", number(u32::MAX)), "blocks"),
        (with(Tiny::gemma3(), "attention.sliding_window", number(0)), "sliding window"),
        (with(Tiny::phi3(), "attention.head_count", number(0)), "head_count"),
        (with(Tiny::phi3(), "attention.head_count_kv", number(0)), "head_count_kv"),
    ] {
        assert!(message.contains(word), "{message}");
    }
}

/// A width that the weights do not have is an error when they meet, not a panic.
#[test]
fn weights_of_another_size_are_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let tiny = Tiny { more: vec![("attention.key_length", Value::U32(128))], ..Tiny::default() };
    let engine = Engine::open(&tiny.write_into(dir.path()), &Device::cpu()).unwrap();
    let mut scheduler = engine.scheduler(Limits::default());
    scheduler.submit(Request { prompt: vec![1, 2], max_new_tokens: 2, ..Request::default() });
    assert!(scheduler.step().is_err());
}

#[test]
fn heads_that_do_not_divide_the_width_are_refused() {
    let message = refusal_of(&Tiny { n_heads: 4, n_kv_heads: 3, ..Tiny::default() });
    assert!(message.contains("do not fit"), "{message}");
}

#[test]
fn a_template_that_does_not_parse_is_refused() {
    let chat_template = Some("{% for message in messages %}".into());
    let message = refusal_of(&Tiny { chat_template, ..Tiny::default() });
    assert!(message.contains("chat template"), "{message}");
}

#[test]
fn a_damaged_header_never_panics() {
    let dir = tempfile::tempdir().unwrap();
    let path = tiny::model_file(dir.path());
    let bytes = std::fs::read(&path).unwrap();
    let mut file = File::options().write(true).open(&path).unwrap();
    // Magic, counts, and the hyper-parameters; every byte would take a minute.
    for at in (0..640).step_by(3) {
        patch(&mut file, at, !bytes[at]);
        // Some damage does no harm; none may bring the program down.
        if let Ok(engine) = Engine::open(&path, &Device::cpu()) {
            let prompt = engine.encode("a").unwrap();
            let mut scheduler = engine.scheduler(Limits::default());
            scheduler.submit(Request { prompt, max_new_tokens: 2, ..Request::default() });
            while scheduler.n_pending() > 0 && scheduler.step().is_ok() {}
        }
        patch(&mut file, at, bytes[at]);
    }
}

fn patch(file: &mut File, at: usize, value: u8) {
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.write_all(&[value]).unwrap();
}
