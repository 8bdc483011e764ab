//! Arguments in, streams out, an exit code at the end. Knows no rule.
//!
//! Each command has a file of its name, or shares one with its like: what it takes, and what it prints. Results go to stdout, everything else to
//! stderr; a reader that has gone away is no failure.

mod args;
mod check;
mod clean;
mod clock;
mod compare;
mod data;
mod end;
mod generate;
mod groups;
mod init;
mod inspect;
mod progress;
mod suppress;
mod tables;
mod validate;
mod values;

pub use crate::cli::args::command;
use crate::cli::args::{Command, parse};
pub use crate::cli::end::Exit;
use std::ffi::OsString;
use std::io::{Write, stdin};

/// Runs the program.
pub fn run(
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Exit {
    let (asked, typed) = match parse(args) {
        Ok(parsed) => parsed,
        Err(error) => return end::usage(&error, stdout, stderr),
    };
    let ended = match asked {
        Command::Clean(args) => clean::run(args.parted(), typed, stdout, stderr),
        Command::Audit(args) => clean::run(args.parted(), typed, stdout, stderr),
        Command::Check(args) => check::run(*args, stdout, stderr),
        Command::Suppress(args) => suppress::run(*args, stdout, stderr),
        Command::Explain(args) => compare::explain(&args, stdout),
        Command::Compare(args) => compare::run(&args, stdout),
        Command::Inspect(args) => inspect::run(*args, stdout),
        Command::Init(args) => init::run(args, stdout),
        Command::Validate(args) => validate::run(*args, stdin(), stdout),
        Command::Data(args) => data::run(&args, stdout),
        Command::Rules(args) => tables::rules(&args, stdout),
        Command::Formats(args) => tables::formats(&args, stdout),
        Command::Reasons(args) => tables::reasons(&args, stdout),
        Command::Generate { job } => generate::run(&job, command(), stdout),
    };
    ended.unwrap_or_else(|end| end.exit(clock::interrupted(), stderr))
}
