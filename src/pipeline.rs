//! Many articles at once: each is a task that asks the model questions until it is done; the
//! questions of all of them run in one batch, and the results come out in the order of the input.

use std::collections::{HashMap, VecDeque};

use crate::Result;
use crate::engine::{Answer, Answerer, Question, RequestId};

/// Names a question within its task.
pub type Key = usize;

/// Work that needs a model.
pub trait Task {
    /// The questions that can be asked now and have not been asked yet. A task that returns none
    /// and waits for no answer is done.
    ///
    /// # Errors
    /// When the task cannot go on; it is taken out of the run with this error.
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>>;

    /// Takes an answer.
    fn answer(&mut self, key: Key, answer: Answer);
}

/// A task in the run.
struct Entry<T> {
    task: T,
    n_open: usize,
    state: State,
}

enum State {
    Working,
    Done,
    Failed(crate::Error),
}

/// Runs tasks in one batch, at most `n_active` at once, and hands each to `emit` as soon as it and
/// all before it are done. Stops early when `emit` says so.
///
/// # Errors
/// When the device fails. A task that fails by itself is emitted with its error.
pub fn run<T: Task>(
    model: &mut dyn Answerer,
    tasks: impl IntoIterator<Item = T>,
    n_active: usize,
    mut emit: impl FnMut(T, Result<()>) -> Flow,
) -> Result<Flow> {
    let mut tasks = tasks.into_iter();
    let mut entries: VecDeque<Entry<T>> = VecDeque::new();
    // Entries that were emitted before the first of `entries`.
    let mut n_emitted = 0;
    let mut asked: HashMap<RequestId, (usize, Key)> = HashMap::new();
    loop {
        let n_working = |es: &VecDeque<Entry<T>>| es.iter().filter(|e| e.is_working()).count();
        while n_working(&entries) < n_active
            && let Some(task) = tasks.next()
        {
            let index = n_emitted + entries.len();
            let mut entry = Entry { task, n_open: 0, state: State::Working };
            entry.go_on(model, index, &mut asked);
            entries.push_back(entry);
        }
        while let Some(entry) = entries.pop_front_if(|e| !e.is_working()) {
            n_emitted += 1;
            if emit(entry.task, entry.state.into_result()) == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        if entries.is_empty() && asked.is_empty() {
            return Ok(Flow::Continue);
        }
        for (id, answer) in model.work()? {
            if let Some((index, key)) = asked.remove(&id)
                && let Some(entry) = index.checked_sub(n_emitted).and_then(|i| entries.get_mut(i))
            {
                entry.n_open -= 1;
                entry.task.answer(key, answer);
                entry.go_on(model, index, &mut asked);
            }
        }
    }
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Continue,
    Stop,
}

impl<T: Task> Entry<T> {
    fn is_working(&self) -> bool {
        matches!(self.state, State::Working)
    }

    /// Asks what the task can ask now.
    fn go_on(
        &mut self,
        model: &mut dyn Answerer,
        index: usize,
        asked: &mut HashMap<RequestId, (usize, Key)>,
    ) {
        match self.ask(model, index, asked) {
            Err(error) => self.state = State::Failed(error),
            Ok(()) if self.n_open == 0 => self.state = State::Done,
            Ok(()) => {}
        }
    }

    fn ask(
        &mut self,
        model: &mut dyn Answerer,
        index: usize,
        asked: &mut HashMap<RequestId, (usize, Key)>,
    ) -> Result<()> {
        if !self.is_working() {
            return Ok(());
        }
        for (key, question) in self.task.questions(model)? {
            asked.insert(model.ask(&question)?, (index, key));
            self.n_open += 1;
        }
        Ok(())
    }
}

impl State {
    fn into_result(self) -> Result<()> {
        match self {
            Self::Failed(error) => Err(error),
            Self::Working | Self::Done => Ok(()),
        }
    }
}
