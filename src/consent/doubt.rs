//! What a yes leaves to be said. A doubt warns; those that the profile names block.
//!
//! Knows names and reasons; when a doubt arises is told in `basis`.

use super::basis::Fail;
use crate::reason::Reason;
use crate::record::Evidence;

/// One thing to be said of a ground that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Doubt {
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
    pub(super) const ALL: [Self; 9] = [
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

    pub(super) const fn reason(self) -> Reason {
        self.fail().reason()
    }

    /// The failure it is when the profile lets it block.
    pub(super) const fn fail(self) -> Fail {
        match self {
            Self::SingleOptIn => Fail::SingleOptIn,
            Self::Evidence => Fail::Evidence,
            Self::Ageing => Fail::Ageing,
            Self::ClockUnknown => Fail::ClockUnknown,
            Self::NoticeDue => Fail::NoticeDue,
            Self::BulkTime => Fail::BulkTime,
            Self::BulkIp => Fail::BulkIp,
            Self::Rush => Fail::Rush,
            Self::AllYes => Fail::AllYes,
        }
    }
}

/// A set of doubts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Doubts(u16);

impl Doubts {
    /// Those that have one of these reasons.
    pub(super) fn blocking(reasons: &[Reason]) -> Self {
        let mut blocking = Self::default();
        Doubt::ALL.into_iter().for_each(|doubt| blocking.set(doubt, reasons.contains(&doubt.reason())));
        blocking
    }

    /// What crowds of other consents in the same file cast on one.
    pub(super) fn of(evidence: Evidence) -> Self {
        let mut doubts = Self::default();
        if evidence.0 & Evidence::CROWD.0 != 0 {
            doubts.set(Doubt::BulkTime, evidence.has(Evidence::BULK_TIME));
            doubts.set(Doubt::BulkIp, evidence.has(Evidence::BULK_IP));
            doubts.set(Doubt::Rush, evidence.has(Evidence::RUSH));
            doubts.set(Doubt::AllYes, evidence.has(Evidence::ALL_YES));
        }
        doubts
    }

    pub(super) const fn set(&mut self, doubt: Doubt, said: bool) {
        let bit = 1 << doubt as u16;
        self.0 = if said { self.0 | bit } else { self.0 & !bit };
    }

    pub(super) const fn count(self) -> u32 {
        self.0.count_ones()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Doubt> {
        Doubt::ALL.into_iter().filter(move |doubt| self.0 & 1 << *doubt as u16 != 0)
    }

    /// The first doubt that both sets name.
    pub(super) fn first_of(self, other: Self) -> Option<Doubt> {
        Self(self.0 & other.0).iter().next()
    }
}
