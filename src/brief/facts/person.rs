//! Names of persons in a sentence.

use super::data::WORDS;
use crate::check::Side;
use crate::check::names::Word;

/// A person's full name in a sentence.
#[derive(Debug, Clone)]
pub struct Person {
    /// As the sentence has it.
    pub name: String,
    /// The last name without accents.
    pub key: String,
    /// Its words in the sentence.
    pub first: usize,
    pub end: usize,
}

/// Two and more capitalised words side by side, without places and bodies.
pub fn persons(side: &Side) -> Vec<Person> {
    let words = &side.names.words;
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let end = end_of_name(words, at);
        if end - at >= 2 && !is_listed(side, at, end) {
            let span = words[at].span.start..words[end - 1].span.end;
            let (name, key) = (side.text[span].to_owned(), words[end - 1].folded.clone());
            found.push(Person { name, key, first: at, end });
        }
        at = end.max(at + 1);
    }
    found
}

fn end_of_name(words: &[Word], at: usize) -> usize {
    let is_no_first = |word: &Word| WORDS.has("any", "not-a-person", &word.folded);
    if !words[at].is_capital() || is_no_first(&words[at]) || words[at].in_heading {
        return at;
    }
    let is_particle = |word: &Word| WORDS.has("any", "particle", &word.folded);
    let linked = words[at + 1..].iter().take_while(|word| word.is_linked && !word.opens);
    let run = linked.take_while(|word| word.is_capital() || is_particle(word)).count();
    let mut end = at + 1 + run;
    while end > at + 1 && !words[end - 1].is_capital() {
        end -= 1;
    }
    end
}

/// Countries, towns and bodies of the lists.
fn is_listed(side: &Side, at: usize, end: usize) -> bool {
    let inside = side.names.mentions.iter().filter(|m| at <= m.first && m.end <= end);
    inside.into_iter().any(|m| !m.ids.is_empty() && !m.is_given && m.end - m.first > 1)
}
