//! ClearedRun directories of `clean` that a list is checked against: whom they cleared for the channel, until when, and
//! why they blocked the others.
//!
//! Cleared is who stands in the run's list of the channel, by exact address: consent never moves. RunFiles that are not
//! what the manifest says are refused.

use crate::pipeline::check::index_lists::IndexedList;
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::kit::run_dir::{Finished, damaged, each_row};
use crate::pipeline::understand::points::{Points, Tables};
use crate::plan::{CheckPlan, Source};
use crate::record::{Channel, Day, Failure, Field, Keyed, Kind, PointKind};
use crate::source::Input;

/// What a run decided for the channel.
#[derive(Debug)]
pub(crate) struct ClearedRun {
    /// Its number among the lists.
    pub(crate) number: usize,
    /// What is told of it as a list.
    pub(crate) list: IndexedList,
    keyed: Keyed,
    cleared: Vec<u64>,
    /// Cleared once, on a ground that is over on the send date.
    lapsed: Vec<u64>,
    /// Points of contacts, with the line in `contacts.csv` and the number of the reason.
    known: Vec<(u64, u32, u16)>,
    reasons: Vec<String>,
}

/// What a run says of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunVerdict<'a> {
    Cleared,
    /// The ground is over.
    Lapsed,
    /// It blocked the contact on that line for that reason.
    Blocked(u32, &'a str),
    /// It cleared the contact at another point.
    Elsewhere(u32),
    /// It never saw the point.
    Unknown,
}

impl ClearedRun {
    /// What it says of a point, by the exact address or number.
    pub(crate) fn verdict(&self, exact: &str) -> RunVerdict<'_> {
        let key = print(&self.keyed, exact);
        if self.cleared.binary_search(&key).is_ok() {
            return RunVerdict::Cleared;
        }
        if self.lapsed.binary_search(&key).is_ok() {
            return RunVerdict::Lapsed;
        }
        let at = self.known.partition_point(|(known, ..)| *known < key);
        match self.known.get(at).filter(|(known, ..)| *known == key) {
            None => RunVerdict::Unknown,
            Some((_, line, reason)) => match self.reasons[usize::from(*reason)].as_str() {
                "" => RunVerdict::Elsewhere(*line),
                reason => RunVerdict::Blocked(*line, reason),
            },
        }
    }
}

fn print(keyed: &Keyed, exact: &str) -> u64 {
    keyed.of(b'r', &[exact.as_bytes()]).0 as u64
}

/// Reads what a run directory says; its suppression file is read like any other.
pub(crate) fn open_run(
    plan: &CheckPlan,
    source: &Source,
    tables: &Tables,
    keyed: &Keyed,
    scratch: Scratch<'_>,
) -> Result<(ClearedRun, Source), Failure> {
    let name = source.name.as_str();
    let finished = Finished::open(&source.path, name)?;
    finished.has_contacts()?;
    let dated = finished.send_date;
    let files = RunFiles { source, finished: &finished, scratch };
    let own = Source {
        path: source.path.join("suppression.csv"),
        name: format!("{name}/suppression.csv"),
        kind: Some(Kind::Suppression),
        format: None,
        registry: None,
    };
    files.open("suppression.csv")?;
    let mut run = ClearedRun {
        number: 0,
        list: IndexedList::named(name),
        keyed: *keyed,
        cleared: Vec::new(),
        lapsed: Vec::new(),
        known: Vec::new(),
        reasons: vec![String::new()],
    };
    let told = plan.dated.get(name).copied();
    run.list.facts.dated = told.or(Some(dated));
    run.read_cleared(&files, plan, tables)?;
    run.read_known(&files, plan, tables)?;
    Ok((run, own))
}

/// The files of a run directory.
struct RunFiles<'a> {
    source: &'a Source,
    finished: &'a Finished,
    scratch: Scratch<'a>,
}

