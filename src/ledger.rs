//! The ledger: every event at a contact point, from wherever it came, folded to what can still matter.
//!
//! Folding keeps, of all events that say the same (kind, channels, evidence, detail, precision of the date and,
//! for what speaks in favour, the exact address), the earliest, the latest and one undated. It is a union:
//! order, repetition and the way it was split never show. Knows no rule: what an event means for contact is decided elsewhere.

use crate::record::{Channels, DateOrder, Event, EventKind, Evidence, Place, Precision, RowId, Stamp, When};

/// An event with its date settled to the reading that hurts contactability, and where it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerEntry {
    /// What happened.
    pub kind: EventKind,
    /// The channels it speaks of.
    pub channels: Channels,
    /// What the file told beside it.
    pub evidence: Evidence,
    /// Number of the purpose, register or basis, as `kind` asks; 0 = none told.
    pub detail: u16,
    /// Fingerprint of the exact address it was told of (promise 3: provider aliases differ here).
    pub exact: u64,
    /// When; of two readings the later for what binds, the earlier for what supports.
    pub at: Option<When>,
    /// Where it stands.
    pub place: Place,
    /// The row it stands in.
    pub row: RowId,
}

impl LedgerEntry {
    /// The event with its date settled.
    pub fn event(&self) -> Event {
        let Self { kind, channels, evidence, detail, at, place, .. } = *self;
        Event { kind, channels, at: at.map_or(Stamp::Absent, Stamp::Known), evidence, detail, place }
    }

    /// The event of `row` at the exact address, once the order of the date column is known.
    pub fn settle(event: &Event, exact: u64, row: RowId, order: impl Fn(u16) -> DateOrder) -> Self {
        let Event { kind, channels, at, evidence, detail, place } = *event;
        let at = at.readings(order).map(|(earlier, later)| if binds(kind) { later } else { earlier });
        Self { kind, channels, evidence, detail, exact, at, place, row }
    }

    /// Dates of unlike precision stand in no order within a day. Refusals and hard bounces bind every spelling of a
    /// point, all else the exact one; the end of a consent belongs to its row.
    fn class(&self) -> (EventKind, Channels, Evidence, u16, u64, Option<Precision>, Option<Place>) {
        let exact = if self.kind.suppresses() { 0 } else { self.exact };
        let precision = self.at.map(|when| when.precision);
        let place = (self.kind == EventKind::ConsentEnded).then_some(self.place);
        (self.kind, self.channels, self.evidence, self.detail, exact, precision, place)
    }
}

/// Whether such an event binds its point for every holder (DESIGN promise 2); all others support contact and
/// count for their own person only (promise 3).
pub const fn binds(kind: EventKind) -> bool {
    kind.is_refusal()
        || matches!(
            kind,
            EventKind::ConsentPending
                | EventKind::ConsentNotGiven
                | EventKind::HardBounce
                | EventKind::SoftBounce
                | EventKind::RegistryListed
                | EventKind::NumberReassigned
                | EventKind::ConsentWordUnknown
        )
}

/// Folds entries in place: sorted, and of each class only the earliest, the latest and one undated. One row may tell
/// such an event of several spellings of a point: all of them stay, since their fingerprints stand in no order that
/// two runs share.
pub fn fold(entries: &mut Vec<LedgerEntry>) {
    entries.sort_unstable_by(|a, b| {
        (a.class(), a.at, a.place, a.row, a.exact).cmp(&(b.class(), b.at, b.place, b.row, b.exact))
    });
    entries.dedup();
    let told = |e: &LedgerEntry| (e.at, e.place, e.row);
    let mut kept = 0;
    let mut start = 0;
    while start < entries.len() {
        let class = entries[start].class();
        let end = start + entries[start..].iter().take_while(|e| e.class() == class).count();
        let latest = entries[end - 1].at;
        let of = &entries[start..end];
        let dated = of.iter().find(|e| e.at.is_some()).map(told);
        let latest = of.iter().find(|e| e.at == latest).map(told);
        let keep = [Some(told(&entries[start])), dated, latest];
        for index in start..end {
            if keep.contains(&Some(told(&entries[index]))) {
                entries[kept] = entries[index];
                kept += 1;
            }
        }
        start = end;
    }
    entries.truncate(kept);
}

/// Size of an encoded event.
pub const EVENT_BYTES: usize = 33;

/// Appends an event in its fixed-size form (little endian).
pub fn encode(event: &Event, out: &mut Vec<u8>) {
    let (tag, first, second, column) = match event.at {
        Stamp::Absent => (0, 0, 0, 0),
        Stamp::Unreadable => (1, 0, 0, 0),
        Stamp::Known(when) => (2 + when.precision as u8, when.seconds, 0, 0),
        Stamp::Either { day_month, month_day, column } => {
            (5 + day_month.precision as u8, day_month.seconds, month_day.seconds, column)
        }
    };
    out.extend_from_slice(&[event.kind as u8, event.channels.bytes()[0], tag]);
    out.extend_from_slice(&event.evidence.0.to_le_bytes());
    out.extend_from_slice(&event.detail.to_le_bytes());
    out.extend_from_slice(&event.place.source.to_le_bytes());
    out.extend_from_slice(&event.place.line.to_le_bytes());
    out.extend_from_slice(&column.to_le_bytes());
    out.extend_from_slice(&first.to_le_bytes());
    out.extend_from_slice(&second.to_le_bytes());
}

