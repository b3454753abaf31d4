use super::find;
use crate::article::RawArticle;
use crate::brief::{Dossier, Fact, Source};
use crate::clean::clean;
use crate::digest::Language;

fn source(path: &std::path::Path) -> Source {
    let text = std::fs::read_to_string(path).unwrap();
    let raw = RawArticle::new(path.file_name().unwrap().to_str().unwrap(), text.as_str());
    Source::new(&raw, &clean(&raw))
}

#[test]
fn dump() {
    for dir in ["/work/shared/data/seeds", "seeds/rail", "seeds/eau"] {
        println!("##### {dir}");
        let mut paths: Vec<_> = std::fs::read_dir(dir)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "txt"))
            .collect();
        paths.sort();
        let sources: Vec<Source> = paths.iter().map(|p| source(p)).collect();
        let dossier = Dossier::new(&sources);
        for fact in find(&dossier, Language::English) {
            println!(
                "{} {:?} {} {:?}",
                if fact.is_disagreement() { "DIFF" } else { "same" },
                fact.kind,
                fact.question,
                fact.remark
            );
            for v in &fact.values {
                println!("   = {}", v.value);
                for p in &v.places {
                    println!(
                        "       {} {}",
                        p.source_idx,
                        dossier.text(*p).chars().take(150).collect::<String>()
                    );
                }
            }
        }
    }
    let _: Option<Fact> = None;
}
