//! What linking tells of rows beside their contact, as records on their way to the row.

use super::agree::Agreement;
use super::posting::KeyKind;
use crate::reason::Reason;
use crate::record::{RowId, words};
use crate::spill::RowRecord;

/// Why a row is in its contact: the best of the edges that hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    /// The row.
    pub row: RowId,
    /// The contact's first row.
    pub first: RowId,
    /// The kind of key that joined it.
    pub rule: KeyKind,
    /// How well the names agree.
    pub strength: Agreement,
    /// The row at the other end of the edge.
    pub matched_with: RowId,
}

/// Two rows that may be one person but were not joined: they share refusals, never consent. Every pair is
/// there twice, once for each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ambiguous {
    /// The row.
    pub row: RowId,
    /// Its neighbour.
    pub other: RowId,
}

/// Why a row was held apart from others that share a key with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldApart {
    /// The row.
    pub row: RowId,
    /// The kind of the shared key.
    pub kind: KeyKind,
    /// One of the `link-` reasons.
    pub by: Guarded,
}

words! {
    /// The guards of linking, and the reasons to report.
    pub enum Guarded: reason -> Reason {
        /// Too many names on the key.
        KeyShared => LinkKeyShared,
        /// Names do not agree.
        NamesDiffer => LinkNamesDiffer,
        /// Names agree, birth dates do not.
        BirthDiffers => LinkBirthDiffers,
        /// Has no name of its own, and the key is not an e-mail address.
        Nameless => LinkNameless,
        /// Fits two who disagree.
        Ambiguous => LinkAmbiguous,
        /// The contact contradicts itself.
        ContactSplit => LinkContactSplit,
        /// The contact has too many rows or names.
        ContactTooLarge => LinkContactTooLarge,
    }
}

/// Reads a row number; bytes order as rows do.
fn row_at(bytes: &[u8], at: usize) -> Option<RowId> {
    Some(RowId::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

impl RowRecord for Merge {
    fn row(&self) -> RowId {
        self.row
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.first.to_be_bytes());
        out.extend_from_slice(&[self.rule as u8, self.strength as u8]);
        out.extend_from_slice(&self.matched_with.to_be_bytes());
    }

    fn decode(row: RowId, bytes: &[u8]) -> Option<Self> {
        Some(Self {
            row,
            first: row_at(bytes, 0)?,
            rule: KeyKind::from_number(*bytes.get(4)?)?,
            strength: Agreement::from_number(*bytes.get(5)?)?,
            matched_with: row_at(bytes, 6)?,
        })
    }
}

impl RowRecord for Ambiguous {
    fn row(&self) -> RowId {
        self.row
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.other.to_be_bytes());
    }

    fn decode(row: RowId, bytes: &[u8]) -> Option<Self> {
        Some(Self { row, other: row_at(bytes, 0)? })
    }
}

impl RowRecord for HeldApart {
    fn row(&self) -> RowId {
        self.row
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[self.kind as u8, self.by as u8]);
    }

    fn decode(row: RowId, bytes: &[u8]) -> Option<Self> {
        let [kind, by] = *bytes else { return None };
        Some(Self { row, kind: KeyKind::from_number(kind)?, by: Guarded::from_number(by)? })
    }
}
