//! What a note says first, beside what people wrote of the same articles.

use std::collections::BTreeMap;

use depeche::article::RawArticle;
use depeche::brief::{Dossier, Source, independence, points};
use depeche::clean;
use depeche::metrics::{Segment, rouge};
use depeche::sources::stems;
use serde_json::Value;

/// Articles and references by their cluster.
type Clusters = BTreeMap<String, (Vec<Source>, Vec<String>)>;

/// ROUGE of the first points, of the first sentences, of TextRank, and of texts made elsewhere (`topic`,
/// `cluster`, `text` a line), each cut at the mean length of the references.
pub fn run(args: &[String]) {
    let [documents, references, made @ ..] = args else {
        return println!("summaries DOCUMENTS.jsonl REFERENCES.jsonl [MADE.jsonl]");
    };
    let clusters = clusters(documents, references);
    let mut rows: Vec<(&str, Vec<[f64; 6]>)> = Vec::new();
    rows.push(("lead", scores(&clusters, lead)));
    rows.push(("TextRank", scores(&clusters, text_rank)));
    rows.push(("points", scores(&clusters, first_points)));
    if let Some(made) = made.first() {
        let made = by_cluster(made, |row| text(row, "text"));
        let of = |name: &str| made.get(name).and_then(|texts| texts.first()).cloned();
        let made = clusters.iter().filter_map(|(name, (_, references))| {
            Some(score(&cut(&of(name)?, length(references)), references))
        });
        rows.push(("made", made.collect()));
    }
    println!(
        "{} clusters; F1 and recall in per cent, the best of the references each",
        clusters.len()
    );
    println!(
        "{:10} {:>6} {:>6} {:>6}   {:>6} {:>6} {:>6}",
        "", "R-1 F", "R-2 F", "R-L F", "R-1 R", "R-2 R", "R-L R"
    );
    for (name, all) in rows {
        let mean = |k: usize| 100.0 * all.iter().map(|s| s[k]).sum::<f64>() / all.len() as f64;
        println!(
            "{name:10} {:6.2} {:6.2} {:6.2}   {:6.2} {:6.2} {:6.2}",
            mean(0),
            mean(1),
            mean(2),
            mean(3),
            mean(4),
            mean(5)
        );
    }
}

fn text(row: &Value, field: &str) -> Option<String> {
    row[field].as_str().map(str::to_owned)
}

fn by_cluster(path: &str, of: impl Fn(&Value) -> Option<String>) -> BTreeMap<String, Vec<String>> {
    let file = std::fs::read_to_string(path).expect("the set");
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in file.lines() {
        let row: Value = serde_json::from_str(line).expect("a line of JSON");
        let name = format!(
            "{}{}",
            row["topic"].as_str().unwrap_or(""),
            row["cluster"].as_str().unwrap_or("")
        );
        if let Some(text) = of(&row) {
            all.entry(name).or_default().push(text);
        }
    }
    all
}

fn clusters(documents: &str, references: &str) -> Clusters {
    let documents = by_cluster(documents, |row| text(row, "text").or_else(|| text(row, "fr")));
    let is_french = |row: &Value| row["lang"].as_str().is_none_or(|lang| lang == "fr");
    let mut references =
        by_cluster(references, |row| text(row, "summary").filter(|_| is_french(row)));
    let cluster = |(name, texts): (String, Vec<String>)| {
        let references = references.remove(&name)?;
        Some((name, (texts.iter().map(|text| source(text)).collect(), references)))
    };
    documents.into_iter().filter_map(cluster).collect()
}

fn source(text: &str) -> Source {
    let raw = RawArticle::new("a", text.replace('\n', "\n\n"));
    Source::new(&raw, &clean::clean(&raw))
}

fn scores(clusters: &Clusters, of: impl Fn(&[Source], usize) -> String) -> Vec<[f64; 6]> {
    let each = clusters.values().map(|(sources, references)| {
        let n = length(references);
        score(&cut(&of(sources, n), n), references)
    });
    each.collect()
}

fn length(references: &[String]) -> usize {
    references.iter().map(|text| n_words(text)).sum::<usize>() / references.len().max(1)
}

