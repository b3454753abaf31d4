//! An evaluation set: one JSON object a line, with the fields that a question needs.

use serde_json::{Map, Value};

use crate::{Error, Result};

/// What a field of a set holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The text that was translated.
    Source,
    /// What people wrote: one text or several.
    Reference,
    /// What is judged.
    Hypothesis,
    /// The text that was summed up, whole or in paragraphs.
    Article,
    /// A translation that is right.
    Target,
    /// A translation that was made wrong.
    Damaged,
    /// What was made wrong in it.
    Class,
    /// ISO 639-1.
    SourceLang,
    /// ISO 639-1.
    TargetLang,
    /// The day on which the source was written.
    Date,
}

/// The fields that a question has, as `--field` calls them, each with the names it may bear.
#[derive(Debug)]
pub struct Layout(&'static [(Role, &'static [&'static str])]);

/// Translations and their references. The first name of a field is also that of its role.
pub const TRANSLATIONS: Layout = Layout(&[
    (Role::Source, &["source", "src", "src_sent"]),
    (Role::Reference, &["reference", "references", "ref", "refs", "eng_sent"]),
    (Role::Hypothesis, &["hypothesis", "translation", "target", "hyp", "mt", "mt_sent"]),
    LANGUAGES[0],
    LANGUAGES[1],
    DATE,
]);

/// Summaries and their references.
pub const SUMMARIES: Layout = Layout(&[
    (Role::Reference, &["reference", "references", "summary", "abstract"]),
    (Role::Hypothesis, &["hypothesis", "digest", "prediction", "generated", "hyp"]),
    (Role::Article, &["article", "paragraphs", "text", "document"]),
    (Role::SourceLang, &["source_lang", "lang", "language"]),
]);

/// Translations and what became of them when they were damaged.
pub const DAMAGES: Layout = Layout(&[
    (Role::Source, &["source", "src", "src_sent"]),
    (Role::Target, &["target", "translation", "hypothesis", "mt_sent", "reference"]),
    (Role::Damaged, &["damaged", "pert_sent"]),
    (Role::Class, &["class", "pert_name"]),
    LANGUAGES[0],
    LANGUAGES[1],
    DATE,
]);

const LANGUAGES: [(Role, &[&str]); 2] =
    [(Role::SourceLang, &["source_lang"]), (Role::TargetLang, &["target_lang"])];
const DATE: (Role, &[&str]) = (Role::Date, &["date", "published"]);

impl Layout {
    /// The role that `--field` means, e.g. `reference`.
    pub fn role(&self, name: &str) -> Option<Role> {
        self.0.iter().find(|(_, names)| names[0] == name).map(|(role, _)| *role)
    }

    /// All of them, for a message.
    pub fn role_names(&self) -> String {
        self.0.iter().map(|(_, names)| names[0]).collect::<Vec<_>>().join(", ")
    }

    fn names(&self, role: Role) -> &'static [&'static str] {
        self.0.iter().find(|(own, _)| *own == role).map_or(&[], |(_, names)| names)
    }
}

/// How a set is to be read.
#[derive(Debug)]
pub struct Options {
    pub layout: Layout,
    /// Names that the user gives; the usual ones do not count beside them. `a.b` is the field `b`
    /// in the object `a`.
    pub fields: Vec<(Role, String)>,
    /// The language of the sources where a line does not say: ISO 639-1. A field of this name may
    /// hold the source.
    pub from: String,
    /// The language of the targets where a line does not say: ISO 639-1. A field of this name may
    /// hold the reference, or the right target.
    pub to: String,
}

impl Options {
    /// The names that the field of this role may bear, in order.
    fn names(&self, role: Role) -> Vec<&str> {
        let given = self.fields.iter().filter(|(own, _)| *own == role);
        let given: Vec<&str> = given.map(|(_, name)| name.as_str()).collect();
        if !given.is_empty() {
            return given;
        }
        let language = match role {
            Role::Source => Some(self.from.as_str()),
            Role::Reference | Role::Target => Some(self.to.as_str()),
            _ => None,
        };
        self.layout.names(role).iter().copied().chain(language).collect()
    }
}

/// A set that was read.
#[derive(Debug)]
pub struct Set {
    name: String,
    options: Options,
    lines: Vec<(usize, Map<String, Value>)>,
}

impl Set {
    /// Reads the lines; empty ones are passed over. `name` stands in messages.
    ///
    /// # Errors
    /// When a line is no JSON object, or there is none.
    pub fn read(name: &str, text: &str, options: Options) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let object = |(line, text): (usize, &str)| match serde_json::from_str(text) {
            Ok(object) => Ok((line, object)),
            Err(e) => Err(Error::BadJson { name: name.into(), line, reason: e.to_string() }),
        };
        let lines: Vec<_> = lines.map(object).collect::<Result<_>>()?;
        if lines.is_empty() {
            return Err(Error::Empty { name: name.into() });
        }
        Ok(Self { name: name.into(), options, lines })
    }

    /// The lines, in order.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.lines.iter().map(|(line, object)| Record { set: self, line: *line, object })
    }
}

/// A line of a set.
#[derive(Debug, Clone, Copy)]
pub struct Record<'s> {
    set: &'s Set,
    /// Counted from 1.
    pub line: usize,
    object: &'s Map<String, Value>,
}

