//! Agreements and conflicts: those planted in the sample dispatches, and pairs of sentences.

/// Precision and recall over `seeds/gold.toml`.
pub fn gold(_args: &[String]) {}

/// Accuracy of the rules over pairs of sentences, and the share that they decide.
pub fn contradictions(_args: &[String]) {}
