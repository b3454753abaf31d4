//! The CPU arithmetic that candle lacks.

pub mod attention;
