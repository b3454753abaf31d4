//! Which articles tell one event.
//!
//! An article is a vector of tf-idf over the stems, names and numbers of its title and its first
//! sentences. Articles join by average link: two groups become one while their articles are alike on
//! average (Sokal & Michener 1958). Likeness falls with the days between two articles. For n articles
//! that takes n² products of vectors, and memory for the pairs that have anything in common.

use std::collections::{BTreeMap, BinaryHeap};

use super::source::Source;
use super::vector::{Idf, Vector, dot};
use crate::sources;

/// Groups whose articles are less alike stay apart.
const LEAST: f64 = 0.07;
/// The title counts as so many sentences.
const TITLE: f64 = 2.0;
/// What an article is about stands in its first sentences.
const N_SENTENCES: usize = 12;
/// Articles so many days apart are half as alike.
const HALF_DAYS: f64 = 10.0;

/// The articles by event, in the order of the first article of each.
pub fn events(sources: &[Source]) -> Vec<Vec<usize>> {
    let mut groups = Groups::new(sources);
    while let Some((a, b)) = groups.next() {
        groups.join(a, b);
    }
    let mut events: Vec<Vec<usize>> = groups.members.into_iter().flatten().collect();
    events.iter_mut().for_each(|event| event.sort_unstable());
    events.sort_unstable();
    events
}

/// Two groups that are alike. The order is that of their likeness; of equals, the first two come first.
#[derive(PartialEq)]
struct Pair {
    likeness: f64,
    groups: (usize, usize),
}

impl Eq for Pair {}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_likeness = self.likeness.total_cmp(&other.likeness);
        by_likeness.then_with(|| other.groups.cmp(&self.groups))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

struct Groups {
    /// The articles of each group; nothing of one that is part of another.
    members: Vec<Option<Vec<usize>>>,
    /// The likeness of each group with others that it has anything in common with.
    likeness: Vec<BTreeMap<usize, f64>>,
    queue: BinaryHeap<Pair>,
}

impl Groups {
    fn new(sources: &[Source]) -> Self {
        let vectors = vectors(sources);
        let mut new = Self {
            members: (0..sources.len()).map(|idx| Some(vec![idx])).collect(),
            likeness: vec![BTreeMap::new(); sources.len()],
            queue: BinaryHeap::new(),
        };
        for a in 0..sources.len() {
            for b in a + 1..sources.len() {
                let near = nearness(&sources[a], &sources[b]);
                new.connect(a, b, near * dot(&vectors[a], &vectors[b]));
            }
        }
        new
    }

    fn connect(&mut self, a: usize, b: usize, likeness: f64) {
        if likeness <= 0.0 {
            return;
        }
        self.likeness[a].insert(b, likeness);
        self.likeness[b].insert(a, likeness);
        if likeness >= LEAST {
            self.queue.push(Pair { likeness, groups: (a.min(b), a.max(b)) });
        }
    }

    /// The two groups that are most alike, where any are.
    fn next(&mut self) -> Option<(usize, usize)> {
        while let Some(Pair { groups: (a, b), .. }) = self.queue.pop() {
            if self.members[a].is_some() && self.members[b].is_some() {
                return Some((a, b));
            }
        }
        None
    }

    /// Makes one new group of two, as like to others as they are on average.
    fn join(&mut self, a: usize, b: usize) {
        let (own, other) = (self.members[a].take(), self.members[b].take());
        let (own, other) = (own.unwrap_or_default(), other.unwrap_or_default());
        let (n_own, n_other) = (own.len() as f64, other.len() as f64);
        let (of_own, of_other) =
            (std::mem::take(&mut self.likeness[a]), std::mem::take(&mut self.likeness[b]));
        let new = self.members.len();
        self.members.push(Some([own, other].concat()));
        self.likeness.push(BTreeMap::new());
        let keys: std::collections::BTreeSet<usize> =
            of_own.keys().chain(of_other.keys()).copied().collect();
        for group in keys {
            if self.members[group].is_none() {
                continue;
            }
            let of = |likeness: &BTreeMap<usize, f64>| likeness.get(&group).copied().unwrap_or(0.0);
            let mean = (n_own * of(&of_own) + n_other * of(&of_other)) / (n_own + n_other);
            self.likeness[group].remove(&a);
            self.likeness[group].remove(&b);
            self.connect(group, new, mean);
        }
    }
}

/// 1 on one day, one half after [`HALF_DAYS`]; 1 where a day is not known.
fn nearness(a: &Source, b: &Source) -> f64 {
    let days = a.date.zip(b.date).map(|(a, b)| f64::from((a - b).get_days().abs()));
    days.map_or(1.0, |days| 0.5_f64.powf(days / HALF_DAYS))
}

fn vectors(sources: &[Source]) -> Vec<Vector> {
    let bags: Vec<Vector> = sources.iter().map(bag).collect();
    let idf = Idf::new(bags.iter());
    bags.iter().map(|bag| idf.weigh(bag)).collect()
}

/// How often each stem stands in the title and the first sentences.
fn bag(source: &Source) -> Vector {
    let mut bag = Vector::new();
    let mut add = |text: &str, weight: f64| {
        for stem in sources::stems(text, source.language) {
            *bag.entry(stem).or_default() += weight;
        }
    };
    source.title.iter().for_each(|title| add(title, TITLE));
    let prose = source.sentences.iter().filter(|sentence| sentence.is_prose());
    prose.take(N_SENTENCES).for_each(|sentence| add(&sentence.text, 1.0));
    bag
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::tests::{bridge, source};

    fn mixed() -> Vec<Source> {
        let mut all = bridge();
        all.push(source(
            "c.txt",
            "Le marché aux truffes de Lormont bat son record",
            "2025-03-11",
            &[
                "Quarante kilos de truffes ont été vendus samedi au marché de Lormont.",
                "Les acheteurs sont venus de toute la vallée, disent les trufficulteurs.",
            ],
        ));
        all
    }

    #[test]
    fn articles_on_one_event_are_one_group() {
        assert_eq!(events(&mixed()), [vec![0, 1], vec![2]]);
        assert_eq!(events(&mixed()[..1]), [vec![0]]);
        assert!(events(&[]).is_empty());
    }

    #[test]
    fn the_order_of_the_articles_does_not_matter() {
        let mut sources = mixed();
        sources.reverse();
        assert_eq!(events(&sources), [vec![0], vec![1, 2]]);
    }

    #[test]
    fn years_apart_there_are_two_events() {
        let mut sources = bridge();
        sources[1].date = "2020-03-12".parse().ok();
        assert_eq!(events(&sources).len(), 2);
    }
}
