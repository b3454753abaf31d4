//! The most central sentences of an article, verbatim.
//!
//! Sentences are vectors of tf-idf over word stems; the score is the similarity with the whole
//! article and its title, and falls with the place in the text, because news tells the most
//! important first. What is chosen must differ from what is chosen already (maximal marginal
//! relevance, Carbonell & Goldstein 1998, <https://doi.org/10.1145/290941.291025>).

use std::collections::HashMap;

/// How much nearness to chosen sentences counts against a sentence.
const REDUNDANCY: f64 = 0.8;
/// How much the title counts beside the text.
const TITLE: f64 = 0.5;
/// The score of the last sentence from its place alone, when that of the first is 1.
const LAST_PLACE: f64 = 0.25;
/// Sentences with fewer words say too little to stand alone.
const MIN_WORDS: usize = 6;

/// Indices of the `n` most central sentences, in the order of the text; what they say must differ
/// from what `said` says already.
pub fn central(title: Option<&str>, sentences: &[&str], said: &[String], n: usize) -> Vec<usize> {
    let vectors = Vectors::new(sentences);
    let said: Vec<Vector> = said.iter().map(|s| vectors.vector(s)).collect();
    let article = vectors.sum();
    let title = title.map(|title| vectors.vector(title));
    let relevance: Vec<f64> = (0..sentences.len())
        .map(|i| {
            let likeness = cosine(&vectors.rows[i], &article)
                + TITLE * title.as_ref().map_or(0.0, |t| cosine(&vectors.rows[i], t));
            likeness * place(i) * fullness(sentences[i])
        })
        .collect();
    let mut chosen = choose(&vectors, &relevance, &said, n);
    chosen.sort_unstable();
    chosen
}

fn choose(vectors: &Vectors, relevance: &[f64], said: &[Vector], n: usize) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < n.min(relevance.len()) {
        let score = |&i: &usize| {
            let beside = chosen.iter().map(|&c| &vectors.rows[c]).chain(said);
            let nearest = beside.map(|other| cosine(&vectors.rows[i], other)).fold(0.0, f64::max);
            relevance[i] * (1.0 - REDUNDANCY * nearest)
        };
        let rest = (0..relevance.len()).filter(|i| !chosen.contains(i));
        // The first of equals, so that the order of the text decides.
        let best = rest.fold(None, |best: Option<(usize, f64)>, i| {
            let s = score(&i);
            if best.is_some_and(|(_, b)| b >= s) { best } else { Some((i, s)) }
        });
        match best {
            Some((i, _)) => chosen.push(i),
            None => break,
        }
    }
    chosen
}

fn place(index: usize) -> f64 {
    LAST_PLACE + (1.0 - LAST_PLACE) / (1.0 + index as f64 / 2.0)
}

/// A very short sentence counts less.
fn fullness(sentence: &str) -> f64 {
    (sentence.split_whitespace().count() as f64 / MIN_WORDS as f64).min(1.0)
}

type Vector = HashMap<String, f64>;

struct Vectors {
    rows: Vec<Vector>,
    idf: HashMap<String, f64>,
}

impl Vectors {
    fn new(sentences: &[&str]) -> Self {
        let bags: Vec<Vector> = sentences.iter().map(|s| bag(s)).collect();
        let mut n_with: HashMap<String, f64> = HashMap::new();
        for word in bags.iter().flat_map(HashMap::keys) {
            *n_with.entry(word.clone()).or_default() += 1.0;
        }
        let n = bags.len() as f64;
        let idf = n_with.into_iter().map(|(w, k)| (w, (1.0 + n / k).ln())).collect();
        let mut vectors = Self { rows: Vec::new(), idf };
        vectors.rows = bags.into_iter().map(|bag| vectors.weigh(bag)).collect();
        vectors
    }

    fn vector(&self, text: &str) -> Vector {
        self.weigh(bag(text))
    }

    fn weigh(&self, bag: Vector) -> Vector {
        let weigh = |(word, n): (String, f64)| {
            let idf = self.idf.get(&word).copied().unwrap_or_default();
            (word, n * idf)
        };
        bag.into_iter().map(weigh).collect()
    }

    fn sum(&self) -> Vector {
        let mut sum = Vector::new();
        for (word, weight) in self.rows.iter().flatten() {
            *sum.entry(word.clone()).or_default() += weight;
        }
        sum
    }
}

/// Stems and how often they come. Short words are mostly grammar.
fn bag(text: &str) -> Vector {
    let mut bag = Vector::new();
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    for word in words.filter(|w| w.chars().count() > 3 || w.parse::<u64>().is_ok()) {
        // Six letters hold most French stems apart and most endings together.
        let stem: String = word.chars().take(6).collect();
        *bag.entry(stem).or_default() += 1.0;
    }
    bag
}

fn cosine(a: &Vector, b: &Vector) -> f64 {
    // Summed in a fixed order: hash maps have none, and equal runs must choose equal sentences.
    let mut products: Vec<f64> = a.iter().filter_map(|(word, x)| Some(x * b.get(word)?)).collect();
    products.sort_unstable_by(f64::total_cmp);
    let norm = |v: &Vector| {
        let mut squares: Vec<f64> = v.values().map(|x| x * x).collect();
        squares.sort_unstable_by(f64::total_cmp);
        squares.iter().sum::<f64>().sqrt()
    };
    let norms = norm(a) * norm(b);
    if norms == 0.0 { 0.0 } else { products.iter().sum::<f64>() / norms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lead_wins_and_a_repetition_loses() {
        let sentences = [
            "Le pont de Varenne fermera trois mois pour des travaux urgents.",
            "Le pont de Varenne fermera trois mois pour travaux urgents.",
            "Les commerçants de la rive gauche demandent des indemnités à la mairie.",
            "Il pleuvait.",
        ];
        assert_eq!(central(Some("Le pont de Varenne fermé"), &sentences, &[], 2), [0, 2]);
    }

    #[test]
    fn fewer_sentences_than_asked() {
        assert_eq!(central(None, &["Une phrase seule ici."], &[], 3), [0]);
        assert!(central(None, &[], &[], 3).is_empty());
    }
}
