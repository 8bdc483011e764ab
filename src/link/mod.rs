//! Which rows are one person: keys, guards, match levels, contacts, survivorship.
//!
//! Knows folded names, birth dates and fingerprints of keys; knows nothing of consent or decisions. The order
//! of the rows, the number of partitions, of threads and the memory given never change the result:
//!
//! 1. rows of equal key, name and birth date are one node; a key that too many names hold joins nobody;
//! 2. a node that agrees with two nodes that disagree joins nobody by that key;
//! 3. what remains becomes edges, closed by union-find;
//! 4. a contact that contradicts itself loses its weakest kind of edge until it no longer does.
//!
//! So no contact ever holds two rows whose names or birth dates disagree.

mod agree;
mod closeness;
mod cluster;
mod edges;
mod name;
mod posting;
mod results;
mod street;
pub mod survive;
mod words;

pub use agree::{Agreement, Comparer};
pub(crate) use name::name_number;
pub use name::{NameCells, NameFolder, family};
pub use posting::{Birth, KeyKind, Posting, partition_of};
pub use results::{Ambiguous, Guarded, HeldApart, Merge};
pub use street::{StreetFolder, UNIT, push_forgiving};

use crate::data::names::Guard;
use crate::record::{Failure, RowId};
use crate::spill::{Budget, ByRow, Partitions, RowSpill, Spill};
use cluster::{Forest, Tester};
use edges::{Edge, Joiner, RowRanges, Sinks};
use rayon::prelude::*;
use std::path::Path;

/// What linking needs beside the postings.
#[derive(Debug, Clone, Copy)]
pub struct Linking<'a> {
    /// Number of rows of the run; postings name rows below it.
    pub rows: u32,
    /// The guards, `Names::builtin().guard()` unless the profile says otherwise.
    pub guard: &'a Guard,
    /// Directory for temporary files.
    pub dir: &'a Path,
    /// RAM for temporary data.
    pub budget: &'a Budget,
}

/// Contacts: which rows are one person, and why.
#[derive(Debug)]
pub struct Linked {
    /// Of each row the first row of its contact; a contact is known by that row.
    pub firsts: Vec<RowId>,
    /// One record for each row of each contact of two or more rows.
    pub merges: ByRow<Merge>,
    /// Pairs of rows that may be one person and were not joined by some key; some have been joined by another.
    pub ambiguous: ByRow<Ambiguous>,
    /// What a guard held apart.
    pub held: ByRow<HeldApart>,
}

/// Links the rows whose postings were written to a spill, partitioned by [`partition_of`]. Uses the current
/// rayon pool.
pub fn link(postings: &Partitions, job: &Linking<'_>) -> Result<Linked, Failure> {
    link_gathering(postings, job, edges::GATHER_MAX)
}

fn link_gathering(postings: &Partitions, job: &Linking<'_>, gather_max: usize) -> Result<Linked, Failure> {
    let count = postings.count();
    let ranges = RowRanges::new(job.rows, count);
    let edges = Spill::new(job.dir, count, job.budget);
    let sinks = Sinks {
        merges: RowSpill::new(job.dir, job.budget, job.rows),
        ambiguous: RowSpill::new(job.dir, job.budget, job.rows),
        held: RowSpill::new(job.dir, job.budget, job.rows),
    };
    (0..count).into_par_iter().try_for_each_init(
        || Joiner::new(job.guard, (&edges, &sinks), ranges, gather_max),
        |joiner, partition| joiner.join(postings, partition),
    )?;
    let edges = edges.into_partitions();
    let mut forest = Forest::new(job.rows);
    for partition in 0..count {
        forest.join(&edges, partition)?;
    }
    let mut firsts = forest.into_firsts();
    let gathered = gather(&edges, &firsts, ranges, job)?;
    drop(edges);
    let moved: Vec<Vec<(RowId, RowId)>> = (0..count)
        .into_par_iter()
        .map_init(|| Tester::new(job.guard, &firsts, &sinks), |tester, at| tester.test(&gathered, at))
        .collect::<Result<_, _>>()?;
    for (row, first) in moved.into_iter().flatten() {
        firsts[row as usize] = first;
    }
    let Sinks { merges, ambiguous, held } = sinks;
    Ok(Linked { firsts, merges: merges.finish(), ambiguous: ambiguous.finish(), held: held.finish() })
}

/// Brings the edges of each contact together: repartitions them by the contact's first row.
fn gather(
    edges: &Partitions,
    firsts: &[RowId],
    ranges: RowRanges,
    job: &Linking<'_>,
) -> Result<Partitions, Failure> {
    let gathered = Spill::new(job.dir, ranges.count, job.budget);
    let buffers = || vec![Vec::new(); ranges.count];
    (0..ranges.count).into_par_iter().try_for_each_init(buffers, |buffers, partition| {
        edges.each_chunk(partition, |chunk| {
            for edge in Edge::all(chunk) {
                let edge = edge?;
                edge.encode(&mut buffers[ranges.of(firsts[edge.row as usize])]);
            }
            gathered.append_all(buffers)
        })?;
        edges.free(partition);
        Ok(())
    })?;
    Ok(gathered.into_partitions())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::names::Names;
    use crate::record::Fingerprint;

    /// What a linking says, all of it, when a partition may gather so many bytes.
    fn outcome(gather_max: usize) -> (Vec<RowId>, Vec<Merge>, Vec<HeldApart>) {
        let (dir, budget) = (std::env::temp_dir(), Budget::new(0));
        let spill = Spill::new(&dir, 1, &budget);
        let mut bytes = Vec::new();
        let mut names = NameFolder::default();
        // Key 0: a switchboard of 60 names; key 1: one person under 2,000 rows; the rest: four rows of a person each.
        for row in 0..8_000u32 {
            let (key, full) = match row % 4 {
                0 => (0, format!("Ann {}{}", char::from(b'a' + (row % 26) as u8), row % 60)),
                1 => (1, "Bea Poe".to_owned()),
                _ => (2 + row / 8, format!("Cora {}", char::from(b'a' + (row / 8 % 26) as u8))),
            };
            let name = names.fold(NameCells { full: &full, ..NameCells::default() });
            bytes.clear();
            let posting =
                Posting { key: Fingerprint(key.into()), kind: KeyKind::Phone, row, name, birth: None };
            posting.encode(&mut bytes);
            // Without a budget the chunks are small, so gathering is done in steps.
            spill.append(0, &bytes).expect("appends");
        }
        let job = Linking { rows: 8_000, guard: Names::builtin().guard(), dir: &dir, budget: &budget };
        let linked = link_gathering(&spill.into_partitions(), &job, gather_max).expect("links");
        (linked.firsts, linked.merges.all().expect("readable"), linked.held.all().expect("readable"))
    }

    #[test]
    fn a_partition_larger_than_ram_links_alike() {
        let whole = outcome(usize::MAX);
        assert!(!whole.1.is_empty(), "rows of one person are joined");
        assert!(whole.2.iter().any(|held| held.row == 7_996), "the switchboard's last row is held apart");
        assert_eq!([outcome(2_000), outcome(40_000)], [whole.clone(), whole]);
    }
}
