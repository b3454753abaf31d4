//! The words of a text as names are read from them.

use unicode_normalization::UnicodeNormalization;

use crate::article::Span;

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Lower,
    Capital,
    /// All letters, and at least two of them.
    Upper,
}

/// A run of letters and figures.
#[derive(Debug, Clone)]
pub struct Word {
    /// Lower case without accents.
    pub folded: String,
    pub span: Span,
    pub case: Case,
    /// Begins a sentence, a line or a quotation, where a capital proves nothing.
    pub opens: bool,
    /// Only a blank, a hyphen, an apostrophe or a full stop stands between it and the word before.
    pub is_linked: bool,
    /// The sentence is a heading in capitals.
    pub in_heading: bool,
}

impl Word {
    pub fn is_capital(&self) -> bool {
        self.case != Case::Lower
    }
}

/// All words, in order.
pub fn read(text: &str, sentences: &[Span]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut starts = sentences.iter().map(|s| s.start).peekable();
    let mut end = 0;
    for piece in text.split(|c: char| !is_letter(c)).filter(|piece| !piece.is_empty()) {
        let start = piece.as_ptr() as usize - text.as_ptr() as usize;
        let gap = text.get(end..start).unwrap_or_default();
        let mut opens = words.is_empty() || is_opening(gap);
        while starts.next_if(|s| *s <= start).is_some() {
            opens = true;
        }
        end = start + piece.len();
        let is_linked = !words.is_empty() && links(gap);
        words.push(Word {
            folded: fold(piece),
            span: Span::new(start, end),
            // US$ is a currency.
            case: if text[end..].starts_with('$') { Case::Lower } else { case_of(piece) },
            opens,
            is_linked,
            in_heading: false,
        });
    }
    mark_headings(&mut words);
    words
}

/// Combining accents belong to their letter.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

fn is_opening(gap: &str) -> bool {
    // A quotation inside a sentence opens one only where a comma or a colon leads it in: `le journal "Rives"`.
    let is_stop = |c: char| matches!(c, '.' | '!' | '?' | ':' | '…' | '\n' | '•' | '|');
    let is_quote = |c: char| matches!(c, '«' | '“' | '"');
    let stops = gap.contains(is_stop) && !matches!(gap, "." | ". ");
    let dashes = [" – ", " - ", " — "].iter().any(|dash| gap.contains(dash));
    stops || dashes || gap.contains(is_quote) && gap.contains(',')
}

fn links(gap: &str) -> bool {
    let n_chars = gap.chars().count();
    let is_link = |c: char| c.is_whitespace() || matches!(c, '-' | '‑' | '\'' | '’' | '.');
    n_chars <= 2 && gap.chars().all(is_link) && !gap.contains('\n')
}

fn case_of(word: &str) -> Case {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    if !letters.clone().any(char::is_uppercase) || word.starts_with(|c: char| c.is_ascii_digit()) {
        return Case::Lower;
    }
    if letters.clone().count() >= 2 && letters.clone().all(char::is_uppercase) {
        return Case::Upper;
    }
    match letters.next() {
        Some(first) if first.is_uppercase() => Case::Capital,
        // iPhone, al-Assad written as one word
        _ => Case::Lower,
    }
}

/// Of the longer words of a heading nearly all have capitals.
fn mark_headings(words: &mut [Word]) {
    let mut start = 0;
    while start < words.len() {
        let len =
            words[start + 1..].iter().position(|w| w.opens).map_or(words.len() - start, |n| n + 1);
        let sentence = &mut words[start..start + len];
        let long = sentence.iter().filter(|w| w.folded.len() >= 4);
        let (n_long, n_capital) =
            long.fold((0, 0), |(n, c), w| (n + 1, c + usize::from(w.is_capital())));
        if n_long >= 4 && n_capital * 10 >= n_long * 7 {
            sentence.iter_mut().for_each(|w| w.in_heading = true);
        }
        start += len;
    }
}

/// Lower case without accents and ligatures: `Élysée` and `Elysée` are one name.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let is_accent = |c: &char| unicode_normalization::char::is_combining_mark(*c);
    let plain = word.nfd().filter(|c| !is_accent(c)).flat_map(char::to_lowercase);
    let mut folded = String::with_capacity(word.len());
    for c in plain {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            c => folded.push(c),
        }
    }
    folded
}
