//! Requests in, completions out: batching, sharing, stopping, drawing.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use candle_core::Tensor;
use depeche::Error;
use depeche::device::Device;
use depeche::engine::{
    Answerer, Completion, Engine, Limits, Message, Question, Request, Sampling, Scheduler, Session,
    Stats, StopReason,
};
use depeche::network::{Batch, KvCache, Network, Work};
use proptest::prelude::*;

use crate::network::{kinds, load};
use crate::tiny::{self, Random, Tiny};

/// An engine over a tiny network.
fn engine(tiny: &Tiny) -> Engine {
    let dir = tempfile::tempdir().unwrap();
    Engine::open(&tiny.write_into(dir.path()), &Device::cpu()).unwrap()
}

fn greedy(id: u64, prompt: &[u32], max_new_tokens: usize) -> Request {
    Request { id, prompt: prompt.to_vec(), max_new_tokens, ..Request::default() }
}

/// Runs all requests to their end.
fn run(scheduler: &mut Scheduler, requests: &[Request]) -> BTreeMap<u64, Completion> {
    requests.iter().for_each(|request| scheduler.submit(request.clone()));
    let mut completions = BTreeMap::new();
    while scheduler.n_pending() > 0 {
        let n_before = scheduler.stats().n_passes;
        completions.extend(scheduler.step().unwrap().into_iter().map(|c| (c.id, c)));
        assert!(scheduler.stats().n_passes > n_before, "a step without a pass");
    }
    assert_eq!(completions.len(), requests.len());
    completions
}

/// Each request in a scheduler of its own.
fn alone(engine: &Engine, requests: &[Request]) -> BTreeMap<u64, Completion> {
    let limits = Limits::default();
    requests
        .iter()
        .flat_map(|r| run(&mut engine.scheduler(limits), std::slice::from_ref(r)))
        .collect()
}

fn some_requests(seed: u64) -> Vec<Request> {
    let mut random = Random(seed);
    let lengths = [(1, 12), (30, 1), (7, 20), (61, 9), (16, 16)];
    lengths
        .iter()
        .zip(0..)
        .map(|(&(n_prompt, max_new), id)| greedy(id, &random.tokens(n_prompt), max_new))
        .collect()
}

#[test]
fn a_row_of_a_batch_gives_the_tokens_of_that_row_alone() {
    for (name, tiny) in kinds() {
        let engine = engine(&tiny);
        let requests = some_requests(11);
        let expected = alone(&engine, &requests);
        let mut reversed = requests.clone();
        reversed.reverse();
        for order in [&requests, &reversed] {
            for (n_rows, n_pass_tokens) in [(16, 512), (16, 16), (16, 1), (2, 33), (1, 512)] {
                let limits = Limits { n_rows, n_pass_tokens, ..Limits::default() };
                let found = run(&mut engine.scheduler(limits), order);
                assert_eq!(found, expected, "{name}, {limits:?}");
            }
        }
    }
}

#[test]
fn a_second_run_gives_what_the_first_gave() {
    let engine = engine(&Tiny::default());
    let requests = some_requests(12);
    let mut scheduler = engine.scheduler(Limits::default());
    let first = run(&mut scheduler, &requests);
    let again = run(&mut scheduler, &requests);
    assert!(first.iter().all(|(id, completion)| again[id].tokens == completion.tokens));
    assert_eq!(run(&mut engine.scheduler(Limits::default()), &requests), first);
}

#[test]
fn a_tight_cache_makes_requests_wait_and_changes_nothing() {
    let engine = engine(&Tiny::default());
    let requests = some_requests(13);
    let expected = alone(&engine, &requests);
    for n_cache_tokens in [1, 40, 100] {
        let limits = Limits { n_cache_tokens, ..Limits::default() };
        assert_eq!(run(&mut engine.scheduler(limits), &requests), expected, "{n_cache_tokens}");
    }
}

/// Four prompts of 45 to 48 tokens, of which the first 40 are the same.
fn requests_that_begin_alike() -> Vec<Request> {
    let mut random = Random(14);
    let beginning = random.tokens(40);
    let mut prompt = |id: u64| [beginning.clone(), random.tokens(5 + id as usize)].concat();
    (0..4).map(|id| greedy(id, &prompt(id), 10)).collect()
}

