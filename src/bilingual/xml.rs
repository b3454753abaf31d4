//! Text as XML has it.

use crate::check::Finding;

/// A text between tags or in an attribute. Characters that neither HTML nor XML may hold are
/// replaced.
pub(crate) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\t' | '\n' => written.push(c),
            // Half of a line break.
            '\r' => written.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                written.push(char::REPLACEMENT_CHARACTER);
            }
            c => written.push(c),
        }
    }
    written
}

/// What a check found, for a person: `error, number: ...`.
pub(super) fn note(finding: &Finding) -> String {
    format!("{}, {}: {}", finding.severity.as_str(), finding.kind, finding.message)
}
