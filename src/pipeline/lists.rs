//! The cleaned lists: one per channel, each point once, the fields an importer wants.

use super::contact::Distinct;
use super::layout::{ADDRESS, Layout, SHOWN};
use super::lines::{Decided, Out, carried, headers, valid_until};
use super::write::Writing;
use crate::output::{Line, OutFile};
use crate::plan::{Lists as Wanted, Plan};
use crate::record::{Channel, Failure, Field, PointKind};
use std::collections::HashSet;

/// Fields of a list besides the point, as positions in `SHOWN`.
const LISTED: &[usize] = &slots([
    Field::FirstName,
    Field::LastName,
    Field::FullName,
    Field::Company,
    Field::Language,
    Field::Country,
]);
const LISTED_POST: &[usize] = &slots([
    Field::FirstName,
    Field::LastName,
    Field::FullName,
    Field::Company,
    Field::Street,
    Field::Street2,
    Field::City,
    Field::Region,
    Field::PostalCode,
    Field::Country,
]);

/// Where the fields stand in `SHOWN`; all of them do.
const fn slots<const N: usize>(fields: [Field; N]) -> [usize; N] {
    let mut slots = [0; N];
    let mut i = 0;
    while i < N {
        while SHOWN[slots[i]].0 as u8 != fields[i] as u8 {
            slots[i] += 1;
        }
        i += 1;
    }
    slots
}

const fn listed(channel: Channel) -> &'static [usize] {
    match channel {
        Channel::Post => LISTED_POST,
        _ => LISTED,
    }
}

/// Whether a channel's list has a column of handles: only where a source has one.
fn shows_handles(channel: Channel, layout: &Layout) -> bool {
    layout.handles && channel.reaches(PointKind::Handle)
}

/// Headers of a channel's list.
pub(super) fn list_headers(channel: Channel, plan: &Plan, layout: &Layout) -> Vec<String> {
    let mut all = Vec::new();
    match channel.point() {
        PointKind::Email => all.push("email".to_owned()),
        PointKind::Phone => all.push("phone".to_owned()),
        PointKind::Post | PointKind::Handle => {}
    }
    if shows_handles(channel, layout) {
        all.push("social_handle".to_owned());
    }
    all.extend(listed(channel).iter().map(|slot| SHOWN[*slot].1.to_owned()));
    all.extend(headers(&["contact_id", "basis", "valid_until", "conditions"]));
    if plan.lists == Wanted::Reachable {
        all.push("permission".to_owned());
    }
    if plan.lists_full {
        all.extend(layout.carried.iter().cloned());
    }
    all
}

/// Lines of a list; those whose point others hold too carry a mark, so that each point is written once.
#[derive(Debug, Default)]
pub(super) struct List {
    bytes: Vec<u8>,
    lines: u64,
    shared: Vec<Shared>,
    /// Where each line ends and the part it belongs to, when the list is cut.
    parts: Vec<(usize, String)>,
}

/// Lines about a point that others hold too: a stretch of the list's bytes.
#[derive(Debug)]
struct Shared {
    from: usize,
    to: usize,
    lines: u64,
    /// Stands for the exact point.
    point: u64,
}

impl List {
    /// What was added since the last call, leaving an empty list of the same size behind.
    pub(super) fn take(&mut self) -> Self {
        let (bytes, shared) = (self.bytes.capacity(), self.shared.capacity());
        let empty = Self {
            bytes: Vec::with_capacity(bytes),
            lines: 0,
            shared: Vec::with_capacity(shared),
            parts: Vec::new(),
        };
        std::mem::replace(self, empty)
    }

    /// Adds the finished lines about a point.
    pub(super) fn add(&mut self, line: &mut Line, point: &Distinct<'_>, lines: u64) {
        // 64 keyed bits: that two points meet would leave one out of a list, never let one in.
        self.add_once(line, point.shared.then_some(point.exact), lines);
    }

    /// Adds finished lines; those of one number are written once.
    pub(super) fn add_once(&mut self, line: &mut Line, once: Option<u64>, lines: u64) {
        let from = self.bytes.len();
        line.drain_into(&mut self.bytes);
        self.lines += lines;
        if let Some(point) = once {
            self.shared.push(Shared { from, to: self.bytes.len(), lines, point });
        }
    }

    /// Writes the lines, leaving out points that were written before; tells how many lines were written.
    pub(super) fn write(&self, file: &mut OutFile, written: &mut HashSet<u64>) -> Result<u64, Failure> {
        let (mut at, mut lines) = (0, self.lines);
        for shared in &self.shared {
            if !written.insert(shared.point) {
                file.write(&self.bytes[at..shared.from])?;
                at = shared.to;
                lines -= shared.lines;
            }
        }
        file.write(&self.bytes[at..])?;
        Ok(lines)
    }

    /// Writes the lines as `write` does, and each of them to its part.
    pub(super) fn write_parts(
        &self,
        file: &mut OutFile,
        written: &mut HashSet<u64>,
        mut part: impl FnMut(&str, &[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (mut from, mut shared) = (0, self.shared.iter().peekable());
        for (to, name) in &self.parts {
            let twice = shared.next_if(|s| s.from == from).is_some_and(|s| !written.insert(s.point));
            if !twice {
                file.write(&self.bytes[from..*to])?;
                part(name, &self.bytes[from..*to])?;
            }
            from = *to;
        }
        Ok(())
    }
}

/// Adds the contact to the list of decision number `at`, if it belongs there.
pub(super) fn list_line(
    writing: &Writing<'_>,
    decided: &Decided<'_, '_>,
    values: &[&str],
    at: usize,
    out: &mut Out,
) {
    let (channel, decision) = &decided.decisions[at];
    let wanted = match writing.plan.lists {
        Wanted::Contactable => decision.contactable,
        Wanted::Reachable => decision.reachable,
    };
    let Some(point) = decision.point.filter(|_| wanted).and_then(|p| decided.contact.distinct.get(p)) else {
        return;
    };
    let Out { line, text, lists, conditions, .. } = out;
    if channel.point() != PointKind::Post {
        let handle = point.point.kind == PointKind::Handle;
        line.cell(if handle { "" } else { point.point.typed });
        if shows_handles(*channel, writing.layout) {
            line.cell(if handle { point.point.typed } else { "" });
        }
    }
    // A letter goes to the address that may be written to, which need not be the one that survived merging.
    let row = &decided.contact.rows()[point.row];
    let columns = &writing.layout.sources[usize::from(row.place.source)];
    for slot in listed(*channel) {
        let own = *channel == Channel::Post && ADDRESS.contains(slot);
        line.cell(if own { row.shown(*slot, columns) } else { values[*slot] });
    }
    line.plain(decided.id);
    let yes = decision.yes();
    line.plain(yes.map_or("", |y| y.basis.word()));
    valid_until(yes, line, text);
    line.cell(&conditions[at]);
    if writing.plan.lists == Wanted::Reachable {
        line.cell(if decision.contactable { "established" } else { "not established" });
    }
    if writing.plan.lists_full {
        carried(writing, decided.contact, line);
    }
    line.end();
    lists[at].add(line, point, 1);
    if let Some(by) = writing.split {
        let part = by.part(writing, decided, values, decision);
        let List { parts, bytes, .. } = &mut lists[at];
        parts.push((bytes.len(), part));
    }
}
