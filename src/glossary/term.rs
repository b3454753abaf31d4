//! A term of several words, and the places of a text where it stands.

use super::forms::Form;
use super::words::{self, Word, fold, is_hyphen, is_joint, is_upper};
use crate::article::Span;

/// A text read for terms.
pub(super) struct Reading<'t> {
    text: &'t str,
    pub words: Vec<(Word<'t>, Form)>,
}

impl<'t> Reading<'t> {
    pub fn of(text: &'t str, lang: &str) -> Self {
        let form = |word: Word<'t>| (word, Form::of(word.text, lang));
        Self { text, words: words::words(text).into_iter().map(form).collect() }
    }

    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Whether a sentence, a quotation or the part behind a colon begins at this byte.
    fn begins(&self, at: usize) -> bool {
        let before = self.text[..at].trim_end_matches(|c: char| c == ' ' || is_opening(c));
        before.len() < at && before.ends_with(['.', '!', '?', '…', ':', ';', '\n', '\u{a0}'])
            || before.is_empty()
            || self.text[..at].trim_end().ends_with(is_opening)
    }
}

fn is_opening(c: char) -> bool {
    matches!(c, '«' | '"' | '“' | '(' | '[' | '–' | '—' | '•' | '*' | '\u{a0}' | '\u{202f}' | '-')
}

/// How a term stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spelling {
    /// Only capitals differ.
    OtherCase,
    AsWritten,
}

/// A term, ready to be looked for.
#[derive(Debug, Clone)]
pub(super) struct Term {
    words: Vec<TermWord>,
    /// Signs before the first word and behind the last one: `C++`.
    lead: String,
    tail: String,
    /// In French a hyphen makes another word: a `petite fille` is no `petite-fille`.
    needs_hyphens: bool,
    /// The word that a text is searched for: the first that is no article or preposition.
    pub anchor_idx: usize,
}

#[derive(Debug, Clone)]
struct TermWord {
    text: String,
    form: Form,
    gap: String,
    has_capital: bool,
}

impl Term {
    /// None for a text without any word.
    pub fn new(text: &str, lang: &str) -> Option<Self> {
        let found = words::words(text);
        let (first, last) = (found.first()?.span, found.last()?.span);
        let words: Vec<TermWord> = found.iter().map(|word| TermWord::new(word, lang)).collect();
        let anchor_idx = words.iter().position(|word| word.form.classes.is_empty()).unwrap_or(0);
        let (lead, tail) = (text[..first.start].to_owned(), text[last.end..].to_owned());
        Some(Self { words, lead, tail, needs_hyphens: lang == "fr", anchor_idx })
    }

    pub fn has_capital(&self) -> bool {
        self.words.iter().any(|word| word.has_capital)
    }

    pub fn n_words(&self) -> usize {
        self.words.len()
    }

    /// What the anchor is looked up by.
    pub fn key(&self) -> String {
        let word = &self.words[self.anchor_idx];
        word.form
            .classes
            .first()
            .map_or_else(|| fold(&word.form.singular), |&class| class.to_owned())
    }

    /// The span of the term where its first word is `text.words[at]`, and how it is written there.
    pub fn stands_at(&self, text: &Reading, at: usize) -> Option<(Span, Spelling)> {
        let there = text.words.get(at..at + self.words.len())?;
        let same = self.words.iter().zip(there).enumerate().all(|(idx, (word, (found, form)))| {
            word.is(found, form) && (idx == 0 || self.same_gap(&word.gap, found.gap))
        });
        let (start, end) = (there.first()?.0.span.start, there.last()?.0.span.end);
        let signs =
            text.text[..start].ends_with(&self.lead) && text.text[end..].starts_with(&self.tail);
        let span = Span::new(start - self.lead.len().min(start), end + self.tail.len());
        (same && signs).then(|| (span, self.spelling(text, there)))
    }

    /// Nothing stands across a comma or a paragraph.
    fn same_gap(&self, term: &str, text: &str) -> bool {
        let signs = |gap: &'_ str| gap.chars().filter(|c| !is_joint(*c)).collect::<String>();
        let hyphen = !self.needs_hyphens || !term.contains(is_hyphen) || text.contains(is_hyphen);
        hyphen && text.matches('\n').count() < 2 && signs(term) == signs(text)
    }

    fn spelling(&self, text: &Reading, there: &[(Word, Form)]) -> Spelling {
        let all_upper = self.words.len() > 1 && there.iter().all(|(word, _)| is_upper(word.text));
        let begins = text.begins(there[0].0.span.start);
        let is_name = self.has_capital();
        let as_written =
            self.words.iter().zip(there).enumerate().all(|(idx, (word, (found, _)))| {
                let may_rise = is_name || (idx == 0 && begins);
                !word.form.classes.is_empty() || word.is_cased_as(found.text, may_rise)
            });
        if as_written || all_upper { Spelling::AsWritten } else { Spelling::OtherCase }
    }
}

impl TermWord {
    fn new(word: &Word, lang: &str) -> Self {
        Self {
            text: word.text.to_owned(),
            form: Form::of(word.text, lang),
            gap: word.gap.to_owned(),
            has_capital: word.text.chars().any(char::is_uppercase),
        }
    }

    /// Capitals are often written without accents.
    fn is(&self, found: &Word, form: &Form) -> bool {
        let capital = found.text.starts_with(char::is_uppercase);
        match (capital, is_upper(found.text)) {
            (true, true) => self.form.covers(form, fold),
            (true, false) => self.form.covers(form, fold_first),
            (false, _) => self.form.covers(form, str::to_owned),
        }
    }

    /// A name such as `Conseil` is told by its first letter; `iPhone` and `SNCF` by all of them.
    fn is_cased_as(&self, found: &str, may_rise: bool) -> bool {
        if !self.has_capital {
            return !found.chars().any(char::is_uppercase) || (may_rise && is_capitalised(found));
        }
        (is_capitalised(&self.text) && is_capitalised(found)) || strict(found) == strict(&self.text)
    }
}

/// Composed, and otherwise as it is.
fn strict(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    word.nfc().collect()
}

/// One capital, then small letters.
fn is_capitalised(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && !word.chars().skip(1).any(char::is_uppercase)
}

fn fold_first(word: &str) -> String {
    let n_bytes = word.chars().next().map_or(0, char::len_utf8);
    fold(&word[..n_bytes]) + &word[n_bytes..]
}

/// Whether the words under the span are a part of a compound such as `vice-président`.
pub(super) fn in_compound(text: &str, span: Span) -> bool {
    let before = text[..span.start].trim_end_matches(is_hyphen);
    let after = text[span.end..].trim_start_matches(is_hyphen);
    let (joined_before, joined_after) =
        (before.len() < span.start, after.len() < text.len() - span.end);
    let word_before = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let word_after = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    (joined_before && !word_before.is_empty() && !PREFIXES.contains(&fold(word_before).as_str()))
        || (joined_after
            && !word_after.is_empty()
            && !SUFFIXES.contains(&fold(word_after).as_str()))
}

/// What stands before a hyphen and leaves the word what it is.
const PREFIXES: [&str; 2] = ["ex", "non"];
/// `ce ministre-là`
const SUFFIXES: [&str; 7] = ["la", "ci", "il", "elle", "ils", "elles", "on"];
