//! Continuous batching: the rows of a pass are a share of the prompts that are being read, or the next tokens
//! of all answers that are being written; a finished sequence gives its place to the next request.
//!
//! After Yu et al. 2022 (Orca, <https://www.usenix.org/conference/osdi22/presentation/yu>), with prompts
//! cut into passes. A pass does one of the two, since reading and writing wait for different things
//! ([`Work`]), and answers fill the rows all the sooner.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::Arc;

use candle_core::{Result, Tensor};

use super::beginnings::{Kept, MIN_TOKENS, n_common};
use super::guess;
use super::request::{Completion, Request, Sampling, StopReason};
use super::sampler::Sampler;
use crate::kernel::cpu::Kernel;
use crate::network::{Batch, KvCache, Network, Work};

/// What a scheduler may use at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Sequences under way.
    pub n_rows: usize,
    /// Tokens of a pass.
    pub n_pass_tokens: usize,
    /// Tokens whose keys and values are held, over all sequences under way.
    pub n_cache_tokens: usize,
    /// Tokens whose keys and values are kept of finished sequences, for requests that begin alike.
    pub n_kept_tokens: usize,
    /// Rows of a pass that take little longer than one: what is guessed of the answers fills them up.
    /// The default is that of this CPU.
    pub n_cheap_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            n_rows: 16,
            n_pass_tokens: 512,
            n_cache_tokens: 12_288,
            n_kept_tokens: 4096,
            n_cheap_rows: Kernel::chosen().map_or(1, Kernel::n_cheap_rows),
        }
    }
}

/// What has been computed so far.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Stats {
    pub n_passes: usize,
    /// Prompt tokens computed.
    pub n_prefilled: usize,
    /// Prompt tokens that had been computed before.
    pub n_reused: usize,
    pub n_generated: usize,
    /// Tokens generated in passes without prompt tokens.
    pub n_decoded: usize,
    /// Passes without prompt tokens.
    pub n_decode_passes: usize,
    /// Sequences in passes without prompt tokens, over all of them.
    pub n_decode_rows: usize,
    /// Tokens that were guessed before the model had said them, and those of them that it said.
    pub n_guessed: usize,
    pub n_guessed_right: usize,
    /// Passes with prompt tokens in them.
    pub prefill_seconds: f64,
    /// Passes with generated tokens only.
    pub decode_seconds: f64,
}

impl Stats {
    /// Prompt tokens computed in a second of passes with prompts in them.
    pub fn prefill_tokens_a_second(&self) -> f64 {
        per(self.n_prefilled as f64, self.prefill_seconds)
    }

    /// Tokens generated in a second of passes without prompts.
    pub fn decode_tokens_a_second(&self) -> f64 {
        per(self.n_decoded as f64, self.decode_seconds)
    }

    /// Answers that were written at the same time, on average.
    pub fn rows_a_pass(&self) -> f64 {
        per(self.n_decode_rows as f64, self.n_decode_passes as f64)
    }
}

/// 0 of nothing.
fn per(n: f64, of: f64) -> f64 {
    if of > 0.0 { n / of } else { 0.0 }
}

/// Requests under way over one network.
pub struct Scheduler {
    network: Arc<dyn Network>,
    end_of_text: Vec<u32>,
    limits: Limits,
    waiting: VecDeque<Waiting>,
    running: Vec<Sequence>,
    kept: Kept,
    stats: Stats,
}

/// A request that waits, or those of its completions that fit the limits together.
struct Waiting {
    request: Request,
    /// The number of its first completion.
    sample_idx: usize,
}

/// One request under way.
struct Sequence {
    request: Request,
    cache: KvCache,
    sampler: Sampler,
    sample_idx: usize,
    /// Generated so far.
    tokens: Vec<u32>,
    n_reused: usize,
}

impl Sequence {
    /// Tokens that the network has not seen yet: the rest of the prompt, or the last one generated.
    fn pending(&self) -> &[u32] {
        let seen = self.cache.n_tokens();
        let n_prompt = self.request.prompt.len();
        if seen < n_prompt { &self.request.prompt[seen..] } else { &self.tokens[seen - n_prompt..] }
    }

    /// Tokens of `prompt` whose keys and values are here. Those of the answer do not count: what is written
    /// has not quite the numbers of what is read ([`Work`]), and a prompt is the same whoever was before.
    fn n_known(&self, prompt: &[u32]) -> usize {
        n_common(self.request.prompt.iter().take(self.cache.n_tokens()), prompt)
    }

