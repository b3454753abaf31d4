//! How much work a sentence is worth.

use crate::engine::Sampling;

/// How hard to try for sentences without findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Quality {
    /// Each sentence is written once; what the checks find is marked.
    Fast,
    /// What the checks find is written again, several ways at once, then with the fault told.
    #[default]
    Balanced,
    /// Each sentence is written several ways at once from the start.
    Best,
}

/// How a sentence is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    /// As the user's sampling says.
    Plain,
    /// As plain, and so many drawn ones beside it.
    Among(usize),
    /// So many drawn ones.
    Drawn(usize),
    /// With what was wrong in the question, and so many drawn ones beside it.
    Told(usize),
}

impl Quality {
    /// The rounds that a sentence goes through, as long as the checks find something.
    pub(super) fn rounds(self) -> &'static [Round] {
        match self {
            Self::Fast => &[Round::Plain],
            Self::Balanced => &[Round::Plain, Round::Drawn(4), Round::Told(3)],
            Self::Best => &[Round::Among(8), Round::Told(3)],
        }
    }

    /// The rounds of a translation network, whose hypotheses come together and cost no more: the others
    /// stand by.
    pub(super) fn network_rounds(self) -> &'static [Round] {
        match self {
            Self::Fast => &[Round::Plain],
            Self::Balanced => &[Round::Among(3)],
            Self::Best => &[Round::Among(8)],
        }
    }

    /// Answers to the first question for a summary.
    pub fn n_summaries(self) -> usize {
        match self {
            Self::Fast => 1,
            Self::Balanced => 3,
            Self::Best => 8,
        }
    }
}

/// Draws that differ from one another and stay close to what the model means.
const TEMPERATURE: f64 = 0.7;
const TOP_P: f64 = 0.95;
const TOP_K: usize = 40;

/// `n` ways to draw, the same in every run.
pub(crate) fn draws(own: &Sampling, n: usize, first_seed: u64) -> Vec<Sampling> {
    let draw = |idx| Sampling {
        temperature: own.temperature.max(TEMPERATURE),
        top_p: TOP_P,
        top_k: TOP_K,
        seed: own.seed.wrapping_add(first_seed + idx),
        repeat_penalty: 1.0,
    };
    (0..n as u64).map(draw).collect()
}
