//! Which sentences of several articles say the same, and which of them matter most.
//!
//! Sentences are vectors of tf-idf over stems and numbers. A sentence matters by its likeness with the
//! whole of the articles (the centroid of Radev et al. 2004, <https://doi.org/10.1016/j.ipm.2003.10.006>),
//! by its place, since news tells the most important first, and by the origins that tell it; what is
//! chosen must differ from what is chosen already (maximal marginal relevance, Carbonell & Goldstein
//! 1998, <https://doi.org/10.1145/290941.291025>).

use super::independence::{Lineage, n_origins};
use super::source::{Dossier, Place};
use super::vector::{Idf, Vector, dot, unit};
use super::words;
use crate::check::{Side, form};
use crate::sources;

/// One fact, as often as the articles tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The sentences that say it; the one that says it best first.
    pub places: Vec<Place>,
    /// How many independent origins tell it.
    pub n_independent: usize,
    /// Higher is more important.
    pub score: f64,
}

/// Two sentences of this likeness say the same.
const SAME: f64 = 0.45;
/// What each further origin adds to a point's score.
const SUPPORT: f64 = 0.4;
/// How much nearness to chosen points counts against a point.
const REDUNDANCY: f64 = 0.7;
/// The score of the last sentence from its place alone, when that of the first is 1.
const LAST_PLACE: f64 = 0.35;
/// The places over which the score falls by half of what it falls.
const HALF_PLACES: f64 = 3.0;
/// A longer sentence counts less, by the root of how much: it takes the room of others.
const LONG: f64 = 20.0;
/// Sentences with fewer words say too little to stand alone.
const MIN_WORDS: usize = 8;
/// What is left of the score of a sentence that hangs on the one before it.
const HANGING: f64 = 0.5;
/// Two sentences of this likeness may tell of one thing before and after it.
const LIKE: f64 = 0.3;
/// What is left of the score of a sentence about what has happened since.
const OVERTAKEN: f64 = 0.4;
/// What is left of the score of an article that only relays others.
const RELAYED: f64 = 0.5;

/// The `n` most important points, most important first.
pub fn find(dossier: &Dossier, lineage: &[Lineage], n: usize) -> Vec<Point> {
    let vectors = Vectors::new(dossier);
    let all: Vec<Place> = dossier.places().filter(|place| can_stand(dossier, *place)).collect();
    let score = |place: Place| {
        let stale = if is_overtaken(dossier, &vectors, &all, place) { OVERTAKEN } else { 1.0 };
        vectors.centrality(place) * worth(dossier, lineage, place) * stale
    };
    let mut scored: Vec<(Place, f64)> = all.iter().map(|place| (*place, score(*place))).collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    choose(points(&scored, &vectors, lineage), &vectors, n)
}

/// The sentences by what they say: each joins the first point that it is like, or begins one.
fn points(scored: &[(Place, f64)], vectors: &Vectors, lineage: &[Lineage]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for &(place, score) in scored {
        let is_like = |point: &&mut Point| vectors.likeness(point.places[0], place) >= SAME;
        match points.iter_mut().find(is_like) {
            Some(point) => point.places.push(place),
            None => points.push(Point { places: vec![place], n_independent: 1, score }),
        }
    }
    for point in &mut points {
        point.n_independent = n_origins(&point.places, lineage);
        point.score *= 1.0 + SUPPORT * point.n_independent.saturating_sub(1) as f64;
    }
    points
}

fn choose(mut rest: Vec<Point>, vectors: &Vectors, n: usize) -> Vec<Point> {
    let mut chosen: Vec<Point> = Vec::new();
    while chosen.len() < n && !rest.is_empty() {
        let score = |point: &Point| {
            let near = chosen.iter().map(|c| vectors.likeness(c.places[0], point.places[0]));
            point.score * (1.0 - REDUNDANCY * near.fold(0.0, f64::max))
        };
        // The first of equals, so that the order of the articles decides.
        let best =
            (0..rest.len()).rev().max_by(|a, b| score(&rest[*a]).total_cmp(&score(&rest[*b])));
        let Some(best) = best else { break };
        chosen.push(rest.remove(best));
    }
    chosen
}

/// Whether a sentence can be read on its own: running text, whole, no question.
pub fn can_stand(dossier: &Dossier, place: Place) -> bool {
    let text = dossier.text(place);
    let n_words = text.split_whitespace().count();
    dossier.sentence(place).is_prose()
        && form::is_finished(text)
        && n_words >= MIN_WORDS
        && !text.trim_end_matches(['»', '"', ' ', '\u{a0}']).ends_with('?')
}

/// Whether a sentence tells as still to come what another article tells as done.
fn is_overtaken(dossier: &Dossier, vectors: &Vectors, all: &[Place], place: Place) -> bool {
    let is_later = |other: &&Place| {
        other.source_idx != place.source_idx
            && vectors.likeness(**other, place) >= LIKE
            && !words::is_ahead(dossier.side(**other))
    };
    words::is_ahead(dossier.side(place)) && all.iter().any(|other| is_later(&other))
}

