//! The sources read again beside the row sheet: blocks whose records are known already.

use crate::pipeline::check::first_pass::Pass;
use crate::pipeline::kit::blocks::{BLOCK, rows_of};
use crate::pipeline::kit::row_sheet::damaged;
use crate::pipeline::understand::sources::{SourcePlan, reading_order};
use crate::record::{Failure, RowId};
use crate::source::Block;
use crate::spill::LogReader;

/// A block of the second pass with what the first found out about it.
pub(crate) struct Sheeted {
    pub(crate) source: usize,
    pub(crate) block: Block,
    pub(crate) first_row: RowId,
    pub(crate) rows: u32,
    pub(crate) sheet: Vec<u8>,
}

/// Reads sources and sheet side by side, front to back.
pub(crate) struct SheetedBlocks<'a> {
    sources: &'a [SourcePlan],
    pass: &'a Pass,
    wanted: fn(&SourcePlan) -> bool,
    /// Sources still to be read, the next one last.
    waiting: Vec<usize>,
    open: Option<(usize, crate::source::Blocks<'a>)>,
    sheet: LogReader<'a>,
    next_row: RowId,
}

impl<'a> SheetedBlocks<'a> {
    /// The blocks of the sources that `wanted` names; the sheet of all others is passed over.
    pub(crate) fn new(sources: &'a [SourcePlan], pass: &'a Pass, wanted: fn(&SourcePlan) -> bool) -> Self {
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

impl Iterator for SheetedBlocks<'_> {
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
