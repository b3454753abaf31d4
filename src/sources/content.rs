//! What a sentence says, as words without endings, numbers and pairs of words.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::glossary::words::{Word, fold, is_upper, words};
use crate::numbers;

const NAME_WEIGHT: f64 = 1.5;
const FIGURE_WEIGHT: f64 = 1.5;
/// `deux` stands in many sentences.
const NUMBER_WORD_WEIGHT: f64 = 0.5;
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
        key: format!("#{}", quantity.value),
        weight: if quantity.in_figures { FIGURE_WEIGHT } else { NUMBER_WORD_WEIGHT },
        is_pair: false,
    };
    numbers::find(sentence, lang, &[]).iter().map(value).collect()
}

/// The word without its endings: `blessées`, `blessés` and `blessure` are one.
fn stem<'w>(word: &'w str, lexicon: &Lexicon) -> &'w str {
    let enough = |stem: &&str| stem.len() >= MIN_STEM && stem.is_char_boundary(stem.len());
    let plural = word.strip_suffix(['s', 'x']).filter(enough).unwrap_or(word);
    let last = plural.as_bytes().last().copied().unwrap_or_default();
    let endings = lexicon.endings.get(&last).map_or(&[][..], Vec::as_slice);
    let cut = endings.iter().find_map(|ending| plural.strip_suffix(ending).filter(enough));
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
    /// By their last letter, longest first.
    endings: HashMap<u8, Vec<&'static str>>,
    /// Longest first, with one blank between words.
    connectives: Vec<&'static str>,
}

impl Lexicon {
    fn add_ending(&mut self, ending: &'static str) {
        if let Some(&last) = ending.as_bytes().last() {
            self.endings.entry(last).or_default().push(ending);
        }
    }
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
            "ending" => list.split_whitespace().for_each(|ending| lexicon.add_ending(ending)),
            _ => lexicon.connectives.extend(list.split(',').map(str::trim)),
        }
    }
    for lexicon in all.values_mut() {
        for endings in lexicon.endings.values_mut() {
            endings.sort_by_key(|ending| std::cmp::Reverse(ending.len()));
        }
        lexicon.connectives.sort_by_key(|connective| std::cmp::Reverse(connective.len()));
    }
    all
}
