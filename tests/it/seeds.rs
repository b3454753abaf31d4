//! Our own dispatches, against what `seeds/gold.toml` says of them.

use std::fs;
use std::path::{Path, PathBuf};

use depeche::article::{Article, RawArticle};
use depeche::clean::clean;
use toml::{Table, Value};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds")
}

fn gold() -> Table {
    fs::read_to_string(folder().join("gold.toml")).unwrap().parse().unwrap()
}

fn read(file: &str) -> (String, Article) {
    let text = fs::read_to_string(folder().join(file)).unwrap();
    let article = clean(&RawArticle::new(file, text.as_str()));
    (text, article)
}

fn said(gold: &Value, key: &str) -> Option<String> {
    gold.get(key).and_then(Value::as_str).map(str::to_owned)
}

#[test]
fn each_dispatch_is_cleaned_as_gold_says() {
    let gold = gold();
    let articles = gold["article"].as_array().unwrap();
    assert_eq!(articles.len(), 8);
    for expected in articles {
        let file = expected["file"].as_str().unwrap();
        let (text, article) = read(file);
        assert_eq!(article.title, said(expected, "title"), "{file}");
        assert_eq!(article.source(), said(expected, "source").as_deref(), "{file}");
        assert_eq!(article.author, said(expected, "author"), "{file}");
        let day = article.published.map(|d| d.date.to_string());
        assert_eq!(day, said(expected, "published"), "{file}");
        assert_eq!(article.language.code, "fr", "{file}");
        let warnings: Vec<&str> = article.warnings.iter().map(|w| w.as_str()).collect();
        assert_eq!(warnings, strings(&expected["warnings"]), "{file}");
        assert_eq!(removed(&text, &article), pairs(&expected["removed"]), "{file}");
    }
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect()
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    let pair = |v: &Value| (v[0].as_str().unwrap().to_owned(), v[1].as_str().unwrap().to_owned());
    value.as_array().unwrap().iter().map(pair).collect()
}

fn removed(text: &str, article: &Article) -> Vec<(String, String)> {
    let found = |r: depeche::article::Removal| (r.rule.to_string(), r.span.of(text).to_owned());
    article.removals().map(found).collect()
}

/// The planted disagreements are in the texts that gold names, word for word.
#[test]
fn each_fact_stands_in_its_dispatch() {
    for event in gold()["event"].as_array().unwrap() {
        for kind in ["agreement", "conflict", "non_conflict"] {
            let facts = event[kind].as_array().unwrap();
            assert!(!facts.is_empty());
            facts.iter().for_each(assert_said);
        }
    }
}

fn assert_said(fact: &Value) {
    let claims = fact["claims"].as_array().unwrap();
    assert!(claims.len() >= 2, "{fact}");
    for claim in claims {
        let (file, words) = (claim[0].as_str().unwrap(), claim[1].as_str().unwrap());
        let (_, article) = read(file);
        assert!(article.kept_text().contains(words), "{file} does not say {words:?}");
    }
}
