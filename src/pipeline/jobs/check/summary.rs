//! What a check found, as numbers and words; names no row.

use crate::pipeline::account::file_findings;
use crate::pipeline::check::index_lists::IndexedList;
use crate::pipeline::jobs::check::rows::{BlockedRow, CheckRules};
use crate::pipeline::kit::counts::counts;
use crate::pipeline::kit::tally::{Sections, UnknownWords};
use crate::plan::CheckPlan;
use crate::record::PointKind;
use crate::suppress::Algorithm;
use serde::Serialize;
use std::collections::BTreeMap;

/// Fewer rows or entries than this may well have nothing in common.
const TRIVIAL: u64 = 100;

counts! {
    /// What was counted over a stretch of the list.
    #[derive(Debug, Default, PartialEq, Eq)]
    pub(crate) struct CheckCounts {
        pub(crate) rows: u64,
        pub(crate) blocked: u64,
        pub(crate) reasons: BTreeMap<String, u64>,
        /// Rows that each list's entries hit.
        pub(crate) hit_rows: Vec<u64>,
        /// Rows with an address or number in each column of which nothing is known.
        pub(crate) late_rows: Vec<u64>,
        pub(crate) sections: Sections,
        pub(crate) unknown: UnknownWords,
    }
}

impl CheckCounts {
    pub(crate) fn block(&mut self, blocked: &BlockedRow<'_>) {
        self.blocked += 1;
        match self.reasons.get_mut(blocked.reason) {
            Some(count) => *count += 1,
            None => drop(self.reasons.insert(blocked.reason.to_owned(), 1)),
        }
    }
}

/// What a check found.
#[derive(Debug, Default, Serialize)]
pub struct Screened {
    /// The channel.
    pub channel: String,
    /// The send date.
    pub send_date: String,
    /// Name of the list.
    pub list: String,
    /// Rows of the list; header and preamble are none.
    pub rows: u64,
    /// Rows that passed.
    pub allowed: u64,
    /// Rows that did not.
    pub blocked: u64,
    /// Blocked rows by reason.
    pub reasons: BTreeMap<String, u64>,
    /// What it was checked against.
    pub against: Vec<ListCount>,
    /// Bytes of memory that the entries took.
    pub index_bytes: u64,
    /// What looks wrong.
    pub warnings: Vec<String>,
    /// Whoever read the allowed rows went away before the end.
    #[serde(skip)]
    pub closed: bool,
}

/// One list that was checked against.
#[derive(Debug, Serialize)]
pub struct ListCount {
    /// Its name.
    pub name: String,
    /// The day it is of, as far as anything tells.
    pub dated: Option<String>,
    /// Its rows.
    pub rows: u64,
    /// Entries they made; for a run directory, points it cleared.
    pub entries: u64,
    /// Rows of it that name nobody who could be recognised.
    pub unread: u64,
    /// Rows of the checked list that its entries hit.
    pub hits: u64,
}

pub(crate) fn of(plan: &CheckPlan, rules: &CheckRules<'_>, counts: &CheckCounts) -> Screened {
    let against = rules.against;
    let hits = |at: usize| counts.hit_rows.get(at).copied().unwrap_or(0);
    let count = |(at, list): (usize, &IndexedList)| ListCount {
        name: list.facts.name.clone(),
        dated: list.facts.dated.map(|d| d.to_string()),
        rows: list.rows,
        entries: list.facts.entries,
        unread: list.unread,
        hits: hits(at),
    };
    let lists: Vec<ListCount> = against.lists.iter().enumerate().map(count).collect();
    Screened {
        channel: plan.settings.channel.word().to_owned(),
        send_date: plan.read.send_date.to_string(),
        list: plan.list.name.clone(),
        rows: counts.rows,
        allowed: counts.rows - counts.blocked,
        blocked: counts.blocked,
        reasons: counts.reasons.clone(),
        warnings: warnings(&plan.list.name, rules, counts, &lists),
        against: lists,
        index_bytes: against.indexes.iter().map(|(index, _)| index.bytes() as u64).sum(),
        closed: false,
    }
}

fn warnings(name: &str, rules: &CheckRules<'_>, counts: &CheckCounts, lists: &[ListCount]) -> Vec<String> {
    let runs: Vec<usize> = rules.against.runs.iter().map(|run| run.number).collect();
    let mut all: Vec<String> = file_findings::headings_warning(&counts.sections, name).into_iter().collect();
    if counts.unknown.rows() > 0 {
        let mut answers = Vec::new();
        let says = file_findings::says_words(name, rules.mapping, &counts.unknown, &mut answers);
        all.push(format!("a word about permission is not known, and its rows are blocked: {says}"));
        all.append(&mut answers);
    }
    for (column, rows) in rules.unread.iter().zip(&counts.late_rows).filter(|(_, rows)| **rows > 0) {
        let header = rules.mapping.columns.get(*column).map_or("", |c| c.header.as_str());
        all.push(format!(
            "{rows} rows hold an address or number in column {} `{header}`, whose first rows do not show that it is \
             one of such: refusals of those were applied too; whether they may be written to was not asked",
            column + 1
        ));
    }
    for (at, list) in lists.iter().enumerate().filter(|(at, _)| !runs.contains(at)) {
        if list.unread > 0 {
            all.push(format!(
                "{}: {} of {} rows name nobody who could be recognised, and refuse nobody",
                list.name, list.unread, list.rows
            ));
        }
        // A run's own suppression file may well be of other people.
        let of_run = rules.against.run_of(at).is_some();
        let silent = list.hits == 0 && list.entries >= TRIVIAL && counts.rows >= TRIVIAL && !of_run;
        if silent {
            all.push(format!(
                "NOT ONE of {} rows stands on {} with its {} entries: wrong column, wrong hash form, wrong channel?\n  \
                 tried: {}",
                counts.rows,
                list.name,
                list.entries,
                tried(rules, at)
            ));
        }
        if list.rows == 0 && list.entries == 0 {
            all.push(format!("{}: this list is empty", list.name));
        }
    }
    all
}

/// What the rows were compared by, against the index that holds the list.
fn tried(rules: &CheckRules<'_>, list: usize) -> String {
    let numbers = rules.channel.point() == PointKind::Phone;
    let columns = rules.columns.cells(numbers).filter_map(|column| rules.mapping.columns.get(column));
    let headers: Vec<&str> =
        columns.map(|c| if c.header.is_empty() { "(no name)" } else { c.header.as_str() }).collect();
    let index = rules.against.indexes.iter().rev().find(|(_, first)| *first <= list).map(|(index, _)| index);
    let mut parts = vec![format!("column {} for channel {}", headers.join(", "), rules.channel.word())];
    if let Some(index) = index {
        let (kinds, domains) = (index.entries(), index.domain_entries());
        let held = kinds.iter().filter(|(_, count)| *count > 0);
        let held = held.map(|(kind, count)| format!("{count} {}", kind.word()));
        let held = held.chain((domains > 0).then(|| format!("{domains} domains")));
        parts.push(format!("against {}", held.collect::<Vec<_>>().join(", ")));
        let algorithms: Vec<&str> = index.algorithms().iter().copied().map(Algorithm::word).collect();
        if !algorithms.is_empty() {
            let forms = if numbers {
                "as typed, E.164 with and without plus, national digits with and without the zero"
            } else {
                "as typed, lower case, without provider aliases, without +tag, upper case"
            };
            let what = if numbers { "number" } else { "address" };
            parts.push(format!("{} of the {what}: {forms}", algorithms.join(", ")));
        }
    }
    parts.join("; ")
}
