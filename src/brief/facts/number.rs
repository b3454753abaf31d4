//! How many, how much: numbers of several articles that count the same.

mod amount;
mod mention;

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Answer, fact};
use super::data::say;
use crate::brief::calendar::date;
use crate::brief::fact::{Fact, Kind};
use crate::brief::source::Dossier;
use crate::digest::Language;
pub use amount::fits;
pub use mention::Mention;

/// Of more agreements than these nobody reads.
const MAX_AGREEMENTS: usize = 8;

/// Questions of all that the articles count.
pub fn find(dossier: &Dossier, language: Language) -> Vec<Fact> {
    let mut by_key: BTreeMap<String, Vec<Mention>> = BTreeMap::new();
    for place in dossier.places() {
        for mention in mention::read(dossier, place) {
            by_key.entry(mention.key.clone()).or_default().push(mention);
        }
    }
    let things = by_key.into_values().flat_map(things);
    let facts = things.filter_map(|thing| ask(dossier, &thing, language));
    let (differ, mut agree): (Vec<Fact>, Vec<Fact>) = facts.partition(Fact::is_disagreement);
    agree.sort_by_key(|fact| std::cmp::Reverse(fact.values[0].places.len()));
    agree.truncate(MAX_AGREEMENTS);
    differ.into_iter().chain(agree).collect()
}

/// Mentions with one unit, by the thing that they count: what several of them have in common.
fn things(mentions: Vec<Mention>) -> Vec<Vec<Mention>> {
    let mut things: Vec<Vec<Mention>> = Vec::new();
    for mention in mentions {
        let (mut joined, others): (Vec<_>, Vec<_>) = things
            .into_iter()
            .partition(|thing| thing.iter().any(|other| other.is_of_same(&mention)));
        let mut thing: Vec<Mention> = joined.drain(..).flatten().collect();
        thing.push(mention);
        things = others;
        things.push(thing);
    }
    things
}

fn ask(dossier: &Dossier, thing: &[Mention], language: Language) -> Option<Fact> {
    let groups = amount::groups(thing);
    let answer = |(mention, group): (&Mention, &usize)| Answer {
        key: format!("{group:04}"),
        value: mention.shown(language),
        place: mention.place,
        rank: mention.rank,
    };
    let answers: Vec<Answer> = thing.iter().zip(&groups).map(answer).collect();
    let fact = fact(Kind::Number, thing.first()?.question(language), &answers)?;
    let remark = fact.is_disagreement().then(|| dates(dossier, &fact, language)).flatten();
    Some(Fact { remark, ..fact })
}

/// Articles of different days may count what became more: their days.
fn dates(dossier: &Dossier, fact: &Fact, language: Language) -> Option<String> {
    let places = fact.values.iter().map(|value| value.places.iter());
    let days: Vec<BTreeSet<_>> =
        places.map(|places| places.filter_map(|p| dossier.source(*p).date).collect()).collect();
    let all: BTreeSet<_> = days.iter().flatten().collect();
    if all.len() < 2 || days.iter().any(BTreeSet::is_empty) {
        return None;
    }
    let shown = |(value, days): (&crate::brief::fact::Value, &BTreeSet<_>)| {
        let days: Vec<String> = days.iter().map(|day| date(*day, language)).collect();
        format!("{}: {}", value.value, days.join(", "))
    };
    let shown: Vec<String> = fact.values.iter().zip(&days).map(shown).collect();
    let lead = say(language, "articles de jours différents", "articles of different days");
    Some(format!("{lead} ({})", shown.join("; ")))
}
