//! How good briefing notes are, measured on sets of articles: `cargo bench --bench briefing -- WHAT ..`.

mod facts;
mod grouping;
mod summaries;

/// Takes the arguments behind its name.
type Measure = fn(&[String]);

/// What can be measured, and by which function.
const MEASURES: [(&str, Measure); 5] = [
    ("gold", facts::gold),
    ("contradictions", facts::contradictions),
    ("numbers", facts::numbers),
    ("grouping", grouping::run),
    ("summaries", summaries::run),
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let what = args.first().map(String::as_str).unwrap_or_default();
    match MEASURES.iter().find(|(name, _)| *name == what) {
        Some((_, measure)) => measure(&args[1..]),
        None => {
            let names: Vec<&str> = MEASURES.iter().map(|(name, _)| *name).collect();
            println!("name what to measure: {}", names.join(", "));
        }
    }
}
