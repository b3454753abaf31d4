//! `depeche digest`: a summary of each article in French and in English.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use depeche::check::Severity;
use depeche::clean;
use depeche::digest::{Language, Options};
use depeche::engine::Session;
use depeche::pipeline::{self, Flow};
use depeche::progress::Progress;
use depeche::translate::Quality;
use depeche::{Error, Result, summarize, translate};

use super::care::CareArgs;
use super::common;
use super::input::InputArgs;
use super::interrupt::Interrupt;
use super::job::{How, Job, Jobs, Ledger, Work};
use super::language::LanguageArgs;
use super::model::{Model, ModelArgs, usage};
use super::pace::{self, Ahead, Pace};
use super::tally::Tally;
use super::translator::{self, TranslatorArgs};
use crate::cli::Global;
use crate::output::digested::Digested;
use crate::output::finished::Reused;
use crate::output::progress::{Terminal, about};
use crate::output::record::Stamp;
use crate::output::sink::{Item, Sink};
use crate::output::{self, Format};

#[derive(Debug, Args)]
pub struct DigestArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Translate the whole text, too
    #[arg(long)]
    full: bool,
    /// Take the article's own sentences; the model writes no summary
    #[arg(long)]
    extractive: bool,
    /// Sentences in a summary
    #[arg(long, default_value = "2-4", value_name = "N|MIN-MAX", value_parser = sentences)]
    sentences: (usize, usize),
    /// The articles' language; without it, each article's own is found
    #[arg(long, value_name = "LANG", value_enum)]
    from: Option<Lang>,
    #[command(flatten)]
    language: LanguageArgs,
    /// How to write the digests; without it, as the output's name says, else as text
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write to this file, or into this folder if it exists or ends in /, one file an article
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// Do only what is missing or changed in the output of an earlier run
    #[arg(long, requires = "output")]
    resume: bool,
    /// Show the article's sentences that each sentence of the summary rests on
    #[arg(long)]
    sources: bool,
    #[command(flatten)]
    care: CareArgs,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    translator: TranslatorArgs,
}

/// A language of digests.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Lang {
    Fr,
    En,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Fr => Self::French,
            Lang::En => Self::English,
        }
    }
}

const MAX_SENTENCES: usize = 20;

fn sentences(text: &str) -> Result<(usize, usize), String> {
    let (min, max) = text.split_once('-').unwrap_or((text, text));
    match (min.trim().parse(), max.trim().parse()) {
        (Ok(min), Ok(max)) if 1 <= min && min <= max && max <= MAX_SENTENCES => Ok((min, max)),
        _ => Err(format!("must be N or MIN-MAX, from 1 to {MAX_SENTENCES}")),
    }
}

impl DigestArgs {
    fn options(&self, told: &dyn Progress) -> Result<Options> {
        let sampling = self.model.sampling();
        let quality = self.care.quality();
        let from = self.from.map_or(Language::French, Language::from);
        Ok(Options {
            summary: summarize::Options {
                n_sentences: self.sentences,
                extractive: self.extractive,
                sampling: sampling.clone(),
                quality,
                ..summarize::Options::default()
            },
            translation: translate::Options {
                sampling,
                quality,
                glossary: self.care.glossary(from.code(), from.other().code(), told)?,
                keep: self.care.keep.clone(),
                ..translate::Options::default()
            },
            full: self.full,
            from: self.from.map(Language::from),
            max_new_tokens: self.model.max_new_tokens,
        })
    }

    fn format(&self) -> Format {
        self.format.unwrap_or_else(|| Format::of(self.output.as_deref()))
    }

    /// Whether it takes about as long as a digest without flags.
    fn is_usual(&self) -> bool {
        !self.translator.is_there()
            && !self.full
            && !self.extractive
            && self.care.quality() == Quality::Balanced
    }

    fn check(&self) -> Result<()> {
        let is_file = self.output.as_ref().is_some_and(|path| !output::is_folder(path));
        if self.resume && is_file && !self.format().has_records() {
            return Err(usage(
                "--resume cannot read back a file of this format",
                "use --format jsonl, or give a folder to --output",
            ));
        }
        Ok(())
    }
}

