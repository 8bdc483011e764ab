//! Records on their way to a row: written in any order by many workers, read front to back in row order.
//!
//! A spill whose partitions are ranges of consecutive rows. What belongs to one row is read back sorted by its bytes,
//! so that neither threads nor partitions show. Records are bytes, or of one type that knows how to be bytes.

use super::{Budget, Partitions, Spill};
use crate::record::{Failure, RowId};
use std::marker::PhantomData;
use std::path::Path;

const SMALLEST_RANGE: u32 = 1 << 15;

const MOST_RANGES: u32 = 512;

/// A record that belongs to a row.
pub trait RowRecord: Sized {
    /// The row it belongs to.
    fn row(&self) -> RowId;
    /// Appends all but the row; records of a row are sorted by these bytes.
    fn encode(&self, out: &mut Vec<u8>);
    /// Reads it back; `None` if the bytes are none of ours.
    fn decode(row: RowId, bytes: &[u8]) -> Option<Self>;
}

/// Records being written.
#[derive(Debug)]
pub struct RowSpill<T: ?Sized = [u8]> {
    spill: Spill,
    range: u32,
    of: PhantomData<T>,
}

/// Records of one worker that are not spilled yet, a buffer per range of rows.
#[derive(Debug)]
pub struct RowBuffers<T: ?Sized = [u8]> {
    buffers: Vec<Vec<u8>>,
    range: u32,
    of: PhantomData<T>,
}

impl<T: ?Sized> RowSpill<T> {
    /// For a table of `rows` rows; the file, if it comes to need one, lies in `dir`.
    pub fn new(dir: &Path, budget: &Budget, rows: RowId) -> Self {
        let range = (rows / MOST_RANGES + 1).next_power_of_two().max(SMALLEST_RANGE);
        let spill = Spill::new(dir, rows.div_ceil(range).max(1) as usize, budget);
        Self { spill, range, of: PhantomData }
    }

    /// Empty buffers for a worker.
    pub fn buffers(&self) -> RowBuffers<T> {
        RowBuffers { buffers: vec![Vec::new(); self.spill.count()], range: self.range, of: PhantomData }
    }

    /// Takes what lies in a worker's buffers, which are empty afterwards; fails where it cannot be written to disk.
    pub fn take(&self, buffers: &mut RowBuffers<T>) -> Result<(), Failure> {
        self.spill.append_all(&mut buffers.buffers)
    }

    /// Ends the writing.
    pub fn finish(self) -> ByRow<T> {
        ByRow { partitions: self.spill.into_partitions(), of: PhantomData }
    }
}

impl<T: ?Sized> RowBuffers<T> {
    /// Adds what `write` appends as a record of that row.
    pub fn write(&mut self, row: RowId, write: impl FnOnce(&mut Vec<u8>)) {
        let range = ((row / self.range) as usize).min(self.buffers.len() - 1);
        let buffer = &mut self.buffers[range];
        buffer.extend_from_slice(&row.to_le_bytes());
        let length_at = buffer.len();
        buffer.extend_from_slice(&[0; 4]);
        write(buffer);
        let length = (buffer.len() - length_at - 4) as u32;
        buffer[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
    }
}

impl<T: RowRecord> RowBuffers<T> {
    /// Adds a record.
    pub fn push(&mut self, record: T) {
        self.write(record.row(), |out| record.encode(out));
    }
}

/// Records of all rows, in ranges that follow one another in row order.
#[derive(Debug)]
pub struct ByRow<T: ?Sized = [u8]> {
    partitions: Partitions,
    of: PhantomData<T>,
}

impl<T: ?Sized> ByRow<T> {
    /// Number of ranges of rows.
    pub fn ranges(&self) -> usize {
        self.partitions.count()
    }

    /// The records of range `i`, by row; fails where they cannot be read back.
    pub fn range(&self, i: usize) -> Result<RowItems, Failure> {
        Ok(RowItems::sorted(self.partitions.read(i)?))
    }

    /// Reads front to back; frees what was read.
    pub fn cursor(&self) -> RowCursor<'_, T> {
        RowCursor { of: self, next_range: 0, items: RowItems::default(), at: 0 }
    }
}

impl<T: RowRecord> ByRow<T> {
    /// Hands on every record once, in row order, one range in RAM at a time; fails where records cannot be read back,
    /// or `f` fails.
    pub fn each(&self, mut f: impl FnMut(T) -> Result<(), Failure>) -> Result<(), Failure> {
        for i in 0..self.ranges() {
            let (items, mut last) = (self.range(i)?, None);
            for item in items.iter().filter(|item| last.replace(*item) != Some(*item)) {
                let record = T::decode(item.0, item.1);
                f(record.ok_or_else(|| Failure::run("a temporary record is damaged"))?)?;
            }
        }
        Ok(())
    }

