//! Continuous batching: the rows of every pass are the next tokens of all running sequences and a
//! share of the prompts that wait; a finished sequence gives its place to the next request.
//!
//! After Yu et al. 2022 (Orca, <https://www.usenix.org/conference/osdi22/presentation/yu>), with
//! prompts cut into passes as in Agrawal et al. 2023 (<https://arxiv.org/abs/2308.16369>).

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::Arc;

use candle_core::{Result, Tensor};

use super::beginnings::{Kept, MIN_TOKENS, n_common};
use super::request::{Completion, Request, Sampling, StopReason};
use super::sampler::Sampler;
use crate::network::{Batch, KvCache, Network};

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
}

impl Default for Limits {
    fn default() -> Self {
        Self { n_rows: 16, n_pass_tokens: 512, n_cache_tokens: 12_288, n_kept_tokens: 4096 }
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
        per(self.n_decoded as f64, self.n_decode_passes as f64)
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

    /// Tokens of `prompt` whose keys and values are here.
    fn n_known(&self, prompt: &[u32]) -> usize {
        let tokens = self.request.prompt.iter().chain(&self.tokens);
        n_common(tokens.take(self.cache.n_tokens()), prompt)
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
            self.stats.n_decoded += in_pass.iter().flatten().count();
        }
        Ok(self.finished())
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

    /// The tokens of the next pass, and what each running sequence has in it.
    ///
    /// Sequences that generate come first: they are few tokens, and finish soonest.
    fn next_batch(&self) -> (Batch, Vec<Option<Part>>) {
        let n_decoding = self.running.iter().filter(|s| !s.is_prefilling()).count();
        let mut budget = self.limits.n_pass_tokens.saturating_sub(n_decoding).max(1);
        let mut batch = Batch::default();
        let mut parts = Vec::with_capacity(self.running.len());
        for sequence in &self.running {
            let prefill = sequence.is_prefilling();
            let pending = sequence.pending();
            let n_tokens = if prefill { pending.len().min(budget) } else { pending.len() };
            if n_tokens == 0 {
                parts.push(None);
                continue;
            }
            if prefill {
                budget -= n_tokens;
            }
            let wants_logits = n_tokens == pending.len();
            batch.push(&pending[..n_tokens], wants_logits);
            parts.push(Some(Part { n_tokens, prefill, wants_logits }));
        }
        (batch, parts)
    }

    /// Gives every sequence whose logits were computed its next token.
    fn choose(&mut self, logits: Option<Tensor>, parts: &[Option<Part>]) -> Result<()> {
        let Some(logits) = logits else { return Ok(()) };
        let n_vocab = self.network.n_vocab();
        let logits = logits.flatten_all()?.to_vec1::<f32>()?;
        let mut rows = logits.chunks_exact(n_vocab);
        let mut split = Vec::new();
        for (sequence, part) in self.running.iter_mut().zip(parts) {
            if part.is_some_and(|part| part.wants_logits)
                && let Some(row) = rows.next()
            {
                let mut others =
                    if sequence.tokens.is_empty() { sequence.split()? } else { Vec::new() };
                for one in std::iter::once(sequence).chain(&mut others) {
                    let token = one.sampler.next(row, &one.tokens)?;
                    one.tokens.push(token);
                    self.stats.n_generated += 1;
                }
                split.append(&mut others);
            }
        }
        self.running.append(&mut split);
        Ok(())
    }

    fn finished(&mut self) -> Vec<Completion> {
        let mut completions = Vec::new();
        for sequence in std::mem::take(&mut self.running) {
            match stop_reason(&sequence, &self.end_of_text) {
                Some(stop) => completions.push(self.complete(sequence, stop)),
                None => self.running.push(sequence),
            }
        }
        completions
    }

    fn complete(&mut self, sequence: Sequence, stop: StopReason) -> Completion {
        let Sequence { request, cache, sample_idx, mut tokens, n_reused, .. } = sequence;
        // What took over more than it brought is kept by another.
        if self.network.batches() && request.prompt.len() >= 2 * n_reused {
            let mut known = [request.prompt.as_slice(), &tokens].concat();
            known.truncate(cache.n_tokens());
            self.kept.keep(known, cache);
        }
        match stop {
            // A request for none has one, because every prompt that is read says what comes next.
            StopReason::MaxNewTokens => tokens.truncate(request.max_new_tokens),
            StopReason::EndOfText | StopReason::StopToken(_) => {
                tokens.pop();
            }
        }
        let n_prompt = request.prompt.len();
        Completion { id: request.id, sample_idx, tokens, stop, n_prompt, n_reused }
    }
}

/// What one sequence has in a pass.
#[derive(Debug, Clone, Copy)]
struct Part {
    n_tokens: usize,
    prefill: bool,
    wants_logits: bool,
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
