//! `suppress`: the file is written, stdout tells what is in it.

use crate::cli::args::Suppress;
use crate::cli::{End, Exit, clock, progress};
use crate::pipeline::jobs::suppress;
use crate::pipeline::jobs::suppress::Collected;
use crate::plan::SuppressPlan;
use crate::record::Failure;
use crate::report::noun;
use std::io;
use std::io::Write;

/// Makes a suppression file.
pub(super) fn run(args: &Suppress, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<Exit, End> {
    let plan = SuppressPlan::new(&args.options(), clock::today(), clock::cores())?;
    clock::catch_signals();
    let bars = progress::Bars::new(&args.machine);
    let collected = suppress::suppress(&plan, &bars)?;
    bars.clear();
    for warning in &collected.warnings {
        let _ = writeln!(stderr, "warning: {warning}");
    }
    if args.machine.json {
        let text = serde_json::to_string_pretty(&collected)
            .map_err(|e| Failure::run(format!("cannot write JSON: {e}")))?;
        writeln!(stdout, "{text}")?;
    } else if !args.machine.quiet {
        summary(&plan, &collected, stdout)?;
    }
    stdout.flush()?;
    Ok(Exit::Done)
}

fn summary(plan: &SuppressPlan, collected: &Collected, out: &mut dyn Write) -> io::Result<()> {
    let Collected { file, points, lines, .. } = collected;
    if plan.index {
        writeln!(out, "{file}: {points} {}", noun(*points, "entries"))?;
    } else {
        writeln!(out, "{file}: {points} {} in {lines} {}", noun(*points, "points"), noun(*lines, "lines"))?;
    }
    for (reason, count) in &collected.reasons {
        writeln!(out, "  {count:>9}  {reason}")?;
    }
    for (name, rows, _) in &collected.sources {
        writeln!(out, "from {name}: {rows} {}", noun(*rows, "rows"))?;
    }
    if let Some(tool) = plan.tool {
        writeln!(out, "for {}: {} ({}, {})", tool.tool, tool.r#where, tool.confidence, tool.as_of)?;
    }
    Ok(())
}
