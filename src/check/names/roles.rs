//! Offices and kinship beside names: `le président Paul Arnaud`, `Jean Lebrun, gendre`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::{Finding, Relation, Side};
use super::index::Index;
use super::spelling::{self, Likeness};
use super::tables::{self, Id, TABLES};
use super::words::{Word, fold};
use crate::article::Span;

/// An office that a text gives to a person.
#[derive(Debug, Clone)]
pub struct Office {
    span: Span,
    concepts: &'static [u16],
    /// `ancien`, `former`.
    is_former: bool,
    /// The country of `le président français`.
    people: &'static [Id],
    /// The person's last name.
    word: usize,
}

/// The nouns of one language, and of each concept the wider one.
struct Nouns {
    french: HashMap<String, Vec<u16>>,
    english: HashMap<String, Vec<u16>>,
    wider: Vec<Option<String>>,
    names: Vec<String>,
}

/// A noun has at most so many words.
const MAX_WORDS: usize = 7;

static NOUNS: LazyLock<Nouns> = LazyLock::new(Nouns::read);

impl Nouns {
    fn read() -> Self {
        let (french, english) = (HashMap::new(), HashMap::new());
        let mut nouns = Self { french, english, wider: Vec::new(), names: Vec::new() };
        let lines = include_str!("roles.txt").lines().filter(|line| !line.starts_with('#'));
        for (head, forms) in lines.filter_map(|line| line.split_once(':')) {
            let (name, wider) = head.split_once('<').map_or((head, None), |(a, b)| (a, Some(b)));
            let concept = nouns.names.len() as u16;
            nouns.names.push(name.trim().to_owned());
            nouns.wider.push(wider.map(|wider| wider.trim().to_owned()));
            let (french, english) = forms.split_once('=').unwrap_or((forms, ""));
            add(&mut nouns.french, french, concept);
            add(&mut nouns.english, english, concept);
        }
        nouns
    }

    fn find(&self, words: &[Word], lang: &str) -> Option<(&[u16], usize)> {
        let nouns = if lang == "en" { &self.english } else { &self.french };
        let n_linked =
            1 + words[1..].iter().take(MAX_WORDS - 1).take_while(|w| w.is_linked).count();
        (1..=n_linked).rev().find_map(|n| {
            let text = words[..n].iter().map(|w| w.folded.as_str()).collect::<Vec<_>>().join(" ");
            let singular = text.strip_suffix('s').or_else(|| text.strip_suffix('x'));
            let found = nouns.get(&text).or_else(|| nouns.get(singular?))?;
            Some((found.as_slice(), n))
        })
    }

    /// Whether one may stand for the other: the same office, or a wider word.
    fn agree(&self, told: u16, said: u16) -> bool {
        // `chef`, `head`, `leader` are said of every office.
        let is_any = |concept: u16| self.names[concept as usize] == "head";
        if is_any(told) || is_any(said) {
            return true;
        }
        let is_wider =
            |a: u16, b: u16| self.wider[a as usize].as_ref() == Some(&self.names[b as usize]);
        told == said || is_wider(said, told) || is_wider(told, said)
    }
}

fn add(nouns: &mut HashMap<String, Vec<u16>>, forms: &str, concept: u16) {
    for form in forms.split('/').map(str::trim).filter(|form| !form.is_empty()) {
        let words = form.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        let text = words.map(fold).collect::<Vec<_>>().join(" ");
        let concepts: &mut Vec<u16> = nouns.entry(text).or_default();
        if !concepts.contains(&concept) {
            concepts.push(concept);
        }
    }
}

/// The offices of a text that stand right beside a name.
pub fn find(words: &[Word], text: &str, lang: &str) -> Vec<Office> {
    let mut offices = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = NOUNS.find(&words[at..], lang).filter(|_| !is_of_a_chamber(words, at));
        let Some((concepts, n)) = found else {
            at += 1;
            continue;
        };
        let (before, people_before) = people_ending(words, at, lang);
        let (after, people_after) = people_at(words, at + n, lang);
        let people = if people_before.is_empty() { people_after } else { people_before };
        let office = |word: usize| Office {
            span: Span::new(words[at].span.start, words[at + n - 1].span.end),
            concepts,
            is_former: is_former(words, before),
            people,
            word,
        };
        let field = field_end(words, after, lang);
        let after = field.unwrap_or(after);
        let mut holders = holders_after(words, text, after, lang);
        // Behind a field, a single word is rather a body than a person.
        holders.retain(|last| field.is_none() || *last > after);
        if holders.is_empty() {
            offices.extend(holder_before(words, text, before, lang).map(office));
        }
        offices.extend(holders.into_iter().map(office));
        at += n;
    }
    offices
}

