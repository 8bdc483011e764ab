//! Who is bound by what another row or file said (promises 2 and 3): between linking and deciding, every event
//! finds the contacts it concerns.
//!
//! Per match key, the contacts that hold it meet the events told of it:
//! - what binds (a refusal, a bounce, a register's listing) goes to every holder;
//! - what supports goes to the holder only if it is the only one;
//! - a refusal from outside travels to the other points of its holder only if it is the only one, or if its
//!   channel is none that the point itself can carry (a "no post" known by e-mail);
//! - a person's refusals then reach the points the person shares with others, and the contacts a guard found
//!   ambiguous with the person: one step, never further.
//!
//! Knows contacts by the number of their first row; no text, no rule, no date of today.

use crate::ledger::{self, LedgerEntry, binds};
use crate::link::{KeyKind, Linked, Posting, name_number, partition_of};
use crate::pipeline::check::first_pass::Pass;
use crate::pipeline::kit::run::Scratch;
use crate::pipeline::kit::shared_facts::{KEY_EVENT, SharedFact, read, read_at_key, write, write_at_key};
use crate::record::{Channels, DateOrder, Evidence, Failure, Fingerprint, OF_DOMAIN, PointKind, RowId};
use crate::spill::{ByRow, RowBuffers, RowItems, RowSpill, Spill};
use rayon::prelude::*;

/// What all contacts and all outside rows are told.
#[derive(Debug)]
pub(crate) struct SharedFacts {
    /// From outside rows and other holders, by first row.
    pub(crate) direct: ByRow,
    /// From other persons' refusals, by first row.
    pub(crate) second: ByRow,
    /// Outside rows whose point no contact holds and that are the first to name it, by outside row.
    pub(crate) orphans: ByRow,
}

struct SharingInput<'a> {
    /// Its postings and the events told of keys are cut alike: partition by partition they are of the same keys.
    pass: &'a Pass,
    linked: &'a Linked,
    /// Pairs of contacts that a guard found ambiguous, each in both directions, sorted.
    ambiguous: Vec<(RowId, RowId)>,
}

/// Brings every event to the contacts it concerns. Uses the current rayon pool.
pub(crate) fn share(pass: &Pass, linked: &Linked, scratch: Scratch<'_>) -> Result<SharedFacts, Failure> {
    let input = SharingInput { pass, linked, ambiguous: ambiguous(linked)? };
    let direct = RowSpill::new(scratch.dir, scratch.budget, pass.rows);
    let orphans = RowSpill::new(scratch.dir, scratch.budget, pass.rows);
    (0..input.pass.postings.count()).into_par_iter().try_for_each(|i| {
        let mut out = (direct.buffers(), orphans.buffers());
        for_each_key(&input, i, |key| share_key(&input, key, &mut out))?;
        direct.take(&mut out.0)?;
        orphans.take(&mut out.1)
    })?;
    let direct = direct.finish();
    let second = RowSpill::new(scratch.dir, scratch.budget, pass.rows);
    let again = Spill::new(scratch.dir, input.pass.postings.count(), scratch.budget);
    (0..direct.ranges()).into_par_iter().try_for_each(|i| {
        let mut to_contacts = second.buffers();
        let mut to_keys = vec![Vec::new(); again.count()];
        persons(&direct.range(i)?, &input, &mut to_contacts, &mut to_keys);
        second.take(&mut to_contacts)?;
        again.append_all(&mut to_keys)
    })?;
    let again = again.into_partitions();
    (0..again.count()).into_par_iter().filter(|i| again.len(*i) > 0).try_for_each(|i| {
        let mut out = second.buffers();
        share_again(&input, i, &read_entries(&again.read(i)?), &mut out)?;
        second.take(&mut out)
    })?;
    Ok(SharedFacts { direct, second: second.finish(), orphans: orphans.finish() })
}

