//! Tokens a second through a tiny random network: `cargo bench --bench engine`.
//!
//! The network is too small to say what a real model takes; it shows what a change does to the
//! scheduler and the caches. Products and attention are those of the default model's shapes.

#[path = "../tests/it/tiny.rs"]
#[allow(dead_code)]
mod tiny;

use candle_core::quantized::GgmlDType;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use depeche::device::Device;
use depeche::engine::{Engine, Limits, Request};
use depeche::kernel::attention::{AttentionConfig, Heads, Sight, attend};
use depeche::kernel::cpu::Kernel;
use depeche::kernel::key_values::KeyValues;
use depeche::kernel::quantized::{PackedMatrix, Work};

fn engine() -> Engine {
    depeche::kernel::memory::keep_what_is_freed();
    let dir = tempfile::tempdir().expect("a folder for the network");
    Engine::open(&tiny::model_file(dir.path()), &Device::cpu()).expect("the tiny network")
}

/// Runs requests of these lengths to their end, sixteen at most at once.
fn run(engine: &Engine, n_requests: usize, n_prompt: usize, max_new_tokens: usize) -> usize {
    let mut random = tiny::Random(1);
    // What a random network says is soon guessed.
    let limits = Limits { n_cheap_rows: 0, ..Limits::default() };
    let mut scheduler = engine.scheduler(limits);
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

/// x W^T with matrices of the default model's shapes, by the kernel of this CPU; an element is a product.
fn products(c: &mut Criterion) {
    let mut group = c.benchmark_group("products");
    group.sample_size(20);
    let formats = [(GgmlDType::Q4K, 8960, 1536), (GgmlDType::Q6K, 1536, 8960)];
    for (dtype, n_out, n_in) in formats {
        let mut random = tiny::Random(2);
        let n_bytes = n_out * n_in / dtype.block_size() * dtype.type_size();
        let blocks: Vec<u8> = random.tokens(n_bytes).into_iter().map(|token| token as u8).collect();
        let kernel = Kernel::chosen().expect("a kernel");
        let matrix = PackedMatrix::pack(kernel, dtype, &blocks, n_out, n_in).expect("its format");
        let all = [1, 8, 16, 64, 256].map(|n_rows| (n_rows, Work::Writing));
        for (n_rows, work) in all.into_iter().chain([(64, Work::Reading), (256, Work::Reading)]) {
            let x: Vec<f32> = (0..n_rows * n_in).map(|i| (i as f32 * 0.37).sin()).collect();
            group.throughput(Throughput::Elements((n_rows * n_out * n_in) as u64));
            group.bench_function(BenchmarkId::new(format!("{dtype:?} {work:?}"), n_rows), |b| {
                b.iter(|| matrix.product(&x, work));
            });
        }
    }
    group.finish();
}

/// Attention of the default model's heads behind some tokens; an element is a product.
fn attention(c: &mut Criterion) {
    let heads = Heads { n_heads: 12, n_kv_heads: 2, head_dim: 128 };
    let noise = |n: usize| (0..n).map(|i| (i as f32 * 0.37).sin()).collect::<Vec<f32>>();
    let mut group = c.benchmark_group("attention");
    group.sample_size(20);
    for (n_rows, behind) in [(512, 0), (512, 1024), (1, 1200)] {
        let n = n_rows + behind;
        let mut key_values = KeyValues::with_capacity(heads, n).expect("memory");
        key_values.append(&noise(n * heads.kv_width()), &noise(n * heads.kv_width()));
        let sight = Sight {
            first_row: 0,
            n_rows,
            first_position: behind,
            key_values: &key_values,
            bias: None,
        };
        let queries = noise(n_rows * heads.q_width());
        let n_pairs: usize = (0..n_rows).map(|row| behind + row + 1).sum();
        group.throughput(Throughput::Elements((n_pairs * 2 * heads.q_width()) as u64));
        group.bench_function(BenchmarkId::new(format!("{n_rows} behind"), behind), |b| {
            b.iter(|| attend(AttentionConfig::causal(heads), &queries, &[sight]));
        });
    }
    group.finish();
}

criterion_group!(benches, prefill, decode, many, products, attention);
criterion_main!(benches);
