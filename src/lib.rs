//! depeche
pub mod device;
pub mod engine;
pub mod error;
pub mod kernel;
pub mod network;
pub mod hub;
pub mod progress;

pub use error::{Error, Result};
