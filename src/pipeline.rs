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

    /// Takes an answer; a question that wanted several gets them one by one.
    fn answer(&mut self, key: Key, answer: Answer);
}

/// A task within a task, with the answers that it waits for.
#[derive(Debug)]
pub struct Lane<T> {
    pub task: T,
    n_open: usize,
}

impl<T: Task> Lane<T> {
    pub fn new(task: T) -> Self {
        Self { task, n_open: 0 }
    }

    /// Whether it waits for no answer.
    pub fn is_idle(&self) -> bool {
        self.n_open == 0
    }

    /// What the task asks now.
    ///
    /// # Errors
    /// Those of the task.
    pub fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        let questions = self.task.questions(model)?;
        self.n_open += questions.iter().map(|(_, q)| q.n_answers()).sum::<usize>();
        Ok(questions)
    }

    pub fn answer(&mut self, key: Key, answer: Answer) {
        self.n_open = self.n_open.saturating_sub(1);
        self.task.answer(key, answer);
    }
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

/// How far tasks may run ahead of the first one that is not done, as a multiple of `n_active`:
/// their results wait in memory for their turn.
const MAX_AHEAD: usize = 8;

/// Runs tasks in one batch, at most `n_active` at once, and hands each to `emit` as soon as it and
/// all before it are done. Stops early when `emit` says so.
///
/// # Errors
/// When the device fails. A task that fails by itself is emitted with its error.
pub fn run<T: Task>(
    model: &mut dyn Answerer,
    tasks: impl IntoIterator<Item = T>,
    n_active: usize,
    emit: impl FnMut(T, Result<()>) -> Flow,
) -> Result<Flow> {
    run_until(&|| false, model, tasks, n_active, emit)
}

/// As [`run`], and asks `stop` between two passes of the model. Once that says yes, the tasks that
/// are done are still emitted, in order, and those under way are dropped.
///
/// # Errors
/// When the device fails.
pub fn run_until<T: Task>(
    stop: &dyn Fn() -> bool,
    model: &mut dyn Answerer,
    tasks: impl IntoIterator<Item = T>,
    n_active: usize,
    mut emit: impl FnMut(T, Result<()>) -> Flow,
) -> Result<Flow> {
    let mut tasks = tasks.into_iter();
    let mut running = Running::default();
    loop {
        while !stop()
            && running.has_room(n_active)
            && let Some(task) = tasks.next()
        {
            running.start(task, model);
            if running.emit_done(&mut emit) == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        if stop() {
            running.entries.retain(|entry| !entry.is_working());
            running.emit_done(&mut emit);
            return Ok(Flow::Stop);
        }
        if running.entries.is_empty() {
            return Ok(Flow::Continue);
        }
        running.work(model)?;
        if running.emit_done(&mut emit) == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
}

/// The tasks that are not emitted yet.
struct Running<T> {
    entries: VecDeque<Entry<T>>,
    /// Entries that were emitted before the first of `entries`.
    n_emitted: usize,
    asked: Asked,
}

/// Open questions.
type Asked = HashMap<RequestId, Open>;

/// A question that is not fully answered.
struct Open {
    /// The task, counted from the first of the run.
    index: usize,
    key: Key,
    n_answers: usize,
}

impl<T> Default for Running<T> {
    fn default() -> Self {
        Self { entries: VecDeque::new(), n_emitted: 0, asked: HashMap::new() }
    }
}

impl<T: Task> Running<T> {
    fn has_room(&self, n_active: usize) -> bool {
        let n_active = n_active.max(1);
        let n_working = self.entries.iter().filter(|e| e.is_working()).count();
        n_working < n_active && self.entries.len() < n_active * MAX_AHEAD
    }

    fn start(&mut self, task: T, model: &mut dyn Answerer) {
        let index = self.n_emitted + self.entries.len();
        let mut entry = Entry { task, n_open: 0, state: State::Working };
        entry.go_on(model, index, &mut self.asked);
        self.entries.push_back(entry);
    }

    fn work(&mut self, model: &mut dyn Answerer) -> Result<()> {
        for (id, answer) in model.work()? {
            if let Some((index, key)) = self.answered(id)
                && let Some(i) = index.checked_sub(self.n_emitted)
                && let Some(entry) = self.entries.get_mut(i)
            {
                entry.n_open -= 1;
                entry.task.answer(key, answer);
                entry.go_on(model, index, &mut self.asked);
            }
        }
        Ok(())
    }

    /// Whose question it was; forgets it with its last answer.
    fn answered(&mut self, id: RequestId) -> Option<(usize, Key)> {
        let open = self.asked.get_mut(&id)?;
        open.n_answers -= 1;
        let (index, key, n_left) = (open.index, open.key, open.n_answers);
        if n_left == 0 {
            self.asked.remove(&id);
        }
        Some((index, key))
    }

    fn emit_done(&mut self, emit: &mut impl FnMut(T, Result<()>) -> Flow) -> Flow {
        while self.entries.front().is_some_and(|entry| !entry.is_working())
            && let Some(entry) = self.entries.pop_front()
        {
            self.n_emitted += 1;
            if emit(entry.task, entry.state.into_result()) == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::Continue
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
    fn go_on(&mut self, model: &mut dyn Answerer, index: usize, asked: &mut Asked) {
        match self.ask(model, index, asked) {
            Err(error) => self.state = State::Failed(error),
            Ok(()) if self.n_open == 0 => self.state = State::Done,
            Ok(()) => {}
        }
    }

    fn ask(&mut self, model: &mut dyn Answerer, index: usize, asked: &mut Asked) -> Result<()> {
        if !self.is_working() {
            return Ok(());
        }
        for (key, question) in self.task.questions(model)? {
            let n_answers = question.n_answers();
            asked.insert(model.ask(&question, index)?, Open { index, key, n_answers });
            self.n_open += n_answers;
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
