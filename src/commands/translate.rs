//! `depeche translate`: text in, text out.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use depeche::check::Severity;
use depeche::engine::{Answerer, Session, Translating};
use depeche::input::Inputs;
use depeche::pipeline::{self, Flow};
use depeche::progress::{Progress, Total};
use depeche::translate::lines::{self, Group, Line};
use depeche::translate::{LANGUAGES, Options};
use depeche::{Error, Result};

use super::care::CareArgs;
use super::input::InputArgs;
use super::interrupt::Interrupt;
use super::model::{ModelArgs, usage};
use super::translator::TranslatorArgs;
use crate::cli::Global;
use crate::output;
use crate::output::plain::Lines;
use crate::output::progress::Terminal;

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
    /// What is translated in one go
    #[arg(long, value_enum, default_value_t)]
    segments: Segments,
    /// Write to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
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

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Segments {
    /// Each line is one segment and gives one line
    Lines,
    /// Each line is a paragraph, translated sentence by sentence
    #[default]
    Sentences,
}

impl From<Segments> for lines::Segments {
    fn from(segments: Segments) -> Self {
        match segments {
            Segments::Lines => Self::Lines,
            Segments::Sentences => Self::Sentences,
        }
    }
}

impl TranslateArgs {
    fn check(&self) -> Result<()> {
        if self.from == self.to {
            return Err(usage("--from and --to are the same language", "give two languages"));
        }
        if self.output.as_ref().is_some_and(|path| output::is_folder(path)) {
            return Err(usage("--output is a folder", "give the name of a file"));
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
}

pub fn run(args: &TranslateArgs, global: &Global) -> Result<()> {
    args.check()?;
    let terminal = Terminal::new(global.progress, global.quiet);
    let inputs = args.input.inputs()?;
    output::skipped(&inputs.skipped, &terminal, global.verbose > 0);
    let mut run = Run::new(Lines::open(args.output.as_deref())?, &terminal);
    let texts = run.read(&inputs);
    if !texts.is_empty() {
        let asked = ask(args, global, &texts, &mut run);
        run.failure = run.failure.or(asked.err());
    }
    run.finish(args.care.strict)
}

/// Opens the model, or the translation network, and translates the texts.
fn ask(args: &TranslateArgs, global: &Global, texts: &[String], run: &mut Run) -> Result<()> {
    if let Some(network) = args.translator.choose()? {
        let pair = (args.from.as_str(), args.to.as_str());
        let translator = network.open(&args.model.device()?, &[pair])?;
        return ask_of(&mut Translating::new(&translator), args, texts, run);
    }
    let engine = args.model.choose(global, run.terminal)?.open(run.terminal)?;
    let mut session = Session::new(&engine, args.model.limits());
    ask_of(&mut session, args, texts, run)?;
    args.model.tell(&session.stats(), run.terminal);
    Ok(())
}

fn ask_of(
    model: &mut dyn Answerer,
    args: &TranslateArgs,
    texts: &[String],
    run: &mut Run,
) -> Result<()> {
    let interrupt = Interrupt::listen(run.terminal);
    let (options, limit) = (args.options(run.terminal)?, args.model.max_new_tokens);
    let groups =
        texts.iter().flat_map(|text| lines::groups(text, args.segments.into(), &options, limit));
    let n_bytes = texts.iter().map(|text| text.len() as u64).sum();
    run.terminal.begin("translated", Total::Bytes(n_bytes));
    let stop = || interrupt.is_set();
    let take = |group, result| run.take(group, result);
    pipeline::run_until(&stop, model, groups, args.model.n_active(), take)?;
    run.is_interrupted = interrupt.is_set();
    Ok(())
}

/// A run: where lines go, and what became of them so far.
struct Run<'a> {
    lines: Lines,
    terminal: &'a Terminal,
    n_inputs: usize,
    n_unreadable: usize,
    n_lines: usize,
    /// Lines that could not be translated and are left empty.
    n_failed: usize,
    /// Lines with findings that are errors.
    n_marked: usize,
    n_errors: usize,
    is_interrupted: bool,
    failure: Option<Error>,
}

impl<'a> Run<'a> {
    fn new(lines: Lines, terminal: &'a Terminal) -> Self {
        Self {
            lines,
            terminal,
            n_inputs: 0,
            n_unreadable: 0,
            n_lines: 0,
            n_failed: 0,
            n_marked: 0,
            n_errors: 0,
            is_interrupted: false,
            failure: None,
        }
    }

    /// The texts that can be read; the others are named.
    fn read(&mut self, inputs: &Inputs) -> Vec<String> {
        let mut texts = Vec::new();
        for reading in inputs.articles() {
            self.n_inputs += 1;
            match reading.result {
                Ok(raw) => texts.push(raw.text.trim_start_matches('\u{feff}').to_owned()),
                Err(error) => {
                    self.n_unreadable += 1;
                    self.terminal.failed(&reading.id, &error);
                }
            }
        }
        texts
    }

    fn take(&mut self, group: Group, result: Result<()>) -> Flow {
        self.terminal.advance(group.n_bytes() as u64);
        let lines = match result {
            Ok(()) => group.into_lines(),
            Err(error) => self.fail(&group, &error),
        };
        let mut text = String::new();
        for line in &lines {
            self.count(line);
            text.push_str(&line.text);
            text.push('\n');
        }
        self.terminal.aside(|| self.lines.put(&text)).unwrap_or_else(|error| {
            self.failure = Some(error);
            Flow::Stop
        })
    }

    /// Empty lines in the place of those that failed, so that the count stays right.
    fn fail(&mut self, group: &Group, error: &Error) -> Vec<Line> {
        let (first, last) = (self.n_lines + 1, self.n_lines + group.n_lines());
        self.n_failed += group.n_lines();
        self.terminal.failed(&format!("lines {first} to {last}"), error);
        vec![Line::default(); group.n_lines()]
    }

    fn count(&mut self, line: &Line) {
        self.n_lines += 1;
        let mut errors = 0;
        for finding in line.findings.iter().filter(|f| f.severity >= Severity::Warning) {
            errors += usize::from(finding.severity == Severity::Error);
            let (severity, kind) = (finding.severity.as_str(), finding.kind);
            let message = &finding.message;
            self.terminal.note(&format!("line {}: {severity}: {kind}: {message}", self.n_lines));
        }
        self.n_errors += errors;
        self.n_marked += usize::from(errors > 0);
    }

    fn finish(self, strict: bool) -> Result<()> {
        self.terminal.end();
        if self.is_interrupted {
            return Err(Error::Interrupted { kept: self.lines.keep() });
        }
        if let Some(error) = self.failure {
            self.lines.keep();
            return Err(error);
        }
        if self.n_inputs == self.n_unreadable {
            self.lines.keep();
            return Err(Error::NothingReadable);
        }
        self.lines.finish()?;
        if self.n_marked > 0 {
            let Self { n_marked, n_lines, .. } = self;
            self.terminal
                .note(&format!("the checks found errors in {n_marked} of {n_lines} lines"));
        }
        match (self.n_failed, self.n_unreadable, self.n_errors) {
            (0, 0, n_errors) if strict && n_errors > 0 => Err(Error::ChecksFailed { n_errors }),
            (0, 0, _) => Ok(()),
            (0, n_failed, _) => Err(Error::SomeFailed { n_failed, n_all: self.n_inputs }),
            (n_failed, _, _) => Err(Error::SomeFailed { n_failed, n_all: self.n_lines }),
        }
    }
}
