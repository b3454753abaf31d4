//! Words and phrases that stand twice in a row.

use super::super::Finding;
use super::super::polarity::words::Word;
use crate::article::Span;

/// Longer phrases that come at once again are not looked for.
const MAX_PHRASE_WORDS: usize = 8;
/// So often in a row is a loop.
const LOOP_TIMES: usize = 3;
/// Words that grammar or a speaker doubles.
const DOUBLED: [&str; 16] = [
    "nous", "vous", "had", "that", "very", "her", "is", "bye", "so", "no", "non", "oui", "si",
    "blah", "ha", "là",
];

/// A phrase that comes again at once.
struct Repeat {
    first: usize,
    n_words: usize,
    times: usize,
}

/// What the target repeats, where it does so more often than the source.
pub fn compare(source: &[Word], target: &[Word]) -> Vec<Finding> {
    let repeats = find(target);
    if repeats.len() <= find(source).len() {
        return Vec::new();
    }
    repeats.iter().map(|repeat| finding(repeat, target)).collect()
}

fn finding(repeat: &Repeat, words: &[Word]) -> Finding {
    let phrase = &words[repeat.first..repeat.first + repeat.n_words];
    let last = &words[repeat.first + repeat.n_words * repeat.times - 1];
    let texts: Vec<&str> = phrase.iter().map(|word| word.text.as_str()).collect();
    let message = format!("repeats `{}`", texts.join(" "));
    let sure = repeat.times >= LOOP_TIMES || repeat.n_words >= LOOP_TIMES;
    let finding = if sure { Finding::error } else { Finding::warning };
    finding("loop", message).in_target(Span::new(phrase[0].span.start, last.span.end))
}

fn find(words: &[Word]) -> Vec<Repeat> {
    let mut repeats = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let here = (1..=MAX_PHRASE_WORDS).find_map(|n_words| repeat(words, at, n_words));
        at += here.as_ref().map_or(1, |repeat| repeat.n_words * repeat.times);
        repeats.extend(here);
    }
    repeats
}

fn repeat(words: &[Word], first: usize, n_words: usize) -> Option<Repeat> {
    let phrase = words.get(first..first + n_words)?;
    let n_said = phrase.iter().filter(|word| word.is_word()).count();
    let of_words = phrase[0].is_word() && (n_said == n_words || n_said > 1);
    let plain = n_words > 1 || is_plain(&phrase[0]);
    let mut times = 1;
    let again = |times: usize| words.get(first + n_words * times..first + n_words * (times + 1));
    while again(times).is_some_and(|next| same(phrase, next)) {
        times += 1;
    }
    (times > 1 && of_words && (plain || times >= LOOP_TIMES)).then_some(Repeat {
        first,
        n_words,
        times,
    })
}

fn is_plain(word: &Word) -> bool {
    !DOUBLED.contains(&word.text.as_str())
}

fn same(a: &[Word], b: &[Word]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.text == b.text)
}
