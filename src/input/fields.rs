//! Which field of a record is what: names that are in use, and names that the user gives.

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

/// The roles, how they are named on the command line, and the names that their fields bear in the
/// exports of crawlers, feeds and archives; of several in one record the first counts.
const ROLES: [(Role, &str, &[&str]); 11] = [
    (
        Role::Text,
        "text",
        &[
            "text",
            "body",
            "content",
            "article",
            "articlebody",
            "article_text",
            "full_text",
            "maintext",
            "raw_text",
            "content_text",
            "content_html",
            "html",
            "texte",
            "corps",
            "contenu",
        ],
    ),
    (Role::Title, "title", &["title", "headline", "titre"]),
    (
        Role::Date,
        "date",
        &[
            "date",
            "published",
            "published_at",
            "publishedat",
            "publication_date",
            "date_published",
            "datepublished",
            "date_publish",
            "pubdate",
            "date_publication",
        ],
    ),
    (
        Role::Modified,
        "modified",
        &[
            "modified",
            "modified_at",
            "updated",
            "updated_at",
            "date_modified",
            "datemodified",
            "date_modify",
        ],
    ),
    (Role::Url, "url", &["url", "link", "canonical_url", "lien"]),
    (Role::Lang, "lang", &["lang", "language", "langue", "inlanguage"]),
    (Role::Author, "author", &["author", "byline", "authors", "auteur", "auteurs"]),
    (
        Role::Source,
        "source",
        &["source", "site", "publisher", "sitename", "site_name", "journal", "media"],
    ),
    (Role::Agency, "agency", &["agency", "agence"]),
    (Role::Section, "section", &["section", "category", "articlesection", "rubrique"]),
    (Role::Id, "id", &["id", "guid", "doc_id", "article_id"]),
];

impl Role {
    /// The role of that name, e.g. `text`.
    pub fn named(name: &str) -> Option<Self> {
        ROLES.iter().find(|(_, own, _)| *own == name).map(|(role, ..)| *role)
    }

    /// The names of all of them, for a message.
    pub fn all_names() -> String {
        ROLES.map(|(_, name, _)| name).join(", ")
    }

    fn usual_names(self) -> &'static [&'static str] {
        ROLES.iter().find(|(role, ..)| *role == self).map_or(&[], |(_, _, names)| names)
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
