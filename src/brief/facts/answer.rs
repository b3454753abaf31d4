//! From what single sentences say to one question and its values.

use std::collections::{BTreeMap, BTreeSet};

use crate::brief::fact::{Fact, Kind, Value};
use crate::brief::source::Place;

/// What one sentence answers.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Sentences with one key say the same.
    pub key: String,
    pub value: String,
    pub place: Place,
    /// Lower is clearer.
    pub rank: usize,
}

/// The question with its values, where two articles answer it. An article that gives several
/// answers contradicts nobody who gives one of them: it stands with the answer that most give.
pub fn fact(kind: Kind, question: String, answers: &[Answer]) -> Option<Fact> {
    let support = support(answers);
    let mut values: BTreeMap<&str, Vec<&Answer>> = BTreeMap::new();
    let sources: BTreeSet<usize> = answers.iter().map(|answer| answer.place.source_idx).collect();
    if sources.len() < 2 {
        return None;
    }
    for source in sources {
        let own = answers.iter().filter(|answer| answer.place.source_idx == source);
        let best = own.min_by_key(|answer| {
            let n = support.get(answer.key.as_str()).map_or(0, BTreeSet::len);
            (std::cmp::Reverse(n), answer.rank, answer.place)
        });
        if let Some(best) = best {
            values.entry(&best.key).or_default().push(best);
        }
    }
    let mut values: Vec<Value> = values.into_values().map(value).collect();
    values.sort_by_key(|value| (std::cmp::Reverse(value.places.len()), value.places.clone()));
    Some(Fact { kind, question, values, remark: None })
}

/// The articles behind each key.
fn support(answers: &[Answer]) -> BTreeMap<&str, BTreeSet<usize>> {
    let mut support: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for answer in answers {
        support.entry(&answer.key).or_default().insert(answer.place.source_idx);
    }
    support
}

fn value(answers: Vec<&Answer>) -> Value {
    let clearest = answers.iter().min_by_key(|answer| (answer.rank, answer.place));
    let value = clearest.map(|answer| answer.value.clone()).unwrap_or_default();
    let mut places: Vec<Place> = answers.iter().map(|answer| answer.place).collect();
    places.sort_unstable();
    Value { value, places }
}
