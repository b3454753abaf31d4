//! The sha256 of files, and a note of those already hashed, so that a start does not read
//! a gigabyte again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::progress::{Progress, Total};
use crate::{Error, Result};

/// What a file was when it was hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    size: u64,
    /// Nanoseconds since 1970.
    modified: u64,
    sha256: String,
}

type Entries = BTreeMap<String, Entry>;

/// The notes, kept in one JSON file.
#[derive(Debug)]
pub(super) struct Verified {
    path: PathBuf,
}

impl Verified {
    pub(super) fn new(data_dir: &Path) -> Self {
        Self { path: data_dir.join("verified.json") }
    }

    /// The sha256 noted for the file, if neither its size nor its time has changed since.
    pub(super) fn known(&self, path: &Path) -> Option<String> {
        let (key, now) = stamp(path)?;
        let entry = self.load().remove(&key)?;
        ((entry.size, entry.modified) == now).then_some(entry.sha256)
    }

    /// The sha256 of the file, from the notes if they still hold.
    pub(super) fn sha256(&self, path: &Path, progress: &dyn Progress) -> Result<String> {
        match self.known(path) {
            Some(sha256) => Ok(sha256),
            None => self.rehash(path, progress),
        }
    }

    /// The sha256 of the bytes as they are now.
    pub(super) fn rehash(&self, path: &Path, progress: &dyn Progress) -> Result<String> {
        let before = stamp(path);
        let sha256 = sha256_of(path, progress)?;
        // A file that changed while it was read is not noted: the hash may be of neither state.
        if before.is_some() && before == stamp(path) {
            self.remember(path, &sha256);
        }
        Ok(sha256)
    }

    /// Notes a hash that was just taken.
    pub(super) fn remember(&self, path: &Path, sha256: &str) {
        if let Some((key, (size, modified))) = stamp(path) {
            self.note(key, Entry { size, modified, sha256: sha256.to_owned() });
        }
    }

    pub(super) fn forget(&self, path: &Path) {
        let Some((key, _)) = stamp(path) else { return };
        let mut entries = self.load();
        if entries.remove(&key).is_some() {
            self.save(&entries);
        }
    }

    fn note(&self, key: String, entry: Entry) {
        let mut entries = self.load();
        entries.retain(|path, _| Path::new(path).exists());
        entries.insert(key, entry);
        self.save(&entries);
    }

    /// A note that cannot be read is no note: the file is hashed again.
    fn load(&self) -> Entries {
        let text = std::fs::read_to_string(&self.path).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Notes only save time, so a folder that cannot be written is no failure.
    fn save(&self, entries: &Entries) {
        let _ = self.try_save(entries);
    }

    fn try_save(&self, entries: &Entries) -> std::io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(serde_json::to_string_pretty(entries)?.as_bytes())?;
        file.persist(&self.path)?;
        Ok(())
    }
}

/// The real path, and (size, time) of the file.
fn stamp(path: &Path) -> Option<(String, (u64, u64))> {
    let path = path.canonicalize().ok()?;
    let metadata = path.metadata().ok()?;
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let key = path.to_str()?.to_owned();
    Some((key, (metadata.len(), u64::try_from(modified.as_nanos()).ok()?)))
}

/// The sha256 of a file in lower-case hex.
pub(super) fn sha256_of(path: &Path, progress: &dyn Progress) -> Result<String> {
    let error = |source| Error::Read { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(error)?;
    let size = file.metadata().map_err(error)?.len();
    progress.begin("checking sha256", Total::Bytes(size));
    let digest = digest(&mut file, progress);
    progress.end();
    digest.map_err(error)
}

fn digest(file: &mut File, progress: &dyn Progress) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        hasher.update(&buffer[..n]);
        progress.advance(n as u64);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
