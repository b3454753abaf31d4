use std::sync::{Barrier, LazyLock};
use std::thread::sleep;

use proptest::prelude::*;

use super::*;

static POOLS: LazyLock<[&Pool; 4]> = LazyLock::new(|| [1, 2, 3, 8].map(Pool::new));

/// How often each index below `n` came.
fn counts(pool: &Pool, n: usize) -> Vec<usize> {
    let counts: Vec<AtomicUsize> = (0..n).map(|_| AtomicUsize::new(0)).collect();
    pool.for_each_index(n, &|idx| {
        counts[idx].fetch_add(1, Ordering::Relaxed);
    });
    counts.into_iter().map(AtomicUsize::into_inner).collect()
}

fn is_worker() -> bool {
    std::thread::current().name().is_some_and(|name| name.starts_with("kernel-"))
}

/// Two indices, one on each of two threads.
fn on_two_threads(pool: &Pool, f: impl Fn() + Sync) {
    let both = Barrier::new(2);
    pool.for_each_index(2, &|_| {
        both.wait();
        f();
    });
}

proptest! {
    #[test]
    fn every_index_comes_once(n in 0usize..700, pool in 0usize..4) {
        prop_assert_eq!(counts(POOLS[pool], n), vec![1; n]);
    }
}

#[test]
fn one_thread_does_all_in_order() {
    let order = Mutex::new(Vec::new());
    Pool::new(1).for_each_index(5, &|idx| {
        assert!(!is_worker());
        lock(&order).push(idx);
    });
    assert_eq!(*lock(&order), [0, 1, 2, 3, 4]);
}

#[test]
fn sleeping_workers_wake() {
    let pool = Pool::new(2);
    for _ in 0..20 {
        sleep(20 * AWAKE);
        let n_workers = AtomicUsize::new(0);
        on_two_threads(pool, || {
            n_workers.fetch_add(usize::from(is_worker()), Ordering::Relaxed);
        });
        assert_eq!(n_workers.into_inner(), 1);
    }
}

#[test]
fn the_caller_waits_for_a_slow_worker() {
    let pool = Pool::new(2);
    for factor in [0, 1, 100] {
        let is_done = AtomicUsize::new(0);
        on_two_threads(pool, || {
            if is_worker() {
                sleep(factor * AWAKE);
                is_done.store(1, Ordering::Relaxed);
            }
        });
        assert_eq!(is_done.into_inner(), 1, "{factor}");
    }
}

#[test]
fn a_panic_reaches_the_caller_and_the_pool_lives() {
    let pool = Pool::new(2);
    for panics_on_worker in [true, false, true] {
        let call = || on_two_threads(pool, || assert!(is_worker() != panics_on_worker, "thrown"));
        let panic = catch_unwind(AssertUnwindSafe(call)).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"thrown"));
        assert_eq!(counts(pool, 100), [1; 100]);
        on_two_threads(pool, || ());
    }
}

#[test]
fn a_call_inside_a_call_is_done_alone() {
    let n_calls = AtomicUsize::new(0);
    POOLS[1].for_each_index(40, &|_| {
        let outer = std::thread::current().id();
        POOLS[1].for_each_index(30, &|_| {
            assert_eq!(std::thread::current().id(), outer);
            n_calls.fetch_add(1, Ordering::Relaxed);
        });
    });
    assert_eq!(n_calls.into_inner(), 1200);
}

#[test]
fn several_threads_may_call_at_once() {
    std::thread::scope(|scope| {
        for n in [2, 50, 99] {
            scope.spawn(move || {
                (0..3000).for_each(|_| assert_eq!(counts(POOLS[2], n), vec![1; n]));
            });
        }
    });
}
