//! A briefing note from several articles: every statement cited, every disagreement shown.
//!
//! [`grouping`] finds which articles tell one event; a [`Dossier`] holds those of one, read by the
//! grammars of the checks. Rules say which articles go back to one origin ([`independence`]), which
//! sentences say the same and which of them matter ([`points`]), what the articles answer to the same
//! questions ([`facts`]), who says what, and what happened when. What is found are places in the
//! sources; so the citations of a note are attached by the program, and nothing in it is without one.
//! The model writes the bottom line and translates ([`Briefing`]).

mod assemble;
mod calendar;
mod earlier;
mod fact;
pub mod facts;
mod figures;
pub mod grouping;
pub mod independence;
mod likeness;
pub mod note;
mod outline;
mod people;
pub mod points;
pub mod print;
mod rendering;
mod source;
mod statements;
mod task;
mod timeline;
mod vector;
mod words;

pub use earlier::Earlier;
pub use fact::{Fact, Kind, Value};
pub use independence::Lineage;
pub use note::Note;
pub use points::Point;
pub use source::{Dossier, Place, Sentence, Source};
pub use task::{Briefing, Options};

/// How much a note holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Length {
    Short,
    #[default]
    Standard,
    Long,
}

/// How many there are of each part, at most.
#[derive(Debug, Clone, Copy)]
struct Limits {
    n_points: usize,
    n_statements: usize,
    n_days: usize,
    n_people: usize,
    n_unknown: usize,
}

impl Length {
    fn limits(self) -> Limits {
        match self {
            Self::Short => {
                Limits { n_points: 5, n_statements: 3, n_days: 3, n_people: 5, n_unknown: 2 }
            }
            Self::Standard => {
                Limits { n_points: 7, n_statements: 6, n_days: 6, n_people: 10, n_unknown: 4 }
            }
            Self::Long => {
                Limits { n_points: 9, n_statements: 12, n_days: 12, n_people: 20, n_unknown: 8 }
            }
        }
    }
}

#[cfg(test)]
mod tests;
