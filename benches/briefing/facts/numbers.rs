//! Numbers with one unit that articles on one event give otherwise, labelled by hand.

use std::collections::BTreeMap;

use depeche::article::RawArticle;
use depeche::brief::{Dossier, Kind, Source, facts};
use depeche::clean::clean;
use depeche::digest::Language;
use serde_json::Value;

use super::{records, share, text};

/// FILE has candidates (`cluster`, `unit`, `values` with their sentences), LABELS `cluster`, `unit`
/// and `label` (`true`: a conflict).
pub fn run(args: &[String]) {
    let [path, labels, ..] = args else { return println!("numbers FILE.jsonl LABELS.jsonl") };
    let label = |record: &Value| record.get("label").and_then(Value::as_bool);
    let key =
        |record: &Value| (text(record, "cluster").to_owned(), text(record, "unit").to_owned());
    let labels: BTreeMap<_, _> =
        records(labels).iter().filter_map(|record| Some((key(record), label(record)?))).collect();
    let (mut n, mut n_true, mut n_told, mut n_right) = (0, 0, 0, 0);
    for record in &records(path) {
        let Some(is_conflict) = labels.get(&key(record)) else { continue };
        let is_told = says_conflict(record);
        n += 1;
        n_true += usize::from(*is_conflict);
        n_told += usize::from(is_told);
        n_right += usize::from(is_told && *is_conflict);
        println!(
            "{} {:<14} label {is_conflict:<5} told {is_told}",
            text(record, "cluster"),
            text(record, "unit")
        );
    }
    println!("candidates that are conflicts: {}", share(n_true, n));
    println!("told and right: {}", share(n_right, n_told));
    println!("conflicts told: {}", share(n_right, n_true));
}

/// Whether the rules find a disagreement of numbers in the sentences of a candidate.
fn says_conflict(candidate: &Value) -> bool {
    let sources = sources(candidate);
    let dossier = Dossier::new(&sources);
    let facts = facts::find(&dossier, Language::English);
    facts.iter().any(|fact| fact.kind == Kind::Number && fact.is_disagreement())
}

/// The sentences of a candidate, article by article.
fn sources(candidate: &Value) -> Vec<Source> {
    let mut articles: BTreeMap<&str, (&str, Vec<&str>)> = BTreeMap::new();
    let values = candidate["values"].as_array().into_iter().flatten();
    for mention in values.filter_map(|value| value["mentions"].as_array()).flatten() {
        let article = articles.entry(text(mention, "article")).or_default();
        article.0 = text(mention, "date");
        if !article.1.contains(&text(mention, "sentence")) {
            article.1.push(text(mention, "sentence"));
        }
    }
    articles.iter().map(|(id, (date, sentences))| source(id, date, sentences)).collect()
}

fn source(id: &str, date: &str, sentences: &[&str]) -> Source {
    let raw = RawArticle::new(id, sentences.join("\n\n").as_str());
    Source { date: date.parse().ok(), ..Source::new(&raw, &clean(&raw)) }
}
