//! `depeche translate`: files in one language become files in another.

mod documents;
mod store;
mod target;

use std::path::PathBuf;
use std::rc::Rc;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use depeche::bilingual::{self, Bilingual, Paragraph};
use depeche::check::{Finding, Severity};
use depeche::document::{self, Document, Kind};
use depeche::engine::{Answerer, Session, Translating};
use depeche::input::{Entry, Inputs};
use depeche::memory::Memory;
use depeche::pipeline::{self, Flow};
use depeche::progress::Progress;
use depeche::translate::units::{Context, Made};
use depeche::translate::{LANGUAGES, Options};
use depeche::{Error, Result};

use super::care::CareArgs;
use super::input::InputArgs;
use super::interrupt::Interrupt;
use super::model::{Model, ModelArgs, usage};
use super::translator::{self, TranslatorArgs};
use crate::cli::Global;
use crate::output;
use crate::output::progress::Terminal;
use crate::output::record::Stamp;
use documents::{Documents, Job};
use store::Folder;
use target::Target;

#[derive(Debug, Args)]
pub struct TranslateArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The language of the texts
    #[arg(long, default_value = "fr", value_name = "LANG", value_parser = language())]
    from: String,
    /// The language to translate into
    #[arg(long, default_value = "en", value_name = "LANG", value_parser = language())]
    to: String,
    /// Read the input as files of this kind, whatever their names
    #[arg(long = "as", value_name = "KIND", value_parser = kind())]
    kind: Option<Kind>,
    /// What is translated in one go
    #[arg(long, value_enum, default_value_t)]
    segments: Segments,
    /// Write the files as they were read, or both languages beside each other
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write to this file, or into this folder, in the subfolders of the input
    #[arg(short, long, value_name = "FILE|FOLDER")]
    output: Option<PathBuf>,
    /// Write each file beside the one that was read: `a.fr.txt` gives `a.en.txt`
    #[arg(long, conflicts_with = "output")]
    beside: bool,
    /// Take sentences that stand in this translation memory (TMX) from it; may be given several times
    #[arg(long, value_name = "FILE")]
    memory: Vec<PathBuf>,
    /// Leave out the marks `[!]` and `[?]` behind sentences that a check found wrong or doubtful
    #[arg(long)]
    no_marks: bool,
    /// Translate again what was translated before with the same model and options
    #[arg(long)]
    no_cache: bool,
    #[command(flatten)]
    care: CareArgs,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    translator: TranslatorArgs,
}

/// The languages that texts may be in.
pub fn language() -> clap::builder::PossibleValuesParser {
    LANGUAGES.iter().map(|(code, _)| *code).collect::<Vec<_>>().into()
}

/// The kinds by the extensions of their files.
fn kind() -> impl TypedValueParser<Value = Kind> {
    let names = Kind::all().map(Kind::extension);
    PossibleValuesParser::new(names).try_map(|name| {
        Kind::of_extension(&name).ok_or_else(|| format!("no kind is called {name}"))
    })
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Segments {
    /// Each line of text is one segment and gives one line
    Lines,
    /// Paragraphs are translated sentence by sentence
    #[default]
    Sentences,
}

/// What is written of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The file as it was, in the other language
    #[default]
    Same,
    /// A web page, sentence beside sentence, with what the checks found
    BilingualHtml,
    /// A Word document, sentence beside sentence, with what the checks found as comments
    #[value(alias = "docx")]
    BilingualDocx,
    /// A translation memory
    Tmx,
    /// For translators' programs
    Xliff,
    /// A table
    Tsv,
}

impl Format {
    fn bilingual(self) -> Option<bilingual::Format> {
        match self {
            Self::Same => None,
            Self::BilingualHtml => Some(bilingual::Format::Html),
            Self::BilingualDocx => Some(bilingual::Format::Docx),
            Self::Tmx => Some(bilingual::Format::Tmx),
            Self::Xliff => Some(bilingual::Format::Xliff),
            Self::Tsv => Some(bilingual::Format::Tsv),
        }
    }
}

impl TranslateArgs {
    fn check(&self) -> Result<()> {
        if self.from == self.to {
            return Err(usage("--from and --to are the same language", "give two languages"));
        }
        Ok(())
    }

    fn options(&self, told: &dyn Progress) -> Result<Options> {
        Ok(Options {
            from: self.from.clone(),
            to: self.to.clone(),
            quality: self.care.quality(),
            sampling: self.model.sampling(),
            glossary: self.care.glossary(&self.from, &self.to, told)?,
            keep: self.care.keep.clone(),
            ..Options::default()
        })
    }

    /// How files are read.
    fn reading(&self) -> document::Options {
        document::Options {
            from: self.from.clone(),
            to: self.to.clone(),
            fields: self.input.text_fields(),
            by_line: self.segments == Segments::Lines,
        }
    }

