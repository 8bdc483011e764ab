//! `suppress`: the file is written, stdout says what is in it.

use crate::cli::end::{End, Exit, json};
use crate::cli::groups::{ListArgs, PrintArgs, ReadArgs};
use crate::cli::progress::ProgressBars;
use crate::cli::values;
use crate::data::imports::Import;
use crate::pipeline::{self, Collected};
use crate::plan::{SuppressPlan, SuppressSettings};
use crate::record::EventKind;
use crate::report::noun;
use crate::suppress::Algorithm;
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;

/// What `suppress` takes.
#[derive(Debug, Args)]
pub(super) struct SuppressArgs {
    /// Exports of people who refused, suppression files, lists that say who refused; `-` for the standard input
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// File to write; it appears whole or not at all. A name that ends in .idx makes an index, which check opens at once
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Keep what the file holds already
    #[arg(long, conflicts_with = "replace")]
    merge: bool,
    /// Drop what the file holds already
    #[arg(long)]
    replace: bool,
    /// Write digests for a partner: of the lower-cased address, of the number in E.164
    #[arg(long, value_name = "HASH", value_parser = values::hash())]
    hash: Option<Algorithm>,
    /// Write domains only
    #[arg(long)]
    domains: bool,
    /// Write this reason only
    #[arg(long, value_name = "REASON", value_parser = values::event())]
    only: Vec<EventKind>,
    /// Write the file that a tool imports
    #[arg(long = "for", value_name = "TOOL", value_parser = values::tool())]
    tool: Option<&'static Import>,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    lists: ListArgs,
    #[command(flatten)]
    print: PrintArgs,
}

/// Makes a suppression file.
pub(super) fn run(args: SuppressArgs, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<Exit, End> {
    let print = args.print;
    let read = args.read.options(args.sources, args.lists.options(false));
    let SuppressArgs { out, merge, replace, hash, domains, only, tool, .. } = args;
    let settings = SuppressSettings { out, merge, replace, hash, domains, only, tool };
    let plan = SuppressPlan::new(read, settings)?;
    let collected = ProgressBars::over(&print, |bars| pipeline::suppress(&plan, bars))?;
    for warning in &collected.warnings {
        let _ = writeln!(stderr, "warning: {warning}");
    }
    if print.json {
        writeln!(stdout, "{}", json(&collected)?)?;
    } else if !print.quiet {
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
    for (day, lines) in &collected.kept {
        let of = if day.is_empty() { "an unknown day".to_owned() } else { day.clone() };
        writeln!(out, "kept {lines} {} of {of}", noun(*lines, "lines"))?;
    }
    for (name, rows, _) in &collected.sources {
        writeln!(out, "from {name}: {rows} {}", noun(*rows, "rows"))?;
    }
    if let Some(tool) = plan.settings.tool {
        writeln!(out, "for {}: {} ({}, {})", tool.tool, tool.r#where, tool.confidence, tool.as_of)?;
    }
    Ok(())
}
