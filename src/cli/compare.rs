//! `compare` and `explain`: what changed between two runs, and the story of one person in one; both read run
//! directories only.

use crate::cli::end::{End, Exit, json};
use crate::pipeline::{self, Comparison};
use crate::plan::{MEMORY, memory};
use crate::record::Failure;
use crate::report;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// What `compare` takes.
#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// Run directory of the earlier run
    #[arg(value_name = "OLD_DIR")]
    old: PathBuf,
    /// Run directory of the later run
    #[arg(value_name = "NEW_DIR")]
    new: PathBuf,
    /// File for what changed, one line per contact and channel; it appears whole or not at all
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Put the new file in the place of an earlier one
    #[arg(long, requires = "out")]
    replace: bool,
    /// RAM for temporary data; beyond it goes to disk [default: 256M]
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    memory: Option<usize>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// What `explain` takes.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// Directory that `clean` or `audit` wrote
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// E-mail address, telephone number or contact id
    #[arg(value_name = "VALUE")]
    value: String,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// Tells the story of one person; somebody who is not in the run is told as such, and is no failure.
pub(super) fn explain(args: &ExplainArgs, stdout: &mut dyn Write) -> Result<Exit, End> {
    let story = pipeline::story(&args.dir, &args.value)?;
    let text = if args.json { story.json() } else { story.text() };
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Done)
}

/// Compares two run directories.
pub(super) fn run(args: &CompareArgs, stdout: &mut dyn Write) -> Result<Exit, End> {
    if let Some(out) = args.out.as_ref().filter(|out| out.exists() && !args.replace) {
        return Err(Failure::usage("the file exists already")
            .at(out.display().to_string())
            .hint("give another --out, or --replace")
            .into());
    }
    let wanted = Comparison {
        old: &args.old,
        new: &args.new,
        out: args.out.as_deref(),
        memory: args.memory.unwrap_or(MEMORY),
    };
    let changes = pipeline::compare(&wanted)?;
    if args.json {
        writeln!(stdout, "{}", json(&changes)?)?;
    } else {
        stdout.write_all(report::compared(&changes).as_bytes())?;
    }
    stdout.flush()?;
    Ok(Exit::Done)
}
