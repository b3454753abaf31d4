//! Agreements and conflicts: those planted in the sample dispatches, and pairs of sentences.

mod gold;
mod numbers;
mod pairs;

pub use gold::run as gold;
pub use numbers::run as numbers;
pub use pairs::run as contradictions;

use serde_json::Value;

/// The records of a file, a line each.
fn records(path: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn text<'v>(record: &'v Value, field: &str) -> &'v str {
    record.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// `12/14 (86 %)`
fn share(part: usize, whole: usize) -> String {
    format!("{part}/{whole} ({:.1} %)", 100.0 * part as f64 / whole.max(1) as f64)
}