fn tokens(completions: BTreeMap<u64, Completion>) -> Vec<Vec<u32>> {
    completions.into_values().map(|completion| completion.tokens).collect()
}

#[test]
fn a_common_beginning_is_computed_once_and_changes_nothing() {
    for (name, tiny) in kinds() {
        let engine = engine(&tiny);
        let requests = requests_that_begin_alike();
        let plain = tokens(alone(&engine, &requests));
        let run_with = |limits: Limits| {
            let mut scheduler = engine.scheduler(limits);
            let found = tokens(run(&mut scheduler, &requests));
            assert_eq!(found, plain, "{name}, {limits:?}");
            scheduler.stats()
        };
        // The others read everything themselves.
        let n_shared = if engine.batches() { 3 * 40 } else { 0 };
        let stats = run_with(Limits::default());
        assert_eq!(stats.n_prefilled, 4 * 40 + 5 + 6 + 7 + 8 - n_shared, "{name}");
        assert_eq!(stats.n_reused, n_shared, "{name}");
        run_with(Limits { n_pass_tokens: 7, ..Limits::default() });
        // One at a time: what is taken over was kept of one that has ended.
        let one_by_one = Limits { n_rows: 1, ..Limits::default() };
        assert_eq!(run_with(one_by_one).n_reused, n_shared, "{name}");
        assert_eq!(run_with(Limits { n_kept_tokens: 0, ..one_by_one }).n_reused, 0);
    }
}

#[test]
fn a_question_that_goes_on_behind_an_answer_takes_the_first_one_over() {
    let engine = engine(&Tiny::default());
    let prompt = Random(15).tokens(30);
    let mut scheduler = engine.scheduler(Limits::default());
    let answer = run(&mut scheduler, &[greedy(0, &prompt, 5)]).remove(&0).unwrap();
    assert_eq!(answer.stop, StopReason::MaxNewTokens);
    let more = greedy(1, &[prompt, answer.tokens, Random(16).tokens(6)].concat(), 8);
    let expected = tokens(alone(&engine, std::slice::from_ref(&more)));
    let found = run(&mut scheduler, &[more]);
    // The answer was written, and is read now.
    assert_eq!(found[&1].n_reused, 30);
    assert_eq!(tokens(found), expected);
}

#[test]
fn a_prompt_that_is_known_as_a_whole_still_gets_its_logits() {
    let engine = engine(&Tiny::default());
    let request = greedy(0, &Random(15).tokens(20), 8);
    let mut scheduler = engine.scheduler(Limits::default());
    let first = tokens(run(&mut scheduler, std::slice::from_ref(&request)));
    let again = run(&mut scheduler, &[request]);
    assert_eq!(again[&0].n_reused, 19);
    assert_eq!(tokens(again), first);
}

#[test]
fn what_was_not_used_for_long_makes_room() {
    let engine = engine(&Tiny::default());
    let mut random = Random(16);
    let prompts: Vec<Vec<u32>> = (0..3).map(|_| random.tokens(20)).collect();
    let mut scheduler = engine.scheduler(Limits { n_kept_tokens: 2 * 20, ..Limits::default() });
    let mut n_prefilled = |id: usize| {
        let before = scheduler.stats().n_prefilled;
        run(&mut scheduler, &[greedy(id as u64, &prompts[id], 2)]);
        scheduler.stats().n_prefilled - before
    };
    assert_eq!([0, 1, 0, 2, 0, 1].map(&mut n_prefilled), [20, 20, 1, 20, 1, 20]);
}

// Guessing ahead

/// Answers and how many guesses there were, right and all.
fn with_cheap_rows(
    engine: &Engine,
    requests: &[Request],
    n_cheap_rows: usize,
) -> (BTreeMap<u64, Completion>, [usize; 2]) {
    let mut scheduler = engine.scheduler(Limits { n_cheap_rows, ..Limits::default() });
    let completions = run(&mut scheduler, requests);
    let Stats { n_guessed_right, n_guessed, n_generated, n_decoded, .. } = scheduler.stats();
    assert_eq!(n_generated - n_decoded, requests.len(), "the first ones come with the prompts");
    (completions, [n_guessed_right, n_guessed])
}

