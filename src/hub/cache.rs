//! The place of a file in the cache of models, in the hub's standard layout, so that other
//! tools find what we fetched and we find what they fetched:
//!
//! ```text
//! models--owner--name/blobs/SHA256            the bytes
//!                     snapshots/COMMIT/FILE   a link to them
//!                     refs/BRANCH             the commit of a branch
//!                     .partial/SHA256/        a mirrored file under way
//! .locks/models--owner--name/SHA256.lock      held while someone fetches
//! ```

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use hf_hub::api::sync::ApiBuilder;
use hf_hub::{Cache, CacheRepo, Repo, RepoType};

use super::card::{CardFile, ModelCard, is_commit};
use crate::{Error, Result};

/// The place of one file of one model.
pub(super) struct Shelf<'a> {
    cache: Cache,
    card: &'a ModelCard,
    file: &'a CardFile,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(hub_cache: &Path, card: &'a ModelCard, file: &'a CardFile) -> Self {
        Self { cache: Cache::new(hub_cache.to_owned()), card, file }
    }

    fn repo(&self) -> Repo {
        let hub = &self.card.hub;
        Repo::with_revision(hub.repo.clone(), RepoType::Model, hub.revision.clone())
    }

    fn in_cache(&self) -> CacheRepo {
        self.cache.repo(self.repo())
    }

    pub(super) fn repo_folder(&self) -> PathBuf {
        self.cache.path().join(self.repo().folder_name())
    }

    pub(super) fn blob(&self) -> PathBuf {
        self.in_cache().blob_path(&self.file.sha256)
    }

    /// The file as far as it was downloaded; other tools use the same name.
    pub(super) fn part(&self) -> PathBuf {
        self.in_cache().blob_path(&format!("{}.incomplete", self.file.sha256))
    }

    pub(super) fn mirror_folder(&self) -> PathBuf {
        self.repo_folder().join(".partial").join(&self.file.sha256)
    }

    pub(super) fn lock(&self) -> PathBuf {
        let name = format!("{}.lock", self.file.sha256);
        self.cache.path().join(".locks").join(self.repo().folder_name()).join(name)
    }

    fn pointer(&self, commit: &str) -> PathBuf {
        self.in_cache().pointer_path(commit).join(&self.file.name)
    }

    /// The address of the file at `endpoint`.
    pub(super) fn url(&self, endpoint: &str) -> Result<String> {
        let api = ApiBuilder::from_cache(self.cache.clone())
            .with_endpoint(endpoint.to_owned())
            .with_progress(false)
            .with_token(None)
            .build()
            .map_err(|e| Error::HubAnswer { url: endpoint.to_owned(), reason: e.to_string() })?;
        Ok(api.repo(self.repo()).url(&self.file.name))
    }

    /// Copies of the right size, the pinned revision first; none of them is hashed here.
    pub(super) fn candidates(&self) -> Vec<PathBuf> {
        let pinned = self.pointer(&self.card.hub.revision);
        let mut paths = vec![pinned];
        paths.extend(self.pointers());
        paths.push(self.blob());
        paths.retain(|path| has_size(path, self.file.size));
        let mut seen = Vec::new();
        paths.retain(|path| {
            let real = path.canonicalize().unwrap_or_else(|_| path.clone());
            let is_new = !seen.contains(&real);
            seen.push(real);
            is_new
        });
        paths
    }

    /// The file's place in every snapshot, links that lead nowhere included.
    fn pointers(&self) -> Vec<PathBuf> {
        let snapshots = self.repo_folder().join("snapshots");
        let mut paths: Vec<_> =
            entries(&snapshots).into_iter().map(|commit| commit.join(&self.file.name)).collect();
        paths.retain(|path| path.symlink_metadata().is_ok());
        paths.sort();
        paths
    }

    /// Moves the checked bytes to their final name and links them into the snapshot `commit`.
    pub(super) fn publish(&self, whole: &Path, commit: Option<&str>) -> Result<PathBuf> {
        let commit = commit.unwrap_or(&self.card.hub.revision);
        let blob = self.blob();
        create_parent(&blob)?;
        let stored = |source| store_error(&blob, source);
        File::open(whole).and_then(|file| file.sync_all()).map_err(stored)?;
        std::fs::rename(whole, &blob).map_err(stored)?;
        sync_folder(&blob);

        let pointer = self.pointer(commit);
        create_parent(&pointer)?;
        link(&blob, &pointer, &self.relative_blob()).map_err(|e| store_error(&pointer, e))?;
        self.write_refs(commit).map_err(|e| store_error(&self.repo_folder().join("refs"), e))?;
        Ok(pointer)
    }

    /// From the folder of the pointer back to the blob.
    fn relative_blob(&self) -> PathBuf {
        let depth = 1 + self.file.name.split('/').count();
        let up: PathBuf = std::iter::repeat_n("..", depth).collect();
        up.join("blobs").join(&self.file.sha256)
    }

    /// The pinned revision, and `main` when nothing says where that is.
    fn write_refs(&self, commit: &str) -> std::io::Result<()> {
        self.in_cache().create_ref(commit)?;
        if self.repo_folder().join("refs/main").exists() {
            return Ok(());
        }
        self.cache.model(self.card.hub.repo.clone()).create_ref(commit)
    }

    /// Takes a copy with wrong bytes out of use; a file that belongs to another revision stays.
    pub(super) fn discard(&self, path: &Path) -> Result<()> {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let ours = real.file_name().is_some_and(|name| *name == *self.file.sha256)
            || path == self.pointer(&self.card.hub.revision);
        if !ours {
            return Ok(());
        }
        remove_file(&real)?;
        remove_file(path)
    }

    /// Removes the bytes, what was half fetched, and every link to them; returns what went.
    pub(super) fn remove(&self) -> Result<Vec<PathBuf>> {
        let links: Vec<_> = self.pointers().into_iter().filter(|path| self.is_ours(path)).collect();
        let files = links.iter().cloned().chain([self.blob(), self.part()]);
        let mut removed = Vec::new();
        for path in files.filter(|path| path.symlink_metadata().is_ok()) {
            remove_file(&path)?;
            removed.push(path);
        }
        remove_folder(&self.mirror_folder())?;
        self.tidy(&links);
        Ok(removed)
    }

    fn is_ours(&self, pointer: &Path) -> bool {
        match std::fs::read_link(pointer) {
            Ok(target) => target.file_name().is_some_and(|name| *name == *self.file.sha256),
            // Where links cannot be made the snapshot holds the bytes themselves.
            Err(_) => {
                has_size(pointer, self.file.size)
                    && (pointer == self.pointer(&self.card.hub.revision) || !self.blob().exists())
            }
        }
    }

    /// Only empty folders go, and references to snapshots that are no more.
    fn tidy(&self, removed_links: &[PathBuf]) {
        let root = self.repo_folder();
        for link in removed_links {
            let folders = link.ancestors().skip(1).take_while(|folder| *folder != root);
            folders.for_each(|folder| drop(std::fs::remove_dir(folder)));
        }
        for reference in entries(&root.join("refs")) {
            let commit = std::fs::read_to_string(&reference).unwrap_or_default();
            let commit = commit.trim();
            let is_gone = !root.join("snapshots").join(commit).exists();
            if (is_commit(commit) || commit == self.card.hub.revision) && is_gone {
                let _ = std::fs::remove_file(&reference);
            }
        }
        for folder in [".partial", "blobs", "refs", "snapshots", ""] {
            let _ = std::fs::remove_dir(root.join(folder));
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

pub(super) fn has_size(path: &Path, size: u64) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() == size)
}

