//! A sequential temporary stream of records: written once, read front to back.

use super::temp::Temp;
use super::{Budget, Stored};
use crate::record::Failure;
use std::path::Path;

const CHUNK: usize = 256 << 10;

/// Records of any length, appended one after another by one writer. A log that has gone to disk keeps a
/// write buffer of 256 KiB beside the budget.
#[derive(Debug)]
pub struct AppendLog {
    stored: Stored,
    temp: Temp,
}

impl AppendLog {
    /// An empty log whose file, if it comes to need one, lies in `dir`.
    pub fn new(dir: &Path, budget: &Budget) -> Self {
        Self { stored: Stored::new(budget, CHUNK), temp: Temp::new(dir) }
    }

    /// Adds one record (below 2^32 bytes).
    pub fn push(&mut self, record: &[u8]) -> Result<(), Failure> {
        let length = u32::try_from(record.len());
        let length = length.map_err(|_| Failure::run("a temporary record is longer than 4 GiB"))?;
        self.stored.append(&[&length.to_le_bytes(), record], &self.temp)
    }

    /// Reads from the front; a log may have several readers.
    pub fn reader(&self) -> LogReader<'_> {
        LogReader { log: self, chunk: Vec::new(), chunks: 0, at: 0 }
    }
}

/// Gives the records of a log in the order they were pushed.
#[derive(Debug)]
pub struct LogReader<'a> {
    log: &'a AppendLog,
    chunk: Vec<u8>,
    /// How many chunks have been begun.
    chunks: usize,
    at: usize,
}

impl LogReader<'_> {
    /// The next record, or `None` at the end.
    pub fn read(&mut self) -> Result<Option<&[u8]>, Failure> {
        while self.at >= self.current().len() {
            if !self.advance()? {
                return Ok(None);
            }
        }
        let from = self.at;
        let record = self.current()[from..].split_first_chunk().and_then(|(length, rest)| {
            let length = u32::from_le_bytes(*length) as usize;
            (length <= rest.len()).then_some(from + 4..from + 4 + length)
        });
        let record = record.ok_or_else(|| Failure::run("a temporary record is cut off"))?;
        self.at = record.end;
        Ok(self.current().get(record))
    }

    /// The chunk being read: none before the first, then those on disk, then those in RAM.
    fn current(&self) -> &[u8] {
        let Some(at) = self.chunks.checked_sub(1) else { return &[] };
        match at.checked_sub(self.log.stored.disk.len()) {
            None => &self.chunk,
            Some(at) => self.log.stored.in_ram().nth(at).map_or(&[], Vec::as_slice),
        }
    }

    fn advance(&mut self) -> Result<bool, Failure> {
        if let Some(&extent) = self.log.stored.disk.get(self.chunks) {
            self.chunk.clear();
            self.log.temp.read(extent, &mut self.chunk)?;
        } else if self.log.stored.in_ram().nth(self.chunks - self.log.stored.disk.len()).is_none() {
            return Ok(false);
        }
        self.chunks += 1;
        self.at = 0;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(records: &[Vec<u8>], budget: usize) {
        let whole = Budget::new(budget);
        let mut log = AppendLog::new(&std::env::temp_dir(), &whole);
        for record in records {
            log.push(record).expect("the scratch directory takes files");
        }
        for _ in 0..2 {
            let mut reader = log.reader();
            for record in records {
                assert_eq!(reader.read().expect("readable"), Some(record.as_slice()));
            }
            assert_eq!(reader.read().expect("the end"), None);
            assert_eq!(reader.read().expect("still the end"), None);
        }
        drop(log);
        assert_eq!(whole.left(), budget);
    }

    proptest! {
        #[test]
        fn records_come_back_in_order_under_any_budget(
            records in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3000), 0..400),
            budget in prop::sample::select(vec![0usize, 10_000, 300_000, usize::MAX / 2]),
        ) {
            check(&records, budget);
        }
    }

    #[test]
    fn empty_records_and_large_ones() {
        check(&[], 0);
        check(&[vec![]], 0);
        check(&[vec![], vec![7; CHUNK * 2], vec![], vec![1]], 0);
        check(&[vec![7; 127], vec![7; 128], vec![7; 16_384]], 1 << 20);
    }
}