/// Whether a sentence begins with what stands for something before it: `Il a`, `Cette loi`.
pub fn hangs(side: &Side) -> bool {
    let first = side.names.words.first();
    first.is_some_and(|word| words::has(side.lang, "hanging", &word.folded))
}

/// What a sentence counts by its place, its form and its article, 0 to 1.
fn worth(dossier: &Dossier, lineage: &[Lineage], place: Place) -> f64 {
    let at = dossier.n_before(place) as f64;
    let by_place = LAST_PLACE + (1.0 - LAST_PLACE) / (1.0 + at / HALF_PLACES);
    let n_words = dossier.text(place).split_whitespace().count() as f64;
    let by_length = (LONG / n_words.max(LONG)).sqrt();
    let hangs = hangs(dossier.side(place));
    let is_relayed = !lineage[place.source_idx].is_independent;
    by_place
        * by_length
        * if hangs { HANGING } else { 1.0 }
        * if is_relayed { RELAYED } else { 1.0 }
}

/// The sentences of a dossier as vectors.
struct Vectors {
    /// `[source][sentence]`
    rows: Vec<Vec<Vector>>,
    centroid: Vector,
}

impl Vectors {
    fn new(dossier: &Dossier) -> Self {
        let bags = |source: &&super::Source| -> Vec<Vector> {
            let of = |sentence: &super::Sentence| {
                let stems = sources::stems(&sentence.text, source.language).into_iter();
                stems.map(|stem| (stem, 1.0)).collect()
            };
            source.sentences.iter().map(of).collect()
        };
        let bags: Vec<Vec<Vector>> = dossier.sources.iter().map(bags).collect();
        let idf = Idf::new(bags.iter().flatten());
        let rows: Vec<Vec<Vector>> =
            bags.iter().map(|bags| bags.iter().map(|bag| idf.weigh(bag)).collect()).collect();
        let mut centroid = Vector::new();
        for (stem, weight) in rows.iter().flatten().flatten() {
            *centroid.entry(stem.clone()).or_default() += weight;
        }
        Self { rows, centroid: unit(centroid) }
    }

    fn row(&self, place: Place) -> &Vector {
        &self.rows[place.source_idx][place.sentence_idx]
    }

    fn centrality(&self, place: Place) -> f64 {
        dot(self.row(place), &self.centroid)
    }

    fn likeness(&self, a: Place, b: Place) -> f64 {
        dot(self.row(a), self.row(b))
    }
}

#[cfg(test)]
mod tests {
    use super::super::independence::lineage;
    use super::*;
    use crate::brief::tests::{source, with_bridge};

    #[test]
    fn what_two_articles_say_is_one_point() {
        let one = |id, text| source(id, "Le pont de Varenne", "2025-03-11", &[text]);
        let sources = [
            one(
                "a.txt",
                "Le pont de Varenne a été fermé lundi aux camions, a annoncé la préfecture.",
            ),
            one("b.txt", "La préfecture du Morvan a fermé lundi le pont de Varenne aux camions."),
        ];
        let dossier = Dossier::new(&sources);
        let points = find(&dossier, &lineage(&dossier), 9);
        assert_eq!((points.len(), points[0].places.len(), points[0].n_independent), (1, 2, 2));
    }

    #[test]
    fn no_sentence_is_in_two_points() {
        with_bridge(|dossier| {
            let points = find(dossier, &lineage(dossier), 9);
            let mut places: Vec<Place> = points.iter().flat_map(|p| p.places.clone()).collect();
            let n_all = places.len();
            places.sort_unstable();
            places.dedup();
            assert_eq!(places.len(), n_all);
        });
    }

    #[test]
    fn headings_questions_and_cut_off_sentences_are_no_points() {
        let sources = [source(
            "a.txt",
            "Le pont de Varenne fermé aux camions jusqu'à la fin de l'été",
            "2025-03-11",
            &[
                "Le pont de Varenne a été fermé lundi à tous les camions par la préfecture.",
                "Combien de temps dureront encore les travaux sur le pont de Varenne ?",
                "Les camions qui passaient chaque jour sur le pont de Varenne devront",
            ],
        )];
        let dossier = Dossier::new(&sources);
        let points = find(&dossier, &lineage(&dossier), 9);
        let texts: Vec<&str> = points.iter().map(|p| dossier.text(p.places[0])).collect();
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert!(texts[0].contains("lundi"));
    }

    #[test]
    fn what_was_still_to_come_gives_way_to_what_happened() {
        let told = |id, date, text| source(id, "La charte de l'eau", date, &[text]);
        let sources = [
            told(
                "a.txt",
                "2025-03-10",
                "Quarante communes doivent signer mardi la charte de l'eau de la vallée.",
            ),
            told(
                "b.txt",
                "2025-03-12",
                "Trente-huit communes ont signé mardi la charte de l'eau de la vallée.",
            ),
        ];
        let dossier = Dossier::new(&sources);
        let points = find(&dossier, &lineage(&dossier), 2);
        assert!(dossier.text(points[0].places[0]).contains("ont signé"));
    }
}
