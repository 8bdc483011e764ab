//! The shape of records: what a record is, where it lies in its block, and how many cells it should have.

use crate::reason::Reason;
use crate::source::split::Row;
use crate::source::syntax::Reading;

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A row whose cells can be trusted.
    Row,
    /// A row that was read only with a repair; its cells can be trusted.
    Repaired(Reason),
    /// A record whose cells cannot be trusted, or that is no data. It still can be split and looked at: a
    /// refusal may stand in it.
    Rejected(Reason),
    /// The header, or a `sep=` line: part of the file's make, no row.
    Header,
}

/// One record of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// Byte offset in the block of its first byte.
    pub start: u32,
    /// Byte offset behind its last byte; its line end is not part of it.
    pub end: u32,
    /// Physical line on which it starts; the first line of the file is 1.
    pub line: u32,
    /// What the scanner saw; whether the number of cells fits is told by [`Block::row`](crate::source::Block::row).
    pub state: State,
    /// How its quotes are taken.
    pub reading: Reading,
}

/// How many cells a record should have, and what else the sample showed that makes other numbers harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordShape {
    /// Columns of the header, or the usual number of cells without one; 0: not known, everything fits.
    pub columns: u32,
    /// Columns up to the last one that has a name.
    pub named: u32,
    /// The number of cells most rows have.
    pub usual: u32,
    /// Whether rows commonly hold something in columns behind the named ones.
    pub unnamed_used: bool,
    /// No row of the sample ended (its last cell that is not empty) before this column, counted from 1.
    pub least_filled: u32,
    /// Whether the file leaves out empty cells at the end of a row: short rows, and no full row that ends
    /// with an empty cell.
    pub trims: bool,
}

impl RecordShape {
    /// Whether a row of these cells has the right number of them, so that each stands under its own name.
    ///
    /// Empty cells too many are harmless only if they cannot be the mark of cells pushed to the right: when a
    /// row that ended so much further left would be shorter than any row of the sample.
    pub fn fits(&self, row: &Row<'_>) -> bool {
        let len = row.len() as u32;
        if self.columns == 0 || (len == self.columns && self.named == self.columns) {
            return true;
        }
        if len < self.named {
            return false;
        }
        let filled = row.filled() as u32;
        if filled > self.columns || (filled > self.named && !self.unnamed_used) {
            return false;
        }
        let usual = if self.usual < self.named { self.columns } else { self.usual };
        len <= usual || filled < len - usual + self.least_filled
    }

    /// `good` if the number of cells is right, else what a short or long row is.
    pub(crate) fn judge(&self, row: &Row<'_>, good: State) -> State {
        if self.fits(row) {
            return good;
        }
        let len = row.len();
        if self.trims && len > 1 && len < self.named as usize && row.filled() == len && good == State::Row {
            return State::Repaired(Reason::RowTrimmed);
        }
        State::Rejected(Reason::RowRagged)
    }
}
