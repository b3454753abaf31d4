//! `depeche models`: what is known, what is on disk, fetch, check and remove.

use clap::{Args, Subcommand, ValueEnum};
use depeche::error::chain;
use depeche::hub::{DEFAULT_MODEL, Environment, Hub, HubOptions, ModelCard};
use depeche::progress::Progress;
use depeche::{Error, Result};

use crate::cli::Global;
use crate::output::models::{self as output, ModelRow};
use crate::output::progress::Terminal;

#[derive(Debug, Args)]
pub struct ModelsArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the known models and which of them are on this machine
    List {
        /// How to write the list
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// Fetch a model, check it and keep it; does nothing if it is here already
    Pull {
        /// The model's name, as in `models list`, or OWNER/NAME of a translation network on the hub
        #[arg(default_value = DEFAULT_MODEL)]
        name: String,
    },
    /// Read a model's files again and compare them with the sha256 of its card
    Verify {
        /// The model's name; without it, all models on this machine
        name: Option<String>,
    },
    /// Print where a model's file is
    Path {
        /// The model's name, as in `models list`, or OWNER/NAME of a translation network
        #[arg(default_value = DEFAULT_MODEL)]
        name: String,
    },
    /// Remove a model's files from the cache
    Remove {
        /// The model's name, as in `models list`
        name: String,
    },
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum ListFormat {
    /// A table
    #[default]
    Text,
    /// One JSON array
    Json,
}

pub fn run(args: &ModelsArgs, global: &Global) -> Result<()> {
    let hub = Hub::new(HubOptions { offline: global.offline }, Environment::read());
    let progress = Terminal::new(global.progress, global.quiet);
    match &args.verb {
        Verb::List { format } => list(&hub, *format, global.verbose > 0),
        Verb::Pull { name } => pull(&hub, name, &progress),
        Verb::Verify { name: Some(name) } => verify(&hub, &hub.card(name)?, &progress),
        Verb::Verify { name: None } => verify_all(&hub, &progress),
        Verb::Path { name } => path(&hub, name),
        Verb::Remove { name } => remove(&hub, name, &progress),
    }
}

fn list(hub: &Hub, format: ListFormat, with_details: bool) -> Result<()> {
    let cards = hub.cards()?;
    let row =
        |card| ModelRow { card, found: hub.locate(card), is_default: card.name == DEFAULT_MODEL };
    let rows: Vec<_> = cards.iter().map(row).collect();
    match format {
        ListFormat::Text => output::table(&rows, with_details),
        ListFormat::Json => output::json(&rows),
    }
}

fn pull(hub: &Hub, name: &str, progress: &dyn Progress) -> Result<()> {
    if name.contains('/') {
        return output::path(&hub.obtain_network(name, progress)?);
    }
    let model = hub.obtain(&hub.card(name)?, progress)?;
    output::path(&model.path)
}

fn path(hub: &Hub, name: &str) -> Result<()> {
    if name.contains('/') {
        let missing = || Error::TranslatorMissing { name: name.to_owned() };
        return output::path(&hub.whole_network(name).ok_or_else(missing)?);
    }
    let model = hub.locate(&hub.card(name)?);
    output::path(&model.ok_or_else(|| Error::ModelMissing { name: name.to_owned() })?.path)
}

fn verify(hub: &Hub, card: &ModelCard, progress: &dyn Progress) -> Result<()> {
    output::verified(&hub.verify(card, progress)?)
}

/// Goes through all models on disk, also behind a damaged one.
fn verify_all(hub: &Hub, progress: &dyn Progress) -> Result<()> {
    let cards: Vec<_> =
        hub.cards()?.into_iter().filter(|card| hub.locate(card).is_some()).collect();
    if cards.is_empty() {
        progress.note("no model is on this machine");
    }
    let mut results: Vec<_> = cards.iter().map(|card| verify(hub, card, progress)).collect();
    let last = results.iter().rposition(|result| result.is_err()).map(|idx| results.remove(idx));
    results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .for_each(|e| progress.note(&chain(e)));
    last.unwrap_or(Ok(()))
}

fn remove(hub: &Hub, name: &str, progress: &dyn Progress) -> Result<()> {
    let removed = hub.remove(&hub.card(name)?, progress)?;
    for path in &removed.kept {
        progress.note(&format!("{} is in a folder of yours and stays", path.display()));
    }
    output::removed(&removed)
}
