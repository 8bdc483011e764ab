//! The raw sweep: every contact's later rows, and what linking says of them, are sent beside its first row, so
//! that the second pass reads everything front to back.

use crate::link::{Agreement, Guarded, HeldApart, KeyKind, Linked, Merge};
use crate::pipeline::check::blocks::SheetedBlocks;
use crate::pipeline::check::first_pass::Pass;
use crate::pipeline::kit::bytes::{array, get, put, text};
use crate::pipeline::kit::ordered::ordered;
use crate::pipeline::kit::row_sheet::{SheetRow, damaged};
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::understand::sources::SourcePlan;
use crate::record::{Failure, RowId};
use crate::source::{Cells, Row, State};
use crate::spill::{ByRow, RowSpill};

/// Something that waits beside a contact's first row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Beside<'a> {
    /// A later row: its number, source, cells and sheet entry.
    Row(RowId, u16, &'a [u8], &'a [u8]),
    /// Why a row is in the contact.
    Merge(Merge),
    /// What a guard held apart from a row.
    Held(HeldApart),
}

/// Sends the later rows of all contacts beside their first rows.
pub(crate) fn gather(
    sources: &[SourcePlan],
    pass: &Pass,
    linked: &Linked,
    threads: usize,
    scratch: Scratch<'_>,
) -> Result<ByRow, Failure> {
    let byrow = RowSpill::new(scratch.dir, scratch.budget, pass.rows);
    let mut outbox = byrow.buffers();
    linked.merges.each(|merge| {
        outbox.write(merge.first, |out| {
            out.push(1);
            out.extend_from_slice(&merge.row.to_be_bytes());
            out.extend_from_slice(&[merge.rule as u8, merge.strength as u8]);
            out.extend_from_slice(&merge.matched_with.to_le_bytes());
        });
        Ok(())
    })?;
    byrow.take(&mut outbox)?;
    linked.held.each(|held| {
        outbox.write(linked.firsts[held.row as usize], |out| {
            out.push(2);
            out.extend_from_slice(&held.row.to_le_bytes());
            out.extend_from_slice(&[held.kind as u8, held.by as u8]);
        });
        Ok(())
    })?;
    byrow.take(&mut outbox)?;
    if linked.merges.ranges() > 0 {
        ordered(
            threads,
            SheetedBlocks::new(sources, pass, |source| source.is_contacts()),
            || (byrow.buffers(), Cells::new()),
            |(outbox, cells), job| {
                let mut sheet = &job.sheet[..];
                let source = &sources[job.source];
                for (row, record) in
                    (job.first_row..).zip(job.block.records.iter().filter(|r| r.state != State::Header))
                {
                    let Some(entry) = SheetRow::next(&mut sheet) else { return Err(damaged()) };
                    let first = linked.firsts[row as usize];
                    if first != row {
                        let (_, split) = job.block.row(record, source.input.dialect(), cells);
                        outbox.write(first, |out| write_row(out, row, source.index, &split, entry));
                    }
                }
                byrow.take(outbox)
            },
            |()| Ok(()),
        )?;
    }
    Ok(byrow.finish())
}

fn write_row(out: &mut Vec<u8>, row: RowId, source: u16, cells: &Row<'_>, sheet: &[u8]) {
    out.push(0);
    out.extend_from_slice(&row.to_be_bytes());
    out.extend_from_slice(&source.to_le_bytes());
    put(sheet, out);
    cells.iter().for_each(|cell| put(cell.as_bytes(), out));
}

/// Cuts a stored row into its cells.
pub(crate) fn read_cells<'a>(mut bytes: &'a [u8], cells: &mut Vec<&'a str>) -> Option<()> {
    while !bytes.is_empty() {
        cells.push(text(&mut bytes)?);
    }
    Some(())
}

/// Reads what waits beside a first row.
pub(crate) fn read_beside(first: RowId, item: &[u8]) -> Option<Beside<'_>> {
    let (tag, mut rest) = item.split_first()?;
    let bytes = &mut rest;
    Some(match tag {
        0 => {
            let row = RowId::from_be_bytes(array(bytes)?);
            let source = u16::from_le_bytes(array(bytes)?);
            let sheet = get(bytes)?;
            Beside::Row(row, source, rest, sheet)
        }
        1 => {
            let row = RowId::from_be_bytes(array(bytes)?);
            let [rule, strength] = array(bytes)?;
            let (rule, strength) = (KeyKind::from_number(rule)?, Agreement::from_number(strength)?);
            let matched_with = u32::from_le_bytes(array(bytes)?);
            Beside::Merge(Merge { row, first, rule, strength, matched_with })
        }
        _ => {
            let row = RowId::from_le_bytes(array(bytes)?);
            let [kind, by] = array(bytes)?;
            let (kind, by) = (KeyKind::from_number(kind)?, Guarded::from_number(by)?);
            Beside::Held(HeldApart { row, kind, by })
        }
    })
}
