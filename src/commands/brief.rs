//! `depeche brief`: a briefing note from several articles.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use depeche::brief::note::{Event, Failed, Mark};
use depeche::brief::{self, Briefing, Earlier, Note, Source, print};
use depeche::check::Severity;
use depeche::clean::{self, clean_with};
use depeche::digest::Language;
use depeche::engine::Session;
use depeche::input::Inputs;
use depeche::pipeline::{self, Flow};
use depeche::progress::Progress;
use depeche::{Error, Result, translate};

use super::care::CareArgs;
use super::common;
use super::input::InputArgs;
use super::interrupt::Interrupt;
use super::language::LanguageArgs;
use super::model::{ModelArgs, usage};
use super::translator::TranslatorArgs;
use crate::cli::Global;
use crate::output;
use crate::output::journal;
use crate::output::progress::Terminal;

#[derive(Debug, Args)]
pub struct BriefArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Take all articles as one event
    #[arg(long)]
    one_event: bool,
    /// The language of the note
    #[arg(long, value_enum, default_value_t, value_name = "LANG")]
    to: To,
    /// How much the note holds
    #[arg(long, value_enum, default_value_t)]
    length: Length,
    /// Shorten no sentence; the model only translates
    #[arg(long)]
    extractive: bool,
    /// Mark what an earlier note, in JSON, did not have
    #[arg(long, value_name = "NOTE.json")]
    since: Option<PathBuf>,
    /// How to write the note; without it, as the output's name says, else as text
    #[arg(long, value_enum, conflicts_with = "template")]
    format: Option<Format>,
    /// Write the note by this template (minijinja); its data is that of the JSON format
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Write to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    language: LanguageArgs,
    #[command(flatten)]
    care: CareArgs,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    translator: TranslatorArgs,
}

/// A language of notes.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum To {
    #[default]
    En,
    Fr,
}

