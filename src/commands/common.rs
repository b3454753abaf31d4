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
    let mut paths = inputs.entries.iter().map(|entry| entry.path.as_deref());
    // What is missing fails when it is read, both times.
    let is_lasting = |path: &Path| path.metadata().map_or(true, |file| file.is_file());
    let can_be_many = count.n_known >= MIN_ARTICLES || !count.is_final;
    can_be_many && paths.all(|path| path.is_some_and(is_lasting))
}
