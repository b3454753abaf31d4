//! Results of earlier runs, a small file each.

use std::io::Write;
use std::path::PathBuf;

use depeche::hub::Environment;
use depeche::translate::units::Store;
use tempfile::NamedTempFile;

/// A folder of the user's where results are kept. What cannot be read or written there is not
/// known; no run fails of it.
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder `translations` among the user's caches.
    pub fn of_user() -> Option<Self> {
        let root = Environment::read().cache_dir.join("translations");
        std::fs::create_dir_all(&root).ok()?;
        Some(Self { root })
    }

    /// Folders of a thousand files each are as much as some systems like.
    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name.get(..2).unwrap_or("00")).join(format!("{name}.json"))
    }

    fn write(&self, name: &str, value: &str) -> std::io::Result<()> {
        let path = self.path(name);
        let folder = path.parent().unwrap_or(&self.root);
        std::fs::create_dir_all(folder)?;
        let mut new = NamedTempFile::new_in(folder)?;
        new.write_all(value.as_bytes())?;
        new.persist(path)?;
        Ok(())
    }
}

impl Store for Folder {
    fn get(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.path(name)).ok()
    }

    fn put(&self, name: &str, value: &str) {
        // Without it the next run has more to do, no less to give.
        let _ = self.write(name, value);
    }
}
