//! Arguments in, streams out, an exit code at the end. Knows no rule.
//!
//! Results go to stdout, everything else to stderr; a reader that has gone away is no failure.

pub(crate) mod about;
mod args;
mod check;
mod clock;
mod compare;
mod data;
mod explain;
mod generate;
mod init;
mod lists;
mod progress;
mod suppress;
mod tables;
mod validate;

use crate::cli::args::{Cli, Command, Inspect, Machine};
use crate::pipeline;
use crate::plan::{Options, Plan};
use crate::record::{Failure, FailureKind};
use crate::report::Audit;
use clap::{CommandFactory, Parser};
use std::ffi::OsString;
use std::io;
use std::io::Write;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Could not, or would not: nothing was published.
    Failed = 1,
    /// Usage, profile, or a question to answer.
    Usage = 2,
    /// Done completely, and a gate found something.
    Found = 3,
    /// Interrupted; nothing was published.
    Interrupted = 130,
}

/// Runs the program.
pub fn run(
    args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Exit {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, stdout, stderr),
    };
    let ended = match cli.command {
        Command::Clean(args) => clean(&args.options(), &args.run.machine, stdout, stderr),
        Command::Audit(args) => clean(&args.options(), &args.run.machine, stdout, stderr),
        Command::Explain(args) => explain::run(&args, stdout),
        Command::Check(args) => check::run(&args, stdout, stderr),
        Command::Suppress(args) => suppress::run(&args, stdout, stderr),
        Command::Compare(args) => compare::run(&args, stdout),
        Command::Inspect(args) => inspect(&args, stdout, stderr),
        Command::Init(args) => init::run(&args, stdout),
        Command::Generate { job } => generate::run(&job, stdout),
        Command::Validate(args) => validate::run(&args, io::stdin(), stdout),
        Command::Data(args) => data::run(&args.job, stdout),
        Command::Rules(args) => tables::rules(args.id.as_deref(), stdout),
        Command::Formats(args) => tables::formats_table(args.id.as_deref(), stdout),
        Command::Reasons(args) => tables::reasons(args.id.as_deref(), stdout),
    };
    match ended {
        Ok(exit) => exit,
        Err(End::Closed) => Exit::Done,
        Err(End::Failed(_)) if clock::interrupted() => {
            let _ = writeln!(stderr, "interrupted; nothing was published");
            Exit::Interrupted
        }
        Err(End::Failed(failure)) => {
            let _ = writeln!(stderr, "error: {failure}");
            match failure.kind {
                FailureKind::Run => Exit::Failed,
                FailureKind::Usage => Exit::Usage,
            }
        }
    }
}

/// The command line as it is declared: for the reference page and whatever else is made from it.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Why a command stopped early.
enum End {
    /// Whoever read our output has gone: no failure.
    Closed,
    /// Anything else.
    Failed(Failure),
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::Closed
        } else {
            Self::Failed(Failure::io("write the result", "stdout", &error))
        }
    }
}

fn usage(error: &clap::Error, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Exit {
    let text = error.render();
    if error.use_stderr() {
        let _ = write!(stderr, "{text}");
        Exit::Usage
    } else {
        let _ = write!(stdout, "{text}");
        Exit::Done
    }
}

/// Runs a plan, with lists or as an audit only.
fn clean(
    options: &Options,
    machine: &Machine,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Result<Exit, End> {
    let plan = Plan::new(options, clock::today(), clock::cores())?;
    clock::catch_signals();
    let progress = progress::Bars::new(machine);
    let audit = pipeline::clean(&plan, &progress)?;
    progress.clear();
    let found = pipeline::gates_hit(&plan, &audit);
    match tell(machine, &plan, &audit, stdout).map_err(End::from) {
        Ok(()) | Err(End::Closed) => {}
        // The run directory is published: what is lost here can be read there.
        Err(End::Failed(failure)) if machine.json => {
            return Err(failure.hint("the run directory is complete; report.json holds the same").into());
        }
        Err(End::Failed(failure)) => {
            let _ = writeln!(stderr, "warning: {failure}; the run directory is complete");
        }
    }
    for gate in &found {
        let _ = writeln!(stderr, "gate: {gate}");
    }
    Ok(if found.is_empty() { Exit::Done } else { Exit::Found })
}

/// Prints the result of a run.
fn tell(machine: &Machine, plan: &Plan, audit: &Audit, stdout: &mut dyn Write) -> io::Result<()> {
    if machine.json {
        stdout.write_all(audit.json().as_bytes())?;
    } else if !machine.quiet {
        stdout.write_all(crate::report::summary(audit).as_bytes())?;
    }
    if plan.written && !machine.json && !machine.quiet {
        writeln!(stdout, "\nRead {}", plan.out.join("report.html").display())?;
    }
    stdout.flush()
}

fn inspect(args: &Inspect, stdout: &mut dyn Write, _stderr: &mut dyn Write) -> Result<Exit, End> {
    let plan = Plan::new(&args.options(), clock::today(), clock::cores())?;
    let looks = pipeline::inspect(&plan)?;
    tables::looks(&looks, args.machine.json, stdout)?;
    Ok(if looks.iter().any(|l| l.question.is_some()) { Exit::Usage } else { Exit::Done })
}