#[test]
fn what_is_guessed_ahead_changes_no_answer() {
    let (mut n_right, mut n_wrong) = (0, 0);
    for (name, tiny) in kinds() {
        let engine = engine(&tiny);
        let mut requests = some_requests(17);
        for (request, seed) in requests.iter_mut().zip(0..) {
            request.max_new_tokens += 24;
            // A prompt that repeats itself is guessed from.
            request.prompt = request.prompt.repeat(2);
            request.sampling.repeat_penalty = [1.0, 1.1][seed as usize % 2];
            request.sampling.temperature = [0.0, 0.0, 0.3][seed as usize % 3];
            request.sampling.seed = seed;
            request.stop = HashSet::from([7, 11]);
        }
        let (expected, none) = with_cheap_rows(&engine, &requests, 0);
        assert_eq!(none, [0, 0]);
        for n_cheap_rows in [1, 6, 16, 100] {
            let (found, [right, all]) = with_cheap_rows(&engine, &requests, n_cheap_rows);
            assert_eq!(found, expected, "{name}, {n_cheap_rows}");
            assert!(engine.batches() || all == 0);
            (n_right, n_wrong) = (n_right + right, n_wrong + all - right);
        }
    }
    assert!(n_right > 100 && n_wrong > 100, "{n_right} right, {n_wrong} wrong");
}

#[test]
fn right_guesses_save_passes() {
    let n_passes = |prompt: &[u32], n_cheap_rows: usize| {
        let network = Arc::new(Counting { n_vocab: 200, batches: Mutex::default() });
        let limits = Limits { n_cheap_rows, ..Limits::default() };
        let mut scheduler = Scheduler::new(network, Vec::new(), limits);
        let found = run(&mut scheduler, &[greedy(0, prompt, 9)]);
        assert_eq!(found[&0].tokens, [3, 4, 5, 6, 7, 8, 9, 10, 11]);
        scheduler.stats().n_passes
    };
    let repeats: Vec<u32> = (1..20).chain([1, 2]).collect();
    assert_eq!(n_passes(&repeats, 1), 9);
    // 3 with the prompt; 4 to 6 guessed, then 7; 8 to 11.
    assert_eq!(n_passes(&repeats, 16), 3);
    assert_eq!(n_passes(&repeats, 2), 5);
    // What followed the same two tokens is something else.
    assert_eq!(n_passes(&[1, 2, 9, 9, 9, 1, 2], 16), 9);
}

// Stopping

#[test]
fn a_completion_says_why_it_ended() {
    let engine = engine(&Tiny::default());
    let prompt = Random(23).tokens(10);
    let complete = |max_new_tokens: usize, stop: &[u32]| {
        let stop = stop.iter().copied().collect();
        let request = Request { stop, ..greedy(0, &prompt, max_new_tokens) };
        run(&mut engine.scheduler(Limits::default()), &[request]).remove(&0).unwrap()
    };
    let full = complete(12, &[]);
    assert_eq!((full.tokens.len(), full.stop), (12, StopReason::MaxNewTokens));
    assert_eq!(full.n_prompt, 10);

    let token = full.tokens[5];
    let first = full.tokens.iter().position(|&t| t == token).unwrap();
    let stopped = complete(12, &[token]);
    assert_eq!(stopped.stop, StopReason::StopToken(token));
    assert_eq!(stopped.tokens, full.tokens[..first], "the token that stopped it is not in it");

    let one = complete(1, &[]);
    assert_eq!((one.tokens.len(), one.stop), (1, StopReason::MaxNewTokens));
}

#[test]
fn a_request_for_no_new_tokens_gives_none() {
    let engine = engine(&Tiny::default());
    let found =
        run(&mut engine.scheduler(Limits::default()), &[greedy(0, &Random(18).tokens(5), 0)]);
    assert_eq!((found[&0].tokens.len(), found[&0].stop), (0, StopReason::MaxNewTokens));
}

#[test]
fn the_models_own_end_ends_a_completion() {
    let network = Arc::new(Counting { n_vocab: 50, batches: Mutex::default() });
    let mut scheduler = Scheduler::new(network, vec![30, 40], Limits::default());
    let found = run(&mut scheduler, &[greedy(0, &[5, 26], 100), greedy(1, &[35], 100)]);
    assert_eq!((&found[&0].tokens[..], found[&0].stop), (&[27, 28, 29][..], StopReason::EndOfText));
    assert_eq!((found[&1].tokens.len(), found[&1].stop), (4, StopReason::EndOfText));
}

// Drawing

