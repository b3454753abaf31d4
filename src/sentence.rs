//! Sentences, as byte ranges of a text.
//!
//! `sentencex` finds boundaries. What French news needs beyond it is mended here: titles and
//! initials before a name (`M. Soyer`, `J.-P. Roy`, `av. J.-C.`) end no sentence, a quotation or a
//! bracket is never split, its marks stay with the sentence they close or open, and a stop that
//! `sentencex` read over is found again. `sentence/words.txt` has the words.

mod quotes;
mod words;

use quotes::Marks;
use words::Words;

use crate::article::Span;
use crate::clean::is_blank;

/// The sentences of `text`, in order, without the blanks around them. Every character that shows
/// is in exactly one. An unknown language is split as French.
pub fn split(text: &str, language: &str) -> Vec<Span> {
    let code = if language == "unknown" { "fr" } else { language };
    let mut cuts: Vec<usize> = windows(text)
        .flat_map(|window| {
            let inner =
                cuts_of(window.of(text), code).into_iter().map(move |cut| window.start + cut);
            inner.chain(std::iter::once(window.end))
        })
        .collect();
    cuts.dedup();
    pieces(text, &cuts)
}

/// `sentencex` takes time by the square of a paragraph's length. No sentence is longer than this,
/// so a longer text is read in parts.
const MAX_WINDOW_BYTES: usize = 16 * 1024;

fn windows(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let end = start + window_len(rest);
        let window = Span::new(start, end);
        start = end;
        Some(window)
    })
}

fn window_len(text: &str) -> usize {
    if text.len() <= MAX_WINDOW_BYTES {
        return text.len();
    }
    let most = text.floor_char_boundary(MAX_WINDOW_BYTES);
    let stop = text[..most].rfind(". ").map(|at| at + 1);
    stop.or_else(|| text[..most].rfind(' ')).filter(|&at| at > 0).unwrap_or(most)
}

/// Where sentences end in a text of moderate length, in order.
fn cuts_of(text: &str, code: &str) -> Vec<usize> {
    let judge = Judge::new(text, code);
    let found = sentencex::get_sentence_boundaries(code, text);
    let found = found.iter().map(|boundary| judge.marks.beside(text, boundary.end_byte));
    let own = stops(text).map(|stop| judge.marks.beside(text, stop));
    // Of other languages `sentencex` knows more abbreviations than we do.
    let own = own.filter(|&cut| code == "fr" && judge.begins(cut));
    let mut cuts: Vec<usize> = found.chain(own).filter(|&cut| judge.accepts(cut)).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Behind every stop.
fn stops(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices(STOPS).map(|(at, stop)| at + stop.len())
}

const STOPS: [char; 4] = ['.', '!', '?', '…'];

/// What decides on a cut.
struct Judge<'t> {
    text: &'t str,
    marks: Marks,
    words: &'static Words,
    /// Transcripts of speech begin their sentences with small letters.
    is_uncased: bool,
}

impl<'t> Judge<'t> {
    fn new(text: &'t str, code: &str) -> Self {
        let (marks, words) = (Marks::of(text), Words::of(code));
        Self { text, marks, words, is_uncased: is_uncased(text) }
    }

    /// The text before and behind a cut, without the blanks between.
    fn around(&self, cut: usize) -> (&'t str, &'t str) {
        let (before, after) = self.text.split_at_checked(cut).unwrap_or_default();
        (before.trim_end_matches(is_blank), after.trim_start_matches(is_blank))
    }

    /// Whether a blank and what looks like a new sentence stand behind the cut.
    fn begins(&self, cut: usize) -> bool {
        let (_, next) = self.around(cut);
        let parted = next.len() < self.text.len().saturating_sub(cut);
        let word = next.trim_start_matches(|c| is_blank(c) || BEFORE_WORDS.contains(&c));
        parted
            && word.starts_with(|c: char| {
                c.is_uppercase() || c.is_ascii_digit() || (self.is_uncased && c.is_alphabetic())
            })
    }

