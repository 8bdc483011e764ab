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

/// A buffer whose capacity is taken from a budget and given back when it goes.
#[derive(Debug)]
struct Held {
    bytes: Vec<u8>,
    taken: usize,
    budget: Budget,
}

impl Held {
    fn new(budget: &Budget) -> Self {
        Self { bytes: Vec::new(), taken: 0, budget: budget.clone() }
    }

    /// Makes room for `more` bytes within the budget; says no when the budget has none.
    fn reserve(&mut self, more: usize) -> bool {
        let wanted = self.bytes.len().saturating_add(more);
        if wanted <= self.bytes.capacity() {
            return true;
        }
        let capacity = wanted.max(self.bytes.capacity().saturating_mul(3) / 2).max(4 << 10);
        if !self.budget.take(capacity - self.taken) {
            return false;
        }
        self.bytes.reserve_exact(capacity - self.bytes.len());
        self.taken = capacity;
        true
    }

    /// Lets go of the bytes and what they took.
    fn release(&mut self) {
        self.bytes = Vec::new();
        self.budget.give_back(self.taken);
        self.taken = 0;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.budget.give_back(self.taken);
    }
}
