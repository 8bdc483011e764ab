//! Which contact keeps which id of the earlier run.
//!
//! A point that one contact held then and one holds now ties the two; of a point that several hold, the name tells
//! which ones are meant. Who holds most of a contact's points keeps its id. Where a contact fell apart into equal
//! parts, that is the part with the smallest point (addresses before numbers, then by the alphabet); where contacts
//! became one, it keeps the smallest of the ids of which it holds as many points. Nothing else decides: neither the
//! order of files, rows and threads nor the keys of this run.

use crate::link::{KeyKind, Linked, NameCells, NameFolder, Posting, name_number, partition_of};
use crate::output::push_hex;
use crate::pipeline::check::first_pass::{FirstPassInput, Pass};
use crate::pipeline::kit::bytes::array;
use crate::pipeline::kit::keys::{BYTES, key_of};
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::kit::run_dir::{KNOWN_BY, RunDir};
use crate::pipeline::understand::points::Points;
use crate::record::{Failure, Field, Fingerprint, PointKind, RowId};
use crate::spill::{Partitions, Spill};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::HashSet;

type Id = [u8; BYTES];

/// The ids that contacts of the earlier run hand on.
#[derive(Debug, Default)]
pub(crate) struct PreviousIds {
    /// By first row of the contact of now.
    given: Vec<(RowId, Id)>,
    /// The same ids, sorted.
    taken: Vec<Id>,
}

impl PreviousIds {
    /// Writes the id that the contact keeps; says whether there is one.
    pub(crate) fn write_of(&self, first: RowId, id: &mut String) -> bool {
        let Ok(at) = self.given.binary_search_by_key(&first, |(row, _)| *row) else { return false };
        id.clear();
        push_hex(&self.given[at].1, id);
        true
    }

    pub(crate) fn is_given(&self, id: &str) -> bool {
        parse(id).is_some_and(|id| self.taken.binary_search(&id).is_ok())
    }

    /// Finds out who keeps which id. Uses the current rayon pool.
    pub(crate) fn read(
        run: &RunDir,
        reading: &FirstPassInput<'_>,
        (pass, linked): (&Pass, &Linked),
        scratch: Scratch<'_>,
    ) -> Result<Self, Failure> {
        let held = Spill::new(scratch.dir, pass.postings.count(), scratch.budget);
        let ids = read_contacts(run, reading, &held)?;
        let held = held.into_partitions();
        let ties = (0..held.count()).into_par_iter().map(|i| ties(i, &held, pass, linked));
        let ties = ties.try_reduce(Vec::new, |mut all, mut more| {
            all.append(&mut more);
            Ok(all)
        })?;
        Ok(Self::give(&ids, count(ties)))
    }

    fn give(ids: &[Id], mut ties: Vec<ContactTie>) -> Self {
        ties.sort_unstable_by_key(|t| (Reverse(t.points), ids[t.old as usize], t.rank, t.new));
        let (mut old, mut new) = (HashSet::new(), HashSet::new());
        let mut given: Vec<(RowId, Id)> = Vec::new();
        for tie in ties {
            if !old.contains(&tie.old) && new.insert(tie.new) {
                old.insert(tie.old);
                given.push((tie.new, ids[tie.old as usize]));
            }
        }
        given.sort_unstable();
        let mut taken: Vec<Id> = given.iter().map(|(_, id)| *id).collect();
        taken.sort_unstable();
        Self { given, taken }
    }
}

fn parse(text: &str) -> Option<Id> {
    let mut id = [0; BYTES];
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    for (byte, pair) in id.iter_mut().zip(pairs) {
        let [high, low] = pair.map(|digit| char::from(digit).to_digit(16));
        *byte = (high? << 4 | low?) as u8;
    }
    (pairs.len() == BYTES && odd.is_empty()).then_some(id)
}

/// A point that a contact of the earlier run held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct HeldPoint {
    key: Fingerprint,
    contact: u32,
    /// Its place among the contact's points.
    rank: u16,
    /// The contact's name as a number; 0: it has none.
    name: u64,
}

impl HeldPoint {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.0.to_le_bytes());
        out.extend_from_slice(&self.contact.to_le_bytes());
        out.extend_from_slice(&self.rank.to_le_bytes());
        out.extend_from_slice(&self.name.to_le_bytes());
    }

    /// Cuts a point off the front.
    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self {
            key: Fingerprint(u128::from_le_bytes(array(bytes)?)),
            contact: u32::from_le_bytes(array(bytes)?),
            rank: u16::from_le_bytes(array(bytes)?),
            name: u64::from_le_bytes(array(bytes)?),
        })
    }
}

/// Reads the contacts of the earlier run: their ids, and who held which point.
fn read_contacts(run: &RunDir, reading: &FirstPassInput<'_>, held: &Spill) -> Result<Vec<Id>, Failure> {
    let (tables, keyed) = (reading.shared.tables, reading.shared.keyed);
    let mut ids = Vec::new();
    let mut points = Points::default();
    let mut names = NameFolder::default();
    let mut buffers = vec![Vec::new(); held.count()];
    run.rows(
        "contacts.csv",
        KNOWN_BY,
        |[id, first, middle, last, full, suffix, emails, phones, handles]| {
            let damaged = || run.damaged("contacts.csv");
            let contact = u32::try_from(ids.len()).map_err(|_| damaged())?;
            ids.push(parse(id).ok_or_else(damaged)?);
            points.clear(false);
            points.add_emails(Field::Email, emails, &tables.email);
            points.add_phones(Field::Phone, phones, None, &tables.phone);
            points.add_handles(Field::SocialHandle, None, handles);
            let mut all: Vec<(PointKind, &str)> =
                points.iter().filter(|p| p.point.keyable).map(|p| (p.point.kind, p.point.key)).collect();
            all.sort_unstable();
            all.dedup();
            let name = number(names.fold(NameCells { first, middle, last, full, suffix }));
            for ((kind, key), rank) in all.into_iter().zip(0..) {
                let key = key_of(keyed, kind, key);
                HeldPoint { key, contact, rank, name }.encode(&mut buffers[partition_of(key, held.count())]);
            }
            if ids.len() % 4096 == 0 { held.append_all(&mut buffers) } else { Ok(()) }
        },
    )?;
    held.append_all(&mut buffers)?;
    Ok(ids)
}