impl RunFiles<'_> {
    /// Opens a file that is what the manifest says.
    fn open(&self, name: &str) -> Result<Input, Failure> {
        if self.finished.has(name) {
            return self.finished.input(name, self.scratch);
        }
        Err(Failure::usage(format!("this run wrote no {name}: it did not decide this channel"))
            .at(self.source.name.as_str())
            .hint("run clean with --channels that name it"))
    }
}

/// The place of a column of ours.
fn column(input: &Input, name: &str) -> Option<usize> {
    input.dialect().header_cells.iter().position(|h| h == name)
}

fn needed(input: &Input, name: &str) -> Result<usize, Failure> {
    column(input, name).ok_or_else(|| damaged(input.name()))
}

impl ClearedRun {
    fn read_cleared(
        &mut self,
        files: &RunFiles<'_>,
        plan: &CheckPlan,
        tables: &Tables,
    ) -> Result<(), Failure> {
        let input = files.open(&format!("{}.csv", plan.channel.word()))?;
        if input.text_bytes() == 0 {
            return Err(damaged(input.name()));
        }
        let point = needed(&input, word(plan.channel))?;
        let handle = column(&input, "social_handle");
        let until = needed(&input, "valid_until")?;
        let permission = column(&input, "permission");
        let send = plan.read.send_date;
        let mut points = Points::default();
        let mut bad = false;
        each_row(&input, |row, _| {
            if permission.is_some_and(|at| row.get(at) != "established") {
                return;
            }
            let last = row.get(until);
            let over = match last.parse::<Day>() {
                Ok(last) => last < send,
                Err(_) => {
                    bad |= !last.is_empty();
                    false
                }
            };
            look(&mut points, plan, (row.get(point), handle.map_or("", |at| row.get(at))), tables);
            for seen in points.iter() {
                let key = print(&self.keyed, seen.point.exact);
                if over { self.lapsed.push(key) } else { self.cleared.push(key) }
            }
        })?;
        if bad {
            return Err(damaged(input.name()));
        }
        self.cleared.sort_unstable();
        self.lapsed.sort_unstable();
        self.list.facts.entries = self.cleared.len() as u64;
        Ok(())
    }

    fn read_known(&mut self, files: &RunFiles<'_>, plan: &CheckPlan, tables: &Tables) -> Result<(), Failure> {
        let input = files.open("contacts.csv")?;
        let channel = plan.channel.word().replace('-', "_");
        let all = needed(&input, if plan.channel == Channel::Email { "emails" } else { "phones" })?;
        let handles = column(&input, "social_handles");
        let decision = needed(&input, &format!("{channel}_decision"))?;
        let reason = needed(&input, &format!("{channel}_reason"))?;
        let mut points = Points::default();
        each_row(&input, |row, line| {
            let reason = if row.get(decision) == "contactable" { "" } else { row.get(reason) };
            let number = self.reasons.iter().position(|r| r == reason).unwrap_or_else(|| {
                self.reasons.push(reason.to_owned());
                self.reasons.len() - 1
            });
            look(&mut points, plan, (row.get(all), handles.map_or("", |at| row.get(at))), tables);
            for seen in points.iter() {
                self.known.push((print(&self.keyed, seen.point.exact), line, number as u16));
            }
            self.list.rows += 1;
        })?;
        self.known.sort_unstable();
        Ok(())
    }
}

/// The points of a cell of ours, and the handles of another.
fn look(points: &mut Points, plan: &CheckPlan, (cell, handles): (&str, &str), tables: &Tables) {
    points.clear(false);
    if plan.channel.point() == PointKind::Email {
        points.add_emails(Field::Email, cell, &tables.email);
    } else {
        points.add_phones(Field::Phone, cell, None, &tables.phone);
    }
    if plan.channel.reaches(PointKind::Handle) {
        points.add_handles(Field::SocialHandle, None, handles);
    }
}

const fn word(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "email",
        _ => "phone",
    }
}