fn draw(engine: &Engine, sampling: Sampling) -> Vec<u32> {
    let request = Request { sampling, ..greedy(0, &Random(19).tokens(10), 30) };
    run(&mut engine.scheduler(Limits::default()), &[request]).remove(&0).unwrap().tokens
}

#[test]
fn a_seed_makes_a_draw_repeatable_and_another_changes_it() {
    let engine = engine(&Tiny::default());
    let hot = |seed| Sampling { temperature: 1.0, seed, ..Sampling::default() };
    assert_eq!(draw(&engine, hot(1)), draw(&engine, hot(1)));
    assert_ne!(draw(&engine, hot(1)), draw(&engine, hot(2)));
    let nucleus = |seed| Sampling { top_p: 0.9, ..hot(seed) };
    assert_eq!(draw(&engine, nucleus(3)), draw(&engine, nucleus(3)));
}

#[test]
fn a_draw_does_not_depend_on_the_rows_beside() {
    let engine = engine(&Tiny::default());
    let sampling = |seed| Sampling { temperature: 0.8, top_p: 0.95, seed, ..Sampling::default() };
    let mut requests = some_requests(20);
    requests.iter_mut().zip(1..).for_each(|(r, seed)| r.sampling = sampling(seed));
    let together = run(&mut engine.scheduler(Limits::default()), &requests);
    assert_eq!(together, alone(&engine, &requests));
}

#[test]
fn several_completions_of_a_prompt_are_those_that_each_would_be_alone() {
    let engine = engine(&Tiny::default());
    let sampling = |seed| Sampling { temperature: 0.9, seed, ..Sampling::default() };
    let mut requests = some_requests(23);
    for request in &mut requests {
        request.also = vec![sampling(3), sampling(4), sampling(5)];
    }
    let expected = |request: &Request| {
        let samplings = std::iter::once(&request.sampling).chain(&request.also);
        let single = |sampling: &Sampling| {
            let one = Request { sampling: sampling.clone(), also: vec![], ..request.clone() };
            run(&mut engine.scheduler(Limits::default()), &[one]).remove(&request.id).unwrap()
        };
        samplings.map(single).map(|completion| completion.tokens).collect::<Vec<_>>()
    };
    let limits = Limits { n_rows: 9, n_pass_tokens: 40, ..Limits::default() };
    let mut scheduler = engine.scheduler(limits);
    requests.iter().for_each(|request| scheduler.submit(request.clone()));
    let mut found: BTreeMap<u64, Vec<Vec<u32>>> =
        requests.iter().map(|request| (request.id, vec![Vec::new(); 4])).collect();
    while scheduler.n_pending() > 0 {
        for completion in scheduler.step().unwrap() {
            found.get_mut(&completion.id).unwrap()[completion.sample_idx] = completion.tokens;
        }
    }
    for request in &requests {
        assert_eq!(found[&request.id], expected(request), "request {}", request.id);
    }
}

#[test]
fn completions_that_do_not_fit_together_come_one_after_the_other() {
    let engine = engine(&Tiny::default());
    let also = (1..6).map(|seed| Sampling { temperature: 0.9, seed, ..Sampling::default() });
    let request = Request { also: also.collect(), ..greedy(0, &Random(29).tokens(10), 12) };
    let tokens = |limits: Limits| {
        let mut scheduler = engine.scheduler(limits);
        scheduler.submit(request.clone());
        let mut found = vec![Vec::new(); 6];
        while scheduler.n_pending() > 0 {
            for completion in scheduler.step().unwrap() {
                found[completion.sample_idx] = completion.tokens;
            }
        }
        found
    };
    let together = tokens(Limits::default());
    assert!(together.iter().all(|tokens| !tokens.is_empty()));
    assert_eq!(tokens(Limits { n_rows: 1, ..Limits::default() }), together);
    assert_eq!(tokens(Limits { n_rows: 4, n_cache_tokens: 50, ..Limits::default() }), together);
}

#[test]
fn narrow_draws_are_greedy() {
    let engine = engine(&Tiny::default());
    let greedy = draw(&engine, Sampling::default());
    let cold = Sampling { temperature: 1e-4, seed: 5, ..Sampling::default() };
    assert_eq!(draw(&engine, cold), greedy);
    let narrow = Sampling { temperature: 1.0, top_p: 1e-6, seed: 5, ..Sampling::default() };
    assert_eq!(draw(&engine, narrow), greedy);
    let top = Sampling { temperature: 1.0, top_k: 1, seed: 5, ..Sampling::default() };
    assert_eq!(draw(&engine, top.clone()), greedy);
    assert_eq!(draw(&engine, Sampling { top_p: 0.9, ..top }), greedy);
}