    fn accepts(&self, cut: usize) -> bool {
        let (head, next) = self.around(cut);
        // `J.-P.` and `J.-C.` are cut at their hyphen.
        let joined = next.starts_with('-')
            && head.len() == cut
            && head.len() + next.len() == self.text.len();
        !joined
            && !head.is_empty()
            && !next.is_empty()
            && !self.marks.enclose(cut)
            && !self.goes_on(head, next)
            && !self.ends_in_abbreviation(head, next)
    }

    /// `« Est-ce fini ? » a demandé Anne`
    fn goes_on(&self, head: &str, next: &str) -> bool {
        let quoted = head.ends_with(['»', '”', '"', ')']);
        quoted && !self.is_uncased && next.starts_with(char::is_lowercase)
    }

    fn ends_in_abbreviation(&self, head: &str, next: &str) -> bool {
        let Some(head) = head.strip_suffix('.') else { return false };
        let last = last_word(head);
        let begins = |test: fn(char) -> bool| next.starts_with(test);
        let (lower, digit) = (begins(char::is_lowercase), begins(|c| c.is_ascii_digit()));
        let words = self.words;
        // `J.-C.` may end a sentence: only a small letter behind it says that it does not.
        (last == "J.-C" && lower)
            || is_enumerator(head, last)
            || (is_initials(last) && !self.ends_behind_initials(last, next))
            || words.always.contains(last)
            || (words.names.contains(last) && !words.opens_widely(next))
            || (words.numbers.contains(last) && (lower || digit))
            || (words.articles.contains(last) && is_initials(first_initial(next)))
    }

    /// `Mac OS X. Une version`, `L'O.N.U. Le conseil`; not `J. Le Guen`.
    fn ends_behind_initials(&self, initials: &str, next: &str) -> bool {
        let acronym = initials.contains('.') && !initials.contains('-');
        self.words.opens(next) || (acronym && self.words.opens_widely(next))
    }
}

/// Dashes of a dialogue, quotation marks and brackets.
const BEFORE_WORDS: [char; 10] = ['«', '“', '"', '(', '[', '-', '–', '—', '\'', '’'];

/// Whether more sentences begin with a small letter than with a capital.
fn is_uncased(text: &str) -> bool {
    let (mut n_small, mut n_capital) = (0, 0);
    for stop in stops(text) {
        let next = text[stop..].strip_prefix(' ').and_then(|next| next.chars().next());
        n_small += usize::from(next.is_some_and(char::is_lowercase));
        n_capital += usize::from(next.is_some_and(char::is_uppercase));
    }
    n_small >= 3 && n_small > n_capital
}

/// No abbreviation is longer.
const MAX_WORD_BYTES: usize = 40;

fn last_word(head: &str) -> &str {
    let ends = |c: char| is_blank(c) || matches!(c, '(' | '«' | '“' | '"' | '\'' | '’' | '/');
    let from = head.floor_char_boundary(head.len().saturating_sub(MAX_WORD_BYTES));
    head[from..].rsplit(ends).next().unwrap_or_default()
}

/// `L` of `L. 123-4`
fn first_initial(next: &str) -> &str {
    next.split_once('.').map_or("", |(first, _)| first)
}

/// The number of an item in a run-on list: `: 1. Le calendrier. 2. Les quotas.`
fn is_enumerator(head: &str, word: &str) -> bool {
    let number = (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    let before = head[..head.len() - word.len()].trim_end();
    number && (before.is_empty() || before.ends_with([':', '.', ';', ',']))
}

/// `J`, `J.-P`, `C.L`: seldom the end of a sentence of news, save in eras.
fn is_initials(word: &str) -> bool {
    let mut letters = word.split(['.', '-']).filter(|piece| !piece.is_empty());
    word != "J.-C"
        && !word.is_empty()
        && letters.all(|piece| {
            let mut chars = piece.chars();
            chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
        })
}

fn pieces(text: &str, cuts: &[usize]) -> Vec<Span> {
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain(std::iter::once(text.len()));
    let spans = starts.zip(ends).map(|(start, end)| trimmed(text, start, end));
    spans.filter(|span| !span.is_empty()).collect()
}

fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let piece = text.get(start..end).unwrap_or_default();
    let head = piece.len() - piece.trim_start_matches(is_blank).len();
    Span::new(start + head, start + piece.trim_end_matches(is_blank).len())
}
