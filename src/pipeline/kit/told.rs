//! The bytes of an event that is told of a match key, as the first pass spills it and sharing reads it.

use crate::ledger;
use crate::ledger::Entry;
use crate::pipeline::kit::row_sheet::take;
use crate::record::{DateOrder, Event, Fingerprint, RowId, Stamp};

/// Size of an event told of a key, as workers spill it: key, exact address, row, event.
pub(crate) const TOLD: usize = 16 + 8 + 4 + ledger::EVENT_BYTES;

/// Writes an event told of a key.
pub(crate) fn write_told(out: &mut Vec<u8>, key: Fingerprint, exact: u64, row: RowId, event: &Event) {
    out.extend_from_slice(&key.0.to_le_bytes());
    out.extend_from_slice(&exact.to_le_bytes());
    out.extend_from_slice(&row.to_le_bytes());
    ledger::encode(event, out);
}

/// What a contact is told from outside its own rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// One of its keys has other holders.
    Shared {
        /// The key.
        key: Fingerprint,
        /// How many holders before it carry the same name.
        twin: u32,
    },
    /// An event at one of its keys.
    AtKey(Fingerprint, Entry),
    /// A refusal of the person.
    OfPerson(Entry),
    /// An outside row speaks of one of its points.
    Outside(RowId),
    /// A refusal its own rows tell: already known to it, needed here to reach others.
    Own(Entry),
}

pub(crate) fn write(out: &mut Vec<u8>, told: &Told) {
    match told {
        Told::Shared { key, twin } => {
            out.push(0);
            out.extend_from_slice(&key.0.to_le_bytes());
            out.extend_from_slice(&twin.to_le_bytes());
        }
        Told::AtKey(key, entry) => {
            out.push(1);
            out.extend_from_slice(&key.0.to_le_bytes());
            write_entry(out, entry);
        }
        Told::OfPerson(entry) => {
            out.push(2);
            write_entry(out, entry);
        }
        Told::Outside(row) => {
            out.push(3);
            out.extend_from_slice(&row.to_le_bytes());
        }
        Told::Own(entry) => {
            out.push(4);
            write_entry(out, entry);
        }
    }
}

/// Reads what a contact is told.
pub(crate) fn read(item: &[u8]) -> Option<Told> {
    let (tag, mut rest) = item.split_first()?;
    let key = |rest: &mut &[u8]| Some(Fingerprint(u128::from_le_bytes(take(rest, 16)?.try_into().ok()?)));
    Some(match tag {
        0 => Told::Shared {
            key: key(&mut rest)?,
            twin: u32::from_le_bytes(take(&mut rest, 4)?.try_into().ok()?),
        },
        1 => Told::AtKey(key(&mut rest)?, read_entry(&mut rest)?),
        2 => Told::OfPerson(read_entry(&mut rest)?),
        3 => Told::Outside(RowId::from_le_bytes(rest.try_into().ok()?)),
        _ => Told::Own(read_entry(&mut rest)?),
    })
}

pub(crate) fn write_entry(out: &mut Vec<u8>, entry: &Entry) {
    let at = entry.at.map_or(Stamp::Absent, Stamp::Known);
    let event = Event {
        kind: entry.kind,
        channels: entry.channels,
        at,
        evidence: entry.evidence,
        detail: entry.detail,
        place: entry.place,
    };
    out.extend_from_slice(&entry.exact.to_le_bytes());
    out.extend_from_slice(&entry.row.to_le_bytes());
    ledger::encode(&event, out);
}

pub(crate) fn read_entry(rest: &mut &[u8]) -> Option<Entry> {
    let exact = u64::from_le_bytes(take(rest, 8)?.try_into().ok()?);
    let row = RowId::from_le_bytes(take(rest, 4)?.try_into().ok()?);
    let event = ledger::decode(take(rest, ledger::EVENT_BYTES)?.try_into().ok()?)?;
    Some(Entry::settle(&event, exact, row, |_| DateOrder::Unknown))
}
