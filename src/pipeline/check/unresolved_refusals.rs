//! Refusals that contact rows tell of a number without its country, or of a house without a name: whom they bind is
//! only known when every row was read. One sweep over the row sheet, and only when there are any.

use crate::link::partition_of;
use crate::pipeline::check::row::CheckContext;
use crate::pipeline::kit::blocks::Range;
use crate::pipeline::kit::keys::{exact_of, key_of};
use crate::pipeline::kit::ordered::ordered;
use crate::pipeline::kit::post_key;
use crate::pipeline::kit::row_sheet::{Ending, SheetRow, damaged};
use crate::pipeline::kit::shared_facts::write_key_event;
use crate::record::{Failure, PointKind};
use crate::spill::{AppendLog, Spill};
use crate::suppress::{Asked, Hit, ListIndex};

/// Tells the refusals of `list` to every point of a contact's row that they bind.
pub(crate) fn sweep(
    (sheet, ranges): (&AppendLog, &[Range]),
    list: &ListIndex,
    shared: &CheckContext<'_>,
    told: &Spill,
    threads: usize,
) -> Result<(), Failure> {
    let mut reader = sheet.reader();
    let blocks =
        (0..ranges.iter().map(|r| r.blocks).sum()).map(|_| Ok(reader.read()?.ok_or_else(damaged)?.to_vec()));
    ordered(
        threads,
        blocks,
        || vec![Vec::new(); shared.partitions],
        |out, block| {
            tell(&block, list, shared, out).ok_or_else(damaged)?;
            told.append_all(out)
        },
        Ok,
    )
}

/// Tells what binds the points of one block; `None` for a damaged sheet.
fn tell(mut block: &[u8], list: &ListIndex, shared: &CheckContext<'_>, out: &mut [Vec<u8>]) -> Option<()> {
    while let Some(row) = SheetRow::next(&mut block) {
        let (ending, _, _, mut parts) = SheetRow::open(row)?;
        if ending != Ending::Contact {
            continue;
        }
        parts.points(|point| {
            let mut hit = |found: Hit| {
                let listed = list.listed(&found);
                let key = key_of(shared.keyed, point.kind, point.key);
                let buffer = &mut out[partition_of(key, shared.partitions)];
                write_key_event(buffer, key, exact_of(shared.keyed, point.exact), listed.row, &listed.event);
            };
            match point.kind {
                _ if !point.keyable => {}
                PointKind::Phone => list.find(&Asked::Phone(shared.tables.forms(point.key)), hit),
                PointKind::Post => {
                    let house = post_key::nameless(point.exact);
                    house.into_iter().for_each(|house| list.find(&Asked::House(house), &mut hit));
                }
                PointKind::Email | PointKind::Handle => {}
            }
        })?;
    }
    Some(())
}
