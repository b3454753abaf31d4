//! `depeche eval`: how good translations, summaries and the checks are, over a set of examples.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use depeche::check::{Relation, Severity};
use depeche::eval::set::{self, Layout, Role, Set};
use depeche::eval::{checks, summaries, translation};
use depeche::language::Language;
use depeche::metrics::rouge;
use depeche::{Error, Result};

use super::language;
use super::model::usage;
use crate::output::eval::{self as output, Format};

#[derive(Debug, Args)]
pub struct EvalArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Score translations with BLEU, chrF and chrF++, and count what the checks find in them
    Translate(TranslateArgs),
    /// Score summaries with ROUGE, beside the first sentences of the article
    Summarize(SummarizeArgs),
    /// Count the damaged translations that the checks notice, and the good ones that they blame
    Check(CheckArgs),
}

/// Flags about the set that every question has.
#[derive(Debug, Args)]
struct SetArgs {
    /// The set: a file with one JSON object a line, or - for the standard input
    #[arg(value_name = "SET.jsonl")]
    set: PathBuf,
    /// The language of the sources where a line has no `source_lang`
    #[arg(long, default_value = "fr", value_name = "LANG", value_parser = language::given)]
    from: Language,
    /// How to write the figures
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The flag about what was made of the sources.
#[derive(Debug, Args)]
struct TargetArgs {
    /// The language of the targets where a line has no `target_lang`
    #[arg(long, default_value = "en", value_name = "LANG", value_parser = language::given)]
    to: Language,
}

#[derive(Debug, Args)]
struct TranslateArgs {
    #[command(flatten)]
    set: SetArgs,
    #[command(flatten)]
    target: TargetArgs,
    /// Which field is what, e.g. `reference=en`, `hypothesis=ours.text`
    #[arg(long = "field", value_name = "WHAT=NAME", value_parser = translation_field)]
    fields: Vec<(Role, String)>,
    /// Capitals count for nothing
    #[arg(long)]
    lowercase: bool,
}

#[derive(Debug, Args)]
struct SummarizeArgs {
    #[command(flatten)]
    set: SetArgs,
    /// Which field is what, e.g. `reference=teaser`, `hypothesis=summary.fr`
    #[arg(long = "field", value_name = "WHAT=NAME", value_parser = summary_field)]
    fields: Vec<(Role, String)>,
    /// Sentences of the article that summaries are held against, where it is known; 0 for none
    #[arg(long, default_value_t = 2, value_name = "K")]
    lead: usize,
    /// What a word is
    #[arg(long, value_enum, default_value_t)]
    tokens: Tokens,
    /// English endings count for nothing
    #[arg(long)]
    stem: bool,
}

/// What a word is.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Tokens {
    /// A run of a to z and 0 to 9, as published figures are counted: `été` is the word `t`
    #[default]
    Ascii,
    /// A run of letters and digits: `été` is one word
    Unicode,
}

#[derive(Debug, Args)]
struct CheckArgs {
    #[command(flatten)]
    set: SetArgs,
    #[command(flatten)]
    target: TargetArgs,
    /// Which field is what, e.g. `target=mt`, `damaged=bad`
    #[arg(long = "field", value_name = "WHAT=NAME", value_parser = damage_field)]
    fields: Vec<(Role, String)>,
    /// What the targets are to their sources
    #[arg(long, value_enum, default_value_t)]
    relation: RelationArg,
    /// List the damaged targets that were not noticed, of classes with this in their name
    #[arg(long, value_name = "CLASS")]
    show: Option<String>,
    /// List the undamaged targets that have findings, all or those of one severity
    #[arg(long, value_enum, value_name = "SEVERITY", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "all")]
    alarms: Option<Alarms>,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum RelationArg {
    /// All that the source says must be said
    #[default]
    Translation,
    /// Only what is said must be in the source
    Summary,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Alarms {
    All,
    Error,
    Warning,
    Note,
}

impl Alarms {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::All => None,
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
        }
    }
}

fn translation_field(text: &str) -> Result<(Role, String), String> {
    field(text, &set::TRANSLATIONS)
}

fn summary_field(text: &str) -> Result<(Role, String), String> {
    field(text, &set::SUMMARIES)
}

fn damage_field(text: &str) -> Result<(Role, String), String> {
    field(text, &set::DAMAGES)
}

fn field(text: &str, layout: &Layout) -> Result<(Role, String), String> {
    let (role, name) = text.split_once('=').ok_or("must be WHAT=NAME")?;
    let unknown = || format!("WHAT is one of {}", layout.role_names());
    Ok((layout.role(role).ok_or_else(unknown)?, name.to_owned()))
}

pub fn run(args: &EvalArgs) -> Result<()> {
    match &args.what {
        What::Translate(args) => translate(args),
        What::Summarize(args) => summarize(args),
        What::Check(args) => check(args),
    }
}

fn translate(args: &TranslateArgs) -> Result<()> {
    let set = args.set.read(set::TRANSLATIONS, &args.fields, &args.target.to)?;
    let lines = translation::lines(&set)?;
    output::translation(&translation::report(&lines, args.lowercase), args.set.format)
}

fn summarize(args: &SummarizeArgs) -> Result<()> {
    let set = args.set.read(set::SUMMARIES, &args.fields, &args.set.from)?;
    let lines = summaries::lines(&set)?;
    let tokens = match args.tokens {
        Tokens::Ascii => rouge::Tokens::Ascii,
        Tokens::Unicode => rouge::Tokens::Unicode,
    };
    let options = rouge::Options { tokens, has_stemmer: args.stem };
    output::summaries(&summaries::report(&lines, &options, args.lead), args.set.format)
}

fn check(args: &CheckArgs) -> Result<()> {
    let set = args.set.read(set::DAMAGES, &args.fields, &args.target.to)?;
    let samples = checks::samples(&set)?;
    if let Some(class) = &args.show
        && !samples.iter().any(|sample| sample.damaged.is_some() && sample.class.contains(class))
    {
        let message = format!("no class of the set has `{class}` in its name");
        return Err(usage(&message, "run the command without --show to see the classes"));
    }
    let relation = match args.relation {
        RelationArg::Translation => Relation::Translation,
        RelationArg::Summary => Relation::Summary,
    };
    let judged = checks::judge(&samples, relation);
    let misses = args.show.as_ref().map(|class| checks::misses(&judged, class));
    let alarms = args.alarms.map(|alarms| checks::alarms(&judged, alarms.severity()));
    let report = checks::report(&judged);
    output::checks(&report, misses.as_deref(), alarms.as_deref(), args.set.format)
}

impl SetArgs {
    fn read(&self, layout: Layout, fields: &[(Role, String)], to: &Language) -> Result<Set> {
        let (from, to) = (self.from.code.to_owned(), to.code.to_owned());
        let (name, text) = text(&self.set)?;
        Set::read(&name, &text, set::Options { layout, fields: fields.to_vec(), from, to })
    }
}

/// What the file is called in messages, and what it holds.
fn text(path: &Path) -> Result<(String, String)> {
    let is_stdin = path == Path::new("-");
    let name = if is_stdin { "stdin".into() } else { path.display().to_string() };
    let mut bytes = Vec::new();
    let read = match is_stdin {
        true => std::io::stdin().lock().read_to_end(&mut bytes),
        false => std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
    };
    read.map_err(|source| match source.kind() {
        ErrorKind::NotFound => Error::NotFound { path: path.into() },
        _ => Error::Read { path: name.clone().into(), source },
    })?;
    let text = String::from_utf8(bytes).map_err(|_| Error::NotText { name: name.clone() })?;
    Ok((name, text))
}
