//! From the postings of a partition to edges between rows.
//!
//! Everything is counted before anything is joined, so the order of the postings never matters. Knows one
//! partition at a time; what the edges of several keys make together is the matter of `cluster`.

use super::agree::{Agreement, Comparer};
use super::posting::{Birth, KeyKind, Posting, births_conflict, encode_person};
use super::results::{Ambiguous, Guarded, HeldApart, Merge};
use crate::data::names::Guard;
use crate::record::{Failure, RowId};
use crate::spill::{Partitions, RowBuffers, RowSpill, Spill};
use std::collections::BTreeSet;
use std::ops::Range;

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

/// Where contacts, and what was not joined, go.
#[derive(Debug)]
pub(super) struct Sinks {
    pub(super) merges: RowSpill<Merge>,
    pub(super) ambiguous: RowSpill<Ambiguous>,
    pub(super) held: RowSpill<HeldApart>,
}

/// One accepted edge; a row's edge to itself only says its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge<'a> {
    pub(super) row: RowId,
    pub(super) to: RowId,
    pub(super) rule: KeyKind,
    pub(super) strength: Agreement,
    pub(super) name: &'a [u8],
    pub(super) birth: Option<Birth>,
}

impl<'a> Edge<'a> {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.row.to_le_bytes());
        out.extend_from_slice(&self.to.to_le_bytes());
        out.push((self.rule as u8) << 4 | self.strength as u8);
        encode_person(self.name, self.birth, out);
    }

    /// The edges of a stretch of bytes, in their order.
    pub(super) fn all(mut bytes: &'a [u8]) -> impl Iterator<Item = Result<Self, Failure>> {
        std::iter::from_fn(move || {
            (!bytes.is_empty()).then(|| {
                let (edge, rest) = Self::decode(std::mem::take(&mut bytes))
                    .ok_or_else(|| Failure::run("a temporary edge is cut off"))?;
                bytes = rest;
                Ok(edge)
            })
        })
    }

    fn decode(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (row, rest) = bytes.split_first_chunk::<4>()?;
        let (to, rest) = rest.split_first_chunk::<4>()?;
        let (&head, rest) = rest.split_first()?;
        let ((name, birth), rest) = super::posting::decode_person(rest)?;
        let (row, to) = (RowId::from_le_bytes(*row), RowId::from_le_bytes(*to));
        let rule = KeyKind::from_number(head >> 4).unwrap_or(KeyKind::NameStreet);
        let strength = Agreement::from_number(head & 15).unwrap_or(Agreement::Veto);
        Some((Self { row, to, rule, strength, name, birth }, rest))
    }
}

/// A posting's place in the gathered bytes, with its key for sorting.
#[derive(Debug, Clone, Copy)]
struct PostingEntry {
    key: (u64, u64, u8),
    at: u32,
}

/// Rows of one key under one name and birth date.
#[derive(Debug, Clone)]
struct Node {
    at: u32,
    birth: Option<Birth>,
    entries: Range<usize>,
    first: RowId,
    ambiguous: bool,
}

/// Births on one name beyond this many times the cap on names are no births of one family either.
const NODES_PER_NAME: usize = 4;
/// From this many bytes on, keys that join nobody are thrown out while a partition is gathered.
pub(super) const GATHER_MAX: usize = 256 << 20;

/// The scratch of one worker.
#[derive(Debug)]
pub(super) struct Joiner<'a> {
    guard: &'a Guard,
    comparer: Comparer,
    /// Takes the edges with the names of their rows, by the range of the lower row.
    joined: &'a Spill,
    sinks: &'a Sinks,
    ranges: RowRanges,
    gather_max: usize,
    bytes: Vec<u8>,
    entries: Vec<PostingEntry>,
    /// Keys found to join nobody, when the partition was too large to hold.
    shared: BTreeSet<(u64, u64, u8)>,
    nodes: Vec<Node>,
    levels: Vec<Agreement>,
    kind: KeyKind,
    edges: Vec<Vec<u8>>,
    ambiguous: RowBuffers<Ambiguous>,
    held: RowBuffers<HeldApart>,
}

fn cut_off() -> Failure {
    Failure::run("a temporary match key is cut off")
}

impl<'a> Joiner<'a> {
    pub(super) fn new(
        guard: &'a Guard,
        (joined, sinks): (&'a Spill, &'a Sinks),
        ranges: RowRanges,
        gather_max: usize,
    ) -> Self {
        Self {
            guard,
            comparer: Comparer::new(guard.closeness),
            joined,
            sinks,
            ranges,
            gather_max,
            bytes: Vec::new(),
            entries: Vec::new(),
            shared: BTreeSet::new(),
            nodes: Vec::new(),
            levels: Vec::new(),
            kind: KeyKind::Email,
            edges: vec![Vec::new(); ranges.count],
            ambiguous: sinks.ambiguous.buffers(),
            held: sinks.held.buffers(),
        }
    }

