//! French word order in English: `a convergence operational`.

use super::super::Finding;
use super::super::polarity::words::Word;
use super::LISTS;
use crate::article::Span;
use crate::glossary::words::fold;

/// Letters that a word shares with its French counterpart.
const ROOT: usize = 5;

/// A noun and its adjective that stand as in the French source.
pub fn compare(source: &[Word], target: &[Word], langs: (&str, &str)) -> Option<Finding> {
    if langs != ("fr", "en") {
        return None;
    }
    let words: Vec<&Word> = target.iter().filter(|word| !is_quote_mark(word)).collect();
    let bad = words.windows(3).find(|three| is_french(source, three))?;
    let message = format!("`{} {}` is the word order of French", bad[1].text, bad[2].text);
    let at = Span::new(bad[1].span.start, bad[2].span.end);
    Some(Finding::warning("form", message).in_target(at))
}

fn is_french(source: &[Word], three: &[&Word]) -> bool {
    let (opener, noun, adjective) = (three[0], three[1], three[2]);
    LISTS.has("en", "opener", &opener.text)
        && !noun.capital
        && !adjective.capital
        && LISTS.has_ending("en", "adjective", &adjective.text)
        && source.windows(2).any(|two| is_root(&two[0], noun) && is_root(&two[1], adjective))
}

fn is_root(french: &Word, english: &Word) -> bool {
    let (french, english) = (fold(&french.text), fold(&english.text));
    let root = |word: &str| word.char_indices().nth(ROOT).map(|(at, _)| word[..at].to_owned());
    root(&french).is_some() && root(&french) == root(&english)
}

fn is_quote_mark(word: &Word) -> bool {
    matches!(word.text.as_str(), "\"" | "“" | "”" | "«" | "»")
}

#[cfg(test)]
mod tests {
    use super::super::words::split;
    use super::*;

    fn found(source: &str, target: &str) -> Option<String> {
        let found = compare(&split(source, "fr", 0), &split(target, "en", 0), ("fr", "en"))?;
        Some(found.message)
    }

    #[test]
    fn an_adjective_behind_its_noun_is_seen() {
        let source = "Il salue une « convergence opérationnelle » entre eux.";
        assert!(found(source, "He hails a \"convergence operational\" between them.").is_some());
        assert_eq!(found(source, "He hails an \"operational convergence\" between them."), None);
    }

    #[test]
    fn an_adjective_that_is_said_of_its_noun_is_not() {
        let source = "Cela rend la situation dramatique.";
        assert_eq!(found(source, "This makes the situation dramatic."), None);
    }
}
