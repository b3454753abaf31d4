//! The attributes of a tag of XML, as it is written.

use crate::article::Span;

/// An attribute and its places in the tag.
#[derive(Debug, Clone, Copy)]
struct Attribute<'t> {
    name: &'t str,
    value: Span,
    /// With the blanks before it.
    whole: Span,
}

/// The value of an attribute; of a name with a prefix that stands there as it is given.
pub(super) fn value<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    Some(find(tag, name)?.value.of(tag))
}

/// The tag with another value of an attribute, or with one more.
pub(super) fn with(tag: &str, name: &str, value: &str) -> String {
    if let Some(found) = find(tag, name) {
        let (before, after) = (&tag[..found.value.start], &tag[found.value.end..]);
        return format!("{before}{value}{after}");
    }
    let inner = tag.trim_end_matches(['>', '/', ' ', '\t', '\r', '\n']);
    let end = if tag.ends_with("/>") { "/>" } else { ">" };
    format!("{inner} {name}=\"{value}\"{end}")
}

/// The tag without an attribute.
pub(super) fn without(tag: &str, name: &str) -> String {
    match find(tag, name) {
        Some(found) => format!("{}{}", &tag[..found.whole.start], &tag[found.whole.end..]),
        None => tag.to_owned(),
    }
}

/// The tag of an element that is not empty.
pub(super) fn opened(tag: &str) -> String {
    match tag.strip_suffix("/>") {
        Some(inner) => format!("{}>", inner.trim_end()),
        None => tag.to_owned(),
    }
}

/// The name of a tag with its prefix: `xlf:source`.
pub(super) fn full_name(tag: &str) -> &str {
    let inner = tag.trim_start_matches(['<', '/', '?']);
    inner.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next().unwrap_or_default()
}

fn find<'t>(tag: &'t str, name: &str) -> Option<Attribute<'t>> {
    let mut at = tag.find(char::is_whitespace)?;
    loop {
        let attribute = attribute(tag, at)?;
        if attribute.name == name {
            return Some(attribute);
        }
        at = attribute.whole.end;
    }
}

/// The attribute behind a place, if there is one more.
fn attribute(tag: &str, at: usize) -> Option<Attribute<'_>> {
    let rest = tag.get(at..)?;
    let equals = rest.find('=')?;
    let name = rest[..equals].trim();
    let quoted = rest[equals + 1..].trim_start();
    let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let start = tag.len() - quoted.len() + 1;
    let end = start + tag[start..].find(quote)?;
    Some(Attribute { name, value: Span::new(start, end), whole: Span::new(at, end + 1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_and_set() {
        let tag = "<target\n  state = 'new' xml:lang=\"en\" />";
        assert_eq!(value(tag, "state"), Some("new"));
        assert_eq!(value(tag, "xml:lang"), Some("en"));
        assert_eq!(value(tag, "lang"), None);
        assert_eq!(value("<a>", "b"), None);
        assert_eq!(with(tag, "state", "final"), tag.replace("new", "final"));
        assert_eq!(with("<a b=\"c\"/>", "d", "e"), "<a b=\"c\" d=\"e\"/>");
        assert_eq!(without(tag, "state"), "<target xml:lang=\"en\" />");
        assert_eq!(opened(&without(tag, "state")), "<target xml:lang=\"en\">");
        assert_eq!(full_name("<xlf:target a=\"b\">"), "xlf:target");
    }
}
