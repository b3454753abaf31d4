//! depeche
pub mod error;
pub mod hub;
pub mod progress;

pub use error::{Error, Result};
