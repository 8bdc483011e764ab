//! Postings: a match key, the row that holds it, and what tells whether two holders are one person.

use super::agree::Agreement;
use super::name::is_personal;
use crate::record::{Day, Fingerprint, Keyed, RowId, words};

words! {
    /// What a match key is made of; strongest first, which is the order in which a contact gives up its edges
    /// from the end.
    pub enum KeyKind {
        /// Id of the source's own system, with the system.
        ExternalId = "external-id",
        /// Canonical e-mail address.
        Email = "email",
        /// Telephone number in E.164 form.
        Phone = "phone",
        /// Account of a social network or messenger.
        Handle = "handle",
        /// Family name, folded street (`StreetFolder`) and folded area (postal code, else city).
        NameStreet = "name-street",
    }
}

impl KeyKind {
    /// The fingerprint of a key of this kind made of `parts`.
    pub fn key(self, keyed: &Keyed, parts: &[&[u8]]) -> Fingerprint {
        keyed.of(self as u8, parts)
    }

    /// Whether this kind joins rows without a given name: only e-mail; a household shares a line, a list an id.
    pub(super) fn joins_nameless(self) -> bool {
        self == Self::Email
    }

    /// Whether this kind of key joins names so alike. In one street relatives are alike: there it takes the same name.
    pub(super) fn accepts(self, level: Agreement) -> bool {
        match level {
            Agreement::Same | Agreement::Initial | Agreement::Close => true,
            Agreement::Nickname => self != Self::NameStreet,
            Agreement::Missing => self.joins_nameless(),
            Agreement::Differ | Agreement::Veto => false,
        }
    }

    /// Whether rows of exactly this folded name may be joined by this kind of key.
    pub(super) fn joins(self, name: &[u8]) -> bool {
        self.joins_nameless() || is_personal(name)
    }
}

/// A birth date in both readings of an ambiguous cell; equal when there is one reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Birth {
    low: i32,
    high: i32,
}

impl Birth {
    /// Of both readings, in any order.
    pub fn new(one: Day, other: Day) -> Self {
        let packed =
            |day: Day| i32::from(day.year()) << 9 | i32::from(day.month()) << 5 | i32::from(day.day());
        Self { low: packed(one).min(packed(other)), high: packed(one).max(packed(other)) }
    }

    /// Whether no reading of one is a reading of the other.
    pub fn conflicts(self, other: Self) -> bool {
        ![self.low, self.high].iter().any(|day| *day == other.low || *day == other.high)
    }
}

pub(super) fn births_conflict(a: Option<Birth>, b: Option<Birth>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.conflicts(b))
}

/// One row under one match key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting<'a> {
    /// Fingerprint of the key, made with [`KeyKind::key`].
    pub key: Fingerprint,
    /// What the key is made of.
    pub kind: KeyKind,
    /// The row.
    pub row: RowId,
    /// Its name as `NameFolder` folds it.
    pub name: &'a [u8],
    /// Its birth date.
    pub birth: Option<Birth>,
}

/// The partition of `n` that postings of this key go to.
pub fn partition_of(key: Fingerprint, n: usize) -> usize {
    let high = key.0 >> 64;
    ((high * n as u128) >> 64) as usize
}

impl<'a> Posting<'a> {
    /// Appends the posting to a buffer: 22 bytes and the name, 4 or 8 more with a birth date.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.0.to_le_bytes());
        out.push(self.kind as u8);
        out.extend_from_slice(&self.row.to_le_bytes());
        encode_person(self.name, self.birth, out);
    }

    /// The posting at the start of `bytes` and what follows it; none when the bytes are cut off.
    pub fn decode(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (key, rest) = bytes.split_first_chunk::<16>()?;
        let (&kind, rest) = rest.split_first()?;
        let (row, rest) = rest.split_first_chunk::<4>()?;
        let ((name, birth), rest) = decode_person(rest)?;
        let (key, row) = (Fingerprint(u128::from_le_bytes(*key)), RowId::from_le_bytes(*row));
        let kind = KeyKind::from_number(kind).unwrap_or(KeyKind::NameStreet);
        Some((Self { key, kind, row, name, birth }, rest))
    }
}