    fn memory(&self) -> Result<Option<Memory>> {
        let mut all: Option<Memory> = None;
        for path in &self.memory {
            let memory = Memory::read(path, &self.from, &self.to)?;
            match &mut all {
                Some(all) => all.extend(memory),
                None => all = Some(memory),
            }
        }
        Ok(all)
    }
}

pub fn run(args: &TranslateArgs, global: &Global) -> Result<()> {
    args.check()?;
    let terminal = Terminal::new(global.progress, global.quiet);
    let inputs = args.input.documents()?;
    output::skipped(&inputs.skipped, &terminal, global.verbose > 0);
    let target = Target::new(args, &inputs)?;
    let (options, memory) = (args.options(&terminal)?, args.memory()?);
    let pair = (args.from.as_str(), args.to.as_str());
    let network = args.translator.choose_for(pair, global, &terminal)?;
    // A network needs no model beside it.
    let model = match &network {
        Some(_) => None,
        None => Some(args.model.choose(global, &terminal)?),
    };
    let stamp = stamp(model.as_ref(), network.as_ref(), &options);
    let folder = Folder::of_user().filter(|_| !args.no_cache);
    let context = Context {
        is_whole: args.segments == Segments::Lines,
        has_marks: !args.no_marks,
        memory: memory.as_ref(),
        store: folder.as_ref().map(|folder| (folder as _, stamp.as_str())),
        max_new_tokens: args.model.max_new_tokens,
    };
    let documents = Documents::new(&inputs, args, &options, context, &terminal);
    let mut run = Run::new(args, target, &terminal, documents.failures());
    let asked = translate(args, documents, model.as_ref(), network.as_ref(), &mut run);
    run.failure = run.failure.or(asked.err());
    run.finish(inputs.entries.len(), args.care.strict)
}

/// What tells the results of this model, or network, and these options from others.
fn stamp(
    model: Option<&Model>,
    network: Option<&translator::Network>,
    options: &Options,
) -> String {
    let network_stamp = network.map(translator::Network::stamp);
    let id = model.map(Model::id).or_else(|| network.map(translator::Network::id));
    let stamp = id.map(|id| Stamp::new(id, None, &network_stamp, options));
    format!("{stamp:?}")
}

/// Translates the documents; what needs no model does not wait for one.
fn translate(
    args: &TranslateArgs,
    mut documents: Documents,
    model: Option<&Model>,
    network: Option<&translator::Network>,
    run: &mut Run,
) -> Result<()> {
    let Some(first) = run.until_model(&mut documents) else { return Ok(()) };
    let jobs = std::iter::once(first).chain(documents);
    if let Some(network) = network {
        let pair = (args.from.as_str(), args.to.as_str());
        let translator = network.open(&args.model.device()?, &[pair])?;
        return ask(&mut Translating::new(&translator), args, jobs, run);
    }
    let Some(model) = model else { return Ok(()) };
    let engine = model.open(run.terminal)?;
    let mut session = Session::new(&engine, args.model.limits());
    ask(&mut session, args, jobs, run)?;
    args.model.tell(&session.stats(), run.terminal);
    Ok(())
}

fn ask<'c>(
    model: &mut dyn Answerer,
    args: &TranslateArgs,
    jobs: impl Iterator<Item = Job<'c>>,
    run: &mut Run,
) -> Result<()> {
    let interrupt = Interrupt::listen(run.terminal);
    let stop = || interrupt.is_set();
    let take = |job, result| run.take(job, result);
    pipeline::run_until(&stop, model, jobs, args.model.n_active(), take)?;
    run.is_interrupted = interrupt.is_set();
    Ok(())
}

/// A run: where files go, and what became of them so far.
struct Run<'a> {
    args: &'a TranslateArgs,
    target: Target,
    terminal: &'a Terminal,
    /// Files that could not be read, each named when it failed.
    n_unreadable: Rc<std::cell::Cell<usize>>,
    /// What is done of the document at hand.
    made: Vec<Made>,
    is_damaged: bool,
    n_written: usize,
    /// Documents of which a part could not be translated.
    n_damaged: usize,
    n_sentences: usize,
    /// Sentences with findings that are errors.
    n_marked: usize,
    n_repaired: usize,
    n_errors: usize,
    is_interrupted: bool,
    failure: Option<Error>,
}

impl<'a> Run<'a> {
    fn new(
        args: &'a TranslateArgs,
        target: Target,
        terminal: &'a Terminal,
        n_unreadable: Rc<std::cell::Cell<usize>>,
    ) -> Self {
        Self {
            args,
            target,
            terminal,
            n_unreadable,
            made: Vec::new(),
            is_damaged: false,
            n_written: 0,
            n_damaged: 0,
            n_sentences: 0,
            n_marked: 0,
            n_repaired: 0,
            n_errors: 0,
            is_interrupted: false,
            failure: None,
        }
    }

