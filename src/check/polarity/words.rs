//! The words of a text as the word lists of this folder spell them, and its marks.

use std::sync::LazyLock;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::article::Span;
use crate::check::lists::Lists;

/// Words that the rules know.
pub static WORDS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("words.txt")));

/// A word or a mark.
#[derive(Debug, Clone)]
pub struct Word {
    /// In small letters, with composed accents, `'` for every apostrophe and `oe` for `œ`.
    pub text: String,
    pub span: Span,
    /// Whether it is written with a capital letter first.
    pub capital: bool,
}

impl Word {
    /// Whether it is a word, not a mark.
    pub fn is_word(&self) -> bool {
        self.text.starts_with(char::is_alphanumeric) || self.text == "n't"
    }
}

/// What stays behind when French elides: `qu'il` is two words.
const ELIDED: [&str; 16] = [
    "l'", "d'", "n'", "s'", "c'", "j'", "m'", "t'", "qu'", "jusqu'", "lorsqu'", "puisqu'",
    "quoiqu'", "presqu'", "quelqu'", "ç'",
];
/// What hangs on a French verb turned round: `peut-il`.
const HANGING: [&str; 14] = [
    "-t-il", "-t-elle", "-t-on", "-ils", "-elles", "-il", "-elle", "-on", "-ce", "-je", "-tu",
    "-nous", "-vous", "-là",
];

/// The words and marks of `text`, in order. Spans count from `offset` on.
pub fn split(text: &str, lang: &str, offset: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() || (start.is_some() && is_inside(c, &text[at + c.len_utf8()..])) {
            start.get_or_insert(at);
            continue;
        }
        if let Some(from) = start.take() {
            push_parts(&mut words, text, Span::new(from, at), lang);
        }
        if !c.is_whitespace() {
            push(&mut words, text, Span::new(at, at + c.len_utf8()));
        }
    }
    if let Some(from) = start {
        push_parts(&mut words, text, Span::new(from, text.len()), lang);
    }
    for word in &mut words {
        word.span = Span::new(word.span.start + offset, word.span.end + offset);
    }
    words
}

/// Whether a mark belongs to the word that it stands in. An accent that stands for itself does.
fn is_inside(c: char, rest: &str) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
        || matches!(c, '\'' | '’' | '-' | '\u{2010}' | '\u{2011}')
            && rest.starts_with(char::is_alphanumeric)
}

fn push(words: &mut Vec<Word>, text: &str, span: Span) {
    let raw = span.of(text);
    let capital = raw.starts_with(char::is_uppercase);
    words.push(Word { text: folded(raw), span, capital });
}

/// A word as the lists have it.
pub fn folded(raw: &str) -> String {
    let lower = raw.to_lowercase();
    let composed = if is_nfc(&lower) { lower } else { lower.nfc().collect() };
    composed.replace(['’', '‘'], "'").replace(['\u{2010}', '\u{2011}'], "-").replace('œ', "oe")
}

fn push_parts(words: &mut Vec<Word>, text: &str, span: Span, lang: &str) {
    if lang == "fr" { push_french(words, text, span) } else { push_english(words, text, span) }
}

fn push_french(words: &mut Vec<Word>, text: &str, span: Span) {
    let raw = span.of(text);
    let apostrophe = raw.char_indices().find(|(_, c)| matches!(c, '\'' | '’'));
    if let Some((at, c)) = apostrophe {
        let cut = at + c.len_utf8();
        if ELIDED.contains(&folded(&raw[..cut]).as_str()) {
            push(words, text, Span::new(span.start, span.start + cut));
            return push_french(words, text, Span::new(span.start + cut, span.end));
        }
    }
    let hanging = HANGING.iter().find(|ending| raw.ends_with(**ending) && raw.len() > ending.len());
    let cut = span.end - hanging.map_or(0, |ending| ending.len());
    push(words, text, Span::new(span.start, cut));
    if cut < span.end {
        let bare = text[cut..span.end].rfind('-').map_or(cut, |dash| cut + dash + 1);
        push(words, text, Span::new(bare, span.end));
    }
}

fn push_english(words: &mut Vec<Word>, text: &str, span: Span) {
    let raw = span.of(text);
    let cut = ["n't", "n’t", "N'T"].iter().find_map(|end| raw.strip_suffix(end)).map(str::len);
    let cut = cut.or_else(|| raw.find(['\'', '’'])).filter(|&cut| cut > 0).unwrap_or(raw.len());
    push(words, text, Span::new(span.start, span.start + cut));
    if cut < raw.len() {
        push(words, text, Span::new(span.start + cut, span.end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, lang: &str) -> Vec<String> {
        split(text, lang, 0).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn elided_words_stand_alone() {
        let expected = ["n'", "est", "-", "ce", "pas", "qu'", "aujourd'hui", "?"];
        assert_eq!(texts("N’est - ce pas qu'aujourd’hui ?", "fr"), expected);
        assert_eq!(texts("Peut-il venir, a-t-elle dit ?", "fr")[..2], ["peut", "il"]);
        assert_eq!(texts("peut-être", "fr"), ["peut-être"]);
    }

    #[test]
    fn english_short_forms_are_opened() {
        assert_eq!(
            texts("It didn’t; I can't.", "en"),
            ["it", "did", "n't", ";", "i", "ca", "n't", "."]
        );
    }

    #[test]
    fn spans_are_those_of_the_text() {
        let text = "L’e\u{301}te\u{301} n’a pas";
        let words = split(text, "fr", 0);
        let parts: Vec<_> = words.iter().map(|word| word.span.of(text)).collect();
        assert_eq!(parts, ["L’", "e\u{301}te\u{301}", "n’", "a", "pas"]);
        assert_eq!(words[1].text, "été");
    }
}
