//! One output file. Results are appended to `FILE.partial` as they come, each on the disk before
//! the next is computed, and the whole takes the place of `FILE` at the end: a run that is killed
//! leaves the old file as it was, and what it had finished beside it.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use depeche::{Error, Result};
use tempfile::NamedTempFile;

/// An output file under way.
pub struct Journal {
    path: PathBuf,
    partial: PathBuf,
    file: File,
    is_begun: bool,
    /// All results in their order, where some of them are of earlier runs.
    resumed: Option<Vec<String>>,
}

impl Journal {
    /// Opens the file beside the output; nothing of it is lost before the first result.
    ///
    /// # Errors
    /// When the folder does not let it.
    pub fn open(path: &Path, resume: bool) -> Result<Self> {
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let opened = OpenOptions::new().read(true).append(true).create(true).open(&partial);
        let file = opened.map_err(|source| Error::Write { path: partial.clone(), source })?;
        let resumed = resume.then(Vec::new);
        Ok(Self { path: path.into(), partial, file, is_begun: false, resumed })
    }

    /// The file that results are appended to.
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Appends a result, unless it is there already.
    ///
    /// # Errors
    /// When it cannot be written, e.g. because the disk is full.
    pub fn put(&mut self, part: &str, is_reused: bool) -> Result<()> {
        if !std::mem::replace(&mut self.is_begun, true) {
            let kept = if self.resumed.is_some() { self.whole_lines()? } else { 0 };
            self.file.set_len(kept).map_err(self.failed())?;
        }
        if !is_reused {
            self.file.write_all(part.as_bytes()).map_err(self.failed())?;
        }
        if let Some(all) = &mut self.resumed {
            all.push(part.to_owned());
        }
        Ok(())
    }

    /// Bytes up to the end of the last line that is whole.
    fn whole_lines(&self) -> Result<u64> {
        let mut reader = BufReader::new(&self.file);
        reader.rewind().map_err(self.failed())?;
        let (mut n_bytes, mut line) = (0, Vec::new());
        loop {
            line.clear();
            let n = reader.read_until(b'\n', &mut line).map_err(self.failed())?;
            if !line.ends_with(b"\n") {
                return Ok(n_bytes);
            }
            n_bytes += n as u64;
        }
    }

    /// Puts the results in the place of the output, as one JSON array if so wanted.
    ///
    /// # Errors
    /// When they cannot be written; they are in [`Journal::path`] then.
    pub fn finish(self, as_array: bool) -> Result<()> {
        self.file.sync_all().map_err(self.failed())?;
        if self.resumed.is_none() && !as_array && self.is_begun {
            return std::fs::rename(&self.partial, &self.path).map_err(self.failed());
        }
        let parent = self.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let new = NamedTempFile::new_in(parent.unwrap_or(Path::new(".")));
        let mut new = new.map_err(self.failed())?;
        self.assemble(new.as_file_mut(), as_array).map_err(self.failed())?;
        replace(new, &self.path)?;
        // What it held is in the output now.
        std::fs::remove_file(&self.partial).map_err(self.failed())
    }

    fn assemble(&self, file: &mut File, as_array: bool) -> std::io::Result<()> {
        let mut out = BufWriter::new(file);
        let mut separator = if as_array { "[\n" } else { "" };
        let mut put = |line: &str| {
            let line = if as_array { line.trim_end() } else { line };
            out.write_all(separator.as_bytes())?;
            separator = if as_array { ",\n" } else { "" };
            out.write_all(line.as_bytes())
        };
        match &self.resumed {
            Some(all) => all.iter().try_for_each(|line| put(line))?,
            None if self.is_begun => {
                let mut reader = BufReader::new(File::open(&self.partial)?);
                let mut line = String::new();
                while reader.read_line(&mut line)? > 0 {
                    put(&line)?;
                    line.clear();
                }
            }
            None => {}
        }
        let end = match (as_array, separator) {
            (true, "[\n") => "[]\n",
            (true, _) => "\n]\n",
            (false, _) => "",
        };
        out.write_all(end.as_bytes())?;
        out.flush()
    }

    /// Leaves the results where they are, and says where that is.
    pub fn keep(self) -> Option<PathBuf> {
        let is_empty = self.file.metadata().is_ok_and(|file| file.len() == 0);
        if is_empty {
            // An empty file tells nobody anything; if it stays, it does no harm.
            let _ = std::fs::remove_file(&self.partial);
        }
        (!is_empty).then_some(self.partial)
    }

    fn failed(&self) -> impl Fn(std::io::Error) -> Error + use<> {
        let path = self.path.clone();
        move |source| Error::Write { path: path.clone(), source }
    }
}

/// Puts a finished file in its place in one step, once its bytes are on the disk.
///
/// # Errors
/// When either fails; the place then holds what it held.
pub fn replace(new: NamedTempFile, path: &Path) -> Result<()> {
    let failed = |source| Error::Write { path: path.into(), source };
    share(&new).map_err(failed)?;
    new.as_file().sync_all().map_err(failed)?;
    new.persist(path).map(|_| ()).map_err(|error| failed(error.error))
}

/// Writes a file in one step, in a folder that is made where it is not there.
///
/// # Errors
/// When it cannot be written; the place then holds what it held.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut new = NamedTempFile::new_in(folder).map_err(failed)?;
    new.write_all(bytes).map_err(failed)?;
    replace(new, path)
}

/// Temporary files are for their owner alone; results are as other files.
#[cfg(unix)]
fn share(new: &NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    new.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn share(_new: &NamedTempFile) -> std::io::Result<()> {
    Ok(())
}
