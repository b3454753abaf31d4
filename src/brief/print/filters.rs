//! What templates can do with a note, besides what minijinja brings.
//!
//! | filter | of | gives |
//! |---|---|---|
//! | `cite` | `citations` | the numbers of their sources: `[1][3]` |
//! | `anchor` | a citation | a name of its sentence for links: `3-10-120` |
//! | `place(sources)` | a citation | where it stands: `a.txt, bytes 10–120` |
//! | `cited` | an event | the sentences that it cites, each once |
//! | `single` | an event | the numbers of the key points that one origin alone tells: `1, 3` |
//! | `shown` | `checks` | those that a reader has to look at: errors and warnings |
//! | `mark` | `checks` | the sign of the worst of these, `[!]` or `[?]`, or nothing |
//! | `sign` | `severity` | its sign |
//! | `about` | an event | `3 articles · 2 independent origins · 6 January 2026` |
//! | `facts` | a source | what is known of it besides its title, a list |
//! | `day` | a date | in words: `6 January 2026` |
//! | `language` | a code | the name of the language |
//! | `counted(key)` | a number | with what is counted: `3 articles` |
//! | `quoted` | a text | between quotation marks |
//! | `message` | a message of a check | its backticks kept, in Markdown |
//! | `wrapped(indent)` | a text | lines of 80 columns; the indent stands before the first |

use std::sync::Arc;

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, State};
use serde::Deserialize;
use unicode_width::UnicodeWidthStr;

use super::data::{self, Citation, SourceData};
use super::template::markdown;
use super::words::{Words, quoted};
use crate::check::Severity;
use crate::typeset::{WIDTH, harmless, wrap};

/// Adds the filters, and the labels as `words`.
pub(super) fn add(env: &mut Environment<'static>, words: Words) {
    env.add_global("words", Value::from(Serde(words.labels())));
    env.add_filter("cite", |all: Serde<Vec<Citation>>| {
        data::numbers(all.iter().map(|citation| citation.source))
    });
    env.add_filter("anchor", |citation: Serde<Citation>| citation.anchor());
    env.add_filter("cited", |event: Serde<serde_json::Value>| {
        Value::from(Serde(data::cited(&event)))
    });
    env.add_filter("single", |event: Serde<Points>| {
        let texts = |all: &[Point]| all.iter().map(|one| one.text.clone()).collect::<Vec<_>>();
        data::places(&texts(&event.key_points), &texts(&event.single_source))
    });
    env.add_filter("shown", |checks: Vec<Value>| -> Vec<Value> {
        checks.into_iter().filter(|check| severity(check).is_some_and(is_shown)).collect()
    });
    env.add_filter("mark", |checks: Vec<Value>| {
        let worst = checks.iter().filter_map(severity).filter(|one| is_shown(*one)).max();
        worst.map_or("", Severity::sign)
    });
    env.add_filter("sign", |name: &str| by_name(name).map_or("", Severity::sign));
    env.add_filter("quoted", |text: &str| quoted(text));
    env.add_filter("message", message);
    env.add_filter("wrapped", wrapped);
    add_of_language(env, Arc::new(words));
}

/// Those that write words of their own.
fn add_of_language(env: &mut Environment<'static>, words: Arc<Words>) {
    let of = words.clone();
    env.add_filter("about", move |event: Serde<About>| {
        of.about(event.n_independent, event.sources.iter().map(|one| one.date.as_deref()))
    });
    let of = words.clone();
    env.add_filter("place", move |citation: Serde<Citation>, sources: Serde<Vec<SourceData>>| {
        let source = sources.iter().find(|source| source.id == citation.source);
        let path = source.map_or("", |source| &source.path);
        of.place(path, citation.span.map(|place| (place.start, place.end)))
    });
    let of = words.clone();
    env.add_filter("facts", move |source: Serde<SourceData>| of.facts(&source));
    let of = words.clone();
    env.add_filter("day", move |day: &str| of.day(day));
    let of = words.clone();
    env.add_filter("language", move |code: &str| of.language(code));
    env.add_filter("counted", move |n: usize, key: &str| words.counted(n, key));
}

/// What `single` reads of an event.
#[derive(Deserialize)]
struct Points {
    key_points: Vec<Point>,
    single_source: Vec<Point>,
}

#[derive(Deserialize)]
struct Point {
    text: String,
}

/// What `about` reads of an event.
#[derive(Deserialize)]
struct About {
    n_independent: usize,
    sources: Vec<SourceData>,
}

fn severity(check: &Value) -> Option<Severity> {
    by_name(check.get_attr("severity").ok()?.as_str()?)
}

fn by_name(name: &str) -> Option<Severity> {
    [Severity::Note, Severity::Warning, Severity::Error].into_iter().find(|s| s.as_str() == name)
}

/// Whether a reader has to look at it.
pub(super) fn is_shown(severity: Severity) -> bool {
    severity > Severity::Note
}

/// Messages quote words in backticks, which Markdown shows as such.
fn message(state: &State, text: &str) -> Value {
    match state.auto_escape() {
        AutoEscape::Custom(_) => Value::from_safe_string(markdown::message(text)),
        _ => Value::from(text),
    }
}

/// Lines of whole words. Those after the first are as far in as the indent is wide.
fn wrapped(text: &str, indent: &str) -> String {
    let others = " ".repeat(indent.width());
    let lines = wrap(&harmless(text), WIDTH.saturating_sub(indent.width()));
    let line = |(idx, line): (usize, &String)| match idx {
        0 => format!("{indent}{line}"),
        _ => format!("{others}{line}"),
    };
    lines.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}
