//! One file a verb: typed arguments become ready objects, the library does the work, `output`
//! shows it.

pub mod bench;
pub mod brief;
mod care;
pub mod check;
pub mod clean;
mod common;
pub mod digest;
pub mod doctor;
pub mod eval;
mod input;
mod interrupt;
mod job;
mod language;
mod model;
pub mod models;
mod ordered;
mod pace;
mod tally;
pub mod translate;
mod translator;
