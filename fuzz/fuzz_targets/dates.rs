//! A line that says when an article appeared: what is taken for the day stands in the line.
#![no_main]

use depeche::article::RawArticle;
use depeche::clean::clean;
use libfuzzer_sys::fuzz_target;

const BODY: &str =
    "Le pont de Varenne sera fermé trois mois pour des travaux, a annoncé la mairie.";

fuzz_target!(|data: &[u8]| {
    let Ok(words) = std::str::from_utf8(data) else { return };
    for head in ["Publié le ", "Mis à jour le ", "date ", ""] {
        let raw = RawArticle::new("fuzz", format!("{head}{words}\n\n{BODY}\n"));
        let article = clean(&raw);
        for dated in [article.published, article.modified].into_iter().flatten() {
            assert!(!dated.evidence.of(&raw.text).is_empty(), "no evidence of {}", dated.date);
            assert!((0.0..=1.0).contains(&dated.confidence));
        }
    }
});