    /// Tokens of `prompt` whose keys and values will be here soon.
    fn n_coming(&self, prompt: &[u32]) -> usize {
        if self.is_prefilling() { n_common(&self.request.prompt, prompt) } else { 0 }
    }

    fn is_prefilling(&self) -> bool {
        self.cache.n_tokens() < self.request.prompt.len()
    }

    /// Tokens of one completion.
    fn capacity(request: &Request) -> usize {
        request.prompt.len() + request.max_new_tokens
    }

    /// Sequences that this one is or will be: it splits when its prompt is through.
    fn n_rows(&self) -> usize {
        if self.tokens.is_empty() { n_rows(&self.request) } else { 1 }
    }

    /// Takes the next tokens from the logits of the last one and of those guessed behind it, and forgets
    /// what was guessed wrong; how many there are.
    fn advance(&mut self, rows: &[&[f32]], guess: &[u32]) -> Result<usize> {
        let n_before = self.tokens.len();
        for (idx, row) in rows.iter().enumerate() {
            let token = self.sampler.next(row, &self.tokens)?;
            self.tokens.push(token);
            if guess.get(idx) != Some(&token) {
                break;
            }
        }
        if !guess.is_empty() {
            self.cache.truncate(self.request.prompt.len() + self.tokens.len() - 1)?;
        }
        Ok(self.tokens.len() - n_before)
    }

    /// The other completions of the same prompt. To be called once, when the prompt is through.
    fn split(&self) -> Result<Vec<Self>> {
        let fork = |(sample_idx, sampling)| {
            Ok(Self {
                request: self.request.clone(),
                cache: self.cache.fork(self.cache.n_tokens(), Self::capacity(&self.request))?,
                sampler: Sampler::new(sampling),
                sample_idx,
                tokens: Vec::new(),
                n_reused: self.request.prompt.len(),
            })
        };
        (self.sample_idx + 1..).zip(&self.request.also).map(fork).collect()
    }
}

fn n_rows(request: &Request) -> usize {
    1 + request.also.len()
}

impl Scheduler {
    /// A scheduler with nothing to do.
    pub fn new(network: Arc<dyn Network>, end_of_text: Vec<u32>, limits: Limits) -> Self {
        Self {
            network,
            end_of_text,
            limits,
            waiting: VecDeque::new(),
            running: Vec::new(),
            kept: Kept::new(limits.n_kept_tokens),
            stats: Stats::default(),
        }
    }

    /// Takes a request; they start in the order of their ranks, and of equals the longest goes first:
    /// else it would be left alone at the end.
    ///
    /// The prompt must not be empty, and with its new tokens must fit the network's context.
    pub fn submit(&mut self, request: Request) {
        let order = |request: &Request| (request.rank, Reverse(Sequence::capacity(request)));
        let own = order(&request);
        let place = self.waiting.partition_point(|waiting| order(&waiting.request) <= own);
        for (idx, part) in self.parts(request).into_iter().enumerate() {
            self.waiting.insert(place + idx, part);
        }
    }

    /// A request cut so that the completions of each part may run together.
    fn parts(&self, request: Request) -> Vec<Waiting> {
        let in_cache = self.limits.n_cache_tokens / Sequence::capacity(&request).max(1);
        let n_together = self.limits.n_rows.min(in_cache).max(1);
        let samplings: Vec<Sampling> =
            std::iter::once(&request.sampling).chain(&request.also).cloned().collect();
        let part = |(idx, together): (usize, &[Sampling])| {
            let (sampling, also) = (together[0].clone(), together[1..].to_vec());
            let request = Request { sampling, also, ..request.clone() };
            Waiting { request, sample_idx: idx * n_together }
        };
        samplings.chunks(n_together).enumerate().map(part).collect()
    }

    /// Requests that wait or run.
    pub fn n_pending(&self) -> usize {
        self.waiting.len() + self.running.len()
    }

