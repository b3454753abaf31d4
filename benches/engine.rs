//! Tokens a second through a tiny random network: `cargo bench --bench engine`.
//!
//! The network is too small to say what a real model takes; it shows what a change does to the
//! scheduler, the caches and the kernels.

#[path = "../tests/it/tiny.rs"]
#[allow(dead_code)]
mod tiny;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use depeche::device::Device;
use depeche::engine::{Engine, Limits, Request};

fn engine() -> Engine {
    depeche::kernel::memory::keep_what_is_freed();
    let dir = tempfile::tempdir().expect("a folder for the network");
    Engine::open(&tiny::model_file(dir.path()), &Device::cpu()).expect("the tiny network")
}

/// Runs requests of these lengths to their end, sixteen at most at once.
fn run(engine: &Engine, n_requests: usize, n_prompt: usize, max_new_tokens: usize) -> usize {
    let mut random = tiny::Random(1);
    let mut scheduler = engine.scheduler(Limits::default());
    for id in 0..n_requests as u64 {
        let prompt = random.tokens(n_prompt);
        scheduler.submit(Request { id, prompt, max_new_tokens, ..Request::default() });
    }
    while scheduler.n_pending() > 0 {
        scheduler.step().expect("a pass");
    }
    scheduler.stats().n_generated
}

fn prefill(c: &mut Criterion) {
    let engine = engine();
    let mut group = c.benchmark_group("prefill");
    group.sample_size(20);
    for n_prompt in [64, 512, 2048] {
        group.throughput(Throughput::Elements(n_prompt as u64));
        group.bench_function(BenchmarkId::from_parameter(n_prompt), |b| {
            b.iter(|| run(&engine, 1, n_prompt, 1));
        });
    }
    group.finish();
}

fn decode(c: &mut Criterion) {
    let engine = engine();
    let mut group = c.benchmark_group("decode");
    group.sample_size(20);
    for n_rows in [1, 4, 16] {
        // A random network may end early; what it does write is the same every time.
        let n_tokens = run(&engine, n_rows, 4, 64);
        group.throughput(Throughput::Elements(n_tokens as u64));
        group.bench_function(BenchmarkId::new("rows", n_rows), |b| {
            b.iter(|| run(&engine, n_rows, 4, 64));
        });
    }
    group.finish();
}

/// Many requests take as long each as few.
fn many(c: &mut Criterion) {
    let engine = engine();
    let mut group = c.benchmark_group("many");
    group.sample_size(10);
    for n_requests in [10, 100, 1000] {
        group.throughput(Throughput::Elements(n_requests as u64));
        group.bench_function(BenchmarkId::from_parameter(n_requests), |b| {
            b.iter(|| run(&engine, n_requests, 200, 8));
        });
    }
    group.finish();
}

criterion_group!(benches, prefill, decode, many);
criterion_main!(benches);
