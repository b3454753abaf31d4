//! Offices and kinship beside names: `le président Paul Arnaud`, `Jean Lebrun, gendre`.

mod find;
mod former;
mod nouns;

pub use find::{Office, find};

use super::spelling::{self, Likeness};
use super::tables;
use super::words::Case;
use crate::article::Span;
use crate::check::{Finding, Relation, Side};
use nouns::NOUNS;

impl Office {
    /// The words of the office in its text.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The last name of who holds it, by its place among the words of the text.
    pub fn holder(&self) -> usize {
        self.word
    }

    /// `ancien`, `former`.
    pub fn is_former(&self) -> bool {
        self.is_former
    }

    /// `gendre`, `fils`: no office.
    pub fn is_kinship(&self) -> bool {
        NOUNS.is_kin(self.concepts)
    }

    /// The office in English, as the list has it first.
    pub fn english(&self) -> Option<&'static str> {
        self.concepts.first().and_then(|concept| NOUNS.english(*concept))
    }

    /// Whether both may be one office, or are of one rank: an envoy and an adviser are officials.
    pub fn is_like(&self, other: &Self) -> bool {
        let pairs = self.concepts.iter().flat_map(|a| other.concepts.iter().map(move |b| (*a, *b)));
        pairs.into_iter().any(|(a, b)| NOUNS.agree(a, b) || NOUNS.are_of_one_rank(a, b))
    }
}

/// Findings for offices that moved to another person or changed.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    let both = Both { source, target };
    let mut findings: Vec<Finding> =
        target.names.offices.iter().filter_map(|told| both.judge(told)).collect();
    if relation == Relation::Translation && !findings.iter().any(|f| f.kind == "role") {
        findings.extend(former::compare(source, target));
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
            let rival = said
                .iter()
                .find(|said| NOUNS.is_kin(said.concepts) == NOUNS.is_kin(told.concepts))?;
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
        // `le député LREM Paul Arnaud`, `le président à l'Élysée`: a party or a palace holds no office.
        let is_body = [owner, holder].iter().any(|word| word.case == Case::Upper)
            || is_place(self.source, said.word);
        if owner.folded == holder.folded || is_body {
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
}

/// Whether a word is a place or an institution of the lists.
fn is_place(side: &Side, at: usize) -> bool {
    let mut mentions = side.names.mentions.iter().filter(|m| (m.first..m.end).contains(&at));
    mentions.any(|mention| !mention.ids.is_empty() && !mention.is_given)
}

fn agree(told: &Office, said: &Office) -> bool {
    told.concepts.iter().any(|t| said.concepts.iter().any(|s| NOUNS.agree(*t, *s)))
}
