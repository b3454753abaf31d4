//! Articles a second from text to blocks and sentences: `cargo bench --bench reading`.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use depeche::article::RawArticle;
use depeche::clean::{Common, Options, clean, clean_with};
use depeche::input::Inputs;

fn seeds() -> Vec<RawArticle> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let inputs = Inputs::list(&[folder]).expect("the sample dispatches");
    inputs.read().filter_map(|(_, article)| article.ok()).collect()
}

fn reading(c: &mut Criterion) {
    let articles = seeds();
    let mut group = c.benchmark_group("reading");
    group.throughput(Throughput::Elements(articles.len() as u64));
    group.bench_function("clean", |b| {
        b.iter(|| articles.iter().map(|raw| clean(black_box(raw)).blocks.len()).sum::<usize>());
    });
    group.bench_function("clean after counting what repeats", |b| {
        b.iter(|| {
            let mut common = Common::default();
            articles.iter().for_each(|raw| common.count(black_box(raw)));
            let options = Options { common: Some(&common) };
            articles.iter().map(|raw| clean_with(raw, &options).blocks.len()).sum::<usize>()
        });
    });
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
