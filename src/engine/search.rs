//! Translations by an encoder-decoder, greedy or with several hypotheses a source side by side (beam
//! search; Graves 2012, <https://arxiv.org/abs/1211.3711>; the scores are those of the reference
//! implementation in transformers, `BeamSearchScorer`).
//!
//! Sources are taken longest first, as many as there is room for; one that is done gives its room to
//! the next. A source's translation does not depend on those beside it (of a network in 32-bit floats: but for
//! what the last bits decide).

use std::collections::VecDeque;

use candle_core::Result;

use crate::kernel::likeliest::{Likely, likeliest};
use crate::network::seq2seq::Seq2Seq;
use crate::network::{Batch, KvCache, with_floats};

/// How to search.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Hypotheses of a source at once; 1 is greedy decoding.
    pub n_beams: usize,
    /// The power of its length that a hypothesis' score is divided by.
    pub length_penalty: f32,
    /// Whether a source is done with as many ended hypotheses as beams, though an open one may still
    /// become better.
    pub early_stopping: bool,
    /// Hypotheses wanted of a source, at most `n_beams`.
    pub n_best: usize,
    /// What every translation begins with: the decoder's first token, and the language where the
    /// network wants one.
    pub start: Vec<u32>,
    pub end: u32,
    /// Tokens that are never written.
    pub banned: Vec<u32>,
    /// A run of so many tokens is not written twice.
    pub no_repeat: Option<usize>,
    /// A translation has at most so many tokens by the token of its source, and `more_tokens`.
    pub max_ratio: f32,
    pub more_tokens: usize,
    /// Hypotheses of all sources at once.
    pub max_rows: usize,
}

/// A translation.
#[derive(Debug, Clone, PartialEq)]
pub struct Hypothesis {
    /// Without those that it had to begin with, and without the end.
    pub tokens: Vec<u32>,
    /// The sum of the logarithms of the tokens' probabilities, by the power of the length; of greedy
    /// decoding, which weighs nothing, the sum of the logits.
    pub score: f32,
    /// Whether it came to its end.
    pub is_complete: bool,
}

/// The best hypotheses of each source, the best first, in the order of the sources.
///
/// # Errors
/// When a source is too long for the network, or the device fails.
///
/// # Panics
/// When translations begin with nothing (`start` is empty).
pub fn search(
    network: &Seq2Seq,
    sources: &[Vec<u32>],
    options: &Options,
) -> Result<Vec<Vec<Hypothesis>>> {
    assert!(!options.start.is_empty(), "a decoder begins with a token");
    let mut found: Vec<Vec<Hypothesis>> = vec![Vec::new(); sources.len()];
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by_key(|idx| std::cmp::Reverse(sources[*idx].len()));
    let mut waiting = VecDeque::from(order);
    let mut active: Vec<Searching> = Vec::new();
    let capacity = (options.max_rows / options.n_beams.max(1)).max(1);
    loop {
        let free = capacity - active.len();
        // Sources go through the encoder some at a time.
        if !waiting.is_empty() && (active.is_empty() || free * 4 >= capacity) {
            let next: Vec<usize> = waiting.drain(..free.min(waiting.len())).collect();
            active.extend(begun(network, sources, &next, options)?);
        }
        if active.is_empty() {
            return Ok(found);
        }
        step(network, &mut active, options)?;
        let (done, open) = active.into_iter().partition(|searching| searching.is_done(options));
        active = open;
        for searching in done {
            let source_idx = searching.source_idx;
            found[source_idx] = searching.finished(options);
        }
    }
}

/// A source under way.
struct Searching {
    source_idx: usize,
    memory: KvCache,
    max_tokens: usize,
    /// The open hypotheses, the best first.
    beams: Vec<Beam>,
    ended: Vec<Hypothesis>,
    /// The best sum that an open hypothesis had in the last step.
    best_sum: f32,
}

/// An open hypothesis.
struct Beam {
    /// With what it began with.
    tokens: Vec<u32>,
    /// Sum of the logarithms of the probabilities.
    sum: f32,
    /// Of all tokens but the last.
    cache: KvCache,
}

/// Reads sources.
fn begun(
    network: &Seq2Seq,
    sources: &[Vec<u32>],
    idxs: &[usize],
    options: &Options,
) -> Result<Vec<Searching>> {
    let mut batch = Batch::default();
    idxs.iter().for_each(|idx| batch.push(&sources[*idx], 0));
    let memories = network.encode(&batch)?;
    let of = |(source_idx, memory): (&usize, KvCache)| {
        let n_source = sources[*source_idx].len();
        let max_tokens = (n_source as f32 * options.max_ratio) as usize + options.more_tokens;
        let limit = network.max_tokens().unwrap_or(usize::MAX).saturating_sub(options.start.len());
        let max_tokens = max_tokens.clamp(1, limit.max(1));
        let cache = network.new_cache(max_tokens + options.start.len())?;
        let beam = Beam { tokens: options.start.clone(), sum: 0.0, cache };
        Ok(Searching {
            source_idx: *source_idx,
            memory,
            max_tokens,
            beams: vec![beam],
            ended: Vec::new(),
            best_sum: f32::NEG_INFINITY,
        })
    };
    idxs.iter().zip(memories).map(of).collect()
}

/// Rows whose logits are there at once: those of many take more memory than the processor's caches and
/// the allocator have for them.
const LOGIT_ROWS: usize = 64;

