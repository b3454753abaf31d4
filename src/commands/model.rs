//! The flags about the model, and the model that they choose.

use std::path::{Path, PathBuf};

use clap::Args;
use depeche::device::{Device, peak_memory};
use depeche::engine::{Engine, Limits, Sampling, Stats};
use depeche::hub::{DEFAULT_MODEL, Environment, Hub, HubOptions, ModelCard, ModelFile};
use depeche::progress::{Progress, human_bytes};
use depeche::{Error, Result};

use crate::cli::{Global, at_least_one};
use crate::output::record::ModelId;

/// Flags of every verb that runs a model.
#[derive(Debug, Args)]
#[command(next_help_heading = "Model options")]
pub struct ModelArgs {
    /// A model's name, as in `models list`, or a GGUF file
    #[arg(long, default_value = DEFAULT_MODEL, env = "DEPECHE_MODEL", hide_env_values = true)]
    #[arg(value_name = "NAME|FILE.gguf")]
    model: String,
    /// Where to run it: auto, cpu, cuda[:N] or metal
    #[arg(long, default_value = "auto", env = "DEPECHE_DEVICE", hide_env_values = true)]
    device: String,
    /// Answers that are written at the same time, at most
    #[arg(long, default_value_t = 16, value_name = "N", value_parser = at_least_one)]
    pub batch_size: usize,
    /// Tokens of an answer, at most; without it, as many as its task takes
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub max_new_tokens: Option<usize>,
    /// 0 always takes the likeliest token; more lets chance in
    #[arg(long, default_value_t = 0.0, value_name = "T", value_parser = temperature)]
    temperature: f64,
    /// Where chance starts from
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
    /// Say at the end how fast the model was
    #[arg(long)]
    stats: bool,
}

fn temperature(text: &str) -> Result<f64, String> {
    let parsed = text.parse().ok().filter(|t| (0.0..=2.0).contains(t));
    parsed.ok_or_else(|| "must be a number from 0 to 2".into())
}

impl ModelArgs {
    /// How tokens are chosen.
    pub fn sampling(&self) -> Sampling {
        Sampling { temperature: self.temperature, seed: self.seed, ..Sampling::default() }
    }

    /// What may be under way at once.
    pub fn limits(&self) -> Limits {
        Limits { n_rows: self.batch_size, ..Limits::default() }
    }

    /// Says how fast the model was, where that is wanted.
    pub fn tell(&self, stats: &Stats, progress: &dyn Progress) {
        if !self.stats {
            return;
        }
        progress.note(&format!(
            "read: {} tokens of prompts at {:.1} a second, and {} that were known from before",
            stats.n_prefilled,
            stats.prefill_tokens_a_second(),
            stats.n_reused,
        ));
        progress.note(&format!(
            "written: {} tokens, {:.1} a second with {:.1} of {} answers at once",
            stats.n_generated,
            stats.decode_tokens_a_second(),
            stats.rows_a_pass(),
            self.batch_size,
        ));
        progress.note(&format!(
            "guessed: {} tokens ahead, {} of them right",
            stats.n_guessed, stats.n_guessed_right
        ));
        if let Some(bytes) = peak_memory() {
            progress.note(&format!("memory: {} at most", human_bytes(bytes)));
        }
    }

    /// Tasks under way at once. Each asks several questions at a time for the most of its life, so
    /// that half as many tasks as rows fill the batch, and the first result comes sooner.
    pub fn n_active(&self) -> usize {
        self.batch_size.div_ceil(2)
    }

    /// What to run models on.
    ///
    /// # Errors
    /// When it is missing.
    pub fn device(&self) -> Result<Device> {
        Device::named(&self.device)
    }

    /// Finds out which model is meant; fetches nothing.
    ///
    /// # Errors
    /// When no model has that name, the file is no model, or the device is missing.
    pub fn choose(&self, global: &Global, progress: &dyn Progress) -> Result<Model> {
        let hub = Hub::new(HubOptions { offline: global.offline }, Environment::read());
        let path = Path::new(&self.model);
        let is_file = path.extension().is_some_and(|extension| extension == "gguf");
        let choice = match is_file {
            true => Choice::File(hub.open_path(path, progress)?),
            false => Choice::Card(hub.card(&self.model)?),
        };
        Ok(Model { hub, choice, device: self.device()? })
    }
}

/// The chosen model, not opened yet.
pub struct Model {
    hub: Hub,
    choice: Choice,
    device: Device,
}

enum Choice {
    Card(ModelCard),
    File(ModelFile),
}

impl Model {
    /// What records say of it.
    pub fn id(&self) -> ModelId {
        match &self.choice {
            Choice::Card(card) => ModelId {
                name: card.name.clone(),
                revision: Some(card.hub.revision.clone()),
                sha256: card.files.first().map(|file| file.sha256.clone()),
            },
            Choice::File(file) => ModelId {
                name: file.name.clone(),
                revision: file.revision.clone(),
                sha256: file.sha256.clone(),
            },
        }
    }

    /// Where it is, if it is on this machine already.
    pub fn path(&self) -> Option<PathBuf> {
        match &self.choice {
            Choice::Card(card) => self.hub.locate(card).map(|file| file.path),
            Choice::File(file) => Some(file.path.clone()),
        }
    }

    /// What it runs on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Gets the model if it is not on this machine, and opens it.
    ///
    /// # Errors
    /// Those of [`Hub::obtain`] and [`Engine::open`].
    pub fn open(&self, progress: &dyn Progress) -> Result<Engine> {
        let path = match &self.choice {
            Choice::Card(card) => self.hub.obtain(card, progress)?.path,
            Choice::File(file) => file.path.clone(),
        };
        Device::claim_thread();
        let engine = Engine::open(&path, &self.device)?;
        if !engine.batches() {
            progress.note(
                "this model's architecture runs one answer at a time, several times slower than \
                 those that are supported in full",
            );
        }
        Ok(engine)
    }
}

/// The error that a flag combination is.
pub fn usage(message: &str, hint: &str) -> Error {
    Error::Usage { message: message.into(), hint: hint.into() }
}
