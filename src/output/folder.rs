//! A folder of results, one file an article, in the subfolders of the articles. An index, where the
//! verb can be resumed, tells a later run which of them still hold.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use depeche::{Error, Result};
use serde_json::json;
use tempfile::NamedTempFile;

use super::Format;
use super::finished::Finished;
use super::journal::replace;
use super::record::Stamp;
use super::sink::Shown;

/// One line a result; of two lines for one article the later counts.
const INDEX: &str = ".depeche.jsonl";

/// A folder that results are written into.
pub struct Folder {
    root: PathBuf,
    format: Format,
    index: Option<Index>,
}

struct Index {
    stamp: Stamp,
    path: PathBuf,
    file: File,
}

impl Folder {
    /// Makes the folder where there is none.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(root: &Path, format: Format) -> Result<Self> {
        let failed = |source| Error::Write { path: root.into(), source };
        std::fs::create_dir_all(root).map_err(failed)?;
        Ok(Self { root: root.into(), format, index: None })
    }

    /// A folder that keeps an index.
    ///
    /// # Errors
    /// When it cannot be made or written to.
    pub fn with_index(root: &Path, format: Format, stamp: &Stamp) -> Result<Self> {
        let folder = Self::open(root, format)?;
        let index = Index::open(root.join(INDEX), stamp_for(stamp, format))?;
        Ok(Self { index: Some(index), ..folder })
    }

    /// What earlier runs have left in the folder and the index vouches for.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn finished(&self) -> Result<Finished> {
        let mut finished = Finished::default();
        if let Some(index) = &self.index {
            finished.read(&index.path, &index.stamp)?;
        }
        finished.retain(|id| self.file(id).is_file());
        Ok(finished)
    }

    /// Writes a result, then notes it in the index.
    ///
    /// # Errors
    /// When either cannot be written.
    pub fn put(&mut self, done: &dyn Shown, text: &str) -> Result<()> {
        self.write(done.id(), text)?;
        self.index.as_mut().map_or(Ok(()), |index| index.note(done))
    }

    /// Writes the record of a failure, in formats that have one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn fail(&mut self, id: &str, text: &str) -> Result<()> {
        if text.is_empty() { Ok(()) } else { self.write(id, text) }
    }

    /// Where the results are.
    pub fn into_path(self) -> PathBuf {
        self.root
    }

    fn write(&self, id: &str, text: &str) -> Result<()> {
        let path = self.file(id);
        let failed = |source| Error::Write { path: path.clone(), source };
        let folder = path.parent().unwrap_or(&self.root);
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mut new = NamedTempFile::new_in(folder).map_err(failed)?;
        new.write_all(text.as_bytes()).map_err(failed)?;
        replace(new, &path)
    }

    /// The article's name inside the folder, with one more extension: `a.txt` and `a.md` do not
    /// meet, and no article is overwritten by its own result.
    fn file(&self, id: &str) -> PathBuf {
        let inside = Path::new(id).components().filter_map(|part| match part {
            Component::Normal(name) => Some(name),
            _ => None,
        });
        let mut name = inside.collect::<PathBuf>().into_os_string();
        name.push(".");
        name.push(self.format.extension());
        self.root.join(name)
    }
}

impl Index {
    fn open(path: PathBuf, stamp: Stamp) -> Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(&path);
        let file = file.map_err(|source| Error::Write { path: path.clone(), source })?;
        Ok(Self { stamp, path, file })
    }

    fn note(&mut self, done: &dyn Shown) -> Result<()> {
        let Stamp { model, options, .. } = &self.stamp;
        let entry = json!({
            "id": done.id(),
            "source": { "sha256": done.sha256() },
            "model": { "name": model.name, "sha256": model.sha256 },
            "options": options,
            "checks": vec![json!({ "severity": "error" }); done.n_errors()],
        });
        // The line break stands first, so that a line cut off by a full disk spoils no other.
        let line = format!("\n{entry}\n");
        let failed = |source| Error::Write { path: self.path.clone(), source };
        self.file.write_all(line.as_bytes()).map_err(failed)
    }
}

/// The same digest in another format is another file, so each has its own lines in the index.
fn stamp_for(stamp: &Stamp, format: Format) -> Stamp {
    Stamp { options: format!("{}-{}", stamp.options, format.extension()), ..stamp.clone() }
}
