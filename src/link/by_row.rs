//! Results of linking as small records, kept in temporary files by ranges of rows and read in row order.

use super::agree::Agreement;
use super::posting::KeyKind;
use crate::reason::Reason;
use crate::record::{Failure, RowId, words};
use crate::spill::{Budget, Partitions, Spill};
use std::marker::PhantomData;
use std::path::Path;

/// Which rows go to which partition: equal ranges of rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowRanges {
    span: u32,
    pub(super) count: usize,
}

impl RowRanges {
    pub(super) fn new(rows: u32, count: usize) -> Self {
        let span = rows.div_ceil(u32::try_from(count).unwrap_or(u32::MAX)).max(1);
        Self { span, count }
    }

    pub(super) fn of(self, row: RowId) -> usize {
        ((row / self.span) as usize).min(self.count - 1)
    }
}

/// A record of fixed length that belongs to a row.
pub trait RowRecord: Copy + Ord + Send {
    /// Encoded length in bytes, at most 16.
    const SIZE: usize;
    /// Writes the record to `SIZE` bytes.
    fn encode(self, out: &mut [u8]);
    /// Reads it back from `SIZE` bytes.
    fn decode(bytes: &[u8]) -> Self;
    /// The row it belongs to.
    fn row(self) -> RowId;
}

/// Why a row is in its contact: the best of the edges that hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    /// The row.
    pub row: RowId,
    /// The contact's first row.
    pub first: RowId,
    /// The kind of key that joined it.
    pub rule: KeyKind,
    /// How well the names agree.
    pub strength: Agreement,
    /// The row at the other end of the edge.
    pub matched_with: RowId,
}

/// Two rows that may be one person but were not joined: they share refusals, never consent. Every pair is
/// there twice, once for each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ambiguous {
    /// The row.
    pub row: RowId,
    /// Its neighbour.
    pub other: RowId,
}

/// Why a row was held apart from others that share a key with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldApart {
    /// The row.
    pub row: RowId,
    /// The kind of the shared key.
    pub kind: KeyKind,
    /// One of the `link-` reasons.
    pub by: Guarded,
}

words! {
    /// The guards of linking.
    pub enum Guarded {
        /// Too many names on the key.
        KeyShared,
        /// Names do not agree.
        NamesDiffer,
        /// Names agree, birth dates do not.
        BirthDiffers,
        /// Has no name of its own, and the key is not an e-mail address.
        Nameless,
        /// Fits two who disagree.
        Ambiguous,
        /// The contact contradicts itself.
        ContactSplit,
        /// The contact has too many rows or names.
        ContactTooLarge,
    }
}

impl Guarded {
    /// The reason to report.
    pub const fn reason(self) -> Reason {
        match self {
            Self::KeyShared => Reason::LinkKeyShared,
            Self::NamesDiffer => Reason::LinkNamesDiffer,
            Self::BirthDiffers => Reason::LinkBirthDiffers,
            Self::Nameless => Reason::LinkNameless,
            Self::Ambiguous => Reason::LinkAmbiguous,
            Self::ContactSplit => Reason::LinkContactSplit,
            Self::ContactTooLarge => Reason::LinkContactTooLarge,
        }
    }
}

fn put(out: &mut [u8], at: usize, row: RowId) {
    out[at..at + 4].copy_from_slice(&row.to_le_bytes());
}

fn get(bytes: &[u8], at: usize) -> RowId {
    let mut row = [0; 4];
    row.copy_from_slice(&bytes[at..at + 4]);
    RowId::from_le_bytes(row)
}

impl RowRecord for Merge {
    const SIZE: usize = 14;

    fn encode(self, out: &mut [u8]) {
        put(out, 0, self.row);
        put(out, 4, self.first);
        put(out, 8, self.matched_with);
        out[12] = self.rule as u8;
        out[13] = self.strength as u8;
    }

    fn decode(bytes: &[u8]) -> Self {
        Self {
            row: get(bytes, 0),
            first: get(bytes, 4),
            matched_with: get(bytes, 8),
            rule: KeyKind::from_number(bytes[12]).unwrap_or(KeyKind::NameStreet),
            strength: Agreement::from_number(bytes[13]).unwrap_or(Agreement::Veto),
        }
    }

