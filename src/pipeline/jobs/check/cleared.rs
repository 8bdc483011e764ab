//! Run directories of `clean` that a list is checked against: whom they cleared for the channel, until when, and
//! why they blocked the others.
//!
//! Cleared is who is in the run's list of the channel, by exact address: consent never moves. Files that are not
//! what the manifest says are refused.

use crate::pipeline::check::index_lists::IndexedList;
use crate::pipeline::kit::run_dir::RunDir;
use crate::pipeline::understand::points::{PointTables, Points};
use crate::plan::{CheckPlan, Source};
use crate::reason::Reason;
use crate::record::{Channel, Day, Failure, Field, Keyed, Kind, PointKind};

/// The points that a run decided about for the channel.
#[derive(Debug)]
pub(crate) struct ClearedPoints {
    /// Its number among the lists.
    pub(crate) number: usize,
    /// The run as a list.
    pub(crate) list: IndexedList,
    keyed: Keyed,
    cleared: Vec<u64>,
    /// Cleared once, on a legal basis that is over on the send date.
    lapsed: Vec<u64>,
    /// Of its lists, without permission.
    unproven: Vec<u64>,
    /// Points of contacts, with the line in `contacts.csv` and the number of the reason.
    known: Vec<(u64, u32, u16)>,
    reasons: Vec<String>,
    /// The columns of `contacts.csv`: those of the sources among them, which the run has weighed.
    pub(crate) columns: Vec<String>,
}

impl ClearedPoints {
    /// Whether the run's own list has the point although permission was not established (`--lists reachable`).
    pub(crate) fn lists(&self, exact: &str) -> bool {
        self.unproven.binary_search(&print(&self.keyed, exact)).is_ok()
    }

    /// Whether the run clears a point, by the exact address or number; else the reason why not, and the line in
    /// `contacts.csv` of whom it blocked there or cleared at another point. A legal basis that is over has no line.
    pub(crate) fn clears(&self, exact: &str) -> Result<bool, (&str, Option<u32>)> {
        let key = print(&self.keyed, exact);
        if self.cleared.binary_search(&key).is_ok() {
            return Ok(true);
        }
        if self.lapsed.binary_search(&key).is_ok() {
            return Err((Reason::ConsentExpired.id(), None));
        }
        let at = self.known.partition_point(|(known, ..)| *known < key);
        match self.known.get(at).filter(|(known, ..)| *known == key) {
            None => Ok(false),
            Some((_, line, reason)) => Err((&self.reasons[usize::from(*reason)], Some(*line))),
        }
    }
}

fn print(keyed: &Keyed, exact: &str) -> u64 {
    keyed.of(b'r', &[exact.as_bytes()]).0 as u64
}

/// Reads the cleared and the known points of a run directory; also gives its suppression file as a source, to be read
/// like any other. Fails where it is no run directory of `clean`, is damaged, or did not decide the channel.
pub(crate) fn open_run(
    plan: &CheckPlan,
    source: &Source,
    tables: &PointTables,
    keyed: &Keyed,
) -> Result<(ClearedPoints, Source), Failure> {
    let name = source.name.as_str();
    let run = RunDir::open(&source.path, name)?;
    run.has_contacts()?;
    let (made_for, send) = (run.send_date, plan.read.send_date);
    if made_for > send {
        return Err(Failure::usage(format!(
            "this run was made for {made_for}, which is after the send date {send}"
        ))
        .at(name)
        .hint(format!(
            "if you send on that day, say --send-date {made_for}; else run clean again for {send}"
        )));
    }
    run.each("suppression.csv", |_| Ok(()))?;
    let own = Source {
        path: source.path.join("suppression.csv"),
        name: format!("{name}/suppression.csv"),
        kind: Some(Kind::Suppression),
        format: None,
        registry: None,
    };
    let dated = plan.dated.get(name).copied().unwrap_or(run.send_date);
    let mut points = ClearedPoints {
        number: 0,
        list: IndexedList::named(name),
        keyed: *keyed,
        cleared: Vec::new(),
        lapsed: Vec::new(),
        unproven: Vec::new(),
        known: Vec::new(),
        reasons: Vec::new(),
        columns: Vec::new(),
    };
    points.list.facts.dated = Some(dated);
    points.read_cleared(&run, plan, tables)?;
    points.read_known(&run, plan, tables)?;
    Ok((points, own))
}

