//! How far a mean would move with other texts of the same kind: the texts are drawn again and
//! again from those that there are (Efron, 1979; for ROUGE by Lin, 2004).

/// A mean, and the range that holds it in 95 of 100 draws.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Interval {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
}

const N_DRAWS: usize = 1000;
const SEED: u64 = 12345;
/// Half of what lies outside of the range.
const TAIL: f64 = 0.025;

/// The mean of the values with its range. The draws are the same in every run.
pub fn interval(values: &[f64]) -> Interval {
    if values.is_empty() {
        return Interval::default();
    }
    let mut chance = Chance(SEED);
    let draw = |_| values[chance.below(values.len())];
    let mut means = vec![0.0; N_DRAWS];
    let mut draw_mean = draw_mean(values.len(), draw);
    means.iter_mut().for_each(|mean| *mean = draw_mean());
    means.sort_unstable_by(f64::total_cmp);
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    Interval { mean, low: quantile(&means, TAIL), high: quantile(&means, 1.0 - TAIL) }
}

fn draw_mean(n: usize, mut draw: impl FnMut(usize) -> f64) -> impl FnMut() -> f64 {
    move || (0..n).map(&mut draw).sum::<f64>() / n as f64
}

/// The value below which that share of the sorted values lies, between two of them if need be.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

/// SplitMix64 (Steele et al., 2014): numbers that look drawn, and are the same from the same seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
}