/// Brings refusals of persons to every holder of the points they share.
fn share_again(
    input: &SharingInput<'_>,
    i: usize,
    told: &[(Fingerprint, LedgerEntry)],
    out: &mut RowBuffers,
) -> Result<(), Failure> {
    // Few keys of a partition are spoken of: the holders of all others need not be sorted.
    let postings = input.pass.postings.read(i)?;
    let mut holders = read_holders(&postings, |key| told.binary_search_by_key(&key, |t| t.0).is_ok());
    holders.sort_unstable();
    for holders in holders.chunk_by(|a, b| a.key == b.key) {
        let key = holders[0].key;
        let start = told.partition_point(|(k, _)| *k < key);
        // Of other people's refusals, what the point itself can carry; the point they were told of is another.
        let carried = channels_of(holders[0].posting(&postings).map_or(KeyKind::Email, |p| p.kind));
        let here = |e: &LedgerEntry| LedgerEntry {
            channels: e.channels.intersect(carried),
            exact: 0,
            ..travelled(e)
        };
        let mut refusals: Vec<LedgerEntry> =
            told[start..].iter().take_while(|(k, _)| *k == key).map(|(_, e)| here(e)).collect();
        refusals.retain(|e| !e.channels.is_empty());
        if refusals.is_empty() {
            continue;
        }
        for contact in contacts(holders, &input.linked.firsts) {
            for refusal in &refusals {
                out.write(contact, |item| write(item, &SharedFact::AtKey(key, *refusal)));
            }
        }
    }
    Ok(())
}

/// Pairs of contacts that linking found ambiguous, by contact.
fn ambiguous(linked: &Linked) -> Result<Vec<(RowId, RowId)>, Failure> {
    let mut pairs = Vec::new();
    linked.ambiguous.each(|pair| {
        let (a, b) = (linked.firsts[pair.row as usize], linked.firsts[pair.other as usize]);
        if a != b {
            pairs.push((a, b));
        }
        Ok(())
    })?;
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

struct Key<'a> {
    key: Fingerprint,
    kind: KeyKind,
    holders: &'a [Holder],
    told: &'a [(Fingerprint, LedgerEntry)],
    postings: &'a [u8],
}

/// A contact row that holds a key, and where its posting stands among those of the partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Holder {
    key: Fingerprint,
    row: RowId,
    at: u32,
}

impl Holder {
    /// Its posting: the kind of the key, the name.
    fn posting<'a>(&self, postings: &'a [u8]) -> Option<Posting<'a>> {
        Some(Posting::decode(postings.get(self.at as usize..)?)?.0)
    }
}

/// The holders of the wanted keys, in no order.
fn read_holders(bytes: &[u8], wanted: impl Fn(Fingerprint) -> bool) -> Vec<Holder> {
    let mut rest = bytes;
    let mut holders = Vec::new();
    while let Some((posting, after)) = Posting::decode(rest) {
        let at = (bytes.len() - rest.len()) as u32;
        rest = after;
        if wanted(posting.key) {
            holders.push(Holder { key: posting.key, row: posting.row, at });
        }
    }
    holders
}

fn read_told(bytes: &[u8], pass: &Pass) -> Vec<(Fingerprint, LedgerEntry)> {
    let order = |column: u16| pass.orders.get(usize::from(column)).copied().unwrap_or(DateOrder::Unknown);
    let mut told: Vec<_> = bytes
        .chunks_exact(KEY_EVENT)
        .filter_map(|record| {
            let key = Fingerprint(u128::from_le_bytes(record[..16].try_into().ok()?));
            let exact = u64::from_le_bytes(record[16..24].try_into().ok()?);
            let row = RowId::from_le_bytes(record[24..28].try_into().ok()?);
            let mut event = ledger::decode(record[28..].try_into().ok()?)?;
            pass.crowds.mark(&mut event, row);
            Some((key, LedgerEntry::settle(&event, exact, row, order)))
        })
        .collect();
    told.sort_unstable();
    told
}

