//! Articles a second and core, from the bytes of plain text to blocks, language and sentences:
//! `cargo bench --bench reading`. The first figure is the whole, the others are its parts.

use std::hint::black_box;
use std::io::Cursor;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use depeche::article::{Format, RawArticle};
use depeche::clean::{self, Common, clean, clean_with};
use depeche::input::{Fields, Inputs, Options, articles_from};
use depeche::{language, sentence};

/// The sample dispatches, which are as long as news of an agency is.
fn seeds() -> Vec<RawArticle> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let inputs = Inputs::list(&[folder], &Options::default()).expect("the sample dispatches");
    inputs.articles().map(|reading| reading.result.expect("a sample dispatch")).collect()
}

fn read(raw: &RawArticle) -> usize {
    let file = Cursor::new(black_box(raw.text.as_bytes()).to_vec());
    let read = articles_from(&raw.id, file, Some(Format::Text), &Fields::default());
    read.flatten().map(|raw| clean(&raw).sentences.len()).sum()
}

fn reading(c: &mut Criterion) {
    let articles = seeds();
    let texts: Vec<String> = articles.iter().map(|raw| clean(raw).body_text()).collect();
    let mut group = c.benchmark_group("reading");
    group.throughput(Throughput::Elements(articles.len() as u64));
    group.bench_function("all", |b| b.iter(|| articles.iter().map(read).sum::<usize>()));
    group.bench_function("clean", |b| {
        b.iter(|| articles.iter().map(|raw| clean(black_box(raw)).blocks.len()).sum::<usize>());
    });
    group.bench_function("sentences", |b| {
        b.iter(|| {
            texts.iter().map(|text| sentence::split(black_box(text), "fr").len()).sum::<usize>()
        });
    });
    group.bench_function("language", |b| {
        b.iter(|| texts.iter().filter(|text| language::detect(black_box(text)).is_known()).count());
    });
    group.bench_function("clean after counting what repeats", |b| {
        b.iter(|| {
            let mut common = Common::default();
            articles.iter().for_each(|raw| common.count(black_box(raw)));
            let options = clean::Options { common: Some(&common), ..clean::Options::default() };
            articles.iter().map(|raw| clean_with(raw, &options).blocks.len()).sum::<usize>()
        });
    });
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