fn number(name: &[u8]) -> u64 {
    if name.is_empty() { 0 } else { name_number(name) }
}

/// A contact of then and one of now that hold a point together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ContactTie {
    old: u32,
    new: RowId,
    /// The smallest of the points, by its place among those of the old contact.
    rank: u16,
    /// How many points tie them.
    points: u16,
}

/// Ties of one point each become one tie for every two contacts.
fn count(mut ties: Vec<ContactTie>) -> Vec<ContactTie> {
    ties.sort_unstable();
    ties.dedup_by(|next, first| {
        let same = (next.old, next.new) == (first.old, first.new);
        if same {
            first.points = first.points.saturating_add(next.points);
        }
        same
    });
    ties
}

fn ties(i: usize, held: &Partitions, pass: &Pass, linked: &Linked) -> Result<Vec<ContactTie>, Failure> {
    let bytes = held.read(i)?;
    held.free(i);
    let mut rest = &bytes[..];
    let mut then: Vec<HeldPoint> = std::iter::from_fn(|| HeldPoint::decode(&mut rest)).collect();
    then.sort_unstable();
    let mut now: Vec<(Fingerprint, RowId, u64)> = Vec::new();
    let postings = pass.postings.read(i)?;
    let mut rest = &postings[..];
    while let Some((posting, after)) = Posting::decode(rest) {
        rest = after;
        let of_point = matches!(posting.kind, KeyKind::Email | KeyKind::Phone | KeyKind::Handle);
        if of_point && then.binary_search_by_key(&posting.key, |h| h.key).is_ok() {
            now.push((posting.key, linked.firsts[posting.row as usize], number(posting.name)));
        }
    }
    now.sort_unstable();
    now.dedup();
    let mut ties = Vec::new();
    for then in then.chunk_by(|a, b| a.key == b.key) {
        let start = now.partition_point(|n| n.0 < then[0].key);
        let holders = now[start..].iter().take_while(|n| n.0 == then[0].key).count();
        tie(then, &now[start..start + holders], &mut ties);
    }
    Ok(ties)
}

fn tie(then: &[HeldPoint], now: &[(Fingerprint, RowId, u64)], ties: &mut Vec<ContactTie>) {
    let mut tie = |old: &HeldPoint, new: RowId| {
        ties.push(ContactTie { old: old.contact, new, rank: old.rank, points: 1 });
    };
    let Some(first) = now.first() else { return };
    if then.len() == 1 && now.iter().all(|n| n.1 == first.1) {
        return tie(&then[0], first.1);
    }
    let mut named: Vec<(u64, RowId)> = now.iter().map(|n| (n.2, n.1)).filter(|n| n.0 != 0).collect();
    named.sort_unstable();
    let mut then: Vec<&HeldPoint> = then.iter().filter(|h| h.name != 0).collect();
    then.sort_unstable_by_key(|h| h.name);
    // Of several who have point and name in common nobody can tell which is which.
    for same in then.chunk_by(|a, b| a.name == b.name).filter(|same| same.len() == 1) {
        let start = named.partition_point(|n| n.0 < same[0].name);
        let mut of_name = named[start..].iter().take_while(|n| n.0 == same[0].name);
        if let (Some((_, new)), None) = (of_name.next(), of_name.next()) {
            tie(same[0], *new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES, ContactTie, PreviousIds, count};

    /// Gives the ids 1, 2, … of the old contacts 0, 1, … by ties of (old, new, rank of the point).
    fn check(ties: &[(u32, u32, u16)], given: &[(u32, u8)]) {
        let ids: Vec<_> = (1..=9).map(|n| [n; BYTES]).collect();
        let all = |turn: usize| {
            let mut ties: Vec<ContactTie> =
                ties.iter().map(|&(old, new, rank)| ContactTie { old, new, rank, points: 1 }).collect();
            ties.rotate_left(turn);
            PreviousIds::give(&ids, count(ties))
        };
        let expected: Vec<_> = given.iter().map(|&(new, n)| (new, [n; BYTES])).collect();
        for turn in 0..ties.len() {
            assert_eq!(all(turn).given, expected, "{ties:?} from {turn}");
        }
    }

    #[test]
    fn who_holds_most_of_the_points_keeps_the_id() {
        check(&[(0, 7, 0)], &[(7, 1)]);
        // Fell apart: two points against one; then one against one, where the smallest point decides.
        check(&[(0, 7, 0), (0, 8, 1), (0, 8, 2)], &[(8, 1)]);
        check(&[(0, 7, 1), (0, 8, 0)], &[(8, 1)]);
        // Became one: more points, then the smaller id.
        check(&[(0, 7, 0), (1, 7, 0), (1, 7, 1)], &[(7, 2)]);
        check(&[(1, 7, 0), (0, 7, 3)], &[(7, 1)]);
        // A point changed hands: both keep their own.
        check(&[(0, 7, 0), (0, 7, 1), (0, 8, 2), (1, 8, 0), (1, 8, 1)], &[(7, 1), (8, 2)]);
    }
}
