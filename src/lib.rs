//! depeche
pub mod error;
pub use error::{Error, Result};

// reading
pub mod article;
pub mod clean;
pub mod input;
pub mod language;
pub mod sentence;
