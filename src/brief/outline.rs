//! What a note will say, as places in its sources: all that rules alone decide.

use std::collections::BTreeMap;

use super::fact::Fact;
use super::independence::{self, Lineage};
use super::likeness::Likeness;
use super::people::{self, Person};
use super::points::{self, Point};
use super::source::{Dossier, Place};
use super::statements::{self, Said};
use super::timeline::{self, Entry};
use super::{Length, facts, words};
use crate::digest::Language;

/// The parts of a note on one event.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    pub lineage: Vec<Lineage>,
    /// Most important first.
    pub points: Vec<Point>,
    pub statements: Vec<Said>,
    pub facts: Vec<Fact>,
    pub timeline: Vec<Entry>,
    pub people: Vec<Person>,
    /// Sentences that say what is not known.
    pub unknown: Vec<Place>,
    /// What happened, and what is still to come: sentences that say the same together.
    pub bottom_line: Vec<Vec<Place>>,
    /// The articles whose titles the note may take, the best first.
    pub titled: Vec<usize>,
}

impl Outline {
    /// Reads a dossier by the rules; what they say in words of their own, in `language`.
    pub fn new(dossier: &Dossier, language: Language, length: Length) -> Self {
        let limits = length.limits();
        let lineage = independence::lineage(dossier);
        let likeness = Likeness::new(dossier);
        // Beyond those that are shown, points tell how much a sentence matters.
        let ranked = points::find(dossier, &lineage, RANKED);
        let weights: BTreeMap<Place, f64> =
            dossier.places().map(|place| (place, weight(&ranked, &likeness, place))).collect();
        let weight = |place: Place| weights.get(&place).copied().unwrap_or_default();
        let mut statements = statements::find(dossier);
        statements.truncate(limits.n_statements);
        let bottom_line = bottom_line(&ranked, &next(dossier, weight));
        Self {
            bottom_line,
            statements,
            facts: facts::find(dossier, language),
            timeline: timeline::find(dossier, &likeness, weight, limits.n_days),
            people: people::find(dossier, limits.n_people),
            unknown: unknown(dossier, &likeness, weight, limits.n_unknown),
            titled: titled(dossier, &ranked),
            points: ranked.into_iter().take(limits.n_points).collect(),
            lineage,
        }
    }

    /// How many origins independent of each other stand behind these sentences.
    pub fn n_independent(&self, places: &[Place]) -> usize {
        independence::n_origins(places, &self.lineage)
    }

    /// How many origins told the event.
    pub fn n_origins(&self) -> usize {
        let all: Vec<Place> = (0..self.lineage.len())
            .map(|source_idx| Place { source_idx, sentence_idx: 0 })
            .collect();
        self.n_independent(&all)
    }
}

/// What is to come matters at least this share of what matters most.
const LEAST_NEXT: f64 = 0.6;

/// The bottom line has so many points, and one sentence of what is to come.
const N_BOTTOM_LINE: usize = 2;

/// A title that cannot be translated without an error gives way to the next.
const N_TITLES: usize = 3;

/// So many points are ranked.
const RANKED: usize = 40;

/// How much a sentence matters: as the point that it is of, or a like one.
fn weight(ranked: &[Point], likeness: &Likeness, place: Place) -> f64 {
    let of_point = |point: &Point| {
        let near = point.places.iter().map(|own| match *own == place {
            true => 1.0,
            false => likeness.between(*own, place),
        });
        point.score * near.fold(0.0, f64::max)
    };
    ranked.iter().map(of_point).fold(0.0, f64::max)
}

/// So much of two sentences is the same where they say one thing.
const SAME: f64 = 0.5;

fn unknown(
    dossier: &Dossier,
    likeness: &Likeness,
    weight: impl Fn(Place) -> f64,
    n: usize,
) -> Vec<Place> {
    let is_open = |place: &Place| {
        let side = dossier.side(*place);
        dossier.sentence(*place).is_prose()
            && words::phrase(&side.names.words, side.lang, "open").is_some()
    };
    let mut all: Vec<Place> = dossier.places().filter(is_open).collect();
    all.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(a.cmp(b)));
    let mut chosen: Vec<Place> = Vec::new();
    for place in all {
        if chosen.len() < n && !chosen.iter().any(|own| likeness.between(*own, place) >= SAME) {
            chosen.push(place);
        }
    }
    chosen
}

/// What is to come behind the last article, and can be read on its own, the weightiest first.
fn next(dossier: &Dossier, weight: impl Fn(Place) -> f64) -> Vec<Place> {
    let today = dossier.sources.iter().filter_map(|source| source.date).max();
    let is_past = |place: &Place| {
        let days = timeline::days(dossier.side(*place));
        days.zip(today).is_some_and(|(days, today)| days.last <= today)
    };
    let is_ahead = |place: &Place| {
        points::can_stand(dossier, *place)
            && !points::hangs(dossier.side(*place))
            && !dossier.text(*place).starts_with(['«', '"', '“'])
            && words::is_ahead(dossier.side(*place))
            && !is_past(place)
    };
    let least = LEAST_NEXT * dossier.places().map(&weight).fold(0.0, f64::max);
    let mut ahead: Vec<Place> =
        dossier.places().filter(is_ahead).filter(|place| weight(*place) >= least).collect();
    ahead.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(a.cmp(b)));
    ahead
}

fn bottom_line(ranked: &[Point], next: &[Place]) -> Vec<Vec<Place>> {
    let points = ranked.iter().take(N_BOTTOM_LINE);
    let mut all: Vec<Vec<Place>> = points.map(|point| point.places.clone()).collect();
    let is_new = |place: &&Place| !all.iter().any(|places| places.contains(place));
    let next = next.iter().find(is_new).map(|place| vec![*place]);
    let third = ranked.get(N_BOTTOM_LINE).map(|point| point.places.clone());
    all.extend(next.or(third));
    all
}

/// The articles that have a title, those of the weightiest points first.
fn titled(dossier: &Dossier, ranked: &[Point]) -> Vec<usize> {
    let of_points = ranked.iter().flat_map(|point| &point.places).map(|place| place.source_idx);
    let mut all: Vec<usize> = Vec::new();
    for idx in of_points.chain(0..dossier.sources.len()) {
        if dossier.sources[idx].title.is_some() && !all.contains(&idx) {
            all.push(idx);
        }
    }
    all.truncate(N_TITLES);
    all
}
