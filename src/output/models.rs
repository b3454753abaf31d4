//! Models as a table, as JSON, or as one path.

use std::path::Path;

use depeche::Result;
use depeche::hub::{ModelCard, ModelFile, Removed};
use depeche::progress::human_bytes;
use serde_json::{Value, json};

use super::stdout;

/// A model in a list.
pub struct ModelRow<'a> {
    pub card: &'a ModelCard,
    pub found: Option<ModelFile>,
    pub is_default: bool,
}

/// A table for people; with details, also where each model is and what pins it.
pub fn table(rows: &[ModelRow], with_details: bool) -> Result<()> {
    let width = rows.iter().map(|row| row.card.name.len() + 2).max().unwrap_or(0);
    let head = line(width, ["NAME", "SIZE", "LICENCE", "LANGUAGES", "ON DISK"]);
    let body = rows.iter().map(|row| {
        let cells = line(width, row_cells(row).each_ref().map(String::as_str));
        if with_details { cells + &details(row) } else { cells }
    });
    stdout(&(head + &body.collect::<String>() + "\n* used when no model is named\n"))
}

fn row_cells(row: &ModelRow) -> [String; 5] {
    let mark = if row.is_default { " *" } else { "" };
    [
        format!("{}{mark}", row.card.name),
        human_bytes(row.card.size()),
        row.card.licence.clone(),
        row.card.languages.join(" "),
        if row.found.is_some() { "yes" } else { "no" }.to_owned(),
    ]
}

fn line(width: usize, [name, size, licence, languages, on_disk]: [&str; 5]) -> String {
    format!("{name:width$}  {size:>8}  {licence:12}  {languages:9}  {on_disk}\n")
}

fn details(row: &ModelRow) -> String {
    let hub = &row.card.hub;
    let mut text = format!("    hub     {} at {}\n", hub.repo, hub.revision);
    for file in &row.card.files {
        text.push_str(&format!("    sha256  {} {}\n", file.sha256, file.name));
    }
    if let Some(found) = &row.found {
        text.push_str(&format!("    path    {}\n", found.path.display()));
    }
    text
}

/// The same as one JSON array.
pub fn json(rows: &[ModelRow]) -> Result<()> {
    let rows: Vec<Value> = rows.iter().map(json_row).collect();
    stdout(&format!("{:#}\n", Value::Array(rows)))
}

fn json_row(row: &ModelRow) -> Value {
    let card = row.card;
    json!({
        "name": card.name,
        "default": row.is_default,
        "task": card.task,
        "architecture": card.architecture,
        "languages": card.languages,
        "licence": card.licence,
        "context_length": card.context_length,
        "bytes": card.size(),
        "repo": card.hub.repo,
        "revision": card.hub.revision,
        "sha256": card.files.first().map(|file| &file.sha256),
        "path": row.found.as_ref().map(|found| found.path.to_string_lossy()),
    })
}

/// Where a model is.
pub fn path(path: &Path) -> Result<()> {
    stdout(&format!("{}\n", path.display()))
}

/// A model whose bytes are right.
pub fn verified(model: &ModelFile) -> Result<()> {
    stdout(&format!("{} is sound: {}\n", model.name, model.path.display()))
}

/// What was removed, one path a line.
pub fn removed(removed: &Removed) -> Result<()> {
    let lines = removed.paths.iter().map(|path| format!("removed {}\n", path.display()));
    stdout(&lines.collect::<String>())
}
