//! A digest for reading, in 80 columns.

use std::collections::BTreeMap;

use depeche::digest::{Check, Digest, Language, Passage, Place};
use depeche::summarize::Method;
use unicode_width::UnicodeWidthStr;

const WIDTH: usize = 80;
const INDENT: &str = "  ";

/// Ways to set words off; nothing where colours are not wanted.
struct Style {
    bold: &'static str,
    dim: &'static str,
    alarm: &'static str,
    end: &'static str,
}

const PLAIN: Style = Style { bold: "", dim: "", alarm: "", end: "" };
const COLOURS: Style =
    Style { bold: "\x1b[1m", dim: "\x1b[2m", alarm: "\x1b[1;31m", end: "\x1b[0m" };

/// The digest, and an empty line.
pub fn digest(digest: &Digest, has_colours: bool) -> String {
    let style = if has_colours { COLOURS } else { PLAIN };
    let Style { bold, dim, end, .. } = style;
    let mut page = Page { lines: vec!["─".repeat(WIDTH)], digest, style };
    page.wrapped("", &title(digest), bold, end);
    if about(digest) != title(digest) {
        page.wrapped("", &about(digest), dim, end);
    }
    for warning in digest.warnings() {
        page.wrapped("", &format!("Note: {}.", in_words(warning)), "", "");
    }
    page.summary();
    page.translation();
    page.lines.join("\n") + "\n\n"
}

/// The headline, or the name of an article that has none.
pub fn title(digest: &Digest) -> String {
    digest.article.title.clone().unwrap_or_else(|| digest.article.id.clone())
}

/// Day, publisher and file, as far as they are known.
pub fn about(digest: &Digest) -> String {
    let article = &digest.article;
    let day = article.published.map(|dated| dated.date.to_string());
    let parts = [day, article.source().map(str::to_owned), Some(article.id.clone())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A warning as a reader understands it.
pub fn in_words(warning: &str) -> &str {
    match warning {
        "truncated-source" => "the article breaks off, its end is not in the file",
        "no-body" => "the file holds no running text",
        "other-language" => {
            "the article is neither in French nor in English; it was read as French"
        }
        other => other,
    }
}

/// Whose words the summary is made of, where they are not all the model's.
pub fn origin(digest: &Digest) -> &'static str {
    match digest.method {
        Method::Generated => "",
        Method::Extractive => " (the article's own sentences)",
        Method::Mixed => " (in part the article's own sentences)",
    }
}

/// The languages of the summary, that of the article first.
pub fn languages(digest: &Digest) -> [Language; 2] {
    [digest.language, digest.language.other()]
}

/// What a text in that language is headed.
pub fn heading(language: Language) -> &'static str {
    match language {
        Language::French => "En français",
        Language::English => "In English",
    }
}

/// The checks of a text that are errors.
pub fn errors_in(digest: &Digest, place: Place) -> impl Iterator<Item = &Check> {
    digest.errors().filter(move |check| check.place == place)
}

/// The text with a mark behind every sentence that has an error.
pub fn marked(
    digest: &Digest,
    passage: &Passage,
    place: Place,
    escape: fn(&str) -> String,
) -> String {
    let sentence = |(idx, sentence): (usize, &String)| {
        let is_wrong = errors_in(digest, place).any(|check| check.sentence_idx == idx);
        escape(sentence) + if is_wrong { " [!]" } else { "" }
    };
    passage.sentences.iter().enumerate().map(sentence).collect::<Vec<_>>().join(" ")
}

struct Page<'d> {
    lines: Vec<String>,
    digest: &'d Digest,
    style: Style,
}

impl Page<'_> {
    fn summary(&mut self) {
        for language in languages(self.digest) {
            let passage = self.digest.summary.in_language(language);
            if passage.sentences.is_empty() {
                continue;
            }
            let own = if language == self.digest.language { origin(self.digest) } else { "" };
            self.heading(&format!("{}{own}", heading(language)));
            if language != self.digest.language
                && let Some(title) = &self.digest.title
            {
                let title = Passage { sentences: vec![title.clone()] };
                self.passage(&title, Place::Title(language));
                self.lines.push(String::new());
            }
            self.passage(passage, Place::Summary(language));
        }
    }

    fn translation(&mut self) {
        let Some(paragraphs) = &self.digest.translation else { return };
        self.heading(&format!("{}: the whole text", heading(self.digest.language.other())));
        for (idx, paragraph) in paragraphs.iter().enumerate() {
            if idx > 0 {
                self.lines.push(String::new());
            }
            self.passage(&paragraph.passage, Place::Paragraph(idx));
        }
    }

    fn heading(&mut self, heading: &str) {
        let Style { bold, end, .. } = self.style;
        self.lines.push(String::new());
        self.lines.push(format!("{bold}{heading}{end}"));
    }

    /// A text with its marks, and below it what they mean.
    fn passage(&mut self, passage: &Passage, place: Place) {
        let text = marked(self.digest, passage, place, str::to_owned);
        self.wrapped(INDENT, &text, "", "");
        let Style { alarm, end, .. } = self.style;
        for (meaning, source) in meanings(self.digest, place) {
            self.wrapped("  [!] ", &format!("{meaning} {source}"), alarm, end);
        }
    }

    fn wrapped(&mut self, indent: &str, text: &str, begin: &str, end: &str) {
        let lines = wrap(&harmless(text), WIDTH - indent.width());
        for (idx, line) in lines.iter().enumerate() {
            let hanging = " ".repeat(indent.width());
            let indent = if idx == 0 { indent } else { &hanging };
            self.lines.push(format!("{indent}{begin}{line}{end}"));
        }
    }
}

/// For each sentence with errors what they are, and the words that were translated.
pub fn meanings(digest: &Digest, place: Place) -> Vec<(String, &str)> {
    let mut by_sentence: BTreeMap<usize, (Vec<String>, &str)> = BTreeMap::new();
    for check in errors_in(digest, place) {
        let (found, source) = by_sentence.entry(check.sentence_idx).or_default();
        found.push(format!("{}: {}", check.finding.kind, check.finding.message));
        *source = &check.source_text;
    }
    let line = |(found, source): (Vec<String>, _)| (found.join("; ") + ". Source:", source);
    by_sentence.into_values().map(line).collect()
}

/// Without the characters that give a terminal orders: a model can write any, and so can whoever
/// wrote the file.
pub fn harmless(text: &str) -> String {
    text.replace(|c: char| c.is_control() && !c.is_whitespace(), "\u{fffd}")
}

/// Lines of whole words; a word that is too long stands alone on its line. Words are parted by
/// plain blanks only: French puts unbreakable ones before its punctuation marks.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_they_look() {
        assert_eq!(wrap("été été été", 7), ["été été", "été"]);
        assert_eq!(wrap("日本 日本", 5), ["日本", "日本"]);
        assert_eq!(wrap("un mot\u{a0}! long", 8), ["un mot\u{a0}!", "long"]);
        assert!(wrap("  ", 8).is_empty());
    }

    #[test]
    fn no_order_reaches_the_terminal() {
        assert_eq!(harmless("a\x1b[2J\u{9b}b\u{a0}!\tc"), "a\u{fffd}[2J\u{fffd}b\u{a0}!\tc");
    }
}
