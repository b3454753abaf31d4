//! The nouns of offices and kinship.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::check::lists::lines;
use crate::check::names::words::{Word, fold};

/// The nouns of one language, and of each concept the wider one.
pub struct Nouns {
    french: HashMap<String, Vec<u16>>,
    english: HashMap<String, Vec<u16>>,
    wider: Vec<Option<String>>,
    names: Vec<String>,
    /// The first English noun of each.
    firsts: Vec<&'static str>,
}

/// A noun has at most so many words.
const MAX_WORDS: usize = 7;

pub static NOUNS: LazyLock<Nouns> = LazyLock::new(Nouns::read);

impl Nouns {
    fn read() -> Self {
        let (french, english) = (HashMap::new(), HashMap::new());
        let mut nouns =
            Self { french, english, wider: Vec::new(), names: Vec::new(), firsts: Vec::new() };
        let lines = lines(include_str!("../roles.txt"));
        for (head, forms) in lines.filter_map(|line| line.split_once(':')) {
            let (name, wider) = head.split_once('<').map_or((head, None), |(a, b)| (a, Some(b)));
            let concept = nouns.names.len() as u16;
            nouns.names.push(name.trim().to_owned());
            nouns.wider.push(wider.map(|wider| wider.trim().to_owned()));
            let (french, english) = forms.split_once('=').unwrap_or((forms, ""));
            nouns.firsts.push(english.split('/').next().unwrap_or_default().trim());
            add(&mut nouns.french, french, concept);
            add(&mut nouns.english, english, concept);
        }
        nouns
    }

    /// The concepts of the noun that begins at `words[0]`, and how many words it has.
    pub fn find(&self, words: &[Word], lang: &str) -> Option<(&[u16], usize)> {
        let nouns = if lang == "en" { &self.english } else { &self.french };
        let n_linked =
            1 + words[1..].iter().take(MAX_WORDS - 1).take_while(|w| w.is_linked).count();
        (1..=n_linked).rev().find_map(|n| {
            let text = words[..n].iter().map(|w| w.folded.as_str()).collect::<Vec<_>>().join(" ");
            let singular = text.strip_suffix('s').or_else(|| text.strip_suffix('x'));
            let found = nouns.get(&text).or_else(|| nouns.get(singular?))?;
            Some((found.as_slice(), n))
        })
    }

    /// Kinship stands in the list from the son-in-law on.
    pub fn is_kin(&self, concepts: &[u16]) -> bool {
        let first = self.names.iter().position(|name| name == "son-in-law");
        first.is_some_and(|first| concepts.iter().all(|concept| usize::from(*concept) >= first))
    }

    pub fn english(&self, concept: u16) -> Option<&'static str> {
        self.firsts.get(usize::from(concept)).copied().filter(|noun| !noun.is_empty())
    }

    /// Whether one wider word stands for both.
    pub fn are_of_one_rank(&self, a: u16, b: u16) -> bool {
        let wider = |concept: u16| self.wider[usize::from(concept)].as_deref();
        wider(a) == wider(b) && wider(a) == Some("official")
    }

    /// Whether one may stand for the other: the same office, or a wider word.
    pub fn agree(&self, told: u16, said: u16) -> bool {
        // `chef`, `head`, `leader` are said of every office.
        let is_any = |concept: u16| self.names[concept as usize] == "head";
        if is_any(told) || is_any(said) {
            return true;
        }
        let is_wider =
            |a: u16, b: u16| self.wider[a as usize].as_ref() == Some(&self.names[b as usize]);
        told == said || is_wider(said, told) || is_wider(told, said)
    }
}

fn add(nouns: &mut HashMap<String, Vec<u16>>, forms: &str, concept: u16) {
    for form in forms.split('/').map(str::trim).filter(|form| !form.is_empty()) {
        let words = form.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        let text = words.map(fold).collect::<Vec<_>>().join(" ");
        let concepts: &mut Vec<u16> = nouns.entry(text).or_default();
        if !concepts.contains(&concept) {
            concepts.push(concept);
        }
    }
}
