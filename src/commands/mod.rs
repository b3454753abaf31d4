//! One file a verb: typed arguments become ready objects, the library does the work, `output`
//! shows it.

pub mod models;
