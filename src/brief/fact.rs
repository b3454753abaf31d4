//! What the articles answer to one question, and which of them.

use super::source::Place;

/// A question that several articles answer. With one value they agree, with several they differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub kind: Kind,
    /// In the language of the note.
    pub question: String,
    /// The best supported first.
    pub values: Vec<Value>,
    /// What the calendar or arithmetic says of it, in the language of the note.
    pub remark: Option<String>,
}

/// An answer and the sentences that give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// In short, in the language of the note where a rule can say it there.
    pub value: String,
    /// At most one sentence an article, the clearest.
    pub places: Vec<Place>,
}

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// On which day it happened.
    Date,
    /// Where.
    Place,
    /// Who received the others.
    Host,
    /// Whether someone is still what he was.
    Status,
    /// How many, how much.
    Number,
    /// What became of someone.
    Fate,
    /// What it came from.
    Cause,
    /// Who is for it or against it.
    Stand,
    /// Whether something is so at all.
    Claim,
}

impl Fact {
    /// Whether the articles differ.
    pub fn is_disagreement(&self) -> bool {
        self.values.len() > 1
    }
}
