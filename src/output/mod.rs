//! All that the user sees: results on stdout, progress and errors on stderr.

pub mod models;
pub mod progress;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use depeche::error::chain;
use depeche::{Error, Result};

/// Writes a result. A reader that has left, such as `head`, is no failure.
pub fn stdout(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(source) if source.kind() != ErrorKind::BrokenPipe => {
            Err(Error::Write { path: "the standard output".into(), source })
        }
        _ => Ok(()),
    }
}

/// Shows an error and its cure on stderr; returns the exit code it stands for.
pub fn error(error: &Error) -> ExitCode {
    let mut text = format!("error: {}\n", chain(error));
    if let Some(hint) = error.hint() {
        text.push_str(&format!("\nhint: {hint}\n"));
    }
    // Nothing is left to tell it to if stderr is closed.
    let _ = std::io::stderr().write_all(text.as_bytes());
    ExitCode::from(error.exit_code())
}
