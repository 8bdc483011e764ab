//! Refusals that contact rows tell of a number without its country, or of a house without a name: whom they bind is
//! only known when every row was read. One sweep over the row sheet, and only when there are any.

use super::check::Shared;
use super::contact::{exact_of, key_of};
use super::gather::damaged;
use super::postal;
use super::read::Range;
use super::share::write_told;
use super::sheet::{Ending, SheetRow, read_point};
use crate::link::partition_of;
use crate::record::{Failure, PointKind};
use crate::spill::{Sheet, Spill};
use crate::suppress::{Listed, Lists};

/// Tells the refusals of `lists` to every point of a contact's row that they bind.
pub(super) fn sweep(
    sheet: &Sheet,
    ranges: &[Range],
    lists: &Lists,
    shared: &Shared<'_>,
    told: &Spill,
) -> Result<(), Failure> {
    let mut reader = sheet.reader();
    let mut out = vec![Vec::new(); shared.partitions];
    for _ in 0..ranges.iter().map(|r| r.blocks).sum() {
        let mut points = Vec::new();
        let mut block = reader.read()?.ok_or_else(damaged)?;
        while let Some(row) = SheetRow::next(&mut block) {
            let (ending, _, _, mut parts) = SheetRow::open(row).ok_or_else(damaged)?;
            if ending != Ending::Contact {
                continue;
            }
            points.clear();
            parts.list(read_point, &mut points).ok_or_else(damaged)?;
            for point in points.iter().filter(|p| p.keyable) {
                let hit = |listed: &Listed| {
                    let key = key_of(shared.keyed, point.kind, point.key);
                    let buffer = &mut out[partition_of(key, shared.partitions)];
                    write_told(buffer, key, exact_of(shared.keyed, point.exact), listed.row, &listed.event);
                };
                match point.kind {
                    PointKind::Phone => lists.number_hits(&shared.tables.forms(point.key), hit),
                    PointKind::Post => lists.house_hits(postal::house(point.exact).unwrap_or_default(), hit),
                    PointKind::Email => {}
                }
            }
        }
        told.append_all(&mut out)?;
    }
    Ok(())
}
