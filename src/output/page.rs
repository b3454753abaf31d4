//! Text for people: 80 columns, whole words, no orders for the terminal.

use depeche::typeset::{WIDTH, wrap};
pub use depeche::typeset::{escaped, harmless};
use unicode_width::UnicodeWidthStr;

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
