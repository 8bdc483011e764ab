//! `check`: a Unix filter. Allowed rows are all that stdout gets; the summary goes to stderr, unless the rows go to
//! a file.

use crate::cli::args::Check;
use crate::cli::{End, Exit, clock, progress};
use crate::pipeline;
use crate::pipeline::Screened;
use crate::plan::CheckPlan;
use crate::record::Failure;
use crate::report::noun;
use std::io;
use std::io::Write;

/// Checks a list.
pub(super) fn run(args: &Check, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<Exit, End> {
    let plan = CheckPlan::new(&args.options(), clock::today(), clock::cores())?;
    clock::catch_signals();
    let bars = progress::Bars::new(&args.machine);
    let screened = pipeline::check(&plan, stdout, &bars)?;
    bars.clear();
    if screened.closed {
        return Ok(Exit::Done);
    }
    let _ = warn(&screened, stderr);
    let told = if args.machine.json {
        let text = serde_json::to_string_pretty(&screened)
            .map_err(|e| Failure::run(format!("cannot write JSON: {e}")))?;
        let to: &mut dyn Write = if args.out.is_some() { stdout } else { stderr };
        writeln!(to, "{text}")
    } else if args.machine.quiet {
        Ok(())
    } else {
        summary(&screened, stderr)
    };
    // The rows have left: only a result that was asked for on stdout can still be lost.
    if args.machine.json && args.out.is_some() {
        told?;
    }
    Ok(if args.strict && screened.blocked > 0 { Exit::Found } else { Exit::Done })
}

/// Warnings are heard under `--quiet` too: a list that never matches is the quietest mistake there is.
fn warn(screened: &Screened, out: &mut dyn Write) -> io::Result<()> {
    screened.warnings.iter().try_for_each(|warning| writeln!(out, "warning: {warning}"))
}

fn summary(screened: &Screened, out: &mut dyn Write) -> io::Result<()> {
    let Screened { list, rows, allowed, blocked, channel, send_date, .. } = screened;
    writeln!(
        out,
        "{list} for {channel} on {send_date}: {rows} {}, {allowed} allowed, {blocked} blocked",
        noun(*rows, "rows")
    )?;
    for (reason, count) in &screened.reasons {
        writeln!(out, "  {count:>9}  {reason}")?;
    }
    for list in &screened.against {
        let dated = list.dated.as_deref().map_or(String::new(), |day| format!(" of {day}"));
        let (entries, rows) = (noun(list.entries, "entries"), noun(list.hits, "rows"));
        writeln!(out, "against {}{dated}: {} {entries}, {} {rows} hit", list.name, list.entries, list.hits)?;
    }
    Ok(())
}
