//! `depeche bench`: how fast this machine runs a model, on prompts that other programs can be given
//! too.

use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use depeche::device::{Device, peak_memory};
use depeche::engine::{Completion, Engine, Limits, Request, Stats};
use depeche::{Error, Result};
use serde::{Deserialize, Serialize};

use super::model::ModelArgs;
use crate::cli::Global;
use crate::output;
use crate::output::progress::Terminal;

#[derive(Debug, Args)]
pub struct BenchArgs {
    /// JSON lines with `id`, `prompt` (rendered with the chat template) and `max_tokens`
    prompts: PathBuf,
    /// Write what the model answered here, as JSON lines
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    model: ModelArgs,
}

/// One line of the input.
#[derive(Debug, Deserialize)]
struct Job {
    id: serde_json::Value,
    prompt: String,
    max_tokens: usize,
}

/// What is printed: one JSON line.
#[derive(Debug, Serialize)]
struct Report {
    engine: &'static str,
    n: usize,
    parallel: usize,
    threads: usize,
    load_s: f64,
    wall_s: f64,
    prompt_tokens: usize,
    prompt_tok_s: f64,
    gen_tokens: usize,
    gen_tok_s: f64,
    prefix_hit_tokens: usize,
    peak_rss_mb: Option<f64>,
}

pub fn run(args: &BenchArgs, global: &Global) -> Result<()> {
    let jobs = read(&args.prompts)?;
    let started = Instant::now();
    let progress = Terminal::new(global.progress, global.quiet);
    let engine = args.model.choose(global, &progress)?.open(&progress)?;
    let load_s = started.elapsed().as_secs_f64();
    let limits = args.model.limits();
    let started = Instant::now();
    let (completions, stats) = complete(&engine, &jobs, limits)?;
    let wall_s = started.elapsed().as_secs_f64();
    if let Some(path) = &args.out {
        let texts = texts(&engine, &jobs, &completions)?;
        std::fs::write(path, texts).map_err(|source| Error::Write { path: path.into(), source })?;
    }
    let report = Report {
        engine: "depeche",
        n: jobs.len(),
        parallel: limits.n_rows,
        threads: Device::n_threads(),
        load_s,
        wall_s,
        prompt_tokens: stats.n_prefilled,
        prompt_tok_s: stats.prefill_tokens_a_second(),
        gen_tokens: stats.n_generated,
        gen_tok_s: stats.decode_tokens_a_second(),
        prefix_hit_tokens: stats.n_reused,
        peak_rss_mb: peak_memory().map(|bytes| bytes as f64 / 1e6),
    };
    output::stdout(&format!("{}\n", serde_json::json!(report)))
}

fn read(path: &Path) -> Result<Vec<Job>> {
    let unreadable = |source| Error::Read { path: path.into(), source };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let lines = std::io::BufReader::new(file).lines();
    let job = |line: std::io::Result<String>| {
        serde_json::from_str(&line?).map_err(|e| std::io::Error::other(e.to_string()))
    };
    lines.map(job).collect::<std::io::Result<_>>().map_err(unreadable)
}

/// Runs all prompts in one batch, greedily.
fn complete(engine: &Engine, jobs: &[Job], limits: Limits) -> Result<(Vec<Completion>, Stats)> {
    let prompts = jobs.iter().map(|job| engine.encode_rendered(&job.prompt));
    let prompts: Vec<Vec<u32>> = prompts.collect::<Result<_>>()?;
    let mut scheduler = engine.scheduler(limits);
    for (idx, (prompt, job)) in prompts.into_iter().zip(jobs).enumerate() {
        let (id, max_new_tokens) = (idx as u64, job.max_tokens);
        scheduler.submit(Request { id, prompt, max_new_tokens, ..Request::default() });
    }
    let mut completions = Vec::with_capacity(jobs.len());
    while scheduler.n_pending() > 0 {
        completions.extend(scheduler.step()?);
    }
    completions.sort_by_key(|completion| completion.id);
    Ok((completions, scheduler.stats()))
}

fn texts(engine: &Engine, jobs: &[Job], completions: &[Completion]) -> Result<String> {
    let line = |(job, completion): (&Job, &Completion)| {
        let text = engine.text(completion)?;
        let (n_prompt, n_gen) = (completion.n_prompt, completion.tokens.len());
        let record =
            serde_json::json!({"id": job.id, "text": text, "n_prompt": n_prompt, "n_gen": n_gen});
        Ok(format!("{record}\n"))
    };
    jobs.iter().zip(completions).map(line).collect()
}
