//! The network by itself: tokens in, logits out.

use candle_core::Device;
use candle_core::quantized::GgmlDType;
use depeche::network::gguf::GgufFile;
use depeche::network::{self, Batch, KvCache, Network};
use proptest::prelude::*;

use crate::candle::Candle;
use crate::reference::{self, Reference, Rules};
use crate::tiny::{Random, Tiny};

/// The kinds of file that the network is for.
pub fn kinds() -> Vec<(&'static str, Tiny)> {
    vec![
        ("mixed", Tiny::default()),
        ("mixed, tied", Tiny { tied: true, ..Tiny::default() }),
        ("mixed, odd vocabulary", Tiny { n_spare_tokens: 0, ..Tiny::default() }),
        ("Q4_K", Tiny::of(GgmlDType::Q4K)),
        ("Q6_K", Tiny::of(GgmlDType::Q6K)),
        ("Q8_0", Tiny::of(GgmlDType::Q8_0)),
        ("Llama", Tiny::llama()),
        ("Llama, frequencies divided", Tiny { rope_factors: true, ..Tiny::llama() }),
        ("SmolLM3", Tiny { architecture: "smollm3", n_layers: 4, ..Tiny::llama() }),
        ("Qwen3", Tiny::qwen3()),
        ("Gemma 3", Tiny::gemma3()),
        ("Gemma 3, head of 256", wide_gemma3()),
        ("Phi-2", Tiny::phi2()),
        ("Phi-3", Tiny::phi3()),
        ("GLM-4", Tiny::glm4()),
    ]
}

/// With the heads of the 270M model, in the types of our own kernels.
fn wide_gemma3() -> Tiny {
    let (dtype, fine_dtype) = (GgmlDType::Q4K, GgmlDType::Q6K);
    let (width, head_dim, ffn_width) = (256, Some(256), 256);
    Tiny { dtype, fine_dtype, width, head_dim, ffn_width, n_layers: 2, ..Tiny::gemma3() }
}

/// Those, and the types that no file of ours uses.
fn all_kinds() -> Vec<(&'static str, Tiny)> {
    let mut kinds = kinds();
    kinds.extend([
        ("Q5_K", Tiny::of(GgmlDType::Q5K)),
        ("Q3_K", Tiny::of(GgmlDType::Q3K)),
        ("Q2_K", Tiny::of(GgmlDType::Q2K)),
        ("Q4_0", Tiny::of(GgmlDType::Q4_0)),
        ("Q5_0", Tiny::of(GgmlDType::Q5_0)),
        ("F16", Tiny::of(GgmlDType::F16)),
        ("F32", Tiny::of(GgmlDType::F32)),
    ]);
    kinds
}

pub fn load(tiny: &Tiny) -> Box<dyn Network> {
    let dir = tempfile::tempdir().unwrap();
    let file = GgufFile::open(&tiny.write_into(dir.path())).unwrap();
    network::load(&file, &Device::Cpu).unwrap()
}

pub fn pass(network: &dyn Network, batch: &Batch, caches: &mut [&mut KvCache]) -> Vec<Vec<f32>> {
    network.forward(batch, caches).unwrap().map_or(Vec::new(), |logits| logits.to_vec2().unwrap())
}

/// The logits after the last of `tokens`, which go through in parts of these sizes (the last size
/// is used until the tokens end).
pub fn logits_in_parts(network: &dyn Network, tokens: &[u32], sizes: &[usize]) -> Vec<f32> {
    let mut cache = network.new_cache(tokens.len()).unwrap();
    let mut sizes = sizes.iter().chain(std::iter::repeat(sizes.last().unwrap()));
    let mut rest = tokens;
    loop {
        let (part, after) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
        let mut batch = Batch::default();
        batch.push(part, usize::from(after.is_empty()));
        let logits = pass(network, &batch, &mut [&mut cache]);
        rest = after;
        if rest.is_empty() {
            assert_eq!(cache.n_tokens(), tokens.len());
            return logits.into_iter().next().unwrap();
        }
    }
}

/// The largest difference, measured by the largest value.
pub fn distance(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let scale = b.iter().fold(0f32, |m, x| m.max(x.abs()));
    assert!(scale > 0.1 && a.iter().all(|x| x.is_finite()), "the network says nothing");
    a.iter().zip(b).fold(0f32, |m, (x, y)| m.max((x - y).abs())) / scale
}

