//! The program on one page: understand the sources, read and check every row, link rows to contacts, let
//! every event find the contacts it concerns, decide, write, publish.
//!
//! Two passes over the sources, front to back. What the first finds out waits in temporary files beside the
//! run directory: private, without a name, gone with the process. Knows no argument and no stream.

mod account;
mod advice;
mod ahead;
mod audit;
mod byrow;
mod check;
mod columns;
mod compare;
mod contact;
mod crowd;
mod dating;
mod decisions;
mod detail;
mod domains;
mod earlier;
mod finished;
mod frequency;
mod gather;
mod ids;
mod inspect;
mod late;
mod layout;
mod lines;
mod listing;
mod lists;
mod manifest;
mod optouts;
mod ordered;
mod outside;
mod person;
mod points;
mod postal;
mod prefer;
mod read;
mod repermission;
mod residence;
mod screen;
mod sections;
mod share;
mod sheet;
mod sources;
mod split;
mod story;
mod suppressed;
mod tally;
mod whole;
mod write;

pub use audit::gates_hit;
pub use compare::{Comparison, compare};
pub use inspect::{Look, inspect};
pub use listing::{Collected, suppress};
pub use screen::{ListCount, Screened, check};
pub use story::{Decided, Step, Story, story};

use crate::consent::{Overlays, RuleTable, Terms};
use crate::data::jurisdiction::Rulebooks;
use crate::data::names::Names;
use crate::decide::Settings;
use crate::link::{Linked, Linking, link};
use crate::output::{Line, OutFile, RunDir, Written};
use crate::plan::{Plan, Strictness};
use crate::record::{Failure, Keyed};
use crate::report::{self, Audit};
use crate::spill::Budget;
use crate::suppress::Lists;
use byrow::ByRow;
use check::Shared;
use earlier::Earlier;
use points::Tables;
use read::{Pass, Reading};
use share::SharedFacts;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;
use tally::Tally;
use write::{Files, Writing};

/// Hears how far a run has come, and may ask it to end.
pub trait Progress: Sync {
    /// A stage begins; `rows` is 0 when their number is not known.
    fn stage(&self, doing: &'static str, rows: u64);
    /// So many rows more are done.
    fn advance(&self, rows: u64);
    /// Whether the user asked the run to end.
    fn interrupted(&self) -> bool;
}

/// Cleans the sources of a plan into its run directory, which appears whole or not at all.
pub fn clean(plan: &Plan, progress: &dyn Progress) -> Result<Audit, Failure> {
    let previous = plan.previous.as_deref().map(earlier::open).transpose()?;
    let dir = RunDir::create(&plan.out, plan.replace)?;
    let budget = Budget::new(plan.memory);
    let scratch = Scratch { dir: dir.scratch(), budget: &budget };
    let mut sources = sources::understand(plan, dir.scratch())?;
    let layout = sources::lay_out(&mut sources, plan.channels);
    let split = split::By::of(plan, &layout)?;
    if let Some(run) = &previous {
        earlier::verify(run, plan, &sources)?;
    }
    let law = Law::of(plan)?;
    let tables = Tables::of(&plan.judging)?;
    let keyed = Keyed::new(&random_key());
    let mut tally = Tally::new(sources.len());

    progress.stage("reading", 0);
    let shared = Shared::new(plan, &sources, &tables, &keyed);
    let mut rejected = start(&dir, plan, "rejected.csv", lines::REJECTED)?;
    let reading = Reading { sources: &sources, shared, threads: plan.threads, scratch, progress };
    let mut pass = read::read(&reading, Lists::new(plan.key.as_deref()), &mut tally, &mut rejected)?;
    let dns = domains::look_up(plan, &mut pass, scratch, progress)?;

    progress.stage("linking", 0);
    let pool = threads(plan)?;
    pass.crowds = pool.install(|| crowd::count(&pass.noted, &plan.profile, &tally.sources, pass.rows))?;
    let (linked, facts) = pool.install(|| connect(&pass, scratch))?;
    let earlier = pool.install(|| {
        previous.map(|run| Earlier::read(run, &reading, (&pass, &linked), scratch)).transpose()
    })?;
    let beside = gather::gather(&sources, &pass, &linked, plan.threads, scratch)?;

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
        earlier: earlier.as_ref(),
        dns: dns.as_ref(),
        progress,
    };
    let mut files = Files::create(&dir, plan, &layout)?;
    let mut events = start(&dir, plan, "events.csv", lines::EVENTS)?;
    let to_events = ByRow::new(scratch, pass.rows);
    write::write(&writing, &to_events, &mut files, &mut tally)?;
    outside::write(&writing, &to_events.finish(), &mut events, &mut files, &mut tally)?;
    whole::write(&writing, &mut files.findings, &mut tally)?;

