//! XLIFF 1.2: the version that all programs of translators open; not all of them know 2.x, and of
//! those that do, many do not show its notes. It has the state, the origin and the notes at the
//! unit, so a sentence is a unit, and a paragraph a group of them.

use super::xml::{escaped, note};
use super::{Bilingual, Origin, Pair, Paragraph};
use crate::check::{Finding, Severity};

/// All sentences, with what the checks say of them.
pub(super) fn write(bilingual: &Bilingual) -> String {
    let (from, to) = (escaped(&bilingual.from), escaped(&bilingual.to));
    let version = env!("CARGO_PKG_VERSION");
    let mut written = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff version=\"1.2\" \
         xmlns=\"urn:oasis:names:tc:xliff:document:1.2\">\n  <file original=\"{}\" \
         source-language=\"{from}\" target-language=\"{to}\" datatype=\"plaintext\" \
         tool-id=\"depeche\">\n    <header>\n      <tool tool-id=\"depeche\" \
         tool-name=\"depeche\" tool-version=\"{version}\"/>\n    </header>\n    <body>\n",
        escaped(&bilingual.name)
    );
    for (paragraph, number) in bilingual.paragraphs.iter().zip(1..) {
        written.push_str(&group(paragraph, number));
    }
    written.push_str("    </body>\n  </file>\n</xliff>\n");
    written
}

fn group(paragraph: &Paragraph, number: usize) -> String {
    let units = paragraph.pairs.iter().zip(1..);
    let units: String = units.map(|(pair, n)| unit(pair, &format!("{number}.{n}"))).collect();
    format!("      <group id=\"{number}\" restype=\"x-paragraph\">\n{units}      </group>\n")
}

fn unit(pair: &Pair, id: &str) -> String {
    let notes: String = pair.findings.iter().map(finding).collect();
    format!(
        "        <trans-unit id=\"{id}\">\n          <source>{}</source>\n          \
         <target{}>{}</target>\n{notes}        </trans-unit>\n",
        escaped(&pair.source),
        state(pair),
        escaped(&pair.target)
    )
}

/// The attributes of a target: how far it is, and who made it.
fn state(pair: &Pair) -> String {
    let has_error = pair.findings.iter().any(|finding| finding.severity == Severity::Error);
    let state = match has_error {
        _ if pair.target.trim().is_empty() => return " state=\"needs-translation\"".to_owned(),
        true => "needs-review-translation",
        false => "translated",
    };
    let origin = match pair.origin {
        Origin::Model => " state-qualifier=\"mt-suggestion\"",
        Origin::Memory => " state-qualifier=\"exact-match\"",
        Origin::Copied => "",
    };
    format!(" state=\"{state}\"{origin}")
}

/// A note; 1 is the highest priority of 10.
fn finding(finding: &Finding) -> String {
    let priority = match finding.severity {
        Severity::Error => 1,
        Severity::Warning => 5,
        Severity::Note => 10,
    };
    let text = escaped(&note(finding));
    format!(
        "          <note from=\"depeche\" annotates=\"target\" priority=\"{priority}\">\
         {text}</note>\n"
    )
}