pub fn run(args: &DigestArgs, global: &Global) -> Result<()> {
    args.check()?;
    let terminal = Terminal::new(global.progress, global.quiet);
    let inputs = args.input.inputs()?;
    output::skipped(&inputs.skipped, &terminal, global.verbose > 0);
    let options = args.options(&terminal)?;
    let model = args.model.choose(global, &terminal)?;
    let candidates = args.language.candidates();
    let network = args.translator.choose(global, &terminal)?;
    let translator = network.as_ref().map(translator::Network::id);
    let network_stamp = network.as_ref().map(translator::Network::stamp);
    let stamp = Stamp::new(model.id(), translator, &network_stamp, &(&options, &candidates));
    let (sink, finished) =
        Sink::resumable(args.format(), args.output.as_deref(), args.resume, &stamp)?;
    let ledger = Ledger::new(&inputs);
    let common = common::counted(&inputs, &|| false);
    let from =
        args.from.and_then(|lang| depeche::language::Language::given(Language::from(lang).code()));
    let how = clean::Options { common: common.as_ref(), from, candidates: candidates.as_ref() };
    let mut jobs =
        Jobs::new(&inputs, How { clean: how, digest: &options }, &finished, ledger.clone());
    let mut run = Run::new(sink, stamp, &terminal, ledger, args.sources);
    // What needs no model does not wait for it.
    if let Some(first) = run.until_model(&mut jobs) {
        let mut pace = Pace::read(&model);
        if let Some(ahead) = pace::ahead(&inputs, &how, &finished) {
            run.foretell(&pace, ahead, args);
        }
        let jobs = std::iter::once(first).chain(jobs);
        let asked = ask(args, &model, network.as_ref(), jobs, &mut run);
        run.remember(&mut pace, args.model.n_active());
        run.failure = run.failure.or(asked.err());
    }
    run.finish(args.care.strict)
}

/// Opens the model, and the translation network where there is one, and digests what is left.
fn ask(
    args: &DigestArgs,
    model: &Model,
    network: Option<&translator::Network>,
    jobs: impl Iterator<Item = Job>,
    run: &mut Run,
) -> Result<()> {
    let pairs = match args.from.map(Language::from) {
        Some(from) => vec![(from.code(), from.other().code())],
        None => vec![("fr", "en"), ("en", "fr")],
    };
    let translator = network.map(|network| network.open(model.device(), &pairs)).transpose()?;
    let engine = model.open(run.terminal)?;
    let mut session = Session::new(&engine, args.model.limits());
    if let Some(translator) = &translator {
        session = session.with_translator(translator);
    }
    let interrupt = Interrupt::listen(run.terminal);
    run.started = Instant::now();
    let stop = || interrupt.is_set();
    let take = |job, result| run.take(job, result);
    pipeline::run_until(&stop, &mut session, jobs, args.model.n_active(), take)?;
    run.is_interrupted = interrupt.is_set();
    args.model.tell(&session.stats(), run.terminal);
    Ok(())
}

/// Fewer words say nothing of how long others take.
const MIN_WORDS: usize = 200;

/// A run: where results go, and what became of the articles so far.
struct Run<'a> {
    sink: Sink,
    stamp: Stamp,
    terminal: &'a Terminal,
    tally: Tally,
    ledger: Rc<Ledger>,
    n_reused: usize,
    /// Words of the articles that were digested.
    n_words: usize,
    /// Findings that are errors.
    n_errors: usize,
    /// Sentences that carry a mark, and sentences that no longer need one.
    n_marked: usize,
    n_doubtful: usize,
    n_repaired: usize,
    has_sources: bool,
    started: Instant,
    is_interrupted: bool,
    failure: Option<Error>,
}

impl<'a> Run<'a> {
    fn new(
        sink: Sink,
        stamp: Stamp,
        terminal: &'a Terminal,
        ledger: Rc<Ledger>,
        has_sources: bool,
    ) -> Self {
        Self {
            sink,
            stamp,
            terminal,
            tally: Tally::default(),
            ledger,
            n_reused: 0,
            n_words: 0,
            n_errors: 0,
            n_marked: 0,
            n_doubtful: 0,
            n_repaired: 0,
            has_sources,
            started: Instant::now(),
            is_interrupted: false,
            failure: None,
        }
    }

