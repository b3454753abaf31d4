//! Guesses at what an answer says next: what followed its last tokens where they stood before.
//!
//! A pass over a few rows takes hardly longer than one over a single row, for all weights are read in either.
//! So the tokens that may come next go through with the last one, and those that the model says itself are
//! kept (Leviathan et al. 2023, <https://arxiv.org/abs/2211.17192>). No second model guesses: summaries and
//! notes repeat names, figures and whole phrases of their article, as in prompt lookup decoding
//! (<https://github.com/apoorvumang/prompt-lookup-decoding>). The answer is the same token by token.

/// Fewer tokens alike say nothing of the next one.
const MIN_ALIKE: usize = 2;
/// More are not counted.
const MAX_ALIKE: usize = 8;

/// The tokens that may come behind `text`: those that followed where most of its last tokens stood
/// before, of equals the last place; as many as were alike there.
pub fn next(text: &[u32]) -> &[u32] {
    let n_alike = |end: usize| {
        let pairs = text[..end].iter().rev().zip(text.iter().rev()).take(MAX_ALIKE);
        pairs.take_while(|(there, here)| there == here).count()
    };
    let places = (MIN_ALIKE..text.len()).map(|end| (n_alike(end), end));
    match places.max() {
        Some((n, end)) if n >= MIN_ALIKE => &text[end..text.len().min(end + n)],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_followed_the_same_tokens_is_guessed() {
        assert_eq!(next(&[1, 2, 3, 4, 5, 9, 1, 2]), [3, 4]);
        assert_eq!(next(&[1, 2, 3, 4, 5, 9, 1, 2, 3]), [4, 5, 9]);
        // Where more is alike, and of equals the last.
        assert_eq!(next(&[7, 1, 2, 3, 5, 1, 2, 4, 7, 1, 2]), [3, 5, 1]);
        assert_eq!(next(&[1, 2, 3, 1, 2, 4, 1, 2]), [4, 1]);
    }

    #[test]
    fn nothing_is_guessed_where_too_little_is_alike() {
        for text in [&[][..], &[1], &[1, 1], &[1, 2, 3, 2], &[1, 2, 3, 4]] {
            assert!(next(text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn a_repetition_goes_on() {
        assert_eq!(next(&[5, 5, 5, 5]), [5]);
        assert_eq!(next(&[1, 2, 1, 2, 1, 2]), [1, 2]);
    }
}