    /// What has been computed so far.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// Runs one pass and returns the requests that it completed.
    ///
    /// # Errors
    /// When the device fails; the requests under way are lost then.
    pub fn step(&mut self) -> Result<Vec<Completion>> {
        self.admit()?;
        if self.running.is_empty() {
            return Ok(Vec::new());
        }
        let started = std::time::Instant::now();
        let (batch, in_pass) = self.next_batch();
        let mut in_order: Vec<&mut KvCache> = Vec::with_capacity(in_pass.len());
        for (sequence, part) in self.running.iter_mut().zip(&in_pass) {
            if part.is_some() {
                in_order.push(&mut sequence.cache);
            }
        }
        let n_prefilled: usize =
            in_pass.iter().flatten().filter(|p| p.prefill).map(|p| p.n_tokens).sum();
        let n_generated = self.stats.n_generated;
        let logits = self.network.forward(&batch, &mut in_order)?;
        self.choose(logits, &in_pass)?;
        let seconds = started.elapsed().as_secs_f64();
        self.stats.n_passes += 1;
        self.stats.n_prefilled += n_prefilled;
        if n_prefilled > 0 {
            self.stats.prefill_seconds += seconds;
        } else {
            self.stats.decode_seconds += seconds;
            self.stats.n_decode_passes += 1;
            self.stats.n_decode_rows += in_pass.iter().flatten().count();
            self.stats.n_decoded += self.stats.n_generated - n_generated;
        }
        self.finished()
    }

    /// Starts what has room. A request that begins as one that is being read now waits until it can
    /// take that over, and those behind it go first.
    fn admit(&mut self) -> Result<()> {
        let mut idx = 0;
        while let Some(Waiting { request, .. }) = self.waiting.get(idx) {
            if !self.has_room(request) {
                break;
            }
            if self.is_being_read(&request.prompt) {
                idx += 1;
            } else if let Some(waiting) = self.waiting.remove(idx) {
                let sequence = self.start(waiting)?;
                self.running.push(sequence);
            }
        }
        Ok(())
    }

    fn has_room(&self, request: &Request) -> bool {
        let held: usize =
            self.running.iter().map(|s| s.n_rows() * Sequence::capacity(&s.request)).sum();
        let wanted = n_rows(request) * Sequence::capacity(request);
        let n_running: usize = self.running.iter().map(Sequence::n_rows).sum();
        let fits = held + wanted <= self.limits.n_cache_tokens;
        self.running.is_empty() || fits && n_running + n_rows(request) <= self.limits.n_rows
    }

    /// Whether a pass or two will make known more of a prompt than there is now.
    fn is_being_read(&self, prompt: &[u32]) -> bool {
        if !self.network.batches() {
            return false;
        }
        let known = self.running.iter().map(|sequence| sequence.n_known(prompt)).max();
        let coming = self.running.iter().map(|sequence| sequence.n_coming(prompt)).max();
        let n_new = |n: Option<usize>| n.unwrap_or(0).min(prompt.len().saturating_sub(1));
        n_new(coming) >= n_new(known).max(self.kept.n_known(prompt)) + MIN_TOKENS
    }

    fn start(&mut self, waiting: Waiting) -> Result<Sequence> {
        let Waiting { request, sample_idx } = waiting;
        let cache = self.begin(&request.prompt, Sequence::capacity(&request))?;
        let n_reused = cache.n_tokens();
        self.stats.n_reused += n_reused;
        let sampler = Sampler::new(&request.sampling);
        Ok(Sequence { request, cache, sampler, sample_idx, tokens: Vec::new(), n_reused })
    }

    /// A cache with as much of the prompt in it as another sequence has been through. A network that
    /// does not batch would read it anew all the same.
    fn begin(&mut self, prompt: &[u32], capacity: usize) -> Result<KvCache> {
        if !self.network.batches() {
            return self.network.new_cache(capacity);
        }
        // The last token is always computed anew, for its logits.
        let begins = &prompt[..prompt.len().saturating_sub(1)];
        let running =
            self.running.iter().map(|sequence| (sequence.n_known(begins), &sequence.cache));
        let known = running.chain(self.kept.longest(begins)).max_by_key(|(n, _)| *n);
        match known.filter(|(n, _)| *n >= MIN_TOKENS) {
            Some((n, cache)) => cache.fork(n, capacity),
            None => self.network.new_cache(capacity),
        }
    }

    /// The tokens of the next pass, and what each running sequence has in it: those of prompts as long
    /// as there are any, then those of answers.
    fn next_batch(&self) -> (Batch, Vec<Option<Part>>) {
        let reads = self.running.iter().any(Sequence::is_prefilling);
        let work = if reads { Work::Reading } else { Work::Writing };
        let mut batch = Batch { work, ..Batch::default() };
        let mut budget = self.limits.n_pass_tokens.max(1);
        let mut n_guesses = self.limits.n_cheap_rows.saturating_sub(self.running.len());
        let mut parts = Vec::with_capacity(self.running.len());
        for sequence in &self.running {
            let pending = sequence.pending();
            let n_tokens = if reads { pending.len().min(budget) } else { pending.len() };
            if n_tokens == 0 || reads != sequence.is_prefilling() {
                parts.push(None);
                continue;
            }
            let guess = if reads { Vec::new() } else { self.guess(sequence, n_guesses) };
            budget = budget.saturating_sub(n_tokens);
            n_guesses -= guess.len();
            let n_logits = if n_tokens == pending.len() { 1 + guess.len() } else { 0 };
            batch.push(&[&pending[..n_tokens], &guess].concat(), n_logits);
            parts.push(Some(Part { n_tokens, prefill: reads, n_logits, guess }));
        }
        (batch, parts)
    }

