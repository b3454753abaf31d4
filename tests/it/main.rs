//! The integration tests: one binary, one module a topic.

mod hub;
mod hub_world;