impl<'s> Record<'s> {
    /// The text of a field that may be missing.
    ///
    /// # Errors
    /// When the field holds no text.
    pub fn text(&self, role: Role) -> Result<Option<&'s str>> {
        match self.find(role) {
            None => Ok(None),
            Some((_, Value::String(text))) => Ok(Some(text)),
            Some((field, _)) => Err(self.bad(field, "a text")),
        }
    }

    /// The texts of a field that holds one or a list; none where it is missing.
    ///
    /// # Errors
    /// When the field holds something else.
    pub fn texts(&self, role: Role) -> Result<Vec<&'s str>> {
        let Some((field, value)) = self.find(role) else { return Ok(Vec::new()) };
        let texts = match value {
            Value::String(text) => Some(vec![text.as_str()]),
            Value::Array(texts) => texts.iter().map(Value::as_str).collect(),
            _ => None,
        };
        texts.ok_or_else(|| self.bad(field, "a text or a list of texts"))
    }

    /// What [`Record::text`] and [`Record::texts`] gave, where it must be there.
    ///
    /// # Errors
    /// When it is not.
    pub fn need<T>(&self, role: Role, found: Option<T>) -> Result<T> {
        found.ok_or_else(|| Error::NoField {
            name: self.set.name.clone(),
            line: self.line,
            role: self.set.options.layout.names(role).first().unwrap_or(&"text"),
            fields: self.object.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
        })
    }

    /// The languages of source and target.
    ///
    /// # Errors
    /// When a field for one of them holds no text.
    pub fn languages(&self) -> Result<(&'s str, &'s str)> {
        let Options { from, to, .. } = &self.set.options;
        let source = self.text(Role::SourceLang)?.unwrap_or(from);
        Ok((source, self.text(Role::TargetLang)?.unwrap_or(to)))
    }

    /// The day on which the source was written; what stands behind it, such as the hour, is not
    /// looked at.
    ///
    /// # Errors
    /// When the field holds no date.
    pub fn date(&self) -> Result<Option<jiff::civil::Date>> {
        let Some((field, value)) = self.find(Role::Date) else { return Ok(None) };
        let day = value.as_str().and_then(|text| text.get(..10)).and_then(|day| day.parse().ok());
        day.map(Some).ok_or_else(|| self.bad(field, "a date such as 2025-03-12"))
    }

    fn find(&self, role: Role) -> Option<(String, &'s Value)> {
        let mut names = self.set.options.names(role).into_iter();
        names.find_map(|name| Some((name.to_owned(), member(self.object, name)?)))
    }

    fn bad(&self, field: String, wanted: &'static str) -> Error {
        Error::BadField { name: self.set.name.clone(), line: self.line, field, wanted }
    }
}

/// The field of that name, or the one at the end of the path `a.b`. `null` is no value.
fn member<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    let value = match (object.get(name), name.split_once('.')) {
        (Some(value), _) => value,
        (None, Some((first, rest))) => member(object.get(first)?.as_object()?, rest)?,
        (None, None) => return None,
    };
    (!value.is_null()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, fields: &[(Role, &str)]) -> Result<Set> {
        let fields = fields.iter().map(|(role, name)| (*role, (*name).to_owned())).collect();
        let options = Options { layout: TRANSLATIONS, fields, from: "fr".into(), to: "en".into() };
        Set::read("set.jsonl", text, options)
    }

    #[test]
    fn usual_names_are_known_and_given_ones_win() {
        let line = r#"{"fr":"a","reference":null,"en":["b","c"],"mt":"d","x":{"y":"e"}}"#;
        let usual = set(line, &[]).unwrap();
        let record = usual.records().next().unwrap();
        assert_eq!(record.text(Role::Source).unwrap(), Some("a"));
        assert_eq!(record.texts(Role::Reference).unwrap(), ["b", "c"]);
        assert_eq!(record.text(Role::Hypothesis).unwrap(), Some("d"));
        assert_eq!(record.languages().unwrap(), ("fr", "en"));
        let given = set(line, &[(Role::Hypothesis, "x.y"), (Role::Source, "z")]).unwrap();
        let record = given.records().next().unwrap();
        assert_eq!(record.text(Role::Hypothesis).unwrap(), Some("e"));
        assert_eq!(record.text(Role::Source).unwrap(), None);
    }

    #[test]
    fn dates_are_days() {
        let day = |value: &str| {
            let set = set(&format!("{{\"date\":{value}}}"), &[]).unwrap();
            set.records().next().unwrap().date().map(|day| day.map(|day| day.to_string()))
        };
        assert_eq!(day("null").unwrap(), None);
        assert_eq!(day("\"2025-03-12T10:02:00+01:00\"").unwrap().unwrap(), "2025-03-12");
        assert!(matches!(day("\"été 2025 🙂\""), Err(Error::BadField { line: 1, .. })));
        assert!(matches!(day("3"), Err(Error::BadField { .. })));
    }

    #[test]
    fn lines_are_counted_as_they_stand() {
        let found = set("\u{feff}{}\n\n{\"mt\":2}\n", &[]).unwrap();
        let lines: Vec<usize> = found.records().map(|record| record.line).collect();
        assert_eq!(lines, [1, 3]);
        let record = found.records().nth(1).unwrap();
        assert!(matches!(record.text(Role::Hypothesis), Err(Error::BadField { line: 3, .. })));
        assert!(matches!(set("{}\nx", &[]), Err(Error::BadJson { line: 2, .. })));
        assert!(matches!(set(" \n", &[]), Err(Error::Empty { .. })));
    }
}