#[test]
fn a_repeat_penalty_makes_repeats_rarer() {
    let engine = engine(&Tiny::default());
    let distinct = |repeat_penalty| {
        let tokens = draw(&engine, Sampling { repeat_penalty, ..Sampling::default() });
        tokens.into_iter().collect::<HashSet<u32>>().len()
    };
    assert_eq!(distinct(1e6), 30);
    assert!(distinct(1e6) >= distinct(1.0));
}

// Packing

/// A network that says n + 1 after n, and remembers what it was given.
struct Counting {
    n_vocab: usize,
    batches: Mutex<Vec<Batch>>,
}

impl Network for Counting {
    fn n_vocab(&self) -> usize {
        self.n_vocab
    }

    fn context_length(&self) -> usize {
        1 << 20
    }

    fn new_cache(&self, capacity: usize) -> candle_core::Result<KvCache> {
        CACHE_OF.with(|network| network.new_cache(capacity))
    }

    fn forward(
        &self,
        batch: &Batch,
        caches: &mut [&mut KvCache],
    ) -> candle_core::Result<Option<Tensor>> {
        self.batches.lock().unwrap().push(batch.clone());
        // The tiny network keeps the caches; its logits are replaced.
        let logits = CACHE_OF.with(|network| network.forward(batch, caches))?;
        let mut end = 0;
        let mut rows: Vec<f32> = Vec::new();
        for slice in &batch.slices {
            end += slice.n_tokens;
            for at in end - slice.n_logits..end {
                let next = batch.tokens[at] as usize + 1;
                rows.extend((0..self.n_vocab).map(|i| if i == next { 1.0 } else { 0.0 }));
            }
        }
        let shape = (rows.len() / self.n_vocab, self.n_vocab);
        logits.map(|_| Tensor::from_vec(rows, shape, &candle_core::Device::Cpu)).transpose()
    }
}

thread_local! {
    static CACHE_OF: Box<dyn Network> = load(&Tiny { n_layers: 1, ..Tiny::default() });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Every token of every request goes through once, passes read or write and keep to their budget, and
    /// a request that generates has a token in every pass that writes until it is done.
    #[test]
    fn passes_are_packed_by_the_rules(
        lengths in prop::collection::vec((1usize..30, 1usize..6), 1..8),
        n_rows in 1usize..6,
        n_pass_tokens in 1usize..20,
    ) {
        let network = Arc::new(Counting { n_vocab: 200, batches: Mutex::default() });
        let limits = Limits { n_rows, n_pass_tokens, ..Limits::default() };
        let mut scheduler = Scheduler::new(network.clone(), Vec::new(), limits);
        // Each request counts on from its own number, so that its tokens can be told apart.
        let requests: Vec<Request> = lengths
            .iter()
            .enumerate()
            .map(|(i, &(n, max_new))| greedy(i as u64, &vec![20 * i as u32; n], max_new))
            .collect();
        let found = run(&mut scheduler, &requests);
        let batches = network.batches.lock().unwrap();
        for (i, &(n, max_new)) in lengths.iter().enumerate() {
            let first = 20 * i as u32;
            let expected: Vec<u32> = (first + 1..=first + max_new as u32).collect();
            prop_assert_eq!(&found[&(i as u64)].tokens, &expected);
            let count = |token: u32| {
                batches.iter().flat_map(|b| &b.tokens).filter(|&&t| t == token).count()
            };
            prop_assert_eq!(count(first), n);
            // The last token is never needed as input.
            for token in first + 1..first + max_new as u32 {
                prop_assert_eq!(count(token), 1);
            }
            prop_assert_eq!(count(first + max_new as u32), 0);
            let writing: Vec<&Batch> =
                batches.iter().filter(|b| b.work == Work::Writing).collect();
            let pass_of = |token: u32| writing.iter().rposition(|b| b.tokens.contains(&token));
            let passes: Vec<usize> =
                (first + 1..first + max_new as u32).filter_map(pass_of).collect();
            prop_assert!(passes.windows(2).all(|w| w[1] == w[0] + 1), "{passes:?}");
        }
        for batch in batches.iter() {
            let is_decoding = |slice_tokens: &[u32]| !slice_tokens[0].is_multiple_of(20);
            let mut at = 0;
            for slice in &batch.slices {
                prop_assert!(slice.n_tokens > 0);
                let writes = is_decoding(&batch.tokens[at..at + slice.n_tokens]);
                prop_assert_eq!(writes, batch.work == Work::Writing);
                at += slice.n_tokens;
            }
            prop_assert_eq!(at, batch.tokens.len());
            prop_assert!(batch.slices.len() <= n_rows);
            let most = if batch.work == Work::Writing { n_rows } else { n_pass_tokens };
            prop_assert!(at <= most, "{} tokens", at);
        }
        let Stats { n_prefilled, n_generated, n_passes, .. } = scheduler.stats();
        prop_assert_eq!(n_prefilled, lengths.iter().map(|l| l.0).sum::<usize>());
        prop_assert_eq!(n_generated, lengths.iter().map(|l| l.1).sum::<usize>());
        prop_assert_eq!(n_passes, batches.len());
    }
}

