//! Every character that shows is in exactly one sentence, in any of the languages.
#![no_main]

use depeche::clean::is_blank;
use depeche::sentence;
use libfuzzer_sys::fuzz_target;

const LANGUAGES: [&str; 4] = ["fr", "en", "de", "unknown"];

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let mut at = 0;
    for span in sentence::split(text, LANGUAGES[usize::from(first) % LANGUAGES.len()]) {
        assert!(!span.is_empty() && span.start >= at);
        assert!(text[at..span.start].chars().all(is_blank), "lost text");
        assert_eq!(span.of(text).trim_matches(is_blank), span.of(text));
        at = span.end;
    }
    assert!(text[at..].chars().all(is_blank), "lost the end");
});
