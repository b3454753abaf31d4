//! Negation, how sure a text is of what it says and whose claims it tells, words turned into their
//! opposites, points of the compass, and offices that were left.

mod align;
mod attribution;
mod directions;
mod lexicon;
mod modality;
mod negation;
mod opposites;
mod signs;
mod status;

pub(crate) use modality::is_conditional;
pub(super) mod words;

use super::{Finding, Relation, Side};

/// Whether there are word lists of two languages.
pub fn are_read(source: &str, target: &str) -> bool {
    [source, target].iter().all(|lang| matches!(*lang, "fr" | "en"))
}

/// Findings of both directions.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    let langs = (source.lang, target.lang);
    if !are_read(source.lang, target.lang) {
        return Vec::new();
    }
    let beads = align::beads(source, target, relation);
    let of_beads = beads.iter().flat_map(|bead| of_bead(bead, source.text, langs));
    of_beads.chain(status::compare(source, target)).collect()
}

fn of_bead(bead: &align::Bead, text: &str, langs: (&str, &str)) -> Vec<Finding> {
    let mut findings = negation::compare(bead, langs);
    findings.extend(modality::compare(bead, langs));
    findings.extend(opposites::compare(bead, langs));
    findings.extend(directions::compare(bead, langs));
    findings.extend(attribution::compare(bead, text, langs));
    findings
}

#[cfg(test)]
mod tests;
