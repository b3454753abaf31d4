//! Texts as vectors of tf-idf over stems and numbers.

use std::collections::BTreeMap;

/// What each stem weighs in a text; in the order of the stems, so that equal runs give equal sums.
pub type Vector = BTreeMap<String, f64>;

/// How telling each stem is: rare ones more than common ones.
pub struct Idf {
    n_texts: f64,
    n_with: BTreeMap<String, f64>,
}

impl Idf {
    /// Counts the texts, each as its stems.
    pub fn new<'t>(texts: impl Iterator<Item = &'t Vector>) -> Self {
        let mut new = Self { n_texts: 0.0, n_with: BTreeMap::new() };
        for text in texts {
            new.n_texts += 1.0;
            for stem in text.keys() {
                *new.n_with.entry(stem.clone()).or_default() += 1.0;
            }
        }
        new
    }

    /// The vector of a text by how often it has each stem; its length is 1.
    pub fn weigh(&self, text: &Vector) -> Vector {
        let weight = |(stem, n): (&String, &f64)| {
            let n_with = self.n_with.get(stem).copied().unwrap_or(1.0);
            (stem.clone(), (1.0 + n).ln() * (1.0 + self.n_texts / n_with).ln())
        };
        unit(text.iter().map(weight).collect())
    }
}

/// The same direction with the length 1.
pub fn unit(vector: Vector) -> Vector {
    let length = vector.values().map(|x| x * x).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    vector.into_iter().map(|(stem, weight)| (stem, weight / length)).collect()
}

/// Of two vectors of length 1 their cosine.
pub fn dot(a: &Vector, b: &Vector) -> f64 {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().filter_map(|(stem, x)| Some(x * many.get(stem)?)).sum()
}
