//! A file from the hub, resumed where an earlier attempt stopped.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use super::cache::{create_parent, remove_file, store_error};
use super::card::{CardFile, HubSource, ModelCard};
use super::http::{Answer, Client};
use crate::progress::{Progress, Total};
use crate::{Error, Result};

/// Failures in a row, without a megabyte between them, before the download is given up.
const MAX_FAILURES: u32 = 5;
const REAL_GAIN: u64 = 1_000_000;

/// One file on its way into `part`.
pub(super) struct Download<'a> {
    pub client: &'a Client,
    pub url: String,
    pub card: &'a ModelCard,
    pub file: &'a CardFile,
    pub part: &'a Path,
    pub progress: &'a dyn Progress,
}

enum Trouble {
    /// Asking again cannot help.
    Lasting(Error),
    /// Asking again may help.
    Passing(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::HubUnreachable { .. } | Error::HubDropped { .. } => Self::Passing(error),
            _ => Self::Lasting(error),
        }
    }
}

/// Why the hub does not give a file.
pub(super) fn refusal(
    client: &Client,
    hub: &HubSource,
    file: &str,
    url: &str,
    answer: &Answer,
) -> Error {
    let missing = |what: &'static str| {
        let (repo, revision) = (hub.repo.clone(), hub.revision.clone());
        Error::HubNotFound { what, file: file.to_owned(), repo, revision }
    };
    match (answer.status, answer.error_code.as_deref()) {
        (_, Some("RepoNotFound")) => missing("repository"),
        (_, Some("RevisionNotFound")) => missing("revision"),
        (404, _) => missing("file"),
        (status @ (401 | 403), _) => Error::HubDenied {
            status,
            repo: hub.repo.clone(),
            endpoint: client.endpoint().to_owned(),
            has_token: client.has_token(),
        },
        (status, _) => Error::HubAnswer { url: url.to_owned(), reason: format!("status {status}") },
    }
}

impl Download<'_> {
    /// Brings `part` to its full size; returns the commit that the hub named. The bytes are
    /// not checked here.
    pub(super) fn run(&self) -> Result<Option<String>> {
        create_parent(self.part)?;
        let start = self.part_len()?;
        self.progress.begin(&self.file.name, Total::Bytes(self.file.size));
        self.progress.advance(start);
        let commit = self.try_often();
        self.progress.end();
        commit
    }

    fn try_often(&self) -> Result<Option<String>> {
        let mut was_reached = false;
        let mut n_failures = 0;
        loop {
            let before = self.part_len()?;
            let error = match self.attempt(before) {
                Ok(commit) => return Ok(commit),
                Err(Trouble::Lasting(error)) => return Err(error),
                Err(Trouble::Passing(error)) => error,
            };
            // A hub that was never reached is left at once: the mirror may be quicker.
            was_reached |= !matches!(error, Error::HubUnreachable { .. });
            let gain = self.part_len()?.saturating_sub(before);
            n_failures = if gain >= REAL_GAIN { 1 } else { n_failures + 1 };
            if !was_reached || n_failures >= MAX_FAILURES {
                return Err(error);
            }
            self.progress.note(&format!("{error}: trying again"));
            std::thread::sleep(Duration::from_millis(150 << n_failures));
        }
    }

    /// Bytes downloaded so far; more than the file has are of no use.
    fn part_len(&self) -> Result<u64> {
        match self.part.metadata() {
            Ok(metadata) if metadata.len() > self.file.size => {
                remove_file(self.part)?;
                Ok(0)
            }
            Ok(metadata) => Ok(metadata.len()),
            Err(_) => Ok(0),
        }
    }

    fn attempt(&self, wanted: u64) -> Result<Option<String>, Trouble> {
        if wanted == self.file.size {
            return Ok(None);
        }
        let answer = self.client.get(&self.url, wanted)?;
        let start = self.body_start(&answer, wanted)?;
        if start < wanted {
            self.progress.begin(&self.file.name, Total::Bytes(self.file.size));
        }
        let mut part = self.open_at(start)?;
        let mut body = answer.body.into_reader().take(self.file.size - start);
        self.copy(&mut body, &mut part, start)?;
        Ok(answer.commit)
    }

    /// Where the body begins in the file: at `wanted`, or at 0 if the server sends it whole.
    fn body_start(&self, answer: &Answer, wanted: u64) -> Result<u64, Trouble> {
        let start = match (answer.status, answer.range) {
            (200, _) => 0,
            (206, Some((start, _))) if start == wanted => start,
            (416, _) => {
                remove_file(self.part)?;
                return Err(Trouble::Passing(self.bad_status(416)));
            }
            _ => return Err(self.refusal(answer)),
        };
        match answer.size {
            Some(size) if size != self.file.size => Err(self.wrong_size(size).into()),
            _ => Ok(start),
        }
    }

    fn refusal(&self, answer: &Answer) -> Trouble {
        let error = refusal(self.client, &self.card.hub, &self.file.name, &self.url, answer);
        match (answer.status, &error) {
            (408 | 429 | 500.., Error::HubAnswer { .. }) => Trouble::Passing(error),
            _ => Trouble::Lasting(error),
        }
    }

    fn bad_status(&self, status: u16) -> Error {
        Error::HubAnswer { url: self.url.clone(), reason: format!("status {status}") }
    }

    fn wrong_size(&self, size: u64) -> Error {
        Error::WrongBytes {
            file: self.file.name.clone(),
            origin: self.client.endpoint().to_owned(),
            reason: format!("{size} bytes instead of {}", self.file.size),
        }
    }

    fn open_at(&self, start: u64) -> Result<File> {
        let open = || {
            let mut file =
                File::options().create(true).write(true).truncate(false).open(self.part)?;
            file.set_len(start)?;
            file.seek(SeekFrom::Start(start))?;
            Ok(file)
        };
        open().map_err(|source| store_error(self.part, source))
    }

    fn copy(&self, body: &mut impl Read, part: &mut File, start: u64) -> Result<()> {
        let mut buffer = vec![0; 128 * 1024];
        let mut at = start;
        while at < self.file.size {
            let n = match body.read(&mut buffer) {
                Ok(0) => return Err(self.dropped(at, ErrorKind::UnexpectedEof.into())),
                Ok(n) => n,
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => return Err(self.dropped(at, e)),
            };
            part.write_all(&buffer[..n]).map_err(|source| store_error(self.part, source))?;
            self.progress.advance(n as u64);
            at += n as u64;
        }
        Ok(())
    }

    fn dropped(&self, at: u64, source: std::io::Error) -> Error {
        Error::HubDropped { file: self.file.name.clone(), at, size: self.file.size, source }
    }
}
