//! Text for people: 80 columns, whole words, no orders for the terminal.

use unicode_width::UnicodeWidthStr;

const WIDTH: usize = 80;

/// Ways to set words off; nothing where colours are not wanted.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub bold: &'static str,
    pub dim: &'static str,
    pub alarm: &'static str,
    pub end: &'static str,
}

const PLAIN: Style = Style { bold: "", dim: "", alarm: "", end: "" };
const COLOURS: Style =
    Style { bold: "\x1b[1m", dim: "\x1b[2m", alarm: "\x1b[1;31m", end: "\x1b[0m" };

/// The lines of one result.
#[derive(Debug)]
pub struct Page {
    pub style: Style,
    lines: Vec<String>,
}

impl Page {
    /// A page that begins with a line across it.
    pub fn new(has_colours: bool) -> Self {
        let style = if has_colours { COLOURS } else { PLAIN };
        Self { style, lines: vec!["─".repeat(WIDTH)] }
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.lines.push(String::new());
    }

    /// An empty line and a heading.
    pub fn heading(&mut self, heading: &str) {
        self.gap();
        self.wrapped("", heading, self.style.bold);
    }

    /// A text in as many lines as it takes, set off by `begin`, which is of the page's style. The
    /// lines after the first are as far in as the indent is wide.
    pub fn wrapped(&mut self, indent: &str, text: &str, begin: &str) {
        self.hanging(indent, &" ".repeat(indent.width()), text, begin);
    }

    /// The same with the indent before every line.
    pub fn set_apart(&mut self, indent: &str, text: &str, begin: &str) {
        self.hanging(indent, indent, text, begin);
    }

    fn hanging(&mut self, first: &str, others: &str, text: &str, begin: &str) {
        let end = if begin.is_empty() { "" } else { self.style.end };
        for (idx, line) in wrap(&harmless(text), WIDTH - first.width()).iter().enumerate() {
            let indent = if idx == 0 { first } else { others };
            self.lines.push(format!("{indent}{begin}{line}{end}"));
        }
    }

    /// The page, and an empty line.
    pub fn into_text(self) -> String {
        self.lines.join("\n") + "\n\n"
    }
}

/// Without the characters that give a terminal orders: a model can write any, and so can whoever
/// wrote the file.
pub fn harmless(text: &str) -> String {
    text.replace(|c: char| c.is_control() && !c.is_whitespace(), "\u{fffd}")
}

/// The text with a backslash before every character that Markdown might read as its own.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
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
