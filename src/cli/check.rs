//! `check`: a Unix filter. Allowed rows are all that stdout gets; the summary goes to stderr, unless the rows go to
//! a file.

use crate::cli::end::{End, Exit, json};
use crate::cli::groups::{ListArgs, PrintArgs, ReadArgs};
use crate::cli::progress::ProgressBars;
use crate::cli::values;
use crate::pipeline::{self, Screened};
use crate::plan::{CheckPlan, CheckSettings, DatedFile};
use crate::record::Channel;
use crate::report::noun;
use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};
use std::io::{self, Write};
use std::path::PathBuf;

/// What `check` takes.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// List to check; `-` for the standard input
    #[arg(value_name = "LIST")]
    list: PathBuf,
    /// Channel the list is for
    #[arg(long, value_name = "CHANNEL", value_parser = values::channel())]
    channel: Channel,
    /// What forbids: suppression files of any layout, indexes, run directories of clean; a date says of which day a
    /// file is
    #[arg(long, value_name = "FILE[@DATE]", num_args = 1.., value_parser = PathBufValueParser::new().try_map(DatedFile::new))]
    against: Vec<DatedFile>,
    /// File for blocked rows: line, reason, list, line of the entry, what matched, then the row's own cells
    #[arg(long, value_name = "FILE")]
    blocked: Option<PathBuf>,
    /// File for allowed rows instead of stdout; it appears whole or not at all
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file of allowed rows where it is there already
    #[arg(long, requires = "out")]
    replace: bool,
    /// End with exit code 3 when anything was blocked
    #[arg(long)]
    strict: bool,
    /// Refuse to check against a list that is older than this, or of which nothing tells the day
    #[arg(long, value_name = "DAYS")]
    max_age: Option<u32>,
    /// Whether those pass whom nothing clears: no usable address or number, never seen by the run, ground over; a row
    /// that cannot be read never passes [default: block]
    #[arg(long, value_name = "WHAT", value_parser = values::unknown())]
    unknown: Option<bool>,
    #[command(flatten)]
    read: ReadArgs,
    /// Look for the address too that a sure slip of a mail domain (gamil.com) stands for
    #[arg(long)]
    fix_typos: bool,
    #[command(flatten)]
    lists: ListArgs,
    #[command(flatten)]
    print: PrintArgs,
}

/// Checks a list.
pub(super) fn run(args: CheckArgs, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<Exit, End> {
    let (strict, to_file) = (args.strict, args.out.is_some());
    let print = args.print;
    let read = args.read.options(vec![args.list], args.lists.options(args.fix_typos));
    let CheckArgs { channel, blocked, out, replace, max_age, unknown, against, .. } = args;
    let allow_unknown = unknown.unwrap_or(false);
    let settings = CheckSettings { channel, blocked, out, replace, max_age, allow_unknown };
    let plan = CheckPlan::new(read, &against, settings)?;
    let screened = ProgressBars::over(&print, |bars| pipeline::check(&plan, stdout, bars))?;
    if screened.closed {
        return Ok(Exit::Done);
    }
    // Warnings are heard under `--quiet` too: a list that never matches is the quietest mistake there is.
    for warning in &screened.warnings {
        let _ = writeln!(stderr, "warning: {warning}");
    }
    let told = if print.json {
        let text = json(&screened)?;
        let to: &mut dyn Write = if to_file { stdout } else { stderr };
        writeln!(to, "{text}")
    } else if print.quiet {
        Ok(())
    } else {
        summary(&screened, stderr)
    };
    // The rows have left: only a result that was asked for on stdout can still be lost.
    if print.json && to_file {
        told?;
    }
    Ok(if strict && screened.blocked > 0 { Exit::Found } else { Exit::Done })
}

fn summary(screened: &Screened, out: &mut dyn Write) -> io::Result<()> {
    let Screened { list, rows, allowed, blocked, channel, send_date, .. } = screened;
    let of = noun(*rows, "rows");
    writeln!(out, "{list} for {channel} on {send_date}: {rows} {of}, {allowed} allowed, {blocked} blocked")?;
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
