//! A folder of results, one file an article, in the subfolders of the articles. An index tells a
//! later run which of them still hold.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use depeche::digest::Digest;
use depeche::{Error, Result};
use serde_json::json;
use tempfile::NamedTempFile;

use super::Format;
use super::finished::Finished;
use super::journal::replace;
use super::record::Stamp;

/// One line a result; of two lines for one article the later counts.
const INDEX: &str = ".depeche.jsonl";

/// A folder that results are written into.
pub struct Folder {
    root: PathBuf,
    format: Format,
    stamp: Stamp,
    index: File,
}

impl Folder {
    /// Makes the folder where there is none.
    ///
    /// # Errors
    /// When it cannot be made or written to.
    pub fn open(root: &Path, format: Format, stamp: &Stamp) -> Result<Self> {
        let failed = |source| Error::Write { path: root.into(), source };
        std::fs::create_dir_all(root).map_err(failed)?;
        let path = root.join(INDEX);
        let index = OpenOptions::new().append(true).create(true).open(path).map_err(failed)?;
        Ok(Self { root: root.into(), format, stamp: stamp_for(stamp, format), index })
    }

    /// What earlier runs have left in the folder and the index vouches for.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn finished(&self) -> Result<Finished> {
        let mut finished = Finished::default();
        finished.read(&self.root.join(INDEX), &self.stamp)?;
        finished.retain(|id| self.file(id).is_file());
        Ok(finished)
    }

    /// Writes a result, then notes it in the index.
    ///
    /// # Errors
    /// When either cannot be written.
    pub fn put(&mut self, digest: &Digest, text: &str) -> Result<()> {
        let id = &digest.article.id;
        self.write(id, text)?;
        let Stamp { model, options } = &self.stamp;
        let errors = vec![json!({ "severity": "error" }); digest.errors().count()];
        let entry = json!({
            "id": id,
            "source": { "sha256": digest.raw.sha256 },
            "model": { "name": model.name, "sha256": model.sha256 },
            "options": options,
            "checks": errors,
        });
        // The line break stands first, so that a line cut off by a full disk spoils no other.
        let line = format!("\n{entry}\n");
        let failed = |source| Error::Write { path: self.root.join(INDEX), source };
        self.index.write_all(line.as_bytes()).map_err(failed)
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
    /// meet, and no article is overwritten by its own digest.
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

/// The same digest in another format is another file, so each has its own lines in the index.
fn stamp_for(stamp: &Stamp, format: Format) -> Stamp {
    Stamp { options: format!("{}-{}", stamp.options, format.extension()), ..stamp.clone() }
}
