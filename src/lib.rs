//! depeche
pub mod device;
pub mod engine;
pub mod error;
pub mod kernel;
pub mod network;
pub use error::{Error, Result};
