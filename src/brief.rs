//! A briefing note from several articles: every statement cited, every disagreement shown.
//!
//! [`grouping`] finds which articles tell one event; a [`Dossier`] holds those of one, read by the
//! grammars of the checks. Rules say which articles go back to one origin ([`independence`]), which
//! sentences say the same and which of them matter ([`points`]), and what the articles answer to the
//! same question ([`facts`]). What is found are places in the sources; so the citations of a note
//! are attached by the program, and nothing in it is without one.

mod fact;
pub mod facts;
pub mod grouping;
pub mod independence;
pub mod note;
pub mod points;
pub mod print;
mod source;

pub use fact::{Fact, Kind, Value};
pub use independence::Lineage;
pub use note::Note;
pub use points::Point;
pub use source::{Dossier, Place, Sentence, Source};
