//! The integration tests: one binary, one module a topic.

// reading
mod clean;
mod input;
mod language;
mod seeds;
mod sentence;