/// Writes one more token of every open hypothesis.
fn step(network: &Seq2Seq, active: &mut [Searching], options: &Options) -> Result<()> {
    let mut batch = Batch::default();
    let (mut caches, mut memories, mut banned) = (Vec::new(), Vec::new(), Vec::new());
    for searching in active.iter_mut() {
        for beam in &mut searching.beams {
            batch.push(&beam.tokens[beam.cache.n_tokens()..], 1);
            banned.push(banned_behind(&beam.tokens, options));
            caches.push(&mut beam.cache);
            memories.push(&searching.memory);
        }
    }
    let rows = network.decode(&batch, &mut caches, &memories)?;
    let n_wanted = if options.n_beams > 1 { 2 * options.n_beams } else { 1 };
    let mut found = Vec::with_capacity(banned.len());
    for (idx, banned) in banned.chunks(LOGIT_ROWS).enumerate() {
        let logits = network.logits(&rows.narrow(0, idx * LOGIT_ROWS, banned.len())?)?;
        let pick = |logits: &[f32]| likeliest(logits, network.n_vocab(), n_wanted, banned);
        found.extend(with_floats(&logits, pick)?);
    }
    let mut found = found.into_iter();
    for searching in active {
        let own: Vec<Vec<Likely>> = found.by_ref().take(searching.beams.len()).collect();
        searching.take(&own, options)?;
    }
    Ok(())
}

/// What must not come behind these tokens.
fn banned_behind(tokens: &[u32], options: &Options) -> Vec<u32> {
    let mut banned = options.banned.clone();
    if let Some(n_before) = options.no_repeat.and_then(|n| n.checked_sub(1))
        && tokens.len() > n_before
    {
        let last = &tokens[tokens.len() - n_before..];
        let runs = tokens.windows(n_before + 1).filter(|run| run[..n_before] == *last);
        banned.extend(runs.map(|run| run[n_before]));
    }
    banned
}

impl Searching {
    /// Goes on with the best of what may come behind each of its hypotheses.
    fn take(&mut self, likely: &[Vec<Likely>], options: &Options) -> Result<()> {
        let sums = self.beams.iter().map(|beam| beam.sum);
        let all = likely.iter().enumerate().zip(sums).flat_map(|((parent, likely), sum)| {
            likely.iter().map(move |next| (sum + next.log_prob, parent, next.column))
        });
        let mut all: Vec<(f32, usize, u32)> = all.collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        all.truncate(2 * options.n_beams);
        // Whatever could come is banned.
        let is_stuck = all.is_empty();
        self.best_sum = all.first().map_or(f32::NEG_INFINITY, |best| best.0);
        let mut next = Vec::with_capacity(options.n_beams);
        for (rank, (sum, parent, token)) in all.into_iter().enumerate() {
            if token != options.end {
                next.push((sum, parent, token));
            } else if rank < options.n_beams {
                let tokens = self.beams[parent].tokens.clone();
                self.end(tokens, sum, true, options);
            }
            if next.len() == options.n_beams {
                break;
            }
        }
        if is_stuck {
            for beam in std::mem::take(&mut self.beams) {
                self.end(beam.tokens, beam.sum, false, options);
            }
        }
        self.go_on(&next)
    }

    /// Makes the open hypotheses anew: `(sum, parent, token)`.
    fn go_on(&mut self, next: &[(f32, usize, u32)]) -> Result<()> {
        let mut n_children = vec![0; self.beams.len()];
        next.iter().for_each(|(_, parent, _)| n_children[*parent] += 1);
        let mut parents: Vec<Option<Beam>> = self.beams.drain(..).map(Some).collect();
        for &(sum, parent, token) in next {
            n_children[parent] -= 1;
            // The last child has its parent's cache, the others a copy.
            let beam = match &parents[parent] {
                Some(beam) if n_children[parent] > 0 => Some(beam.copied()?),
                _ => parents[parent].take(),
            };
            if let Some(mut beam) = beam {
                beam.tokens.push(token);
                beam.sum = sum;
                self.beams.push(beam);
            }
        }
        Ok(())
    }

    fn end(&mut self, tokens: Vec<u32>, sum: f32, is_complete: bool, options: &Options) {
        // Its end counts, the decoder's first token does not.
        let n_tokens = (tokens.len() - 1 + usize::from(is_complete)).max(1);
        let score = sum / (n_tokens as f32).powf(options.length_penalty);
        let tokens = tokens[options.start.len()..].to_vec();
        let at = self.ended.partition_point(|other| other.score >= score);
        self.ended.insert(at, Hypothesis { tokens, score, is_complete });
        self.ended.truncate(options.n_beams);
    }

    fn n_written(&self, options: &Options) -> usize {
        self.beams.first().map_or(0, |beam| beam.tokens.len() - options.start.len())
    }

    fn is_done(&self, options: &Options) -> bool {
        self.beams.is_empty()
            || self.n_written(options) >= self.max_tokens
            || self.is_settled(options)
    }

    /// Whether no open hypothesis is waited for.
    fn is_settled(&self, options: &Options) -> bool {
        let Some(worst) = self.ended.last().filter(|_| self.ended.len() >= options.n_beams) else {
            return false;
        };
        let n_tokens = self.beams.first().map_or(0, |beam| beam.tokens.len() - 1);
        let attainable = self.best_sum / (n_tokens as f32).powf(options.length_penalty);
        options.early_stopping || options.n_beams == 1 || worst.score >= attainable
    }

    /// The best hypotheses; where the limit was reached, open ones are among them.
    fn finished(mut self, options: &Options) -> Vec<Hypothesis> {
        let open =
            if self.is_settled(options) { Vec::new() } else { std::mem::take(&mut self.beams) };
        for beam in open {
            self.end(beam.tokens, beam.sum, false, options);
        }
        self.ended.truncate(options.n_best.max(1));
        self.ended
    }
}

impl Beam {
    fn copied(&self) -> Result<Self> {
        let cache = self.cache.fork(self.cache.n_tokens(), self.cache.capacity())?;
        Ok(Self { tokens: self.tokens.clone(), sum: self.sum, cache })
    }
}
