//! Negation, and how sure a text is of what it says.

use super::{Finding, Relation, Side};

/// Findings of both directions.
pub fn compare(_source: &Side, _target: &Side, _relation: Relation) -> Vec<Finding> {
    Vec::new()
}