/// Per kind: the distance of each step's logits, the prompt's first.
fn distances(tiny: &Tiny, tokens: &[u32], n_prompt: usize) -> Vec<f32> {
    let (network, mut candle) = (load(tiny), Candle::load(tiny));
    let prompt = &tokens[..n_prompt];
    let ours = logits_in_parts(&*network, prompt, &[n_prompt]);
    let first = distance(&ours, &candle.logits(prompt, 0));
    let step = |n: usize| {
        let ours = logits_in_parts(&*network, &tokens[..=n], &[n_prompt, 1]);
        distance(&ours, &candle.logits(&tokens[n..=n], n))
    };
    std::iter::once(first).chain((n_prompt..tokens.len()).map(step)).collect()
}

#[test]
fn logits_are_those_of_another_implementation() {
    let tokens = Random(3).tokens(40);
    for (name, tiny) in all_kinds() {
        // Those that candle lacks or has otherwise are held against the formulas below.
        let is_candles = matches!(tiny.architecture, "qwen2" | "qwen3" | "llama");
        if !is_candles || tiny.rope_factors {
            continue;
        }
        let distances = distances(&tiny, &tokens, 29);
        let largest = distances.iter().copied().fold(0f32, f32::max);
        let (bound, usual) = match tiny.dtype {
            // candle keeps keys and values in 32 bits, ours are kept in 16.
            GgmlDType::F16 | GgmlDType::F32 => (3e-3, 2e-3),
            // Activations are rounded to bytes, and what differs a little before may be rounded
            // the other way; how often depends on the order of candle's sums, which differs from
            // machine to machine. Networks that have nothing in common are 1 apart, and more.
            _ => (0.15, 0.08),
        };
        let n_unusual = distances.iter().filter(|distance| **distance > usual).count();
        assert!(largest < bound && 3 * n_unusual < distances.len(), "{name}: {distances:?}");
    }
}

fn by_the_formulas(tiny: &Tiny, rules: Rules, tokens: &[u32]) -> Vec<f32> {
    let dir = tempfile::tempdir().unwrap();
    Reference::open(tiny, rules, dir.path()).logits(tokens)
}

#[test]
fn logits_are_those_of_the_formulas() {
    let tokens = Random(8).tokens(30);
    for (name, tiny) in kinds() {
        let tiny = tiny.exact();
        let found = logits_in_parts(&*load(&tiny), &tokens, &[30]);
        let rules = reference::rules(tiny.architecture);
        let distance = distance(&found, &by_the_formulas(&tiny, rules, &tokens));
        // A key between two numbers of 16 bits may be rounded the other way.
        assert!(distance < 5e-4, "{name}: {distance}");
    }
}

/// candle's Gemma 3 has SwiGLU where the paper has GeGLU, and its windows are a position too long.
#[test]
fn gemma3_is_candles_but_for_two_faults() {
    let tiny = Tiny::gemma3().exact();
    let tokens = Random(9).tokens(30);
    let candles = Candle::load(&tiny).logits(&tokens, 0);
    let gemma3 = Rules { short_keys: false, ..reference::GEMMA3 };
    let faults = Rules {
        gelu: false,
        window: |layer, window| (reference::GEMMA3.window)(layer, window).saturating_add(1),
        ..gemma3
    };
    let with_faults = distance(&by_the_formulas(&tiny, faults, &tokens), &candles);
    let without = distance(&by_the_formulas(&tiny, gemma3, &tokens), &candles);
    assert!(with_faults < 1e-4 && without > 0.01, "{with_faults} and {without}");
}

/// One layer, whose window is of eight positions.
#[test]
fn a_token_outside_the_window_has_no_influence() {
    let network = load(&Tiny { n_layers: 1, ..Tiny::gemma3() });
    let tokens = Random(10).tokens(40);
    let expected = logits_in_parts(&*network, &tokens, &[40]);
    let with_another = |position: usize| {
        let mut tokens = tokens.clone();
        tokens[position] = (tokens[position] + 1) % 256;
        logits_in_parts(&*network, &tokens, &[40])
    };
    assert!((0..32).all(|position| with_another(position) == expected));
    assert!((32..40).all(|position| with_another(position) != expected));
}

#[test]
fn logits_do_not_depend_on_how_a_prompt_is_cut() {
    let tokens = Random(4).tokens(45);
    for (name, tiny) in kinds() {
        let network = load(&tiny);
        let whole = logits_in_parts(&*network, &tokens, &[45]);
        for sizes in [[1, 1], [44, 1], [1, 44], [7, 7], [32, 32], [2, 3]] {
            assert_eq!(logits_in_parts(&*network, &tokens, &sizes), whole, "{name} {sizes:?}");
        }
    }
}

