//! Threads that wait for work a moment awake and then asleep.
//!
//! A pass of a network has hundreds of jobs of some microseconds to some milliseconds. Between two
//! of them a thread looks out for the next for a moment, because to wake takes longer than many a
//! job. Then it sleeps, so that other programs, or a second run of this one, have the processor. A
//! worker that wakes late keeps nobody waiting: the caller works too, and waits only for workers
//! that have joined.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a thread waits awake.
const AWAKE: Duration = Duration::from_micros(50);
/// In how many steps a thread does its share: the more, the shorter the others wait for the last.
const STRIDES_PER_THREAD: usize = 16;

/// Threads that wait for jobs as long as the program runs.
pub struct Pool {
    n_threads: usize,
    /// Held by the caller whose job is under way.
    turn: Mutex<()>,
    state: Mutex<State>,
    job_came: Condvar,
    workers_left: Condvar,
    /// Jobs so far. This and the next change under the lock of `state`, and are watched without.
    n_jobs: AtomicUsize,
    /// Workers that are at the job.
    n_joined: AtomicUsize,
}

#[derive(Default)]
struct State {
    /// The job that workers may join.
    job: Option<&'static Job<'static>>,
    /// Workers that wait asleep.
    n_asleep: usize,
    caller_is_asleep: bool,
}

impl Pool {
    /// A pool of the calling thread and `n_threads - 1` workers, or as many as the system gives.
    pub fn new(n_threads: usize) -> &'static Self {
        let pool: &Self = Box::leak(Box::new(Self {
            n_threads,
            turn: Mutex::default(),
            state: Mutex::default(),
            job_came: Condvar::new(),
            workers_left: Condvar::new(),
            n_jobs: AtomicUsize::new(0),
            n_joined: AtomicUsize::new(0),
        }));
        for idx in 1..n_threads {
            let worker = std::thread::Builder::new().name(format!("kernel-{idx}"));
            // Without it the others do its share.
            let _ = worker.spawn(|| pool.serve());
        }
        pool
    }

    /// Calls `f` with every index below `n`. While a job is under way, be it this thread's own, the
    /// calling thread does it alone.
    ///
    /// # Panics
    /// When `f` does, on whichever thread; not before all have left the job.
    pub fn for_each_index(&self, n: usize, f: &(dyn Fn(usize) + Sync)) {
        if self.n_threads < 2 || n < 2 {
            return (0..n).for_each(f);
        }
        let Ok(turn) = self.turn.try_lock() else { return (0..n).for_each(f) };
        let stride = (n / (self.n_threads * STRIDES_PER_THREAD)).max(1);
        let job = Job { f, n, stride, next: AtomicUsize::new(0), panic: Mutex::default() };
        self.open(&job);
        job.work();
        self.close();
        drop(turn);
        if let Some(panic) = lock(&job.panic).take() {
            resume_unwind(panic);
        }
    }

    /// Lets workers join the job.
    fn open(&self, job: &Job) {
        // SAFETY: only the lifetimes change. Workers find the job in `state` alone and count
        // themselves in `n_joined` under the same lock; `close`, which is called before the job's
        // life ends, takes it away and returns when none of them is left. Nothing panics between:
        // what the job's function throws is caught in `work`.
        let job = unsafe { std::mem::transmute::<&Job<'_>, &'static Job<'static>>(job) };
        let mut state = lock(&self.state);
        state.job = Some(job);
        self.n_jobs.fetch_add(1, Ordering::Relaxed);
        let n_asleep = state.n_asleep;
        drop(state);
        if n_asleep > 0 {
            self.job_came.notify_all();
        }
    }

    /// Lets no more workers join, and waits for those who did.
    fn close(&self) {
        // Acquires what the workers have written, see `serve`.
        let are_gone = || self.n_joined.load(Ordering::Acquire) == 0;
        lock(&self.state).job = None;
        if watch(are_gone) {
            return;
        }
        let mut state = lock(&self.state);
        while !are_gone() {
            state.caller_is_asleep = true;
            state = self.workers_left.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.caller_is_asleep = false;
    }

    /// The life of a worker.
    fn serve(&self) {
        candle_core::utils::set_thread_affinity();
        let mut n_seen = 0;
        loop {
            self.join(&mut n_seen).work();
            let state = lock(&self.state);
            let is_last = self.n_joined.fetch_sub(1, Ordering::Release) == 1;
            if is_last && state.caller_is_asleep {
                self.workers_left.notify_one();
            }
        }
    }

    /// Waits for a job that is not among the first `n_seen`.
    fn join(&self, n_seen: &mut usize) -> &'static Job<'static> {
        loop {
            let is_new = || self.n_jobs.load(Ordering::Relaxed) != *n_seen;
            watch(is_new);
            let mut state = lock(&self.state);
            while !is_new() {
                state.n_asleep += 1;
                state = self.job_came.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.n_asleep -= 1;
            }
            *n_seen = self.n_jobs.load(Ordering::Relaxed);
            // It may be over already.
            if let Some(job) = state.job {
                self.n_joined.fetch_add(1, Ordering::Relaxed);
                return job;
            }
        }
    }
}

/// Work on the indices below `n`.
struct Job<'a> {
    f: &'a (dyn Fn(usize) + Sync),
    n: usize,
    /// Indices that a thread takes at a time.
    stride: usize,
    /// The first that nobody has taken.
    next: AtomicUsize,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Job<'_> {
    /// Takes indices as long as there are some.
    fn work(&self) {
        let take = || Some(self.next.fetch_add(self.stride, Ordering::Relaxed));
        let share = || {
            for start in std::iter::from_fn(take).take_while(|start| *start < self.n) {
                (start..self.n.min(start + self.stride)).for_each(self.f);
            }
        };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(share)) {
            lock(&self.panic).get_or_insert(panic);
        }
    }
}

/// Waits awake for a moment; whether it came true.
fn watch(is_true: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while !is_true() {
        if start.elapsed() > AWAKE {
            return false;
        }
        std::hint::spin_loop();
    }
    true
}

/// Nothing that can panic is done under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
