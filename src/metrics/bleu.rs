//! BLEU (Papineni et al., 2002): the geometric mean of how many runs of one to four words of the
//! hypothesis stand in a reference, less a penalty for what is too short. Equal to sacrebleu.

use super::ngrams::{self, Counts};
use super::tokens::{self, Tokenizer};
use super::{Segment, VERSION, case, cased, nrefs, yes_no};

/// What is counted, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Capitals count for nothing.
    pub lowercase: bool,
    pub tokenizer: Tokenizer,
    pub smoothing: Smoothing,
    /// Only runs as long as the hypothesis itself are counted: wanted for single sentences.
    pub effective_order: bool,
    /// The longest run.
    pub max_order: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lowercase: false,
            tokenizer: Tokenizer::V13a,
            smoothing: Smoothing::Exp,
            effective_order: false,
            max_order: 4,
        }
    }
}

impl Options {
    /// What single sentences are scored with.
    pub fn sentence() -> Self {
        Self { effective_order: true, ..Self::default() }
    }

    /// How these figures were counted, in the fields of sacrebleu.
    pub fn signature(&self, segments: &[Segment]) -> String {
        format!(
            "{}|{}|eff:{}|tok:{}|smooth:{}|{VERSION}",
            nrefs(segments),
            case(self.lowercase),
            yes_no(self.effective_order),
            self.tokenizer.name(),
            self.smoothing.name(),
        )
    }
}

/// What stands for a length of which no run is found (Chen and Cherry, 2014).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Smoothing {
    /// A half of a run, a quarter for the next length, and so on.
    Exp,
    /// That share of a run; 0.1 in the paper.
    Floor(f64),
    /// That many runs more of every length above one; 1 in the paper.
    AddK(f64),
    /// Nothing: the score is 0.
    None,
}

impl Smoothing {
    fn name(self) -> String {
        match self {
            Self::Exp => "exp".into(),
            Self::Floor(share) => format!("floor[{share:.2}]"),
            Self::AddK(k) => format!("add-k[{k:.2}]"),
            Self::None => "none".into(),
        }
    }
}

/// A score and what it is made of.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Bleu {
    /// 0 to 100.
    pub score: f64,
    /// In percent, of runs of one word, of two, ...
    pub precisions: Vec<f64>,
    /// What the score was multiplied with: 1, or less if the hypotheses are too short.
    pub brevity_penalty: f64,
    /// In words.
    pub hypothesis_len: usize,
    /// In words, of the references that are next in length.
    pub reference_len: usize,
}

/// The score of all segments together. It is no mean: the runs of all of them are counted first.
pub fn corpus(segments: &[Segment], options: &Options) -> Bleu {
    let mut sums = Stats::new(options.max_order);
    segments.iter().for_each(|segment| sums.add(segment, options));
    sums.score(options)
}

/// The score of one segment.
pub fn sentence(segment: &Segment, options: &Options) -> Bleu {
    corpus(std::slice::from_ref(segment), options)
}

/// What is counted before the score is made of it.
struct Stats {
    hypothesis_len: usize,
    reference_len: usize,
    /// Runs of the hypotheses that stand in a reference, by length.
    correct: Vec<usize>,
    /// All runs of the hypotheses, by length.
    total: Vec<usize>,
}

impl Stats {
    fn new(max_order: usize) -> Self {
        let (correct, total) = (vec![0; max_order], vec![0; max_order]);
        Self { hypothesis_len: 0, reference_len: 0, correct, total }
    }

    fn add(&mut self, segment: &Segment, options: &Options) {
        let parted = |text| options.tokenizer.parted(&cased(text, options.lowercase));
        let hypothesis = parted(segment.hypothesis);
        let references: Vec<String> = segment.references.iter().map(|text| parted(text)).collect();
        let hypothesis = tokens::words(&hypothesis);
        let references: Vec<Vec<&str>> =
            references.iter().map(|text| tokens::words(text)).collect();
        for order in 1..=options.max_order {
            let found = ngrams::counts(&hypothesis, order);
            self.correct[order - 1] += ngrams::common(&found, &most(&references, order));
            self.total[order - 1] += ngrams::total(&found);
        }
        self.hypothesis_len += hypothesis.len();
        self.reference_len += closest(hypothesis.len(), references.iter().map(Vec::len));
    }

    fn score(&self, options: &Options) -> Bleu {
        let precisions = match self.correct.iter().all(|&n| n == 0) {
            true => vec![0.0; options.max_order],
            false => self.precisions(options.smoothing),
        };
        let n_orders = match (options.effective_order, options.smoothing) {
            (false, _) | (true, Smoothing::AddK(_)) => options.max_order,
            (true, _) => self.total.iter().filter(|&&n| n > 0).count(),
        };
        let brevity_penalty = self.brevity_penalty();
        let mean = precisions[..n_orders].iter().map(|p| p.ln()).sum::<f64>() / n_orders as f64;
        // Without a run there is no mean; of a precision of 0 the logarithm is -∞ and the score 0.
        let score = if n_orders == 0 { 0.0 } else { brevity_penalty * mean.exp() };
        let Self { hypothesis_len, reference_len, .. } = *self;
        Bleu { score, precisions, brevity_penalty, hypothesis_len, reference_len }
    }

    fn precisions(&self, smoothing: Smoothing) -> Vec<f64> {
        let mut halves = 1.0;
        let of_order = |(idx, (&correct, &total)): (usize, (&usize, &usize))| {
            let more = match smoothing {
                Smoothing::AddK(k) if idx > 0 => k,
                _ => 0.0,
            };
            let (correct, total) = (correct as f64 + more, total as f64 + more);
            if total == 0.0 {
                return 0.0;
            }
            if correct > 0.0 {
                return 100.0 * correct / total;
            }
            match smoothing {
                Smoothing::Exp => {
                    halves *= 2.0;
                    100.0 / (halves * total)
                }
                Smoothing::Floor(share) => 100.0 * share / total,
                Smoothing::AddK(_) | Smoothing::None => 0.0,
            }
        };
        self.correct.iter().zip(&self.total).enumerate().map(of_order).collect()
    }

    fn brevity_penalty(&self) -> f64 {
        let (hypothesis, reference) = (self.hypothesis_len as f64, self.reference_len as f64);
        match self.hypothesis_len {
            0 if self.reference_len > 0 => 0.0,
            n if n < self.reference_len => (1.0 - reference / hypothesis).exp(),
            _ => 1.0,
        }
    }
}

/// Each run as often as it stands in the reference that has it most often.
fn most<'t>(references: &'t [Vec<&'t str>], order: usize) -> Counts<'t, &'t str> {
    let mut all = references.iter().map(|words| ngrams::counts(words, order));
    let mut most = all.next().unwrap_or_default();
    for (run, n) in all.flatten() {
        let known = most.entry(run).or_default();
        *known = n.max(*known);
    }
    most
}

/// The length that is next to that of the hypothesis, the shorter of two.
fn closest(len: usize, references: impl Iterator<Item = usize>) -> usize {
    references.min_by_key(|&reference| (reference.abs_diff(len), reference)).unwrap_or(0)
}