    pub(super) fn join(&mut self, postings: &Partitions, partition: usize) -> Result<(), Failure> {
        self.bytes.clear();
        self.shared.clear();
        let mut limit = self.gather_max;
        let mut whole = postings.each_chunk(partition, |chunk| {
            self.bytes.extend_from_slice(chunk);
            if self.bytes.len() > limit {
                self.drop_shared_keys()?;
                limit = limit.max(self.bytes.len() * 2);
            }
            Ok(())
        });
        if whole.is_ok() {
            whole = self.join_gathered();
        }
        self.flush()?;
        whole
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.joined.append_all(&mut self.edges)?;
        self.sinks.ambiguous.take(&mut self.ambiguous)?;
        self.sinks.held.take(&mut self.held)
    }

    fn join_gathered(&mut self) -> Result<(), Failure> {
        self.index()?;
        let mut from = 0;
        while let Some(group) = self.next_group(from) {
            from = group.end;
            let is_shared = !self.shared.is_empty() && self.shared.contains(&self.entries[group.start].key);
            if group.len() == 1 && !is_shared {
                continue;
            }
            if !is_shared && self.make_nodes(group.clone())? {
                self.join_nodes()?;
            } else {
                self.hold_all(group, Guarded::KeyShared)?;
            }
        }
        Ok(())
    }

    /// Throws out the postings of keys with too many names or rows already: more postings only add to them.
    fn drop_shared_keys(&mut self) -> Result<(), Failure> {
        self.index()?;
        let (mut kept, mut from) = (Vec::new(), 0);
        while let Some(group) = self.next_group(from) {
            from = group.end;
            let is_shared = self.shared.contains(&self.entries[group.start].key);
            if !is_shared && self.make_nodes(group.clone())? {
                for entry in &self.entries[group] {
                    posting(&self.bytes, entry.at)?.encode(&mut kept);
                }
            } else {
                self.shared.insert(self.entries[group.start].key);
                self.hold_all(group, Guarded::KeyShared)?;
            }
        }
        self.bytes = kept;
        self.flush()
    }

    /// Sorts the gathered postings by key.
    fn index(&mut self) -> Result<(), Failure> {
        self.entries.clear();
        let mut rest = self.bytes.as_slice();
        while !rest.is_empty() {
            let at = u32::try_from(self.bytes.len() - rest.len())
                .map_err(|_| Failure::run("a partition of match keys is larger than 4 GiB"))?;
            let (posting, after) = Posting::decode(rest).ok_or_else(cut_off)?;
            let key = posting.key.0;
            self.entries.push(PostingEntry { key: ((key >> 64) as u64, key as u64, posting.kind as u8), at });
            rest = after;
        }
        self.entries.sort_unstable_by_key(|entry| entry.key);
        Ok(())
    }

    fn next_group(&self, from: usize) -> Option<Range<usize>> {
        let key = self.entries.get(from)?.key;
        let len = self.entries[from..].iter().take_while(|entry| entry.key == key).count();
        Some(from..from + len)
    }

    /// Counts names and rows of a key; no when they are too many, so that the key joins nobody.
    fn make_nodes(&mut self, group: Range<usize>) -> Result<bool, Failure> {
        self.nodes.clear();
        let bytes = &self.bytes;
        self.entries[group.clone()].sort_unstable_by_key(|entry| {
            posting(bytes, entry.at).map(|p| (p.name, p.birth, p.row)).unwrap_or_default()
        });
        let mut names = 0;
        for i in group {
            let at = self.entries[i].at;
            let this = posting(bytes, at)?;
            let last = self.nodes.last_mut().map(|node| (posting(bytes, node.at), node));
            match last {
                Some((Ok(node_posting), node))
                    if node_posting.name == this.name && node.birth == this.birth =>
                {
                    node.entries.end = i + 1;
                    if node.entries.len() > self.guard.rows_per_contact {
                        return Ok(false);
                    }
                    continue;
                }
                Some((Ok(node_posting), _)) if node_posting.name == this.name => {}
                _ => names += usize::from(!this.name.is_empty()),
            }
            let full = self.nodes.len() >= self.guard.names_per_key.saturating_mul(NODES_PER_NAME);
            if names > self.guard.names_per_key || full {
                return Ok(false);
            }
            let node = Node { at, birth: this.birth, entries: i..i + 1, first: this.row, ambiguous: false };
            self.nodes.push(node);
        }
        Ok(true)
    }

    fn hold_all(&mut self, group: Range<usize>, by: Guarded) -> Result<(), Failure> {
        for entry in &self.entries[group] {
            let Posting { row, kind, .. } = posting(&self.bytes, entry.at)?;
            self.held.push(HeldApart { row, kind, by });
        }
        Ok(())
    }

