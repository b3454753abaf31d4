//! What the names of elements say of the text in them.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::tree::Element;
use crate::article::BlockKind;

/// What an element's names or its kind say of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A block of the article, or one that stands in it without being of it.
    Block(BlockKind),
    /// What readers wrote below.
    Comments,
    /// Menus, buttons, boxes of the site.
    Furniture,
}

impl Role {
    /// Whether text in this role is not of the article.
    pub fn is_clutter(self) -> bool {
        use BlockKind::{Boilerplate, Tags, Teaser, Widget};
        match self {
            Self::Comments | Self::Furniture => true,
            Self::Block(kind) => matches!(kind, Teaser | Boilerplate | Tags | Widget),
        }
    }
}

/// The names that say something, as in `names.txt`.
static NAMES: LazyLock<HashMap<&'static str, Role>> = LazyLock::new(|| {
    let mut role = Role::Furniture;
    let mut names = HashMap::new();
    let lines = include_str!("names.txt").lines().map(str::trim);
    for line in lines.filter(|line| !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(kind) => role = role_named(kind),
            None => names.extend(line.split_whitespace().map(|name| (name, role))),
        }
    }
    names
});

fn role_named(kind: &str) -> Role {
    match BlockKind::named(kind) {
        Some(kind) => Role::Block(kind),
        None if kind == "comments" => Role::Comments,
        None => Role::Furniture,
    }
}

/// Longer names than any in the list.
const MAX_WORDS: usize = 4;
const ATTRIBUTES: [&str; 5] = ["class", "id", "role", "itemprop", "data-component"];

/// What the names of an element say; where they say more than one thing, clutter goes first, and
/// then what the longest name says.
pub fn role_of(element: &Element) -> Option<Role> {
    if matches!(&*element.name, "html" | "body" | "main") {
        return None;
    }
    let values = ATTRIBUTES.iter().flat_map(|name| element.value(name).split_whitespace());
    let roles = values.filter(|value| !is_negated(value)).flat_map(roles_in);
    let found = roles.max_by_key(|&(role, n_words)| (role.is_clutter(), n_words));
    found.map(|(role, _)| role)
}

/// `no-sidebar`, `with-comments` and `has-ads` say what a page has, not what the text is; the
/// `live-comments` on a match are the article.
fn is_negated(value: &str) -> bool {
    let first = value.split(['-', '_']).next().unwrap_or_default();
    matches!(first, "no" | "with" | "has" | "without" | "is" | "js" | "hide" | "show" | "live")
}

fn roles_in(value: &str) -> Vec<(Role, usize)> {
    let words = words(value);
    let mut roles = Vec::new();
    for n_words in 1..=MAX_WORDS.min(words.len()) {
        for part in words.windows(n_words) {
            roles.extend(NAMES.get(&*part.join("-")).map(|&role| (role, n_words)));
        }
    }
    roles
}

/// `fig-suggested__content` is `fig`, `suggested`, `content`; `lireAussi` is `lire`, `aussi`.
fn words(value: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in value.chars().take(120) {
        let parts = !c.is_alphanumeric() || (after_lower && c.is_uppercase());
        if parts && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        after_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What the kind of an element says of its text by itself.
pub fn role_of_tag(element: &Element) -> Option<Role> {
    let kind = match &*element.name {
        "h1" => BlockKind::Title,
        "h2" | "h3" | "h4" | "h5" | "h6" => BlockKind::Intertitle,
        "li" | "dd" | "dt" => BlockKind::List,
        "blockquote" => BlockKind::Quote,
        "figcaption" => BlockKind::Caption,
        "time" => BlockKind::Date,
        "aside" => BlockKind::Teaser,
        "nav" | "footer" | "form" | "menu" | "dialog" => return Some(Role::Furniture),
        _ => return None,
    };
    Some(Role::Block(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_words() {
        assert_eq!(words("fig-suggested__content"), ["fig", "suggested", "content"]);
        assert_eq!(words("LireAussi"), ["lire", "aussi"]);
        assert_eq!(words("--"), Vec::<String>::new());
    }

    #[test]
    fn every_kind_of_the_list_is_one() {
        let kinds = include_str!("names.txt").lines().filter_map(|line| line.strip_prefix('['));
        for kind in kinds.filter_map(|line| line.strip_suffix(']')) {
            let known = BlockKind::named(kind).is_some();
            assert!(known || ["comments", "furniture"].contains(&kind), "{kind}");
        }
    }
}
