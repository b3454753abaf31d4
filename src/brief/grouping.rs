//! Which articles tell one event.

use super::source::Source;

/// The articles by event, in the order of the first article of each.
pub fn events(sources: &[Source]) -> Vec<Vec<usize>> {
    vec![(0..sources.len()).collect()]
}
