//! Facts on their way to a row: written in any order by many workers, read front to back in row order.
//!
//! A hash-free spill whose partitions are runs of consecutive rows. What one row was sent is read back sorted
//! by its bytes, so that neither threads nor partitions show.

use crate::pipeline::kit::row_sheet::take;
use crate::pipeline::kit::run::Scratch;
use crate::record::{Failure, RowId};
use crate::spill::{Partitions, Spill};

/// Items for rows, being written.
#[derive(Debug)]
pub(crate) struct ByRow {
    spill: Spill,
    run: u32,
}

/// What a worker has to send, a buffer per run of rows.
#[derive(Debug)]
pub(crate) struct Outbox {
    buffers: Vec<Vec<u8>>,
    run: u32,
}

const SMALLEST_RUN: u32 = 1 << 15;

const MOST_RUNS: u32 = 512;

impl ByRow {
    /// For a table of `rows` rows.
    pub(crate) fn new(scratch: Scratch<'_>, rows: RowId) -> Self {
        let run = (rows / MOST_RUNS + 1).next_power_of_two().max(SMALLEST_RUN);
        Self { spill: Spill::new(scratch.dir, rows.div_ceil(run).max(1) as usize, scratch.budget), run }
    }

    /// An empty outbox.
    pub(crate) fn outbox(&self) -> Outbox {
        Outbox { buffers: vec![Vec::new(); self.spill.count()], run: self.run }
    }

    /// Sends what lies in an outbox and empties it.
    pub(crate) fn send(&self, outbox: &mut Outbox) -> Result<(), Failure> {
        self.spill.append_all(&mut outbox.buffers)
    }

    /// Ends the writing.
    pub(crate) fn finish(self) -> Sorted {
        Sorted { partitions: self.spill.into_partitions() }
    }
}

impl Outbox {
    /// Adds an item for a row.
    pub(crate) fn push(&mut self, row: RowId, write: impl FnOnce(&mut Vec<u8>)) {
        let buffer = &mut self.buffers[(row / self.run) as usize];
        buffer.extend_from_slice(&row.to_le_bytes());
        let length_at = buffer.len();
        buffer.extend_from_slice(&[0; 4]);
        write(buffer);
        let length = (buffer.len() - length_at - 4) as u32;
        buffer[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
    }
}

/// Items for rows, written.
#[derive(Debug)]
pub(crate) struct Sorted {
    partitions: Partitions,
}

impl Sorted {
    /// Number of runs of rows.
    pub(crate) fn runs(&self) -> usize {
        self.partitions.count()
    }

    /// The items of run `i`, by row.
    pub(crate) fn run(&self, i: usize) -> Result<Items, Failure> {
        Ok(Items::sorted(self.partitions.read(i)?))
    }

    /// Reads front to back; frees what was read.
    pub(crate) fn cursor(&self) -> Cursor<'_> {
        Cursor { sorted: self, next_run: 0, items: Items::default(), at: 0 }
    }
}

/// Items in row order.
#[derive(Debug, Default)]
pub(crate) struct Items {
    bytes: Vec<u8>,
    index: Vec<(RowId, usize, usize)>,
}

impl Items {
    fn sorted(bytes: Vec<u8>) -> Self {
        let mut index = Vec::new();
        let mut rest = &bytes[..];
        while let Some((row, item)) = next(&mut rest) {
            let end = bytes.len() - rest.len();
            index.push((row, end - item, end));
        }
        index.sort_unstable_by(|a, b| {
            let item = |i: &(RowId, usize, usize)| &bytes[i.1..i.2];
            (a.0, item(a)).cmp(&(b.0, item(b)))
        });
        Self { bytes, index }
    }

    /// Every item with its row, in row order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (RowId, &[u8])> {
        self.index.iter().map(|(row, from, to)| (*row, &self.bytes[*from..*to]))
    }

    /// Reads front to back, row by row.
    pub(crate) fn walk(&self) -> Walk<'_> {
        Walk { items: self, at: 0 }
    }

    /// The items of one row.
    pub(crate) fn of(&self, row: RowId) -> impl Iterator<Item = &[u8]> {
        let at = self.index.partition_point(|i| i.0 < row);
        Walk { items: self, at }.next(row)
    }
}

/// Gives the items of ascending rows.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    items: &'a Items,
    at: usize,
}

impl<'a> Walk<'a> {
    /// The items of a row; those of earlier rows are passed over for good.
    pub(crate) fn next(&mut self, row: RowId) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let Items { bytes, index } = self.items;
        let of = |from: usize, take: &dyn Fn(RowId) -> bool| {
            from + index[from..].iter().take_while(|i| take(i.0)).count()
        };
        let start = of(self.at, &|r| r < row);
        self.at = of(start, &|r| r == row);
        index[start..self.at].iter().map(move |(_, from, to)| &bytes[*from..*to])
    }
}

fn next(rest: &mut &[u8]) -> Option<(RowId, usize)> {
    let head = take(rest, 8)?;
    let row = RowId::from_le_bytes(head[..4].try_into().ok()?);
    let length = u32::from_le_bytes(head[4..].try_into().ok()?) as usize;
    take(rest, length).map(|item| (row, item.len()))
}

/// Reads items front to back.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    sorted: &'a Sorted,
    next_run: usize,
    items: Items,
    at: usize,
}

impl Cursor<'_> {
    /// The items of all rows before `end` that were not read yet.
    pub(crate) fn until(&mut self, end: RowId) -> Result<Items, Failure> {
        let mut out = Items::default();
        loop {
            while let Some(&(row, from, to)) = self.items.index.get(self.at) {
                if row >= end {
                    return Ok(out);
                }
                let start = out.bytes.len();
                out.bytes.extend_from_slice(&self.items.bytes[from..to]);
                out.index.push((row, start, start + to - from));
                self.at += 1;
            }
            if self.next_run >= self.sorted.runs() {
                return Ok(out);
            }
            self.items = self.sorted.run(self.next_run)?;
            self.sorted.partitions.free(self.next_run);
            self.next_run += 1;
            self.at = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ByRow, Scratch};
    use crate::spill::Budget;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn items_arrive_sorted_whatever_the_order_and_the_budget(
            sent in prop::collection::vec((0u32..200_000, prop::collection::vec(any::<u8>(), 0..9)), 0..80),
            cuts in prop::collection::vec(0u32..200_000, 0..5),
            budget in prop::sample::select(vec![0usize, 1 << 20]),
        ) {
            let byrow = ByRow::new(Scratch { dir: &std::env::temp_dir(), budget: &Budget::new(budget) }, 200_000);
            let mut outbox = byrow.outbox();
            for (i, (row, item)) in sent.iter().enumerate() {
                outbox.push(*row, |out| out.extend_from_slice(item));
                if i % 3 == 0 {
                    byrow.send(&mut outbox).unwrap();
                }
            }
            byrow.send(&mut outbox).unwrap();
            let sorted = byrow.finish();
            let mut cursor = sorted.cursor();
            let mut cuts = cuts;
            cuts.sort_unstable();
            cuts.push(u32::MAX);
            let mut got = Vec::new();
            for cut in cuts {
                let items = cursor.until(cut).unwrap();
                for (row, item) in items.iter() {
                    prop_assert!(row < cut);
                    prop_assert!(items.walk().next(row).any(|i| i == item));
                    got.push((row, item.to_vec()));
                }
            }
            let mut expected = sent;
            expected.sort();
            prop_assert_eq!(got, expected);
        }
    }
}
