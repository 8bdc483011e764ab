//! The raw sweep: every contact's later rows, and what linking says of them, are sent beside its first row, so
//! that the second pass reads everything front to back.

use super::Scratch;
use super::byrow::{ByRow, Sorted};
use super::ordered::ordered;
use super::read::{BLOCK, Pass, reading_order, rows_of};
use super::sheet::{SheetRow, take};
use super::sources::SourcePlan;
use crate::link::{Agreement, Guarded, HeldApart, KeyKind, Linked, Merge};
use crate::record::{Failure, RowId};
use crate::source::{Block, Cells, Row, State};
use crate::spill::SheetReader;

/// Something that waits beside a contact's first row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Beside<'a> {
    /// A later row: its number, source, cells and sheet entry.
    Row(RowId, u16, &'a [u8], &'a [u8]),
    /// Why a row is in the contact.
    Merge(Merge),
    /// What a guard held apart from a row.
    Held(HeldApart),
}

/// Sends the later rows of all contacts beside their first rows.
pub(super) fn gather(
    sources: &[SourcePlan],
    pass: &Pass,
    linked: &Linked,
    threads: usize,
    scratch: Scratch<'_>,
) -> Result<Sorted, Failure> {
    let byrow = ByRow::new(scratch, pass.rows);
    let mut outbox = byrow.outbox();
    linked.merges.each(|merge| {
        outbox.push(merge.first, |out| write_merge(out, &merge));
        Ok(())
    })?;
    byrow.send(&mut outbox)?;
    linked.held.each(|held| {
        outbox.push(linked.firsts[held.row as usize], |out| {
            out.push(2);
            out.extend_from_slice(&held.row.to_le_bytes());
            out.extend_from_slice(&[held.kind as u8, held.by as u8]);
        });
        Ok(())
    })?;
    byrow.send(&mut outbox)?;
    if linked.merges.count() > 0 {
        sweep(sources, pass, linked, threads, &byrow)?;
    }
    Ok(byrow.finish())
}

fn sweep(
    sources: &[SourcePlan],
    pass: &Pass,
    linked: &Linked,
    threads: usize,
    byrow: &ByRow,
) -> Result<(), Failure> {
    ordered(
        threads,
        Blocks::new(sources, pass, |source| source.is_contacts()),
        || (byrow.outbox(), Cells::new()),
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
                    outbox.push(first, |out| write_row(out, row, source.index, &split, entry));
                }
            }
            byrow.send(outbox)
        },
        |()| Ok(()),
    )
}

/// The temporary data do not fit the sources.
pub(super) fn damaged() -> Failure {
    Failure::run("a temporary file is damaged").hint("run again; if it happens twice, please report it")
}

/// A block of the second pass with what the first found out about it.
pub(super) struct Sheeted {
    pub(super) source: usize,
    pub(super) block: Block,
    pub(super) first_row: RowId,
    pub(super) rows: u32,
    pub(super) sheet: Vec<u8>,
}

/// Reads sources and sheet side by side, front to back.
pub(super) struct Blocks<'a> {
    sources: &'a [SourcePlan],
    pass: &'a Pass,
    wanted: fn(&SourcePlan) -> bool,
    /// Sources still to be read, the next one last.
    waiting: Vec<usize>,
    open: Option<(usize, crate::source::Blocks<'a>)>,
    sheet: SheetReader<'a>,
    next_row: RowId,
}

impl<'a> Blocks<'a> {
    /// The blocks of the sources that `wanted` names; the sheet of all others is passed over.
    pub(super) fn new(sources: &'a [SourcePlan], pass: &'a Pass, wanted: fn(&SourcePlan) -> bool) -> Self {
        let mut waiting = reading_order(sources);
        waiting.reverse();
        Self { sources, pass, wanted, waiting, open: None, sheet: pass.sheet.reader(), next_row: 0 }
    }

