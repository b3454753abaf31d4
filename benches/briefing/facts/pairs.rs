//! Pairs of sentences with their labels: how much the rules decide, and how often rightly.

use depeche::brief::facts::{Verdict, judge};

use super::{records, share, text};

/// Of records with `premise`, `hypothesis` and `label` (`1`: they contradict each other).
pub fn run(args: &[String]) {
    let Some(path) = args.first() else { return println!("contradictions FILE.jsonl [LIMIT]") };
    let limit = args.get(1).and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let mut counts = [[0usize; 3]; 2];
    for record in records(path).iter().take(limit) {
        let is_contradiction = text(record, "label") == "1";
        let verdict = judge(text(record, "premise"), text(record, "hypothesis"), "fr");
        let column = match verdict {
            Some(Verdict::Contradiction) => 0,
            Some(Verdict::Compatible) => 1,
            None => 2,
        };
        counts[usize::from(!is_contradiction)][column] += 1;
        if std::env::var_os("DEPECHE_SHOW").is_some() && column == usize::from(is_contradiction) {
            println!("wrong: {}", text(record, "id"));
        }
    }
    print(&counts);
}

/// Rows: contradictory, compatible; columns: said to be so, and what is left open.
fn print(counts: &[[usize; 3]; 2]) {
    println!("{:<16} {:>14} {:>11} {:>10}", "", "contradiction", "compatible", "undecided");
    for (name, row) in ["contradiction", "compatible"].iter().zip(counts) {
        println!("{name:<16} {:>14} {:>11} {:>10}", row[0], row[1], row[2]);
    }
    let right = counts[0][0] + counts[1][1];
    let decided = right + counts[0][1] + counts[1][0];
    let all = decided + counts[0][2] + counts[1][2];
    println!("right of what is decided: {}", share(right, decided));
    println!("decided: {}", share(decided, all));
    println!("contradictions right: {}", share(counts[0][0], counts[0][0] + counts[1][0]));
    println!("compatible right: {}", share(counts[1][1], counts[0][1] + counts[1][1]));
}
