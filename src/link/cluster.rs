//! From edges to contacts: union-find over all rows, then every contact tested as a whole.
//!
//! RAM: four bytes a row for the parents, and one partition of edges per thread.

use super::agree::{Agreement, Comparer};
use super::edges::{Edge, Sinks};
use super::posting::{Birth, KeyKind, births_conflict};
use super::results::{Ambiguous, Guarded, HeldApart, Merge};
use crate::data::names::Guard;
use crate::record::{Failure, RowId};
use crate::spill::{Partitions, RowBuffers};

/// Union-find whose roots are the lowest rows.
#[derive(Debug)]
pub(super) struct Forest {
    parents: Vec<RowId>,
}

impl Forest {
    pub(super) fn new(rows: u32) -> Self {
        Self { parents: (0..rows).collect() }
    }

    fn find(&mut self, mut row: RowId) -> RowId {
        while self.parents[row as usize] != row {
            let above = self.parents[self.parents[row as usize] as usize];
            self.parents[row as usize] = above;
            row = above;
        }
        row
    }

    pub(super) fn union(&mut self, a: RowId, b: RowId) {
        let (a, b) = (self.find(a), self.find(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }

    /// The lowest row of each row's tree. A parent is never higher than its child, so one pass suffices.
    pub(super) fn into_firsts(mut self) -> Vec<RowId> {
        for row in 0..self.parents.len() {
            self.parents[row] = self.parents[self.parents[row] as usize];
        }
        self.parents
    }

    pub(super) fn join(&mut self, edges: &Partitions, partition: usize) -> Result<(), Failure> {
        let rows = self.parents.len();
        edges.each_chunk(partition, |chunk| {
            for edge in Edge::all(chunk) {
                let edge = edge?;
                if edge.row.max(edge.to) as usize >= rows {
                    return Err(Failure::run("a match key names a row that does not exist"));
                }
                self.union(edge.row, edge.to);
            }
            Ok(())
        })
    }
}

/// Tests contacts; the scratch of one worker.
#[derive(Debug)]
pub(super) struct Tester<'a> {
    guard: &'a Guard,
    comparer: Comparer,
    firsts: &'a [RowId],
    sinks: &'a Sinks,
    merges: RowBuffers<Merge>,
    ambiguous: RowBuffers<Ambiguous>,
    held: RowBuffers<HeldApart>,
    /// Rows whose first row changed because their contact was taken apart, with the new one.
    moved: Vec<(RowId, RowId)>,
}

impl<'a> Tester<'a> {
    pub(super) fn new(guard: &'a Guard, firsts: &'a [RowId], sinks: &'a Sinks) -> Self {
        Self {
            guard,
            comparer: Comparer::new(guard.closeness),
            firsts,
            sinks,
            merges: sinks.merges.buffers(),
            ambiguous: sinks.ambiguous.buffers(),
            held: sinks.held.buffers(),
            moved: Vec::new(),
        }
    }

    /// Tests the contacts of one partition; gives the rows whose first row changed, with the new one.
    pub(super) fn test(
        &mut self,
        gathered: &Partitions,
        partition: usize,
    ) -> Result<Vec<(RowId, RowId)>, Failure> {
        let bytes = gathered.read(partition)?;
        gathered.free(partition);
        let mut edges = Edge::all(&bytes).collect::<Result<Vec<_>, _>>()?;
        let firsts = self.firsts;
        let first = |edge: &Edge<'_>| firsts[edge.row as usize];
        edges.sort_unstable_by_key(|e| (first(e), e.row, e.to, e.rule, e.strength));
        for contact in edges.chunk_by(|a, b| first(a) == first(b)) {
            self.contact(contact);
        }
        self.sinks.merges.take(&mut self.merges)?;
        self.sinks.ambiguous.take(&mut self.ambiguous)?;
        self.sinks.held.take(&mut self.held)?;
        Ok(std::mem::take(&mut self.moved))
    }

