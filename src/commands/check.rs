//! `depeche check`: does a text say what its source says?

use std::io::BufRead;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use depeche::check::{self, Pair, Relation};
use depeche::{Error, Result};
use jiff::civil::Date;

use super::model::usage;
use super::translate::language;
use crate::cli::Global;
use crate::output::progress::Terminal;
use crate::output::{self, findings};

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["source", "pairs"]))]
pub struct CheckArgs {
    /// The text that the other was made from
    #[arg(long, value_name = "FILE", requires = "target")]
    source: Option<PathBuf>,
    /// The text that was made from it
    #[arg(long, value_name = "FILE", requires = "source")]
    target: Option<PathBuf>,
    /// Many pairs: JSON lines with `id`, `source` and `target`; - for stdin
    #[arg(long, value_name = "FILE.jsonl", conflicts_with_all = ["source", "target"])]
    pairs: Option<PathBuf>,
    /// The language of sources; without it French
    #[arg(long, default_value = "fr", value_name = "LANG", value_parser = language())]
    from: String,
    /// The language of targets; without it English
    #[arg(long, default_value = "en", value_name = "LANG", value_parser = language())]
    to: String,
    /// The day that the source was written on: `lundi` hangs on it
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// The target sums its source up: what it leaves out is no finding
    #[arg(long)]
    summary: bool,
    /// How to write the findings of two files
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For reading, with file, line and column
    #[default]
    Text,
    /// One JSON object
    Json,
}

/// A line of a file of pairs.
#[derive(Debug, serde::Deserialize)]
struct Line {
    id: serde_json::Value,
    source: String,
    target: String,
    source_lang: Option<String>,
    target_lang: Option<String>,
    date: Option<String>,
    #[serde(default)]
    summary: bool,
}

pub fn run(args: &CheckArgs, global: &Global) -> Result<()> {
    let terminal = Terminal::new(global.progress, global.quiet);
    let n_found = match (&args.pairs, &args.source, &args.target) {
        (Some(path), ..) => args.pairs(path)?,
        (None, Some(source), Some(target)) => args.files(source, target, &terminal)?,
        _ => return Err(usage("nothing to check", "give --source and --target, or --pairs")),
    };
    match n_found {
        0 => Ok(()),
        n_findings => Err(Error::Differs { n_findings }),
    }
}

impl CheckArgs {
    fn relation(&self, is_summary: bool) -> Relation {
        if self.summary || is_summary { Relation::Summary } else { Relation::Translation }
    }

    /// Checks two files; returns how many findings there are.
    fn files(&self, source_path: &Path, target_path: &Path, terminal: &Terminal) -> Result<usize> {
        let (source, target) = (read(source_path)?, read(target_path)?);
        let found = check::texts(&Pair {
            source: &source,
            source_lang: &self.from,
            target: &target,
            target_lang: &self.to,
            date: self.date,
            relation: self.relation(false),
        });
        match self.format {
            Format::Json => {
                let id = target_path.display().to_string().into();
                findings::line(&id, &found, &check::skipped(&self.from, &self.to))?;
            }
            Format::Text => {
                let source = findings::Text { path: source_path, text: &source };
                let target = findings::Text { path: target_path, text: &target };
                findings::listed(&found, source, target)?;
                output::not_checked(&self.from, &self.to, terminal);
            }
        }
        Ok(found.len())
    }

    /// Checks the pairs of a file, one line out for each line in; returns how many findings there
    /// are. A line that is no pair is reported in its place, and the others go on.
    fn pairs(&self, path: &Path) -> Result<usize> {
        let (mut n_found, mut n_failed, mut n_all) = (0, 0, 0);
        for (idx, line) in lines(path)?.enumerate() {
            let line = line.map_err(|source| Error::Read { path: path.into(), source })?;
            if line.trim().is_empty() {
                continue;
            }
            n_all += 1;
            match self.line(path, idx, &line) {
                Ok(n) => n_found += n,
                Err(error @ Error::BadJson { .. }) => {
                    n_failed += 1;
                    findings::failed(&error)?;
                }
                Err(error) => return Err(error),
            }
        }
        if n_failed > 0 { Err(Error::SomeFailed { n_failed, n_all }) } else { Ok(n_found) }
    }

    fn line(&self, path: &Path, idx: usize, line: &str) -> Result<usize> {
        let bad = |reason: String| Error::BadJson {
            name: path.display().to_string(),
            line: idx + 1,
            reason,
        };
        let line: Line = serde_json::from_str(line).map_err(|error| bad(error.to_string()))?;
        for code in [&line.source_lang, &line.target_lang].into_iter().flatten() {
            if depeche::language::known(code).is_none() {
                return Err(bad(format!("`{code}` is no language that is known")));
            }
        }
        let date = line.date.as_deref().map(str::parse::<Date>).transpose();
        let date = date.map_err(|error| bad(format!("its date is none: {error}")))?;
        let pair = self.pair(&line, date);
        let found = check::texts(&pair);
        findings::line(&line.id, &found, &check::skipped(pair.source_lang, pair.target_lang))?;
        Ok(found.len())
    }

    fn pair<'t>(&'t self, line: &'t Line, date: Option<Date>) -> Pair<'t> {
        Pair {
            source: &line.source,
            source_lang: line.source_lang.as_deref().unwrap_or(&self.from),
            target: &line.target,
            target_lang: line.target_lang.as_deref().unwrap_or(&self.to),
            date: date.or(self.date),
            relation: self.relation(line.summary),
        }
    }
}

fn read(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).map_err(|source| Error::Read { path: path.into(), source })?;
    String::from_utf8(bytes).map_err(|_| Error::Broken {
        name: path.display().to_string(),
        what: "UTF-8 text",
        reason: "it has bytes that are no letters in it".into(),
    })
}

fn lines(path: &Path) -> Result<Box<dyn Iterator<Item = std::io::Result<String>>>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin().lock().lines()));
    }
    let file =
        std::fs::File::open(path).map_err(|source| Error::Read { path: path.into(), source })?;
    Ok(Box::new(std::io::BufReader::new(file).lines()))
}
