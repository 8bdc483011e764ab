//! The cleaned lists: one per channel, each point once, the fields an importer wants.

use crate::pipeline::contact::decided::{Decided, carried, valid_until};
use crate::pipeline::understand::output_columns::{ADDRESS, Layout, SHOWN, headers};
use crate::pipeline::write::out::Out;
use crate::pipeline::write::split::part;
use crate::plan::{CleanPlan, ListStandard};
use crate::record::{Channel, Field, PointKind};

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

fn listed(channel: Channel) -> &'static [usize] {
    if channel == Channel::Post { LISTED_POST } else { LISTED }
}

/// Whether a channel's list has a column of handles: only where a source has one.
fn shows_handles(channel: Channel, layout: &Layout) -> bool {
    layout.handles && channel.reaches(PointKind::Handle)
}

pub(crate) fn list_headers(channel: Channel, plan: &CleanPlan, layout: &Layout) -> Vec<String> {
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
    if plan.write.lists == ListStandard::Reachable {
        all.push("permission".to_owned());
    }
    if plan.write.lists_full {
        all.extend(layout.carried.iter().cloned());
    }
    all
}

/// Adds the contact to the list of decision number `at`, if it belongs there.
pub(crate) fn list_line(decided: &Decided<'_, '_>, values: &[&str], at: usize, out: &mut Out) {
    let writing = decided.writing;
    let (channel, decision) = &decided.decisions[at];
    let wanted = match writing.plan.write.lists {
        ListStandard::Contactable => decision.contactable,
        ListStandard::Reachable => decision.reachable,
    };
    let Some(point) = decided.point(decision).filter(|_| wanted) else { return };
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
    if writing.plan.write.lists == ListStandard::Reachable {
        line.cell(if decision.contactable { "established" } else { "not established" });
    }
    if writing.plan.write.lists_full {
        carried(writing, decided.contact, line);
    }
    line.end();
    // 64 keyed bits: that two points meet would leave one out of a list, never let one in.
    lists[at].add(line, point.shared.then_some(point.exact));
    if let Some(by) = writing.split {
        let end = lists[at].bytes.len();
        lists[at].parts.push((end, part(by, decided, values, decision)));
    }
}
