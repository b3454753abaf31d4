//! French words that were left in an English text.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::super::Finding;
use super::super::lists::lines;
use super::super::polarity::words::Word;

/// So many of them are surely not meant.
const SURE_WORDS: usize = 4;
/// A sentence that was copied, not translated, has at least so many words.
const MIN_COPIED_WORDS: usize = 5;

#[derive(Default)]
struct Lists {
    words: HashSet<&'static str>,
    ends: Vec<&'static str>,
    name_ends: Vec<&'static str>,
    loans: HashSet<&'static str>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists::default();
    for line in lines(include_str!("mixing.txt")) {
        let Some((kind, entries)) = line.split_once(": ") else { continue };
        let entries = entries.split(',').map(str::trim);
        match kind {
            "word" => lists.words.extend(entries),
            "end" => lists.ends.extend(entries),
            "name-end" => lists.name_ends.extend(entries),
            _ => lists.loans.extend(entries),
        }
    }
    lists
});

/// Words of the source's language in the target.
pub fn compare(source: &[Word], target: &[Word], langs: (&str, &str)) -> Option<Finding> {
    if langs != ("fr", "en") {
        return None;
    }
    let said: HashSet<&str> = source.iter().map(|word| word.text.as_str()).collect();
    let named: HashSet<&str> =
        source.iter().filter(|word| word.capital).map(|word| word.text.as_str()).collect();
    let left: Vec<&Word> = outside_quotes(target)
        .filter(|&at| is_left(target, at, &said) || is_made_a_name(&target[at], &said, &named))
        .map(|at| &target[at])
        .collect();
    let first = left.first()?;
    let message = format!("`{}` is left from the source", first.text);
    let finding = if left.len() >= SURE_WORDS { Finding::error } else { Finding::warning };
    Some(finding("left-over", message).in_target(first.span))
}

/// A target that is its source, word for word.
pub fn copied(source: &[Word], target: &[Word], langs: (&str, &str)) -> Option<Finding> {
    let words = |words: &[Word]| -> Vec<String> {
        words.iter().filter(|word| word.is_word()).map(|word| word.text.clone()).collect()
    };
    let n_small = target.iter().filter(|word| word.is_word() && !word.capital).count();
    if langs.0 == langs.1 || n_small < MIN_COPIED_WORDS || words(source) != words(target) {
        return None;
    }
    Some(Finding::error("left-over", "is its source, not translated".into()))
}

/// The places of words that stand between no quotation marks.
fn outside_quotes(words: &[Word]) -> impl Iterator<Item = usize> {
    let mut depth = false;
    (0..words.len()).filter(move |&at| {
        match words[at].text.as_str() {
            "\"" => depth = !depth,
            "«" | "“" | "(" => depth = true,
            "»" | "”" | ")" => depth = false,
            _ => {}
        }
        !depth
    })
}

fn is_left(words: &[Word], at: usize, said: &HashSet<&str>) -> bool {
    let word = &words[at];
    let text = word.text.as_str();
    let elided = is_elided(words, at);
    if word.capital && is_opening_article(words, at) {
        return true;
    }
    if word.capital || !elided && (!word.is_word() || !said.contains(text)) {
        return false;
    }
    let accented = text.contains(['é', 'è', 'ê', 'ë', 'à', 'â', 'ç', 'ù', 'û', 'ô', 'î', 'ï']);
    let mut near = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
    let named = near.any(|idx| words.get(idx).is_some_and(|word| word.capital));
    if LISTS.words.contains(text) {
        return !named || accented;
    }
    let ends = || LISTS.ends.iter().any(|end| text.ends_with(end) && text.len() > end.len() + 2);
    !named && (elided || !LISTS.loans.contains(text) && (accented || ends()))
}

/// `huit patients marnais` as "eight patients from Marnais": an adjective of a place, taken for the
/// place.
fn is_made_a_name(word: &Word, said: &HashSet<&str>, named: &HashSet<&str>) -> bool {
    let text = word.text.as_str();
    let has_end = || LISTS.name_ends.iter().any(|end| text.ends_with(end));
    word.capital && said.contains(text) && !named.contains(text) && has_end()
}

/// `Les` before a small word at the head of a text.
fn is_opening_article(words: &[Word], at: usize) -> bool {
    let is_article = matches!(words[at].text.as_str(), "les" | "des" | "une" | "cette" | "ces");
    at == 0 && is_article && words.get(1).is_some_and(|next| next.is_word() && !next.capital)
}

/// `d'autres`, which is read as two words of English.
fn is_elided(words: &[Word], at: usize) -> bool {
    let before = at.checked_sub(1).map(|idx| &words[idx]);
    let rest = words[at].text.strip_prefix('\'').unwrap_or_default();
    let bare = before.is_some_and(|w| matches!(w.text.as_str(), "d" | "l" | "qu" | "n" | "j"));
    bare && rest.chars().count() > 2
}
