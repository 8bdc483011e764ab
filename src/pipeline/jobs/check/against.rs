//! What a list is checked against, read in full before its first row leaves: suppression files of any layout,
//! registers, prepared indexes, run directories. Knows no row of the list that is checked.

use crate::consent::register_counts_until;
use crate::data::rulebooks;
use crate::output::folder;
use crate::pipeline::check::index_lists::{EntryFilter, IndexedList, index_lists};
use crate::pipeline::jobs::check::cleared::{self, ClearedPoints};
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::understand::points::PointTables;
use crate::pipeline::understand::sources;
use crate::plan::CheckPlan;
use crate::record::{Failure, Keyed};
use crate::suppress::Index;
use std::path::PathBuf;

#[derive(Debug)]
pub(crate) struct Against {
    /// Indexes, each with the number of its first list.
    pub(crate) indexes: Vec<(Index, usize)>,
    pub(crate) runs: Vec<ClearedPoints>,
    /// Lists of the indexes, then one for each run.
    pub(crate) lists: Vec<IndexedList>,
}

impl Against {
    /// The run whose own suppression file a list is, if it is one.
    pub(crate) fn run_of(&self, list: usize) -> Option<&ClearedPoints> {
        let name = |at: usize| self.lists.get(at).map_or("", |list| list.facts.name.as_str());
        let own = |rest: &str| rest.starts_with('/');
        self.runs.iter().find(|run| name(list).strip_prefix(name(run.number)).is_some_and(own))
    }
}

/// Reads all of it, and refuses what is damaged or too old.
pub(crate) fn load(
    plan: &CheckPlan,
    tables: &PointTables,
    keyed: &Keyed,
    scratch: Scratch<'_>,
) -> Result<Against, Failure> {
    let (mut plain, mut prepared, mut runs) = (Vec::new(), Vec::new(), Vec::new());
    for source in &plan.read.sources {
        if source.path.is_dir() {
            let (run, own) = cleared::open_run(plan, source, tables, keyed)?;
            plain.push(sources::understand_one(&plan.read, &own, scratch.dir)?);
            runs.push(run);
        } else if Index::is_one(&source.path) || source.path.extension().is_some_and(|e| e == "idx") {
            let made_by = tables.stamp(&plan.read.judging);
            let key = plan.read.key.as_deref();
            prepared.push(Index::open(&source.path, &source.name, (key, &made_by))?);
        } else {
            plain.push(sources::understand_against(&plan.read, source, scratch.dir)?);
        }
    }
    sources::number_dates(&mut plain);
    let filter = EntryFilter { only: &[], tombstones: None, unheard: true };
    let (index, mut lists) = index_lists(&plan.read, &plan.dated, &plain, tables, (keyed, &filter), scratch)?;
    for run in &runs {
        let own = format!("{}/suppression.csv", run.list.facts.name);
        let of_run = lists.iter_mut().filter(|l| l.facts.name == own);
        of_run.for_each(|l| l.facts.dated = run.list.facts.dated);
    }
    let mut indexes = vec![(index, 0)];
    for index in prepared {
        let first = lists.len();
        let facts = index.lists().iter().cloned();
        lists.extend(facts.map(|facts| IndexedList { rows: facts.entries, facts, ..IndexedList::default() }));
        indexes.push((index, first));
    }
    for run in &mut runs {
        run.number = lists.len();
        lists.push(run.list.clone());
    }
    fresh(plan, &lists)?;
    Ok(Against { indexes, runs, lists })
}

/// Refuses registers whose answer no longer counts on the send date, and lists older than the user allows.
fn fresh(plan: &CheckPlan, lists: &[IndexedList]) -> Result<(), Failure> {
    let send = plan.read.send_date;
    for list in lists.iter().map(|list| &list.facts) {
        if list.registry.as_deref().is_some_and(|id| rulebooks().lists_consents(id)) {
            let what = "this register lists who consented, so it cannot tell whom to leave out";
            return Err(Failure::usage(what)
                .at(list.name.as_str())
                .hint("bring it to `contactable clean --registry`"));
        }
        if let (Some(id), Some(taken)) = (&list.registry, list.dated)
            && register_counts_until(rulebooks(), id, taken).is_some_and(|last| last < send)
        {
            return Err(Failure::run(format!("the register's answer of {taken} is too old for {send}"))
                .at(list.name.as_str())
                .hint("ask the register again; `contactable rules` tells how old its answer may be"));
        }
    }
    if let Some((list, day)) =
        lists.iter().find_map(|l| Some((&l.facts, l.facts.dated.filter(|day| *day > send)?)))
    {
        return Err(Failure::run(format!("this list is of {day}, which is after the send date {send}"))
            .at(list.name.as_str())
            .hint(format!(
                "say the day it was made, {}@YYYY-MM-DD, or the day you send, --send-date",
                list.name
            )));
    }
    let Some(most) = plan.settings.max_age else { return Ok(()) };
    for list in lists.iter().map(|list| &list.facts) {
        let at = list.name.as_str();
        let Some(dated) = list.dated else {
            return Err(Failure::run("nothing tells of which day this list is")
                .at(at)
                .hint(format!("put a date in its name, or say --against {at}@YYYY-MM-DD")));
        };
        let age = send.since(dated).map_or(0, |span| i64::from(span.get_days()));
        if age > i64::from(most) {
            return Err(Failure::run(format!("this list is {age} days old on {send}, {most} are allowed"))
                .at(at)
                .hint("fetch it again"));
        }
    }
    Ok(())
}

/// The place of private temporary files: beside what is written, else where the system keeps them.
pub(crate) fn scratch_dir(plan: &CheckPlan) -> PathBuf {
    let written = plan.settings.out.as_deref().or(plan.settings.blocked.as_deref());
    written.map_or_else(std::env::temp_dir, |written| folder(written).to_owned())
}