#[test]
fn logits_do_not_depend_on_the_rows_beside() {
    let mut random = Random(5);
    let prompts: Vec<Vec<u32>> = [1, 9, 33, 2, 64].map(|n| random.tokens(n)).into();
    for (name, tiny) in kinds() {
        let network = load(&tiny);
        let alone: Vec<Vec<f32>> =
            prompts.iter().map(|p| logits_in_parts(&*network, p, &[p.len()])).collect();
        for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]] {
            let mut batch = Batch::default();
            order.iter().for_each(|&i: &usize| batch.push(&prompts[i], 1));
            let mut caches: Vec<KvCache> =
                order.iter().map(|&i| network.new_cache(prompts[i].len()).unwrap()).collect();
            let together = pass(&*network, &batch, &mut caches.iter_mut().collect::<Vec<_>>());
            for (row, &i) in together.iter().zip(&order) {
                assert_eq!(row, &alone[i], "{name}, prompt {i} of {order:?}");
            }
        }
    }
}

#[test]
fn a_forked_cache_goes_on_as_the_first_would() {
    let tokens = Random(6).tokens(50);
    for (name, tiny) in kinds() {
        let network = load(&tiny);
        let mut first = network.new_cache(40).unwrap();
        let mut batch = Batch::default();
        batch.push(&tokens[..40], 0);
        assert!(network.forward(&batch, &mut [&mut first]).unwrap().is_none());
        for n in [40, 39, 33, 32, 1] {
            let mut fork = first.fork(n, 50).unwrap();
            let mut batch = Batch::default();
            batch.push(&tokens[n..], 1);
            let logits = pass(&*network, &batch, &mut [&mut fork]);
            assert_eq!(logits[0], logits_in_parts(&*network, &tokens, &[50]), "{name}, {n}");
            assert_eq!((first.n_tokens(), fork.n_tokens()), (40, 50));
        }
        assert!(first.fork(40, 39).is_err() && first.fork(41, 50).is_err());
    }
}

#[test]
fn a_full_cache_is_an_error_and_stays_as_it_was() {
    let network = load(&Tiny::default());
    let mut cache = network.new_cache(4).unwrap();
    let mut batch = Batch::default();
    batch.push(&[1, 2, 3, 4, 5], 1);
    let error = network.forward(&batch, &mut [&mut cache]).unwrap_err().to_string();
    assert!(error.contains("the cache is full"), "{error}");
    assert_eq!(cache.n_tokens(), 0);
}

#[test]
fn a_token_outside_the_vocabulary_is_an_error() {
    for (name, tiny) in all_kinds() {
        let network = load(&tiny);
        let mut batch = Batch::default();
        batch.push(&[network.n_vocab() as u32], 1);
        let mut cache = network.new_cache(1).unwrap();
        assert!(network.forward(&batch, &mut [&mut cache]).is_err(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any prompts, any cuts, any neighbours: each row has the logits of its prompt alone.
    #[test]
    fn packed_passes_agree_with_prompts_alone(
        lengths in prop::collection::vec(1usize..40, 1..6),
        cuts in prop::collection::vec(1usize..20, 6),
        seed in any::<u64>(),
    ) {
        thread_local!(static NETWORK: Box<dyn Network> = load(&Tiny::default()));
        NETWORK.with(|network| {
            let mut random = Random(seed);
            let prompts: Vec<Vec<u32>> = lengths.iter().map(|&n| random.tokens(n)).collect();
            let mut caches: Vec<KvCache> =
                lengths.iter().map(|&n| network.new_cache(n).unwrap()).collect();
            let mut found: Vec<Option<Vec<f32>>> = vec![None; prompts.len()];
            while found.iter().any(Option::is_none) {
                let mut batch = Batch::default();
                let mut in_pass = Vec::new();
                let mut wanted = Vec::new();
                for (i, cache) in caches.iter_mut().enumerate() {
                    let rest = &prompts[i][cache.n_tokens()..];
                    let part = &rest[..rest.len().min(cuts[i])];
                    if !part.is_empty() {
                        batch.push(part, usize::from(part.len() == rest.len()));
                        wanted.extend((part.len() == rest.len()).then_some(i));
                        in_pass.push(cache);
                    }
                }
                let logits = pass(&**network, &batch, &mut in_pass);
                assert_eq!(logits.len(), wanted.len());
                for (i, row) in wanted.into_iter().zip(logits) {
                    found[i] = Some(row);
                }
            }
            for (prompt, row) in prompts.iter().zip(found) {
                let alone = logits_in_parts(&**network, prompt, &[prompt.len()]);
                assert_eq!(row.unwrap(), alone);
            }
        });
    }
}
