//! Model files: found on disk, else fetched; never used before their sha256 is checked.
//!
//! The search goes from near to far: the user's own folders, the cache that is shared with
//! other tools, the hub, the package mirror. Only [`Hub::obtain`] may open a socket, and only
//! when no sound copy is on disk and the user has not forbidden it.

mod cache;
mod card;
mod download;
mod environment;
mod fetch;
mod http;
mod lock;
mod mirror;
mod networks;
mod pip;
mod repository;
mod verified;

use std::io::Read;
use std::path::{Path, PathBuf};

pub use card::{CardFile, DEFAULT_MODEL, HubSource, Mirror, ModelCard, card, cards};
pub use environment::{Environment, Token};
pub use networks::KnownNetwork;

use cache::Shelf;
use fetch::Fetch;
use verified::Verified;

use crate::error::chain;
use crate::network::checkpoint;
use crate::progress::{Progress, Silent};
use crate::{Error, Result};

/// What the user chose about the network.
#[derive(Debug, Clone, Copy, Default)]
pub struct HubOptions {
    /// Open no socket and run no program that would.
    pub offline: bool,
}

/// A model on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFile {
    /// The weights.
    pub path: PathBuf,
    /// The card, if the file belongs to a model that has one.
    pub card: Option<ModelCard>,
    /// The card's name, or the file's.
    pub name: String,
    /// The revision on the hub, if the file has a card.
    pub revision: Option<String>,
    /// Lower-case hex; absent as long as nobody has hashed the file.
    pub sha256: Option<String>,
}

/// What [`Hub::remove`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// Files and links that are gone.
    pub paths: Vec<PathBuf>,
    /// Copies in the user's own folders, which are left alone.
    pub kept: Vec<PathBuf>,
}

/// The way to model files.
#[derive(Debug)]
pub struct Hub {
    environment: Environment,
    offline: bool,
    verified: Verified,
}

/// A copy of a file on disk, after its bytes were looked at.
enum Copy {
    Sound(PathBuf),
    Corrupt(PathBuf),
    None,
}

impl Hub {
    /// Makes a hub; opens nothing yet.
    pub fn new(options: HubOptions, environment: Environment) -> Self {
        let offline = options.offline || environment.offline;
        Self { offline, verified: Verified::new(&environment.data_dir), environment }
    }

    /// All cards: the built-in ones and those of the user, in `depeche/models/*.toml` of the
    /// configuration folder.
    ///
    /// # Errors
    /// [`Error::BadCard`] or [`Error::Read`] for a card that cannot be used.
    pub fn cards(&self) -> Result<Vec<ModelCard>> {
        card::cards_with(&self.environment.config_dir.join("models"))
    }

    /// The card of that name.
    ///
    /// # Errors
    /// [`Error::UnknownModel`], with the nearest name, or those of [`Hub::cards`].
    pub fn card(&self, name: &str) -> Result<ModelCard> {
        card::find(self.cards()?, name)
    }

    /// Finds a model on disk by name and size; reads none of its bytes and opens no socket.
    pub fn locate(&self, card: &ModelCard) -> Option<ModelFile> {
        let paths: Option<Vec<_>> =
            card.files.iter().map(|file| self.likely_copy(card, file)).collect();
        self.model_file(card, paths?)
    }

    /// The folder of a translation network, `owner/name`, in the hub's cache, if its configuration and its
    /// weights are there.
    pub fn whole_network(&self, repo: &str) -> Option<PathBuf> {
        let has_weights =
            |folder: &PathBuf| checkpoint::FILES.iter().any(|name| folder.join(name).exists());
        self.snapshot(repo).filter(has_weights)
    }

    /// The folder of a repository, `owner/name`, in the hub's cache.
    fn snapshot(&self, repo: &str) -> Option<PathBuf> {
        let cache = hf_hub::Cache::new(self.environment.hub_cache.clone());
        let config = cache.model(repo.to_owned()).get("config.json")?;
        config.parent().map(Path::to_owned)
    }

    /// Finds a model on disk or fetches it; its sha256 has been checked, now or before.
    ///
    /// # Errors
    /// Offline, [`Error::ModelMissing`] or [`Error::ModelCorrupt`]; otherwise the reason why the
    /// hub did not give it, or [`Error::NotObtained`] if the mirror did not either, or
    /// [`Error::ModelStore`] if it cannot be written.
    pub fn obtain(&self, card: &ModelCard, progress: &dyn Progress) -> Result<ModelFile> {
        let paths: Result<Vec<_>> =
            card.files.iter().map(|file| self.obtain_file(card, file, progress)).collect();
        self.model_file(card, paths?).ok_or_else(|| missing(card))
    }

    /// Hashes every file of a model again, whatever was noted before.
    ///
    /// # Errors
    /// [`Error::ModelMissing`] or [`Error::ModelCorrupt`].
    pub fn verify(&self, card: &ModelCard, progress: &dyn Progress) -> Result<ModelFile> {
        let found = self.locate(card).ok_or_else(|| missing(card))?;
        for file in &card.files {
            let path = self.likely_copy(card, file).ok_or_else(|| missing(card))?;
            if self.verified.rehash(&path, progress)? != file.sha256 {
                return Err(Error::ModelCorrupt { name: card.name.clone(), path });
            }
        }
        Ok(ModelFile { sha256: card.files.first().map(|file| file.sha256.clone()), ..found })
    }

