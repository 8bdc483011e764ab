//! Temporary data too large for RAM: hash-partitioned [`Spill`]s and sequential [`Sheet`]s.
//!
//! Knows bytes, a directory and a budget; knows nothing of what lies in the bytes. Files are made private
//! (0600 where the system has modes) and have no name from the moment they exist, so nobody else can open
//! them and nothing is left behind by a crash.

mod partitions;
mod sheet;
mod temp;

pub use partitions::{Partitions, Spill};
pub use sheet::{Sheet, SheetReader};

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes several spills and sheets together may keep in RAM before they go to disk.
///
/// Cloning shares the budget. Beside it every partition that went to disk keeps a write buffer of at most
/// [`Budget::WRITE_BUFFER`] bytes.
#[derive(Debug, Clone)]
pub struct Budget {
    left: Arc<AtomicUsize>,
}

impl Budget {
    /// Bytes of the write buffer of a partition or sheet that has gone to disk.
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

/// Pieces of RAM that are taken from a budget and given back when they go. Pieces grow with what is held and never
/// move: what was written once is not copied to make room for more.
#[derive(Debug)]
struct Held {
    pieces: Vec<Vec<u8>>,
    len: usize,
    taken: usize,
    budget: Budget,
}

impl Held {
    const SMALLEST: usize = 4 << 10;
    const LARGEST: usize = 1 << 20;

    fn new(budget: &Budget) -> Self {
        Self { pieces: Vec::new(), len: 0, taken: 0, budget: budget.clone() }
    }

    /// Makes room for `more` bytes that stay together and gives the piece to write them to; `None` when the
    /// budget has none.
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

impl Drop for Held {
    fn drop(&mut self) {
        self.budget.give_back(self.taken);
    }
}
