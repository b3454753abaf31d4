//! What the articles of a run have in common, counted before any of them is cleaned.

use std::path::Path;

use depeche::clean::Common;
use depeche::input::Inputs;

/// Fewer articles have nothing in common that would prove anything.
const MIN_ARTICLES: usize = 3;

/// Reads all articles once; nothing where they are too few to tell, or can be read only once.
/// What is counted when `stop` says so is enough.
pub fn counted(inputs: &Inputs, stop: &dyn Fn() -> bool) -> Option<Common> {
    if !can_tell(inputs) {
        return None;
    }
    let mut common = Common::default();
    for raw in inputs.articles().filter_map(|reading| reading.result.ok()) {
        common.count(&raw);
        if common.is_full() || stop() {
            break;
        }
    }
    Some(common)
}

fn can_tell(inputs: &Inputs) -> bool {
    let count = inputs.articles().known();
    let can_be_many = count.n_known >= MIN_ARTICLES || !count.is_final;
    can_be_many && lasting_bytes(inputs).is_some()
}

/// The size of all files; nothing where something can be read only once. What is missing fails
/// whenever it is read, and has no size.
pub fn lasting_bytes(inputs: &Inputs) -> Option<u64> {
    let size = |path: &Path| match path.metadata() {
        Ok(file) => file.is_file().then_some(file.len()),
        Err(_) => Some(0),
    };
    inputs.entries.iter().map(|entry| size(entry.path.as_deref()?)).sum()
}
