//! Many tasks in one run: their order, their failures, and the end of the run.

use std::cell::Cell;

use depeche::engine::{Answer, Answerer, Message, Question};
use depeche::pipeline::{Flow, Key, Task, run, run_until};
use depeche::{Error, Result};

use crate::script::{Script, answer};

/// Asks `n_rounds` questions, one after the other; fails in round `fails_in`.
#[derive(Debug, Clone, Default)]
struct Rounds {
    name: usize,
    n_rounds: usize,
    n_asked: usize,
    n_answered: usize,
    fails_in: Option<usize>,
}

impl Task for Rounds {
    fn questions(&mut self, _: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        if self.fails_in == Some(self.n_asked) {
            return Err(Error::TooLong { n_tokens: 2, limit: 1 });
        }
        if self.n_asked == self.n_rounds || self.n_asked > self.n_answered {
            return Ok(Vec::new());
        }
        self.n_asked += 1;
        let messages = vec![Message::user(format!("{}", self.name))];
        Ok(vec![(self.n_asked, Question { messages, ..Question::default() })])
    }

    fn answer(&mut self, key: Key, _: Answer) {
        assert_eq!(key, self.n_asked);
        self.n_answered += 1;
    }
}

fn tasks(rounds: &[usize]) -> Vec<Rounds> {
    let task = |(name, &n_rounds)| Rounds { name, n_rounds, ..Rounds::default() };
    rounds.iter().enumerate().map(task).collect()
}

fn names(tasks: Vec<Rounds>, n_active: usize, backwards: bool) -> Vec<usize> {
    let mut model = Script::new(|_| answer("oui")).backwards(backwards);
    let mut names = Vec::new();
    let flow = run(&mut model, tasks, n_active, |task, result| {
        assert!(result.is_ok() && task.n_answered == task.n_rounds);
        names.push(task.name);
        Flow::Continue
    });
    assert_eq!(flow.unwrap(), Flow::Continue);
    names
}

#[test]
fn results_come_in_the_order_of_the_input() {
    let rounds = [3, 0, 1, 5, 2, 0];
    for n_active in [1, 2, 16] {
        for backwards in [false, true] {
            assert_eq!(names(tasks(&rounds), n_active, backwards), [0, 1, 2, 3, 4, 5]);
        }
    }
}

#[test]
fn a_task_that_fails_loses_no_other() {
    let mut tasks = tasks(&[2, 2, 2]);
    tasks[1].fails_in = Some(1);
    let mut model = Script::new(|_| answer("oui"));
    let mut results = Vec::new();
    run(&mut model, tasks, 2, |task, result| {
        results.push((task.name, result.is_ok()));
        Flow::Continue
    })
    .unwrap();
    assert_eq!(results, [(0, true), (1, false), (2, true)]);
}

#[test]
fn tasks_are_taken_when_their_turn_comes() {
    let n_taken = Cell::new(0);
    let tasks = tasks(&[1; 100]).into_iter().inspect(|_| n_taken.set(n_taken.get() + 1));
    let mut model = Script::new(|_| answer("oui"));
    run(&mut model, tasks, 2, |task, _| {
        assert!(n_taken.get() <= task.name + 1 + 2 * 8, "{} at {}", n_taken.get(), task.name);
        Flow::Continue
    })
    .unwrap();
    assert_eq!(n_taken.get(), 100);
}

#[test]
fn what_needs_no_model_is_emitted_before_the_next_is_taken() {
    let n_taken = Cell::new(0);
    let tasks = tasks(&[0; 5]).into_iter().inspect(|_| n_taken.set(n_taken.get() + 1));
    let mut model = Script::new(|_| answer("oui"));
    run(&mut model, tasks, 2, |task, _| {
        assert_eq!(n_taken.get(), task.name + 1);
        Flow::Continue
    })
    .unwrap();
}

#[test]
fn emit_can_end_the_run() {
    let mut model = Script::new(|_| answer("oui"));
    let mut n = 0;
    let flow = run(&mut model, tasks(&[1, 1, 1]), 1, |_, _| {
        n += 1;
        if n == 2 { Flow::Stop } else { Flow::Continue }
    });
    assert_eq!((flow.unwrap(), n), (Flow::Stop, 2));
}

/// The first task takes many rounds; the others are done when the run is stopped, and kept.
#[test]
fn a_stop_keeps_what_is_done() {
    let n_answers = Cell::new(0);
    let mut model = Script::new(|_| {
        n_answers.set(n_answers.get() + 1);
        answer("oui")
    });
    let stop = || n_answers.get() > 6;
    let mut names = Vec::new();
    let flow = run_until(&stop, &mut model, tasks(&[50, 1, 1]), 3, |task, _| {
        names.push(task.name);
        Flow::Continue
    });
    assert_eq!((flow.unwrap(), names), (Flow::Stop, vec![1, 2]));
}
