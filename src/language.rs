//! Which language a text is in, or "unknown" where it cannot be told.
//!
//! Function words decide first: in running text every third word is one, and they stay themselves
//! among foreign names, where letter statistics waver. Letter statistics decide the rest.

use std::collections::HashMap;
use std::sync::LazyLock;

use whatlang::{Detector, Lang};

/// Below this many words a text is not judged: a headline of names is in no language.
const MIN_WORDS: usize = 4;
/// Share of words that must be function words of one language.
const MIN_SHARE: f64 = 0.12;
/// How much the first language must lead over the second, as a share of both.
const MIN_LEAD: f64 = 0.12;

/// A language, or that it is unknown.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Language {
    /// ISO 639-1, or `unknown`.
    pub code: &'static str,
    /// From 0 (a guess) to 1; 0 where unknown.
    pub confidence: f64,
}

impl Language {
    /// Too short, too mixed or not a text.
    pub const UNKNOWN: Self = Self { code: "unknown", confidence: 0.0 };

    /// Whether a language was found.
    pub fn is_known(&self) -> bool {
        self.code != Self::UNKNOWN.code
    }
}

/// The language of a text.
pub fn detect(text: &str) -> Language {
    let words = words_of(text);
    if words.len() < MIN_WORDS {
        return Language::UNKNOWN;
    }
    by_function_words(&words).or_else(|| by_letters(text, &words)).unwrap_or(Language::UNKNOWN)
}

fn words_of(text: &str) -> Vec<String> {
    // The elided article is the best evidence of French and Italian, so it counts as a word.
    let pieces = text.split(|c: char| !c.is_alphabetic());
    pieces.filter(|piece| !piece.is_empty()).map(str::to_lowercase).collect()
}

fn by_function_words(words: &[String]) -> Option<Language> {
    let mut scores: Vec<(&'static str, f64)> =
        FUNCTION_WORDS.iter().map(|(code, weights)| (*code, score(words, weights))).collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (&(code, first), &(_, second)) = (scores.first()?, scores.get(1)?);
    let (share, lead) = (first / words.len() as f64, (first - second) / (first + second));
    let enough = first >= 2.0 && share >= MIN_SHARE && lead >= MIN_LEAD;
    let confidence = (1.0 - (1.0 - lead).powi(3)) * (share * 6.0).min(1.0);
    enough.then_some(Language { code, confidence })
}

fn score(words: &[String], weights: &HashMap<&'static str, f64>) -> f64 {
    words.iter().filter_map(|word| weights.get(word.as_str())).sum()
}

/// For each language its function words; a word that several share counts that much less.
static FUNCTION_WORDS: LazyLock<Vec<(&'static str, HashMap<&'static str, f64>)>> =
    LazyLock::new(|| {
        let lists: Vec<(&str, Vec<&str>)> = include_str!("language/function_words.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(':'))
            .map(|(code, words)| (code.trim(), words.split_whitespace().collect()))
            .collect();
        let mut shared: HashMap<&str, f64> = HashMap::new();
        lists
            .iter()
            .flat_map(|(_, words)| words)
            .for_each(|w| *shared.entry(w).or_default() += 1.0);
        let weigh = |words: Vec<&'static str>| words.into_iter().map(|w| (w, 1.0 / shared[w]));
        lists.into_iter().map(|(code, words)| (code, weigh(words).collect())).collect()
    });

/// Fewer words than this say too little about their letters.
const MIN_WORDS_BY_LETTERS: usize = 8;

fn by_letters(text: &str, words: &[String]) -> Option<Language> {
    if words.len() < MIN_WORDS_BY_LETTERS {
        return None;
    }
    let info = DETECTOR.detect(text).filter(|info| info.confidence() >= 0.5)?;
    let code = iso_639_1(info.lang())?;
    Some(Language { code, confidence: info.confidence() * 0.9 })
}

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::new);

fn iso_639_1(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Fra => "fr",
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Spa => "es",
        Lang::Ita => "it",
        Lang::Por => "pt",
        Lang::Nld => "nl",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Ara => "ar",
        Lang::Tur => "tr",
        Lang::Pol => "pl",
        Lang::Cat => "ca",
        Lang::Ron => "ro",
        Lang::Ell => "el",
        Lang::Cmn => "zh",
        Lang::Jpn => "ja",
        _ => return None,
    })
}