    /// Removes a model's files from the cache; copies in the user's own folders stay.
    ///
    /// # Errors
    /// [`Error::ModelMissing`] if there is nothing of it, [`Error::ModelStore`] if a file cannot
    /// be removed.
    pub fn remove(&self, card: &ModelCard, progress: &dyn Progress) -> Result<Removed> {
        let mut removed = Removed::default();
        for file in &card.files {
            let shelf = self.shelf(card, file);
            if shelf.repo_folder().exists() {
                let _lock = lock::acquire(&shelf.lock(), progress)?;
                self.verified.forget(&shelf.blob());
                removed.paths.extend(shelf.remove()?);
            }
            removed.kept.extend(self.local_copies(file));
        }
        match removed.paths.is_empty() && removed.kept.is_empty() {
            true => Err(missing(card)),
            false => Ok(removed),
        }
    }

    /// A model file that the user names by its path; hashed once, so that results can say
    /// which bytes made them.
    ///
    /// # Errors
    /// [`Error::Read`] if it cannot be read, [`Error::NotAModel`] if it is not a GGUF file.
    pub fn open_path(&self, path: &Path, progress: &dyn Progress) -> Result<ModelFile> {
        check_magic(path)?;
        let sha256 = self.verified.sha256(path, progress)?;
        let is_ours = |card: &ModelCard| card.files.iter().any(|file| file.sha256 == sha256);
        let card = self.cards()?.into_iter().find(is_ours);
        let stem = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(ModelFile {
            path: path.to_owned(),
            name: card.as_ref().map_or(stem, |card| card.name.clone()),
            revision: card.as_ref().map(|card| card.hub.revision.clone()),
            card,
            sha256: Some(sha256),
        })
    }

    fn shelf<'a>(&self, card: &'a ModelCard, file: &'a CardFile) -> Shelf<'a> {
        Shelf::new(&self.environment.hub_cache, card, file)
    }

    fn model_file(&self, card: &ModelCard, paths: Vec<PathBuf>) -> Option<ModelFile> {
        let path = paths.into_iter().next()?;
        Some(ModelFile {
            sha256: self.verified.known(&path),
            path,
            name: card.name.clone(),
            revision: Some(card.hub.revision.clone()),
            card: Some(card.clone()),
        })
    }

    fn local_copies(&self, file: &CardFile) -> Vec<PathBuf> {
        let folders = self.environment.local_folders().into_iter();
        let paths = folders.map(|folder| folder.join(&file.name));
        paths.filter(|path| cache::has_size(path, file.size)).collect()
    }

    fn copies(&self, card: &ModelCard, file: &CardFile) -> Vec<PathBuf> {
        let mut paths = self.local_copies(file);
        paths.extend(self.shelf(card, file).candidates());
        paths
    }

    /// The first copy that is not known to be damaged, else the first.
    fn likely_copy(&self, card: &ModelCard, file: &CardFile) -> Option<PathBuf> {
        let copies = self.copies(card, file);
        let may_be_sound =
            |path: &&PathBuf| self.verified.known(path).is_none_or(|sha256| sha256 == file.sha256);
        copies.iter().find(may_be_sound).or(copies.first()).cloned()
    }

    /// The first copy whose bytes are those of the card.
    fn sound_copy(&self, card: &ModelCard, file: &CardFile, progress: &dyn Progress) -> Copy {
        let mut found = Copy::None;
        for path in self.copies(card, file) {
            match self.verified.sha256(&path, progress) {
                Ok(sha256) if sha256 == file.sha256 => return Copy::Sound(path),
                Ok(_) => {
                    progress.note(&format!("{} is damaged: not used", path.display()));
                    found = Copy::Corrupt(path);
                }
                Err(error) => progress.note(&chain(&error)),
            }
        }
        found
    }

    fn obtain_file(
        &self,
        card: &ModelCard,
        file: &CardFile,
        progress: &dyn Progress,
    ) -> Result<PathBuf> {
        match self.sound_copy(card, file, progress) {
            Copy::Sound(path) => return Ok(path),
            Copy::Corrupt(path) if self.offline => {
                return Err(Error::ModelCorrupt { name: card.name.clone(), path });
            }
            Copy::None if self.offline => return Err(missing(card)),
            Copy::Corrupt(_) | Copy::None => {}
        }
        let shelf = self.shelf(card, file);
        let _lock = lock::acquire(&shelf.lock(), progress)?;
        // Whoever held the lock before us may have brought it.
        if let Copy::Sound(path) = self.sound_copy(card, file, &Silent) {
            return Ok(path);
        }
        shelf.candidates().iter().try_for_each(|path| shelf.discard(path))?;
        let Self { environment, verified, .. } = self;
        Fetch { environment, verified, card, file, shelf, progress }.run()
    }
}

fn missing(card: &ModelCard) -> Error {
    Error::ModelMissing { name: card.name.clone() }
}

fn check_magic(path: &Path) -> Result<()> {
    let mut magic = [0; 4];
    let read = std::fs::File::open(path).and_then(|file| file.take(4).read(&mut magic));
    match read {
        Ok(_) if magic == *b"GGUF" => Ok(()),
        Ok(_) => Err(Error::NotAModel { path: path.to_owned() }),
        Err(source) => Err(Error::Read { path: path.to_owned(), source }),
    }
}