    let mut audit = audit::audit(&writing, &tables, &tally)?;
    let mut written = files.finish()?;
    written.extend([rejected.finish()?, events.finish()?]);
    if let Some(earlier) = &earlier {
        audit.previous = Some(compare::since(earlier, &dir, (plan, &audit, &tally), &mut written, scratch)?);
        audit.gloss();
    }
    if plan.audit {
        forget_contacts(&dir, &mut written)?;
    }
    // An audit that nobody asked to be written leaves nothing behind.
    if plan.written {
        publish(dir, &writing, &audit, written)?;
    }
    Ok(audit)
}

/// An audit keeps no contacts: what was needed to compare them goes again.
fn forget_contacts(dir: &RunDir, written: &mut Vec<Written>) -> Result<(), Failure> {
    for name in write::NOT_OF_AN_AUDIT {
        written.retain(|file| file.name != *name);
        dir.forget(name)?;
    }
    Ok(())
}

/// Where temporary data go, and how much RAM they may take.
#[derive(Debug, Clone, Copy)]
struct Scratch<'a> {
    dir: &'a Path,
    budget: &'a Budget,
}

/// The law of the run: rulebooks, their rules on the send date, and what the profile adds.
struct Law<'a> {
    books: &'a Rulebooks,
    table: RuleTable<'a>,
    overlays: Overlays,
    settings: Settings,
}

impl<'a> Law<'a> {
    fn of(plan: &'a Plan) -> Result<Self, Failure> {
        let books = plan.rulebooks();
        let registries = plan.sources.iter().filter_map(|s| s.registry.clone()).collect();
        let terms = Terms {
            send_date: plan.send_date,
            purpose: check::RUN_PURPOSE,
            evidence_strict: plan.profile.evidence == Strictness::Strict,
            registries,
            claims: plan.profile.claims.clone(),
            list_since: plan.profile.list_since(),
            blocking: plan.profile.blocking().collect(),
        };
        let table = RuleTable::compile(books, &terms)?;
        let overlays = Overlays::of(books);
        Ok(Self { books, table, overlays, settings: Settings::new(plan.profile.blocking()) })
    }
}

/// Finds out which rows are one person, and brings every event to the contacts it concerns.
fn connect(pass: &Pass, scratch: Scratch<'_>) -> Result<(Linked, SharedFacts), Failure> {
    let guard = Names::builtin().guard();
    let linking = Linking { rows: pass.rows, guard, dir: scratch.dir, budget: scratch.budget };
    let linked = link(&pass.postings, &linking)?;
    let facts = share::share(pass, &linked, scratch)?;
    Ok((linked, facts))
}

fn threads(plan: &Plan) -> Result<rayon::ThreadPool, Failure> {
    let built = rayon::ThreadPoolBuilder::new().num_threads(plan.threads).build();
    built.map_err(|e| Failure::run(format!("cannot start threads: {e}")))
}

/// A key that nobody can know: fingerprints of one run say nothing in another.
fn random_key() -> [u8; 16] {
    let random = || RandomState::new().build_hasher().finish().to_le_bytes();
    let mut key = [0; 16];
    key[..8].copy_from_slice(&random());
    key[8..].copy_from_slice(&random());
    key
}

/// Starts a file with its header.
fn start<T: AsRef<str>>(dir: &RunDir, plan: &Plan, name: &str, headers: &[T]) -> Result<OutFile, Failure> {
    let mut file = dir.file(name)?;
    let mut line = Line::new(plan.spreadsheet_safe);
    line.cells(headers.iter().map(AsRef::as_ref));
    line.end();
    file.write(&line.take())?;
    Ok(file)
}

/// Writes report and manifest and gives the run directory its name; a source that changed meanwhile, and a
/// result that does not balance, publish nothing.
fn publish(
    dir: RunDir,
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
