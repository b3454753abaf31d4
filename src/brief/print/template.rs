//! Notes through templates: three of our own, or the reader's.

pub(super) mod markdown;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior};

use super::words::Words;
use super::{Format, filters};
use crate::bilingual::xml;
use crate::brief::Note;
use crate::error::{Error, Result};
use crate::typeset::harmless;

/// The built-in templates; the reader's own can import from them.
const BUILT_IN: [(&str, &str); 3] = [
    ("note.txt", include_str!("note.txt.jinja")),
    ("note.md", include_str!("note.md.jinja")),
    ("note.html", include_str!("note.html.jinja")),
];
const STYLE: &str = include_str!("style.css");
const MARKDOWN: &str = "markdown";

/// The note in one of the built-in formats.
pub(super) fn built_in(note: &Note, format: Format) -> Result<String> {
    let name = format!("note.{}", format.extension());
    let rendered = render(&environment(note).map_err(|e| failure(&name, &e))?, note, &name)?;
    Ok(if format == Format::Html { rendered } else { tidy(&rendered) })
}

/// The note through the reader's template.
pub(super) fn own(note: &Note, template: &str, name: &str) -> Result<String> {
    let failed = |error: minijinja::Error| failure(name, &error);
    let mut env = environment(note).map_err(failed)?;
    env.add_template_owned(name.to_owned(), template.to_owned()).map_err(failed)?;
    render(&env, note, name)
}

fn render(env: &Environment, note: &Note, name: &str) -> Result<String> {
    let failed = |error: minijinja::Error| failure(name, &error);
    env.get_template(name).map_err(failed)?.render(Value::from(Serde(note))).map_err(failed)
}

/// All that a template of this note can use. A name that does not exist is an error: a note that
/// lacks what a typing error asked for would look whole.
fn environment(note: &Note) -> Result<Environment<'static>, minijinja::Error> {
    let mut env = Environment::new();
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    env.set_auto_escape_callback(escaping);
    env.set_formatter(write);
    env.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    filters::add(&mut env, Words::of(note.language));
    for (name, source) in BUILT_IN {
        env.add_template(name, source)?;
    }
    Ok(env)
}

/// How values are written in a template of that name.
fn escaping(name: &str) -> AutoEscape {
    let bare = [".jinja", ".jinja2", ".j2"].iter().find_map(|end| name.strip_suffix(end));
    match bare.unwrap_or(name).rsplit('.').next() {
        Some("html" | "htm" | "xhtml" | "xml") => AutoEscape::Html,
        Some("md" | "markdown") => AutoEscape::Custom(MARKDOWN.into()),
        Some("json") => AutoEscape::Json,
        _ => AutoEscape::None,
    }
}

/// Writes a value. Nothing is written for `null`, and no character that gives a terminal orders.
fn write(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_safe() {
        return out.write_str(value.as_str().unwrap_or_default()).map_err(Into::into);
    }
    let text = match state.auto_escape() {
        AutoEscape::Json => return minijinja::escape_formatter(out, state, value),
        _ if value.is_none() => return Ok(()),
        // An attribute may stand between single quotation marks, too.
        AutoEscape::Html => xml::escaped(&value.to_string()).replace('\'', "&#39;"),
        AutoEscape::Custom(_) => markdown::line(&value.to_string()),
        _ => harmless(&value.to_string()),
    };
    out.write_str(&text).map_err(Into::into)
}

/// Without blanks at the ends of lines, and one empty line where there are more.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for line in text.lines().map(|line| line.trim_end_matches(' ')) {
        let is_second_gap = line.is_empty() && (tidied.is_empty() || tidied.ends_with("\n\n"));
        if !is_second_gap {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied.trim_end().to_owned() + "\n"
}

/// What is wrong with a template, in one line. The cause of an error in a part that is included or
/// of a filter's argument is told with it.
fn failure(name: &str, error: &minijinja::Error) -> Error {
    let source = std::iter::successors(std::error::Error::source(error), |e| e.source());
    let inner = source.filter_map(|e| e.downcast_ref::<minijinja::Error>()).last();
    let error = inner.filter(|inner| inner.line().is_some()).unwrap_or(error);
    let kind = error.kind().to_string();
    let reason = match error.detail() {
        Some(detail) => format!("{kind}: {detail}"),
        None => kind,
    };
    Error::Template {
        name: error.name().unwrap_or(name).to_owned(),
        line: error.line(),
        reason: harmless(&reason),
    }
}
