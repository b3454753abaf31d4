//! What the words of a text say of its language.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The languages of `function_words.txt` and `endings.txt`, in the order of the scores.
pub const CODES: [&str; N_LANGUAGES] = ["fr", "en", "de", "es", "it", "pt", "nl"];
/// How many they are.
pub const N_LANGUAGES: usize = 7;

/// An end of a word says less than a function word.
const ENDING_WEIGHT: f64 = 0.5;
const MIN_STEM_LETTERS: usize = 2;
/// Longest ending, in letters.
const MAX_ENDING: usize = 5;

type Scores = [f64; N_LANGUAGES];

/// Scores of one text, in words.
#[derive(Debug, Default)]
pub struct Evidence {
    /// How many words the text has.
    pub n_words: usize,
    /// Function words, each shared among the languages that have it.
    pub function_words: Scores,
    /// The ends of all other words, likewise.
    pub endings: Scores,
}

impl Evidence {
    /// Reads `text` once.
    pub fn of(text: &str) -> Self {
        let mut evidence = Self::default();
        let mut word = String::new();
        // The elided article is the best evidence of French and Italian, so it counts as a word.
        for piece in text.split(|c: char| !c.is_alphabetic()).filter(|piece| !piece.is_empty()) {
            word.clear();
            word.extend(piece.chars().flat_map(char::to_lowercase));
            evidence.add(&word, piece.starts_with(char::is_uppercase));
        }
        evidence
    }

    /// Function words and endings together.
    pub fn all(&self) -> Scores {
        std::array::from_fn(|idx| self.function_words[idx] + self.endings[idx])
    }

    /// How much speaks for a language.
    pub fn total(&self) -> f64 {
        self.all().iter().sum()
    }

    fn add(&mut self, word: &str, is_capitalised: bool) {
        self.n_words += 1;
        if let Some(weights) = FUNCTION_WORDS.get(word) {
            add(&mut self.function_words, weights, 1.0);
        } else if !is_capitalised && let Some(weights) = ending(word) {
            // Names end as they like.
            add(&mut self.endings, weights, ENDING_WEIGHT);
        }
    }
}

fn add(scores: &mut Scores, weights: &[(usize, f64)], by: f64) {
    for &(idx, weight) in weights {
        if let Some(score) = scores.get_mut(idx) {
            *score += weight * by;
        }
    }
}

/// What the longest known end of a word says.
fn ending(word: &str) -> Option<&'static Weights> {
    let stem = word.char_indices().nth(MIN_STEM_LETTERS)?.0;
    let starts = word[stem..].char_indices().map(|(at, _)| stem + at);
    let n_letters = word.chars().count();
    let far = n_letters.saturating_sub(MIN_STEM_LETTERS + MAX_ENDING);
    starts.skip(far).find_map(|at| ENDINGS.get(&word[at..]))
}

/// For each language that has a word or an ending, its share.
type Weights = Vec<(usize, f64)>;

static FUNCTION_WORDS: LazyLock<HashMap<&'static str, Weights>> =
    LazyLock::new(|| weights(include_str!("function_words.txt")));
static ENDINGS: LazyLock<HashMap<&'static str, Weights>> =
    LazyLock::new(|| weights(include_str!("endings.txt")));

/// A file of lines `code: words`; what several languages share counts that much less for each.
fn weights(file: &'static str) -> HashMap<&'static str, Weights> {
    let mut owners: HashMap<&str, Vec<usize>> = HashMap::new();
    for (code, words) in file.lines().filter_map(|line| line.split_once(':')) {
        let Some(idx) = CODES.iter().position(|own| *own == code) else { continue };
        for word in words.split_whitespace() {
            let owners = owners.entry(word).or_default();
            if !owners.contains(&idx) {
                owners.push(idx);
            }
        }
    }
    let shared = |owners: Vec<usize>| {
        let share = 1.0 / owners.len() as f64;
        owners.into_iter().map(|idx| (idx, share)).collect()
    };
    owners.into_iter().map(|(word, owners)| (word, shared(owners))).collect()
}