/// Calls `f` for every key of partition `i` that anything was told of or that several contacts hold.
fn for_each_key(input: &SharingInput<'_>, i: usize, mut f: impl FnMut(&Key<'_>)) -> Result<(), Failure> {
    let postings = input.pass.postings.read(i)?;
    let mut holders = read_holders(&postings, |_| true);
    holders.sort_unstable();
    let told = read_told(&input.pass.told.read(i)?, input.pass);
    let (mut h, mut t) = (0, 0);
    while h < holders.len() || t < told.len() {
        let key = match (holders.get(h), told.get(t)) {
            (Some(holder), Some((told, _))) => holder.key.min(*told),
            (Some(holder), None) => holder.key,
            (None, Some((told, _))) => *told,
            (None, None) => break,
        };
        let holders_end = h + holders[h..].iter().take_while(|x| x.key == key).count();
        let told_end = t + told[t..].iter().take_while(|x| x.0 == key).count();
        let (held, told) = (&holders[h..holders_end], &told[t..told_end]);
        let contact = |holder: &Holder| input.linked.firsts[holder.row as usize];
        if !told.is_empty() || held.iter().any(|x| contact(x) != contact(&held[0])) {
            let kind = held.first().and_then(|x| x.posting(&postings)).map_or(KeyKind::Email, |p| p.kind);
            f(&Key { key, kind, holders: held, told, postings: &postings });
        }
        (h, t) = (holders_end, told_end);
    }
    Ok(())
}

/// The contacts of the rows that hold a key, each once, in order.
fn contacts(holders: &[Holder], first: &[RowId]) -> Vec<RowId> {
    let mut contacts: Vec<RowId> = holders.iter().map(|h| first[h.row as usize]).collect();
    contacts.sort_unstable();
    contacts.dedup();
    contacts
}

fn share_key(input: &SharingInput<'_>, key: &Key<'_>, out: &mut (RowBuffers, RowBuffers)) {
    let contacts = contacts(key.holders, &input.linked.firsts);
    let outside = |entry: &LedgerEntry| entry.evidence.has(Evidence::OUTSIDE);
    for (_, entry) in key.told.iter().filter(|(_, e)| !outside(e) && e.kind.is_refusal()) {
        out.0.write(input.linked.firsts[entry.row as usize], |item| write(item, &SharedFact::Own(*entry)));
    }
    if contacts.is_empty() {
        orphans(key, &mut out.1);
        return;
    }
    let mut speaking: Vec<RowId> = key.told.iter().filter(|(_, e)| outside(e)).map(|(_, e)| e.row).collect();
    speaking.sort_unstable();
    speaking.dedup();
    for row in speaking {
        for contact in &contacts {
            out.0.write(*contact, |item| write(item, &SharedFact::Outside(row)));
        }
    }
    if contacts.len() > 1 && key.kind != KeyKind::ExternalId {
        say_shared(key, &input.linked.firsts, &mut out.0);
    }
    let alone = contacts.len() == 1;
    // The only holder's own events are known to it; other rows speak of it when they mistyped its address.
    let others = |e: &LedgerEntry| outside(e) || input.linked.firsts[e.row as usize] != contacts[0];
    let mut entries: Vec<LedgerEntry> =
        key.told.iter().map(|(_, e)| *e).filter(|e| if alone { others(e) } else { binds(e.kind) }).collect();
    ledger::fold(&mut entries);
    let carried = channels_of(key.kind);
    for entry in entries {
        let travels = outside(&entry)
            && entry.kind.is_refusal()
            && (alone && entry.detail != OF_DOMAIN || entry.channels.intersect(carried).is_empty());
        for contact in &contacts {
            let of_another =
                !alone && entry.kind.is_refusal() && input.linked.firsts[entry.row as usize] != *contact;
            let evidence =
                if of_another { entry.evidence.with(Evidence::OF_ANOTHER) } else { entry.evidence };
            let here = LedgerEntry { evidence, ..entry };
            out.0.write(*contact, |item| write(item, &SharedFact::AtKey(key.key, here)));
            if travels {
                let of_several = !alone && entry.evidence.has(Evidence::CARRIED);
                let entry = if of_several { travelled(&entry) } else { entry };
                out.0.write(*contact, |item| write(item, &SharedFact::OfPerson(entry)));
            }
        }
    }
}

const fn channels_of(kind: KeyKind) -> Channels {
    match kind {
        KeyKind::Email => Channels::of_point(PointKind::Email),
        KeyKind::Phone => Channels::of_point(PointKind::Phone),
        KeyKind::NameStreet => Channels::of_point(PointKind::Post),
        KeyKind::Handle => Channels::of_point(PointKind::Handle),
        KeyKind::ExternalId => Channels::NONE,
    }
}

