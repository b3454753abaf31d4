//! The CPU arithmetic that candle lacks. The only place with `unsafe` arithmetic.

// Arithmetic is read beside its formulas, which have indices.
#![allow(clippy::needless_range_loop)]

pub mod attention;
pub mod cpu;
pub mod elementwise;
pub mod key_values;
mod lanes;
pub mod likeliest;
pub mod memory;
mod parallel;
pub mod quantized;
