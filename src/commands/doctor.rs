//! `depeche doctor`: what this machine is, what of it is used, and what to expect.

use std::fmt::Write as _;

use clap::Args;
use depeche::Result;
use depeche::device::{Device, free_memory, peak_memory};
use depeche::engine::Speed;
use depeche::kernel::cpu::Kernel;
use depeche::progress::human_bytes;

use super::model::{Model, ModelArgs};
use super::pace::Pace;
use crate::cli::Global;
use crate::output;
use crate::output::progress::Terminal;

#[derive(Debug, Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    model: ModelArgs,
}

pub fn run(args: &DoctorArgs, global: &Global) -> Result<()> {
    let terminal = Terminal::new(global.progress, global.quiet);
    let model = args.model.choose(global, &terminal)?;
    output::stdout(&machine(&model)?)?;
    if model.path().is_none() {
        let name = model.id().name;
        return output::stdout(&format!(
            "model       {name} is not on this machine: depeche models pull {name}\n"
        ));
    }
    let engine = model.open(&terminal)?;
    let speed = Speed::measure(&engine, args.model.limits())?;
    Pace::read(&model).learn_measured(word_seconds(&speed));
    output::stdout(&report(&model, &speed))
}

/// The machine and what the program uses of it.
fn machine(model: &Model) -> Result<String> {
    let kernel = Device::kernel()?;
    let mut text = format!("depeche     {}\n", env!("CARGO_PKG_VERSION"));
    line(&mut text, "processor", &format!("{}, {}", processor(), features()));
    let why = if kernel == Kernel::best() { "the best here" } else { "as the user wishes" };
    line(&mut text, "kernel", &format!("{}, {why}", kernel.name()));
    let build = if Device::has_own_build() { "for this processor" } else { ANY_BUILD };
    line(&mut text, "build", build);
    line(&mut text, "threads", &Device::n_threads().to_string());
    line(&mut text, "device", model.device().kind());
    if let Some(bytes) = free_memory() {
        line(&mut text, "memory", &format!("{} free", human_bytes(bytes)));
    }
    Ok(text)
}

fn report(model: &Model, speed: &Speed) -> String {
    let mut text = String::new();
    let path = model.path().map(|path| path.display().to_string()).unwrap_or_default();
    line(&mut text, "model", &format!("{}, {path}", model.id().name));
    line(&mut text, "reads", &format!("{:.0} tokens a second", speed.prefill));
    let Speed { decode, decode_together, n_rows, .. } = speed;
    line(
        &mut text,
        "writes",
        &format!("{decode:.1} tokens a second, {decode_together:.1} in {n_rows} answers at once"),
    );
    if let Some(bytes) = peak_memory() {
        line(&mut text, "takes", &format!("{} of memory so far", human_bytes(bytes)));
    }
    let seconds = word_seconds(speed) * WORDS;
    line(&mut text, "expect", &format!("{seconds:.0} s for the digest of an article of 500 words"));
    text
}

const ANY_BUILD: &str =
    "for any processor: matrices in other forms than Q4_K, Q6_K, Q5_0, Q8_0 are slow";

/// Tokens of prompts and of answers of the digest of so many words with `--quality balanced`, as
/// measured for five articles by the default model.
const WORDS: f64 = 500.0;
const PROMPT_TOKENS: f64 = 1275.0;
const ANSWER_TOKENS: f64 = 464.0;

/// Of the places for answers about half are filled.
fn word_seconds(speed: &Speed) -> f64 {
    let decode = (speed.decode + speed.decode_together) / 2.0;
    (PROMPT_TOKENS / speed.prefill.max(0.1) + ANSWER_TOKENS / decode.max(0.1)) / WORDS
}

fn line(text: &mut String, name: &str, value: &str) {
    let _ = writeln!(text, "{name:11} {value}");
}

/// As the system names it.
fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name"));
    let name = name.and_then(|rest| rest.split_once(':')).map(|(_, name)| name.trim().to_owned());
    name.unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

/// The vector instructions that kernels are written for.
fn features() -> String {
    let has = |kernel: &Kernel| *kernel != Kernel::Portable && kernel.is_available();
    let has: Vec<&str> = Kernel::ALL.into_iter().filter(has).map(Kernel::instructions).collect();
    if has.is_empty() { "plain instructions".into() } else { has.join(", ") }
}