    /// Joins the nodes of one key: those that agree with each other and with no two that disagree.
    fn join_nodes(&mut self) -> Result<(), Failure> {
        let Some(node) = self.nodes.first() else { return Ok(()) };
        self.kind = posting(&self.bytes, node.at)?.kind;
        let last = self.entries[node.entries.end - 1].at;
        if self.nodes.len() == 1 && posting(&self.bytes, last)?.row == node.first {
            return Ok(()); // one row that holds the key twice
        }
        self.compare()?;
        let count = self.nodes.len();
        for i in 0..count {
            self.nodes[i].ambiguous = self.fits_two_who_disagree(i);
        }
        for i in 0..count {
            let leader = if self.nodes[i].ambiguous { i } else { self.leader(i) };
            self.write_node(i, leader)?;
            if let Some(by) = self.held_by(i)? {
                self.hold_all(self.nodes[i].entries.clone(), by)?;
            }
        }
        Ok(())
    }

    /// Fills the table of levels between all nodes; different birth dates are a veto like any other.
    fn compare(&mut self) -> Result<(), Failure> {
        let count = self.nodes.len();
        self.levels.clear();
        self.levels.resize(count * count, Agreement::Same);
        for i in 0..count {
            for j in i + 1..count {
                let (a, b) = (&self.nodes[i], &self.nodes[j]);
                let level =
                    self.comparer.agree(posting(&self.bytes, a.at)?.name, posting(&self.bytes, b.at)?.name);
                let level = if births_conflict(a.birth, b.birth) { Agreement::Veto } else { level };
                self.levels[i * count + j] = level;
                self.levels[j * count + i] = level;
            }
        }
        Ok(())
    }

    fn fit(&self, i: usize, j: usize) -> bool {
        self.kind.accepts(self.levels[i * self.nodes.len() + j])
    }

    fn neighbours(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.nodes.len()).filter(move |&j| j != i && self.fit(i, j))
    }

    fn fits_two_who_disagree(&self, i: usize) -> bool {
        self.neighbours(i).any(|j| self.neighbours(i).any(|k| !self.fit(j, k)))
    }

    /// The node with the lowest row of its group: of nodes that are not ambiguous, all agree with all.
    fn leader(&self, i: usize) -> usize {
        let group = self.neighbours(i).filter(|&j| !self.nodes[j].ambiguous);
        group.chain([i]).min_by_key(|&j| self.nodes[j].first).unwrap_or(i)
    }

    /// Writes the edges of a node: each row to the node's first, that one to the leader's first.
    fn write_node(&mut self, i: usize, leader: usize) -> Result<(), Failure> {
        let node = &self.nodes[i];
        let Posting { name, birth, .. } = posting(&self.bytes, node.at)?;
        let joined = leader != i || self.neighbours(i).any(|j| !self.nodes[j].ambiguous && !node.ambiguous);
        let rows = if self.kind.joins(name) {
            node.entries.clone()
        } else {
            node.entries.start..node.entries.start + 1
        };
        let (first, to) = (node.first, self.nodes[leader].first);
        let strength = self.levels[i * self.nodes.len() + leader];
        let edge = |row, to, strength| Edge { row, to, rule: self.kind, strength, name, birth };
        if joined {
            edge(first, to, strength).encode(&mut self.edges[self.ranges.of(to)]);
        }
        let mut last = first;
        for entry in &self.entries[rows] {
            let row = posting(&self.bytes, entry.at)?.row;
            if row != last {
                if !joined && last == first {
                    edge(first, first, Agreement::Same).encode(&mut self.edges[self.ranges.of(first)]);
                }
                edge(row, first, Agreement::Same).encode(&mut self.edges[self.ranges.of(first)]);
                last = row;
            }
        }
        Ok(())
    }

    /// What kept a node from others, if anything did; the neighbours of an ambiguous one are written.
    fn held_by(&mut self, i: usize) -> Result<Option<Guarded>, Failure> {
        let name = posting(&self.bytes, self.nodes[i].at)?.name;
        if !self.kind.joins(name) {
            return Ok(Some(Guarded::Nameless));
        }
        if self.nodes[i].ambiguous {
            let row = self.nodes[i].first;
            for j in 0..self.nodes.len() {
                if j != i && self.fit(i, j) {
                    let other = self.nodes[j].first;
                    self.ambiguous.push(Ambiguous { row, other });
                    self.ambiguous.push(Ambiguous { row: other, other: row });
                }
            }
            return Ok(Some(Guarded::Ambiguous));
        }
        let mut by = None;
        for j in (0..self.nodes.len()).filter(|&j| !self.levels[i * self.nodes.len() + j].compatible()) {
            let other = posting(&self.bytes, self.nodes[j].at)?.name;
            if !self.comparer.agree(name, other).compatible() {
                return Ok(Some(Guarded::NamesDiffer));
            }
            by = Some(Guarded::BirthDiffers);
        }
        Ok(by)
    }
}

fn posting(bytes: &[u8], at: u32) -> Result<Posting<'_>, Failure> {
    bytes.get(at as usize..).and_then(Posting::decode).map(|(posting, _)| posting).ok_or_else(cut_off)
}
