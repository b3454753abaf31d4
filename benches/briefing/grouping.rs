//! Articles by event.

use std::collections::BTreeMap;

use depeche::article::RawArticle;
use depeche::brief::{Source, grouping};
use depeche::clean;
use serde_json::Value;

/// Folders are drawn so often.
const N_FOLDERS: usize = 200;
/// Events in a folder.
const N_EVENTS: usize = 5;

/// Pairwise precision, recall and F1 over folders that mix the articles of five clusters, of a file with
/// a cluster a line (`cluster`, `articles` with `id`, `date`, `title`, `paragraphs`).
pub fn run(args: &[String]) {
    let Some(path) = args.first() else { return println!("grouping CLUSTERS.jsonl") };
    let text = std::fs::read_to_string(path).expect("the clusters");
    let clusters: Vec<Vec<Source>> = text.lines().map(cluster).collect();
    let mut draw = Draw(1);
    let (mut n_right, mut n_found, mut n_all, mut n_events) = (0, 0, 0, 0);
    let mut faults: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for _ in 0..N_FOLDERS {
        let chosen = draw.some(clusters.len(), N_EVENTS);
        let (mut labels, mut sources) = (Vec::new(), Vec::new());
        for cluster in chosen {
            labels.extend(vec![cluster; clusters[cluster].len()]);
            sources.extend(clusters[cluster].iter().cloned());
        }
        let groups = grouping::events(&sources);
        n_events += groups.len();
        n_found += groups.iter().map(|group| pairs(group.len())).sum::<usize>();
        for label in labels.iter().collect::<std::collections::BTreeSet<_>>() {
            n_all += pairs(labels.iter().filter(|own| *own == label).count());
        }
        for group in &groups {
            for (idx, a) in group.iter().enumerate() {
                for b in &group[idx + 1..] {
                    let (a, b) = (labels[*a], labels[*b]);
                    n_right += usize::from(a == b);
                    if a != b {
                        *faults.entry((a.min(b), a.max(b))).or_default() += 1;
                    }
                }
            }
        }
    }
    let (precision, recall) = (n_right as f64 / n_found as f64, n_right as f64 / n_all as f64);
    let f1 = 2.0 * precision * recall / (precision + recall);
    println!("{N_FOLDERS} folders of {N_EVENTS} events, {n_events} found");
    println!("pairs: precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}");
    println!("clusters that were taken for one: {faults:?}");
}

fn pairs(n: usize) -> usize {
    n * n.saturating_sub(1) / 2
}

fn cluster(line: &str) -> Vec<Source> {
    let cluster: Value = serde_json::from_str(line).expect("a cluster");
    let articles = cluster["articles"].as_array().expect("its articles").iter();
    articles.map(article).collect()
}

fn article(article: &Value) -> Source {
    let text = |field: &str| article[field].as_str().unwrap_or_default().to_owned();
    let paragraphs = article["paragraphs"].as_array().expect("paragraphs").iter();
    let paragraphs: Vec<&str> = paragraphs.filter_map(Value::as_str).collect();
    let raw =
        RawArticle::new(text("id"), format!("{}\n\n{}", text("title"), paragraphs.join("\n\n")));
    let mut source = Source::new(&raw, &clean::clean(&raw));
    source.title = Some(text("title"));
    source.date = text("date").parse().ok();
    source
}

/// Draws that are the same in each run (the generator of Lehmer, 1951).
struct Draw(u64);

impl Draw {
    fn next(&mut self, n: usize) -> usize {
        self.0 = self.0 * 48_271 % 0x7FFF_FFFF;
        self.0 as usize % n
    }

    /// Different numbers below `n`.
    fn some(&mut self, n: usize, n_drawn: usize) -> Vec<usize> {
        let mut drawn = Vec::new();
        while drawn.len() < n_drawn.min(n) {
            let next = self.next(n);
            if !drawn.contains(&next) {
                drawn.push(next);
            }
        }
        drawn
    }
}
