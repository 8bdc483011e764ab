//! What a yes leaves to be said. A doubt warns; those that the profile names block.
//!
//! Knows names and reasons; when a doubt arises is told in `basis`.

use crate::record::Evidence;

/// One thing to be said of a ground that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Doubt {
    SingleOptIn,
    Evidence,
    Ageing,
    ClockUnknown,
    NoticeDue,
    BulkTime,
    BulkIp,
    Rush,
    AllYes,
}

impl Doubt {
    pub(crate) const ALL: [Self; 9] = [
        Self::SingleOptIn,
        Self::Evidence,
        Self::Ageing,
        Self::ClockUnknown,
        Self::NoticeDue,
        Self::BulkTime,
        Self::BulkIp,
        Self::Rush,
        Self::AllYes,
    ];
}

/// A set of doubts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Doubts(u16);

impl Doubts {
    /// What crowds of other consents in the same file cast on one.
    pub(crate) fn of(evidence: Evidence) -> Self {
        let mut doubts = Self::default();
        if evidence.0 & Evidence::CROWD.0 != 0 {
            doubts.set(Doubt::BulkTime, evidence.has(Evidence::BULK_TIME));
            doubts.set(Doubt::BulkIp, evidence.has(Evidence::BULK_IP));
            doubts.set(Doubt::Rush, evidence.has(Evidence::RUSH));
            doubts.set(Doubt::AllYes, evidence.has(Evidence::ALL_YES));
        }
        doubts
    }

    pub(crate) const fn set(&mut self, doubt: Doubt, said: bool) {
        let bit = 1 << doubt as u16;
        self.0 = if said { self.0 | bit } else { self.0 & !bit };
    }

    pub(crate) const fn count(self) -> u32 {
        self.0.count_ones()
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Doubt> {
        Doubt::ALL.into_iter().filter(move |doubt| self.0 & 1 << *doubt as u16 != 0)
    }

    /// The first doubt that both sets name.
    pub(crate) fn first_of(self, other: Self) -> Option<Doubt> {
        Self(self.0 & other.0).iter().next()
    }
}
