//! Files that are not the model that they say they are: an error with the file's name, never a
//! panic.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

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
