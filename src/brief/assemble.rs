//! From places to the sentences of a note, each with its citations.

mod entries;

use std::collections::BTreeSet;

use super::Earlier;
use super::fact::{Fact, Kind, Value};
use super::note::{Answer, Citation, Dated, Event, Figure, Item, Mark, Name, Question, Statement};
use super::outline::Outline;
use super::rendering::{Rendered, Wording};
use super::source::{Dossier, Place, Source};
use super::statements::Said;
use super::{figures, people, task, timeline};
use crate::check::{self, Finding, Severity};
use crate::digest::Language;

/// All that a note on one event is put together from.
pub struct Assembly<'a> {
    pub sources: &'a [Source],
    pub outline: &'a Outline,
    pub rendered: &'a dyn Fn(&Wording) -> Rendered,
    /// The sentences of the bottom line in fewer words, where they are.
    pub shortened: &'a [Option<String>],
    pub earlier: Option<&'a Earlier>,
    pub language: Language,
}

impl Assembly<'_> {
    pub fn event(&self) -> Event {
        let outline = self.outline;
        let key_points: Vec<Item> = outline.points.iter().map(|p| self.item(&p.places)).collect();
        let statements: Vec<Statement> =
            outline.statements.iter().map(|said| self.statement(said)).collect();
        let (differ, agree): (Vec<&Fact>, Vec<&Fact>) =
            outline.facts.iter().partition(|fact| fact.is_disagreement());
        let single = |item: &&Item| item.n_independent <= 1 && self.sources.len() > 1;
        Event {
            title: self.title(),
            bottom_line: self.bottom_line(),
            single_source: key_points.iter().filter(single).cloned().collect(),
            figures: self.figures(),
            key_points,
            statements,
            agreements: agree.into_iter().map(|fact| self.question(fact)).collect(),
            disagreements: differ.into_iter().map(|fact| self.question(fact)).collect(),
            timeline: self.timeline(),
            names: self.names(),
            unknown: outline.unknown.iter().map(|place| self.item(&[*place])).collect(),
            sources: self.entries(),
            n_independent: outline.n_origins(),
        }
    }

    /// What the sentences say, in the words of the first.
    fn item(&self, places: &[Place]) -> Item {
        self.worded(places, places.first().map(|place| task::wording(self.sources, *place)))
    }

    /// What the sentences say, in these words.
    fn worded(&self, places: &[Place], wording: Option<Wording>) -> Item {
        let rendered = wording.map(|wording| (self.rendered)(&wording));
        let rendered = rendered.unwrap_or(Rendered { text: String::new(), findings: Vec::new() });
        let mut checks: Vec<Mark> = marks(&rendered.findings);
        checks.extend(self.disputed(places.first()));
        let citations: Vec<Citation> =
            places.iter().map(|place| self.cite(*place, false)).collect();
        Item {
            text: rendered.text,
            is_new: self.earlier.is_some_and(|earlier| earlier.lacks(&citations)),
            citations,
            checks,
            n_independent: self.outline.n_independent(places),
            is_shortened: false,
        }
    }

    /// The questions that a sentence answers in one way, and another source in another.
    fn disputed(&self, place: Option<&Place>) -> Vec<Mark> {
        let Some(place) = place else { return Vec::new() };
        let facts = self.outline.facts.iter().filter(|fact| fact.is_disagreement());
        let cites = |fact: &&Fact| fact.values.iter().any(|value| value.places.contains(place));
        let mark = |fact: &Fact| Mark {
            kind: "disputed",
            severity: Severity::Note,
            message: match self.language {
                Language::English => format!("sources differ: {}", fact.question),
                Language::French => format!("les sources divergent : {}", fact.question),
            },
        };
        facts.filter(cites).map(mark).collect()
    }

    fn cite(&self, place: Place, with_translation: bool) -> Citation {
        let source = &self.sources[place.source_idx];
        let sentence = &source.sentences[place.sentence_idx];
        let is_other = with_translation && source.language != self.language.code();
        let rendered = is_other.then(|| (self.rendered)(&task::wording(self.sources, place)));
        Citation {
            source: place.source_idx + 1,
            span: sentence.span,
            quote: sentence.text.clone(),
            checks: rendered.as_ref().map(|r| marks(&r.findings)).unwrap_or_default(),
            translation: rendered.map(|rendered| rendered.text),
        }
    }

    /// The first title that has no error.
    fn title(&self) -> Item {
        let titles = self.outline.titled.iter().filter_map(|idx| {
            let wording = task::title(&self.sources[*idx])?;
            let rendered = (self.rendered)(&wording);
            Some((*idx, wording, rendered))
        });
        let mut titles: Vec<(usize, Wording, Rendered)> = titles.collect();
        titles.sort_by_key(|(.., rendered)| check::has_error(&rendered.findings));
        let Some((source_idx, wording, rendered)) = titles.into_iter().next() else {
            let first = self.outline.points.first().map(|point| point.places[0]);
            return self.item(first.as_slice());
        };
        let own = self.sources[source_idx].sentences.iter().position(|s| s.text == wording.text);
        let quote = Citation {
            source: source_idx + 1,
            span: None,
            quote: wording.text.clone(),
            translation: None,
            checks: Vec::new(),
        };
        let place = own.map(|sentence_idx| Place { source_idx, sentence_idx });
        Item {
            text: rendered.text,
            citations: vec![place.map_or(quote, |place| self.cite(place, false))],
            checks: marks(&rendered.findings),
            n_independent: self.outline.n_independent(&[Place { source_idx, sentence_idx: 0 }]),
            is_new: false,
            is_shortened: false,
        }
    }

    /// The weightiest sentences, shortened where that could be done.
    fn bottom_line(&self) -> Vec<Item> {
        let all = self.outline.bottom_line.iter().zip(self.shortened);
        let item = |(places, short): (&Vec<Place>, &Option<String>)| {
            let wording = task::short_wording(self.sources, places[0], short.as_deref());
            Item { is_shortened: short.is_some(), ..self.worded(places, Some(wording)) }
        };
        all.map(item).collect()
    }

    fn statement(&self, said: &Said) -> Statement {
        Statement {
            speaker: self.speaker(said),
            is_quote: said.is_quote,
            varies: said.varies,
            item: self.item(&said.places),
        }
    }

    /// A name as it is; of others the translation, where it has no error.
    fn speaker(&self, said: &Said) -> String {
        if said.is_person {
            return said.speaker.clone();
        }
        let rendered = (self.rendered)(&task::speaker_wording(said, self.sources));
        match check::has_error(&rendered.findings) {
            true => format!("« {} »", said.speaker),
            false => rendered.text,
        }
    }

    fn question(&self, fact: &Fact) -> Question {
        let translates = fact.is_disagreement();
        let answer = |value: &Value| Answer {
            value: value.value.clone(),
            citations: value.places.iter().map(|place| self.cite(*place, translates)).collect(),
            n_independent: self.outline.n_independent(&value.places),
        };
        let mut values: Vec<Answer> = fact.values.iter().map(answer).collect();
        values.sort_by_key(|answer| std::cmp::Reverse(answer.n_independent));
        let mut question = Question {
            kind: fact.kind,
            question: fact.question.clone(),
            values,
            remark: fact.remark.clone(),
            is_new: false,
        };
        question.is_new = self.earlier.is_some_and(|earlier| earlier.lacks_answer(&question));
        question
    }

    fn timeline(&self) -> Vec<Dated> {
        let dated = |entry: &timeline::Entry| Dated {
            date: entry.days.first,
            when: timeline::told(entry.days, self.language),
            item: self.item(&entry.places),
        };
        self.outline.timeline.iter().map(dated).collect()
    }

    /// The numbers of what the note shows, each once.
    fn figures(&self) -> Vec<Figure> {
        let dossier = Dossier::new(self.sources);
        let outline = self.outline;
        let groups = outline.points.iter().map(|point| &point.places);
        let groups = groups.chain(outline.timeline.iter().map(|entry| &entry.places));
        let groups = groups.chain(outline.statements.iter().map(|said| &said.places));
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for value in outline.facts.iter().filter(|f| f.kind == Kind::Number).flat_map(|f| &f.values)
        {
            seen.insert(value.value.clone());
            all.push(Figure { value: value.value.clone(), item: self.item(&value.places) });
        }
        for places in groups {
            for value in figures::find(dossier.side(places[0]), self.language.code()) {
                let is_told =
                    all.iter().any(|own: &Figure| own.value.starts_with(&format!("{value} ")));
                if !is_told && seen.insert(value.clone()) {
                    all.push(Figure { value, item: self.item(places) });
                }
            }
        }
        all
    }

    fn names(&self) -> Vec<Name> {
        let name = |person: &people::Person| Name {
            name: person.name.clone(),
            roles: person.roles.iter().map(|role| self.role(role)).collect(),
        };
        self.outline.people.iter().map(name).collect()
    }

    fn role(&self, role: &people::Role) -> Answer {
        Answer {
            value: role.told(self.language.code()),
            citations: role.places.iter().map(|place| self.cite(*place, false)).collect(),
            n_independent: self.outline.n_independent(&role.places),
        }
    }
}

fn marks(findings: &[Finding]) -> Vec<Mark> {
    let told = findings.iter().filter(|finding| finding.severity >= Severity::Warning);
    told.map(Mark::from).collect()
}
