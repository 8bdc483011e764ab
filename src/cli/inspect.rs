//! `inspect`: what each file is, as people read it.

use crate::cli::end::{End, Exit, json};
use crate::cli::groups::{AboutFilesArgs, JudgingArgs, MachineArgs, PrintArgs};
use crate::data::Country;
use crate::pipeline::{self, InspectedSource};
use crate::plan::{ReadOptions, ReadPlan, country};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// What `inspect` takes.
#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// Files to look at
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    #[command(flatten)]
    about: AboutFilesArgs,
    /// Country of numbers whose rows tell none
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    country: Option<Country>,
    #[command(flatten)]
    judging: JudgingArgs,
    #[command(flatten)]
    machine: MachineArgs,
    #[command(flatten)]
    print: PrintArgs,
}

/// Prints what each file is; an open question is exit code 2.
pub(super) fn run(args: InspectArgs, stdout: &mut dyn Write) -> Result<Exit, End> {
    let options = args.machine.options(args.about.options(args.sources));
    let options = ReadOptions { country: args.country, judging: args.judging.options(), ..options };
    let plan = ReadPlan::new(options)?;
    let looks = pipeline::inspect(&plan)?;
    if args.print.json {
        writeln!(stdout, "{}", json(&looks)?)?;
    } else {
        for (at, look) in looks.iter().enumerate() {
            if at > 0 {
                writeln!(stdout)?;
            }
            one(look, stdout)?;
        }
    }
    Ok(if looks.iter().any(|look| look.question.is_some()) { Exit::Usage } else { Exit::Done })
}

fn one(look: &InspectedSource, out: &mut dyn Write) -> Result<(), End> {
    writeln!(out, "{}", look.source)?;
    if let Some(facts) = &look.facts {
        let format = facts.format.as_deref().unwrap_or("any CSV");
        writeln!(out, "  is          {} ({format}): {}", facts.kind.word(), facts.why)?;
        if let Some(confidence) = &facts.confidence {
            writeln!(out, "  known from  {confidence}")?;
        }
        writeln!(out, "  encoding    {}", facts.encoding)?;
        let dialect = &facts.dialect;
        let (delimiter, quote, line_end) = (&dialect.delimiter, &dialect.quote, &dialect.line_end);
        writeln!(out, "  dialect     {delimiter} between cells, {quote} around, {line_end}")?;
        let header = facts.header_line.map_or_else(|| "none".to_owned(), |line| format!("line {line}"));
        writeln!(out, "  header      {header}")?;
        let InspectedSource { rows, rejected, blank_lines, .. } = look;
        writeln!(out, "  rows        {rows} ({rejected} cannot be used, {blank_lines} blank lines)")?;
        for (name, share) in &facts.quality {
            let percent = share.good as f64 * 100.0 / share.of.max(1) as f64;
            writeln!(out, "  {name:<15} {} of {} ({percent:.1} %)", share.good, share.of)?;
        }
        let width = facts.columns.iter().map(|c| c.column.chars().count()).max().unwrap_or(0).min(40);
        for column in &facts.columns {
            let field = column.field.as_deref().unwrap_or("(carried along)");
            writeln!(out, "  column      {:<width$}  {field}", column.column)?;
        }
        for note in &facts.notes {
            writeln!(out, "  note        {note}")?;
        }
        if facts.leaves_out_refusals {
            writeln!(out, "  beware      this export does not mark people who opted out")?;
        }
    }
    if let Some(question) = &look.question {
        writeln!(out, "  question    {}", question.replace('\n', "\n              "))?;
    }
    Ok(())
}
