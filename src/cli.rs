//! The command line: doc comments are the help.

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::bench::BenchArgs;
use crate::commands::brief::BriefArgs;
use crate::commands::check::CheckArgs;
use crate::commands::clean::CleanArgs;
use crate::commands::digest::DigestArgs;
use crate::commands::doctor::DoctorArgs;
use crate::commands::eval::EvalArgs;
use crate::commands::models::ModelsArgs;
use crate::commands::translate::TranslateArgs;

/// Summarize and translate French news articles with a local model
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub global: Global,
}

/// Flags that every verb takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Threads to use, at most; without it, as many as the machine has
    #[arg(long, global = true, value_name = "N", value_parser = at_least_one)]
    #[arg(env = "DEPECHE_THREADS", hide_env_values = true)]
    pub threads: Option<usize>,
    /// Open no network connection; use only models that are on this machine
    #[arg(long, global = true)]
    pub offline: bool,
    /// How to show progress on stderr
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub progress: ProgressMode,
    /// Say nothing on stderr but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// A count that is not zero.
pub fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&n| n >= 1).ok_or_else(|| "must be a number of at least 1".into())
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ProgressMode {
    /// Bars on a terminal, else plain lines
    #[default]
    Auto,
    /// A line now and then, without control characters
    Plain,
    /// No progress; notes are still shown
    None,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sum up each article in French and in English
    Digest(Box<DigestArgs>),
    /// Draft a briefing note from several articles
    Brief(Box<BriefArgs>),
    /// Show what of a file is the article, and why the rest is not
    Clean(Box<CleanArgs>),
    /// Translate texts, line by line or sentence by sentence
    Translate(Box<TranslateArgs>),
    /// Check whether a text says what its source says
    Check(Box<CheckArgs>),
    /// Show what this machine is, and how fast it runs a model
    Doctor(Box<DoctorArgs>),
    /// Measure how fast this machine runs a model on given prompts
    Bench(Box<BenchArgs>),
    /// Measure translations, summaries and the checks over a set of examples
    Eval(Box<EvalArgs>),
    /// List, fetch, check and remove models
    Models(ModelsArgs),
}
