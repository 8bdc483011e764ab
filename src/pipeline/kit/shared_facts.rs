//! Events under a match key, as the first pass spills them, and the facts that contacts and outside rows are sent from
//! there: the bytes of both. Knows no contact.

use crate::ledger::{self, LedgerEntry};
use crate::pipeline::kit::bytes::array;
use crate::record::{DateOrder, Event, Fingerprint, RowId};

/// Bytes of an event under a key: key, exact address, row, event.
pub(crate) const KEY_EVENT: usize = 16 + 8 + 4 + ledger::EVENT_BYTES;

pub(crate) fn write_key_event(out: &mut Vec<u8>, key: Fingerprint, exact: u64, row: RowId, event: &Event) {
    out.extend_from_slice(&key.0.to_le_bytes());
    out.extend_from_slice(&exact.to_le_bytes());
    out.extend_from_slice(&row.to_le_bytes());
    ledger::encode(event, out);
}

/// What a contact or an outside row learns from other rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SharedFact {
    /// One of the contact's keys has other holders.
    SharedKey {
        key: Fingerprint,
        /// How many holders before it carry the same name.
        twin: u32,
    },
    /// An event at one of its keys.
    AtKey(Fingerprint, LedgerEntry),
    OfPerson(LedgerEntry),
    /// An outside row speaks of one of its points.
    Outside(RowId),
    /// A refusal its own rows tell: already known to it, needed here to reach others.
    Own(LedgerEntry),
}

pub(crate) fn write(out: &mut Vec<u8>, fact: &SharedFact) {
    match fact {
        SharedFact::SharedKey { key, twin } => {
            out.push(0);
            out.extend_from_slice(&key.0.to_le_bytes());
            out.extend_from_slice(&twin.to_le_bytes());
        }
        SharedFact::AtKey(key, entry) => {
            out.push(1);
            write_at_key(out, *key, entry);
        }
        SharedFact::Outside(row) => {
            out.push(3);
            out.extend_from_slice(&row.to_le_bytes());
        }
        SharedFact::OfPerson(entry) | SharedFact::Own(entry) => {
            out.push(if matches!(fact, SharedFact::OfPerson(_)) { 2 } else { 4 });
            write_entry(out, entry);
        }
    }
}

/// Reads a fact; `None` if the bytes are none of ours.
pub(crate) fn read(item: &[u8]) -> Option<SharedFact> {
    let (tag, mut rest) = item.split_first()?;
    Some(match tag {
        0 => SharedFact::SharedKey { key: read_key(&mut rest)?, twin: u32::from_le_bytes(array(&mut rest)?) },
        1 => SharedFact::AtKey(read_key(&mut rest)?, read_entry(&mut rest)?),
        2 => SharedFact::OfPerson(read_entry(&mut rest)?),
        3 => SharedFact::Outside(RowId::from_le_bytes(rest.try_into().ok()?)),
        _ => SharedFact::Own(read_entry(&mut rest)?),
    })
}

fn read_key(rest: &mut &[u8]) -> Option<Fingerprint> {
    Some(Fingerprint(u128::from_le_bytes(array(rest)?)))
}

/// Appends an entry of the ledger at a key.
pub(crate) fn write_at_key(out: &mut Vec<u8>, key: Fingerprint, entry: &LedgerEntry) {
    out.extend_from_slice(&key.0.to_le_bytes());
    write_entry(out, entry);
}

/// Reads an entry of the ledger at a key.
pub(crate) fn read_at_key(rest: &mut &[u8]) -> Option<(Fingerprint, LedgerEntry)> {
    Some((read_key(rest)?, read_entry(rest)?))
}

fn write_entry(out: &mut Vec<u8>, entry: &LedgerEntry) {
    out.extend_from_slice(&entry.exact.to_le_bytes());
    out.extend_from_slice(&entry.row.to_le_bytes());
    ledger::encode(&entry.event(), out);
}

fn read_entry(rest: &mut &[u8]) -> Option<LedgerEntry> {
    let exact = u64::from_le_bytes(array(rest)?);
    let row = RowId::from_le_bytes(array(rest)?);
    let event = ledger::decode(&array(rest)?)?;
    Some(LedgerEntry::settle(&event, exact, row, |_| DateOrder::Unknown))
}