impl From<To> for Language {
    fn from(to: To) -> Self {
        match to {
            To::En => Self::English,
            To::Fr => Self::French,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Length {
    /// 5 key points
    Short,
    /// 7 key points
    #[default]
    Standard,
    /// 9 key points
    Long,
}

impl From<Length> for brief::Length {
    fn from(length: Length) -> Self {
        match length {
            Length::Short => Self::Short,
            Length::Standard => Self::Standard,
            Length::Long => Self::Long,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading, 80 columns wide
    Text,
    /// Markdown
    Markdown,
    /// One page that needs no other file; a citation opens its sentence
    Html,
    /// A Word document with headings, tables and footnotes
    Docx,
    /// The whole record
    Json,
}

impl Format {
    /// The format that a file's name asks for.
    fn of(path: Option<&Path>) -> Self {
        let extension = path.and_then(Path::extension).and_then(|extension| extension.to_str());
        match extension {
            Some("md") => Self::Markdown,
            Some("html" | "htm") => Self::Html,
            Some("docx") => Self::Docx,
            Some("json") => Self::Json,
            _ => Self::Text,
        }
    }

    fn of_library(self) -> print::Format {
        match self {
            Self::Text => print::Format::Text,
            Self::Markdown => print::Format::Markdown,
            Self::Html => print::Format::Html,
            Self::Docx => print::Format::Docx,
            Self::Json => print::Format::Json,
        }
    }
}

impl BriefArgs {
    fn format(&self) -> Format {
        self.format.unwrap_or_else(|| Format::of(self.output.as_deref()))
    }

    fn check(&self) -> Result<()> {
        let is_packed = self.template.is_none() && self.format() == Format::Docx;
        if is_packed && self.output.is_none() {
            return Err(usage("a Word document cannot be shown", "name a file with --output"));
        }
        if self.output.as_deref().is_some_and(output::is_folder) {
            return Err(usage("a note is one file", "name a file with --output, e.g. note.docx"));
        }
        Ok(())
    }

    fn options(&self, told: &dyn Progress) -> Result<brief::Options> {
        let (sampling, quality) = (self.model.sampling(), self.care.quality());
        let language = Language::from(self.to);
        Ok(brief::Options {
            language,
            length: self.length.into(),
            is_extractive: self.extractive,
            sampling: sampling.clone(),
            translation: translate::Options {
                sampling,
                quality,
                glossary: self.care.glossary(language.other().code(), language.code(), told)?,
                keep: self.care.keep.clone(),
                ..translate::Options::default()
            },
            max_new_tokens: self.model.max_new_tokens,
        })
    }

    fn earlier(&self) -> Result<Option<Earlier>> {
        let Some(path) = &self.since else { return Ok(None) };
        let text = read(path)?;
        let earlier = Earlier::read(&text).ok_or_else(|| {
            let message = format!("{} is no note in JSON", path.display());
            usage(&message, "give a file that depeche brief --format json has written")
        });
        earlier.map(Some)
    }
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

pub fn run(args: &BriefArgs, global: &Global) -> Result<()> {
    args.check()?;
    let terminal = Terminal::new(global.progress, global.quiet);
    // What is wrong with these files must not be found after minutes of work.
    let earlier = args.earlier()?;
    let template = args.template.as_deref().map(read).transpose()?;
    let options = args.options(&terminal)?;
    let inputs = args.input.inputs()?;
    output::skipped(&inputs.skipped, &terminal, global.verbose > 0);
    let (sources, failed) = sources(args, &inputs, &terminal);
    if sources.is_empty() {
        return Err(Error::NothingReadable);
    }
    let (n_sources, n_failed) = (sources.len(), failed.len());
    let briefings = briefings(args, sources, &options);
    let events = events(args, global, briefings, earlier.as_ref(), &terminal)?;
    let note = Note { schema: 1, language: options.language.code(), events, failed };
    write(args, &note, template.as_deref())?;
    tell(&note, &terminal);
    match (n_failed, n_errors(&note)) {
        (0, n_errors) if args.care.strict && n_errors > 0 => Err(Error::ChecksFailed { n_errors }),
        (0, _) => Ok(()),
        _ => Err(Error::SomeFailed { n_failed, n_all: n_sources + n_failed }),
    }
}

/// Reads and cleans the articles; what cannot be read is told and goes into the note.
fn sources(args: &BriefArgs, inputs: &Inputs, terminal: &Terminal) -> (Vec<Source>, Vec<Failed>) {
    let common = common::counted(inputs, &|| false);
    let candidates = args.language.candidates();
    let how =
        clean::Options { common: common.as_ref(), from: None, candidates: candidates.as_ref() };
    let (mut sources, mut failed) = (Vec::new(), Vec::new());
    for reading in inputs.articles() {
        match reading.result {
            Ok(raw) => sources.push(Source::new(&raw, &clean_with(&raw, &how))),
            Err(error) => {
                terminal.failed(&reading.id, &error);
                failed.push(Failed { id: reading.id, message: error.to_string() });
            }
        }
    }
    (sources, failed)
}

fn briefings(args: &BriefArgs, sources: Vec<Source>, options: &brief::Options) -> Vec<Briefing> {
    let groups = match args.one_event {
        true => vec![(0..sources.len()).collect()],
        false => brief::grouping::events(&sources),
    };
    let of = |group: &Vec<usize>| group.iter().map(|idx| sources[*idx].clone()).collect();
    groups.iter().map(|group| Briefing::new(of(group), options)).collect()
}

/// What the model has to do of the events, and then they.
fn events(
    args: &BriefArgs,
    global: &Global,
    briefings: Vec<Briefing>,
    earlier: Option<&Earlier>,
    terminal: &Terminal,
) -> Result<Vec<Event>> {
    if !briefings.iter().any(Briefing::needs_model) {
        return Ok(briefings.into_iter().map(|briefing| briefing.into_event(earlier)).collect());
    }
    let n_events = briefings.len();
    let model = args.model.choose(global, terminal)?;
    let network = args.translator.choose(global, terminal)?;
    let to = Language::from(args.to);
    let pair = (to.other().code(), to.code());
    let translator = network.map(|network| network.open(model.device(), &[pair])).transpose()?;
    let engine = model.open(terminal)?;
    let mut session = Session::new(&engine, args.model.limits());
    if let Some(translator) = &translator {
        session = session.with_translator(translator);
    }
    let interrupt = Interrupt::listen(terminal);
    let (mut events, mut failure) = (Vec::new(), None);
    let stop = || interrupt.is_set();
    let n_active = args.model.n_active();
    pipeline::run_until(&stop, &mut session, briefings, n_active, |briefing: Briefing, result| {
        match result {
            Ok(()) => events.push(briefing.into_event(earlier)),
            Err(error) => failure = Some(error),
        }
        terminal.note(&format!("{} of {n_events} events", events.len()));
        if failure.is_some() { Flow::Stop } else { Flow::Continue }
    })?;
    args.model.tell(&session.stats(), terminal);
    match failure {
        Some(error) => Err(error),
        None if interrupt.is_set() => Err(Error::Interrupted { kept: None }),
        None => Ok(events),
    }
}

fn write(args: &BriefArgs, note: &Note, template: Option<&str>) -> Result<()> {
    let bytes = match (template, &args.template) {
        (Some(template), Some(path)) => {
            print::with_template(note, template, &path.display().to_string())?.into_bytes()
        }
        _ => print::bytes(note, args.format().of_library())?,
    };
    match &args.output {
        Some(path) => journal::write(path, &bytes),
        None => output::stdout(&String::from_utf8_lossy(&bytes)),
    }
}

/// Sums up what the checks left.
fn tell(note: &Note, terminal: &Terminal) {
    terminal.end();
    let n_marked = n_errors(note);
    if n_marked > 0 {
        terminal.note(&format!("checks: {n_marked} sentences marked [!] as wrong"));
    }
}

/// Sentences and translated citations of the note in which a check left an error.
fn n_errors(note: &Note) -> usize {
    let is_wrong = |checks: &[Mark]| checks.iter().any(|mark| mark.severity == Severity::Error);
    let n_errors = |event: &Event| {
        let items = event.items().filter(|item| is_wrong(&item.checks)).count();
        let answers = event.disagreements.iter().flat_map(|question| &question.values);
        let cited = answers.flat_map(|answer| &answer.citations);
        items + cited.filter(|citation| is_wrong(&citation.checks)).count()
    };
    note.events.iter().map(n_errors).sum()
}
