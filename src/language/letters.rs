//! What the letters of a text say of its language: for scripts and languages without a word list,
//! and for texts of names.

use whatlang::{Detector, Lang, Script};

use super::evidence::Evidence;
use super::{Candidates, Language};

/// Languages that only their letters tell.
pub const CODES: [&str; 10] = ["ca", "ro", "pl", "tr", "ru", "uk", "el", "ar", "zh", "ja"];

/// Fewer words than this say too little about their letters.
const MIN_WORDS: usize = 8;
const MIN_CONFIDENCE: f64 = 0.5;
/// Trigrams see no more in a longer text, and take longer.
const MAX_CHARS: usize = 400;
/// Where more of the words are known than this, the text is in a language with a list.
const MAX_KNOWN_SHARE: f64 = 0.1;
/// Against the language of the article, letters must be surer.
const MIN_FOREIGN_CONFIDENCE: f64 = 0.7;
/// Letters are an estimate at best.
const TRUST: f64 = 0.9;

/// The language of a text by its letters.
pub fn detect(text: &str, n_words: usize, among: &Candidates) -> Option<Language> {
    let is_latin = is_latin(text);
    // Chinese and Japanese do not part their words.
    if is_latin && n_words < MIN_WORDS {
        return None;
    }
    let langs = LANGS.iter().filter(|(code, _)| among.has(code)).map(|(_, lang)| *lang).collect();
    let info = Detector::with_allowlist(langs).detect(head(text))?;
    let min_confidence = if is_latin { MIN_CONFIDENCE } else { 0.0 };
    let code = LANGS.iter().find(|(_, lang)| *lang == info.lang())?.0;
    let known = among.has(code) && info.confidence() >= min_confidence && info.confidence() > 0.0;
    known.then(|| Language { code, confidence: info.confidence() * TRUST })
}

/// The same for a part of an article, where hardly a word is of a language with a list.
pub fn detect_foreign(text: &str, evidence: &Evidence, among: &Candidates) -> Option<Language> {
    let bare = evidence.total() <= MAX_KNOWN_SHARE * evidence.n_words as f64;
    let found = bare.then(|| detect(text, evidence.n_words, among)).flatten()?;
    let sure = found.confidence >= MIN_FOREIGN_CONFIDENCE || !is_latin(text);
    (sure && CODES.contains(&found.code)).then_some(found)
}

fn is_latin(text: &str) -> bool {
    whatlang::detect_script(head(text)) == Some(Script::Latin)
}

fn head(text: &str) -> &str {
    let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

const LANGS: [(&str, Lang); 17] = [
    ("fr", Lang::Fra),
    ("en", Lang::Eng),
    ("de", Lang::Deu),
    ("es", Lang::Spa),
    ("it", Lang::Ita),
    ("pt", Lang::Por),
    ("nl", Lang::Nld),
    ("ca", Lang::Cat),
    ("ro", Lang::Ron),
    ("pl", Lang::Pol),
    ("tr", Lang::Tur),
    ("ru", Lang::Rus),
    ("uk", Lang::Ukr),
    ("el", Lang::Ell),
    ("ar", Lang::Ara),
    ("zh", Lang::Cmn),
    ("ja", Lang::Jpn),
];
