//! The program on one page: understand the sources, read and check every row, link rows to contacts, let
//! every event find the contacts it concerns, decide, write, publish.
//!
//! Two passes over the sources, front to back. What the first finds out waits in temporary files beside the
//! run directory: private, without a name, gone with the process. Knows no argument and no stream.

mod account;
mod check;
mod contact;
pub(crate) mod jobs;
pub(crate) mod join;
pub(crate) mod kit;
pub(crate) mod understand;
mod write;

use crate::data::names::Names;
use crate::link::{Linked, Linking, link};
use crate::output::{RunDirWriter, Written};
pub use crate::pipeline::account::audit::gates_hit;
use crate::pipeline::account::{audit, file_findings, manifest};
use crate::pipeline::check::first_pass::{FirstPassInput, Pass};
use crate::pipeline::check::row::CheckContext;
use crate::pipeline::check::{dns, first_pass};
use crate::pipeline::contact::context::Writing;
pub use crate::pipeline::jobs::check::{ListCount, Screened, check};
pub use crate::pipeline::jobs::compare::{Comparison, compare};
pub use crate::pipeline::jobs::explain::{PointDecision, Story, TimelineEvent, story};
pub use crate::pipeline::jobs::inspect::{InspectedSource, inspect};
pub use crate::pipeline::jobs::suppress::{Collected, suppress};
use crate::pipeline::join::previous_run::PreviousRun;
use crate::pipeline::join::share::SharedFacts;
use crate::pipeline::join::{bulk_consents, companion_rows, previous_run, share};
use crate::pipeline::kit::run::{Law, Progress, Scratch, random_key, start, threads};
use crate::pipeline::kit::tally::Tally;
use crate::pipeline::understand::points::PointTables;
use crate::pipeline::understand::{output_columns, sources};
use crate::pipeline::write::files::Files;
use crate::pipeline::write::out::ContactFile;
use crate::pipeline::write::{contact_line, event_rows, second_pass};
use crate::plan::CleanPlan;
use crate::record::{Failure, Keyed};
use crate::report::{self, Audit};
use crate::spill::{Budget, RowSpill};

/// Cleans the sources of a plan into its run directory, which appears whole or not at all.
pub fn clean(plan: &CleanPlan, progress: &dyn Progress) -> Result<Audit, Failure> {
    let previous = plan.previous.as_deref().map(previous_run::open).transpose()?;
    let dir = RunDirWriter::create(&plan.write.out, plan.write.replace)?;
    let budget = Budget::new(plan.read.memory);
    let scratch = Scratch { dir: dir.scratch(), budget: &budget };
    let mut sources = sources::understand(&plan.read, dir.scratch())?;
    let layout = sources::lay_out(&mut sources, plan.law.channels);
    let split = output_columns::By::of(plan, &layout)?;
    if let Some(run) = &previous {
        previous_run::verify(run, plan, &sources)?;
    }
    let law = Law::of(plan)?;
    let tables = PointTables::of(&plan.read.judging)?;
    let keyed = Keyed::new(&random_key());
    let mut tally = Tally::new(sources.len());

    progress.stage("reading", 0);
    let shared = CheckContext::new(&plan.read, &sources, &tables, &keyed);
    let mut rejected = start(&dir, plan, "rejected.csv", contact_line::REJECTED)?;
    let reading = FirstPassInput { sources: &sources, shared, threads: plan.read.threads, scratch, progress };
    let mut pass = first_pass::read(&reading, plan.read.key.as_deref(), &mut tally, &mut rejected)?;
    let dns = dns::look_up(&plan.read, &mut pass, scratch, progress)?;

    progress.stage("linking", 0);
    let pool = threads(&plan.read)?;
    pass.crowds =
        pool.install(|| bulk_consents::count(&pass.noted, &plan.law.profile, &tally.sources, pass.rows))?;
    let (linked, facts) = pool.install(|| connect(&pass, scratch))?;
    let earlier = pool.install(|| {
        previous.map(|run| PreviousRun::read(run, &reading, (&pass, &linked), scratch)).transpose()
    })?;
    let beside = companion_rows::gather(&sources, &pass, &linked, plan.read.threads, scratch)?;

    progress.stage("writing", u64::from(pass.rows));
    let writing = Writing {
        plan,
        split,
        sources: &sources,
        layout: &layout,
        pass: &pass,
        linked: &linked,
        facts: &facts,
        beside: &beside,
        law: &law,
        keyed: &keyed,
        mail: &tables.email,
        earlier: earlier.as_ref(),
        dns: dns.as_ref(),
        progress,
    };
    let mut files = Files::create(&dir, plan, &layout)?;
    let mut events = start(&dir, plan, "events.csv", contact_line::EVENTS)?;
    let to_events = RowSpill::new(scratch.dir, scratch.budget, pass.rows);
    second_pass::write(&writing, &to_events, &mut files, &mut tally)?;
    event_rows::write(&writing, &to_events.finish(), &mut events, &mut files, &mut tally)?;
    file_findings::write(&writing, &mut files.of_contacts[ContactFile::Findings as usize], &mut tally)?;

    let mut audit = audit::audit(&writing, &tables, &tally)?;
    let mut written = files.finish()?;
    written.extend([rejected.finish()?, events.finish()?]);
    if let Some(earlier) = &earlier {
        audit.previous =
            Some(jobs::compare::since(earlier, &dir, (plan, &audit, &tally), &mut written, scratch)?);
        audit.gloss();
    }
    if plan.write.audit {
        forget_contacts(&dir, &mut written)?;
    }
    // An audit that nobody asked to be written leaves nothing behind.
    if plan.write.written {
        publish(dir, &writing, &audit, written)?;
    }
    Ok(audit)
}

/// An audit keeps no contacts: what was needed to compare them goes again.
fn forget_contacts(dir: &RunDirWriter, written: &mut Vec<Written>) -> Result<(), Failure> {
    for name in second_pass::NOT_OF_AN_AUDIT {
        written.retain(|file| file.name != *name);
        dir.forget(name)?;
    }
    Ok(())
}

/// Finds out which rows are one person, and brings every event to the contacts it concerns.
fn connect(pass: &Pass, scratch: Scratch<'_>) -> Result<(Linked, SharedFacts), Failure> {
    let guard = Names::builtin().guard();
    let linking = Linking { rows: pass.rows, guard, dir: scratch.dir, budget: scratch.budget };
    let linked = link(&pass.postings, &linking)?;
    let facts = share::share(pass, &linked, scratch)?;
    Ok((linked, facts))
}

/// Writes report and manifest and names the run directory; a changed source or unbalanced result publishes nothing.
fn publish(
    dir: RunDirWriter,
    writing: &Writing<'_>,
    audit: &Audit,
    mut written: Vec<Written>,
) -> Result<(), Failure> {
    for (name, text) in [("report.json", audit.json()), ("report.html", report::html(audit))] {
        let mut file = dir.file(name)?;
        file.write(text.as_bytes())?;
        written.push(file.finish()?);
    }
    for source in writing.sources {
        source.input.unchanged()?;
    }
    dir.publish(&manifest::manifest(writing, audit, &written))
}
