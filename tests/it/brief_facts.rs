//! What the sample dispatches answer otherwise, against what `seeds/gold.toml` says of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use depeche::article::RawArticle;
use depeche::brief::{Dossier, Fact, Source, facts};
use depeche::clean::clean;
use depeche::digest::Language;
use toml::{Table, Value};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds")
}

fn source(file: &str) -> Source {
    let text = fs::read_to_string(folder().join(file)).unwrap();
    let raw = RawArticle::new(file, text.as_str());
    Source::new(&raw, &clean(&raw))
}

fn events() -> Vec<Value> {
    let gold: Table = fs::read_to_string(folder().join("gold.toml")).unwrap().parse().unwrap();
    gold["event"].as_array().unwrap().clone()
}

fn claims(fact: &Value) -> Vec<(&str, &str)> {
    let claims = fact["claims"].as_array().unwrap().iter();
    claims.map(|claim| (claim[0].as_str().unwrap(), claim[1].as_str().unwrap())).collect()
}

fn sources(event: &Value) -> Vec<Source> {
    let facts = event["conflict"].as_array().unwrap();
    let files: BTreeSet<&str> = facts.iter().flat_map(claims).map(|(file, _)| file).collect();
    files.into_iter().map(source).collect()
}

/// How many values of a question have a sentence with a claim.
fn n_sides(dossier: &Dossier, fact: &Fact, claims: &[(&str, &str)]) -> usize {
    let values = fact.values.iter().filter(|value| {
        value.places.iter().any(|place| {
            let (file, text) = (&dossier.source(*place).id, dossier.text(*place));
            claims.iter().any(|(of, words)| file == of && text.contains(words))
        })
    });
    values.count()
}

#[test]
fn all_planted_conflicts_are_found_and_nothing_else() {
    for event in events() {
        let sources = sources(&event);
        let dossier = Dossier::new(&sources);
        let found = facts::find(&dossier, Language::English);
        let differ: Vec<&Fact> = found.iter().filter(|fact| fact.is_disagreement()).collect();
        let conflicts = event["conflict"].as_array().unwrap();
        for conflict in conflicts {
            let is_told = |fact: &&&Fact| n_sides(&dossier, fact, &claims(conflict)) > 1;
            assert!(differ.iter().any(|fact| is_told(&fact)), "{}", conflict["question"]);
        }
        for fact in &differ {
            let is_planted = |gold: &Value| n_sides(&dossier, fact, &claims(gold)) > 1;
            assert!(conflicts.iter().any(is_planted), "{fact:?}");
        }
    }
}

#[test]
fn what_only_seems_a_conflict_is_not_told() {
    for event in events() {
        let sources = sources(&event);
        let dossier = Dossier::new(&sources);
        let found = facts::find(&dossier, Language::French);
        // One sentence may also answer another question: its day, its venue.
        let numbers = found.iter().filter(|fact| fact.kind == depeche::brief::Kind::Number);
        for fact in numbers {
            for seeming in event["non_conflict"].as_array().unwrap() {
                assert!(n_sides(&dossier, fact, &claims(seeming)) < 2, "{fact:?}");
            }
        }
    }
}