    /// Goes on to the first piece that needs a model.
    fn until_model<'c>(&mut self, jobs: &mut Documents<'c>) -> Option<Job<'c>> {
        for job in jobs {
            if job.group.needs_model() {
                return Some(job);
            }
            if self.take(job, Ok(())) == Flow::Stop {
                return None;
            }
        }
        None
    }

    /// Takes a piece of a document, and writes the document with its last one.
    fn take(&mut self, job: Job, result: Result<()>) -> Flow {
        self.terminal.advance(job.n_advance());
        let Job { document, entry, first, group, is_last, .. } = job;
        let made = match result {
            Ok(()) => {
                let (made, n_repaired) = group.into_made();
                self.n_repaired += n_repaired;
                made
            }
            Err(error) => {
                self.is_damaged = true;
                let place = document.place_of(first);
                self.terminal.failed(&format!("{}: from {place} on", document.name), &error);
                group.untranslated(&error.to_string())
            }
        };
        self.tell(&document, first, &made);
        self.made.extend(made);
        if !is_last {
            return Flow::Continue;
        }
        let made = std::mem::take(&mut self.made);
        self.n_damaged += usize::from(std::mem::take(&mut self.is_damaged));
        let written = self.write(&document, &entry, made);
        written.unwrap_or_else(|error| {
            self.failure = Some(error);
            Flow::Stop
        })
    }

    /// Names what the checks found.
    fn tell(&mut self, document: &Document, first: usize, made: &[Made]) {
        for (idx, made) in made.iter().enumerate() {
            for pair in &made.pairs {
                self.n_sentences += 1;
                let place = format!("{}: {}", document.name, document.place_of(first + idx));
                let n_errors = self.name(&place, &pair.findings);
                self.n_errors += n_errors;
                self.n_marked += usize::from(n_errors > 0);
            }
        }
    }

    /// Tells of warnings and errors, and counts the errors.
    fn name(&self, place: &str, findings: &[Finding]) -> usize {
        for finding in findings.iter().filter(|f| f.severity >= Severity::Warning) {
            let Finding { severity, kind, message, .. } = finding;
            self.terminal.note(&format!("{place}: {}: {kind}: {message}", severity.as_str()));
        }
        findings.iter().filter(|f| f.severity == Severity::Error).count()
    }

    fn write(&mut self, document: &Document, entry: &Entry, made: Vec<Made>) -> Result<Flow> {
        self.n_written += 1;
        let bytes = match self.args.format.bilingual() {
            None => {
                let inlines: Vec<_> = made.into_iter().map(|made| made.inline).collect();
                document.write(&inlines)?
            }
            Some(format) => {
                let paragraphs = made.into_iter().map(|made| Paragraph { pairs: made.pairs });
                let bilingual = Bilingual {
                    name: document.name.clone(),
                    from: self.args.from.clone(),
                    to: self.args.to.clone(),
                    paragraphs: paragraphs.collect(),
                };
                bilingual.write(format)?
            }
        };
        self.terminal.aside(|| self.target.put(entry, document.kind, &bytes))
    }

    fn finish(self, n_inputs: usize, strict: bool) -> Result<()> {
        self.terminal.end();
        if self.is_interrupted {
            return Err(Error::Interrupted { kept: self.target.keep() });
        }
        if let Some(error) = self.failure {
            self.target.keep();
            return Err(error);
        }
        let n_unreadable = self.n_unreadable.get();
        if n_inputs == n_unreadable {
            self.target.keep();
            return Err(Error::NothingReadable);
        }
        self.target.finish()?;
        let Self { n_marked, n_repaired, n_sentences, .. } = self;
        if n_marked + n_repaired > 0 {
            self.terminal.note(&format!(
                "the checks found errors in {n_marked} of {n_sentences} sentences; {n_repaired} \
                 others were repaired"
            ));
        }
        if n_sentences > 0 {
            output::not_checked(&self.args.from, &self.args.to, self.terminal);
        }
        match (self.n_damaged + n_unreadable, self.n_errors) {
            (0, n_errors) if strict && n_errors > 0 => Err(Error::ChecksFailed { n_errors }),
            (0, _) => Ok(()),
            (n_failed, _) => Err(Error::SomeFailed { n_failed, n_all: n_inputs }),
        }
    }
}

/// Whether several files may go to one place: texts one after the other.
fn can_follow(kind: Kind, format: Format) -> bool {
    format == Format::Same && kind == Kind::Text
}

/// A fault of the flags for these inputs.
fn needs_folder(inputs: &Inputs) -> Error {
    usage(
        &format!("{} files cannot be written as one", inputs.entries.len()),
        "give a folder to --output, or --beside",
    )
}
