//! How good are translations, summaries and the checks themselves, over a set of examples?
//!
//! - [`set`] reads a set: one JSON object a line, whose fields may bear several names;
//! - [`translation`] scores translations against references, and counts what the checks find;
//! - [`summaries`] scores summaries against references, beside the first sentences of the article;
//! - [`checks`] measures the checks: how many damaged translations they notice, and how many good
//!   ones they blame.
//!
//! No files and no clock: the texts come from the caller, and a report goes back.

pub mod checks;
pub mod set;
pub mod summaries;
pub mod translation;
