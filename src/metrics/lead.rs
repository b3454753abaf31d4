//! The first sentences of an article. News tell the main thing first, so that this is what a
//! summary has to beat.

use crate::sentence;

/// The first `k` sentences of the paragraphs, with a blank between them.
pub fn lead(paragraphs: &[impl AsRef<str>], k: usize, language: &str) -> String {
    let mut sentences: Vec<&str> = Vec::new();
    for paragraph in paragraphs.iter().map(AsRef::as_ref) {
        if sentences.len() >= k {
            break;
        }
        sentences.extend(sentence::split(paragraph, language).iter().map(|s| s.of(paragraph)));
    }
    sentences.truncate(k);
    sentences.join(" ")
}
