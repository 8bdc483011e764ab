//! Blocks of a source as jobs for workers: their size, and the range of row numbers in one.

use crate::record::RowId;
use crate::source::{Block, State};

/// Bytes of a block: small enough to stay in a cache, large enough that hand-over costs nothing.
pub(crate) const BLOCK: usize = 1 << 18;

/// Where the rows of a source stand in the run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) first: RowId,
    pub(crate) rows: u32,
    pub(crate) blocks: u32,
    /// Rows that are neither a contact's nor rejected.
    pub(crate) outside: u32,
}

/// How many rows a block holds: every record but the header.
pub(crate) fn rows_of(block: &Block) -> u32 {
    block.records.iter().filter(|r| r.state != State::Header).count() as u32
}
