//! The program: parse, run, show the error and its cure.

mod cli;
mod commands;
mod output;

use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Command};
use depeche::device::Device;

fn main() -> ExitCode {
    let cli = Cli::parse();
    depeche::kernel::memory::keep_what_is_freed();
    if let Some(n) = cli.global.threads {
        Device::limit_threads(n);
    }
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::error(&error),
    }
}

fn run(cli: &Cli) -> depeche::Result<()> {
    match &cli.command {
        Command::Digest(args) => commands::digest::run(args, &cli.global),
        Command::Brief(args) => commands::brief::run(args, &cli.global),
        Command::Clean(args) => commands::clean::run(args, &cli.global),
        Command::Translate(args) => commands::translate::run(args, &cli.global),
        Command::Check(args) => commands::check::run(args, &cli.global),
        Command::Doctor(args) => commands::doctor::run(args, &cli.global),
        Command::Bench(args) => commands::bench::run(args, &cli.global),
        Command::Eval(args) => commands::eval::run(args),
        Command::Models(args) => commands::models::run(args, &cli.global),
    }
}
