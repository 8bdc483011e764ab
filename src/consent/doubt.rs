//! What a yes leaves to be said. A doubt warns; those that the profile names block.
//!
//! Knows names and reasons; when a doubt arises is told in `basis`.

use crate::record::{Evidence, Set, words};

words! {
    /// One thing to be said of a ground that holds.
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
}

/// A set of doubts.
pub(crate) type Doubts = Set<Doubt, 2>;

impl Doubts {
    /// What crowds of other consents in the same file cast on one.
    pub(crate) fn of(evidence: Evidence) -> Self {
        let mut doubts = Self::NONE;
        if evidence.0 & Evidence::CROWD.0 != 0 {
            doubts.set(Doubt::BulkTime, evidence.has(Evidence::BULK_TIME));
            doubts.set(Doubt::BulkIp, evidence.has(Evidence::BULK_IP));
            doubts.set(Doubt::Rush, evidence.has(Evidence::RUSH));
            doubts.set(Doubt::AllYes, evidence.has(Evidence::ALL_YES));
        }
        doubts
    }

    /// The first doubt that both sets name.
    pub(crate) fn first_of(self, other: Self) -> Option<Doubt> {
        self.intersect(other).iter().next()
    }
}