    fn advance(&mut self) -> Result<Option<Sheeted>, Failure> {
        loop {
            let Some((source, blocks)) = &mut self.open else {
                let Some(source) = self.waiting.pop() else { return Ok(None) };
                let range = self.pass.ranges[source];
                if (self.wanted)(&self.sources[source]) {
                    self.next_row = range.first;
                    self.open = Some((source, self.sources[source].input.blocks(BLOCK)));
                } else {
                    for _ in 0..range.blocks {
                        self.sheet.read()?;
                    }
                }
                continue;
            };
            let source = *source;
            let range = self.pass.ranges[source];
            let Some(block) = blocks.next().transpose()? else {
                if self.next_row != range.first + range.rows {
                    return Err(changed(self.sources[source].name()));
                }
                self.open = None;
                continue;
            };
            let rows = rows_of(&block);
            let first_row = self.next_row;
            self.next_row += rows;
            if self.next_row > range.first + range.rows {
                return Err(changed(self.sources[source].name()));
            }
            let sheet = self.sheet.read()?.ok_or_else(damaged)?.to_vec();
            return Ok(Some(Sheeted { source, block, first_row, rows, sheet }));
        }
    }
}

impl Iterator for Blocks<'_> {
    type Item = Result<Sheeted, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}

fn changed(source: &str) -> Failure {
    Failure::run("the file changed while it was read; nothing was published")
        .at(source)
        .hint("run again when nobody writes to it")
}

fn write_row(out: &mut Vec<u8>, row: RowId, source: u16, cells: &Row<'_>, sheet: &[u8]) {
    out.push(0);
    out.extend_from_slice(&row.to_be_bytes());
    out.extend_from_slice(&source.to_le_bytes());
    out.extend_from_slice(&(sheet.len() as u32).to_le_bytes());
    out.extend_from_slice(sheet);
    for cell in cells.iter() {
        out.extend_from_slice(&(cell.len() as u32).to_le_bytes());
        out.extend_from_slice(cell.as_bytes());
    }
}

/// Cuts a stored row into its cells.
pub(super) fn read_cells<'a>(mut bytes: &'a [u8], cells: &mut Vec<&'a str>) -> Option<()> {
    while !bytes.is_empty() {
        let length = u32::from_le_bytes(take(&mut bytes, 4)?.try_into().ok()?) as usize;
        cells.push(std::str::from_utf8(take(&mut bytes, length)?).ok()?);
    }
    Some(())
}

fn write_merge(out: &mut Vec<u8>, merge: &Merge) {
    out.push(1);
    out.extend_from_slice(&merge.row.to_be_bytes());
    out.extend_from_slice(&[merge.rule as u8, merge.strength as u8]);
    out.extend_from_slice(&merge.matched_with.to_le_bytes());
}

/// Reads what waits beside a first row.
pub(super) fn read_beside(first: RowId, item: &[u8]) -> Option<Beside<'_>> {
    let (tag, mut rest) = item.split_first()?;
    let bytes = &mut rest;
    let u32_be = |bytes: &mut &[u8]| Some(u32::from_be_bytes(take(bytes, 4)?.try_into().ok()?));
    Some(match tag {
        0 => {
            let row = u32_be(bytes)?;
            let source = u16::from_le_bytes(take(bytes, 2)?.try_into().ok()?);
            let length = u32::from_le_bytes(take(bytes, 4)?.try_into().ok()?) as usize;
            let sheet = take(bytes, length)?;
            Beside::Row(row, source, rest, sheet)
        }
        1 => {
            let row = u32_be(bytes)?;
            let kinds = take(bytes, 2)?;
            Beside::Merge(Merge {
                row,
                first,
                rule: *KeyKind::ALL.get(usize::from(kinds[0]))?,
                strength: *Agreement::ALL.get(usize::from(kinds[1]))?,
                matched_with: u32::from_le_bytes(take(bytes, 4)?.try_into().ok()?),
            })
        }
        _ => {
            let row = RowId::from_le_bytes(take(bytes, 4)?.try_into().ok()?);
            let kinds = take(bytes, 2)?;
            Beside::Held(HeldApart {
                row,
                kind: *KeyKind::ALL.get(usize::from(kinds[0]))?,
                by: *Guarded::ALL.get(usize::from(kinds[1]))?,
            })
        }
    })
}
