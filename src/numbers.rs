//! Numbers of French, English, German, Spanish and Italian text, as values that can be compared.
//!
//! `1.400`, `1 400` and `1,400` are one number, and so are `3,5 milliards` and `3.5 billion`, `une
//! trentaine` and `about thirty`. A text is cut into tokens (`token`); at each token a number is
//! read from figures (`figures`) or words (`spelled`); then the unit behind or before it
//! (`unit`) and what stands around it, which says how exact it is (`around`). What the words
//! mean is data: a file a language, one of its bounds, and one of its units (those of French and
//! English stand in `units.txt`).

mod around;
mod compound;
mod figures;
mod lexicon;
mod read;
mod spelled;
mod token;
mod unit;

#[cfg(test)]
mod tests;

use crate::article::Span;
pub use lexicon::fold;
pub use unit::Unit;

/// A number and where it stands. A range is two of them, `From` and `To`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// With its scale (`3,5 millions` is 3500000), without its unit (`12 %` is 12).
    pub value: f64,
    /// What it may also mean: `1,400` of a French text, or `2` of `2 à 3 millions`.
    pub also: Option<f64>,
    pub form: Form,
    pub bound: Bound,
    pub unit: Option<Unit>,
    /// Written in figures. Figures are compared strictly; words are often used loosely.
    pub in_figures: bool,
    /// The number alone: `12`, `3,5 millions`.
    pub number: Span,
    /// The number and its unit: `12 %`, `3,5 millions d'euros`.
    pub span: Span,
}

/// What kind of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Cardinal,
    /// `3e`, `third`, `XIXe`.
    Ordinal,
    /// `un tiers`, `1/4`, `half`.
    Fraction,
    /// `double`, `twice`.
    Multiple,
    /// `1980s`, `années 80`.
    Decade,
    /// Part of a name: `A320`, `G7`, `Covid-19`, `Louis XIV`.
    Name,
    /// `un an`, `a year`: an article that may count.
    Article,
}

/// How exact a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    Exact,
    /// `environ 30`, `une trentaine`.
    About,
    /// `près de 30`.
    Nearly,
    /// `plus de 30`, `at least 30`.
    AtLeast,
    /// `moins de 30`, `up to 30`.
    AtMost,
    /// `des dizaines`, `several thousand`: only the magnitude is said.
    Magnitude,
    /// The lower end of a range.
    From,
    /// The upper end of a range.
    To,
}

/// Whether there is a lexicon of a language (ISO 639-1).
pub fn is_read(language: &str) -> bool {
    lexicon::of(language).is_some()
}

/// All numbers in a text, in order. Of languages without a lexicon there are none.
///
/// Words under the spans `taken` are no numbers: they belong to dates. The spans are in order.
pub fn find(text: &str, language: &str, taken: &[Span]) -> Vec<Quantity> {
    let Some(lexicon) = lexicon::of(language) else { return Vec::new() };
    let mut tokens = token::split(text, lexicon);
    drop_taken(&mut tokens, taken);
    let mut found = read::all(text, &tokens, lexicon);
    around::ranges(text, &mut found, lexicon);
    found.into_iter().map(|found| found.quantity).collect()
}

/// Removes the tokens under `taken`; what stood on both sides of a gap does not touch.
fn drop_taken(tokens: &mut Vec<token::Token>, taken: &[Span]) {
    if taken.is_empty() {
        return;
    }
    let mut next = 0;
    let mut was_taken = false;
    tokens.retain_mut(|token| {
        while taken.get(next).is_some_and(|span| span.end <= token.span.start) {
            next += 1;
        }
        let is_taken = taken.get(next).is_some_and(|span| span.start < token.span.end);
        if was_taken && !is_taken {
            token.gap = token::Gap::Break;
        }
        was_taken = is_taken;
        !is_taken
    });
}
