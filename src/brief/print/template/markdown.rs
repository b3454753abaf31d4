//! Text as Markdown has it. What an article says is never read as markup.

use crate::typeset::{escaped, harmless};

/// A text in one line: neither a cell of a table nor an item of a list survives a line break. At the
/// beginning of a line a dash or a number with a dot would begin a list.
pub(crate) fn line(text: &str) -> String {
    let line = escaped(&in_one_line(text));
    let n_digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let at = match line.as_bytes().get(n_digits) {
        Some(b'-' | b'+' | b'=') if n_digits == 0 => 0,
        Some(b'.' | b')') if n_digits > 0 => n_digits,
        _ => return line,
    };
    let (before, rest) = line.split_at(at);
    format!("{before}\\{rest}")
}

/// A message with the words between backticks as code. Where these do not pair up, all is text.
pub(crate) fn message(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let is_paired = pieces.len() % 2 == 1 && !text.contains("``");
    if !is_paired {
        return line(text);
    }
    let piece = |(idx, piece): (usize, &&str)| match idx % 2 {
        0 => escaped(piece),
        // Tables are cut at bars before code is seen.
        _ => format!("`{}`", harmless(piece).replace('|', "\\|")),
    };
    let message: String = pieces.iter().enumerate().map(piece).collect();
    message.replace(['\n', '\r'], " ")
}

/// With single blanks for line breaks, tabs and rows of blanks; unbreakable ones are left.
fn in_one_line(text: &str) -> String {
    let words = text.split([' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_begins_a_list() {
        assert_eq!(line("- non"), "\\- non");
        assert_eq!(line("2026. Et après"), "2026\\. Et après");
        assert_eq!(line("12 h 30.\r\n  Puis\trien"), "12 h 30. Puis rien");
        assert_eq!(line("un\u{a0}! 2. deux"), "un\u{a0}! 2. deux");
        assert_eq!(line(""), "");
    }

    #[test]
    fn words_between_backticks_are_code() {
        assert_eq!(message("`a_b` is `<c|d>` | e_f"), "`a_b` is `<c\\|d>` \\| e\\_f");
        assert_eq!(message("`a_b is *c*"), "\\`a\\_b is \\*c\\*");
        assert_eq!(message("``a`` *b*"), "\\`\\`a\\`\\` \\*b\\*");
    }
}
