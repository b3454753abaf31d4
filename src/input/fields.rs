//! Which field of a record is what: names that are in use, and names that the user gives.

use std::sync::LazyLock;

use super::dates;
use crate::article::{Dated, Declared, Span};

/// What a field of a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The article.
    Text,
    /// Its headline.
    Title,
    /// When it appeared.
    Date,
    /// When it was changed.
    Modified,
    /// Where it is on the web.
    Url,
    /// Its language.
    Lang,
    /// Who signed it.
    Author,
    /// The paper or site.
    Source,
    /// The news agency.
    Agency,
    /// The section of the paper.
    Section,
    /// Its name in a collection.
    Id,
}

/// The roles and how they are named.
const ROLES: [(Role, &str); 11] = [
    (Role::Text, "text"),
    (Role::Title, "title"),
    (Role::Date, "date"),
    (Role::Modified, "modified"),
    (Role::Url, "url"),
    (Role::Lang, "lang"),
    (Role::Author, "author"),
    (Role::Source, "source"),
    (Role::Agency, "agency"),
    (Role::Section, "section"),
    (Role::Id, "id"),
];

/// The names that fields of each role bear, in lower case.
static USUAL_NAMES: LazyLock<Vec<(Role, Vec<&'static str>)>> = LazyLock::new(|| {
    let lines = include_str!("fields.txt").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(usual_names).collect()
});

/// A role and the names behind it: `text: text body content`.
fn usual_names(line: &'static str) -> Option<(Role, Vec<&'static str>)> {
    let (role, names) = line.split_once(':')?;
    Some((Role::named(role)?, names.split_whitespace().collect()))
}

impl Role {
    /// The role of that name, e.g. `text`.
    pub fn named(name: &str) -> Option<Self> {
        ROLES.iter().find(|(_, own)| *own == name).map(|(role, _)| *role)
    }

    /// The names of all of them, for a message.
    pub fn all_names() -> String {
        ROLES.map(|(_, name)| name).join(", ")
    }

    fn usual_names(self) -> &'static [&'static str] {
        let own = USUAL_NAMES.iter().find(|(role, _)| *role == self);
        own.map_or(&[], |(_, names)| names.as_slice())
    }
}

/// The names of fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    given: Vec<(Role, String)>,
}

impl Fields {
    /// Says that the field of this name has this role; the usual names then do not count for it.
    /// `a.b` is the field `b` in the object `a`.
    pub fn name(&mut self, role: Role, name: &str) {
        self.given.push((role, name.to_owned()));
    }

    /// The names to look for, the best first.
    pub fn names(&self, role: Role) -> Vec<&str> {
        let given = self.given.iter().filter(|(own, _)| *own == role).map(|(_, name)| &**name);
        let given: Vec<&str> = given.collect();
        if given.is_empty() { role.usual_names().to_vec() } else { given }
    }

    /// The first of the columns that has this role.
    pub(super) fn position(&self, role: Role, columns: &[String]) -> Option<usize> {
        let at = |name: &&str| columns.iter().position(|own| own.eq_ignore_ascii_case(name));
        self.names(role).iter().find_map(at)
    }
}

/// What a record says of its article, field by field; `value` gives a field and its place.
pub(super) fn declared(value: impl Fn(Role) -> Option<(String, Span)>) -> Declared {
    let text = |role| value(role).map(|(text, _)| text);
    let day = |role| value(role).and_then(|(text, span)| dated(&text, span));
    Declared {
        title: text(Role::Title),
        published: day(Role::Date),
        modified: day(Role::Modified),
        agency: text(Role::Agency),
        site: text(Role::Source),
        author: text(Role::Author),
        section: text(Role::Section),
        url: text(Role::Url),
        language: text(Role::Lang).and_then(|name| language_code(&name)),
    }
}

/// A date that was written into a field of its own.
pub(super) fn dated(text: &str, evidence: Span) -> Option<Dated> {
    Some(Dated { date: dates::parse(text)?, evidence, confidence: 1.0 })
}

/// `fr` for `fr`, `fr-FR` and `fr_CA`.
pub(super) fn language_code(name: &str) -> Option<String> {
    let code = name.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    (code.len() == 2 && code.chars().all(|c| c.is_ascii_alphabetic())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_has_names_and_no_name_has_two_roles() {
        let all: Vec<&str> =
            ROLES.iter().flat_map(|(role, _)| role.usual_names()).copied().collect();
        assert!(ROLES.iter().all(|(role, name)| role.usual_names().contains(name)), "{all:?}");
        let unique: std::collections::HashSet<&str> = all.iter().copied().collect();
        assert_eq!(unique.len(), all.len());
        assert!(all.iter().all(|name| *name == name.to_lowercase()));
    }
}
