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

/// Findings of both directions.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    let langs = (source.lang, target.lang);
    let known = |lang: &str| matches!(lang, "fr" | "en");
    if !known(langs.0) || !known(langs.1) {
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
