//! What an earlier note said, so that the next one can say what is new.

use std::collections::HashSet;

use serde_json::Value;

use super::note::{Citation, Question};

/// The sentences and answers of an earlier note.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    quotes: HashSet<String>,
    /// Questions with their values.
    answers: HashSet<(String, String)>,
}

impl Earlier {
    /// Reads the JSON record of a note; nothing where it is none.
    pub fn read(json: &str) -> Option<Self> {
        let note: Value = serde_json::from_str(json).ok()?;
        let mut earlier = Self::default();
        for event in note.get("events")?.as_array()? {
            earlier.take(event);
        }
        Some(earlier)
    }

    /// Takes all sentences that are cited anywhere in the event, and the answers to its questions.
    fn take(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.take(item)),
            Value::Object(fields) => {
                if let Some(quote) = fields.get("quote").and_then(Value::as_str) {
                    self.quotes.insert(key(quote));
                }
                if let Some(question) = fields.get("question").and_then(Value::as_str) {
                    let values = fields.get("values").and_then(Value::as_array);
                    let values = values.into_iter().flatten().filter_map(|v| v["value"].as_str());
                    self.answers.extend(values.map(|v| (question.to_owned(), v.to_owned())));
                }
                fields.values().for_each(|field| self.take(field));
            }
            _ => {}
        }
    }

    /// Whether none of these sentences was cited.
    pub fn lacks(&self, citations: &[Citation]) -> bool {
        citations.iter().all(|citation| !self.quotes.contains(&key(&citation.quote)))
    }

    /// Whether the question, or one of its answers, was not there.
    pub fn lacks_answer(&self, question: &Question) -> bool {
        let is_there =
            |value: &str| self.answers.contains(&(question.question.clone(), value.to_owned()));
        question.values.iter().any(|answer| !is_there(&answer.value))
    }
}

/// The letters and figures alone: a paper that mends its typography says nothing new.
fn key(quote: &str) -> String {
    quote.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn citation(quote: &str) -> Citation {
        Citation {
            source: 1,
            span: None,
            quote: quote.into(),
            translation: None,
            checks: Vec::new(),
        }
    }

    #[test]
    fn sentences_that_were_cited_anywhere_are_not_new() {
        let json = r#"{"events": [{"key_points": [{"citations": [{"quote": "Le pont est « fermé »."}]}],
            "disagreements": [{"question": "How many?", "values": [{"value": "12"}]}]}]}"#;
        let earlier = Earlier::read(json).unwrap();
        assert!(!earlier.lacks(&[citation("Le pont est \"fermé\".")]));
        assert!(earlier.lacks(&[citation("Le pont est ouvert.")]));
        assert!(earlier.answers.contains(&("How many?".into(), "12".into())));
        assert!(Earlier::read("[]").is_none() && Earlier::read("x").is_none());
    }
}
