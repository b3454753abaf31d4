//! One article of a run: to be digested, done in an earlier run, or not readable.

use std::cell::Cell;
use std::rc::Rc;

use depeche::clean::{self, clean_with};
use depeche::digest::{Digesting, Options};
use depeche::engine::{Answer, Answerer, Question};
use depeche::input::{Articles, Count, Inputs, Reading};
use depeche::pipeline::{Key, Task};
use depeche::{Error, Result};

use super::common;
use crate::output::finished::{Finished, Reused};

/// How much of the run there is and how much is done, in articles, and in bytes of files. What
/// costs nothing does not count as work.
#[derive(Debug)]
pub struct Ledger {
    count: Cell<Count>,
    /// Unknown where something is read whose size nobody knows before its end.
    all: Cell<Option<f64>>,
    done: Cell<f64>,
}

impl Ledger {
    /// A ledger over files of that size.
    pub fn new(inputs: &Inputs) -> Rc<Self> {
        Rc::new(Self {
            count: Cell::new(inputs.articles().known()),
            all: Cell::new(common::lasting_bytes(inputs).map(|bytes| bytes as f64)),
            done: Cell::new(0.0),
        })
    }

    /// How many articles there are, as far as that is known by now.
    pub fn count(&self) -> Count {
        self.count.get()
    }

    /// How much is left, as a multiple of what is done.
    pub fn left(&self) -> Option<f64> {
        let (all, done) = (self.all.get()?, self.done.get());
        (done > 0.0).then(|| (all - done).max(0.0) / done)
    }

    fn leave_out(&self, bytes: f64) {
        self.all.set(self.all.get().map(|all| all - bytes));
    }

    fn add(&self, bytes: f64) {
        self.done.set(self.done.get() + bytes);
    }
}

/// The articles of a run, read as they are asked for.
pub struct Jobs<'a> {
    articles: Articles<'a>,
    how: How<'a>,
    finished: &'a Finished,
    ledger: Rc<Ledger>,
}

/// What is to be done with each article.
#[derive(Clone, Copy)]
pub struct How<'a> {
    pub clean: clean::Options<'a>,
    pub digest: &'a Options,
}

impl<'a> Jobs<'a> {
    pub fn new(
        inputs: &'a Inputs,
        how: How<'a>,
        finished: &'a Finished,
        ledger: Rc<Ledger>,
    ) -> Self {
        Self { articles: inputs.articles(), how, finished, ledger }
    }

    fn job(&self, reading: Reading) -> Job {
        let work = match reading.result {
            Err(error) => Work::Failed(error),
            Ok(raw) => match self.finished.get(&raw) {
                Some(reused) => Work::Reused(reused),
                None => {
                    let article = clean_with(&raw, &self.how.clean);
                    Work::Digest(Box::new(Digesting::of(raw, article, self.how.digest)))
                }
            },
        };
        let mut n_bytes = reading.n_bytes as f64;
        if !matches!(work, Work::Digest(_)) {
            self.ledger.leave_out(n_bytes);
            n_bytes = 0.0;
        }
        Job { id: reading.id, work, n_bytes, n_credited: 0.0, ledger: self.ledger.clone() }
    }
}

impl Iterator for Jobs<'_> {
    type Item = Job;

    fn next(&mut self) -> Option<Job> {
        let reading = self.articles.next();
        self.ledger.count.set(self.articles.known());
        Some(self.job(reading?))
    }
}

/// One article of a run.
pub struct Job {
    pub id: String,
    pub work: Work,
    /// What was read of its file for it.
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
