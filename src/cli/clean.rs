//! `clean`: lists, suppression file and report are written; stdout says what is in them. `audit`: the same without
//! lists; without `--out` nothing stays but what is printed.

use crate::cli::end::{End, Exit};
use crate::cli::groups::{DnsArgs, JudgingArgs, PrintArgs, ReadArgs};
use crate::cli::progress::ProgressBars;
use crate::cli::values;
use crate::data::Country;
use crate::data::jurisdiction::Audience;
use crate::pipeline;
use crate::plan::{
    Assertion, CleanOptions, CleanPlan, FailOn, ListStandard, Profile, WritePlan, channels, country,
};
use crate::record::Channels;
use crate::report::{self, Audit};
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;

/// What `clean` takes.
#[derive(Debug, Args)]
pub(super) struct CleanArgs {
    /// Directory to write; it appears whole or not at all
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Also write decisions.csv: evidence and events of every decision
    #[arg(long)]
    proof: bool,
    /// Who goes into the lists: `reachable` leaves permission out of it [default: contactable]
    #[arg(long, value_name = "WHO", value_parser = values::lists())]
    lists: Option<ListStandard>,
    /// Let the lists carry the sources' other columns too
    #[arg(long)]
    lists_full: bool,
    /// Also cut every list by a column: country, jurisdiction, basis, or one of your own (email.gb.csv)
    #[arg(long, value_name = "COLUMN")]
    split_by: Option<String>,
    #[command(flatten)]
    run: RunArgs,
}

/// What `audit` takes.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// Directory to write; without it the result is only told
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    run: RunArgs,
}

/// What a run reads, and for whom and when it decides.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Exports to read: contact lists, unsubscribes, bounces, suppression files; `-` for the standard input
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// Put the new run in the place of an earlier one
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    read: ReadArgs,
    /// Your own country: its law is added to the recipient's
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    sender_country: Option<Country>,
    /// What the messages are for; a consent for one purpose is none for another [default: marketing]
    #[arg(long, value_name = "WORD")]
    purpose: Option<String>,
    /// Who answers for the data and sends, for the report
    #[arg(long, value_name = "NAME")]
    controller: Option<String>,
    /// Who makes this run and states its overrides, for the report
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,
    /// Channels to decide, of email, sms, call, post, messaging, auto-call [default: email,sms,call,post]
    #[arg(long, value_name = "LIST", value_parser = channels)]
    channels: Option<Channels>,
    /// Whom the messages are for, where a row does not say [default: b2c]
    #[arg(long, value_name = "WHOM", value_parser = values::audience())]
    audience: Option<Audience>,
    /// Suppression file, besides those among the sources
    #[arg(long, value_name = "FILE")]
    suppress: Vec<PathBuf>,
    /// Consent-event file (CSV), besides those among the sources
    #[arg(long, value_name = "FILE")]
    events: Vec<PathBuf>,
    /// State a ground yourself for all rows of a source; it lifts no refusal and is printed in the report
    #[arg(long, value_name = "SOURCE:CHANNEL:BASIS@DATE=TEXT")]
    assert_basis: Vec<Assertion>,
    /// Put an apostrophe before cells that a spreadsheet would run as a formula
    #[arg(long)]
    spreadsheet_safe: bool,
    /// Run directory of an earlier run: what it refuses stays refused, contacts keep their ids, and what changed is told
    #[arg(long, value_name = "DIR")]
    previous: Option<PathBuf>,
    /// End with exit code 3 when a reason is found more often than this; `contactable-drop=5%` when so many fewer of a
    /// channel are contactable than in the earlier run
    #[arg(long, value_name = "REASON=N|N%")]
    fail_on: Vec<FailOn>,
    /// Settings of your team
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    #[command(flatten)]
    judging: JudgingArgs,
    #[command(flatten)]
    dns: DnsArgs,
    #[command(flatten)]
    print: PrintArgs,
}

impl CleanArgs {
    /// What is written, and what of.
    pub(super) fn parted(self) -> (WritePlan, RunArgs) {
        let Self { out, lists, lists_full, split_by, proof, run } = self;
        let (written, lists) = (true, lists.unwrap_or_default());
        (WritePlan { out, written, lists, lists_full, split_by, proof, ..WritePlan::default() }, run)
    }
}

impl AuditArgs {
    /// What is written, and what of.
    pub(super) fn parted(self) -> (WritePlan, RunArgs) {
        let temporary = || std::env::temp_dir().join(format!("contactable-audit-{}", std::process::id()));
        let (written, out) = (self.out.is_some(), self.out.unwrap_or_else(temporary));
        (WritePlan { out, written, proof: true, audit: true, ..WritePlan::default() }, self.run)
    }
}

/// Cleans into a run directory, or audits; prints the result, and the gates it hit. `typed`: the options as recorded.
pub(super) fn run(
    (write, args): (WritePlan, RunArgs),
    typed: Vec<String>,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Result<Exit, End> {
    let (options, print) = args.options(write, typed);
    let plan = CleanPlan::new(options)?;
    let audit = ProgressBars::over(&print, |bars| pipeline::clean(&plan, bars))?;
    match tell(&print, &plan, &audit, stdout).map_err(End::from) {
        Ok(()) | Err(End::Closed) => {}
        // The run directory is published: what is lost here can be read there.
        Err(End::Failed(failure)) if print.json => {
            return Err(failure.hint("the run directory is complete; report.json holds the same").into());
        }
        Err(End::Failed(failure)) => {
            let _ = writeln!(stderr, "warning: {failure}; the run directory is complete");
        }
    }
    let found = pipeline::gates_hit(&plan, &audit);
    for gate in &found {
        let _ = writeln!(stderr, "gate: {gate}");
    }
    Ok(if found.is_empty() { Exit::Done } else { Exit::Found })
}

impl RunArgs {
    fn options(self, write: WritePlan, typed: Vec<String>) -> (CleanOptions, PrintArgs) {
        let write = WritePlan { replace: self.replace, spreadsheet_safe: self.spreadsheet_safe, ..write };
        let mut read = self.read.options(self.sources, self.dns.options(self.judging));
        read.sources.suppress = self.suppress;
        read.sources.events = self.events;
        read.sources.previous = self.previous;
        let Self { sender_country, purpose, controller, operator, channels, audience, .. } = self;
        let none = Profile::default();
        let says = Profile { sender_country, purpose, controller, operator, channels, audience, ..none };
        let Self { assert_basis: assertions, fail_on, profile, print, .. } = self;
        (CleanOptions { read, says, assertions, write, fail_on, profile, typed }, print)
    }
}

/// Prints the result of a run.
fn tell(print: &PrintArgs, plan: &CleanPlan, audit: &Audit, stdout: &mut dyn Write) -> io::Result<()> {
    if print.json {
        stdout.write_all(audit.json().as_bytes())?;
    } else if !print.quiet {
        stdout.write_all(report::summary(audit).as_bytes())?;
        if plan.write.written {
            writeln!(stdout, "\nRead {}", plan.write.out.join("report.html").display())?;
        }
    }
    stdout.flush()
}
