//! A number with what it counts.

use std::collections::BTreeSet;

use crate::brief::facts::data::{WORDS, has, terms};
use crate::brief::facts::place::segment;
use crate::brief::figures::grouped;
use crate::brief::source::{Dossier, Place};
use crate::check::Side;
use crate::check::names::Word;
use crate::digest::Language;
use crate::numbers::{Bound, Form, Quantity};

/// French bends the ends of words.
const STEM_LETTERS: usize = 6;
const MIN_LETTERS: usize = 4;
/// So many words before and behind a number say what it is of.
const N_AROUND: usize = 3;
/// Two counts of one thing differ by this factor at most.
const FAR: f64 = 3.0;
/// Of the same casualties are those of the first sentences.
const N_LEAD: usize = 6;

/// A number in a sentence.
#[derive(Debug, Clone)]
pub struct Mention {
    /// The unit, or the beginning of the noun.
    pub key: String,
    pub value: f64,
    pub bound: Bound,
    pub place: Place,
    /// Lower is clearer.
    pub rank: usize,
    /// Number and unit as the sentence has them.
    text: String,
    noun: String,
    class: Class,
    /// Stems of the words around it.
    near: BTreeSet<String>,
    /// Stems of the words of its sentence.
    all: BTreeSet<String>,
    is_planned: bool,
    is_lead: bool,
}

/// How much the unit itself says of what is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Dead, injured: of the event.
    Casualties,
    /// Euros, km/h.
    Measure,
    /// Tonnes, metres, per cent: said of many things in one article.
    Common,
    /// `communes`, `voyageurs`.
    Noun,
}

/// The numbers of a sentence that are of the thing itself: no parts, limits, ages or lengths of time.
pub fn read(dossier: &Dossier, place: Place) -> Vec<Mention> {
    let side = dossier.side(place);
    let is_lead = dossier.n_before(place) < N_LEAD;
    let quantities = side.numbers.iter().filter(|q| side.lang == "fr" && is_whole(side, q));
    // What is exact is clearer than a round number, running text clearer than a title.
    let title = usize::from(!dossier.sentence(place).is_prose());
    quantities
        .filter_map(|q| Mention::of(side, q, place))
        .map(|m| Mention { is_lead, rank: 2 * m.rank + title, ..m })
        .collect()
}

impl Mention {
    pub fn of(side: &Side, quantity: &Quantity, place: Place) -> Option<Self> {
        let words = &side.names.words;
        let (key, noun, class) = match quantity.unit {
            Some(unit) if matches!(unit.dimension, "time" | "any" | "gender") => return None,
            Some(unit) if unit.dimension == "people" => {
                (unit.name.to_owned(), unit.name.to_owned(), Class::Casualties)
            }
            Some(unit) if matches!(unit.dimension, "currency" | "speed") => {
                (unit.name.to_owned(), unit.name.to_owned(), Class::Measure)
            }
            Some(unit) => (unit.name.to_owned(), unit.name.to_owned(), Class::Common),
            None => {
                let noun = noun_behind(words, quantity)?;
                (stem(&noun.folded), noun.span.of(side.text).to_owned(), Class::Noun)
            }
        };
        Some(Self {
            near: near(side, quantity, &key),
            all: stems(words.iter(), &key),
            is_planned: words.iter().any(|word| has("planned", word)),
            text: quantity.number.of(side.text).to_owned(),
            value: quantity.value,
            bound: quantity.bound,
            rank: usize::from(quantity.bound != Bound::Exact),
            is_lead: false,
            key,
            noun,
            class,
            place,
        })
    }

    /// Whether both count the same thing, as far as words tell.
    pub fn is_of_same(&self, other: &Self) -> bool {
        let n_near = self.near.intersection(&other.near).count();
        let n_all = self.all.intersection(&other.all).count();
        let is_equal = super::fits(self, other);
        match self.class {
            Class::Casualties => self.is_lead && other.is_lead || n_near > 0,
            Class::Measure | Class::Common if is_equal => {
                n_all > 0 || self.is_particular() && other.is_particular()
            }
            Class::Measure => n_near > 0,
            Class::Noun if is_equal => n_all > 1,
            _ if self.is_far_from(other) => false,
            Class::Common => n_near > 2,
            Class::Noun => self.is_planned == other.is_planned && n_near > 1,
        }
    }

    /// Counts that lie so far apart are hardly of one thing: 5 that were found, 39 that died.
    fn is_far_from(&self, other: &Self) -> bool {
        self.value.max(other.value) > FAR * self.value.min(other.value)
    }

    /// `12,5 millions` is hardly said of two things.
    fn is_particular(&self) -> bool {
        let digits: String = self.text.chars().filter(char::is_ascii_digit).collect();
        digits.trim_end_matches('0').len() >= 3
    }

