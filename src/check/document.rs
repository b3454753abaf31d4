//! Whole texts: paragraph against paragraph where both have as many, and then sentence against
//! sentence where both have as many, because a small source leaves less to hide behind.

use super::{Finding, Pair, Relation, pair};
use crate::article::Span;
use crate::sentence;

/// All that the checks find in a pair of texts of any length. Spans count bytes of the two texts.
pub fn texts(whole: &Pair) -> Vec<Finding> {
    if whole.relation == Relation::Summary {
        return pair(whole);
    }
    let pieces = aligned(whole, paragraphs).unwrap_or_else(|| vec![full(whole)]);
    let pieces = pieces.into_iter().flat_map(|piece| {
        let inner = part(whole, piece);
        let sentences = aligned(&inner, sentence::split);
        let offset = |(s, t): (Span, Span)| (moved(s, piece.0.start), moved(t, piece.1.start));
        match sentences {
            Some(sentences) => sentences.into_iter().map(offset).collect(),
            None => vec![piece],
        }
    });
    pieces.flat_map(|piece| found(whole, piece)).collect()
}

/// A piece of the source and the piece of the target that belongs to it.
type Piece = (Span, Span);

fn full(whole: &Pair) -> Piece {
    (Span::new(0, whole.source.len()), Span::new(0, whole.target.len()))
}

/// The pieces of both texts side by side, where there are as many.
fn aligned(whole: &Pair, cut: impl Fn(&str, &str) -> Vec<Span>) -> Option<Vec<Piece>> {
    let source = cut(whole.source, whole.source_lang);
    let target = cut(whole.target, whole.target_lang);
    let fits = source.len() == target.len() && !source.is_empty();
    fits.then(|| source.into_iter().zip(target).collect())
}

/// Lines that are not blank.
fn paragraphs(text: &str, _lang: &str) -> Vec<Span> {
    let place = |line: &str| {
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        Span::new(start, start + line.len())
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(place).collect()
}

fn part<'t>(whole: &Pair<'t>, (source, target): Piece) -> Pair<'t> {
    Pair { source: source.of(whole.source), target: target.of(whole.target), ..*whole }
}

fn found(whole: &Pair, piece: Piece) -> Vec<Finding> {
    let place = |finding: Finding| Finding {
        source: finding.source.map(|span| moved(span, piece.0.start)),
        target: finding.target.map(|span| moved(span, piece.1.start)),
        ..finding
    };
    pair(&part(whole, piece)).into_iter().map(place).collect()
}

fn moved(span: Span, by: usize) -> Span {
    Span::new(span.start + by, span.end + by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, target: &str) -> Vec<Finding> {
        let relation = Relation::Translation;
        let (source_lang, target_lang) = ("fr", "en");
        texts(&Pair { source, source_lang, target, target_lang, date: None, relation })
    }

    #[test]
    fn each_sentence_has_its_own_source() {
        let source = "Le pont a coûté 12 millions.\n\nIl a 40 mètres. Il a deux voies.";
        let good = "The bridge cost 12 million.\n\nIt has 40 metres. It has two lanes.";
        assert_eq!(check(source, good), []);
        let swapped = "The bridge cost 40 million.\n\nIt has 12 metres. It has two lanes.";
        let findings = check(source, swapped);
        let place = swapped.find("40").unwrap();
        let is_there = |f: &Finding| f.target.is_some_and(|span| span.start == place);
        assert!(findings.iter().any(is_there), "{findings:?}");
        assert!(findings.iter().any(|f| f.source.is_some_and(|span| span.start > 30)));
    }

    #[test]
    fn texts_of_other_shapes_are_compared_as_a_whole() {
        assert_eq!(check("Il a 40 mètres. Il a 2 voies.", "It has 2 lanes and 40 metres."), []);
    }
}
