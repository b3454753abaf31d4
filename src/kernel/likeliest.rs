//! The likeliest words of rows of logits.

use super::attention::exp;
use super::cpu::Kernel;
use super::lanes::{Lanes, Plain};
use super::parallel::made_in_chunks;

/// A column of the logits, and the logarithm of its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likely {
    pub column: u32,
    pub log_prob: f32,
}

impl Likely {
    const NONE: Self = Self { column: u32::MAX, log_prob: f32::NEG_INFINITY };
}

/// The `n` likeliest of the first `n_columns` of each row, `[n_rows, width]`, the likeliest first, of
/// equals the first; `banned` are passed over, though they have their share of the probability. Where a row has
/// fewer, the list is shorter. The only one of a row is not weighed against the others: its
/// `log_prob` is its logit.
///
/// # Panics
/// When there is not one list of banned columns a row, or a row is shorter than `n_columns`.
pub fn likeliest(
    logits: &[f32],
    n_columns: usize,
    n: usize,
    banned: &[Vec<u32>],
) -> Vec<Vec<Likely>> {
    let width = logits.len() / banned.len().max(1);
    assert!(logits.len() == width * banned.len() && width >= n_columns, "rows of {n_columns}");
    let kernel = Kernel::chosen().unwrap_or(Kernel::Portable);
    let found = made_in_chunks(banned.len() * n, n.max(1), Likely::NONE, |row, found| {
        let logits = &logits[row * width..row * width + n_columns];
        pick(logits, &banned[row], found);
        if n > 1 {
            let total = log_sum(kernel, logits);
            found.iter_mut().for_each(|likely| likely.log_prob -= total);
        }
    });
    let is_there = |likely: &&Likely| likely.column != u32::MAX;
    let list = |row: &[Likely]| row.iter().take_while(is_there).copied().collect();
    found.chunks(n.max(1)).map(list).collect()
}

/// Columns that are looked at together: most have nothing that counts.
const BLOCK: usize = 64;

/// Fills `found` with the columns of the greatest logits.
fn pick(logits: &[f32], banned: &[u32], found: &mut [Likely]) {
    let Some(last) = found.len().checked_sub(1) else { return };
    for (idx, block) in logits.chunks(BLOCK).enumerate() {
        let least = found[last].log_prob;
        if !block.iter().fold(false, |any, logit| any | (*logit > least)) {
            continue;
        }
        for (column, logit) in (idx * BLOCK..).zip(block) {
            let column = column as u32;
            if *logit > found[last].log_prob && !banned.contains(&column) {
                let at = found.partition_point(|other| other.log_prob >= *logit);
                found[at..].rotate_right(1);
                found[at] = Likely { column, log_prob: *logit };
            }
        }
    }
}

/// ln(sum(e^x)).
fn log_sum(kernel: Kernel, row: &[f32]) -> f32 {
    match kernel {
        // SAFETY: the chosen kernel is one whose instructions the CPU has; both have AVX2, FMA
        // and F16C.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 | Kernel::Avx512 => unsafe { log_sum_avx2(row) },
        #[cfg(target_arch = "aarch64")]
        Kernel::Neon => log_sum_by::<super::lanes::Neon>(row),
        _ => log_sum_by::<Plain>(row),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn log_sum_avx2(row: &[f32]) -> f32 {
    log_sum_by::<super::lanes::Avx2>(row)
}

/// Sums kept apart, enough to hide the latency of an addition.
const LANES: usize = 32;

#[inline(always)]
fn log_sum_by<L: Lanes>(row: &[f32]) -> f32 {
    let mut maxima = [f32::NEG_INFINITY; LANES];
    for chunk in row.chunks(LANES) {
        chunk.iter().zip(&mut maxima).for_each(|(x, max)| *max = x.max(*max));
    }
    let max = maxima.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let mut sums = [0f32; LANES];
    for chunk in row.chunks(LANES) {
        chunk.iter().zip(&mut sums).for_each(|(x, sum)| *sum += exp::<L>(x - max));
    }
    max + sums.iter().sum::<f32>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_are_those_of_a_sorted_row() {
        let (n_rows, n_columns) = (5, 211);
        let logits: Vec<f32> =
            (0..n_rows * n_columns).map(|i| ((i * i) as f32 * 0.37).sin() * 4.0).collect();
        let banned: Vec<Vec<u32>> = (0..n_rows as u32).map(|row| vec![row, 17]).collect();
        let found = likeliest(&logits, n_columns, 8, &banned);
        for (row, found) in found.iter().enumerate() {
            let own = &logits[row * n_columns..(row + 1) * n_columns];
            let total = own.iter().map(|x| f64::from(*x).exp()).sum::<f64>().ln();
            let mut expected: Vec<u32> =
                (0..n_columns as u32).filter(|column| !banned[row].contains(column)).collect();
            expected.sort_by(|a, b| own[*b as usize].total_cmp(&own[*a as usize]));
            let columns: Vec<u32> = found.iter().map(|likely| likely.column).collect();
            assert_eq!(columns, expected[..8]);
            for likely in found {
                let exact = f64::from(own[likely.column as usize]) - total;
                assert!((f64::from(likely.log_prob) - exact).abs() < 1e-5, "{exact}");
            }
        }
    }

    #[test]
    fn what_is_infinitely_unlikely_is_not_there() {
        let row = [1.0, f32::NEG_INFINITY, 3.0, 9.0];
        let found = likeliest(&row, 3, 3, &[vec![]]);
        assert_eq!(found[0].iter().map(|likely| likely.column).collect::<Vec<_>>(), [2, 0]);
    }
}
