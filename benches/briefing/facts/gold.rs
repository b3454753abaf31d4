//! Conflicts and agreements planted in the sample dispatches (`seeds/gold.toml`).

use std::collections::BTreeSet;
use std::path::Path;

use depeche::article::RawArticle;
use depeche::brief::{Dossier, Fact, Source, Value, facts};
use depeche::clean::clean;
use depeche::digest::Language;
use toml::{Table, Value as Toml};

use super::share;

/// Recall and precision, and what was missed.
pub fn run(_args: &[String]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let gold: Table = read(&folder.join("gold.toml")).parse().expect("gold.toml");
    let mut counts = Counts::default();
    for event in gold["event"].as_array().expect("events") {
        counts.add(event, &folder);
    }
    counts.print();
}

#[derive(Default)]
struct Counts {
    n_conflicts: usize,
    n_conflicts_found: usize,
    n_agreements: usize,
    n_agreements_found: usize,
    n_told: usize,
    n_right: usize,
    n_non_conflicts: usize,
    n_wrong: usize,
}

impl Counts {
    fn add(&mut self, event: &Toml, folder: &Path) {
        let files = files(event);
        let sources: Vec<Source> = files.iter().map(|file| source(folder, file)).collect();
        let dossier = Dossier::new(&sources);
        let found = facts::find(&dossier, Language::English);
        let told: Vec<&Fact> = found.iter().filter(|fact| fact.is_disagreement()).collect();
        let of = |kind: &str| -> Vec<Vec<(String, String)>> {
            let all = event.get(kind).and_then(Toml::as_array);
            all.into_iter().flatten().map(claims).collect()
        };
        let (conflicts, agreements, non) = (of("conflict"), of("agreement"), of("non_conflict"));
        let differs = |fact: &Fact, claims: &[_]| holding(&dossier, &fact.values, claims) > 1;
        let agrees = |claims: &Vec<(String, String)>| {
            let mut values = found.iter().flat_map(|fact| &fact.values);
            values.any(|value| n_claims(&dossier, value, claims) > 1)
        };
        let is_found = |claims: &&Vec<_>| told.iter().any(|fact| differs(fact, claims));
        let is_right = |fact: &&&Fact| conflicts.iter().any(|claims| differs(fact, claims));
        self.n_conflicts += conflicts.len();
        self.n_conflicts_found += conflicts.iter().filter(is_found).count();
        self.n_agreements += agreements.len();
        self.n_agreements_found += agreements.iter().filter(|claims| agrees(claims)).count();
        self.n_told += told.len();
        self.n_right += told.iter().filter(is_right).count();
        self.n_non_conflicts += non.len();
        let is_wrong = |claims: &&Vec<_>| {
            let mut numbers = told.iter().filter(|fact| fact.kind == depeche::brief::Kind::Number);
            numbers.any(|fact| differs(fact, claims))
        };
        self.n_wrong += non.iter().filter(is_wrong).count();
    }

    fn print(&self) {
        println!("conflicts found: {}", share(self.n_conflicts_found, self.n_conflicts));
        println!("disagreements right: {}", share(self.n_right, self.n_told));
        println!("agreements found: {}", share(self.n_agreements_found, self.n_agreements));
        println!("non-conflicts told: {}", share(self.n_wrong, self.n_non_conflicts));
    }
}

/// How many values have a sentence with a claim.
fn holding(dossier: &Dossier, values: &[Value], claims: &[(String, String)]) -> usize {
    values.iter().filter(|value| n_claims(dossier, value, claims) > 0).count()
}

/// How many articles' claims the sentences of a value hold.
fn n_claims(dossier: &Dossier, value: &Value, claims: &[(String, String)]) -> usize {
    let says = |(file, words): &&(String, String)| {
        let mut places = value.places.iter();
        places.any(|p| dossier.source(*p).id == *file && dossier.text(*p).contains(words.as_str()))
    };
    claims.iter().filter(says).map(|(file, _)| file).collect::<BTreeSet<_>>().len()
}

fn claims(fact: &Toml) -> Vec<(String, String)> {
    let said = |claim: &Toml, idx: usize| claim[idx].as_str().unwrap_or_default().to_owned();
    let all = fact["claims"].as_array().into_iter().flatten();
    all.map(|claim| (said(claim, 0), said(claim, 1))).collect()
}

fn files(event: &Toml) -> BTreeSet<String> {
    let kinds = ["agreement", "conflict", "non_conflict"].iter().filter_map(|kind| event.get(kind));
    let facts = kinds.filter_map(Toml::as_array).flatten();
    facts.flat_map(|fact| claims(fact).into_iter().map(|(file, _)| file)).collect()
}

fn source(folder: &Path, file: &str) -> Source {
    let raw = RawArticle::new(file, read(&folder.join(file)).as_str());
    Source::new(&raw, &clean(&raw))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
