//! French in telegram style, without articles: `Commune signe charte`.
//!
//! No grammar is at hand, but the article itself: a noun that has a determiner nearly always there,
//! and stands bare in a summary, has lost it.

use std::collections::HashMap;

use super::super::Finding;
use super::super::polarity::words::Word;
use super::LISTS;

/// Shorter words are seldom nouns.
const MIN_LETTERS: usize = 4;
/// So many nouns without a determiner make it a style.
const MIN_BARE: usize = 2;
/// The share of its places at which a noun has its determiner.
const MOSTLY: f64 = 0.7;
/// In written French one word in five is a determiner; below this share there are too few. Of 1,500
/// journalists' teasers 2 count as telegrams, by the other signs.
const FEW_DETERMINERS: f64 = 0.1;

/// Whether a French summary leaves its articles out: an error where it does so sentence by sentence.
pub fn compare(source: &[Word], target: &[Word]) -> Option<Finding> {
    let n_words = target.iter().filter(|word| word.is_word()).count();
    let n_determiners = target.iter().filter(|word| is_determiner(word)).count();
    let nouns = Nouns::of(source);
    let is_sparse = n_determiners as f64 <= FEW_DETERMINERS * n_words as f64;
    let begins_bare = begin_bare(target, &nouns);
    let all = (0..target.len()).filter(|&at| nouns.has(&target[at]));
    let (bare, whole): (Vec<usize>, Vec<usize>) = all.partition(|&at| is_bare(target, at));
    let bare: Vec<&str> = bare.into_iter().map(|at| target[at].text.as_str()).collect();
    let message = || format!("telegram style: `{}` without articles", bare.join("`, `"));
    let is_all_through =
        bare.len() > MIN_BARE.max(whole.len()) && bare.len() >= n_sentences(target);
    let finding = match () {
        () if bare.len() < MIN_BARE => return None,
        () if begins_bare || is_all_through => Finding::error,
        () if is_sparse => Finding::warning,
        () => return None,
    };
    Some(finding("form", message()))
}

fn n_sentences(words: &[Word]) -> usize {
    words.iter().filter(|word| is_end(word)).count().max(1)
}

fn is_end(word: &Word) -> bool {
    matches!(word.text.as_str(), "." | "!" | "?" | "…")
}

/// Whether most sentences, two at least, begin with a noun that has lost its article: one `la` in
/// the middle does not make them whole.
fn begin_bare(words: &[Word], nouns: &Nouns) -> bool {
    let is_start = |at: usize| at == 0 || is_end(&words[at - 1]);
    let starts = (0..words.len()).filter(|&at| words[at].is_word() && is_start(at));
    let (mut n_all, mut n_bare) = (0, 0);
    for at in starts {
        n_all += 1;
        n_bare += usize::from(nouns.has(&words[at]) && is_bare(words, at));
    }
    n_bare >= MIN_BARE && 2 * n_bare > n_all
}

/// How often each word stands in the article, and how often behind a determiner. One that begins a title
/// without any says nothing.
struct Nouns<'w>(HashMap<&'w str, (f64, f64)>);

impl<'w> Nouns<'w> {
    fn of(words: &'w [Word]) -> Self {
        let mut counts: HashMap<&str, (f64, f64)> = HashMap::new();
        for (at, word) in words.iter().enumerate().filter(|(_, word)| word.is_word()) {
            let has_determiner = at > 0 && serves_noun(&words[at - 1]);
            if word.capital && !has_determiner {
                continue;
            }
            let (n, n_with) = counts.entry(&word.text).or_default();
            *n += 1.0;
            *n_with += f64::from(u8::from(has_determiner));
        }
        Self(counts)
    }

    fn has(&self, word: &Word) -> bool {
        let long = word.text.chars().nth(MIN_LETTERS - 1).is_some();
        let counts = self.0.get(word.text.as_str()).filter(|_| long);
        counts.is_some_and(|(n, n_with)| *n_with >= MOSTLY * n)
    }
}

/// Whether a noun has nothing before it that a noun needs: `signe charte`, or at the beginning of a
/// sentence with a word behind it.
fn is_bare(words: &[Word], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &words[before]);
    if before.is_none_or(is_end) {
        return words.get(at + 1).is_some_and(Word::is_word);
    }
    let follows_word = before.is_some_and(|before| {
        let text = before.text.as_str();
        text.starts_with(char::is_alphabetic)
            && !serves_noun(before)
            && !LISTS.has("fr", "before-bare", text)
    });
    follows_word && !words[at].capital
}

/// `la charte`, `de charte`.
fn serves_noun(word: &Word) -> bool {
    is_determiner(word) || LISTS.has("fr", "link", &word.text)
}

fn is_determiner(word: &Word) -> bool {
    LISTS.has("fr", "determiner", &word.text)
}

#[cfg(test)]
mod tests {
    use super::super::super::Severity;
    use super::super::words::split;
    use super::*;

    const ARTICLE: &str = "Les communes ont signé la charte sur le partage de l'eau. Une \
        conductrice a été blessée dans un accident. La charte prévoit un fonds.";

    fn found(summary: &str) -> Option<Finding> {
        compare(&split(ARTICLE, "fr", 0), &split(summary, "fr", 0))
    }

    #[test]
    fn articles_left_out_are_seen() {
        assert!(found("Communes signent charte prévoyant fonds.").is_some());
        assert!(found("46 communes signent charte. Conductrice blessée.").is_some());
        assert!(found("46 communes signent charte sur partage.").is_none());
        let with_some = "Communes ont signé la charte sur l'eau. Conductrice a été blessée dans un \
                         accident de la route.";
        assert!(found(with_some).is_some());
        let in_the_middle = "46 communes signent charte sur l'eau de la Loue. Le maire crée fonds. La \
                             ville craint accident.";
        let finding = found(in_the_middle).unwrap();
        assert_eq!(finding.severity, Severity::Error);
    }

    #[test]
    fn a_title_says_nothing_of_determiners() {
        let article =
            format!("Charte de l'eau : deux refus\n\nCharte de l'eau : deux refus\n\n{ARTICLE}");
        let summary = split(
            "46 communes signent charte. Le maire craint accident. Ville crée fonds.",
            "fr",
            0,
        );
        let finding = compare(&split(&article, "fr", 0), &summary).unwrap();
        assert_eq!(finding.severity, Severity::Error);
    }

    #[test]
    fn whole_sentences_are_not() {
        for sentence in [
            "Les communes ont signé la charte.",
            "Une conductrice est blessée.",
            "Elle a été blessée mardi près de Dole.",
            "En charte et en partage, tout est dit.",
        ] {
            assert_eq!(found(sentence), None, "{sentence}");
        }
    }
}
