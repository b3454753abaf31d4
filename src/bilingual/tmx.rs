//! TMX 1.4, which every translation memory reads.
//!
//! It names no document type: readers would look for the file of it.

use super::xml::{escaped, note};
use super::{Bilingual, Pair};

/// The pairs; what has no text on one side is none.
pub(super) fn write(bilingual: &Bilingual) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let from = escaped(&bilingual.from);
    let mut written = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\">\n  <header \
         creationtool=\"depeche\" creationtoolversion=\"{version}\" segtype=\"sentence\" \
         o-tmf=\"depeche\" adminlang=\"en\" srclang=\"{from}\" datatype=\"plaintext\">\n    \
         <prop type=\"x-document\">{}</prop>\n  </header>\n  <body>\n",
        escaped(&bilingual.name)
    );
    for (paragraph, sentence, pair) in bilingual.numbered() {
        if !pair.source.trim().is_empty() && !pair.target.trim().is_empty() {
            written.push_str(&format!("    <tu tuid=\"{paragraph}.{sentence}\">\n"));
            written.push_str(&inside(pair, &from, &escaped(&bilingual.to)));
            written.push_str("    </tu>\n");
        }
    }
    written.push_str("  </body>\n</tmx>\n");
    written
}

fn inside(pair: &Pair, from: &str, to: &str) -> String {
    let notes = pair.findings.iter().map(note);
    let notes: String = notes.map(|n| format!("      <note>{}</note>\n", escaped(&n))).collect();
    let origin = pair.origin.as_str();
    let side = |language: &str, text: &str| {
        let text = escaped(text);
        format!("      <tuv xml:lang=\"{language}\"><seg>{text}</seg></tuv>\n")
    };
    let (source, target) = (side(from, &pair.source), side(to, &pair.target));
    format!("{notes}      <prop type=\"x-origin\">{origin}</prop>\n{source}{target}")
}