// Sessions

fn question(text: &str, max_new_tokens: usize) -> Question {
    let messages = vec![Message::system("Tu es concis."), Message::user(text)];
    Question { messages, max_new_tokens, ..Question::default() }
}

/// The engine of [`tiny::model_file`], kept open.
fn default_engine() -> Engine {
    let dir = tempfile::tempdir().unwrap();
    let path: PathBuf = tiny::model_file(dir.path());
    Engine::open(&path, &Device::cpu()).unwrap()
}

#[test]
fn a_question_that_does_not_fit_is_refused_with_both_numbers() {
    let engine = default_engine();
    let mut session = Session::new(&engine, Limits::default());
    assert_eq!(session.context_length(), 4096);
    let n_prompt = engine.prompt(&question("Bonjour", 0).messages).unwrap().len();
    session.ask(&question("Bonjour", 4096 - n_prompt), 0).unwrap();
    let error = session.ask(&question("Bonjour", 4097 - n_prompt), 0).unwrap_err();
    assert!(matches!(error, Error::TooLong { n_tokens: 4097, limit: 4096 }), "{error:?}");
    let error = session.ask(&question(&"é".repeat(5000), 1), 0).unwrap_err();
    assert!(matches!(error, Error::TooLong { limit: 4096, .. }), "{error:?}");
}

#[test]
fn a_session_answers_every_question_once() {
    let engine = default_engine();
    let mut session = Session::new(&engine, Limits { n_rows: 2, ..Limits::default() });
    let ids: Vec<u64> = ["Un", "Deux", "Trois", "Quatre"]
        .map(|text| session.ask(&question(text, 9), 0).unwrap())
        .into();
    let mut answers = BTreeMap::new();
    while answers.len() < ids.len() {
        answers.extend(session.work().unwrap());
    }
    assert!(session.work().unwrap().is_empty());
    assert_eq!(answers.keys().copied().collect::<Vec<_>>(), ids);
    assert!(answers.values().all(|a| a.n_generated <= 9 && a.n_prompt > 10));
    assert!(session.stats().n_reused > 0, "the system message is the same in all four");
}

#[test]
fn an_answer_begins_with_the_opening_it_was_given() {
    let engine = default_engine();
    let mut session = Session::new(&engine, Limits::default());
    let opening = "Le ministre".to_owned();
    let asked = Question { opening, one_line: true, ..question("Qui ?", 20) };
    session.ask(&asked, 0).unwrap();
    let answer = loop {
        if let Some((_, answer)) = session.work().unwrap().pop() {
            break answer;
        }
    };
    assert!(answer.text.starts_with("Le ministre"), "{answer:?}");
    assert!(!answer.text.contains('\n'), "{answer:?}");
}

#[test]
fn every_token_with_a_line_break_ends_a_line() {
    let engine = default_engine();
    for text in ["\n", "\n\n", "a\nb", " \n"] {
        let tokens = engine.encode(text).unwrap();
        assert!(tokens.iter().any(|t| engine.line_breaks().contains(t)), "{text:?}");
    }
    let tokens = engine.encode("Une seule ligne, sans fin.").unwrap();
    assert!(!tokens.iter().any(|t| engine.line_breaks().contains(t)));
}
