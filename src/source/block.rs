//! Owned blocks of records, and the last word on each record: is it a row?
//!
//! Knows the dialect; not how blocks are cut, not what a cell means.

use crate::reason::Reason;
use crate::source::dialect::Dialect;
use crate::source::record_shape::{Record, State};
use crate::source::split::{Cells, Row, split};
use crate::source::stray_headings::heading;

/// A stretch of a file that begins and ends at record boundaries.
#[derive(Debug, Default)]
pub struct Block {
    /// The records in file order; blank lines are none.
    pub records: Vec<Record>,
    /// Blank lines among them.
    pub blank_lines: u32,
    pub(crate) text: String,
}

impl Block {
    /// The bytes of the block, as UTF-8.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The record as it stands in the file (in UTF-8), without its line end.
    pub fn original(&self, record: &Record) -> &str {
        self.text.get(record.start as usize..record.end as usize).unwrap_or_default()
    }

    /// The record's cells and what it finally is: the scanner's word, then whether it repeats the header or is a
    /// heading of its own, and whether the number of its cells fits.
    pub fn row<'a>(&'a self, record: &Record, dialect: &Dialect, cells: &'a mut Cells) -> (State, Row<'a>) {
        let text = self.original(record);
        let row = split(text, &dialect.syntax, record.reading, cells);
        let state = match record.state {
            State::Row | State::Repaired(_) if dialect.repeats_header(text) => {
                State::Rejected(Reason::RowHeaderRepeated)
            }
            good @ (State::Row | State::Repaired(_)) => {
                // A first line that was taken for the header, and is a row after all, stands amid nothing.
                let amid = record.line > 1;
                match amid.then(|| heading(text, &row, &dialect.header_cells)).flatten() {
                    Some(reason) => State::Rejected(reason),
                    None => dialect.shape.judge(&row, good),
                }
            }
            other => other,
        };
        (state, row)
    }
}