    /// One contact, its edges in the order of rows: each row has one of its own kind, so any kinds name their rows.
    fn contact(&mut self, edges: &[Edge<'_>]) {
        match self.fault(edges) {
            None => self.accept(edges),
            Some(by) => self.take_apart(edges, by),
        }
    }

    fn fault(&self, edges: &[Edge<'_>]) -> Option<Guarded> {
        if edges.chunk_by(|a, b| a.row == b.row).nth(self.guard.rows_per_contact).is_some() {
            return Some(Guarded::ContactTooLarge);
        }
        let mut people: Vec<(&[u8], Option<Birth>)> = edges.iter().map(|e| (e.name, e.birth)).collect();
        people.sort_unstable();
        people.dedup();
        let names = people.chunk_by(|a, b| a.0 == b.0).filter(|same| !same[0].0.is_empty()).count();
        if names > self.guard.names_per_contact {
            return Some(Guarded::ContactTooLarge);
        }
        let disagree = |a: &(&[u8], Option<Birth>), b: &(&[u8], Option<Birth>)| {
            births_conflict(a.1, b.1) || !self.comparer.agree(a.0, b.0).compatible()
        };
        let contradiction =
            people.iter().enumerate().any(|(i, a)| people[i + 1..].iter().any(|b| disagree(a, b)));
        contradiction.then_some(Guarded::ContactSplit)
    }

    /// Writes why each row of a clean contact is in it: its strongest edge, then the lowest row.
    fn accept(&mut self, edges: &[Edge<'_>]) {
        let Some(first) = edges.first().map(|edge| edge.row) else { return };
        let mut ends: Vec<(RowId, KeyKind, Agreement, RowId)> = edges
            .iter()
            .filter(|e| e.row != e.to)
            .flat_map(|e| [(e.row, e.rule, e.strength, e.to), (e.to, e.rule, e.strength, e.row)])
            .collect();
        ends.sort_unstable();
        for best in ends.chunk_by(|a, b| a.0 == b.0) {
            let (row, rule, strength, matched_with) = best[0];
            self.merges.push(Merge { row, first, rule, strength, matched_with });
        }
        for row in edges.chunk_by(|a, b| a.row == b.row).map(|same| same[0].row) {
            self.settle(row, first);
        }
    }

    fn settle(&mut self, row: RowId, first: RowId) {
        if self.firsts[row as usize] != first {
            self.moved.push((row, first));
        }
    }

    /// Cuts the weakest kind of edge and tests the parts that remain. Whom a cut edge joined share refusals.
    fn take_apart(&mut self, edges: &[Edge<'_>], by: Guarded) {
        let Some(weakest) = edges.iter().map(|edge| edge.rule).max() else { return };
        for cut in edges.iter().filter(|e| e.rule == weakest && e.row != e.to) {
            for (row, other) in [(cut.row, cut.to), (cut.to, cut.row)] {
                self.ambiguous.push(Ambiguous { row, other });
                self.held.push(HeldApart { row, kind: weakest, by });
            }
        }
        let rows: Vec<RowId> = edges.chunk_by(|a, b| a.row == b.row).map(|same| same[0].row).collect();
        let index = |row: RowId| rows.binary_search(&row).unwrap_or_default();
        let mut forest = Forest::new(rows.len() as u32);
        let mut kept: Vec<(RowId, Edge<'_>)> =
            edges.iter().filter(|edge| edge.rule != weakest).map(|&edge| (0, edge)).collect();
        for (_, edge) in &kept {
            forest.union(index(edge.row) as u32, index(edge.to) as u32);
        }
        let parts = forest.into_firsts();
        for (part, edge) in &mut kept {
            *part = parts[index(edge.row)];
        }
        for &row in rows.iter().filter(|&&row| kept.binary_search_by_key(&row, |(_, edge)| edge.row).is_err())
        {
            self.settle(row, row);
        }
        // A stable sort: within a part the edges stay in the order of their rows.
        kept.sort_by_key(|(part, _)| *part);
        for part in kept.chunk_by(|a, b| a.0 == b.0) {
            let part: Vec<Edge<'_>> = part.iter().map(|(_, edge)| *edge).collect();
            self.contact(&part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Forest;
    use proptest::prelude::*;

    /// The lowest row reachable, by walking until nothing changes.
    fn oracle(rows: u32, pairs: &[(u32, u32)]) -> Vec<u32> {
        let mut firsts: Vec<u32> = (0..rows).collect();
        loop {
            let before = firsts.clone();
            for &(a, b) in pairs {
                let low = firsts[a as usize].min(firsts[b as usize]);
                firsts[a as usize] = low;
                firsts[b as usize] = low;
            }
            if firsts == before {
                return firsts;
            }
        }
    }

    proptest! {
        #[test]
        fn union_find_equals_the_oracle(
            rows in 1u32..40,
            pairs in prop::collection::vec((any::<u32>(), any::<u32>()), 0..60),
        ) {
            let pairs: Vec<_> = pairs.into_iter().map(|(a, b)| (a % rows, b % rows)).collect();
            let mut forest = Forest::new(rows);
            for &(a, b) in &pairs {
                forest.union(a, b);
            }
            prop_assert_eq!(forest.into_firsts(), oracle(rows, &pairs));
        }
    }
}