    /// What may come next in a sequence, `n_most` tokens or fewer.
    fn guess(&self, sequence: &Sequence, n_most: usize) -> Vec<u32> {
        let Request { prompt, max_new_tokens, stop, .. } = &sequence.request;
        // The model says one token itself.
        let n_most = n_most.min(max_new_tokens.saturating_sub(sequence.tokens.len() + 1));
        if n_most == 0 || !self.network.batches() {
            return Vec::new();
        }
        let text = [prompt.as_slice(), &sequence.tokens].concat();
        let ends = |token: &u32| stop.contains(token) || self.end_of_text.contains(token);
        guess::next(&text).iter().take(n_most).take_while(|token| !ends(token)).copied().collect()
    }

    /// Gives every sequence whose logits were computed its next token, and the guessed ones behind it
    /// as long as they are right.
    fn choose(&mut self, logits: Option<Tensor>, parts: &[Option<Part>]) -> Result<()> {
        let Some(logits) = logits else { return Ok(()) };
        let n_vocab = self.network.n_vocab();
        let logits = logits.flatten_all()?.to_vec1::<f32>()?;
        let mut rows = logits.chunks_exact(n_vocab);
        let mut split = Vec::new();
        for (sequence, part) in self.running.iter_mut().zip(parts) {
            let Some(part) = part else { continue };
            let rows: Vec<&[f32]> = rows.by_ref().take(part.n_logits).collect();
            if !rows.is_empty() {
                let mut others =
                    if sequence.tokens.is_empty() { sequence.split()? } else { Vec::new() };
                for one in std::iter::once(sequence).chain(&mut others) {
                    let n_tokens = one.advance(&rows, &part.guess)?;
                    self.stats.n_generated += n_tokens;
                    self.stats.n_guessed_right += n_tokens - 1;
                }
                self.stats.n_guessed += part.guess.len();
                split.append(&mut others);
            }
        }
        self.running.append(&mut split);
        Ok(())
    }

    fn finished(&mut self) -> Result<Vec<Completion>> {
        let mut completions = Vec::new();
        for sequence in std::mem::take(&mut self.running) {
            match stop_reason(&sequence, &self.end_of_text) {
                Some(stop) => completions.push(self.complete(sequence, stop)?),
                None => self.running.push(sequence),
            }
        }
        Ok(completions)
    }

    fn complete(&mut self, sequence: Sequence, stop: StopReason) -> Result<Completion> {
        let Sequence { request, mut cache, sample_idx, mut tokens, n_reused, .. } = sequence;
        // What took over more than it brought is kept by another.
        if self.network.batches() && request.prompt.len() >= 2 * n_reused {
            // As in `Sequence::n_known`, without the answer.
            cache.truncate(request.prompt.len())?;
            self.kept.keep(request.prompt.clone(), cache);
        }
        match stop {
            // A request for none has one, because every prompt that is read says what comes next.
            StopReason::MaxNewTokens => tokens.truncate(request.max_new_tokens),
            StopReason::EndOfText | StopReason::StopToken(_) => {
                tokens.pop();
            }
        }
        let n_prompt = request.prompt.len();
        Ok(Completion { id: request.id, sample_idx, tokens, stop, n_prompt, n_reused })
    }
}

/// What one sequence has in a pass.
#[derive(Debug, Clone)]
struct Part {
    /// Tokens that belong to it.
    n_tokens: usize,
    prefill: bool,
    /// Of so many of the last ones, and of those that are guessed, the logits are wanted.
    n_logits: usize,
    /// What may come behind them.
    guess: Vec<u32>,
}

fn stop_reason(sequence: &Sequence, end_of_text: &[u32]) -> Option<StopReason> {
    let last = *sequence.tokens.last()?;
    if end_of_text.contains(&last) {
        Some(StopReason::EndOfText)
    } else if sequence.request.stop.contains(&last) {
        Some(StopReason::StopToken(last))
    } else if sequence.tokens.len() >= sequence.request.max_new_tokens {
        Some(StopReason::MaxNewTokens)
    } else {
        None
    }
}
