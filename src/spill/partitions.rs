//! Hash-partitioned temporary data: written by many threads, then read partition by partition.

use super::temp::Temp;
use super::{Budget, Stored};
use crate::record::Failure;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Temporary bytes in numbered partitions, being written.
///
/// What one append brings stays together: a chunk of a partition never begins or ends inside it.
#[derive(Debug)]
pub struct Spill {
    partitions: Vec<Mutex<Stored>>,
    temp: Temp,
}

impl Spill {
    /// A spill of `partitions` partitions (at least one) whose file, if it comes to need one, lies in `dir`.
    pub fn new(dir: &Path, partitions: usize, budget: &Budget) -> Self {
        let empty = || Mutex::new(Stored::new(budget, Budget::WRITE_BUFFER));
        Self { partitions: (0..partitions.max(1)).map(|_| empty()).collect(), temp: Temp::new(dir) }
    }

    /// Number of partitions.
    pub fn count(&self) -> usize {
        self.partitions.len()
    }

    /// Adds whole records to a partition (counted from 0).
    pub fn append(&self, partition: usize, bytes: &[u8]) -> Result<(), Failure> {
        let Some(partition) = self.partitions.get(partition) else {
            return Err(Failure::run("a temporary record belongs to no partition"));
        };
        if bytes.is_empty() {
            return Ok(());
        }
        lock(partition).append(&[bytes], &self.temp)
    }

    /// Adds one buffer per partition and empties the buffers, so that a worker locks once per batch.
    pub fn append_all(&self, buffers: &mut [Vec<u8>]) -> Result<(), Failure> {
        for (i, buffer) in buffers.iter_mut().enumerate() {
            self.append(i, buffer)?;
            buffer.clear();
        }
        Ok(())
    }

    /// Ends the writing.
    pub fn into_partitions(self) -> Partitions {
        Partitions(self)
    }
}

fn lock(partition: &Mutex<Stored>) -> MutexGuard<'_, Stored> {
    partition.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A written spill: each partition can be read any number of times until it is freed.
#[derive(Debug)]
pub struct Partitions(Spill);

impl Partitions {
    /// Number of partitions.
    pub fn count(&self) -> usize {
        self.0.count()
    }

    /// Bytes of partition `i`.
    pub fn len(&self, i: usize) -> usize {
        self.0.partitions.get(i).map_or(0, |partition| lock(partition).len())
    }

    /// The bytes of partition `i`.
    pub fn read(&self, i: usize) -> Result<Vec<u8>, Failure> {
        let mut all = Vec::with_capacity(self.len(i));
        self.each_chunk(i, |chunk| {
            all.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok(all)
    }

    /// Hands the bytes of partition `i` to `f` in chunks of whole appends, so that a partition larger than
    /// RAM can be gone through.
    pub fn each_chunk(
        &self,
        i: usize,
        mut f: impl FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Some(partition) = self.0.partitions.get(i) else { return Ok(()) };
        let partition = lock(partition);
        let mut chunk = Vec::new();
        for &extent in &partition.disk {
            chunk.clear();
            self.0.temp.read(extent, &mut chunk)?;
            f(&chunk)?;
        }
        let mut in_ram = partition.in_ram().filter(|piece| !piece.is_empty());
        in_ram.try_for_each(|piece| f(piece))
    }

    /// Lets go of partition `i`: its RAM now, its disk with the last partition.
    pub fn free(&self, i: usize) {
        if let Some(partition) = self.0.partitions.get(i) {
            lock(partition).release();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_went_in_comes_out_under_any_budget(
            appends in prop::collection::vec((0usize..7, prop::collection::vec(any::<u8>(), 0..6000)), 0..60),
            partitions in 1usize..6,
            budget in prop::sample::select(vec![0usize, 100, 9_000, 60_000, usize::MAX / 2]),
        ) {
            let budget_left = Budget::new(budget);
            let spill = Spill::new(&std::env::temp_dir(), partitions, &budget_left);
            let mut expected = vec![Vec::new(); partitions];
            for (i, bytes) in &appends {
                spill.append(i % partitions, bytes).expect("the scratch directory takes files");
                expected[i % partitions].extend_from_slice(bytes);
            }
            let spilled = spill.into_partitions();
            for (i, expected) in expected.iter().enumerate() {
                for _ in 0..2 {
                    prop_assert_eq!(&spilled.read(i).expect("readable, and again"), expected);
                }
                prop_assert_eq!(spilled.len(i), expected.len());
                spilled.free(i);
                prop_assert_eq!(spilled.read(i).expect("freed"), Vec::<u8>::new());
            }
            drop(spilled);
            prop_assert_eq!(budget_left.left(), budget, "the whole budget comes back");
        }
    }

    #[test]
    fn chunks_end_where_appends_end() {
        let spill = Spill::new(&std::env::temp_dir(), 1, &Budget::new(5_000));
        for _ in 0..20_000 {
            spill.append(0, b"0123456789").expect("appends");
        }
        let spilled = spill.into_partitions();
        let mut chunks = 0;
        spilled
            .each_chunk(0, |chunk| {
                assert_eq!(chunk.len() % 10, 0);
                chunks += 1;
                Ok(())
            })
            .expect("readable");
        assert!(chunks > 5, "a small budget must have gone to disk, not {chunks} chunks");
    }

    #[test]
    fn a_directory_that_takes_no_file_is_a_failure_not_a_panic() {
        let spill = Spill::new(Path::new("/nonexistent-directory"), 2, &Budget::new(0));
        let failure = spill.append(1, &vec![0; 100_000]).expect_err("there is no such directory");
        assert!(failure.to_string().contains("temporary file"), "{failure}");
    }

    #[test]
    fn files_have_no_name_while_they_are_used() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let spill = Spill::new(dir.path(), 1, &Budget::new(0));
        spill.append(0, &[1; 100_000]).expect("appends");
        let names = || std::fs::read_dir(dir.path()).expect("readable").count();
        assert_eq!(names(), 0);
        let spilled = spill.into_partitions();
        assert_eq!((spilled.read(0).expect("readable").len(), names()), (100_000, 0));
    }

    #[test]
    fn many_threads_lose_nothing() {
        let spill = Spill::new(&std::env::temp_dir(), 3, &Budget::new(10_000));
        std::thread::scope(|scope| {
            for worker in 0..4u8 {
                let spill = &spill;
                scope.spawn(move || {
                    let mut buffers = vec![vec![worker; 700], vec![], vec![worker; 3]];
                    for _ in 0..50 {
                        spill.append_all(&mut buffers).expect("appends");
                        buffers[0].resize(700, worker);
                        buffers[2].resize(3, worker);
                    }
                });
            }
        });
        let spilled = spill.into_partitions();
        assert_eq!([spilled.len(0), spilled.len(1), spilled.len(2)], [4 * 50 * 700, 0, 4 * 50 * 3]);
    }
}
