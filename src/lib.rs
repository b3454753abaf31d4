//! depeche
pub mod article;
pub mod check;
pub mod clean;
pub mod device;
pub mod digest;
pub mod engine;
pub mod error;
pub mod hub;
pub mod input;
pub mod kernel;
pub mod language;
pub mod network;
pub mod pipeline;
pub mod progress;
pub mod sentence;
pub mod summarize;
pub mod translate;

pub use error::{Error, Result};
