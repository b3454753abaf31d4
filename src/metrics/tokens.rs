//! How a text is cut into what is counted, as the programs that we must equal do it.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// How BLEU cuts a text into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tokenizer {
    /// As mteval-v13a, the program of the WMT campaigns: marks are words of their own.
    #[default]
    V13a,
    /// At blanks alone: the text was cut before.
    None,
    /// Every character is a word.
    Char,
}

impl Tokenizer {
    /// Its name in a signature.
    pub fn name(self) -> &'static str {
        match self {
            Self::V13a => "13a",
            Self::None => "none",
            Self::Char => "char",
        }
    }

    /// The text with a blank between its words.
    pub fn parted(self, text: &str) -> String {
        let text = text.trim_end_matches(is_blank);
        match self {
            Self::V13a => v13a(text),
            Self::None => text.to_owned(),
            Self::Char => text.chars().flat_map(|c| [c, ' ']).collect(),
        }
    }
}

/// What Python takes for a blank: four control characters more than Unicode does.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// The words of a text that has blanks between them.
pub fn words(text: &str) -> Vec<&str> {
    text.split(is_blank).filter(|word| !word.is_empty()).collect()
}

/// The rules of mteval-v13a for western languages, in their order: marks stand alone; stops and
/// commas do unless a digit precedes, then unless one follows; so does a hyphen behind a digit.
static RULES: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
    let rule = |pattern, with| (Regex::new(pattern).expect("the pattern is fixed"), with);
    [
        rule(r"[{-~\[-` -&(-+:-@/]", " ${0} "),
        rule(r"([^0-9])([.,])", "${1} ${2} "),
        rule(r"([.,])([^0-9])", " ${1} ${2}"),
        rule(r"([0-9])(-)", "${1} ${2} "),
    ]
});

fn v13a(text: &str) -> String {
    let text = text.replace("<skipped>", "").replace("-\n", "").replace('\n', " ");
    let text = if text.contains('&') { entities(&text) } else { text };
    RULES.iter().fold(format!(" {text} "), |text, (pattern, with)| {
        match pattern.replace_all(&text, *with) {
            Cow::Owned(parted) => parted,
            Cow::Borrowed(_) => text,
        }
    })
}

fn entities(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
}