impl ClearedPoints {
    fn read_cleared(&mut self, run: &RunDir, plan: &CheckPlan, tables: &PointTables) -> Result<(), Failure> {
        let file = format!("{}.csv", plan.settings.channel.word());
        if !run.has(&file) {
            return Err(Failure::usage(format!("this run wrote no {file}: it did not decide this channel"))
                .at(self.list.facts.name.as_str())
                .hint("run clean with --channels that name it"));
        }
        let own = if plan.settings.channel == Channel::Email { "email" } else { "phone" };
        let mut points = Points::default();
        let mut places = None;
        run.each(&file, |row| {
            let [point, until, handle, permission] = *places.get_or_insert_with(|| {
                [own, "valid_until", "social_handle", "permission"].map(|name| row.place(name))
            });
            if point.is_none() || until.is_none() {
                return Err(run.damaged(&file));
            }
            let proven = permission.is_none() || row.at(permission) == "established";
            let over = match row.at(until) {
                "" => false,
                last => last.parse::<Day>().map_err(|_| run.damaged(&file))? < plan.read.send_date,
            };
            look(&mut points, plan, (row.at(point), row.at(handle)), tables);
            for seen in points.iter() {
                let key = print(&self.keyed, seen.point.exact);
                match (over, proven) {
                    (true, true) => self.lapsed.push(key),
                    (false, true) => self.cleared.push(key),
                    (_, false) => self.unproven.push(key),
                }
            }
            Ok(())
        })?;
        self.cleared.sort_unstable();
        self.lapsed.sort_unstable();
        self.unproven.sort_unstable();
        self.list.facts.entries = self.cleared.len() as u64;
        Ok(())
    }

    /// Reads the points of its contacts, and the reasons for which it blocked them.
    fn read_known(&mut self, run: &RunDir, plan: &CheckPlan, tables: &PointTables) -> Result<(), Failure> {
        let channel = plan.settings.channel.word().replace('-', "_");
        let all = if plan.settings.channel == Channel::Email { "emails" } else { "phones" };
        let names = [all, &format!("{channel}_decision"), &format!("{channel}_reason"), "social_handles"];
        let mut points = Points::default();
        let mut places = None;
        run.each("contacts.csv", |row| {
            let [all, decision, reason, handles] = *places.get_or_insert_with(|| {
                self.columns = row.columns().map(str::to_owned).collect();
                names.map(|name| row.place(name))
            });
            if all.is_none() || decision.is_none() || reason.is_none() {
                return Err(run.damaged("contacts.csv"));
            }
            let cleared = row.at(decision) == "contactable";
            let reason = if cleared { Reason::SuppressionNotCleared.id() } else { row.at(reason) };
            let number = self.reasons.iter().position(|r| r == reason).unwrap_or_else(|| {
                self.reasons.push(reason.to_owned());
                self.reasons.len() - 1
            });
            look(&mut points, plan, (row.at(all), row.at(handles)), tables);
            for seen in points.iter() {
                self.known.push((print(&self.keyed, seen.point.exact), row.line(), number as u16));
            }
            self.list.rows += 1;
            Ok(())
        })?;
        self.known.sort_unstable();
        Ok(())
    }
}

/// The points of a cell of ours, and the handles of another.
fn look(points: &mut Points, plan: &CheckPlan, (cell, handles): (&str, &str), tables: &PointTables) {
    points.clear(false);
    if plan.settings.channel.point() == PointKind::Email {
        points.add_emails(Field::Email, cell, &tables.email);
    } else {
        points.add_phones(Field::Phone, cell, None, &tables.phone);
    }
    if plan.settings.channel.reaches(PointKind::Handle) {
        points.add_handles(Field::SocialHandle, None, handles);
    }
}
