//! The CPU arithmetic that candle lacks. The only place with `unsafe` arithmetic.

pub mod attention;
pub mod quantized;