/// Reads an event back; `None` if the bytes are none of ours.
pub fn decode(bytes: &[u8; EVENT_BYTES]) -> Option<Event> {
    let kind = EventKind::from_number(bytes[0])?;
    let when = |seconds: i64, precision: u8| {
        let precision = [Precision::Day, Precision::Local, Precision::Instant].get(usize::from(precision))?;
        Some(When { seconds, precision: *precision })
    };
    let first = i64::from_le_bytes(part(bytes, 17));
    let second = i64::from_le_bytes(part(bytes, 25));
    let at = match bytes[2] {
        0 => Stamp::Absent,
        1 => Stamp::Unreadable,
        tag @ 2..=4 => Stamp::Known(when(first, tag - 2)?),
        tag => Stamp::Either {
            day_month: when(first, tag - 5)?,
            month_day: when(second, tag - 5)?,
            column: u16::from_le_bytes(part(bytes, 15)),
        },
    };
    let channels = Channels::from_bytes([bytes[1]]);
    let evidence = Evidence(u32::from_le_bytes(part(bytes, 3)));
    let detail = u16::from_le_bytes(part(bytes, 7));
    let (source, line) = (u16::from_le_bytes(part(bytes, 9)), u32::from_le_bytes(part(bytes, 11)));
    Some(Event { kind, channels, at, evidence, detail, place: Place { source, line } })
}

fn part<const N: usize>(bytes: &[u8; EVENT_BYTES], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}

#[cfg(test)]
mod tests {
    use super::{EVENT_BYTES, LedgerEntry, binds, decode, encode, fold};
    use crate::record::{Channels, DateOrder, Event, EventKind, Evidence, Place, Precision, Stamp, When};
    use proptest::prelude::*;

    fn when() -> impl Strategy<Value = When> {
        let precision = prop::sample::select(vec![Precision::Day, Precision::Local, Precision::Instant]);
        (-3i64..3, precision).prop_map(|(day, precision)| When { seconds: day * 86_400, precision })
    }

    fn stamp() -> impl Strategy<Value = Stamp> {
        prop_oneof![
            Just(Stamp::Absent),
            Just(Stamp::Unreadable),
            when().prop_map(Stamp::Known),
            (when(), -9i64..9, 0..9u16).prop_map(|(day_month, seconds, column)| Stamp::Either {
                day_month,
                month_day: When { seconds, ..day_month },
                column,
            }),
        ]
    }

    fn event() -> impl Strategy<Value = Event> {
        let evidence = prop::sample::select(vec![0, 1, 1 << 16]).prop_map(Evidence);
        let place = (0..3u16, 1..4u32).prop_map(|(source, line)| Place { source, line });
        let drawn = (0..EventKind::ALL.len(), 1..4u8, stamp(), evidence, 0..2u16, place);
        drawn.prop_map(|(kind, channels, at, evidence, detail, place)| {
            let (kind, channels) = (EventKind::ALL[kind], Channels::from_bytes([channels]));
            Event { kind, channels, at, evidence, detail, place }
        })
    }

    fn entries() -> impl Strategy<Value = Vec<LedgerEntry>> {
        let entry = (event(), 0..2u64, 0..9u32)
            .prop_map(|(event, exact, row)| LedgerEntry::settle(&event, exact, row, |_| DateOrder::Unknown));
        prop::collection::vec(entry, 0..40)
    }

    proptest! {
        #[test]
        fn events_read_back(event in event()) {
            let mut bytes = Vec::new();
            encode(&event, &mut bytes);
            let bytes: [u8; EVENT_BYTES] = bytes.try_into().unwrap();
            prop_assert_eq!(decode(&bytes), Some(event));
        }

        #[test]
        fn folding_is_a_union(left in entries(), right in entries()) {
            let mut whole: Vec<_> = right.iter().chain(&left).copied().collect();
            fold(&mut whole);
            let (mut parts, mut tail) = (left, right);
            fold(&mut parts);
            fold(&mut tail);
            parts.extend(tail);
            fold(&mut parts);
            prop_assert_eq!(&parts, &whole);
            fold(&mut parts);
            prop_assert_eq!(parts, whole);
        }

        #[test]
        fn folding_loses_no_latest_refusal_and_no_undated_one(all in entries()) {
            let mut folded = all.clone();
            fold(&mut folded);
            for lost in all.iter().filter(|e| binds(e.kind)) {
                let stronger = folded.iter().any(|e| {
                    e.kind == lost.kind
                        && e.channels == lost.channels
                        && e.at.map(|w| w.precision) == lost.at.map(|w| w.precision)
                        && e.at >= lost.at
                });
                prop_assert!(stronger, "{lost:?} has no stronger entry");
            }
        }
    }

    #[test]
    fn a_refusal_takes_the_later_reading_and_a_consent_the_earlier() {
        let (april, march) =
            (When { seconds: 1, precision: Precision::Day }, When { seconds: 0, precision: Precision::Day });
        let at = Stamp::Either { day_month: april, month_day: march, column: 0 };
        let settled = |kind| {
            let (channels, evidence, place) = (Channels::ALL, Evidence::default(), Place::default());
            let event = Event { kind, channels, at, evidence, detail: 0, place };
            LedgerEntry::settle(&event, 0, 0, |_| DateOrder::Unknown).at
        };
        assert_eq!(settled(EventKind::ConsentWithdrawn), Some(april));
        assert_eq!(settled(EventKind::ConsentGiven), Some(march));
    }
}
