//! What programs put values in place of, in their messages: `%s`, `{name}`.

use std::sync::LazyLock;

use regex::Regex;

/// A flag of a blank, as in `% d`, is not read: `100 % de` has one.
static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let all = [
        "%%",
        r"%\([^()\s]+\)[-+#0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z]",
        concat!(
            r"%(?:[0-9]+\$)?[-+#0]*(?:[0-9]+|\*)?(?:\.(?:[0-9]+|\*))?",
            r"(?:hh?|ll?|[Lqjzt])?[diouxXeEfFgGaAcspn@]"
        ),
        r"%L?[0-9]{1,2}",
        r"\{[A-Za-z0-9_.\[\]]*(?:![rsa])?(?::[^{}\s]*)?\}",
        r"\$\{[A-Za-z_][A-Za-z0-9_]*\}",
        "--[A-Za-z][A-Za-z0-9-]*",
    ];
    Regex::new(&all.join("|")).ok()
});

/// The placeholders of a text and the long options, each once.
pub(super) fn find(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for place in PLACEHOLDER.iter().flat_map(|pattern| pattern.find_iter(text)) {
        if !found.iter().any(|known| known == place.as_str()) {
            found.push(place.as_str().to_owned());
        }
    }
    found
}

/// Whether a text has words besides placeholders and options.
pub(super) fn leaves_words(text: &str) -> bool {
    let is_word = |word: &str| {
        let rest = PLACEHOLDER
            .iter()
            .fold(word.to_owned(), |word, pattern| pattern.replace_all(&word, "").into_owned());
        !word.starts_with('-') && rest.contains(char::is_alphabetic)
    };
    text.split_whitespace().any(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_many_languages_are_found() {
        let text = "%s a %(name)s, %1$s et %-5.2f %% {0} {name} {n:.2f} {} ${HOME} %1 %s --force";
        let wanted = [
            "%s", "%(name)s", "%1$s", "%-5.2f", "%%", "{0}", "{name}", "{n:.2f}", "{}", "${HOME}",
            "%1", "--force",
        ];
        assert_eq!(find(text), wanted);
        assert!(find("100 % de la ville, 5 % seulement").is_empty());
    }

    #[test]
    fn a_text_of_placeholders_has_no_words() {
        assert!(!leaves_words("%s: %d"));
        assert!(!leaves_words("  -a, --all"));
        assert!(leaves_words("%d fichiers"));
    }
}