pub(super) fn store_error(path: &Path, source: std::io::Error) -> Error {
    Error::ModelStore { path: path.to_owned(), source }
}

pub(super) fn create_parent(path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|source| store_error(folder, source))
}

pub(super) fn remove_file(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(store_error(path, e)),
        _ => Ok(()),
    }
}

pub(super) fn remove_folder(path: &Path) -> Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(store_error(path, e)),
        _ => Ok(()),
    }
}

/// A power cut right after the rename must not bring the old name back; not every system
/// can do this for folders, and the bytes themselves are safe already.
fn sync_folder(path: &Path) {
    let folder = path.parent().map(File::open);
    if let Some(Ok(folder)) = folder {
        let _ = folder.sync_all();
    }
}

/// A relative link, so that the cache can be moved; else a hard link; else a copy.
fn link(blob: &Path, pointer: &Path, relative: &Path) -> std::io::Result<()> {
    if std::fs::read_link(pointer).is_ok_and(|target| target == relative) {
        return Ok(());
    }
    match std::fs::remove_file(pointer) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    symlink(relative, pointer)
        .or_else(|_| std::fs::hard_link(blob, pointer))
        .or_else(|_| std::fs::copy(blob, pointer).map(drop))
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn symlink(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_file(target, link)
}

#[cfg(not(any(unix, windows)))]
fn symlink(_target: &Path, _link: &Path) -> std::io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}
