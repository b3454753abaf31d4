//! `depeche clean`: an article as the rest of the program reads it, and why.

use std::path::{Path, PathBuf};

use clap::Args;
use depeche::article::{self, RawArticle};
use depeche::clean::{self, clean_with};
use depeche::input::{Inputs, Reading};
use depeche::language::Language;
use depeche::pipeline::Flow;
use depeche::progress::{Progress, Total};
use depeche::{Error, Result};

use super::common;
use super::input::InputArgs;
use super::interrupt::Interrupt;
use super::language::{self, LanguageArgs};
use super::ordered;
use super::tally::Tally;
use crate::cli::Global;
use crate::output::cleaned::Cleaned;
use crate::output::explain::Reasons;
use crate::output::progress::Terminal;
use crate::output::sink::{Item, Sink};
use crate::output::{self, Format};

#[derive(Debug, Args)]
pub struct CleanArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The articles' language; without it, each article's own is found
    #[arg(long, value_name = "LANG", value_parser = language::given)]
    from: Option<Language>,
    #[command(flatten)]
    language: LanguageArgs,
    /// Also say what was removed, by which rule and where it stands; records always do
    #[arg(long)]
    explain: bool,
    /// How to write the articles; without it, as the output's name says, else as text
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write to this file, or into this folder if it exists or ends in /, one file an article
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
}

/// Less is cleaned before a bar could be read.
const MIN_BYTES_FOR_PROGRESS: u64 = 200_000;

pub fn run(args: &CleanArgs, global: &Global) -> Result<()> {
    let terminal = Terminal::new(global.progress, global.quiet);
    let inputs = args.input.inputs()?;
    output::skipped(&inputs.skipped, &terminal, global.verbose > 0);
    let sink = Sink::open(args.format(), args.output.as_deref())?;
    let interrupt = Interrupt::listen(&terminal);
    let common = common::counted(&inputs, &|| interrupt.is_set());
    let candidates = args.language.candidates();
    let how = clean::Options {
        common: common.as_ref(),
        from: args.from,
        candidates: candidates.as_ref(),
    };
    let mut run = Run::new(sink, &terminal, n_bytes(&inputs));
    let work = |reading: Reading| Done {
        id: reading.id,
        n_bytes: reading.n_bytes,
        result: reading.result.map(|raw| args.clean(raw, &how)),
    };
    ordered::for_each(inputs.articles(), work, |done| {
        if interrupt.is_set() { Flow::Stop } else { run.take(&done) }
    });
    run.finish(interrupt.is_set())
}

/// The bytes on disk of all that is to be read, where they are known.
fn n_bytes(inputs: &Inputs) -> Option<u64> {
    let size = |path: &Path| path.metadata().ok().filter(|file| file.is_file()).map(|f| f.len());
    inputs.entries.iter().map(|entry| size(entry.path.as_deref()?)).sum()
}

/// What became of an article.
struct Done {
    id: String,
    /// What was read of its file.
    n_bytes: u64,
    result: Result<Cleaned>,
}

impl CleanArgs {
    fn format(&self) -> Format {
        self.format.unwrap_or_else(|| Format::of(self.output.as_deref()))
    }

    fn clean(&self, raw: RawArticle, how: &clean::Options) -> Cleaned {
        let article = clean_with(&raw, how);
        let explained = self.explain && !self.format().has_records();
        let reasons = explained.then(|| Reasons::new(&raw, &article, file_of(&raw).as_deref()));
        Cleaned { raw, article, reasons }
    }
}

/// The bytes of a file whose lines can be counted.
fn file_of(raw: &RawArticle) -> Option<Vec<u8>> {
    use article::Format::{Eml, Html, Markdown, Mhtml, Text};
    if raw.map.is_identity() {
        return Some(raw.text.clone().into_bytes());
    }
    let has_lines = matches!(raw.format, Text | Markdown | Html | Mhtml | Eml);
    // A pipe gives its bytes once, and asking again would wait for ever.
    let is_file = |path: &Path| path.metadata().is_ok_and(|file| file.is_file());
    let path = raw.path.as_deref().filter(|path| has_lines && is_file(path))?;
    // An article from a packed file stands at no line of that file.
    std::fs::read(path).ok().filter(|bytes| !bytes.starts_with(&[0x1F, 0x8B]))
}

/// A run: where articles go, and what became of them so far.
struct Run<'a> {
    sink: Sink,
    terminal: &'a Terminal,
    tally: Tally,
    failure: Option<Error>,
}

impl<'a> Run<'a> {
    fn new(sink: Sink, terminal: &'a Terminal, n_bytes: Option<u64>) -> Self {
        if let Some(n_bytes) = n_bytes.filter(|&n| n >= MIN_BYTES_FOR_PROGRESS) {
            terminal.begin("cleaned", Total::Bytes(n_bytes));
        }
        Self { sink, terminal, tally: Tally::default(), failure: None }
    }

    fn take(&mut self, done: &Done) -> Flow {
        let put = match &done.result {
            Ok(cleaned) => self.terminal.aside(|| self.sink.put(&Item::Done(cleaned))),
            Err(error) => self.fail(&done.id, error),
        };
        self.tally.n_done += 1;
        self.terminal.advance(done.n_bytes);
        put.unwrap_or_else(|error| {
            self.failure = Some(error);
            Flow::Stop
        })
    }

    fn fail(&mut self, id: &str, error: &Error) -> Result<Flow> {
        self.tally.n_failed += 1;
        self.tally.n_unreadable += 1;
        self.terminal.failed(id, error);
        self.sink.put(&Item::Failed { id, error })
    }

    fn finish(self, is_interrupted: bool) -> Result<()> {
        self.terminal.end();
        if is_interrupted || self.failure.is_some() {
            if let Some(path) = self.sink.keep()? {
                self.terminal.note(&format!("what was finished is in {}", path.display()));
            }
            return Err(self.failure.unwrap_or(Error::Interrupted { kept: None }));
        }
        self.sink.finish()?;
        self.tally.verdict()
    }
}
