//! The flags about the translation network, and the network that they choose.

use std::path::{Path, PathBuf};

use clap::Args;
use depeche::Result;
use depeche::device::Device;
use depeche::engine::Translator;
use depeche::hub::{Environment, Hub, HubOptions, KnownNetwork};
use depeche::network::checkpoint::Precision;
use depeche::progress::Progress;

use super::model::usage;
use crate::cli::Global;
use crate::output::record::ModelId;

#[derive(Debug, Args)]
#[command(next_help_heading = "Model options")]
pub struct TranslatorArgs {
    /// Translate with this network (Marian, M2M-100, NLLB, T5) in the place of the model: a folder as
    /// the hub lays it out, or a repository of the hub, which is fetched; `none` is the model
    #[arg(long, env = "DEPECHE_TRANSLATOR", hide_env_values = true)]
    #[arg(value_name = "FOLDER|OWNER/NAME")]
    translator: Option<String>,
    /// In what numbers that network's matrices are multiplied
    #[arg(long, value_enum, default_value_t, value_name = "NUMBERS")]
    precision: Numbers,
}

#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Numbers {
    /// 8 bits, with a scale for each 32 or 256
    #[default]
    Int8,
    /// 32-bit floats: slower, as exact as it was trained
    F32,
}

/// The chosen network, not opened yet.
pub struct Network {
    folder: PathBuf,
    name: String,
    precision: Precision,
}

/// The name that stands for no network.
const MODEL: &str = "none";

impl TranslatorArgs {
    fn name(&self) -> Option<&str> {
        self.translator.as_deref().filter(|name| !name.is_empty())
    }

    /// As [`Self::choose`]; where nothing is named, the best network for the pair that is in the
    /// hub's cache, and the user is told.
    ///
    /// # Errors
    /// When the one that is named is not to be had.
    pub fn choose_for(
        &self,
        pair: (&str, &str),
        global: &Global,
        told: &dyn Progress,
    ) -> Result<Option<Network>> {
        if self.name().is_some() {
            return self.choose(global, told);
        }
        let hub = Hub::new(HubOptions { offline: true }, Environment::read());
        let Some((known, folder)) = hub.network_for(pair.0, pair.1) else { return Ok(None) };
        told.note(&format!(
            "{} translates: it is the best network for these languages in the hub's cache \
             (--translator none takes the model); licence: {}",
            known.name, known.licence
        ));
        warn(&known.name, told);
        Ok(Some(Network { folder, name: known.name, precision: self.precision() }))
    }

    fn precision(&self) -> Precision {
        match self.precision {
            Numbers::Int8 => Precision::Int8,
            Numbers::F32 => Precision::Full,
        }
    }

    /// Whether a network is named.
    pub fn is_there(&self) -> bool {
        self.name().is_some_and(|name| name != MODEL)
    }

    /// Finds the network, where one is named, and fetches it, where it is not on this machine.
    ///
    /// # Errors
    /// When it is not to be had.
    pub fn choose(&self, global: &Global, told: &dyn Progress) -> Result<Option<Network>> {
        let Some(name) = self.name().filter(|_| self.is_there()) else { return Ok(None) };
        let folder = match Path::new(name).is_dir() {
            true => PathBuf::from(name),
            false => Hub::new(HubOptions { offline: global.offline }, Environment::read())
                .obtain_network(name, told)?,
        };
        warn(name, told);
        Ok(Some(Network { folder, name: name.to_owned(), precision: self.precision() }))
    }
}

/// Says what a user should know of a network.
fn warn(name: &str, told: &dyn Progress) {
    if let Some(warning) = KnownNetwork::named(name).and_then(|known| known.warning) {
        told.note(&format!("{name}: {warning}"));
    }
}

impl Network {
    /// What records say of it.
    pub fn id(&self) -> ModelId {
        let is_commit =
            |name: &&str| name.len() == 40 && name.chars().all(|c| c.is_ascii_hexdigit());
        let last = self.folder.file_name().and_then(|name| name.to_str());
        let name = match Path::new(&self.name).is_dir() {
            true => last.unwrap_or(&self.name).to_owned(),
            false => self.name.clone(),
        };
        ModelId { name, revision: last.filter(is_commit).map(str::to_owned), sha256: None }
    }

    /// What tells it from others in the records of earlier runs: its place, when its weights were last
    /// written, and its numbers.
    pub fn stamp(&self) -> String {
        let folder = self.folder.canonicalize().unwrap_or_else(|_| self.folder.clone());
        let written = |entry: std::fs::DirEntry| {
            let meta = std::fs::metadata(entry.path()).ok()?;
            Some((entry.file_name(), meta.len(), meta.modified().ok()?))
        };
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let mut files: Vec<_> = entries.filter_map(written).collect();
        files.sort();
        format!("{folder:?} {files:?} {:?}", self.precision)
    }

    /// Opens it for some pairs of languages, of which it must know one.
    ///
    /// # Errors
    /// When it cannot be used, or is for other languages.
    pub fn open(&self, device: &Device, pairs: &[(&str, &str)]) -> Result<Translator> {
        Device::claim_thread();
        let translator = Translator::open(&self.folder, self.precision, device)?;
        if pairs.iter().any(|(from, to)| translator.is_for(from, to)) {
            return Ok(translator);
        }
        let pairs: Vec<String> =
            pairs.iter().map(|(from, to)| format!("from {from} to {to}")).collect();
        Err(usage(
            &format!("{} does not translate {}", self.name, pairs.join(" or ")),
            "name a network for these languages, or leave out --translator",
        ))
    }
}
