//! Which words of a sentence an answer has, in the same order.

use crate::check::names::Word;

/// A common word counts this much, and a break between two of them costs one: of the longest common
/// subsequences the one in the fewest pieces is taken.
const MATCH: i64 = 8;

/// The score of the best chain that ends in a pair, and the pair before it.
type Cell = (i64, Option<(usize, usize)>);

/// For each word of the sentence the word of the answer that it is, where it is one.
pub fn align(source: &[Word], answer: &[Word]) -> Vec<Option<usize>> {
    let n_answer = answer.len();
    // `best[s][a]`: the best chain in the first `s` and `a` words; `ends[s][a]`: that ends in the pair.
    let mut ends: Vec<Vec<Option<Cell>>> = vec![vec![None; n_answer]; source.len()];
    let mut best: Vec<Vec<Cell>> = vec![vec![(0, None); n_answer + 1]; source.len() + 1];
    for s in 0..source.len() {
        for a in 0..n_answer {
            if source[s].folded == answer[a].folded {
                ends[s][a] = Some(extend(&ends, &best, s, a));
            }
            let own = ends[s][a].map(|(score, _)| (score, Some((s, a))));
            let others = [best[s][a + 1], best[s + 1][a]];
            let other = if others[1].0 > others[0].0 { others[1] } else { others[0] };
            best[s + 1][a + 1] = own.filter(|own| own.0 > other.0).unwrap_or(other);
        }
    }
    let mut matched = vec![None; source.len()];
    let mut next = best[source.len()][n_answer].1;
    while let Some((s, a)) = next {
        matched[s] = Some(a);
        next = ends[s][a].and_then(|(_, before)| before);
    }
    matched
}

/// The pair behind the best chain before it: the pair of the words just before, or any.
fn extend(ends: &[Vec<Option<Cell>>], best: &[Vec<Cell>], s: usize, a: usize) -> Cell {
    let (score, pair) = best[s][a];
    let apart = (score + MATCH - i64::from(pair.is_some()), pair);
    let joined = s.checked_sub(1).zip(a.checked_sub(1)).and_then(|(s, a)| {
        let (score, _) = ends[s][a]?;
        Some((score + MATCH, Some((s, a))))
    });
    joined.filter(|joined| joined.0 >= apart.0).unwrap_or(apart)
}
