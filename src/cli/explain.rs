//! `explain`: the story of one person, from the run directory alone.

use crate::cli::end::{End, Exit};
use crate::pipeline;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

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
pub(super) fn run(args: &ExplainArgs, stdout: &mut dyn Write) -> Result<Exit, End> {
    let story = pipeline::story(&args.dir, &args.value)?;
    let text = if args.json { story.json() } else { story.text() };
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Done)
}
