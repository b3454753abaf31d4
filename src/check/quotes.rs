//! What stands between quotation marks.

use super::{Finding, Relation, Side};

/// Findings of both directions.
pub fn compare(_source: &Side, _target: &Side, _relation: Relation) -> Vec<Finding> {
    Vec::new()
}