/// Tells each holder that the key is shared, and how many holders before it carry the same name.
fn say_shared(key: &Key<'_>, first: &[RowId], out: &mut RowBuffers) {
    let name = |holder: &Holder| holder.posting(key.postings).map_or(0, |p| name_number(p.name));
    let mut named: Vec<(u64, RowId)> = key.holders.iter().map(|h| (name(h), first[h.row as usize])).collect();
    named.sort_unstable();
    named.dedup();
    let mut twins: Vec<(RowId, u32)> = Vec::with_capacity(named.len());
    for same_name in named.chunk_by(|a, b| a.0 == b.0) {
        twins.extend((0..).zip(same_name).map(|(twin, (_, contact))| (*contact, twin)));
    }
    twins.sort_unstable();
    for of_contact in twins.chunk_by(|a, b| a.0 == b.0) {
        let (contact, twin) = of_contact[of_contact.len() - 1];
        out.write(contact, |item| write(item, &SharedFact::SharedKey { key: key.key, twin }));
    }
}

/// Of the outside rows that refuse a point nobody holds, the first for each exact address speaks for all.
fn orphans(key: &Key<'_>, out: &mut RowBuffers) {
    let mut refusing: Vec<LedgerEntry> = key
        .told
        .iter()
        .map(|(_, e)| *e)
        .filter(|e| e.kind.suppresses() && e.evidence.has(Evidence::OUTSIDE))
        .collect();
    refusing.sort_unstable_by_key(|e| (e.exact, e.row));
    for same in refusing.chunk_by(|a, b| a.exact == b.exact) {
        for entry in same {
            out.write(same[0].row, |item| write(item, &SharedFact::AtKey(key.key, *entry)));
        }
    }
}

/// Sends each person's refusals to the points shared with others and to ambiguous neighbours.
fn persons(
    items: &RowItems,
    input: &SharingInput<'_>,
    to_contacts: &mut RowBuffers,
    to_keys: &mut [Vec<u8>],
) {
    let all: Vec<(RowId, SharedFact)> =
        items.iter().filter_map(|(row, item)| Some((row, read(item)?))).collect();
    for told in all.chunk_by(|a, b| a.0 == b.0) {
        let contact = told[0].0;
        let mut refusals: Vec<LedgerEntry> = told
            .iter()
            .filter_map(|(_, t)| match t {
                SharedFact::OfPerson(entry) | SharedFact::Own(entry) => Some(*entry),
                SharedFact::AtKey(..) | SharedFact::SharedKey { .. } | SharedFact::Outside(_) => None,
            })
            .collect();
        // What came from another contact has made its step, in this run or in the one that wrote it down.
        refusals.retain(|refusal| !refusal.evidence.has(Evidence::TRAVELLED));
        if refusals.is_empty() {
            continue;
        }
        ledger::fold(&mut refusals);
        for (_, t) in told {
            if let SharedFact::SharedKey { key, .. } = t {
                let buffer = &mut to_keys[partition_of(*key, input.pass.postings.count())];
                for refusal in &refusals {
                    write_at_key(buffer, *key, refusal);
                }
            }
        }
        let start = input.ambiguous.partition_point(|(a, _)| *a < contact);
        for (_, neighbour) in input.ambiguous[start..].iter().take_while(|(a, _)| *a == contact) {
            for refusal in &refusals {
                to_contacts.write(*neighbour, |item| write(item, &SharedFact::OfPerson(travelled(refusal))));
            }
        }
    }
}

/// The refusal as another contact is told of it.
fn travelled(refusal: &LedgerEntry) -> LedgerEntry {
    LedgerEntry { evidence: refusal.evidence.with(Evidence::TRAVELLED), ..*refusal }
}

fn read_entries(bytes: &[u8]) -> Vec<(Fingerprint, LedgerEntry)> {
    let mut rest = bytes;
    let mut out: Vec<_> = std::iter::from_fn(|| read_at_key(&mut rest)).collect();
    out.sort_unstable();
    out
}
