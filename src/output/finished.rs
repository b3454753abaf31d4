//! What earlier runs have finished, read back for `--resume`.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use depeche::article::RawArticle;
use depeche::{Error, Result};
use serde_json::Value;

use super::record::Stamp;

/// The results of earlier runs that still hold.
#[derive(Debug, Default)]
pub struct Finished {
    by_id: HashMap<String, Past>,
}

#[derive(Debug)]
struct Past {
    source_sha256: String,
    reused: Reused,
}

/// A result that need not be computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reused {
    /// Its record, on one line.
    pub line: String,
    /// Findings in it that are errors.
    pub n_errors: usize,
}

impl Finished {
    /// What holds for an article as it is now.
    pub fn get(&self, raw: &RawArticle) -> Option<Reused> {
        let past = self.by_id.get(&raw.id)?;
        (past.source_sha256 == raw.sha256).then(|| past.reused.clone())
    }

    /// Reads records, one a line, or an array of them; nothing where there is no file. Lines that
    /// are no record, such as the last one of a run that was killed, do not count.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(&mut self, path: &Path, stamp: &Stamp) -> Result<()> {
        let failed = |source| Error::Read { path: path.into(), source };
        let Some(mut file) = open(path).map_err(failed)?.map(BufReader::new) else {
            return Ok(());
        };
        if file.fill_buf().map_err(failed)?.starts_with(b"[") {
            let mut text = String::new();
            file.read_to_string(&mut text).map_err(failed)?;
            let records: Vec<Value> = serde_json::from_str(&text).unwrap_or_default();
            records.into_iter().for_each(|record| self.add(&record, stamp));
            return Ok(());
        }
        for line in file.split(b'\n') {
            if let Ok(record) = serde_json::from_slice(&line.map_err(failed)?) {
                self.add(&record, stamp);
            }
        }
        Ok(())
    }

    /// Keeps a record if it was made by the same model with the same options.
    fn add(&mut self, record: &Value, stamp: &Stamp) {
        let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
        let Some(id) = text("/id") else { return };
        // A later record of the same article stands for the earlier one.
        self.by_id.remove(id);
        let holds = text("/options") == Some(&stamp.options)
            && text("/model/name") == Some(&stamp.model.name)
            && text("/model/sha256") == stamp.model.sha256.as_deref();
        let Some(source_sha256) = text("/source/sha256").filter(|_| holds) else { return };
        let reused = Reused { line: record.to_string(), n_errors: n_errors(record) };
        let past = Past { source_sha256: source_sha256.into(), reused };
        self.by_id.insert(id.into(), past);
    }

    /// Forgets what does not pass the test.
    pub fn retain(&mut self, mut test: impl FnMut(&str) -> bool) {
        self.by_id.retain(|id, _| test(id));
    }
}

fn open(path: &Path) -> std::io::Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn n_errors(record: &Value) -> usize {
    let checks = record["checks"].as_array().into_iter().flatten();
    checks.filter(|check| check["severity"] == "error").count()
}
