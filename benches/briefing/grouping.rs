//! Articles by event.

/// Pairwise F1 over mixed folders.
pub fn run(_args: &[String]) {}
