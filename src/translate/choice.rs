//! Which of several candidates to print.
//!
//! The one with the fewest findings; of equals the one that agrees most with all others, which
//! cancels what a single draw made up. After Eikema and Aziz 2020, "Is MAP Decoding All You Need?"
//! (minimum Bayes risk), with chrF as the utility. The first, which is the likeliest, gives way only
//! to one that agrees clearly better.

use crate::check::{Finding, Severity};
use crate::metrics::{Segment, chrf};

/// A candidate as the choice sees it.
pub trait Candidate {
    fn text(&self) -> &str;
    fn findings(&self) -> &[Finding];
}

/// Points of chrF by which another must agree better than the first.
const MARGIN: f64 = 1.0;

/// The index of the best candidate; `None` of none.
pub fn best<C: Candidate>(candidates: &[C]) -> Option<usize> {
    let fewest = candidates.iter().map(weight).min()?;
    let mut equals = (0..candidates.len()).filter(|&idx| weight(&candidates[idx]) == fewest);
    let first = equals.next()?;
    let mut best = (first, agreement(candidates, first));
    for idx in equals {
        let agreement = agreement(candidates, idx);
        let margin = if best.0 == first { MARGIN } else { 0.0 };
        if agreement > best.1 + margin {
            best = (idx, agreement);
        }
    }
    Some(best.0)
}

/// The index of the first candidate of those with the fewest findings: for candidates of which the
/// first is the likeliest, and the others only stand by.
pub fn first_of_best<C: Candidate>(candidates: &[C]) -> Option<usize> {
    (0..candidates.len()).min_by_key(|&idx| weight(&candidates[idx]))
}

/// Errors, then warnings.
fn weight<C: Candidate>(candidate: &C) -> (usize, usize) {
    let count = |severity| candidate.findings().iter().filter(|f| f.severity == severity).count();
    (count(Severity::Error), count(Severity::Warning))
}

/// Mean chrF of a candidate with the others as references, 0 to 100.
fn agreement<C: Candidate>(candidates: &[C], idx: usize) -> f64 {
    let own = candidates[idx].text();
    let others = candidates.iter().enumerate().filter(|(other, _)| *other != idx);
    let scores: Vec<f64> = others.map(|(_, other)| similarity(own, other.text())).collect();
    scores.iter().sum::<f64>() / scores.len().max(1) as f64
}

fn similarity(hypothesis: &str, reference: &str) -> f64 {
    if hypothesis == reference {
        return 100.0;
    }
    let segment = Segment { hypothesis, references: vec![reference] };
    chrf::sentence(&segment, &chrf::Options::chrf())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Text(&'static str, Vec<Finding>);

    impl Candidate for Text {
        fn text(&self) -> &str {
            self.0
        }

        fn findings(&self) -> &[Finding] {
            &self.1
        }
    }

    #[test]
    fn the_candidate_that_the_others_agree_with_is_best() {
        let text = |text| Text(text, Vec::new());
        let candidates = [
            text("The mayor sold the bridge."),
            text("The mayor closed the bridge."),
            text("The mayor closed the bridge."),
        ];
        assert_eq!(best(&candidates), Some(1));
        assert_eq!(first_of_best(&candidates), Some(0));
        assert_eq!(best::<Text>(&[]), None);
    }

    #[test]
    fn the_first_gives_way_only_to_clear_agreement() {
        let text = |text| Text(text, Vec::new());
        let alike = [
            text("The mayor has closed the old bridge on Monday."),
            text("The mayor closed the old bridge on Monday."),
            text("The mayor had closed the old bridge on Monday."),
        ];
        assert_eq!(best(&alike), Some(0));
    }

    #[test]
    fn findings_weigh_more_than_agreement() {
        let odd = Text("On 6 January the bridge was shut.", Vec::new());
        let wrong = |text| Text(text, vec![crate::check::cut_off()]);
        let candidates = [wrong("The bridge closed."), wrong("The bridge closed on."), odd];
        assert_eq!((best(&candidates), first_of_best(&candidates)), (Some(2), Some(2)));
    }
}
