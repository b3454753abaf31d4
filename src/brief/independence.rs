//! Which articles go back to one origin.
//!
//! Near-copies are found by shingles, runs of words that two texts share (Broder 1997, "On the
//! resemblance and containment of documents"); texts of one agency are one origin whatever their
//! words. What cites papers and agencies, and has no origin of its own, only relays.

use std::collections::BTreeSet;
use std::ops::Range;

use super::source::{Dossier, Place};
use super::words;
use crate::article::Span;
use crate::check::names::{Word, fold};

/// Where an article of a dossier comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// Articles of one number go back to one origin.
    pub group: usize,
    /// The article that it is a copy or another text of, by its place in the dossier.
    pub echo_of: Option<usize>,
    /// Whether it counts as an origin: not what only relays others.
    pub is_independent: bool,
    /// Papers and agencies that it cites second-hand, in order.
    pub relays: Vec<String>,
}

/// Words of a shingle.
const SHINGLE: usize = 5;
/// An article is a copy when another holds so much of its shingles.
const COPIED: f64 = 0.5;
/// Texts of one agency, or about one event, share set phrases; fewer shingles prove nothing.
const MIN_SHINGLES: usize = 12;

/// How many origins independent of each other stand behind these sentences; none, where articles that
/// only relay others say them.
pub fn n_origins(places: &[Place], lineage: &[Lineage]) -> usize {
    let origins = places.iter().map(|place| &lineage[place.source_idx]);
    let groups: BTreeSet<usize> =
        origins.filter(|origin| origin.is_independent).map(|origin| origin.group).collect();
    groups.len()
}

/// One for each article.
pub fn lineage(dossier: &Dossier) -> Vec<Lineage> {
    let shingles: Vec<BTreeSet<String>> =
        (0..dossier.sources.len()).map(|idx| shingles(dossier, idx)).collect();
    let mut all: Vec<Lineage> = Vec::new();
    for (idx, source) in dossier.sources.iter().enumerate() {
        let copied = (0..idx).find(|&before| is_copy(&shingles[idx], &shingles[before]));
        let kin = copied.or_else(|| {
            let is_kin = |before: &usize| {
                let other = dossier.sources[*before];
                source.is_agency && other.is_agency && same(&source.origin, &other.origin)
            };
            (0..idx).find(is_kin)
        });
        let relays = relays(dossier, idx);
        let is_independent = source.origin.is_some() || relays.is_empty();
        let group = kin.map_or(idx, |kin| all[kin].group);
        all.push(Lineage { group, echo_of: copied, is_independent, relays });
    }
    all
}

fn same(a: &Option<String>, b: &Option<String>) -> bool {
    a.as_deref().zip(b.as_deref()).is_some_and(|(a, b)| fold(a) == fold(b))
}

fn is_copy(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    let n_least = a.len().min(b.len());
    n_least >= MIN_SHINGLES && a.intersection(b).count() as f64 >= COPIED * n_least as f64
}

fn shingles(dossier: &Dossier, source_idx: usize) -> BTreeSet<String> {
    let sentences = dossier.sources[source_idx].sentences.iter().enumerate();
    let prose = sentences.filter(|(_, sentence)| sentence.is_prose());
    let words: Vec<&str> = prose
        .flat_map(|(sentence_idx, _)| {
            dossier.side(Place { source_idx, sentence_idx }).names.words.iter()
        })
        .map(|word| word.folded.as_str())
        .collect();
    words.windows(SHINGLE).map(|run| run.join(" ")).collect()
}

/// The papers and agencies that stand behind a lead (`selon Le Figaro`), each once.
fn relays(dossier: &Dossier, source_idx: usize) -> Vec<String> {
    let own = dossier.sources[source_idx].origin.as_deref().map(fold);
    let mut all: Vec<String> = Vec::new();
    for (sentence_idx, _) in dossier.sources[source_idx].sentences.iter().enumerate() {
        let side = dossier.side(Place { source_idx, sentence_idx });
        for range in relayed(&side.names.words, side.lang) {
            let words = &side.names.words[range];
            let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
            let name = Span::new(first.span.start, last.span.end).of(side.text);
            if own.as_deref() != Some(&fold(name)) && !all.iter().any(|known| known == name) {
                all.push(name.to_owned());
            }
        }
    }
    all
}

/// A medium stands so near to the lead.
const REACH: usize = 4;

fn relayed(all: &[Word], lang: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for at in 0..all.len() {
        let Some(medium) = words::at(&all[at..], lang, "medium") else { continue };
        let before = &all[at.saturating_sub(REACH)..at];
        if words::phrase(before, lang, "relay").is_some() {
            found.push(at..at + medium);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::Source;
    use crate::brief::tests::source;

    const TEXT: &str = "Le pont de Varenne a été fermé lundi aux camions par la préfecture du Morvan, \
        parce que des fissures ont été vues sur deux de ses piles pendant une visite.";

    fn article(id: &str, origin: Option<&str>, is_agency: bool, text: &str) -> Source {
        let origin = origin.map(str::to_owned);
        Source { origin, is_agency, ..source(id, "Le pont de Varenne", "2025-03-11", &[text]) }
    }

    fn lineage_of(sources: &[Source]) -> Vec<Lineage> {
        lineage(&Dossier::new(sources))
    }

    #[test]
    fn a_copy_is_an_echo_of_the_first() {
        let longer = format!("{TEXT} Les riverains attendent la suite avec patience.");
        let all = lineage_of(&[
            article("a", Some("Lumen"), true, TEXT),
            article("b", Some("site.fr"), false, &longer),
        ]);
        assert_eq!((all[1].echo_of, all[1].group), (Some(0), all[0].group));
    }

    #[test]
    fn texts_of_one_agency_are_one_origin_and_no_copies() {
        let other =
            "Les travaux dureront trois mois, a dit le maire de la ville devant la presse réunie.";
        let all = lineage_of(&[
            article("a", Some("Lumen"), true, TEXT),
            article("b", Some("LUMEN"), true, other),
            article("c", Some("site.fr"), false, other),
        ]);
        assert_eq!((all[1].echo_of, all[1].group), (None, all[0].group));
        assert_eq!(all[2].echo_of, Some(1));
    }

    #[test]
    fn what_only_relays_others_is_no_origin() {
        let relay =
            "Comme le rapporte Le Figaro, le pont est fermé. Selon Le Monde, il le restera.";
        let all = lineage_of(&[
            article("a", None, false, relay),
            article("b", Some("Reuters"), true, "Selon Reuters, le pont est fermé aux camions."),
            article("c", Some("site.fr"), false, relay),
        ]);
        assert_eq!(all[0].relays, ["Le Figaro", "Le Monde"]);
        assert!(!all[0].is_independent && all[1].is_independent && all[1].relays.is_empty());
        assert!(all[2].is_independent);
    }
}
