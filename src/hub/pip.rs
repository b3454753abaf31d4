//! The pip program, used only to download a package.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::cache::store_error;
use super::environment::Environment;
use crate::{Error, Result};

const USUAL: [&[&str]; 3] = [&["python3", "-m", "pip"], &["pip3"], &["pip"]];

/// A pip that answers.
#[derive(Debug)]
pub(super) struct Pip {
    words: Vec<OsString>,
}

impl Pip {
    /// The program that the environment names, else the first of the usual ones that answers.
    pub(super) fn find(environment: &Environment) -> Result<Self> {
        if let Some(program) = &environment.pip {
            return Ok(Self { words: vec![program.into()] });
        }
        USUAL
            .iter()
            .map(|words| Self { words: words.iter().map(OsString::from).collect() })
            .find(Self::answers)
            .ok_or(Error::NoPip)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).stdin(Stdio::null());
        command
    }

    fn answers(&self) -> bool {
        let quiet =
            self.command().arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        quiet.is_ok_and(|status| status.success())
    }

    /// Downloads `package` (`name==version`) into `folder`; returns the archive.
    ///
    /// Only finished archives are accepted: building one from source would run its code.
    pub(super) fn download(&self, package: &str, folder: &Path) -> Result<PathBuf> {
        let failed = |reason: String| Error::Mirror { package: package.to_owned(), reason };
        let output = self
            .command()
            .args(["download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"])
            .args(["--no-input", "--disable-pip-version-check", "--quiet"])
            .args(["--timeout", "15", "--retries", "2", "--dest"])
            .arg(folder)
            .arg(package)
            // A package of many megabytes must not pass through a small /tmp.
            .env("TMPDIR", folder)
            .output()
            .map_err(|e| failed(format!("cannot run {}: {e}", self.words[0].display())))?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        if stderr.contains("[Errno 28]") {
            return Err(store_error(folder, ErrorKind::StorageFull.into()));
        }
        if !output.status.success() {
            return Err(failed(complaint(&stderr, &output.status.to_string())));
        }
        archive_in(folder).ok_or_else(|| failed("no archive came".to_owned()))
    }
}

/// What pip says against it: its last error, or the end of its traceback.
fn complaint(stderr: &str, status: &str) -> String {
    let lines = || stderr.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_error = |line: &&str| line.starts_with("ERROR:") && !line.ends_with("Exception:");
    let error = lines().rfind(is_error).or_else(|| lines().next_back());
    error.map_or(status.to_owned(), |line| line.trim_start_matches("ERROR:").trim().to_owned())
}

fn archive_in(folder: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
}
