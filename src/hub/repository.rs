//! A translation network from the hub: which files of a repository it needs, and what the hub says
//! of them. No card pins them, so the commit and the sha256 are those that the hub names.

use std::io::Read;
use std::path::PathBuf;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::cache::{Shelf, create_parent, store_error};
use super::card::{CardFile, HubSource, ModelCard, is_commit, is_lower_hex, is_repo};
use super::download::refusal;
use super::http::Client;
use super::{Hub, KnownNetwork, lock};
use crate::network::checkpoint;
use crate::progress::Progress;
use crate::{Error, Result};

/// What a network may have beside its weights. The configuration comes last: a folder that has it is
/// whole.
const OTHERS: [&str; 8] = [
    "generation_config.json",
    "tokenizer_config.json",
    "tokenizer.json",
    "source.spm",
    "target.spm",
    "vocab.json",
    "target_vocab.json",
    CONFIG,
];
const CONFIG: &str = "config.json";

/// Files that the hub names no sha256 for are small: at most so many bytes.
const MAX_SMALL: u64 = 64 << 20;

/// What the hub says of a repository.
#[derive(Deserialize)]
struct Listing {
    /// The commit.
    sha: String,
    siblings: Vec<Sibling>,
}

#[derive(Deserialize)]
struct Sibling {
    rfilename: String,
    lfs: Option<Large>,
}

/// What it says of a large file.
#[derive(Deserialize)]
struct Large {
    sha256: String,
    size: u64,
}

impl Listing {
    /// The files of a network, or the one that is missing.
    fn network(&self) -> Result<Vec<&Sibling>, &'static str> {
        let named = |name: &str| self.siblings.iter().find(|sibling| sibling.rfilename == name);
        let mut weights: Vec<&Sibling> =
            checkpoint::FILES.iter().find_map(|name| named(name)).into_iter().collect();
        if weights.first().is_some_and(|weights| weights.rfilename.ends_with(".json")) {
            weights.extend(self.siblings.iter().filter(|sibling| {
                let name = sibling.rfilename.as_str();
                name.starts_with("model-") && name.ends_with(".safetensors") && !name.contains('/')
            }));
        }
        match (weights.is_empty(), named(CONFIG)) {
            (true, _) => Err(checkpoint::FILES[0]),
            (_, None) => Err(CONFIG),
            _ => Ok(weights
                .into_iter()
                .chain(OTHERS.iter().filter_map(|name| named(name)))
                .collect()),
        }
    }
}

impl Hub {
    /// A translation network, `owner/name`: its folder in the hub's cache, fetched where it is not whole.
    ///
    /// # Errors
    /// Offline, [`Error::TranslatorMissing`]; otherwise the reason why the hub did not give it, or
    /// [`Error::ModelStore`] if it cannot be written.
    pub fn obtain_network(&self, name: &str, progress: &dyn Progress) -> Result<PathBuf> {
        if let Some(folder) = self.whole_network(name) {
            return Ok(folder);
        }
        let missing = || Error::TranslatorMissing { name: name.to_owned() };
        if self.offline || !is_repo(name) {
            return Err(missing());
        }
        let client = Client::new(&self.environment);
        let listing = listing(&client, name)?;
        let source = HubSource { repo: name.to_owned(), revision: listing.sha.clone() };
        let files = listing.network().map_err(|file| Error::HubNotFound {
            what: "file",
            file: file.to_owned(),
            repo: name.to_owned(),
            revision: listing.sha.clone(),
        })?;
        if let Some(known) = KnownNetwork::named(name) {
            progress.note(&format!("{name}: licence {}", known.licence));
        }
        let card = card(source);
        for sibling in files {
            match &sibling.lfs {
                Some(large) => {
                    let file = card_file(sibling, large.size, large.sha256.clone());
                    self.obtain_file(&card, &file, progress)?;
                }
                None => self.obtain_small(&client, &card, sibling, progress)?,
            }
        }
        hf_hub::Cache::new(self.environment.hub_cache.clone())
            .model(name.to_owned())
            .create_ref(&listing.sha)
            .map_err(|source| store_error(&self.environment.hub_cache, source))?;
        self.whole_network(name).ok_or_else(missing)
    }

    /// Fetches a file whose sha256 the hub does not name.
    fn obtain_small(
        &self,
        client: &Client,
        card: &ModelCard,
        sibling: &Sibling,
        progress: &dyn Progress,
    ) -> Result<()> {
        let address = |file: &CardFile| self.shelf(card, file).url(client.endpoint());
        let unknown = card_file(sibling, 0, String::new());
        let url = address(&unknown)?;
        let bytes = read(client, &url, &card.hub, &sibling.rfilename)?;
        let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let file = card_file(sibling, bytes.len() as u64, sha256);
        let shelf: Shelf = self.shelf(card, &file);
        let _lock = lock::acquire(&shelf.lock(), progress)?;
        let part = shelf.part();
        create_parent(&part)?;
        std::fs::write(&part, &bytes).map_err(|source| store_error(&part, source))?;
        let path = shelf.publish(&part, None)?;
        self.verified.remember(&path, &file.sha256);
        Ok(())
    }
}

/// What the hub says of the newest commit of a repository.
fn listing(client: &Client, name: &str) -> Result<Listing> {
    let url = format!("{}/api/models/{name}/revision/main?blobs=true", client.endpoint());
    let source = HubSource { repo: name.to_owned(), revision: "main".to_owned() };
    let bytes = read(client, &url, &source, CONFIG)?;
    let bad = |reason: String| Error::HubAnswer { url: url.clone(), reason };
    let listing: Listing = serde_json::from_slice(&bytes).map_err(|e| bad(e.to_string()))?;
    // These become paths in the cache; names of files do not, but for those that are known here.
    let is_sound =
        |large: &Large| large.size > 0 && large.sha256.len() == 64 && is_lower_hex(&large.sha256);
    let mut large = listing.siblings.iter().filter_map(|sibling| sibling.lfs.as_ref());
    match is_commit(&listing.sha) && large.all(is_sound) {
        true => Ok(listing),
        false => Err(bad("no commit, or a large file without a sha256".to_owned())),
    }
}

/// A small answer as a whole.
fn read(client: &Client, url: &str, source: &HubSource, file: &str) -> Result<Vec<u8>> {
    let answer = client.get(url, 0)?;
    if !matches!(answer.status, 200 | 206) {
        return Err(refusal(client, source, file, url, &answer));
    }
    let bad = |reason: String| Error::HubAnswer { url: url.to_owned(), reason };
    let (mut bytes, size) = (Vec::new(), answer.size);
    let body = answer.body.into_reader();
    body.take(MAX_SMALL + 1).read_to_end(&mut bytes).map_err(|e| bad(e.to_string()))?;
    let n = bytes.len() as u64;
    match size {
        _ if n > MAX_SMALL => Err(bad(format!("more than {MAX_SMALL} bytes"))),
        Some(size) if size != n => Err(bad(format!("{n} of {size} bytes"))),
        _ => Ok(bytes),
    }
}

/// A card for the parts of a network that have none.
fn card(hub: HubSource) -> ModelCard {
    ModelCard {
        name: hub.repo.clone(),
        task: "translate".to_owned(),
        architecture: String::new(),
        languages: Vec::new(),
        licence: String::new(),
        context_length: 0,
        chat_template: None,
        prompt_style: None,
        hub,
        files: Vec::new(),
    }
}

fn card_file(sibling: &Sibling, size: u64, sha256: String) -> CardFile {
    CardFile { name: sibling.rfilename.clone(), size, sha256, mirror: None }
}