fn n_words(text: &str) -> usize {
    text.split_whitespace().count()
}

fn cut(text: &str, n: usize) -> String {
    text.split_whitespace().take(n).collect::<Vec<_>>().join(" ")
}

fn score(hypothesis: &str, references: &[String]) -> [f64; 6] {
    let references = references.iter().map(String::as_str).collect();
    let scores = rouge::score(&Segment { hypothesis, references }, &rouge::Options::default());
    let [one, two, longest] = [scores.rouge1, scores.rouge2, scores.rouge_l];
    [one.f, two.f, longest.f, one.recall, two.recall, longest.recall]
}

/// The first sentence of each article, then the second of each.
fn lead(sources: &[Source], n: usize) -> String {
    let prose: Vec<Vec<&str>> = sources
        .iter()
        .map(|source| {
            source.sentences.iter().filter(|s| s.is_prose()).map(|s| s.text.as_str()).collect()
        })
        .collect();
    let longest = prose.iter().map(Vec::len).max().unwrap_or(0);
    let turns =
        (0..longest).flat_map(|turn| prose.iter().filter_map(move |p| p.get(turn).copied()));
    first(turns, n)
}

fn first<'t>(sentences: impl Iterator<Item = &'t str>, n: usize) -> String {
    let mut chosen = Vec::new();
    let mut n_chosen = 0;
    for sentence in sentences {
        if n_chosen >= n {
            break;
        }
        n_chosen += n_words(sentence);
        chosen.push(sentence);
    }
    chosen.join(" ")
}

fn first_points(sources: &[Source], n: usize) -> String {
    let dossier = Dossier::new(sources);
    let lineage = independence::lineage(&dossier);
    let points = points::find(&dossier, &lineage, 12);
    first(points.iter().map(|point| dossier.text(point.places[0])), n)
}

/// The share of the other sentences that a sentence passes its rank on by.
const DAMPING: f64 = 0.85;
/// Sentences that are so like a chosen one say nothing new.
const REDUNDANT: f64 = 0.5;

/// Mihalcea & Tarau 2004: words in common over the logarithms of the lengths, and the rank of pages.
fn text_rank(sources: &[Source], n: usize) -> String {
    let sentences: Vec<&str> = sources
        .iter()
        .flat_map(|source| &source.sentences)
        .filter(|s| s.is_prose())
        .map(|s| s.text.as_str())
        .collect();
    let bags: Vec<_> = sentences.iter().map(|text| stems(text, "fr")).collect();
    let like = |a: usize, b: usize| {
        let norm = (bags[a].len() as f64).ln() + (bags[b].len() as f64).ln();
        let shared = bags[a].intersection(&bags[b]).count() as f64;
        if a == b || norm <= 0.0 { 0.0 } else { shared / norm }
    };
    let all = 0..sentences.len();
    let links: Vec<Vec<f64>> =
        all.clone().map(|a| all.clone().map(|b| like(a, b)).collect()).collect();
    let sums: Vec<f64> = links.iter().map(|row| row.iter().sum()).collect();
    let mut ranks = vec![1.0; sentences.len()];
    for _ in 0..50 {
        let gains = |to: usize| {
            all.clone()
                .filter(|from| sums[*from] > 0.0)
                .map(|from| links[from][to] / sums[from] * ranks[from])
                .sum::<f64>()
        };
        ranks = all.clone().map(|to| 1.0 - DAMPING + DAMPING * gains(to)).collect();
    }
    let mut order: Vec<usize> = all.collect();
    order.sort_by(|a, b| ranks[*b].total_cmp(&ranks[*a]));
    let mut chosen: Vec<usize> = Vec::new();
    for idx in order {
        let share = |other: &usize| {
            let shared = bags[idx].intersection(&bags[*other]).count() as f64;
            shared / bags[idx].len().min(bags[*other].len()).max(1) as f64
        };
        if !chosen.iter().any(|other| share(other) >= REDUNDANT) {
            chosen.push(idx);
        }
    }
    first(chosen.into_iter().map(|idx| sentences[idx]), n)
}
