//! The translation networks that are known by name: which to take for a pair of languages, and what
//! their licences say.

use std::path::PathBuf;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Hub;

/// A translation network of the hub.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownNetwork {
    /// `owner/name`, with the codes of a pair in the place of `{from}` and `{to}`.
    pub name: String,
    pub licence: String,
    /// What it knows, ISO 639-1; of none those in its name.
    #[serde(default)]
    languages: Vec<String>,
    /// What a user should know of it.
    pub warning: Option<String>,
}

#[derive(Deserialize)]
struct File {
    network: Vec<KnownNetwork>,
}

/// The networks, the best first.
static NETWORKS: LazyLock<Vec<KnownNetwork>> = LazyLock::new(|| {
    let file: File =
        toml::from_str(include_str!("../../models/networks.toml")).expect("a test reads the file");
    file.network
});

impl KnownNetwork {
    /// The one of that name, if it is known.
    pub fn named(name: &str) -> Option<Self> {
        NETWORKS.iter().find_map(|network| {
            let (before, after) = network.name.split_once("{from}").unwrap_or((&network.name, ""));
            let is_it = name == network.name
                || !after.is_empty() && name.strip_prefix(before).is_some_and(is_pair);
            is_it.then(|| Self { name: name.to_owned(), ..network.clone() })
        })
    }

    /// It for a pair of languages, if it may know them.
    fn of(&self, from: &str, to: &str) -> Option<Self> {
        let knows = |code: &str| self.languages.iter().any(|own| own == code);
        let is_for = self.languages.is_empty() || knows(from) && knows(to);
        let name = self.name.replace("{from}", from).replace("{to}", to);
        is_for.then(|| Self { name, ..self.clone() })
    }
}

/// Whether this is two codes of languages.
fn is_pair(text: &str) -> bool {
    let is_code =
        |code: &str| (2..=3).contains(&code.len()) && code.chars().all(char::is_alphabetic);
    text.split_once('-').is_some_and(|(from, to)| is_code(from) && is_code(to))
}

impl Hub {
    /// The best network for a pair of languages whose files are in the hub's cache, and their
    /// folder.
    pub fn network_for(&self, from: &str, to: &str) -> Option<(KnownNetwork, PathBuf)> {
        let known = NETWORKS.iter().filter_map(|network| network.of(from, to));
        let mut found = known.filter_map(|network| {
            let folder = self.whole_network(&network.name)?;
            Some((network, folder))
        });
        found.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_has_a_name_and_a_licence() {
        assert!(NETWORKS.len() >= 4);
        assert!(NETWORKS.iter().all(|n| n.name.contains('/') && !n.licence.is_empty()));
        let big = NETWORKS[0].of("fr", "en").map(|network| network.name);
        assert_eq!(big.as_deref(), Some("Helsinki-NLP/opus-mt-tc-big-fr-en"));
        assert!(NETWORKS.iter().filter_map(|n| n.of("fr", "xx")).all(|n| n.languages.is_empty()));
    }

    #[test]
    fn licences_are_known_by_name() {
        let warning = |name: &str| KnownNetwork::named(name).and_then(|network| network.warning);
        assert!(
            warning("facebook/nllb-200-distilled-600M").is_some_and(|w| w.contains("commercial"))
        );
        assert_eq!(warning("Helsinki-NLP/opus-mt-fr-en"), None);
        assert!(KnownNetwork::named("Helsinki-NLP/opus-mt-fr-en").is_some());
        assert!(KnownNetwork::named("Helsinki-NLP/opus-mt-tc-big-fr-en").is_some());
        assert_eq!(KnownNetwork::named("someone/else"), None);
    }
}
