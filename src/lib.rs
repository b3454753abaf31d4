//! depeche reads French news articles as they come, sums each up in French and in English, and
//! translates them, with a language model on the user's own machine.
//!
//! The path of one article:
//!
//! 1. [`input`] finds the file and reads it into a [`article::RawArticle`]: the text as found. A
//!    file that is no article ends here with its name and its cure; the others go on.
//! 2. [`clean`] says of every piece of the text what it is. What is not the article is set aside
//!    with a rule and a place in the file; what remains is an [`article::Article`] with title,
//!    date, source, language ([`language`]) and sentences ([`sentence`]).
//! 3. [`summarize`] makes questions of the article, [`translate`] makes one of each sentence, and
//!    [`digest`] puts the two together. They ask nobody themselves: they are tasks.
//! 4. [`pipeline`] runs the tasks of many articles side by side, and hands the results on in the
//!    order of the input.
//! 5. [`engine`] turns the questions of all of them into token ids and runs them in one batch over
//!    the [`network`], whose weights lie in a mapped file, with the arithmetic of candle and of
//!    [`kernel`], on the [`device`] that the user named. [`hub`] has found the file, or fetched it.
//! 6. [`check`] holds every sentence that comes back against what it was made from: its [`numbers`],
//!    its [`dates`], names, quotes, negations, and the terms of the [`glossary`]. What fails is asked
//!    again several ways at once; then the article's own words stand in, or the sentence carries a
//!    mark. [`sources`] says which sentences of the article a summary rests on.
//!
//! [`brief`] does the same for several articles at once: one note, whose sentences carry their places.
//!
//! How good all that is, [`eval`] counts over sets of examples.
//!
//! The library prints nothing and ends nothing: slow work is told to a [`progress::Progress`], and
//! what goes wrong is an [`Error`] with a hint.

pub mod input;

pub mod article;
pub mod clean;
pub mod dates;
pub mod language;
pub mod numbers;
pub mod sentence;
pub mod source_map;

pub mod glossary;
pub mod keep;
pub mod sources;

pub mod bilingual;
pub mod brief;
pub mod digest;
pub mod document;
pub mod memory;
pub mod shorten;
pub mod summarize;
pub mod translate;

pub mod pipeline;

pub mod device;
pub mod engine;
pub mod hub;
pub mod kernel;
pub mod network;

pub mod check;
pub mod eval;
pub mod metrics;

pub mod error;
pub mod progress;
pub mod typeset;

pub use error::{Error, Result};