fn is_and(word: &Word) -> bool {
    matches!(word.folded.as_str(), "et" | "and")
}

/// The representatives of the `Chambre des représentants` are nobody's office.
fn is_of_a_chamber(words: &[Word], at: usize) -> bool {
    let before = at.checked_sub(2).and_then(|first| words.get(first));
    before.is_some_and(|word| {
        matches!(word.folded.as_str(), "chambre" | "house" | "conseil" | "board" | "council")
    })
}

/// A people right after the noun: where it ends, and which it is.
fn people_at(words: &[Word], at: usize, lang: &str) -> (usize, &'static [Id]) {
    let linked = words.get(at).filter(|word| word.is_linked);
    let found = linked.and_then(|_| TABLES.forms(lang).longest_at(&words[at..]));
    found.filter(|(form, _)| form.is_people).map_or((at, &[]), |(form, n)| (at + n, &form.ids))
}

/// A people right before the noun: where it begins, and which it is.
fn people_ending(words: &[Word], at: usize, lang: &str) -> (usize, &'static [Id]) {
    let Some(before) = at.checked_sub(1).filter(|_| words[at].is_linked) else { return (at, &[]) };
    let found = TABLES.forms(lang).longest_at(&words[before..at]);
    let is_country = |ids: &[Id]| ids.iter().all(|id| TABLES.parent(*id).is_none());
    let found = found.filter(|(form, _)| lang == "en" && is_country(&form.ids) && !form.is_given);
    found.map_or((at, &[]), |(form, _)| (before, &form.ids))
}

/// The end of what an office is over: `de la Justice` before a name. `gendre de Donald Trump` has none.
fn field_end(words: &[Word], at: usize, lang: &str) -> Option<usize> {
    let opens = ["de", "du", "des", "d", "of", "a", "aux", "for"];
    words.get(at).filter(|w| w.is_linked && opens.contains(&w.folded.as_str()))?;
    let is_field = |word: &Word| {
        let place = TABLES.forms(lang).longest_at(std::slice::from_ref(word));
        tables::is_common(&word.folded, lang) || place.is_some_and(|(form, _)| !form.is_given)
    };
    let n_rest = words[at + 1..]
        .iter()
        .take(6)
        .take_while(|w| w.is_linked && is_field(w) && !is_and(w))
        .count();
    let end = at + 1 + n_rest;
    words[at + 1..end].iter().any(Word::is_capital).then_some(end)
}

fn is_former(words: &[Word], at: usize) -> bool {
    let before = words[..at].iter().rev().take(2);
    let marks =
        ["ancien", "ancienne", "anciens", "anciennes", "ex", "former", "onetime", "erstwhile"];
    before.into_iter().any(|word| marks.contains(&word.folded.as_str()))
}

/// The last words of the names that begin at `at`: one, or several that `et` joins.
fn holders_after(words: &[Word], text: &str, mut at: usize, lang: &str) -> Vec<usize> {
    let mut holders = Vec::new();
    while let Some(last) = name_at(words, text, at, lang) {
        holders.push(last);
        let joined = words.get(last + 1).filter(|w| w.is_linked && is_and(w));
        if joined.is_none() {
            break;
        }
        at = last + 2;
    }
    holders
}

fn name_at(words: &[Word], text: &str, at: usize, lang: &str) -> Option<usize> {
    // `J.` is an initial, whatever word it is in the lists.
    let is_name = |word: &Word| {
        word.is_capital() && (word.folded.len() == 1 || !tables::is_common(&word.folded, lang))
    };
    let first = words.get(at).filter(|word| is_name(word) && is_close(words, text, at))?;
    if TABLES
        .forms(lang)
        .longest_at(std::slice::from_ref(first))
        .is_some_and(|(form, _)| form.is_people)
    {
        return None;
    }
    let rest = words[at + 1..].iter().take_while(|word| word.is_linked && is_name(word)).count();
    Some(at + rest)
}

