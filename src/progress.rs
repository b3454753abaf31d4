//! How the library tells of slow work without printing: the caller decides what is shown.

/// How much there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// A transfer or a check, in bytes.
    Bytes(u64),
    /// A run over things that are counted, such as articles.
    Items(u64),
}

/// Someone who is told how the work goes; it may be called from any thread.
pub trait Progress: Send + Sync {
    /// A piece of work begins; a second `begin` without an `end` starts the count again.
    fn begin(&self, what: &str, total: Total);
    /// `n` more bytes or items of the work begun are done.
    fn advance(&self, n: u64);
    /// A sentence that the user should know now.
    fn note(&self, message: &str);
    /// The work begun last is over, well or badly.
    fn end(&self);
}

/// Nobody is told.
#[derive(Debug, Default, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _what: &str, _total: Total) {}
    fn advance(&self, _n: u64) {}
    fn note(&self, _message: &str) {}
    fn end(&self) {}
}

/// A size in the units of download pages: 1 kB is 1000 bytes.
pub fn human_bytes(n: u64) -> String {
    const STEPS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match STEPS.iter().find(|(size, _)| n >= *size) {
        Some((size, unit)) => format!("{:.1} {unit}", n as f64 / *size as f64),
        None => format!("{n} B"),
    }
}
