//! Offices and kinship beside names.

use super::super::{Finding, Relation, Side};

/// Findings for offices that moved to another person or changed.
pub fn compare(_source: &Side, _target: &Side, _relation: Relation) -> Vec<Finding> {
    Vec::new()
}
