//! What the engine is asked, and what it gives back.

use std::collections::HashSet;

/// Names a request to whoever submitted it.
pub type RequestId = u64;

/// One prompt to complete.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub id: RequestId,
    /// Of the requests that wait, the one with the lowest rank is taken first.
    pub rank: usize,
    pub prompt: Vec<u32>,
    pub max_new_tokens: usize,
    /// Tokens that end the completion, beside the model's own end.
    pub stop: HashSet<u32>,
    pub sampling: Sampling,
    /// The prompt is computed once and completed once more for each of these; every completion
    /// comes by itself, under the request's id.
    pub also: Vec<Sampling>,
}

/// How the next token is chosen. The default is greedy.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampling {
    /// 0 takes the likeliest token.
    pub temperature: f64,
    /// The smallest set of tokens with this much probability is drawn from; 1 for all.
    pub top_p: f64,
    /// Before that, only so many of the likeliest tokens are left; 0 for all. Without it the whole
    /// vocabulary is sorted for every token.
    pub top_k: usize,
    pub seed: u64,
    /// Divides the logits of tokens that the completion already has; 1 for none.
    pub repeat_penalty: f32,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { temperature: 0.0, top_p: 1.0, top_k: 0, seed: 0, repeat_penalty: 1.0 }
    }
}

/// Why a completion ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The model said that it is done.
    EndOfText,
    /// One of the request's own stop tokens.
    StopToken(u32),
    /// The request's limit, or the end of the context.
    MaxNewTokens,
}

/// What a request became.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    pub id: RequestId,
    /// 0 for the request's own sampling, then those of `also` in their order.
    pub sample_idx: usize,
    /// Without the token that stopped it.
    pub tokens: Vec<u32>,
    pub stop: StopReason,
    pub n_prompt: usize,
    /// Tokens of the prompt that had been computed for another one.
    pub n_reused: usize,
}
