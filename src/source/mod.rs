//! Bytes to rows: opening, encoding, dialect, records, cells.
//!
//! Knows the make of files; not what a column means, nor whether a value is valid.
//! A file becomes UTF-8 text once ([`open`]), is looked at by its head and tail ([`Dialect`]), and is then read
//! front to back as often as wanted ([`Input::blocks`]), always with the same records.

mod block;
mod dialect;
mod encoding;
mod fast;
pub(crate) mod header;
mod intake;
pub(crate) mod jsonl;
mod no_table;
mod open;
mod read;
mod record_shape;
mod recover;
mod rules;
mod scan;
mod sniff;
mod split;
mod stray_headings;
mod stream;
mod syntax;
mod tail;
mod zstandard;

pub use block::Block;
pub use dialect::{Dialect, LineEnds};
pub use encoding::{Encoding, EncodingProof};
pub use open::{Input, Origin, open};
pub use read::Blocks;
pub use record_shape::{Record, RecordShape, State};
pub use split::{Cells, Row, split};
pub use stream::{Piece, Stream, Watched};
pub use syntax::{Reading, Syntax};

/// Caps that keep one damaged spot from taking the rest of a file, or all memory, with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest cell in bytes. Excel cells end at 32,767 characters; notes with mail threads are longer.
    pub cell_bytes: usize,
    /// Longest record in bytes, below 1 GiB; 100,000 columns of 100 bytes fit. Memory grows with it only where
    /// such records are.
    pub record_bytes: usize,
    /// Most line ends in one cell.
    pub lines_per_cell: usize,
    /// How far behind an unclosed quote the reader looks for its end, in bytes.
    pub recover_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cell_bytes: 1024 * 1024,
            record_bytes: 16 * 1024 * 1024,
            lines_per_cell: 5_000,
            recover_bytes: 1024 * 1024,
        }
    }
}