/// Only blanks, a comma or a dash stand before the word.
fn is_close(words: &[Word], text: &str, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    let gap = text.get(words[before].span.end..words[at].span.start).unwrap_or_default();
    gap.chars().count() <= 4
        && gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '-' | '–' | '—'))
}

/// `Jean Lebrun, le gendre de ...`: the name that an office stands in apposition to.
fn holder_before(words: &[Word], text: &str, at: usize, lang: &str) -> Option<usize> {
    let articles = [
        "le", "la", "l", "the", "ancien", "ancienne", "ex", "former", "un", "une", "a", "son",
        "sa", "his", "her",
    ];
    let mut first = at;
    while first > 0 && first + 2 >= at && articles.contains(&words[first - 1].folded.as_str()) {
        first -= 1;
    }
    let holder = first.checked_sub(1)?;
    let gap = text.get(words[holder].span.end..words.get(first)?.span.start)?;
    let is_apposition = gap.contains([',', '–', '—']) || gap.contains("--");
    let is_name = words[holder].is_capital() && !tables::is_common(&words[holder].folded, lang);
    let listed = TABLES.forms(lang).longest_at(std::slice::from_ref(&words[holder]));
    let is_name = is_name && listed.is_none_or(|(form, _)| !form.is_people);
    (is_apposition && gap.chars().count() <= 4 && is_name).then_some(holder)
}

/// Findings for offices that moved to another person or changed.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    let both = Both { source, target };
    let mut findings: Vec<Finding> =
        target.names.offices.iter().filter_map(|told| both.judge(told)).collect();
    if relation == Relation::Translation && !findings.iter().any(|f| f.kind == "role") {
        findings.extend(both.former());
    }
    findings
}

struct Both<'s> {
    source: &'s Side<'s>,
    target: &'s Side<'s>,
}

