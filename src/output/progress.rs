//! Progress on stderr: a bar on a terminal, else a line at every tenth of the work.

use std::io::IsTerminal;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use depeche::Error;
use depeche::error::chain;
use depeche::input::Count;
use depeche::progress::{Progress, Total, human_bytes};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::say;
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

    /// So many articles are done, and the rest will take about so long.
    pub fn articles(&self, n_done: usize, all: Count, left: Option<Duration>) {
        let n_all = all.n_known;
        let is_over = all.is_final && n_done == n_all;
        let left = left.filter(|_| !is_over).map(|left| format!(", {} left", about(left)));
        let left = left.unwrap_or_default();
        let at_least = if all.is_final { "" } else { "at least " };
        let line = format!("{n_done} of {at_least}{n_all} articles done{left}");
        match (self.style, &mut *self.work()) {
            (Style::Nothing, _) => {}
            (Style::Lines, _) => say(&line),
            (Style::Bar, Some(Work::Bar(bar))) => {
                bar.set_message(line);
                bar.set_length(n_all as u64);
                bar.set_position(n_done as u64);
            }
            (Style::Bar, work) => {
                let bar = bar(&line, Total::Items(n_all as u64));
                bar.set_position(n_done as u64);
                *work = Some(Work::Bar(bar));
            }
        }
    }

    /// An article that could not be done. Said even when nothing else is.
    pub fn failed(&self, id: &str, error: &Error) {
        let mut message = format!("error: {id}: {}", chain(error));
        if let Some(hint) = error.hint() {
            message.push_str(&format!("\n  hint: {hint}"));
        }
        self.aside(|| say(&message));
    }

    /// Writes while no bar is in the way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &*self.work() {
            Some(Work::Bar(bar)) => bar.suspend(write),
            _ => write(),
        }
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
        if !self.is_quiet {
            self.aside(|| say(message));
        }
    }

    fn end(&self) {
        if let Some(Work::Bar(bar)) = self.work().take() {
            bar.finish_and_clear();
        }
    }
}

/// A time, rounded as roughly as it is known.
pub fn about(time: Duration) -> String {
    match time.as_secs() {
        0..=45 => "less than a minute".into(),
        46..=5400 => format!("about {} min", (time.as_secs() + 30) / 60),
        seconds => format!("about {} h", (seconds + 1800) / 3600),
    }
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
        Total::Items(_) => "{wide_bar} {msg}",
    };
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(amount(total)), ProgressDrawTarget::stderr())
        .with_style(style)
        .with_message(what.to_owned())
}
