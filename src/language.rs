//! Which language a text is in, or "unknown" where it cannot be told.
//!
//! Function words decide first: in running text every third word is one, and they stay themselves
//! among foreign names, where letter statistics waver. Where a text has too few of them the ends of
//! its other words are asked too, and at last its letters.
//!
//! A paragraph is not judged like a text of its own: see [`detect_part`].

mod evidence;
mod letters;

use evidence::{Evidence, N_LANGUAGES};

/// Shorter texts are not judged: a single word is a name as often as not.
const MIN_WORDS: usize = 2;
/// Up to this many words, no other language may have a say at all.
const SHORT_WORDS: usize = 4;
/// Share of the words that must speak for a language.
const MIN_SHARE: f64 = 0.12;
/// How much the first language must lead over the second, as a share of both.
const MIN_LEAD: f64 = 0.12;
/// So many words of its own the first must have more than the second.
const MIN_MARGIN: f64 = 0.9;
/// A margin of so many words takes nothing from the confidence.
const FULL_MARGIN: f64 = 3.0;
/// In a text of few words both must be plain.
const MIN_SHORT_LEAD: f64 = 0.6;
const MIN_SHORT_MARGIN: f64 = 1.5;
/// How many function words it counts for that the article is in a language.
const PRIOR_WORDS: f64 = 1.2;
/// The most that is claimed for a paragraph that says nothing itself.
const MAX_INHERITED: f64 = 0.5;

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

    /// A language that the user names: there is nothing to detect.
    pub fn given(code: &str) -> Option<Self> {
        Some(Self { code: known(code)?, confidence: 1.0 })
    }
}

/// Whether a language tag, e.g. `en-GB` or `en_GB`, names the language of this code.
pub fn is_tag_of(tag: &str, code: &str) -> bool {
    let first = |tag: &str| tag.split(['-', '_', '@', '.']).next().map(str::to_ascii_lowercase);
    first(tag.trim()) == first(code.trim())
}

/// A language with a country, for those that know none without: Word, and pages that are shared.
pub(crate) fn locale(code: &str) -> &str {
    match code {
        "de" => "de-DE",
        "en" => "en-US",
        "es" => "es-ES",
        "fr" => "fr-FR",
        "it" => "it-IT",
        "nl" => "nl-NL",
        "pt" => "pt-PT",
        other => other,
    }
}

/// The code as this module spells it, where it is of a language that can be detected.
pub fn known(code: &str) -> Option<&'static str> {
    codes().find(|own| *own == code)
}

/// All languages that can be detected, by their ISO 639-1 codes.
pub fn codes() -> impl Iterator<Item = &'static str> {
    evidence::CODES.into_iter().chain(letters::CODES)
}

/// The languages that a text may be in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates(Vec<&'static str>);

impl Candidates {
    /// Every language that can be detected.
    pub fn all() -> Self {
        codes().collect()
    }

    /// Whether a text may be in the language of that code.
    pub fn has(&self, code: &str) -> bool {
        self.0.contains(&code)
    }
}

impl Default for Candidates {
    fn default() -> Self {
        Self::all()
    }
}

/// Of codes; see [`known`].
impl FromIterator<&'static str> for Candidates {
    fn from_iter<I: IntoIterator<Item = &'static str>>(codes: I) -> Self {
        Self(codes.into_iter().collect())
    }
}

/// The language of a text, of all that can be detected.
pub fn detect(text: &str) -> Language {
    detect_among(text, &Candidates::all())
}

/// The language of a text among candidates. A text in another language is unknown where its words
/// say so; where they do not, it may be taken for the nearest candidate.
pub fn detect_among(text: &str, candidates: &Candidates) -> Language {
    let evidence = Evidence::of(text);
    let found = by_words(&evidence, candidates, None);
    found
        .or_else(|| letters::detect(text, evidence.n_words, candidates))
        .unwrap_or(Language::UNKNOWN)
}

/// The language of a paragraph, title or quotation of an article. That the article is in a language
/// speaks for that language, so a paragraph of foreign names stays in it, and a quotation is in
/// another language only by its own words. A part that says nothing is in the article's language,
/// with little confidence; a part without a word, or of an article of unknown language, is unknown.
pub fn detect_part(text: &str, article: Language, candidates: &Candidates) -> Language {
    if !article.is_known() {
        return detect_among(text, candidates);
    }
    let evidence = Evidence::of(text);
    if evidence.n_words == 0 {
        return Language::UNKNOWN;
    }
    let inherited = Language { confidence: article.confidence.min(MAX_INHERITED), ..article };
    let foreign = letters::detect_foreign(text, &evidence, candidates);
    let found = foreign.or_else(|| by_words(&evidence, candidates, Some(article.code)));
    found.unwrap_or(inherited)
}

/// By function words, and by the ends of words where these do not decide.
fn by_words(evidence: &Evidence, among: &Candidates, prior: Option<&str>) -> Option<Language> {
    let decide = |scores| decide(scores, evidence.n_words, among, prior);
    decide(evidence.function_words).or_else(|| decide(evidence.all()))
}

/// The language that leads plainly enough, if one does.
fn decide(
    scores: [f64; N_LANGUAGES],
    n_words: usize,
    among: &Candidates,
    prior: Option<&str>,
) -> Option<Language> {
    let mut ranked: Vec<(&'static str, f64)> = evidence::CODES.into_iter().zip(scores).collect();
    for (code, score) in &mut ranked {
        *score += if prior == Some(code) { PRIOR_WORDS } else { 0.0 };
    }
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (&(code, first), &(_, second)) = (ranked.first()?, ranked.get(1)?);
    let (share, lead) = (first / n_words as f64, (first - second) / (first + second));
    let (min_lead, min_margin) = match n_words {
        ..=SHORT_WORDS if prior.is_none() => (MIN_SHORT_LEAD, MIN_SHORT_MARGIN),
        _ => (MIN_LEAD, MIN_MARGIN),
    };
    let enough = (n_words >= MIN_WORDS || prior.is_some())
        && share >= MIN_SHARE
        && lead >= min_lead
        && first - second >= min_margin
        && among.has(code);
    let confidence = (1.0 - (1.0 - lead).powi(3)) * (share * 6.0).min(1.0);
    let confidence = confidence * ((first - second) / FULL_MARGIN).min(1.0);
    enough.then_some(Language { code, confidence })
}
