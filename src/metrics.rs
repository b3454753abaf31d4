//! How near a text comes to what people wrote: the metrics of translation and of summaries.
//!
//! - [`bleu`]: words in common, in runs of up to four (Papineni et al., 2002), equal to sacrebleu;
//! - [`chrf`]: characters in common, in runs of up to six (Popović, 2015), and chrF++, which counts
//!   words too (Popović, 2017), equal to sacrebleu;
//! - [`rouge`]: words and their order in common (Lin, 2004), equal to rouge-score;
//! - [`lead`]: the first sentences of an article, which a summary must beat;
//! - [`bootstrap`]: how far a mean would move with other texts.
//!
//! Everything here is counting: the same texts give the same figures on every machine.

pub mod bleu;
pub mod bootstrap;
pub mod chrf;
pub mod lead;
mod ngrams;
mod porter;
pub mod rouge;
mod tokens;

pub use tokens::Tokenizer;

/// A text and what it should say.
#[derive(Debug, Clone)]
pub struct Segment<'t> {
    pub hypothesis: &'t str,
    /// At least one; each is as right as the others.
    pub references: Vec<&'t str>,
}

/// What ends every signature: figures are compared only when they are counted alike.
const VERSION: &str = concat!("version:depeche-", env!("CARGO_PKG_VERSION"));

/// The field of a signature that says how many references a segment has.
fn nrefs(segments: &[Segment]) -> String {
    let mut counts = segments.iter().map(|segment| segment.references.len());
    let first = counts.next().unwrap_or(1);
    if counts.all(|count| count == first) { format!("nrefs:{first}") } else { "nrefs:var".into() }
}

/// The field of a signature that says whether capitals count.
fn case(lowercase: bool) -> &'static str {
    if lowercase { "case:lc" } else { "case:mixed" }
}

fn yes_no(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

/// The text, in small letters where that is wanted.
fn cased(text: &str, lowercase: bool) -> std::borrow::Cow<'_, str> {
    if lowercase { text.to_lowercase().into() } else { text.into() }
}

#[cfg(test)]
mod tests;
