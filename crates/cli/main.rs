//! The odmkit command line: arguments, exit codes, terminal. The work is done by the crates below.

mod commands;
mod connection;
mod exit;
mod global;
mod judge;
mod output;
mod plan;
mod progress;
mod reporting;
mod runtime;
mod snippets;
mod submission;
mod table;
mod units;
mod waiting;
mod what;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use odmkit_core::redact::system_numbers;

use crate::commands::{
    bench::BenchArgs, check::CheckArgs, completions::CompletionsArgs, convert::ConvertArgs, fix::FixArgs,
    init::InitArgs, inspect::InspectArgs, jobs::JobsArgs, rules::RulesArgs, sandbox::SandboxArgs,
    submit::SubmitArgs, template::TemplateArgs,
};
use crate::exit::Exit;
use crate::global::Global;

/// Checks, converts and submits study data for Genestack's Open Data Manager (ODM)
#[derive(Debug, Parser)]
#[command(
    name = "odmkit",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 nothing at error level; 1 errors found, a job failed or a link was refused; \
                  2 the command could not do its work."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    global: Global,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(CheckArgs),
    Fix(FixArgs),
    Init(InitArgs),
    Inspect(InspectArgs),
    Convert(ConvertArgs),
    Submit(Box<SubmitArgs>),
    Rules(RulesArgs),
    Template(TemplateArgs),
    Jobs(JobsArgs),
    Sandbox(SandboxArgs),
    Bench(BenchArgs),
    Completions(CompletionsArgs),
}

/// An error and what it goes back to, of which nothing is said twice: some errors tell their causes themselves.
fn told_once(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    if !text.contains(&error.root_cause().to_string()) {
        for cause in error.chain().skip(1).map(ToString::to_string) {
            if !text.contains(&cause) {
                text.push_str(": ");
                text.push_str(&cause);
            }
        }
    }
    system_numbers(&text)
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Command::Check(args) => args.run(&cli.global),
        Command::Fix(args) => args.run(&cli.global),
        Command::Init(args) => args.run(&cli.global),
        Command::Inspect(args) => args.run(&cli.global),
        Command::Convert(args) => args.run(&cli.global),
        Command::Submit(args) => args.run(&cli.global),
        Command::Rules(args) => args.run(),
        Command::Template(args) => args.run(&cli.global),
        Command::Sandbox(args) => args.run(&cli.global),
        Command::Jobs(args) => args.run(&cli.global),
        Command::Bench(args) => args.run(&cli.global),
        Command::Completions(args) => args.run(),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            // Where even stderr is gone there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "odmkit: error: {}", told_once(&error));
            Exit::Failed.into()
        }
    }
}
