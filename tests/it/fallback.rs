//! The networks that run through candle's own, one sequence at a time.

use candle_core::Device;
use candle_core::quantized::gguf_file::Value;
use depeche::network::gguf::GgufFile;
use depeche::network::{self, Batch, Network};

use crate::candle::Candle;
use crate::network::{distance, load, logits_in_parts, pass};
use crate::tiny::{Random, Tiny};

fn kinds() -> [Tiny; 3] {
    [Tiny::phi2(), Tiny::phi3(), Tiny::glm4()]
}

fn wanted(tokens: &[u32]) -> Batch {
    let mut batch = Batch::default();
    batch.push(tokens, 1);
    batch
}

/// They are candle's own, to the last bit.
#[test]
fn a_network_without_code_here_runs_through_candle() {
    for tiny in kinds() {
        let (network, mut candle) = (load(&tiny), Candle::load(&tiny));
        assert!(!network.batches(), "{}", tiny.architecture);
        let tokens = Random(11).tokens(20);
        let mut cache = network.new_cache(20).unwrap();
        for (first, end) in [(0, 17), (17, 18), (18, 19), (19, 20)] {
            let part = &tokens[first..end];
            let found = pass(&*network, &wanted(part), &mut [&mut cache]).remove(0);
            assert_eq!(found, candle.logits(part, first), "{} at {first}", tiny.architecture);
        }
    }
    assert!(load(&Tiny::default()).batches());
}

/// Its sums differ in the last bits, which the rounding of activations makes more of.
#[test]
fn a_fork_reads_everything_anew_and_says_the_same() {
    for tiny in kinds() {
        let network = load(&tiny);
        let tokens = Random(11).tokens(20);
        let mut cache = network.new_cache(20).unwrap();
        pass(&*network, &wanted(&tokens[..17]), &mut [&mut cache]);
        let before = pass(&*network, &wanted(&tokens[17..19]), &mut [&mut cache]).remove(0);
        let mut fork = cache.fork(19, 20).unwrap();
        let forked = pass(&*network, &wanted(&tokens[19..]), &mut [&mut fork]).remove(0);
        let first = pass(&*network, &wanted(&tokens[19..]), &mut [&mut cache]).remove(0);
        let (near, far) = (distance(&forked, &first), distance(&first, &before));
        assert!(near < 0.05 && far > 0.05, "{}: {near}, {far}", tiny.architecture);
        assert_eq!(forked, logits_in_parts(&*network, &tokens, &[20]), "{}", tiny.architecture);
    }
}

/// candle's Phi-2 has a table of 4,096 positions, whatever the file says.
#[test]
fn no_more_tokens_are_promised_than_candle_can_take() {
    let length = |tiny: Tiny| load(&Tiny { context_length: 100_000, ..tiny }).context_length();
    assert_eq!(kinds().map(length), [4096, 8192, 8192]);
}

fn loaded(tiny: &Tiny) -> candle_core::Result<Box<dyn Network>> {
    let dir = tempfile::tempdir().unwrap();
    network::load(&GgufFile::open(&tiny.write_into(dir.path()))?, &Device::Cpu)
}

/// candle believes the sizes that the file gives; no wrong one may bring the program down.
#[test]
fn wrong_sizes_never_panic() {
    let keys = [
        "block_count",
        "context_length",
        "embedding_length",
        "feed_forward_length",
        "attention.head_count",
        "attention.head_count_kv",
        "attention.key_length",
        "rope.dimension_count",
    ];
    let small = |tiny: Tiny| Tiny { width: 64, ffn_width: 64, n_layers: 1, ..tiny.exact() };
    for tiny in kinds().map(small) {
        for key in keys {
            for value in [0, 1, 3, 66, u32::MAX] {
                let more = vec![(key, Value::U32(value))];
                let Ok(network) = loaded(&Tiny { more, ..tiny.clone() }) else { continue };
                let mut cache = network.new_cache(4).unwrap();
                // Some do no harm.
                let _ = network.forward(&wanted(&[1, 2, 3]), &mut [&mut cache]);
            }
        }
    }
}

#[test]
fn what_candle_would_reserve_or_take_for_granted_is_refused() {
    let with = |tiny: Tiny, key, value| {
        let more = vec![(key, Value::U32(value))];
        loaded(&Tiny { more, ..tiny }).err().unwrap().to_string()
    };
    for (message, word) in [
        (with(Tiny::phi2(), "block_count", u32::MAX), "phi2.block_count"),
        (with(Tiny::phi2(), "rope.dimension_count", 0), "phi2.rope.dimension_count"),
        (with(Tiny::phi3(), "rope.dimension_count", u32::MAX), "phi3.rope.dimension_count"),
        (with(Tiny::glm4(), "attention.key_length", u32::MAX), "glm4.attention.key_length"),
        // Half of a head is rotated, whatever the file says.
        (with(Tiny::glm4(), "rope.dimension_count", 64), "glm4.rope.dimension_count"),
    ] {
        assert!(message.contains(word), "{message}");
    }
}
