//! Text as Markdown has it. Marks that would be read as syntax are escaped, and those alone: in
//! `5 * 3`, `a_b` and `R&D` there are none.

use super::Escape;

/// Adds a text behind what is written of its line; `next` is written behind it.
pub(super) fn push(text: &str, next: Option<char>, escape: Escape, to: &mut String) {
    let starts_line = escape == Escape::Markdown && (to.is_empty() || to.ends_with('\n'));
    let brackets = brackets(text, next);
    for (at, c) in text.char_indices() {
        let mark = Mark { text, at, c, next, written: to };
        let is_syntax = match c {
            '[' | ']' => brackets.contains(&at) || starts_line && mark.begins_task_or_note(),
            '|' => escape == Escape::MarkdownCell,
            '#' | '}' if escape == Escape::MarkdownInline => mark.ends_heading(),
            _ => mark.is_syntax() || starts_line && mark.begins_block(),
        };
        if is_syntax {
            to.push('\\');
        }
        to.push(c);
    }
}

/// A character, and what stands around it.
struct Mark<'a> {
    text: &'a str,
    at: usize,
    c: char,
    /// What is written behind the text.
    next: Option<char>,
    written: &'a str,
}

impl<'a> Mark<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at + self.c.len_utf8()..]
    }

    fn before(&self) -> Option<char> {
        self.written.chars().last()
    }

    fn after(&self) -> Option<char> {
        self.rest().chars().next().or(self.next)
    }

    /// Whether it means something wherever it stands.
    fn is_syntax(&self) -> bool {
        let (before, after) = (self.before(), self.after());
        match self.c {
            '`' => true,
            '\\' => after.is_none_or(|c| c.is_ascii_punctuation()),
            '*' => !(is_blank(before) && is_blank(after)),
            '_' => is_blank(before) != is_blank(after) || is_edge(before) || is_edge(after),
            '~' => self.is_strike(),
            '$' => before.is_some_and(|c| !c.is_ascii_whitespace()) && opens_math(self.written),
            '<' => begins_html(after) || self.begins_address(),
            '&' => is_reference(self.rest()),
            '!' => self.rest().is_empty() && self.next == Some('['),
            _ => false,
        }
    }

    /// Whether it may begin an address of mail.
    fn begins_address(&self) -> bool {
        self.rest().split([' ', '>']).next().is_some_and(|word| word.contains('@'))
    }

    /// One tilde needs another before it to strike something out.
    fn is_strike(&self) -> bool {
        let (before, after) = (self.before(), self.after());
        let is_doubled = before == Some('~') || after == Some('~');
        is_doubled || !is_blank(before) && self.written.contains('~')
    }

    /// Whether it begins a list, a definition, a quote or a heading at the beginning of a line.
    fn begins_block(&self) -> bool {
        let is_first = self.at == 0;
        match self.c {
            '#' => is_first && is_blank(self.rest().trim_start_matches('#').chars().next()),
            '>' | ':' => is_first,
            '-' | '+' | '*' => is_first && is_blank(self.after()),
            '.' | ')' => is_number(&self.text[..self.at]) && is_blank(self.after()),
            _ => false,
        }
    }

    /// Whether it begins `[x]`, `[!NOTE]` or `[^1]:`.
    fn begins_task_or_note(&self) -> bool {
        let starts = ["x]", "X]", " ]", "!", "^"];
        self.at == 0 && starts.iter().any(|start| self.rest().starts_with(start))
    }

    /// Whether it is of the marks that may close a heading: `#` and `{name}`.
    fn ends_heading(&self) -> bool {
        let is_last = self.rest().chars().all(|c| c == self.c) && self.next.is_none();
        is_last
            && match self.c {
                '#' => self.before().is_some_and(char::is_whitespace),
                _ => self.written.contains('{'),
            }
    }
}

/// The brackets of what would be a link or a note. Others are common in quotes: `[…]`.
fn brackets(text: &str, next: Option<char>) -> Vec<usize> {
    let mut open = Vec::new();
    let mut syntax = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '[' | ']')) {
        if c == '[' {
            open.push(at);
            continue;
        }
        match open.pop() {
            Some(first) if !is_link(text, first, at, next) => {}
            Some(first) => syntax.extend([first, at]),
            None => syntax.push(at),
        }
    }
    syntax.extend(open);
    syntax
}

fn is_link(text: &str, first: usize, last: usize, next: Option<char>) -> bool {
    let after = text[last + 1..].chars().next().or(next);
    matches!(after, Some('(' | '[' | ':')) || text[first + 1..].starts_with('^')
}

fn is_blank(c: Option<char>) -> bool {
    c.is_none_or(char::is_whitespace)
}

/// A mark beside which an underscore may begin or end emphasis.
fn is_edge(c: Option<char>) -> bool {
    c.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 9 && text.chars().all(|c| c.is_ascii_digit())
}

fn begins_html(after: Option<char>) -> bool {
    after.is_some_and(|c| c.is_alphabetic() || matches!(c, '/' | '!' | '?'))
}

/// Whether a dollar before could begin a formula.
fn opens_math(written: &str) -> bool {
    written.as_bytes().windows(2).any(|w| w[0] == b'$' && !w[1].is_ascii_whitespace())
        || written.ends_with('$')
}

/// Whether `&` and this is a reference to a character.
fn is_reference(rest: &str) -> bool {
    let name = rest.strip_prefix('#').unwrap_or(rest);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
    end.is_some_and(|end| end > 0 && name[end..].starts_with(';'))
}

/// Whether a line that begins with the word may be more than the next of its paragraph.
pub(super) fn begins_block(word: &str) -> bool {
    let marks = |c: char| matches!(c, '-' | '+' | '*' | '=' | '#');
    let number = word.strip_suffix(['.', ')']);
    word.chars().all(marks)
        || ["<", ">", "|", ":", "```", "~~~", "[^"].iter().any(|start| word.starts_with(start))
        || number.is_some_and(is_number)
}
