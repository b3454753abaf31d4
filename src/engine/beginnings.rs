//! Prompts that begin as others do: what one sequence has been through, the next need not.
//!
//! As in Zheng et al. 2024 (RadixAttention, <https://arxiv.org/abs/2312.07104>), but without a tree:
//! few sequences are under way or kept, and comparing their tokens costs next to nothing.

use std::collections::VecDeque;

use crate::network::KvCache;

/// A shorter beginning is computed anew: that costs no more than to take it over.
pub const MIN_TOKENS: usize = 16;

/// Tokens with which both begin.
pub fn n_common<'a>(one: impl IntoIterator<Item = &'a u32>, other: &[u32]) -> usize {
    one.into_iter().zip(other).take_while(|(a, b)| a == b).count()
}

/// What finished sequences leave behind, the one that was used last at the end.
pub struct Kept {
    max_tokens: usize,
    entries: VecDeque<Entry>,
}

struct Entry {
    tokens: Vec<u32>,
    cache: KvCache,
}

impl Kept {
    /// Nothing yet; never more than `max_tokens`.
    pub fn new(max_tokens: usize) -> Self {
        Self { max_tokens, entries: VecDeque::new() }
    }

    /// Keeps the keys and values of `tokens`, where there is room for them at all. What was not used
    /// for the longest time makes room.
    pub fn keep(&mut self, tokens: Vec<u32>, cache: KvCache) {
        if tokens.len() > self.max_tokens {
            return;
        }
        self.entries.push_back(Entry { tokens, cache });
        while self.n_tokens() > self.max_tokens {
            self.entries.pop_front();
        }
    }

    /// The cache that begins most like `prompt`, and how many tokens that are.
    pub fn longest(&mut self, prompt: &[u32]) -> Option<(usize, &KvCache)> {
        let lengths = self.entries.iter().map(|entry| n_common(&entry.tokens, prompt));
        let (n, idx) = lengths.zip(0..).max()?;
        if n >= MIN_TOKENS {
            let used = self.entries.remove(idx);
            self.entries.extend(used);
        }
        self.entries.back().map(|entry| (n, &entry.cache)).filter(|_| n >= MIN_TOKENS)
    }

    /// The most tokens of `prompt` that one of them has.
    pub fn n_known(&self, prompt: &[u32]) -> usize {
        self.entries.iter().map(|entry| n_common(&entry.tokens, prompt)).max().unwrap_or(0)
    }

    fn n_tokens(&self) -> usize {
        self.entries.iter().map(|entry| entry.tokens.len()).sum()
    }
}
