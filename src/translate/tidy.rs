//! Faults of form in the model's answers that can be undone without asking again.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// An answer as it should stand: without quotation marks around the whole that the source has not,
/// ended as the source is, with the marks of its language, and in English with its figures grouped
/// as English does.
pub fn answer(text: &str, source: &str, lang: &str) -> String {
    let text = ended(&typeset(unquoted(text.trim(), source), lang), source);
    if lang == "en" { grouped(&text, source) } else { text }
}

/// Straight quotation marks without the blanks inside them, where each has its other one.
fn close_up(text: &str) -> String {
    if !text.matches('"').count().is_multiple_of(2) {
        return text.to_owned();
    }
    let mut closed = String::with_capacity(text.len());
    let mut is_inside = false;
    for c in text.chars() {
        let is_at_opening = is_inside && closed.ends_with('"');
        match c {
            '"' => {
                closed.truncate(if is_inside { closed.trim_end().len() } else { closed.len() });
                is_inside = !is_inside;
                closed.push(c);
            }
            ' ' if is_at_opening => {}
            c => closed.push(c),
        }
    }
    closed
}

/// A model puts a stop behind titles, and in the place of the mark behind an item of a list.
fn ended(text: &str, source: &str) -> String {
    static ABBREVIATED: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?:\.|\b(?:\p{L}|etc|Inc|Ltd|Corp|Co|Mr|Mrs|Dr|Jr|Sr|No|vs|art|av|env))\.$";
        Regex::new(pattern).expect("the pattern is fixed")
    });
    let last = source.trim_end().chars().next_back().unwrap_or('.');
    let is_open = last.is_alphanumeric() || matches!(last, ';' | ':' | ',');
    if !is_open || text.is_empty() {
        return text.to_owned();
    }
    let is_stop = text.ends_with('.') && !ABBREVIATED.is_match(text);
    let bare = if is_stop { &text[..text.len() - 1] } else { text };
    match last {
        ';' | ':' | ',' if bare.ends_with(char::is_alphanumeric) => format!("{bare}{last}"),
        _ => bare.to_owned(),
    }
}

/// French quotation marks become English ones and the reverse, with the blanks that each wants.
fn typeset(text: &str, lang: &str) -> String {
    static FRENCH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"«[ \u{a0}\u{202f}]*|[ \u{a0}\u{202f}]*»|[\u{a0}\u{202f}]+([;:!?])")
            .expect("the pattern is fixed")
    });
    static ENGLISH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("“([^“”]*)”|\"([^\"]*)\"").expect("the pattern is fixed"));
    let in_english = |found: &Captures| match found[0].chars().find(|c| "«»".contains(*c)) {
        Some('«') => "“".to_owned(),
        Some(_) => "”".to_owned(),
        None => found[1].to_owned(),
    };
    let in_french = |found: &Captures| {
        let inside = found.get(1).or(found.get(2)).map_or("", |inside| inside.as_str());
        format!("«\u{a0}{}\u{a0}»", inside.trim())
    };
    match lang {
        "en" => close_up(&FRENCH.replace_all(text, in_english)),
        "fr" => ENGLISH.replace_all(text, in_french).into_owned(),
        _ => text.to_owned(),
    }
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
    fn an_answer_ends_as_its_source_does() {
        assert_eq!(answer("The bridge is shut.", "Le pont est fermé", "en"), "The bridge is shut");
        assert_eq!(answer("a free bus.", "navette gratuite ;", "en"), "a free bus;");
        assert_eq!(answer("a free bus", "navette gratuite ;", "en"), "a free bus;");
        for kept in ["It opens at 6 p.m.", "Roux & Co.", "Wait..."] {
            assert_eq!(answer(kept, "Titre", "en"), kept);
        }
        assert_eq!(answer("It rains.", "Il pleut.", "en"), "It rains.");
        assert_eq!(answer("", "Titre ;", "en"), "");
    }

    #[test]
    fn quotation_marks_are_those_of_the_language() {
        let french = "Il dit : «\u{a0}Non\u{202f}!\u{a0}», puis « oui ».";
        assert_eq!(answer(french, french, "en"), "Il dit : “Non!”, puis “oui”.");
        let english = "He says “no” and \"yes\".";
        let source = "“x”";
        assert_eq!(
            answer(english, source, "fr"),
            "He says «\u{a0}no\u{a0}» and «\u{a0}yes\u{a0}»."
        );
        assert_eq!(answer(english, source, "de"), english);
        let loose = "\"No, \" he said, and \" yes\".";
        assert_eq!(answer(loose, "« x »", "en"), "\"No,\" he said, and \"yes\".");
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