    /// All records in row order, in RAM; fails where they cannot be read back.
    pub fn all(&self) -> Result<Vec<T>, Failure> {
        let mut all = Vec::new();
        self.each(|record| {
            all.push(record);
            Ok(())
        })?;
        Ok(all)
    }
}

/// The bytes of records, in row order.
#[derive(Debug, Default)]
pub struct RowItems {
    bytes: Vec<u8>,
    index: Vec<(RowId, usize, usize)>,
}

impl RowItems {
    fn sorted(bytes: Vec<u8>) -> Self {
        let mut index = Vec::new();
        let mut rest = &bytes[..];
        while let Some((row, length)) = next(&mut rest) {
            let end = bytes.len() - rest.len();
            index.push((row, end - length, end));
        }
        index.sort_unstable_by(|a, b| {
            let item = |i: &(RowId, usize, usize)| &bytes[i.1..i.2];
            (a.0, item(a)).cmp(&(b.0, item(b)))
        });
        Self { bytes, index }
    }

    /// Every record with its row, in row order.
    pub fn iter(&self) -> impl Iterator<Item = (RowId, &[u8])> {
        self.index.iter().map(|(row, from, to)| (*row, &self.bytes[*from..*to]))
    }

    /// Reads front to back, row by row.
    pub fn walk(&self) -> RowWalk<'_> {
        RowWalk { items: self, at: 0 }
    }

    /// The records of one row.
    pub fn of(&self, row: RowId) -> impl Iterator<Item = &[u8]> {
        let at = self.index.partition_point(|i| i.0 < row);
        RowWalk { items: self, at }.next(row)
    }
}

/// Gives the records of ascending rows.
#[derive(Debug)]
pub struct RowWalk<'a> {
    items: &'a RowItems,
    at: usize,
}

impl<'a> RowWalk<'a> {
    /// The records of a row; those of earlier rows are passed over for good.
    pub fn next(&mut self, row: RowId) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let RowItems { bytes, index } = self.items;
        let of = |from: usize, take: &dyn Fn(RowId) -> bool| {
            from + index[from..].iter().take_while(|i| take(i.0)).count()
        };
        let start = of(self.at, &|r| r < row);
        self.at = of(start, &|r| r == row);
        index[start..self.at].iter().map(move |(_, from, to)| &bytes[*from..*to])
    }
}

/// Row and length of the next record.
fn next(rest: &mut &[u8]) -> Option<(RowId, usize)> {
    let (row, after) = rest.split_first_chunk::<4>()?;
    let (length, after) = after.split_first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length) as usize;
    *rest = after.get(length..)?;
    Some((RowId::from_le_bytes(*row), length))
}

/// Reads records front to back.
#[derive(Debug)]
pub struct RowCursor<'a, T: ?Sized = [u8]> {
    of: &'a ByRow<T>,
    next_range: usize,
    items: RowItems,
    at: usize,
}

impl<T: ?Sized> RowCursor<'_, T> {
    /// The records of all rows before `end` that were not read yet; fails where they cannot be read back.
    pub fn until(&mut self, end: RowId) -> Result<RowItems, Failure> {
        let mut out = RowItems::default();
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
            if self.next_range >= self.of.ranges() {
                return Ok(out);
            }
            self.items = self.of.range(self.next_range)?;
            self.of.partitions.free(self.next_range);
            self.next_range += 1;
            self.at = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, RowSpill};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn items_arrive_sorted_whatever_the_order_and_the_budget(
            sent in prop::collection::vec((0u32..200_000, prop::collection::vec(any::<u8>(), 0..9)), 0..80),
            mut cuts in prop::collection::vec(0u32..200_000, 0..5),
            budget in prop::sample::select(vec![0usize, 1 << 20]),
        ) {
            let spill: RowSpill = RowSpill::new(&std::env::temp_dir(), &Budget::new(budget), 200_000);
            let mut buffers = spill.buffers();
            for (i, (row, item)) in sent.iter().enumerate() {
                buffers.write(*row, |out| out.extend_from_slice(item));
                if i % 3 == 0 {
                    spill.take(&mut buffers).unwrap();
                }
            }
            spill.take(&mut buffers).unwrap();
            let sorted = spill.finish();
            let mut cursor = sorted.cursor();
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
