//! Progress on stderr: a bar on a terminal, else a line at every tenth of the work.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use depeche::progress::{Progress, Total, human_bytes};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::ProgressMode;

/// Shows progress as the user asked.
pub struct Terminal {
    style: Style,
    is_quiet: bool,
    work: Mutex<Option<Work>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Bar,
    Lines,
    Nothing,
}

/// The work under way.
enum Work {
    Bar(ProgressBar),
    Lines { what: String, total: Total, done: u64 },
}

impl Terminal {
    pub fn new(mode: ProgressMode, is_quiet: bool) -> Self {
        let style = match mode {
            _ if is_quiet => Style::Nothing,
            ProgressMode::None => Style::Nothing,
            ProgressMode::Plain => Style::Lines,
            ProgressMode::Auto if std::io::stderr().is_terminal() => Style::Bar,
            ProgressMode::Auto => Style::Lines,
        };
        Self { style, is_quiet, work: Mutex::new(None) }
    }

    /// A thread that panicked while it drew leaves nothing worse than a stale bar.
    fn work(&self) -> MutexGuard<'_, Option<Work>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Terminal {
    fn begin(&self, what: &str, total: Total) {
        let mut work = self.work();
        if let Some(Work::Bar(bar)) = work.take() {
            bar.finish_and_clear();
        }
        *work = match self.style {
            Style::Nothing => None,
            Style::Bar => Some(Work::Bar(bar(what, total))),
            Style::Lines => Some(Work::Lines { what: what.to_owned(), total, done: 0 }),
        };
    }

    fn advance(&self, n: u64) {
        match &mut *self.work() {
            Some(Work::Bar(bar)) => bar.inc(n),
            Some(Work::Lines { what, total, done }) => {
                let before = tenths(*done, *total);
                *done += n;
                if tenths(*done, *total) > before {
                    say(&plain_line(what, *done, *total));
                }
            }
            None => {}
        }
    }

    fn note(&self, message: &str) {
        match &*self.work() {
            _ if self.is_quiet => {}
            Some(Work::Bar(bar)) => bar.suspend(|| say(message)),
            _ => say(message),
        }
    }

    fn end(&self) {
        if let Some(Work::Bar(bar)) = self.work().take() {
            bar.finish_and_clear();
        }
    }
}

/// A closed stderr must not stop the work.
fn say(message: &str) {
    let _ = writeln!(std::io::stderr(), "{message}");
}

fn amount(total: Total) -> u64 {
    match total {
        Total::Bytes(n) | Total::Items(n) => n,
    }
}

fn tenths(done: u64, total: Total) -> u64 {
    done.saturating_mul(10) / amount(total).max(1)
}

fn plain_line(what: &str, done: u64, total: Total) -> String {
    match total {
        Total::Bytes(n) => format!("{what}: {} of {}", human_bytes(done), human_bytes(n)),
        Total::Items(n) => format!("{what}: {done} of {n}"),
    }
}

fn bar(what: &str, total: Total) -> ProgressBar {
    let template = match total {
        Total::Bytes(_) => {
            "{msg} {wide_bar} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta}"
        }
        Total::Items(_) => "{msg} {wide_bar} {pos}/{len} {eta}",
    };
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(amount(total)), ProgressDrawTarget::stderr())
        .with_style(style)
        .with_message(what.to_owned())
}