    /// Goes on to the first article that needs a model.
    fn until_model(&mut self, jobs: &mut impl Iterator<Item = Job>) -> Option<Job> {
        for job in jobs {
            if job.needs_model() {
                return Some(job);
            }
            if self.take(job, Ok(())) == Flow::Stop {
                return None;
            }
        }
        None
    }

    fn take(&mut self, mut job: Job, result: Result<()>) -> Flow {
        job.close();
        let put = match (job.work, result) {
            (Work::Reused(reused), _) => self.reuse(&reused),
            (Work::Failed(error), _) => {
                self.tally.n_unreadable += 1;
                self.fail(&job.id, &error)
            }
            (Work::Digest(_), Err(error)) => self.fail(&job.id, &error),
            (Work::Digest(digesting), Ok(())) => {
                let digest = digesting.into_digest();
                self.n_words += pace::n_words(&digest.article);
                self.n_errors += digest.errors().count();
                self.n_marked += digest.n_marked(Severity::Error);
                self.n_doubtful += digest.n_marked(Severity::Warning);
                self.n_repaired += digest.n_repaired;
                let (stamp, has_sources) = (&self.stamp, self.has_sources);
                let digested = Digested { digest: &digest, stamp, has_sources };
                self.terminal.aside(|| self.sink.put(&Item::Done(&digested)))
            }
        };
        self.tally.n_done += 1;
        self.tell();
        put.unwrap_or_else(|error| {
            self.failure = Some(error);
            Flow::Stop
        })
    }

    fn reuse(&mut self, reused: &Reused) -> Result<Flow> {
        self.n_reused += 1;
        self.n_errors += reused.n_errors;
        self.terminal.aside(|| self.sink.put(&Item::Reused(reused)))
    }

    fn fail(&mut self, id: &str, error: &Error) -> Result<Flow> {
        self.tally.n_failed += 1;
        self.terminal.failed(id, error);
        self.sink.put(&Item::Failed { id, error })
    }

    /// Tells how far the run is, and how long the rest will take at the speed so far.
    fn tell(&self) {
        let seconds = self.ledger.left().map(|left| left * self.started.elapsed().as_secs_f64());
        let left = seconds.filter(|s| s.is_finite()).map(Duration::from_secs_f64);
        self.terminal.articles(self.tally.n_done, self.ledger.count(), left);
    }

    /// Says how long it will take, where that is known.
    fn foretell(&self, pace: &Pace, ahead: Ahead, args: &DigestArgs) {
        let Ahead { n_articles, n_words } = ahead;
        let n_active = n_articles.min(args.model.n_active());
        let last = pace.of_last_run(&self.stamp, n_active, n_words);
        let measured = || args.is_usual().then(|| pace.as_measured(n_words)).flatten();
        if let Some(time) = last.or_else(measured) {
            let n_words = (n_words / 100.0).ceil() * 100.0;
            self.terminal.note(&format!("{n_articles} articles, {n_words} words: {}", about(time)));
        }
    }

    /// Remembers how long it took, for later runs.
    fn remember(&self, pace: &mut Pace, n_active: usize) {
        let n_digested = self.tally.n_done - self.tally.n_failed - self.n_reused;
        if !self.is_interrupted && self.failure.is_none() && self.n_words >= MIN_WORDS {
            pace.learn(&self.stamp, n_digested.min(n_active), self.n_words, self.started.elapsed());
        }
    }

    fn finish(self, strict: bool) -> Result<()> {
        self.terminal.end();
        if self.n_reused > 0 {
            self.terminal.note(&format!("{} were done before and are kept", self.n_reused));
        }
        if self.is_interrupted {
            return Err(Error::Interrupted { kept: self.sink.keep()? });
        }
        if let Some(error) = self.failure {
            self.sink.keep()?;
            return Err(error);
        }
        self.sink.finish()?;
        if self.n_repaired + self.n_marked + self.n_doubtful > 0 {
            let Self { n_repaired, n_marked, n_doubtful, .. } = self;
            self.terminal.note(&format!(
                "checks: {n_repaired} sentences repaired, {n_marked} marked [!] as wrong, \
                 {n_doubtful} marked [?] as doubtful"
            ));
        }
        self.tally.verdict()?;
        match self.n_errors {
            n_errors if strict && n_errors > 0 => Err(Error::ChecksFailed { n_errors }),
            _ => Ok(()),
        }
    }
}
