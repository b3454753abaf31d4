//! One article of a run: to be digested, done in an earlier run, or not readable.

use std::cell::Cell;
use std::rc::Rc;

use depeche::digest::{Digesting, Options};
use depeche::engine::{Answer, Answerer, Question};
use depeche::input::{Entry, Inputs};
use depeche::pipeline::{Key, Task};
use depeche::{Error, Result};

use crate::output::finished::{Finished, Reused};

/// How much of the run is done, in bytes of articles. What costs nothing does not count.
#[derive(Debug, Default)]
pub struct Ledger {
    all: Cell<f64>,
    done: Cell<f64>,
}

impl Ledger {
    /// A ledger over files of that size.
    pub fn new(inputs: &Inputs) -> Rc<Self> {
        let size = |entry: &Entry| Some(entry.path.as_ref()?.metadata().ok()?.len() as f64);
        let all = inputs.entries.iter().filter_map(size).sum();
        Rc::new(Self { all: Cell::new(all), done: Cell::new(0.0) })
    }

    /// How much is left, as a multiple of what is done.
    pub fn left(&self) -> Option<f64> {
        let (all, done) = (self.all.get(), self.done.get());
        (done > 0.0).then(|| (all - done).max(0.0) / done)
    }

    fn leave_out(&self, entry: &Entry) {
        let size = entry.path.as_ref().and_then(|path| path.metadata().ok()).map(|m| m.len());
        self.all.set(self.all.get() - size.unwrap_or_default() as f64);
    }

    fn add(&self, bytes: f64) {
        self.done.set(self.done.get() + bytes);
    }
}

/// One article of a run.
pub struct Job {
    pub id: String,
    pub work: Work,
    n_bytes: f64,
    n_credited: f64,
    ledger: Rc<Ledger>,
}

/// What there is to do.
pub enum Work {
    Digest(Box<Digesting>),
    /// Its record of an earlier run.
    Reused(Reused),
    Failed(Error),
}

impl Job {
    /// Reads the article.
    pub fn new(entry: &Entry, options: &Options, finished: &Finished, ledger: &Rc<Ledger>) -> Self {
        let mut n_bytes = 0.0;
        let work = match entry.read() {
            Err(error) => Work::Failed(error),
            Ok(raw) => match finished.get(&raw) {
                Some(reused) => Work::Reused(reused),
                None => {
                    n_bytes = raw.text.len() as f64;
                    Work::Digest(Box::new(Digesting::new(raw, options)))
                }
            },
        };
        if !matches!(work, Work::Digest(_)) {
            ledger.leave_out(entry);
        }
        Self { id: entry.id.clone(), work, n_bytes, n_credited: 0.0, ledger: ledger.clone() }
    }

    /// Whether a model must be asked.
    pub fn needs_model(&self) -> bool {
        matches!(self.work, Work::Digest(_))
    }

    fn credit(&mut self, share: f64) {
        self.ledger.add(self.n_bytes * share - self.n_credited);
        self.n_credited = self.n_bytes * share;
    }

    /// Counts the whole article as done.
    pub fn close(&mut self) {
        self.credit(1.0);
    }
}

impl Task for Job {
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        match &mut self.work {
            Work::Digest(digesting) => digesting.questions(model),
            Work::Reused(_) | Work::Failed(_) => Ok(Vec::new()),
        }
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        let Work::Digest(digesting) = &mut self.work else { return };
        digesting.answer(key, answer);
        let share = digesting.share_done();
        self.credit(share);
    }
}