/// Longest name that is written: folded names are shorter.
const NAME_MAX: usize = 252;

/// Name and birth date: a byte of length, the name; lengths above 252 mark a birth date that comes first.
pub(super) fn encode_person(name: &[u8], birth: Option<Birth>, out: &mut Vec<u8>) {
    match birth {
        Some(Birth { low, high }) if low == high => {
            out.push(254);
            out.extend_from_slice(&low.to_le_bytes());
        }
        Some(Birth { low, high }) => {
            out.push(255);
            out.extend_from_slice(&low.to_le_bytes());
            out.extend_from_slice(&high.to_le_bytes());
        }
        None => {}
    }
    let name = &name[..name.len().min(NAME_MAX)];
    out.push(name.len() as u8);
    out.extend_from_slice(name);
}

type Person<'a> = (&'a [u8], Option<Birth>);

pub(super) fn decode_person(bytes: &[u8]) -> Option<(Person<'_>, &[u8])> {
    let (&head, mut rest) = bytes.split_first()?;
    let mut day = || {
        let (day, after) = rest.split_first_chunk::<4>()?;
        rest = after;
        Some(i32::from_le_bytes(*day))
    };
    let birth = match head {
        254 => day().map(|day| Birth { low: day, high: day }),
        255 => Some(Birth { low: day()?, high: day()? }),
        _ => None,
    };
    let len = if birth.is_some() {
        let (&len, after) = rest.split_first()?;
        rest = after;
        len
    } else {
        head
    };
    let (name, rest) = rest.split_at_checked(usize::from(len))?;
    Some(((name, birth), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i16, month: i8, day: i8) -> Day {
        Day::constant(year, month, day)
    }

    proptest! {
        #[test]
        fn postings_come_back(
            key in any::<u128>(),
            kind in 0u8..4,
            row in any::<u32>(),
            name in prop::collection::vec(any::<u8>(), 0..=NAME_MAX),
            days in prop::option::of((1i8..=12, 1i8..=12)),
            cut in 0usize..40,
        ) {
            let birth = days.map(|(a, b)| Birth::new(day(1980, a, b), day(1980, b, a)));
            let kind = KeyKind::from_number(kind).unwrap_or(KeyKind::NameStreet);
            let posting = Posting { key: Fingerprint(key), kind, row, name: &name, birth };
            let mut bytes = Vec::new();
            posting.encode(&mut bytes);
            let whole = bytes.len();
            bytes.push(7);
            prop_assert_eq!(Posting::decode(&bytes), Some((posting, &[7u8][..])));
            prop_assert_eq!(Posting::decode(&bytes[..whole - 1 - cut.min(whole - 1)]), None);
        }

        #[test]
        fn partitions_are_in_range(key in any::<u128>(), n in 1usize..1000) {
            prop_assert!(partition_of(Fingerprint(key), n) < n);
        }
    }

    #[test]
    fn births_conflict_only_when_no_reading_fits() {
        let ambiguous = Birth::new(day(1980, 3, 4), day(1980, 4, 3));
        let third = Birth::new(day(1980, 4, 3), day(1980, 4, 3));
        let other = Birth::new(day(1980, 4, 4), day(1980, 4, 4));
        assert!(!ambiguous.conflicts(third) && !third.conflicts(ambiguous));
        assert!(ambiguous.conflicts(other) && other.conflicts(third));
        assert!(!births_conflict(None, Some(other)));
    }

    #[test]
    fn kinds_are_separate_name_spaces() {
        let keyed = Keyed::new(&[3; 16]);
        assert_ne!(KeyKind::Email.key(&keyed, &[b"x"]), KeyKind::Phone.key(&keyed, &[b"x"]));
    }
}
