//! Tokens a second through encoder-decoders of the published sizes of Marian, with random weights:
//! `cargo bench --bench translation [-- base|big]`.
//!
//! 64 sentences of 30 tokens become 30 tokens each; what is made of them means nothing. The times are
//! of one run behind one that is not counted.

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use candle_core::{Device, Tensor};
use depeche::device::peak_memory;
use depeche::engine::search::{Options, search};
use depeche::network::checkpoint::Precision;
use depeche::network::load_seq2seq;
use depeche::network::seq2seq::Seq2Seq;

const N_VOCAB: usize = 59_514;
const N_TOKENS: usize = 30;
const END: u32 = 0;

/// Name, width, heads, width of the feed-forward layer.
const SIZES: [(&str, usize, usize, usize); 2] = [("base", 512, 8, 2048), ("big", 1024, 16, 4096)];

fn main() {
    depeche::kernel::memory::keep_what_is_freed();
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for size in SIZES.iter().filter(|size| wanted.is_empty() || wanted.iter().any(|w| w == size.0))
    {
        measure(size);
    }
}

fn measure(size: &(&str, usize, usize, usize)) {
    let folder = tempfile::tempdir().expect("a folder for the network");
    write(folder.path(), size);
    let start = Instant::now();
    let network = load_seq2seq(folder.path(), Precision::Int8, &Device::Cpu).expect("a network");
    println!("{}: loaded in {:.1} s", size.0, start.elapsed().as_secs_f64());
    for (n_beams, n_rows) in [(1, 1), (1, 16), (1, 64), (4, 1), (4, 16), (4, 64)] {
        let n_sentences = if n_rows == 1 { 8 } else { 64 };
        run(&network, 4, n_beams, n_rows);
        let seconds = run(&network, n_sentences, n_beams, n_rows);
        let n_tokens = (n_sentences * N_TOKENS) as f64;
        println!("{} beam {n_beams} batch {n_rows}: {:.0} tok/s", size.0, n_tokens / seconds);
    }
    let bytes = peak_memory().unwrap_or(0);
    println!("{}: {} MB at most", size.0, bytes / 1_000_000);
}

fn run(network: &Seq2Seq, n_sentences: usize, n_beams: usize, n_rows: usize) -> f64 {
    let source =
        |row: usize| (0..N_TOKENS).map(move |i| (7 + (row * 31 + i * 977) % 50_000) as u32);
    let sources: Vec<Vec<u32>> = (0..n_sentences).map(|row| source(row).collect()).collect();
    let options = Options {
        n_beams,
        length_penalty: 1.0,
        early_stopping: false,
        n_best: 1,
        start: vec![N_VOCAB as u32 - 1],
        end: END,
        // Without its end, each goes up to the limit.
        banned: vec![END],
        no_repeat: None,
        max_ratio: 0.0,
        more_tokens: N_TOKENS,
        max_rows: n_rows * n_beams,
    };
    let start = Instant::now();
    let found = search(network, &sources, &options).expect("translations");
    assert!(found.iter().all(|found| found[0].tokens.len() == N_TOKENS));
    start.elapsed().as_secs_f64()
}

/// Six layers each.
fn write(folder: &Path, (_, width, n_heads, n_inner): &(&str, usize, usize, usize)) {
    let config = serde_json::json!({
        "model_type": "marian", "d_model": width, "encoder_layers": 6, "decoder_layers": 6,
        "encoder_attention_heads": n_heads, "decoder_attention_heads": n_heads,
        "max_position_embeddings": 512, "scale_embedding": true, "activation_function": "swish",
    });
    std::fs::write(folder.join("config.json"), config.to_string()).expect("config.json");
    let mut weights = HashMap::new();
    let mut add = |name: String, shape: &[usize]| {
        let random = Tensor::randn(0f32, 0.02, shape, &Device::Cpu).expect("numbers");
        weights.insert(name, random);
    };
    add("model.shared.weight".into(), &[N_VOCAB, *width]);
    add("final_logits_bias".into(), &[1, N_VOCAB]);
    for (stack, attentions) in
        [("encoder", &["self_attn"][..]), ("decoder", &["self_attn", "encoder_attn"])]
    {
        for layer in 0..6 {
            let name = |part: &str| format!("model.{stack}.layers.{layer}.{part}");
            let mut linear = |part: &str, n_in: usize, n_out: usize| {
                add(name(&format!("{part}.weight")), &[n_out, n_in]);
                add(name(&format!("{part}.bias")), &[n_out]);
            };
            for attention in attentions {
                for part in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                    linear(&format!("{attention}.{part}"), *width, *width);
                }
            }
            linear("fc1", *width, *n_inner);
            linear("fc2", *n_inner, *width);
            let norms = attentions.iter().copied().chain(["final"]);
            for norm in norms {
                for part in ["weight", "bias"] {
                    add(name(&format!("{norm}_layer_norm.{part}")), &[*width]);
                }
            }
        }
    }
    candle_core::safetensors::save(&weights, folder.join("model.safetensors")).expect("weights");
}
