//! Temporary data too large for RAM: partitioned [`Spill`]s, [`RowSpill`]s in row order, sequential [`AppendLog`]s.
//!
//! Knows bytes, a directory and a budget; knows nothing of what lies in the bytes. Files are made private
//! (0600 where the system has modes) and have no name from the moment they exist, so nobody else can open
//! them and nothing is left behind by a crash.

mod append_log;
mod partitions;
mod row_spill;
mod temp;

pub use append_log::{AppendLog, LogReader};
pub use partitions::{Partitions, Spill};
pub use row_spill::{ByRow, RowBuffers, RowItems, RowRecord, RowSpill, RowWalk};

use crate::record::Failure;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use temp::{Extent, Temp};

/// How many bytes several spills and logs together may keep in RAM before they go to disk.
///
/// Cloning shares the budget. Beside it every partition that went to disk keeps a write buffer of at most
/// [`Budget::WRITE_BUFFER`] bytes.
#[derive(Debug, Clone)]
pub struct Budget {
    left: Arc<AtomicUsize>,
}

impl Budget {
    /// Bytes of the write buffer of a partition or log that has gone to disk.
    pub const WRITE_BUFFER: usize = 16 << 10;

    /// A budget of this many bytes.
    pub fn new(bytes: usize) -> Self {
        Self { left: Arc::new(AtomicUsize::new(bytes)) }
    }

    /// Bytes not taken yet.
    pub fn left(&self) -> usize {
        self.left.load(Ordering::Relaxed)
    }

    /// Takes `bytes`, or nothing and says no.
    fn take(&self, bytes: usize) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes)).is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.left.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// Pieces of RAM taken from a budget, given back when they go; they grow with what is held and are never copied.
#[derive(Debug)]
struct RamPieces {
    pieces: Vec<Vec<u8>>,
    len: usize,
    taken: usize,
    budget: Budget,
}

impl RamPieces {
    const SMALLEST: usize = 4 << 10;
    const LARGEST: usize = 1 << 20;

    fn new(budget: &Budget) -> Self {
        Self { pieces: Vec::new(), len: 0, taken: 0, budget: budget.clone() }
    }

    /// The piece to write `more` bytes to, which stay together; `None` when the budget has no room.
    fn piece(&mut self, more: usize) -> Option<&mut Vec<u8>> {
        if self.pieces.last().is_none_or(|last| last.capacity() - last.len() < more) {
            let size = (self.len / 2).clamp(Self::SMALLEST, Self::LARGEST).max(more);
            if !self.budget.take(size) {
                return None;
            }
            self.taken += size;
            self.pieces.push(Vec::with_capacity(size));
        }
        self.len += more;
        self.pieces.last_mut()
    }

    /// Lets go of the bytes and what they took.
    fn release(&mut self) {
        self.pieces = Vec::new();
        self.budget.give_back(self.taken);
        (self.len, self.taken) = (0, 0);
    }
}

impl Drop for RamPieces {
    fn drop(&mut self) {
        self.budget.give_back(self.taken);
    }
}

/// Appends in order: in RAM while the budget lasts, then in a file behind a buffer. One append stays together.
#[derive(Debug)]
struct Stored {
    ram: RamPieces,
    disk: Vec<Extent>,
    /// What waits to be written to disk, once the budget had no more RAM.
    tail: Option<Vec<u8>>,
    buffer: usize,
}

impl Stored {
    /// Nothing yet; `buffer` bytes wait before they are written to disk.
    fn new(budget: &Budget, buffer: usize) -> Self {
        Self { ram: RamPieces::new(budget), disk: Vec::new(), tail: None, buffer }
    }

    /// Adds these parts, one behind the other.
    fn append(&mut self, parts: &[&[u8]], temp: &Temp) -> Result<(), Failure> {
        let size = parts.iter().map(|part| part.len()).sum();
        if self.tail.is_none() {
            if let Some(piece) = self.ram.piece(size) {
                parts.iter().for_each(|part| piece.extend_from_slice(part));
                return Ok(());
            }
            for piece in &self.ram.pieces {
                self.disk.push(temp.append(piece)?);
            }
            self.ram.release();
        }
        let tail = self.tail.get_or_insert_default();
        if !tail.is_empty() && tail.len() + size > self.buffer {
            self.disk.push(temp.append(tail)?);
            tail.clear();
        }
        parts.iter().for_each(|part| tail.extend_from_slice(part));
        if tail.len() > self.buffer {
            // More than a buffer at once does not stay in RAM.
            self.disk.push(temp.append(tail)?);
            *tail = Vec::new();
        }
        Ok(())
    }

    fn len(&self) -> usize {
        let tail = self.tail.as_ref().map_or(0, Vec::len);
        self.disk.iter().map(|extent| extent.len).sum::<usize>() + self.ram.len + tail
    }

    /// What is not on disk: nothing of it is both in pieces and in the tail.
    fn in_ram(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.ram.pieces.iter().chain(&self.tail)
    }

    fn release(&mut self) {
        self.ram.release();
        (self.disk, self.tail) = (Vec::new(), None);
    }
}
