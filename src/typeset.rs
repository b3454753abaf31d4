//! Words on a page of plain text or Markdown: what no terminal and no reader of Markdown takes for an
//! order, and lines of whole words.

use unicode_width::UnicodeWidthStr;

/// The columns of text for people.
pub const WIDTH: usize = 80;

/// Without the characters that give a terminal orders: a model can write any, and so can whoever
/// wrote the file. Those that are blanks become plain ones: a carriage return alone would write
/// over what stands there.
pub fn harmless(text: &str) -> String {
    let harmless = |c: char| match c {
        '\n' | '\t' => c,
        _ if c.is_control() && c.is_whitespace() => ' ',
        _ if c.is_control() => char::REPLACEMENT_CHARACTER,
        _ => c,
    };
    text.chars().map(harmless).collect()
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
pub fn wrap(text: &str, width: usize) -> Vec<String> {
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
        assert_eq!(harmless("shown\rhidden\r\n"), "shown hidden \n");
    }
}
