//! `compare`: what changed between two runs.

use crate::cli::args::Compare;
use crate::cli::{End, Exit};
use crate::pipeline;
use crate::pipeline::jobs::compare::Comparison;
use crate::plan;
use crate::record::Failure;
use crate::report;
use std::io::Write;

/// Compares two run directories.
pub(super) fn run(args: &Compare, stdout: &mut dyn Write) -> Result<Exit, End> {
    let memory = plan::memory(args.memory.as_deref())?;
    if let Some(out) = args.out.as_ref().filter(|out| out.exists() && !args.replace) {
        return Err(Failure::usage("the file exists already")
            .at(out.display().to_string())
            .hint("give another --out, or --replace")
            .into());
    }
    let wanted = Comparison { old: &args.old, new: &args.new, out: args.out.as_deref(), memory };
    let changes = pipeline::compare(&wanted)?;
    if args.json {
        let text = serde_json::to_string_pretty(&changes)
            .map_err(|e| Failure::run(format!("cannot write JSON: {e}")))?;
        writeln!(stdout, "{text}")?;
    } else {
        stdout.write_all(report::compared(&changes).as_bytes())?;
    }
    stdout.flush()?;
    Ok(Exit::Done)
}
