//! All that the user sees: results on stdout, progress and errors on stderr.

pub mod cleaned;
pub mod digested;
pub mod eval;
pub mod explain;
pub mod findings;
pub mod finished;
mod folder;
pub mod journal;
mod json;
mod markdown;
pub mod models;
mod page;
pub mod progress;
pub mod record;
pub mod sink;
mod text;

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{MAIN_SEPARATOR, Path};
use std::process::ExitCode;

use clap::ValueEnum;
use depeche::check;
use depeche::input::Skipped;
use depeche::pipeline::Flow;
use depeche::progress::Progress;

use depeche::error::chain;
use depeche::{Error, Result};

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading, 80 columns wide
    Text,
    /// Markdown
    Markdown,
    /// One JSON array
    Json,
    /// One JSON object a line
    Jsonl,
}

impl Format {
    /// The format that a file's name asks for.
    pub fn of(path: Option<&Path>) -> Self {
        let extension = path.and_then(Path::extension).and_then(|extension| extension.to_str());
        match extension {
            Some("md") => Self::Markdown,
            Some("json") => Self::Json,
            Some("jsonl") => Self::Jsonl,
            _ => Self::Text,
        }
    }

    /// Whether what was written can be read back.
    pub fn has_records(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
        }
    }
}

/// Whether results go into this path as a folder, one file an article.
pub fn is_folder(path: &Path) -> bool {
    let ends = |mark: char| path.as_os_str().to_string_lossy().ends_with(mark);
    path.is_dir() || ends('/') || ends(MAIN_SEPARATOR)
}

/// Whether text for people may have colours.
fn has_colours() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    std::io::stdout().is_terminal() && !is_set("NO_COLOR") && !is_dumb
}

/// A line on stderr. Where nobody listens, nothing is lost but the line.
pub fn say(message: &str) {
    let _ = writeln!(std::io::stderr(), "{message}");
}

/// Tells which kinds of findings there cannot be between two languages, see [`check::skipped`].
pub fn not_checked(from: &str, to: &str, progress: &dyn Progress) {
    let skipped = check::skipped(from, to);
    if !skipped.is_empty() {
        progress.note(&format!("not checked from {from} to {to}: {}", skipped.join(", ")));
    }
}

/// Tells which files of a folder were passed over.
pub fn skipped(skipped: &[Skipped], progress: &dyn Progress, with_names: bool) {
    match skipped {
        [] => {}
        [one] => progress.note(&format!("passed over: {} ({})", one.path.display(), one.reason)),
        all if with_names => all.iter().for_each(|one| {
            progress.note(&format!("passed over: {} ({})", one.path.display(), one.reason));
        }),
        all => progress
            .note(&format!("passed over: {} files that are no articles; -v names them", all.len())),
    }
}

/// Writes results until nobody reads them.
pub fn stream(text: &str) -> Result<Flow> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(Flow::Continue),
        Err(source) if source.kind() == ErrorKind::BrokenPipe => Ok(Flow::Stop),
        Err(source) => Err(Error::Write { path: "the standard output".into(), source }),
    }
}

/// Writes a result. A reader that has left, such as `head`, is no failure.
pub fn stdout(text: &str) -> Result<()> {
    stream(text).map(|_| ())
}

/// Shows an error and its cure on stderr; returns the exit code it stands for.
pub fn error(error: &Error) -> ExitCode {
    let hint = error.hint().map(|hint| format!("\n\nhint: {hint}"));
    say(&format!("error: {}{}", chain(error), hint.unwrap_or_default()));
    ExitCode::from(error.exit_code())
}

#[cfg(test)]
mod tests;