    /// `How many injured?`, `How much (euros)?`
    pub fn question(&self, language: Language) -> String {
        let unit = self.unit(language);
        let is_measure = matches!(self.class, Class::Measure | Class::Common);
        match language {
            Language::French if is_measure => format!("Combien ({unit}) ?"),
            Language::French => format!("Combien de {unit} ?"),
            Language::English if is_measure => format!("How much ({unit})?"),
            Language::English => format!("How many {unit}?"),
        }
    }

    /// The unit or noun in the language of the note, where the table has it.
    fn unit(&self, language: Language) -> String {
        let mut known = terms(if self.class == Class::Noun { "noun" } else { "unit" });
        match known.find(|term| term.key == self.key) {
            Some(term) => term.label(language).to_owned(),
            None if language == Language::French => self.noun.clone(),
            None if self.class == Class::Noun => format!("« {} »", self.noun),
            None => self.noun.clone(),
        }
    }

    /// `32 injured`, `12.5 million euros`
    pub fn shown(&self, language: Language) -> String {
        let about = match (self.bound, language) {
            (Bound::About, Language::French) => "environ ",
            (Bound::About, _) => "about ",
            (Bound::Nearly, Language::French) => "près de ",
            (Bound::Nearly, _) => "nearly ",
            (Bound::AtLeast, Language::French) => "au moins ",
            (Bound::AtLeast, _) => "at least ",
            (Bound::AtMost, Language::French) => "au plus ",
            (Bound::AtMost, _) => "at most ",
            _ => "",
        };
        let (unit, value) = (self.unit(language), grouped(self.value, language.code()));
        let is_scaled = language == Language::French && value.contains("milli");
        let gap = match unit.chars().next() {
            Some('%') if language == Language::English => "",
            Some('a' | 'e' | 'é' | 'h' | 'i' | 'o' | 'u') if is_scaled => " d'",
            _ if is_scaled => " de ",
            _ => " ",
        };
        format!("{about}{value}{gap}{unit}")
    }
}

fn is_whole(side: &Side, quantity: &Quantity) -> bool {
    let words = &side.names.words;
    let is_plain = matches!(quantity.form, Form::Cardinal) && quantity.value >= 2.0;
    let is_open = matches!(quantity.bound, Bound::Magnitude | Bound::From | Bound::To);
    let before = words.iter().rev().filter(|word| word.span.end <= quantity.span.start);
    // `moins de 30` is a bound of the number itself.
    let mut before =
        before.filter(|word| !matches!(word.folded.as_str(), "de" | "d" | "la" | "les" | "des"));
    let is_part =
        before.next().is_some_and(|word| quantity.bound == Bound::Exact && has("part", word));
    let behind = words.iter().filter(|word| word.span.start >= quantity.span.end).take(3);
    let is_partial = behind.take_while(|word| word.is_linked).any(|word| has("part-behind", word));
    is_plain && !is_open && !is_part && !is_partial
}

fn noun_behind<'s>(words: &'s [Word], quantity: &Quantity) -> Option<&'s Word> {
    let behind = words.iter().filter(|word| word.span.start >= quantity.span.end);
    let mut behind = behind.take(3).skip_while(|w| matches!(w.folded.as_str(), "de" | "d"));
    let noun = behind.next().filter(|word| word.is_linked && !word.is_capital())?;
    let is_plural = noun.folded.ends_with(['s', 'x']);
    let is_said = WORDS.has("fr", "common", &noun.folded) || noun.folded.len() < MIN_LETTERS;
    (is_plural && !is_said).then_some(noun)
}

fn near(side: &Side, quantity: &Quantity, key: &str) -> BTreeSet<String> {
    let part = segment(side.text, quantity.span.start);
    let inside = side.names.words.iter().filter(|word| part.contains(&word.span.start));
    let (before, rest): (Vec<&Word>, Vec<&Word>) =
        inside.partition(|word| word.span.end <= quantity.span.start);
    let behind: Vec<&Word> =
        rest.into_iter().filter(|word| word.span.start >= quantity.span.end).collect();
    let is_content = |word: &&&Word| is_content(word, key);
    let before = before.iter().rev().filter(is_content).take(N_AROUND);
    let around = before.chain(behind.iter().filter(is_content).take(N_AROUND));
    around.map(|word| stem(&word.folded)).collect()
}

fn stems<'w>(words: impl Iterator<Item = &'w Word>, key: &str) -> BTreeSet<String> {
    words.filter(|word| is_content(word, key)).map(|word| stem(&word.folded)).collect()
}

fn is_content(word: &Word, key: &str) -> bool {
    word.folded.len() >= MIN_LETTERS
        && !word.folded.starts_with(|c: char| c.is_ascii_digit())
        && !WORDS.has("fr", "common", &word.folded)
        && stem(&word.folded) != key
}

fn stem(folded: &str) -> String {
    folded.chars().take(STEM_LETTERS).collect()
}