impl Both<'_> {
    fn judge(&self, told: &Office) -> Option<Finding> {
        let said: Vec<&Office> =
            self.source.names.offices.iter().filter(|said| self.is_same(said, told.word)).collect();
        if said.is_empty() {
            return self.moved(told);
        }
        let agreeing: Vec<&&Office> = said.iter().filter(|said| agree(told, said)).collect();
        let Some(first) = agreeing.first() else {
            // Somebody's brother may be a deputy too.
            let rival = said.iter().find(|said| is_kin(said) == is_kin(told))?;
            return Some(self.changed(told, rival));
        };
        let people = agreeing.iter().flat_map(|said| said.people);
        let has_other =
            people.clone().next().is_some() && !people.clone().any(|id| told.people.contains(id));
        if !told.people.is_empty() && has_other {
            let message =
                format!("`{}` has another country in the source", told.span.of(self.target.text));
            let finding = Finding::error("nationality", message);
            return Some(finding.in_source(first.span).in_target(told.span));
        }
        let is_otherwise = agreeing.iter().all(|said| said.is_former != told.is_former);
        is_otherwise.then(|| self.when(told, first))
    }

    fn is_same(&self, said: &Office, at: usize) -> bool {
        let first_name = |side: &Side, at: usize| {
            let before = at.checked_sub(1).map(|before| &side.names.words[before]);
            let before = before.filter(|w| w.is_capital() && side.names.words[at].is_linked);
            before
                .filter(|w| !tables::is_common(&w.folded, side.lang))
                .and_then(|w| w.folded.chars().next())
        };
        let firsts = (first_name(self.source, said.word), first_name(self.target, at));
        if matches!(firsts, (Some(a), Some(b)) if a != b && said.word > 0) {
            return false;
        }
        let (name, holder) = (&self.source.names.words[said.word], &self.target.names.words[at]);
        if name.folded == holder.folded {
            return true;
        }
        let (fr, en) = if self.target.lang == "en" { (name, holder) } else { (holder, name) };
        self.source.lang != self.target.lang
            && spelling::compare(&fr.folded, &en.folded) == Likeness::Same
    }

    fn changed(&self, told: &Office, said: &Office) -> Finding {
        let (was, is) = (said.span.of(self.source.text), told.span.of(self.target.text));
        let name = self.target.names.words[told.word].span.of(self.target.text);
        let message = format!("`{was}` became `{is}` beside `{name}`");
        Finding::warning("role", message).in_source(said.span).in_target(told.span)
    }

    /// The office is another person's in the source, who has lost it in the target.
    fn moved(&self, told: &Office) -> Option<Finding> {
        let holder = &self.target.names.words[told.word];
        if !self.source.names.has_word(&holder.folded) {
            return None;
        }
        let mut others = self.source.names.offices.iter().filter(|said| agree(told, said));
        let said = others.next().filter(|_| others.next().is_none())?;
        let owner = &self.source.names.words[said.word];
        if owner.folded == holder.folded {
            return None;
        }
        let keeps = |other: &&Office| agree(other, said) && self.is_same(said, other.word);
        if self.target.names.offices.iter().any(|other| keeps(&other)) {
            return None;
        }
        let owner = owner.span.of(self.source.text);
        let message = format!("`{}` is `{owner}` in the source", told.span.of(self.target.text));
        Some(Finding::warning("role", message).in_source(said.span).in_target(told.span))
    }

    fn when(&self, told: &Office, said: &Office) -> Finding {
        let office = told.span.of(self.target.text);
        let message = if told.is_former {
            format!("`{office}` is in office in the source, not former")
        } else {
            format!("`{office}` is a former one in the source")
        };
        Finding::error("role", message).in_source(said.span).in_target(told.span)
    }

    /// `ancien` before an office without a name, lost or invented.
    fn former(&self) -> Option<Finding> {
        let said = former_office(&self.source.names, self.source.lang);
        let told = former_office(&self.target.names, self.target.lang);
        match (said, told) {
            (Some(span), None) if !has_past(&self.target.names) => {
                let message = format!("`{}` of the source is lost", span.of(self.source.text));
                Some(Finding::warning("role", message).in_source(span))
            }
            (None, Some(span)) if !has_past(&self.source.names) => {
                let message = format!("`{}` is not in the source", span.of(self.target.text));
                Some(Finding::warning("role", message).in_target(span))
            }
            _ => None,
        }
    }
}

/// Kinship stands in the list from the son-in-law on.
fn is_kin(office: &Office) -> bool {
    let first = NOUNS.names.iter().position(|name| name == "son-in-law");
    first.is_some_and(|first| office.concepts.iter().all(|concept| usize::from(*concept) >= first))
}

fn agree(told: &Office, said: &Office) -> bool {
    told.concepts.iter().any(|t| said.concepts.iter().any(|s| NOUNS.agree(*t, *s)))
}

/// The first `ancien` that stands before an office.
fn former_office(index: &Index, lang: &str) -> Option<Span> {
    let marks = ["ancien", "ancienne", "anciens", "anciennes", "former", "ex"];
    let at = (0..index.words.len().saturating_sub(1)).find(|at| {
        let next = &index.words[at + 1];
        let is_mark = marks.contains(&index.words[*at].folded.as_str());
        let people = |at: usize| people_at(&index.words, at, lang).0;
        is_mark && next.is_linked && {
            let noun = people(at + 1).min(index.words.len() - 1);
            NOUNS.find(&index.words[noun..], lang).is_some()
        }
    })?;
    Some(Span::new(index.words[at].span.start, index.words[at + 1].span.end))
}

/// Other words that say that somebody is no longer in office.
fn has_past(index: &Index) -> bool {
    let words = [
        "ancien",
        "ancienne",
        "anciens",
        "anciennes",
        "ex",
        "former",
        "formerly",
        "previous",
        "previously",
        "past",
        "late",
        "old",
        "retired",
        "once",
        "outgoing",
        "precedent",
        "precedente",
        "sortant",
        "jadis",
        "autrefois",
        "alors",
        "then",
        "ancestral",
        "longtime",
        "veteran",
        "one",
    ];
    words.iter().any(|word| index.has_word(word))
}
