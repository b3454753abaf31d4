//! What a note says first, beside what people wrote of the same articles.

/// ROUGE of extractive points, of the first sentences and of TextRank, at the references' length.
pub fn run(_args: &[String]) {}
