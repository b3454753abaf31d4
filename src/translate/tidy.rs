//! Faults of form in the model's answers that can be undone without asking again.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// An answer as it should stand: without quotation marks around the whole that the source has not,
/// and in English with its figures grouped as English does.
pub fn answer(text: &str, source: &str, lang: &str) -> String {
    let text = unquoted(text.trim(), source);
    if lang == "en" { grouped(text, source) } else { text.to_owned() }
}

fn unquoted<'t>(text: &'t str, source: &str) -> &'t str {
    let quoted = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
    let is_added = |inner: &&str| !source.starts_with(['"', '«', '“']) && !inner.contains('"');
    quoted.filter(is_added).unwrap_or(text)
}

/// `24, 000` is `24,000` where the source has that number.
fn grouped(text: &str, source: &str) -> String {
    static SPACED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b\d{1,3}(?:, ?\d{3})+\b").expect("the pattern is fixed"));
    static GROUPED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\d{1,3}(?:[ \u{a0}\u{202f}.]\d{3})+").expect("the pattern is fixed")
    });
    let figures = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let said: HashSet<String> = GROUPED.find_iter(source).map(|m| figures(m.as_str())).collect();
    let join = |found: &Captures| match said.contains(&figures(&found[0])) {
        true => found[0].replace(", ", ","),
        false => found[0].to_owned(),
    };
    SPACED.replace_all(text, join).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotation_marks_around_the_whole_go() {
        assert_eq!(
            answer("\"The bridge is shut.\"", "Le pont est fermé.", "en"),
            "The bridge is shut."
        );
        let quoted = "\"The bridge is shut.\"";
        assert_eq!(answer(quoted, "« Le pont est fermé. »", "en"), quoted);
    }

    #[test]
    fn figures_are_grouped_as_the_source_has_them() {
        let source = "Environ 24\u{a0}000 météorites, dont 1.234.567 à 100 ou 200 km.";
        let text = "About 24, 000 meteorites, 1, 234, 567 of them, at 100, 200 km.";
        let joined = "About 24,000 meteorites, 1,234,567 of them, at 100, 200 km.";
        assert_eq!(answer(text, source, "en"), joined);
        assert_eq!(answer(text, source, "de"), text);
        assert_eq!(
            answer("In 12, 345 and 678.", "En 12, 345 et 678.", "en"),
            "In 12, 345 and 678."
        );
    }
}
