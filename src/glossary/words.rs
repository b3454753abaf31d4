//! Words of a text with their places, and the foldings under which they are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::article::Span;

/// A run of letters and figures, with what stands between it and the word before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word<'t> {
    pub text: &'t str,
    pub span: Span,
    pub gap: &'t str,
}

/// The words of a text, in order.
pub(crate) fn words(text: &str) -> Vec<Word<'_>> {
    let mut found: Vec<Word> = Vec::new();
    let mut start = None;
    let end_of_text = std::iter::once((text.len(), ' '));
    for (at, c) in text.char_indices().chain(end_of_text) {
        match (is_letter(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let before = found.last().map_or(0, |word| word.span.end);
                let span = Span::new(from, at);
                found.push(Word { text: span.of(text), span, gap: &text[before..from] });
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Composed lower case, with ligatures opened: `Œuvre` gives `oeuvre`.
pub(crate) fn lower(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let composed = word.nfc().flat_map(char::to_lowercase).collect::<String>();
    composed.replace('œ', "oe").replace('æ', "ae")
}

/// Lower case without accents: `Élysée` gives `elysee`.
pub(crate) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    if let Some(folded) = fold_latin(word) {
        return folded;
    }
    lower(word).nfd().filter(|c| !is_combining_mark(*c)).collect()
}

/// The short way for the letters of French; none where there are others.
fn fold_latin(word: &str) -> Option<String> {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            c if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            'à' | 'â' | 'À' | 'Â' => folded.push('a'),
            'ç' | 'Ç' => folded.push('c'),
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => folded.push('e'),
            'î' | 'ï' | 'Î' | 'Ï' => folded.push('i'),
            'ô' | 'Ô' => folded.push('o'),
            'ù' | 'û' | 'ü' | 'Ù' | 'Û' | 'Ü' => folded.push('u'),
            'œ' | 'Œ' => folded.push_str("oe"),
            _ => return None,
        }
    }
    Some(folded)
}

/// Blanks, hyphens and apostrophes of any kind: what may stand inside a term.
pub(crate) fn is_joint(c: char) -> bool {
    c.is_whitespace() || is_hyphen(c) || is_apostrophe(c) || c == '\u{ad}'
}

pub(crate) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{2212}')
}

pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '′' | '\u{ff07}')
}

/// Has capitals and no small letter.
pub(crate) fn is_upper(word: &str) -> bool {
    word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_places_and_gaps() {
        let text = "L’État-major, 12 h";
        let found: Vec<_> = words(text).iter().map(|w| (w.text, w.gap)).collect();
        assert_eq!(found, [("L", ""), ("État", "’"), ("major", "-"), ("12", ", "), ("h", " ")]);
        assert!(words(text).iter().all(|w| w.span.of(text) == w.text));
    }

    #[test]
    fn decomposed_accents_and_ligatures_fold_alike() {
        assert_eq!(lower("E\u{301}lyse\u{301}e"), lower("Élysée"));
        assert_eq!(fold("Élysée"), "elysee");
        assert_eq!(fold("Cœur"), fold("coeur"));
        assert_eq!(fold("E\u{301}COLE"), fold("École"));
        assert_eq!(fold("Łódź"), "łodz");
    }
}