    fn row(self) -> RowId {
        self.row
    }
}

impl RowRecord for Ambiguous {
    const SIZE: usize = 8;

    fn encode(self, out: &mut [u8]) {
        put(out, 0, self.row);
        put(out, 4, self.other);
    }

    fn decode(bytes: &[u8]) -> Self {
        Self { row: get(bytes, 0), other: get(bytes, 4) }
    }

    fn row(self) -> RowId {
        self.row
    }
}

impl RowRecord for HeldApart {
    const SIZE: usize = 6;

    fn encode(self, out: &mut [u8]) {
        put(out, 0, self.row);
        out[4] = self.kind as u8;
        out[5] = self.by as u8;
    }

    fn decode(bytes: &[u8]) -> Self {
        Self {
            row: get(bytes, 0),
            kind: KeyKind::from_number(bytes[4]).unwrap_or(KeyKind::NameStreet),
            by: Guarded::from_number(bytes[5]).unwrap_or(Guarded::KeyShared),
        }
    }

    fn row(self) -> RowId {
        self.row
    }
}

/// Records of one type on their way to disk.
#[derive(Debug)]
pub(super) struct RowSpill<T> {
    spill: Spill,
    pub(super) ranges: RowRanges,
    of: PhantomData<T>,
}

impl<T: RowRecord> RowSpill<T> {
    pub(super) fn new(dir: &Path, ranges: RowRanges, budget: &Budget) -> Self {
        Self { spill: Spill::new(dir, ranges.count, budget), ranges, of: PhantomData }
    }

    pub(super) fn append_all(&self, buffers: &mut RowBuffers<T>) -> Result<(), Failure> {
        self.spill.append_all(&mut buffers.bytes)
    }

    pub(super) fn finish(self) -> ByRow<T> {
        ByRow { partitions: self.spill.into_partitions(), of: PhantomData }
    }
}

/// A worker's buffers of such records.
#[derive(Debug)]
pub(super) struct RowBuffers<T> {
    bytes: Vec<Vec<u8>>,
    ranges: RowRanges,
    of: PhantomData<T>,
}

impl<T: RowRecord> RowBuffers<T> {
    pub(super) fn new(ranges: RowRanges) -> Self {
        Self { bytes: vec![Vec::new(); ranges.count], ranges, of: PhantomData }
    }

    pub(super) fn push(&mut self, record: T) {
        let buffer = &mut self.bytes[self.ranges.of(record.row())];
        let from = buffer.len();
        buffer.resize(from + T::SIZE, 0);
        record.encode(&mut buffer[from..]);
    }
}

/// Records of all rows, in partitions that follow one another in row order.
#[derive(Debug)]
pub struct ByRow<T> {
    partitions: Partitions,
    of: PhantomData<T>,
}

impl<T: RowRecord> ByRow<T> {
    /// Number of partitions; partition `i` holds lower rows than partition `i + 1`.
    pub fn count(&self) -> usize {
        self.partitions.count()
    }

    /// The records of partition `i` in their order (row first), each once.
    pub fn read(&self, i: usize) -> Result<Vec<T>, Failure> {
        let bytes = self.partitions.read(i)?;
        let mut records: Vec<T> = bytes.chunks_exact(T::SIZE).map(T::decode).collect();
        records.sort_unstable();
        records.dedup();
        Ok(records)
    }

    /// All records in row order. For going through once: one partition is in RAM at a time.
    pub fn each(&self, mut f: impl FnMut(T) -> Result<(), Failure>) -> Result<(), Failure> {
        for i in 0..self.count() {
            for record in self.read(i)? {
                f(record)?;
            }
        }
        Ok(())
    }

    /// All records in row order, in RAM.
    pub fn all(&self) -> Result<Vec<T>, Failure> {
        let mut all = Vec::new();
        self.each(|record| {
            all.push(record);
            Ok(())
        })?;
        Ok(all)
    }
}
