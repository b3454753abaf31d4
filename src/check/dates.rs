//! Dates and times that were altered, dropped or made up.

use super::{Finding, Relation, Side};

/// Findings of both directions.
pub fn compare(_source: &Side, _target: &Side, _relation: Relation) -> Vec<Finding> {
    Vec::new()
}

/// Dates that the calendar refutes.
pub fn alone(_text: &Side) -> Vec<Finding> {
    Vec::new()
}
