//! How long a run will take, judging by earlier ones on this machine.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use depeche::article::Article;
use depeche::clean::{self, clean_with};
use depeche::device::Device;
use depeche::hub::Environment;
use depeche::input::Inputs;

use super::common;
use super::model::Model;
use crate::output::finished::Finished;
use crate::output::record::Stamp;

/// Seconds that a word of an article takes, by what is done with what.
type Paces = BTreeMap<String, f64>;

/// What is known of the work at hand.
pub struct Pace {
    file: PathBuf,
    paces: Paces,
    /// The model and what it runs on.
    machine: String,
}

impl Pace {
    /// What earlier runs have left; nothing where there were none.
    pub fn read(model: &Model) -> Self {
        let file = Environment::read().data_dir.join("pace.json");
        let text = std::fs::read(&file).unwrap_or_default();
        let paces = serde_json::from_slice(&text).unwrap_or_default();
        let (device, name) = (model.device().kind(), model.id().name);
        let kernel = Device::kernel().map_or("", |kernel| kernel.name());
        let machine = format!("{name} {device} {kernel} {}", Device::n_threads());
        Self { file, paces, machine }
    }

    /// How long so many words will take, judging by the last run with these options; `n_active`
    /// articles are under way at once.
    pub fn of_last_run(&self, stamp: &Stamp, n_active: usize, n_words: f64) -> Option<Duration> {
        let alike = format!("{} {} ", self.machine, stamp.options);
        let by_distance = self.paces.iter().filter_map(|(key, pace)| {
            let n: usize = key.strip_prefix(&alike)?.parse().ok()?;
            Some((n.abs_diff(n_active), pace))
        });
        // Few articles at once take longer each; the nearest number is the best guess.
        let (_, pace) = by_distance.min_by_key(|(distance, _)| *distance)?;
        Duration::try_from_secs_f64(pace * n_words).ok()
    }

    /// How long so many words will take with the usual options, judging by what was measured.
    pub fn as_measured(&self, n_words: f64) -> Option<Duration> {
        Duration::try_from_secs_f64(self.paces.get(&self.machine)? * n_words).ok()
    }

    /// Remembers how long it took.
    pub fn learn(&mut self, stamp: &Stamp, n_active: usize, n_words: usize, took: Duration) {
        let key = format!("{} {} {n_active}", self.machine, stamp.options);
        self.put(key, took.as_secs_f64() / n_words as f64);
    }

    /// Remembers what was measured without a run, for the usual options: seconds a word.
    pub fn learn_measured(&mut self, seconds: f64) {
        self.put(self.machine.clone(), seconds);
    }

    /// What cannot be written is not remembered: the work itself went well.
    fn put(&mut self, key: String, seconds: f64) {
        if seconds.is_finite() && seconds > 0.0 {
            self.paces.insert(key, seconds);
            let _ = write(&self.file, &self.paces);
        }
    }
}

fn write(file: &Path, paces: &Paces) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(&serde_json::to_vec_pretty(paces)?)?;
    new.persist(file)?;
    Ok(())
}

/// Words of an article's text.
pub fn n_words(article: &Article) -> usize {
    article.sentences.iter().map(|sentence| sentence.text.split_whitespace().count()).sum()
}

/// What is ahead of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    pub n_articles: usize,
    pub n_words: f64,
}

/// Articles that are read to know the rest.
const SAMPLE: usize = 100;

/// What is left to do, judging by the first articles and the size of the files; nothing where they
/// can be read only once.
pub fn ahead(inputs: &Inputs, how: &clean::Options, finished: &Finished) -> Option<Ahead> {
    let n_bytes = common::lasting_bytes(inputs)?;
    let mut seen = Ahead { n_articles: 0, n_words: 0.0 };
    let mut n_seen_bytes = 0;
    let mut articles = inputs.articles();
    for reading in articles.by_ref().take(SAMPLE) {
        n_seen_bytes += reading.n_bytes;
        if let Some(raw) = reading.result.ok().filter(|raw| finished.get(raw).is_none()) {
            seen.n_articles += 1;
            seen.n_words += n_words(&clean_with(&raw, how)) as f64;
        }
    }
    let times = if articles.next().is_none() { 1.0 } else { n_bytes as f64 / n_seen_bytes as f64 };
    let n_articles = (seen.n_articles as f64 * times).round() as usize;
    Some(Ahead { n_articles, n_words: seen.n_words * times })
        .filter(|ahead| ahead.n_articles > 0 && ahead.n_words.is_finite())
}
