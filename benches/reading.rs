//! Articles a second from text to blocks and sentences: `cargo bench --bench reading`.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use depeche::article::RawArticle;
use depeche::clean::clean;
use depeche::input::{Inputs, Options};

fn seeds() -> Vec<RawArticle> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let inputs = Inputs::list(&[folder], &Options::default()).expect("the sample dispatches");
    inputs.articles().filter_map(|reading| reading.result.ok()).collect()
}

fn reading(c: &mut Criterion) {
    let articles = seeds();
    let mut group = c.benchmark_group("reading");
    group.throughput(Throughput::Elements(articles.len() as u64));
    group.bench_function("clean", |b| {
        b.iter(|| articles.iter().map(|raw| clean(black_box(raw)).blocks.len()).sum::<usize>());
    });
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
