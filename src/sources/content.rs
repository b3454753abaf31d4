//! What a sentence says, as words without endings, numbers and pairs of words.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::glossary::words::{Word, fold, is_upper, words};
use crate::numbers;

const NAME_WEIGHT: f64 = 1.5;
const NUMBER_WEIGHT: f64 = 1.5;
const PAIR_WEIGHT: f64 = 0.5;
/// A stem has at least so many letters.
const MIN_STEM: usize = 4;

/// A sentence, read for comparison.
pub(super) struct Content {
    pub features: Vec<Feature>,
    /// All words, folded, without a connective at the head.
    pub bare: String,
}

/// A thing that another sentence may say too.
pub(super) struct Feature {
    pub key: String,
    pub weight: f64,
    pub is_pair: bool,
}

impl Content {
    pub fn read(sentence: &str, lang: &str) -> Self {
        let lexicon = lexicon(lang);
        let found = words(sentence);
        let folded: Vec<String> = found.iter().map(|word| fold(word.text)).collect();
        let mut features = stems(&found, &folded, lexicon);
        features.extend(pairs(&features));
        features.extend(values(sentence, lang));
        let mut seen = HashSet::new();
        features.retain(|feature| seen.insert(feature.key.clone()));
        Self { features, bare: bare(&folded, lexicon) }
    }
}

fn stems(found: &[Word], folded: &[String], lexicon: &Lexicon) -> Vec<Feature> {
    let all = found.iter().zip(folded).enumerate();
    let says = all.filter(|(_, (_, folded))| {
        let is_figure = folded.starts_with(|c: char| c.is_numeric());
        folded.chars().nth(1).is_some() && !is_figure && !lexicon.stop.contains(folded.as_str())
    });
    says.map(|(idx, (word, folded))| {
        let capital = word.text.starts_with(char::is_uppercase);
        let is_name = capital && (idx > 0 || is_upper(word.text));
        let weight = if is_name { NAME_WEIGHT } else { 1.0 };
        Feature { key: stem(folded, lexicon).to_owned(), weight, is_pair: false }
    })
    .collect()
}

fn pairs(stems: &[Feature]) -> Vec<Feature> {
    let pair = |two: &[Feature]| {
        let key = format!("{} {}", two[0].key, two[1].key);
        Feature { key, weight: PAIR_WEIGHT, is_pair: true }
    };
    stems.windows(2).map(pair).collect()
}

/// `trois` and `3` are one value.
fn values(sentence: &str, lang: &str) -> Vec<Feature> {
    let value = |quantity: &numbers::Quantity| Feature {
        key: format!("#{:?}", quantity.value),
        weight: NUMBER_WEIGHT,
        is_pair: false,
    };
    numbers::find(sentence, lang, &[]).iter().map(value).collect()
}

/// The word without its endings: `blessées`, `blessés` and `blessure` are one.
fn stem<'w>(word: &'w str, lexicon: &Lexicon) -> &'w str {
    let enough = |stem: &&str| stem.len() >= MIN_STEM && stem.is_char_boundary(stem.len());
    let plural = word.strip_suffix(['s', 'x']).filter(enough).unwrap_or(word);
    let cut = lexicon.endings.iter().find_map(|e| plural.strip_suffix(e).filter(enough));
    cut.unwrap_or(plural)
}

fn bare(folded: &[String], lexicon: &Lexicon) -> String {
    let text = folded.join(" ");
    let connective = lexicon
        .connectives
        .iter()
        .find_map(|connective| text.strip_prefix(connective)?.strip_prefix(' ').map(str::to_owned));
    connective.unwrap_or(text)
}

/// The words of one language that say little, and the endings that do.
#[derive(Default)]
struct Lexicon {
    stop: HashSet<&'static str>,
    /// Longest first.
    endings: Vec<&'static str>,
    /// Longest first, with one blank between words.
    connectives: Vec<&'static str>,
}

fn lexicon(lang: &str) -> &'static Lexicon {
    static NONE: LazyLock<Lexicon> = LazyLock::new(Lexicon::default);
    static ALL: LazyLock<HashMap<&'static str, Lexicon>> = LazyLock::new(load);
    ALL.get(lang).unwrap_or(&NONE)
}

fn load() -> HashMap<&'static str, Lexicon> {
    let mut all: HashMap<&'static str, Lexicon> = HashMap::new();
    let lines = include_str!("words.txt").lines().filter(|line| !line.starts_with('#'));
    for (head, list) in lines.filter_map(|line| line.split_once(':')) {
        let Some((lang, kind)) = head.split_once(' ') else { continue };
        let lexicon = all.entry(lang).or_default();
        match kind {
            "stop" => lexicon.stop.extend(list.split_whitespace()),
            "ending" => lexicon.endings.extend(list.split_whitespace()),
            _ => lexicon.connectives.extend(list.split(',').map(str::trim)),
        }
    }
    for lexicon in all.values_mut() {
        lexicon.endings.sort_by_key(|ending| std::cmp::Reverse(ending.len()));
        lexicon.connectives.sort_by_key(|connective| std::cmp::Reverse(connective.len()));
    }
    all
}
