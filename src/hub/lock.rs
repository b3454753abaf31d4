//! One process fetches a file; the others wait and then find it.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::cache::{create_parent, store_error};
use crate::Result;
use crate::progress::Progress;

/// Held while the value lives; the system releases it when the process dies.
pub(super) struct Lock {
    _file: File,
}

/// Waits for the lock at `path`, and says so when it is taken.
pub(super) fn acquire(path: &Path, progress: &dyn Progress) -> Result<Lock> {
    create_parent(path)?;
    let file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(path)
        .map_err(|source| store_error(path, source))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            progress.note("another program is fetching the same file: waiting for it");
            file.lock().map_err(|source| store_error(path, source))?;
        }
        Err(TryLockError::Error(source)) => {
            progress.note(&format!("cannot lock {} ({source}): going on without", path.display()));
        }
    }
    Ok(Lock { _file: file })
}
