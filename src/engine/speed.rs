//! How fast a model runs here: a short measurement with prompts of its own.

use super::{Engine, Limits, Request, Stats};
use crate::Result;

/// Tokens a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// Reading a prompt.
    pub prefill: f64,
    /// Writing one answer.
    pub decode: f64,
    /// Writing as many answers at once as [`Speed::n_rows`], all of them together.
    pub decode_together: f64,
    pub n_rows: usize,
}

/// Tokens of the prompt that is read.
const PROMPT_TOKENS: usize = 512;
/// Tokens of each answer.
const ANSWER_TOKENS: usize = 24;

impl Speed {
    /// Measures for some seconds; on slow machines for a minute.
    ///
    /// # Errors
    /// When the vocabulary cannot spell French, or the device fails.
    pub fn measure(engine: &Engine, limits: Limits) -> Result<Self> {
        // How many guesses are right depends on the text; in this one, which repeats itself, all are.
        let limits = Limits { n_cheap_rows: 0, ..limits };
        let tokens = engine.encode(&TEXT.repeat(PROMPT_TOKENS / 8))?;
        let room = engine.context_length().saturating_sub(ANSWER_TOKENS);
        let tokens = &tokens[..PROMPT_TOKENS.min(tokens.len()).min(room)];
        // The first pass touches the weights for the first time.
        run(engine, limits, 1, &tokens[..tokens.len().min(16)], 1)?;
        let read = run(engine, limits, 1, tokens, 1)?;
        let short = &tokens[..tokens.len().min(32)];
        let alone = run(engine, limits, 1, short, ANSWER_TOKENS)?;
        let together = run(engine, limits, limits.n_rows, short, ANSWER_TOKENS)?;
        Ok(Self {
            prefill: read.prefill_tokens_a_second(),
            decode: alone.decode_tokens_a_second(),
            decode_together: together.decode_tokens_a_second(),
            n_rows: limits.n_rows,
        })
    }
}

const TEXT: &str = "La maire de la ville a ouvert mardi le nouveau pont sur le fleuve, que \
                    douze mille personnes traversent chaque jour. ";

fn run(
    engine: &Engine,
    limits: Limits,
    n_rows: usize,
    prompt: &[u32],
    max_new_tokens: usize,
) -> Result<Stats> {
    let mut scheduler = engine.scheduler(limits);
    for id in 0..n_rows as u64 {
        let prompt = prompt.to_vec();
        scheduler.submit(Request { id, prompt, max_new_tokens, ..Request::default() });
    }
    while scheduler.n_pending() > 0 {
        scheduler.step()?;
    }
    Ok(scheduler.stats())
}
